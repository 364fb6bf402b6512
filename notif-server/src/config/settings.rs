//! All settings and their defaults.

use std::net::{Ipv4Addr, SocketAddr};
use std::num::NonZeroUsize;
use std::path::PathBuf;

use serde::{Deserialize, Serialize};

use super::listen::Listen;
use super::sinks::{Ack, Consume, Journal, Sinks};
use super::value::{ByteSize, Duration, LogFormat, LogLevel, Prefix, Workers, non_zero};

/// The default port.
const DEFAULT_PORT: u16 = 4433;

/// The default directory of everything that the server keeps.
const DEFAULT_DATA_DIR: &str = "notif-data";

/// All settings. `Config::default()` is the only place with defaults, and the only list of known
/// keys.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
#[serde(rename_all = "kebab-case", deny_unknown_fields, default)]
#[non_exhaustive]
pub struct Config {
    /// The address, or host name, and port to listen on.
    pub listen: Listen,
    /// The directory of the journal and of the generated certificate.
    pub data_dir: PathBuf,
    /// The path before `/capabilities` and `/relay-notification`.
    pub prefix: Prefix,
    /// Threads that serve connections.
    pub workers: Workers,
    /// The server's certificate.
    pub tls: Tls,
    /// The limits of a request, and on connections.
    pub limits: Limits,
    /// The timeouts of the server.
    pub timeouts: Timeouts,
    /// The log.
    pub log: Log,
    /// The condition for answering 204 to a publisher.
    pub ack: Ack,
    /// The limits of the journal.
    pub journal: Journal,
    /// The destinations of accepted notifications.
    pub sinks: Sinks,
    /// The settings of `consume`.
    pub consume: Consume,
}

/// The server's certificate; without one, one is generated.
#[derive(Debug, Clone, Default, PartialEq, Serialize, Deserialize)]
#[serde(rename_all = "kebab-case", deny_unknown_fields, default)]
#[non_exhaustive]
pub struct Tls {
    /// A PEM file with the certificate and its chain.
    pub cert: Option<PathBuf>,
    /// A PEM file with the private key.
    pub key: Option<PathBuf>,
}

/// The limits of a request, and on connections.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
#[serde(rename_all = "kebab-case", deny_unknown_fields, default)]
#[non_exhaustive]
pub struct Limits {
    /// The largest notification.
    pub max_body: ByteSize,
    /// The memory that the bodies of all requests in flight may take.
    pub in_flight: ByteSize,
    /// The deepest nesting of a notification.
    pub max_depth: NonZeroUsize,
    /// The number of faults that an answer lists.
    pub max_faults: NonZeroUsize,
    /// Open connections; beyond this, idle ones are closed.
    pub max_connections: NonZeroUsize,
}

/// The timeouts of the server.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
#[serde(rename_all = "kebab-case", deny_unknown_fields, default)]
#[non_exhaustive]
pub struct Timeouts {
    /// For the TLS handshake of a new connection.
    pub handshake: Duration,
    /// For the head of a request, and again for its body.
    pub request: Duration,
    /// For the client to take some of the data sent to it.
    pub write: Duration,
    /// For the next request on an idle connection.
    pub keep_alive: Duration,
    /// For Kafka's acknowledgement, with `ack = "kafka"`.
    pub acknowledge: Duration,
    /// For requests and batches in flight when the server stops.
    pub shutdown: Duration,
}

/// The log, on standard error.
#[derive(Debug, Clone, Default, PartialEq, Serialize, Deserialize)]
#[serde(rename_all = "kebab-case", deny_unknown_fields, default)]
#[non_exhaustive]
pub struct Log {
    /// The level, or directives for each target.
    pub level: LogLevel,
    /// The form of a line.
    pub format: LogFormat,
}

impl Default for Config {
    fn default() -> Self {
        Self {
            listen: SocketAddr::from((Ipv4Addr::LOCALHOST, DEFAULT_PORT)).into(),
            data_dir: PathBuf::from(DEFAULT_DATA_DIR),
            prefix: Prefix::default(),
            workers: Workers::default(),
            tls: Tls::default(),
            limits: Limits::default(),
            timeouts: Timeouts::default(),
            log: Log::default(),
            ack: Ack::default(),
            journal: Journal::default(),
            sinks: Sinks::default(),
            consume: Consume::default(),
        }
    }
}

impl Default for Limits {
    fn default() -> Self {
        Self {
            max_body: ByteSize::mib(16),
            in_flight: ByteSize::mib(256),
            max_depth: non_zero::<128>(),
            max_faults: non_zero::<20>(),
            max_connections: non_zero::<10_000>(),
        }
    }
}

impl Default for Timeouts {
    fn default() -> Self {
        Self {
            handshake: Duration::from_secs(10),
            request: Duration::from_secs(30),
            write: Duration::from_secs(30),
            keep_alive: Duration::from_secs(75),
            acknowledge: Duration::from_secs(10),
            shutdown: Duration::from_secs(10),
        }
    }
}
