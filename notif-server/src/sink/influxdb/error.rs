//! Errors in the settings of the sink.

use std::io;
use std::path::PathBuf;

use crate::config::InfluxdbVersion;
use notif_runtime::path::PathError;

/// Errors in setting up the sink. Their texts never show a token or a password.
#[derive(Debug, thiserror::Error)]
#[non_exhaustive]
pub enum InfluxdbError {
    /// The URL cannot be used.
    #[error(
        "sinks.influxdb.url = {url}: {problem}; expected such as http://127.0.0.1:8086 or \
         https://influxdb.example/base"
    )]
    Url {
        /// The URL.
        url: String,
        /// The fault.
        problem: String,
    },
    /// A key that the version needs is empty.
    #[error("sinks.influxdb.{key} is not set: version {version} of InfluxDB needs it{hint}")]
    Missing {
        /// The key.
        key: &'static str,
        /// The version.
        version: InfluxdbVersion,
        /// Another place for the value.
        hint: &'static str,
    },
    /// The file with the token cannot be read.
    #[error("sinks.influxdb.token-file = {}: {source}", path.display())]
    TokenFile {
        /// The file.
        path: PathBuf,
        /// The cause.
        source: io::Error,
    },
    /// The token, the user or the password has characters that cannot be sent.
    #[error("the {0} for InfluxDB is empty or holds characters that HTTP does not take")]
    Credentials(&'static str),
    /// The HTTP client cannot be set up.
    #[error("cannot make an HTTP client for InfluxDB: {0}")]
    Client(String),
    /// A rule's path is malformed, or the modules have no such path.
    #[error("sinks.influxdb.rules: {0}")]
    Path(#[from] PathError),
    /// A rule asks for something that its node cannot be.
    #[error("sinks.influxdb.rules: {path}: {problem}")]
    Rule {
        /// The rule's path.
        path: String,
        /// The fault.
        problem: String,
    },
    /// Two tags or fields of one measurement would have the same name.
    #[error(
        "sinks.influxdb.rules: the measurement {measurement} would have two tags or fields named \
         {name}; rename one of them otherwise"
    )]
    SameName {
        /// The measurement.
        measurement: String,
        /// The name.
        name: String,
    },
    /// Two lists or messages would have the same measurement.
    #[error(
        "sinks.influxdb.rules: two lists or messages would have the measurement {0}; rename one \
         of them otherwise"
    )]
    SameMeasurement(String),
}
