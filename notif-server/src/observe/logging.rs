//! The log, on standard error: standard output belongs to what a command prints.

use std::io::{self, IsTerminal};

use tracing_subscriber::EnvFilter;
use tracing_subscriber::util::{SubscriberInitExt, TryInitError};

use crate::config::{Log, LogFormat};

/// What is laid below the configured directives: actix-server says at `info` what it starts and
/// stops, which the server says itself.
const BELOW: &str = "actix_server=warn";

/// Starts the log of this process.
///
/// # Errors
/// If it has been started before.
pub fn init(config: &Log) -> Result<(), TryInitError> {
    let log = tracing_subscriber::fmt()
        .with_writer(io::stderr)
        .with_ansi(io::stderr().is_terminal())
        .with_env_filter(EnvFilter::new(format!("{BELOW},{}", config.level)));
    match config.format {
        LogFormat::Text => log.with_target(false).finish().try_init(),
        LogFormat::Json => log.json().flatten_event(true).finish().try_init(),
    }
}
