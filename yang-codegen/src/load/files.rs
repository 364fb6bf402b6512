//! The user's search path: which file is which revision of which module.

use std::fs;
use std::path::{Path, PathBuf};

use super::raw::{Logged, Module};
use super::statement;
use crate::error::{Complaint, Error};

/// The YANG files in the folders that the user named.
pub(super) struct SearchPath {
    files: Vec<File>,
}

struct File {
    path: PathBuf,
    module: String,
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
            for entry in fs::read_dir(folder).map_err(io)? {
                let path = entry.map_err(io)?.path();
                if path
                    .extension()
                    .is_some_and(|extension| extension == "yang")
                {
                    files.extend(File::read(path)?);
                }
            }
        }
        files.sort_by(|one, other| one.path.cmp(&other.path));
        Ok(Self { files })
    }

    /// An error if the search path lacks the module.
    pub(super) fn require(
        &self,
        name: &str,
        revision: Option<&str>,
        folders: &[PathBuf],
    ) -> Result<(), Error> {
        let fits = |file: &&File| {
            file.module == name && (revision.is_none() || file.revision.as_deref() == revision)
        };
        if self.files.iter().any(|file| fits(&file)) {
            return Ok(());
        }
        let name = revision.map_or(name.to_owned(), |revision| format!("{name}@{revision}"));
        Err(Error::ModuleNotFound {
            name,
            search_path: folders.to_vec(),
        })
    }

    /// An error if libyang compiled a revision that is not the one in the search path: it does so
    /// if it is built with a newer revision than the user's.
    pub(super) fn check_revision(
        &self,
        module: Module<'_>,
        requested: &[(String, Option<String>)],
    ) -> Result<(), Error> {
        let asked = requested
            .iter()
            .any(|(name, revision)| name == module.name() && revision.is_some());
        let newest = self
            .files
            .iter()
            .filter(|file| file.module == module.name())
            .max_by(|one, other| one.revision.cmp(&other.revision));
        match newest {
            Some(file)
                if module.file().is_none()
                    && !asked
                    && file.revision.as_deref() != module.revision() =>
            {
                Err(Error::Revision {
                    name: module.name().to_owned(),
                    file: file.path.clone(),
                    wanted: file.revision.clone().unwrap_or_else(|| "(none)".to_owned()),
                    compiled: module.revision().unwrap_or("(none)").to_owned(),
                })
            }
            _ => Ok(()),
        }
    }

    /// libyang's log with the files' names: it gives a line first, and says afterwards which module
    /// it was parsing.
    pub(super) fn complaints(&self, logged: &[Logged]) -> Vec<Complaint> {
        logged
            .iter()
            .enumerate()
            .map(|(at, entry)| {
                let later = logged.get(at..).unwrap_or_default();
                let named = later
                    .iter()
                    .find_map(|later| module_in_message(&later.message));
                let file =
                    named.and_then(|name| self.files.iter().rev().find(|file| file.module == name));
                Complaint {
                    file: file.map(|file| file.path.clone()),
                    line: entry.line,
                    path: entry.path.clone(),
                    message: entry.message.clone(),
                }
            })
            .collect()
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
        Ok(Some(Self {
            path,
            module,
            revision,
        }))
    }
}

/// The module that a message such as `Parsing module "a" failed.` names.
fn module_in_message(message: &str) -> Option<&str> {
    let named = message
        .strip_prefix("Parsing module \"")
        .or_else(|| message.strip_prefix("Parsing submodule \""))?;
    named.split('"').next()
}

/// The text of a module's file, if it has one that can be read.
pub(super) fn text(path: &Path) -> Option<String> {
    fs::read_to_string(path).ok()
}
