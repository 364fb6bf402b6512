//! A receiver of YANG notifications over HTTPS (draft-ietf-netconf-https-notif).
//!
//! - [`cli`] and [`config`]: commands and settings.
//! - [`tls`], `listen`, [`http`]: connections and requests. What is accepted goes to the journal.
//! - [`journal`]: the durable log, and the one place where what is received meets what is sent on.
//! - [`observe`]: metrics and the log of the program.
//! - [`serve`], [`consume`], [`validate`], [`query`], [`publish`]: the commands.
#![forbid(unsafe_code)]

#[cfg(test)]
mod alarms;
mod causes;
pub mod cli;
pub mod config;
pub mod consume;
mod file;
pub mod forward;
pub mod http;
pub mod intake;
pub mod journal;
mod listen;
pub mod notification;
pub mod observe;
pub mod path;
mod progress;
pub mod publish;
pub mod query;
pub mod replay;
pub mod serve;
mod signals;
pub mod sink;
mod stdio;
pub mod tls;
pub mod upkeep;
pub mod validate;
mod values;
pub mod yang;

use notif_runtime::registry::Registry;

/// The modules that this server is built with.
#[must_use]
pub fn registry() -> Registry {
    Registry::new(yang::MODULES)
}
