//! The command line.

mod flags;

use std::fmt::Display;
use std::io::{self, Write};
use std::path::PathBuf;
use std::process::ExitCode;

use clap::{Args, Parser, Subcommand};

use crate::config::{self, ConfigErrors, Loaded};
use crate::sink::Status;
use crate::sink::influxdb::{INFLUXDB, InfluxdbSink};
use crate::sink::kafka;
use crate::tls::Identity;
use crate::{consume, observe, publish, query, replay, serve, upkeep, validate};
use flags::SettingFlags;

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
    Serve(ServerArgs),
    /// Read notifications from Kafka and write them to InfluxDB, as a member of a consumer group.
    ///
    /// Run as many as there is work for: the members share the topic's partitions. Takes
    /// `sinks.kafka`, `sinks.influxdb` and `consume` of the same configuration as `serve`.
    Consume(ServerArgs),
    /// Check files that hold one notification each, as the server would.
    ///
    /// Exit code 0: all are valid; 1: there are faults; 2: a file cannot be read.
    Validate(validate::Args),
    /// Show what the journal holds, also while the server runs.
    ///
    /// Without a path: a line a notification. With paths: a line a value.
    Query(query::Args),
    /// Look after the journal: verify, stats, compact.
    Journal(upkeep::Args),
    /// Send what the journal has to a sink again, also while the server runs.
    ///
    /// Records in Kafka have the ids that they had; InfluxDB's points are the same points.
    /// Exit code 0: all is sent; 1: some is refused, or there is an error.
    Replay(ReplayArgs),
    /// Send this host's interfaces to a receiver, again and again.
    ///
    /// Asks the receiver what it can take before it sends, and again after an error.
    Publish(publish::Args),
    /// Print the configuration in effect, as TOML, with where each value comes from.
    ///
    /// Exit code 0: `serve` would take it; 1: there are errors.
    CheckConfig(ServerArgs),
}

/// What `serve` is told.
#[derive(Debug, Args)]
struct ServerArgs {
    /// A TOML file with settings [env: NOTIF_CONFIG]
    #[arg(long, value_name = "FILE")]
    config: Option<PathBuf>,
    #[command(flatten)]
    settings: SettingFlags,
}

/// What `replay` is told.
#[derive(Debug, Args)]
struct ReplayArgs {
    #[command(flatten)]
    replay: replay::Args,
    #[command(flatten)]
    server: ServerArgs,
}

impl ServerArgs {
    fn load(self) -> Result<Loaded, ConfigErrors> {
        config::load(
            self.config.as_deref(),
            config::environment(),
            self.settings.0,
        )
    }
}

/// Runs the command that the process was started with.
#[must_use]
pub fn main() -> ExitCode {
    match Cli::parse().command {
        Command::Serve(args) => serve(args),
        Command::Consume(args) => consume(args),
        Command::Validate(args) => validate::run(&args, &crate::registry()),
        Command::Query(args) => query::run(&args, &crate::registry()),
        Command::Journal(args) => upkeep::run(&args, &crate::registry()),
        Command::Replay(args) => replay(args),
        Command::Publish(args) => publish::run(&args),
        Command::CheckConfig(args) => check_config(args),
    }
}

fn serve(args: ServerArgs) -> ExitCode {
    let loaded = match args.load() {
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

fn consume(args: ServerArgs) -> ExitCode {
    let loaded = match args.load() {
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
    let loaded = match args.server.load() {
        Ok(loaded) => loaded,
        Err(errors) => return fail(&errors),
    };
    let _log = match observe::init_logging(&loaded.config.log) {
        Ok(log) => log,
        Err(error) => return fail(&error),
    };
    let out = &mut io::stdout().lock();
    match replay::run(&args.replay, &loaded.config, &crate::registry(), out) {
        Ok(true) => ExitCode::SUCCESS,
        Ok(false) => ExitCode::FAILURE,
        Err(error) => fail(&error),
    }
}

fn check_config(args: ServerArgs) -> ExitCode {
    let loaded = match args.load() {
        Ok(loaded) => loaded,
        Err(errors) => return fail(&errors),
    };
    if let Err(error) = write!(io::stdout(), "{loaded}") {
        return fail(&error);
    }
    match check(&loaded.config) {
        Ok(()) => ExitCode::SUCCESS,
        Err(error) => fail(&error),
    }
}

/// Checks what the configuration names beside itself: the certificate, unless it is to be made, and
/// what the sinks are to be set up with. No destination need be there.
fn check(config: &config::Config) -> Result<(), Box<dyn std::error::Error>> {
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
        let Command::Serve(args) = cli.command else {
            panic!("not serve");
        };
        let loaded = config::load(None, [], args.settings.0).unwrap();
        assert_eq!(loaded.config.limits.max_body.bytes(), 1024);
        assert_eq!(loaded.origins["workers"].to_string(), "flag --workers");
    }
}
