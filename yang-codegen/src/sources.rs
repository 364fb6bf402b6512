//! The texts of modules: those of folders, or texts in memory.

use std::borrow::Cow;
use std::collections::{BTreeMap, BTreeSet};
use std::path::{Path, PathBuf};
use std::{fs, io};

use crate::error::most_similar;
use crate::fault::Fault;
use crate::parse::{self, Header, Keyword};

/// The texts of modules, from which a set of modules is made.
///
/// Nothing is read from disk but by [`folder`](Self::folder), so that a program can compile texts
/// from an archive or a connection.
#[derive(Debug, Clone, Default)]
pub struct Sources {
    entries: Vec<Entry>,
    /// The texts of a module or submodule, the newest revision first.
    by_name: BTreeMap<String, Vec<SourceId>>,
    folders: Vec<PathBuf>,
}

/// The number of a text among its sources.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub(crate) struct SourceId(usize);

/// A text, with what its first statements say.
#[derive(Debug, Clone)]
struct Entry {
    path: PathBuf,
    content: Content,
    /// `None` for a text that is no module, which goes by its file's name.
    header: Option<Header>,
    revision: Option<String>,
}

#[derive(Debug, Clone)]
enum Content {
    Memory(String),
    /// Read again when it is needed, so that a large folder costs no memory.
    File,
}

impl Sources {
    /// No texts yet.
    #[must_use]
    pub fn new() -> Self {
        Self::default()
    }

    /// Adds a text. `path` is a name for its origin, which faults tell.
    pub fn add(&mut self, path: impl Into<PathBuf>, text: impl Into<String>) {
        let text = text.into();
        let header = parse::header(without_mark(&text));
        self.insert(path.into(), Content::Memory(text), header);
    }

    /// Adds the files of a folder that end with `.yang`; those of folders in it are left out.
    ///
    /// # Errors
    /// The folder or a file of it cannot be read. A file that is no module's text is no error as
    /// long as nothing needs it.
    pub fn folder(&mut self, path: impl AsRef<Path>) -> io::Result<()> {
        let path = path.as_ref();
        let mut files = Vec::new();
        for entry in fs::read_dir(path)? {
            let path = entry?.path();
            let is_yang = path.extension().is_some_and(|end| end == "yang");
            if is_yang && path.is_file() {
                files.push(path);
            }
        }
        files.sort();
        for file in files {
            let bytes = fs::read(&file)?;
            let header = text(bytes).ok().and_then(|text| parse::header(&text));
            self.insert(file, Content::File, header);
        }
        self.folders.push(path.to_path_buf());
        Ok(())
    }

    fn insert(&mut self, path: PathBuf, content: Content, header: Option<Header>) {
        let (name, revision) = match &header {
            Some(header) => (header.name.clone(), header.revision.clone()),
            None => (name_of_file(&path).0.to_owned(), None),
        };
        let revision = revision.or_else(|| name_of_file(&path).1.map(ToOwned::to_owned));
        let id = SourceId(self.entries.len());
        let same = self.by_name.entry(name).or_default();
        let newer = |other: &SourceId| {
            let other = self.entries.get(other.0);
            other.is_some_and(|other| other.revision >= revision)
        };
        let at = same.partition_point(newer);
        same.insert(at, id);
        self.entries.push(Entry {
            path,
            content,
            header,
            revision,
        });
    }

    /// The folders that were added.
    pub(crate) fn folders(&self) -> &[PathBuf] {
        &self.folders
    }

    /// The texts of a module or submodule with their revisions: the newest first, and of the same
    /// revision that which was added first.
    pub(crate) fn candidates(&self, name: &str) -> Vec<(Option<&str>, SourceId)> {
        let ids = self.by_name.get(name).into_iter().flatten();
        ids.filter_map(|id| {
            let entry = self.entries.get(id.0)?;
            Some((entry.revision.as_deref(), *id))
        })
        .collect()
    }

    /// A text.
    ///
    /// # Errors
    /// Its file cannot be read any more, or it is not UTF-8.
    pub(crate) fn read(&self, id: SourceId) -> io::Result<Cow<'_, str>> {
        let entry = self
            .entries
            .get(id.0)
            .ok_or_else(|| io::Error::from(io::ErrorKind::NotFound))?;
        match &entry.content {
            Content::Memory(text) => Ok(Cow::Borrowed(without_mark(text))),
            Content::File => text(fs::read(&entry.path)?).map(Cow::Owned),
        }
    }

    /// The file of a text, or the name of its origin.
    pub(crate) fn path(&self, id: SourceId) -> &Path {
        self.entries
            .get(id.0)
            .map_or(Path::new(""), |entry| &entry.path)
    }

    /// The names of the modules in alphabetical order, submodules left out. A file that is no
    /// module's text counts as the module that its name tells.
    #[must_use]
    pub fn names(&self) -> Vec<&str> {
        let is_module = |id: &SourceId| {
            let header = self
                .entries
                .get(id.0)
                .and_then(|entry| entry.header.as_ref());
            header.is_none_or(|header| header.keyword != Keyword::Submodule)
        };
        let names = self.by_name.iter();
        names
            .filter(|(_, ids)| ids.iter().any(is_module))
            .map(|(name, _)| name.as_str())
            .collect()
    }

    /// The names of the modules that have something to implement (RFC 7950 section 5.6.5), rather than
    /// to import.
    #[must_use]
    pub fn implementable(&self) -> Vec<&str> {
        let ids: BTreeSet<SourceId> = (0..self.entries.len())
            .map(SourceId)
            .filter(|id| {
                let text = self.read(*id);
                text.is_ok_and(|text| parse::is_implementable(&text))
            })
            .collect();
        let names = self.by_name.iter();
        names
            .filter(|(_, with_name)| with_name.iter().any(|id| ids.contains(id)))
            .map(|(name, _)| name.as_str())
            .collect()
    }

    /// The most similar name of another module or submodule.
    pub(crate) fn nearest(&self, name: &str) -> Option<String> {
        let names = self.by_name.keys().map(String::as_str);
        most_similar(name, names.filter(|known| *known != name))
    }

    /// The text whose file has this name, whatever module it is.
    pub(crate) fn file_named(&self, name: &str) -> Option<SourceId> {
        let mut entries = self.entries.iter();
        let found = entries.position(|entry| name_of_file(&entry.path).0 == name);
        found.map(SourceId)
    }

    /// A fault if the file of a text does not have its module's name and revision.
    pub(crate) fn misnamed(&self, id: SourceId) -> Option<Fault> {
        let entry = self.entries.get(id.0)?;
        let header = entry.header.as_ref()?;
        if matches!(entry.content, Content::Memory(_)) {
            return None;
        }
        let (name, revision) = name_of_file(&entry.path);
        let is_right = name == header.name
            && revision.is_none_or(|revision| header.revision.as_deref() == Some(revision));
        if is_right {
            return None;
        }
        let Header { keyword, name, .. } = header;
        let revision = header.revision.as_deref();
        let dated = revision.map(|revision| format!(" or {name}@{revision}.yang"));
        let dated = dated.unwrap_or_default();
        Some(Fault {
            file: Some(entry.path.clone()),
            message: format!("the file has the {keyword} {name}; call it {name}.yang{dated}"),
            section: Some("RFC 7950 section 5.2"),
            ..Fault::default()
        })
    }
}

/// The module's name and revision in a file's name.
fn name_of_file(path: &Path) -> (&str, Option<&str>) {
    let stem = path.file_stem().and_then(|stem| stem.to_str());
    let stem = stem.unwrap_or_default();
    stem.split_once('@')
        .map_or((stem, None), |(name, revision)| (name, Some(revision)))
}

/// The text of a file: UTF-8 (RFC 7950 section 6), with or without a byte order mark.
fn text(bytes: Vec<u8>) -> io::Result<String> {
    let text = String::from_utf8(bytes).map_err(|error| {
        let valid = error.utf8_error().valid_up_to();
        let read = error.as_bytes().iter().take(valid);
        let line = read.filter(|byte| **byte == b'\n').count() + 1;
        let message =
            format!("line {line} is not UTF-8, in which YANG is written; convert the file");
        io::Error::new(io::ErrorKind::InvalidData, message)
    })?;
    Ok(match text.strip_prefix(MARK) {
        Some(text) => text.to_owned(),
        None => text,
    })
}

/// The byte order mark.
const MARK: char = '\u{FEFF}';

fn without_mark(text: &str) -> &str {
    text.strip_prefix(MARK).unwrap_or(text)
}

#[cfg(test)]
mod tests {
    use super::*;

    fn module(revision: &str) -> String {
        format!("module m {{ revision {revision}; leaf a {{ type string; }} }}")
    }

    #[test]
    fn orders_by_revision() {
        let mut sources = Sources::new();
        sources.add("one", module("2020-01-01"));
        sources.add("two", module("2021-01-01"));
        sources.add("three", "module m { }");
        sources.add("four", module("2020-01-01"));
        sources.add("five", "submodule s { belongs-to m { prefix m; } }");
        let found = sources.candidates("m");
        let paths = found.iter().map(|(_, id)| sources.path(*id));
        let paths: Vec<&str> = paths.filter_map(Path::to_str).collect();
        assert_eq!(paths, ["two", "one", "four", "three"]);
        assert_eq!(found[0].0, Some("2021-01-01"));
        assert_eq!(sources.candidates("n"), []);
        assert_eq!(sources.names(), ["m"]);
        assert_eq!(sources.implementable(), ["m"]);
        assert_eq!(sources.nearest("mm").as_deref(), Some("m"));
    }

    #[test]
    fn reads_folders() {
        let folder = tempfile::tempdir().unwrap();
        for (file, text) in [
            ("m@2020-01-01.yang", "module m { typedef t; }".into()),
            ("m.yang", format!("\u{feff}{}", module("2020-01-01"))),
            (
                "n.yang",
                module("2020-01-01").replace("module m", "module k"),
            ),
            ("o.yang", "no module".into()),
            ("p.txt", module("2020-01-01")),
        ] {
            fs::write(folder.path().join(file), text).unwrap();
        }
        fs::write(folder.path().join("q.yang"), b"module q {\n\xff\n}").unwrap();
        let mut sources = Sources::new();
        sources.folder(folder.path()).unwrap();
        assert_eq!(sources.names(), ["k", "m", "o", "q"]);
        assert_eq!(sources.implementable(), ["k", "m"]);
        let first = |name| sources.candidates(name)[0].1;
        assert!(sources.read(first("m")).unwrap().starts_with("module m"));
        let error = sources.read(first("q")).unwrap_err();
        assert!(
            error.to_string().starts_with("line 2 is not UTF-8"),
            "{error}"
        );
        assert_eq!(sources.misnamed(first("m")), None);
        let fault = sources.misnamed(first("k")).unwrap();
        assert_eq!(
            fault.message,
            "the file has the module k; call it k.yang or k@2020-01-01.yang"
        );
        assert!(sources.folder(folder.path().join("none")).is_err());
    }
}
