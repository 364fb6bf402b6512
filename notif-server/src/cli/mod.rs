//! The command line.

mod flags;
mod settings;

use std::fmt::Display;
use std::io::{self, Write};
use std::process::ExitCode;

use clap::{Args, Parser, Subcommand};

use crate::config::{Config, Loaded};
use crate::sink::Status;
use crate::sink::influxdb::{INFLUXDB, InfluxdbSink};
use crate::sink::kafka;
use crate::tls::Identity;
use crate::{consume, observe, publish, query, replay, serve, stdio, upkeep, validate};
use settings::Settings;

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
    Validate(ValidateArgs),
    /// Show what the journal holds, also while the server runs.
    ///
    /// Without a path: a line a notification. With paths: a line a value.
    Query(QueryArgs),
    /// Look after the journal: verify, stats, backup, repair, compact.
    Journal(JournalArgs),
    /// Send what the journal has to a sink again, also while the server runs.
    ///
    /// Records in Kafka have the ids that they had; InfluxDB's points are the same points.
    /// Exit code 0: all is sent; 1: some is refused, or there is an error.
    Replay(ReplayArgs),
    /// Send this host's interfaces to a receiver, again and again.
    ///
    /// Asks the receiver what it can take before it sends, and again after an error.
    Publish(PublishArgs),
    /// Print the configuration in effect, as TOML, with where each value comes from.
    ///
    /// Takes each flag of `serve` too, and shows what it comes to.
    /// Exit code 0: `serve` would take it; 1: there are errors.
    CheckConfig(Settings<settings::CheckConfig>),
}

/// The arguments of `validate`.
#[derive(Debug, Args)]
struct ValidateArgs {
    #[command(flatten)]
    validate: validate::Args,
    #[command(flatten)]
    settings: Settings<settings::Decode>,
}

/// The arguments of `publish`.
#[derive(Debug, Args)]
struct PublishArgs {
    #[command(flatten)]
    publish: publish::Args,
    #[command(flatten)]
    settings: Settings<settings::Decode>,
}

/// The arguments of `query`.
#[derive(Debug, Args)]
struct QueryArgs {
    #[command(flatten)]
    query: query::Args,
    #[command(flatten)]
    settings: Settings<settings::Query>,
}

/// The arguments of `journal`.
#[derive(Debug, Args)]
struct JournalArgs {
    #[command(flatten)]
    journal: upkeep::Args,
    #[command(flatten)]
    settings: Settings<settings::Journal>,
}

/// What `replay` is told.
#[derive(Debug, Args)]
struct ReplayArgs {
    #[command(flatten)]
    replay: replay::Args,
    #[command(flatten)]
    settings: Settings<settings::Replay>,
}

/// Runs the command that the process was started with.
#[must_use]
pub fn main() -> ExitCode {
    match Cli::parse().command {
        Command::Serve(args) => serve(args),
        Command::Consume(args) => consume(args),
        Command::Validate(args) => configured(args.settings, 2, |config| {
            validate::run(&args.validate, &config.limits, &crate::registry())
        }),
        Command::Query(args) => configured(args.settings, 1, |config| {
            query::run(&args.query, config, &crate::registry())
        }),
        Command::Journal(args) => configured(args.settings, 2, |config| {
            upkeep::run(&args.journal, &config.data_dir, &crate::registry())
        }),
        Command::Replay(args) => replay(args),
        Command::Publish(args) => configured(args.settings, 1, |config| {
            publish::run(&args.publish, &config.limits)
        }),
        Command::CheckConfig(args) => check_config(args),
    }
}

/// Runs a command with its configuration; `wrong` is the exit code if that has errors.
fn configured<C>(
    settings: Settings<C>,
    wrong: u8,
    run: impl FnOnce(&Config) -> ExitCode,
) -> ExitCode {
    match settings.load() {
        Ok(loaded) => run(&loaded.config),
        Err(errors) => {
            fail(&errors);
            ExitCode::from(wrong)
        }
    }
}

fn serve(settings: Settings<settings::Serve>) -> ExitCode {
    let loaded = match settings.load().and_then(Loaded::consistent) {
        Ok(loaded) => loaded,
        Err(errors) => return fail(&errors),
    };
    let _log = match observe::init_logging(&loaded.config.log) {
        Ok(log) => log,
        Err(error) => return fail(&error),
    };
    match serve::run(&loaded.config) {
        Ok(()) => ExitCode::SUCCESS,
        Err(error) => {
            tracing::error!("{error}");
            ExitCode::FAILURE
        }
    }
}

fn consume(settings: Settings<settings::Consume>) -> ExitCode {
    let loaded = match settings.load().and_then(Loaded::consistent) {
        Ok(loaded) => loaded,
        Err(errors) => return fail(&errors),
    };
    let (config, registry) = (&loaded.config, crate::registry());
    let _log = match observe::init_logging(&config.log) {
        Ok(log) => log,
        Err(error) => return fail(&error),
    };
    let sink = match InfluxdbSink::new(&config.sinks.influxdb, &registry) {
        Ok(sink) => sink,
        Err(error) => return fail(&error),
    };
    match consume::run(config, &registry, sink, Status::new(INFLUXDB.name)) {
        Ok(()) => ExitCode::SUCCESS,
        Err(error) => {
            tracing::error!("{error}");
            ExitCode::FAILURE
        }
    }
}

fn replay(args: ReplayArgs) -> ExitCode {
    let loaded = match args.settings.load() {
        Ok(loaded) => loaded,
        Err(errors) => return fail(&errors),
    };
    let _log = match observe::init_logging(&loaded.config.log) {
        Ok(log) => log,
        Err(error) => return fail(&error),
    };
    let out = &mut stdio::stdout();
    match replay::run(&args.replay, &loaded.config, &crate::registry(), out) {
        Ok(true) => ExitCode::SUCCESS,
        Ok(false) => ExitCode::FAILURE,
        Err(error) => fail(&error),
    }
}

fn check_config(settings: Settings<settings::CheckConfig>) -> ExitCode {
    let loaded = match settings.load().and_then(Loaded::consistent) {
        Ok(loaded) => loaded,
        Err(errors) => return fail(&errors),
    };
    if let Err(error) = write!(stdio::stdout(), "{loaded}") {
        return fail(&error);
    }
    match check(&loaded.config) {
        Ok(()) => ExitCode::SUCCESS,
        Err(error) => fail(&error),
    }
}

/// Checks what the configuration names beside itself: the certificate, unless it is to be made, and
/// what the sinks are to be set up with. No destination need be there.
fn check(config: &Config) -> Result<(), Box<dyn std::error::Error>> {
    if config.tls.cert.is_some() {
        Identity::load(&config.tls, &config.data_dir)?;
    }
    let sinks = &config.sinks;
    if sinks.kafka.is_on() {
        kafka::check(config, &crate::registry())?;
    }
    if sinks.influxdb.is_on() {
        InfluxdbSink::new(&sinks.influxdb, &crate::registry())?;
    }
    Ok(())
}

/// Says what is wrong, one line an error.
fn fail(error: &impl Display) -> ExitCode {
    for line in error.to_string().lines() {
        // Nothing is left to be done if standard error is gone.
        let _ = writeln!(io::stderr(), "error: {line}");
    }
    ExitCode::FAILURE
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
