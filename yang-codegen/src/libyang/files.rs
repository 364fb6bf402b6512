//! The user's search path: which file holds which revision of a module.

use std::collections::BTreeSet;
use std::path::{Path, PathBuf};
use std::{fs, io};

use super::raw::{Logged, Module};
use super::statement;
use crate::error::{Error, most_similar};
use crate::fault::Fault;

/// The YANG files in the folders that the user named.
pub(super) struct SearchPath {
    files: Vec<File>,
}

struct File {
    path: PathBuf,
    module: String,
    /// True for a module, false for a submodule.
    is_module: bool,
    /// True for a module with something to implement.
    implementable: bool,
    /// The newest `revision` statement in the file.
    revision: Option<String>,
}

impl SearchPath {
    pub(super) fn new(folders: &[PathBuf]) -> Result<Self, Error> {
        let mut files = Vec::new();
        for folder in folders {
            let io = |source| Error::Io {
                path: folder.clone(),
                source,
            };
            let entries = fs::read_dir(folder).map_err(io)?;
            let paths: io::Result<Vec<PathBuf>> = entries.map(|entry| Ok(entry?.path())).collect();
            let mut paths = paths.map_err(io)?;
            paths.retain(|path| path.extension().is_some_and(|end| end == "yang"));
            paths.sort();
            for path in paths {
                files.extend(File::read(path)?);
            }
        }
        Ok(Self { files })
    }

    /// The file of a module: of that revision, or else of the newest. An error if the search path
    /// lacks it.
    pub(super) fn require(
        &self,
        name: &str,
        revision: Option<&str>,
        folders: &[PathBuf],
    ) -> Result<&Path, Error> {
        let found = match revision {
            Some(_) => self
                .of_module(name)
                .find(|file| file.revision.as_deref() == revision),
            None => self.newest_file(name),
        };
        found
            .map(|file| file.path.as_path())
            .ok_or_else(|| Error::ModuleNotFound {
                name: name.to_owned(),
                revision: revision.map(ToOwned::to_owned),
                search_path: folders.to_vec(),
                nearest: self.most_similar(name),
            })
    }

    /// The file of the newest revision of a module.
    pub(super) fn newest(&self, name: &str) -> Option<&Path> {
        self.newest_file(name).map(|file| file.path.as_path())
    }

    /// The names of the modules that have something to implement.
    pub(super) fn implementable(&self) -> Vec<String> {
        let files = self.files.iter().filter(|file| file.implementable);
        let names: BTreeSet<&String> = files.map(|file| &file.module).collect();
        names.into_iter().cloned().collect()
    }

    /// The names of the modules, submodules left out.
    pub(super) fn modules(&self) -> Vec<String> {
        let files = self.files.iter().filter(|file| file.is_module);
        let names: BTreeSet<&String> = files.map(|file| &file.module).collect();
        names.into_iter().cloned().collect()
    }

    /// The most similar module of another name.
    fn most_similar(&self, name: &str) -> Option<String> {
        let names = self.files.iter().map(|file| file.module.as_str());
        most_similar(name, names.filter(|known| *known != name))
    }

    fn of_module(&self, name: &str) -> impl Iterator<Item = &File> {
        self.files.iter().filter(move |file| file.module == name)
    }

    /// The newest revision; of two files with it that in the folder which comes first.
    fn newest_file(&self, name: &str) -> Option<&File> {
        let files = self.files.iter().rev();
        files
            .filter(|file| file.module == name)
            .max_by(|one, other| one.revision.cmp(&other.revision))
    }

    /// An error if a module that was imported is not the newest in the search path.
    pub(super) fn check_import(&self, imported: Module<'_>) -> Result<(), Error> {
        let newest = self.newest_file(imported.name());
        let newer = newest.filter(|file| file.revision.as_deref() > imported.revision());
        newer.map_or(Ok(()), |file| {
            Err(Error::Revision {
                name: imported.name().to_owned(),
                file: file.path.clone(),
                newest: file.revision.clone().unwrap_or_default(),
                compiled: imported.revision().unwrap_or("(none)").to_owned(),
            })
        })
    }

    /// libyang's log with the files' names: it gives a line first, and says afterwards which module
    /// it was parsing. `given` are the files that it was given so far.
    pub(super) fn complaints(&self, logged: &[Logged], given: &[&Path]) -> Vec<Fault> {
        logged
            .iter()
            .enumerate()
            .map(|(at, entry)| {
                let later = logged.get(at..).unwrap_or_default();
                let named = later
                    .iter()
                    .find_map(|later| module_in_message(&later.message));
                self.complaint(entry, named, given)
            })
            .collect()
    }

    fn complaint(&self, entry: &Logged, parsing: Option<&str>, given: &[&Path]) -> Fault {
        let steps = entry.path.as_deref().map(steps).unwrap_or_default();
        let of_path = entry.path.as_deref().and_then(module_in_path);
        let file_of = |name: &str| {
            let mut given = given.iter().copied();
            let given = given.find(|file| self.is_of_module(file, name));
            given.or_else(|| self.newest(name))
        };
        let named = parsing.or(of_path).and_then(file_of);
        let file = named.or_else(|| given.last().copied());
        // Behind the parser, libyang knows nodes and no lines.
        let located = || {
            let line = statement::parse(&text(file?)?)?.locate(&steps, None)?;
            u32::try_from(line).ok()
        };
        let line = entry.line.and_then(|line| u32::try_from(line).ok());
        Fault {
            file: file.map(Path::to_path_buf),
            line: line.or_else(located),
            path: entry.path.clone(),
            message: with_remedy(&entry.message),
            ..Fault::default()
        }
    }

    fn is_of_module(&self, path: &Path, name: &str) -> bool {
        self.of_module(name).any(|file| file.path == path)
    }
}

/// libyang's message, with what to do about a value of an identity whose module is only imported.
fn with_remedy(message: &str) -> String {
    let behind = message.split_once("in non-implemented module \"");
    match behind.and_then(|(_, behind)| behind.split('"').next()) {
        Some(module) => format!(
            "{message} It is only imported: module(\"{module}\") or the argument {module} has its \
             identities as values"
        ),
        None => message.to_owned(),
    }
}

impl File {
    /// `None` for a file that is no module, which libyang passes over too.
    fn read(path: PathBuf) -> Result<Option<Self>, Error> {
        let text = fs::read_to_string(&path).map_err(|source| Error::Io {
            path: path.clone(),
            source,
        })?;
        let name = path
            .file_stem()
            .and_then(|stem| stem.to_str())
            .unwrap_or_default();
        let (name, in_name) = name
            .split_once('@')
            .map_or((name, None), |(name, at)| (name, Some(at)));
        let parsed = statement::parse(&text);
        let module = parsed
            .as_ref()
            .map_or(name, |module| module.argument.as_str())
            .to_owned();
        let revision = parsed
            .iter()
            .flat_map(|module| &module.children)
            .filter(|child| child.keyword == "revision")
            .map(|child| child.argument.clone())
            .max()
            .or_else(|| in_name.map(ToOwned::to_owned));
        // A file that is no module is reported where it is compiled.
        let is_module = parsed
            .as_ref()
            .is_none_or(|parsed| parsed.keyword != "submodule");
        let implementable = parsed.as_ref().is_some_and(is_implementable);
        Ok(Some(Self {
            path,
            module,
            is_module,
            implementable,
            revision,
        }))
    }
}

/// Returns true if a module has more than what others import. Its submodules are not looked at.
fn is_implementable(module: &statement::Statement) -> bool {
    const IMPLEMENTED: [&str; 14] = [
        "anydata",
        "anyxml",
        "augment",
        "choice",
        "container",
        "deviation",
        "feature",
        "include",
        "leaf",
        "leaf-list",
        "list",
        "notification",
        "rpc",
        "uses",
    ];
    let mut statements = module.children.iter();
    module.keyword == "module"
        && statements.any(|child| IMPLEMENTED.contains(&child.keyword.as_str()))
}

/// The module that a message such as `Parsing module "a" failed.` names.
fn module_in_message(message: &str) -> Option<&str> {
    let named = message
        .strip_prefix("Parsing module \"")
        .or_else(|| message.strip_prefix("Parsing submodule \""))?;
    named.split('"').next()
}

/// The module of the first node of a schema path.
fn module_in_path(path: &str) -> Option<&str> {
    let (module, _) = path.strip_prefix('/')?.split_once(':')?;
    Some(module)
}

/// The names of the nodes of a schema path.
fn steps(path: &str) -> Vec<&str> {
    path.split('/')
        .skip(1)
        .map(|step| step.split_once(':').map_or(step, |(_, name)| name))
        .collect()
}

/// The text of a module's file, if it has one that can be read.
pub(super) fn text(path: &Path) -> Option<String> {
    fs::read_to_string(path).ok()
}
