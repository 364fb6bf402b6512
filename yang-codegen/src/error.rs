//! Why no code was generated, and what to do about it.

use std::fmt;
use std::path::PathBuf;

/// Why no code was generated.
#[derive(Debug, thiserror::Error)]
#[non_exhaustive]
pub enum Error {
    /// libyang does not take a module.
    #[error("{}", lines(.0))]
    Load(Vec<Complaint>),

    /// No file of a module.
    #[error("module \"{name}\": {} in the search path ({})", wanted(name, .revision.as_deref()), folders(.search_path))]
    ModuleNotFound {
        /// The module.
        name: String,
        /// The revision, if one was asked for.
        revision: Option<String>,
        /// Where it was looked for.
        search_path: Vec<PathBuf>,
    },

    /// libyang compiled an import in an older revision than the newest in the search path: it goes
    /// by the names of files, not by their texts.
    #[error(
        "{}: an import got revision {compiled} of \"{name}\", not revision {newest} of this file; \
         call the file {name}@{newest}.yang or remove the older one", .file.display()
    )]
    Revision {
        /// The module that is imported.
        name: String,
        /// The file of its newest revision.
        file: PathBuf,
        /// The newest revision.
        newest: String,
        /// The revision that was compiled.
        compiled: String,
    },

    /// The module has no such feature.
    #[error("module \"{module}\" has no feature \"{feature}\"{}", suggestion(.nearest.as_deref()))]
    UnknownFeature {
        /// The module.
        module: String,
        /// The name that was asked for.
        feature: String,
        /// The most similar feature.
        nearest: Option<String>,
    },

    /// The generator has no Rust form for a statement.
    #[error("{place}: {}the generator does not support \"{statement}\" yet; {}", prefix(.path), remedy(.path))]
    Unsupported {
        /// Where the statement stands.
        place: Place,
        /// The schema path of the node; empty for a statement at the top of a module.
        path: String,
        /// The statement.
        statement: String,
    },

    /// A setting names no node, or says nothing that can be used.
    #[error("setting for {path}: {reason}")]
    Setting {
        /// The path that the setting names.
        path: String,
        /// What is the matter.
        reason: String,
    },

    /// A .sid file does not fit the modules.
    #[error("{}: {reason}", .file.display())]
    Sid {
        /// The file.
        file: PathBuf,
        /// What is the matter.
        reason: String,
    },

    /// A file cannot be read or written.
    #[error("{}: {source}", .path.display())]
    Io {
        /// The file.
        path: PathBuf,
        /// What the system says.
        source: std::io::Error,
    },

    /// The generated source is no Rust: a fault of the generator.
    #[error("the generated source does not parse, which is a fault of the generator: {0}")]
    Source(#[from] syn::Error),
}

/// A place in a module's text.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Place {
    /// The file, if libyang read one.
    pub file: Option<PathBuf>,
    /// The line, from 1, if it could be found.
    pub line: Option<usize>,
    /// The module, for modules that are built into libyang.
    pub module: String,
}

impl fmt::Display for Place {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match &self.file {
            Some(file) => write!(f, "{}", file.display())?,
            None => write!(f, "module {}", self.module)?,
        }
        match self.line {
            Some(line) => write!(f, ":{line}"),
            None => Ok(()),
        }
    }
}

/// What libyang says about a module.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Complaint {
    /// The file that it was reading.
    pub file: Option<PathBuf>,
    /// The line, from 1.
    pub line: Option<u64>,
    /// The schema path, where it names one.
    pub path: Option<String>,
    /// Its own words.
    pub message: String,
}

impl fmt::Display for Complaint {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match (&self.file, self.line) {
            (Some(file), Some(line)) => write!(f, "{}:{line}: ", file.display())?,
            (Some(file), None) => write!(f, "{}: ", file.display())?,
            (None, Some(line)) => write!(f, "line {line}: ")?,
            (None, None) => {}
        }
        if let Some(path) = &self.path {
            write!(f, "{path}: ")?;
        }
        f.write_str(&self.message)
    }
}

fn lines(complaints: &[Complaint]) -> String {
    let lines: Vec<String> = complaints.iter().map(ToString::to_string).collect();
    lines.join("\n")
}

fn wanted(name: &str, revision: Option<&str>) -> String {
    match revision {
        Some(revision) => format!("no file with its revision {revision}"),
        None => format!("no file {name}.yang or {name}@REVISION.yang"),
    }
}

fn folders(paths: &[PathBuf]) -> String {
    if paths.is_empty() {
        return "which is empty: add a folder with search_path or --search-path".to_owned();
    }
    let names: Vec<String> = paths
        .iter()
        .map(|path| path.display().to_string())
        .collect();
    names.join(", ")
}

pub(crate) fn suggestion(name: Option<&str>) -> String {
    name.map_or(String::new(), |name| format!("; did you mean \"{name}\"?"))
}

fn prefix(path: &str) -> String {
    if path.is_empty() {
        return String::new();
    }
    format!("{path}: ")
}

fn remedy(path: &str) -> String {
    if path.is_empty() {
        return "it stands at the top of the module, where no deviation reaches".to_owned();
    }
    format!("take {path} out with a deviation (not-supported) in a module of your own")
}

/// The most similar of `names`, if any is similar at all.
pub(crate) fn most_similar<'n>(
    wanted: &str,
    names: impl Iterator<Item = &'n str>,
) -> Option<String> {
    names
        .map(|name| (strsim::jaro_winkler(wanted, name), name))
        .filter(|(similarity, _)| *similarity > 0.7)
        .max_by(|(one, _), (other, _)| one.total_cmp(other))
        .map(|(_, name)| name.to_owned())
}
