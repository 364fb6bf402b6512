//! A receiver of YANG notifications over HTTPS (draft-ietf-netconf-https-notif).
//!
//! - [`commands`]: the command line, one module for each command.
//! - [`config`]: settings, from a file, the environment and flags.
//! - [`tls`], `listen`, [`http`]: connections and requests. The [`store`] keeps what they accept.
//! - [`journal`]: the durable log. Receiving writes to it, and the sinks read from it.
//! - [`forward`], [`sink`]: from the journal to Kafka and InfluxDB.
//! - [`notification`]: the records that these hand on.
//! - [`observe`]: metrics and the log of the program.
#![forbid(unsafe_code)]

mod causes;
pub mod commands;
pub mod config;
pub mod forward;
pub mod http;
pub mod journal;
mod listen;
pub mod notification;
pub mod observe;
mod signals;
pub mod sink;
pub mod store;
#[cfg(test)]
mod test_support;
pub mod tls;
mod values;
pub mod yang;

use notif_runtime::registry::Registry;

/// The modules that this server is built with.
#[must_use]
pub fn registry() -> Registry {
    Registry::new(&yang::SCHEMA)
}
