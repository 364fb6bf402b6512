//! Errors of the configuration.

use std::fmt;
use std::io;
use std::path::{Path, PathBuf};

use super::origin::Origin;

/// An error of the configuration.
#[derive(Debug, thiserror::Error)]
#[non_exhaustive]
pub enum ConfigError {
    /// The file cannot be read.
    #[error("cannot read the configuration file {}: {source}", path.display())]
    Unreadable {
        /// The file.
        path: PathBuf,
        /// The cause.
        source: io::Error,
    },
    /// The file is not valid TOML.
    #[error("{origin}: this is not TOML: {message}")]
    Syntax {
        /// The place of the error.
        origin: Origin,
        /// The parser's message.
        message: String,
    },
    /// The key does not exist.
    #[error("{origin}: there is no `{name}`{}", hint(nearest.as_deref()))]
    UnknownKey {
        /// The key, or the variable's name.
        name: String,
        /// The source of the setting.
        origin: Origin,
        /// The most similar known key or variable.
        nearest: Option<String>,
    },
    /// The key cannot have this value.
    #[error("{origin}: {key} = {value}: {problem}")]
    Value {
        /// The key.
        key: String,
        /// The value.
        value: String,
        /// The source of the value.
        origin: Origin,
        /// The fault of the value, and the values that are expected.
        problem: String,
    },
    /// The value is for a sink that is off.
    #[error(
        "{origin}: {key} is set, but {address} is not, so nothing goes to {sink}: set {address} too, or \
         to \"\" to have it off"
    )]
    Idle {
        /// The key.
        key: String,
        /// The source of the value.
        origin: Origin,
        /// The sink.
        sink: &'static str,
        /// The key that switches it on.
        address: &'static str,
    },
    /// Two values contradict each other.
    #[error("{0}")]
    Contradiction(String),
}

/// The advice for an unknown key.
fn hint(nearest: Option<&str>) -> String {
    nearest.map_or_else(
        || "; `check-config` lists what there is".to_owned(),
        |name| format!("; did you mean `{name}`?"),
    )
}

impl ConfigError {
    /// The certificate is given without its key, or the key without its certificate.
    pub(super) fn half_of_tls(given: &str, missing: &str) -> Self {
        Self::Contradiction(format!(
            "{given} is set but {missing} is not: set both, or neither to have a self-signed certificate made"
        ))
    }

    pub(super) fn unreadable(path: &Path, source: io::Error) -> Self {
        Self::Unreadable {
            path: path.to_owned(),
            source,
        }
    }
}

/// All errors of a configuration; never empty.
#[derive(Debug, thiserror::Error)]
pub struct ConfigErrors(pub Vec<ConfigError>);

impl fmt::Display for ConfigErrors {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        for (at, error) in self.0.iter().enumerate() {
            if at > 0 {
                writeln!(f)?;
            }
            write!(f, "{error}")?;
        }
        Ok(())
    }
}
