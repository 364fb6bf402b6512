//! Errors and warnings of the generator, with their remedies.

use std::fmt;
use std::path::PathBuf;

use crate::fault::Fault;

/// The reason that no code was generated.
#[derive(thiserror::Error)]
#[non_exhaustive]
pub enum Error {
    /// The modules have faults, in the order of their files.
    #[error("{}", lines(.0))]
    Load(Vec<Fault>),

    /// A module has no file in the search path.
    #[error("module \"{name}\": {} in the search path ({}){}", wanted(name, .revision.as_deref()), folders(.search_path), suggestion(.nearest.as_deref()))]
    ModuleNotFound {
        /// The module.
        name: String,
        /// The revision, if one was asked for.
        revision: Option<String>,
        /// The folders that were searched.
        search_path: Vec<PathBuf>,
        /// The most similar module in them.
        nearest: Option<String>,
    },

    /// libyang, as a second opinion, compiled an import in an older revision than the newest in the search path: it goes
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
        /// The place of the statement.
        place: Place,
        /// The schema path of the node; empty for a statement at the top of a module.
        path: String,
        /// The statement.
        statement: String,
    },

    /// An XPath expression cannot be used.
    #[error("{place}: {}{keyword} \"{expression}\": {reason}; {}", prefix(.path), remedy(.path))]
    Expression {
        /// The place of the statement.
        place: Box<Place>,
        /// The schema path of the node that has the statement.
        path: String,
        /// `must`, `when` or `path`.
        keyword: &'static str,
        /// The expression as written.
        expression: String,
        /// The reason.
        reason: String,
    },

    /// A setting names no node, or has a value that cannot be used.
    #[error("setting for {path}: {reason}")]
    Setting {
        /// The path that the setting names.
        path: String,
        /// The reason.
        reason: String,
    },

    /// A .sid file does not fit the modules.
    #[cfg(feature = "rust")]
    #[error("{}: {reason}", .file.display())]
    Sid {
        /// The file.
        file: PathBuf,
        /// The reason.
        reason: String,
    },

    /// A configuration file cannot be used.
    #[cfg(feature = "rust")]
    #[error("{}: {reason}", .path.display())]
    Config {
        /// The file.
        path: PathBuf,
        /// The reason, with the line.
        reason: String,
    },

    /// A file cannot be read or written.
    #[error("{}: {source}", .path.display())]
    Io {
        /// The file.
        path: PathBuf,
        /// The system's error.
        source: std::io::Error,
    },

    /// The generated source is not valid Rust: a bug in the generator.
    #[cfg(feature = "rust")]
    #[error("the generated source does not parse, which is a fault of the generator: {0}")]
    Source(#[from] syn::Error),
}

/// Prints the same text as [`Display`](fmt::Display), since Cargo shows this one when the `main` of
/// a build script returns the error.
impl fmt::Debug for Error {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        fmt::Display::fmt(self, f)
    }
}

/// A likely mistake in a module, for which code was generated all the same.
#[derive(Debug, Clone, PartialEq, Eq)]
#[non_exhaustive]
pub enum Warning {
    /// A location path leads to no node of the schema, so it is always an empty set. Often the node
    /// is one of a module that is imported but not generated.
    NoSuchNode {
        /// The place of the statement.
        place: Place,
        /// The schema path of the first node that has the statement.
        path: String,
        /// `must`, `when` or `path`.
        keyword: &'static str,
        /// The expression as written.
        expression: String,
        /// The step of the expression that leads nowhere, with its module.
        step: String,
    },
    /// `derived-from` or `derived-from-or-self` names an identity that its module does not have, so
    /// it is always false. A name without a prefix is one of the expression's own module.
    NoSuchIdentity {
        /// The place of the statement.
        place: Place,
        /// The schema path of the first node that has the statement.
        path: String,
        /// `must` or `when`.
        keyword: &'static str,
        /// The expression as written.
        expression: String,
        /// The identity, with its module.
        identity: String,
    },
    /// No identity can be the value of a leaf. Often those that are meant are of a module that is
    /// imported but not generated.
    NoIdentity {
        /// The place of its type.
        place: Place,
        /// The schema path of the first node that has the type.
        path: String,
    },
    /// A text breaks a rule and is taken all the same, since the reading is lenient.
    Tolerated(Fault),
}

impl fmt::Display for Warning {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let (place, path) = match self {
            Self::NoSuchNode { place, path, .. }
            | Self::NoSuchIdentity { place, path, .. }
            | Self::NoIdentity { place, path } => (place, path),
            Self::Tolerated(fault) => return fault.fmt(f),
        };
        write!(f, "{place}: {path}: ")?;
        if let Self::NoSuchNode {
            keyword,
            expression,
            ..
        }
        | Self::NoSuchIdentity {
            keyword,
            expression,
            ..
        } = self
        {
            // Expressions of several lines would break output with one line a warning.
            let expression = expression.split_whitespace().collect::<Vec<_>>().join(" ");
            write!(f, "{keyword} \"{expression}\": ")?;
        }
        match self {
            Self::NoSuchNode { step, .. } => write!(
                f,
                "no node is where the step {step} leads, so it gives no nodes"
            ),
            Self::NoSuchIdentity { identity, .. } => write!(
                f,
                "there is no identity {identity}, so nothing is derived from it"
            ),
            Self::NoIdentity { .. } => f.write_str(
                "no module that is generated derives an identity from the base, so no value is \
                 right; generate the module that has the identities too",
            ),
            Self::Tolerated(_) => Ok(()),
        }
    }
}

/// A place in a module's text.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Place {
    /// The file, if there is one.
    pub file: Option<PathBuf>,
    /// The line, from 1, if it could be found.
    pub line: Option<usize>,
    /// The module, for modules that come with this crate.
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

fn lines(faults: &[Fault]) -> String {
    let lines: Vec<String> = faults.iter().map(ToString::to_string).collect();
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

pub(crate) fn remedy(path: &str) -> String {
    if path.is_empty() {
        "it stands at the top of the module, where no setting reaches".to_owned()
    } else if path.starts_with('/') {
        format!("leave_out(\"{path}\") or --leave-out {path} leaves the node out")
    } else {
        format!("leave_out or --leave-out leaves the nodes out that use the typedef {path}")
    }
}

/// The most similar of `names`, if any is similar at all.
pub(crate) fn most_similar<'n>(
    wanted: &str,
    names: impl Iterator<Item = &'n str>,
) -> Option<String> {
    let similarity = |name: &str| {
        if name.eq_ignore_ascii_case(wanted) {
            1.0
        } else {
            strsim::jaro_winkler(wanted, name)
        }
    };
    names
        .map(|name| (similarity(name), name))
        .filter(|(similarity, _)| *similarity > 0.7)
        .max_by(|(one, _), (other, _)| one.total_cmp(other))
        .map(|(_, name)| name.to_owned())
}
