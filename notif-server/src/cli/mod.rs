//! The command line.

mod flags;

use std::fmt::Display;
use std::io::{self, Write};
use std::path::PathBuf;
use std::process::ExitCode;

use clap::{Args, Parser, Subcommand};

use crate::config::{self, ConfigErrors, Loaded};
use crate::tls::{Identity, TlsError};
use crate::{observe, publish, query, serve, validate};
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
    /// Check files that hold one notification each, as the server would.
    ///
    /// Exit code 0: all are valid; 1: there are faults; 2: a file cannot be read.
    Validate(validate::Args),
    /// Show what the journal holds, also while the server runs.
    ///
    /// Without a path: a line a notification. With paths: a line a value.
    Query(query::Args),
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
        Command::Validate(args) => validate::run(&args, &crate::registry()),
        Command::Query(args) => query::run(&args, &crate::registry()),
        Command::Publish(args) => publish::run(&args),
        Command::CheckConfig(args) => check_config(args),
    }
}

fn serve(args: ServerArgs) -> ExitCode {
    let loaded = match args.load() {
        Ok(loaded) => loaded,
        Err(errors) => return fail(&errors),
    };
    if let Err(error) = observe::init_logging(&loaded.config.log) {
        return fail(&error);
    }
    match serve::run(&loaded.config) {
        Ok(()) => ExitCode::SUCCESS,
        Err(error) => {
            tracing::error!("{error}");
            ExitCode::FAILURE
        }
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
    match check_tls(&loaded.config) {
        Ok(()) => ExitCode::SUCCESS,
        Err(error) => fail(&error),
    }
}

/// Reads the configured certificate; one that is to be made is not made here.
fn check_tls(config: &config::Config) -> Result<(), TlsError> {
    if config.tls.cert.is_some() {
        Identity::load(&config.tls, &config.data_dir)?;
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
