//! A receiver of YANG notifications over HTTPS (draft-ietf-netconf-https-notif).
//!
//! - [`commands`]: the command line; a module a command.
//! - [`config`]: settings, from a file, the environment and flags.
//! - [`tls`], `listen`, [`http`]: connections and requests. What is accepted goes to the [`store`].
//! - [`journal`]: the durable log, and the one place where what is received meets what is sent on.
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
