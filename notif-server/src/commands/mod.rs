//! The command line: one module for each command, and what several of them share.

mod check_config;
pub mod consume;
mod exit;
mod filter_args;
mod flags;
mod input;
mod journal;
mod progress;
mod publish;
mod query;
mod replay;
mod serve;
mod settings;
mod stdio;
mod validate;

use std::fmt::Display;
use std::process::ExitCode;

use clap::{Args, Parser, Subcommand};

use crate::config::{Config, Loaded};
use crate::observe;
use exit::{FAILED, fail};
use settings::{Reads, Settings};

/// Receives YANG notifications over HTTPS (draft-ietf-netconf-https-notif), checks them strictly,
/// keeps them durably, and answers questions about them.
#[derive(Debug, Parser)]
#[command(name = "notif-server", version, max_term_width = 100)]
struct Cli {
    #[command(subcommand)]
    command: Command,
}

#[derive(Debug, Subcommand)]
enum Command {
    /// Run the server.
    ///
    /// Needs no set-up: a certificate for localhost is made if none is given, and everything that
    /// the server keeps is in one directory. Every setting can also stand in a file (--config) or
    /// in the environment; flags win over the environment, the environment over the file.
    /// `notif-server check-config` shows what is in effect.
    Serve(Settings<settings::Serve>),
    /// Read notifications from Kafka and write them to InfluxDB, as a member of a consumer group.
    ///
    /// Run as many as there is work for: the members share the topic's partitions. Takes
    /// `sinks.kafka`, `sinks.influxdb` and `consume` of the same configuration as `serve`.
    Consume(Settings<settings::Consume>),
    /// Check files that hold one notification each, as the server would.
    ///
    /// Exit code 0: all are valid; 1: there are faults; 2: a file cannot be read.
    Validate(Configured<validate::Args, settings::Decode>),
    /// Show what the journal holds, also while the server runs.
    ///
    /// Without a path: a line a notification. With paths: a line a value.
    /// Exit code 0: there is an answer, which can be empty; 2: there is none.
    Query(Configured<query::Args, settings::Query>),
    /// Look after the journal: verify, stats, backup, repair, compact.
    Journal(Configured<journal::Args, settings::Journal>),
    /// Send notifications from the journal to a sink again, also while the server runs.
    ///
    /// Records in Kafka have the ids that they had; InfluxDB's points are the same points.
    /// Exit code 0: all is sent; 1: some is refused; 2: it could not be finished.
    Replay(Configured<replay::Args, settings::Replay>),
    /// Send this host's interfaces to a receiver, again and again.
    ///
    /// Asks the receiver for its capabilities before it sends, and again after an error.
    Publish(Configured<publish::Args, settings::Decode>),
    /// Print the configuration in effect, as TOML, with where each value comes from.
    ///
    /// Takes each flag of `serve` too, and shows its effect.
    /// Exit code 0: `serve` would take it; 1: there are errors.
    CheckConfig(Settings<settings::CheckConfig>),
}

/// A command's own arguments, and the part of the configuration that it reads.
#[derive(Debug, Args)]
struct Configured<A: Args, C: Reads> {
    #[command(flatten)]
    args: A,
    #[command(flatten)]
    settings: Settings<C>,
}

/// Runs the command that the process was started with.
#[must_use]
pub fn main() -> ExitCode {
    match Cli::parse().command {
        Command::Serve(settings) => logged(settings, serve::run),
        Command::Consume(settings) => logged(settings, consume::into_influxdb),
        Command::Validate(command) => configured(command, FAILED, |args, config| {
            validate::run(args, &config.limits, &crate::registry())
        }),
        Command::Query(command) => configured(command, FAILED, |args, config| {
            query::run(args, config, &crate::registry())
        }),
        Command::Journal(command) => configured(command, FAILED, |args, config| {
            journal::run(args, &config.data_dir, &crate::registry())
        }),
        Command::Replay(command) => configured(command, FAILED, |args, config| {
            replay::run(args, config, &crate::registry())
        }),
        Command::Publish(command) => configured(command, 1, |args, config| {
            publish::run(args, &config.limits)
        }),
        Command::CheckConfig(settings) => check_config::run(settings),
    }
}

/// Runs a command with its configuration; `failed` is its exit code if that is wrong.
fn configured<A: Args, C: Reads>(
    command: Configured<A, C>,
    failed: u8,
    run: impl FnOnce(&A, &Config) -> ExitCode,
) -> ExitCode {
    match command.settings.load() {
        Ok(loaded) => run(&command.args, &loaded.config),
        Err(errors) => fail(&errors, failed),
    }
}

/// Runs a command that goes on until it is stopped, and writes its errors to the log.
fn logged<C, E: Display>(
    settings: Settings<C>,
    run: impl FnOnce(&Config) -> Result<(), E>,
) -> ExitCode {
    let loaded = match settings.load().and_then(Loaded::consistent) {
        Ok(loaded) => loaded,
        Err(errors) => return fail(&errors, 1),
    };
    let _log = match observe::init_logging(&loaded.config.log) {
        Ok(log) => log,
        Err(error) => return fail(&error, 1),
    };
    match run(&loaded.config) {
        Ok(()) => ExitCode::SUCCESS,
        Err(error) => {
            tracing::error!("{error}");
            ExitCode::FAILURE
        }
    }
}

#[cfg(test)]
mod tests {
    use clap::CommandFactory;

    use super::*;

    #[test]
    fn the_command_line_is_consistent() {
        Cli::command().debug_assert();
    }

    #[test]
    fn flags_become_settings() {
        let cli = Cli::parse_from(["notif-server", "serve", "--max-body", "1KiB", "--workers=2"]);
        let Command::Serve(settings) = cli.command else {
            panic!("not serve");
        };
        let loaded = settings.load().unwrap();
        assert_eq!(loaded.config.limits.max_body.bytes(), 1024);
        assert_eq!(loaded.origins["workers"].to_string(), "flag --workers");
    }
}
