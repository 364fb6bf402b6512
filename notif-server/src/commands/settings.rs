//! The configuration on the command line: the file, and the flags of the keys that the command
//! reads.

use std::marker::PhantomData;
use std::path::PathBuf;

use clap::{Arg, ArgMatches, Args, Command, FromArgMatches, value_parser};

use super::flags::{FLAGS, Flag};
use crate::config::{self, ConfigErrors, Loaded, Setting};

/// A command, described by the configuration keys that it reads.
pub(super) trait Reads {
    /// The keys that it reads and that have a flag; for a table, its name and a dot.
    const KEYS: &'static [&'static str];
    /// The flags may also stand after the command's subcommands.
    const GLOBAL: bool = false;
    /// The help shows the flags.
    const SHOWN: bool = true;
}

/// Reads every key.
#[derive(Debug, Clone)]
pub(super) struct Serve;

impl Reads for Serve {
    const KEYS: &'static [&'static str] = &[""];
}

/// Takes every flag of `serve` and `consume`, but only checks the result.
#[derive(Debug, Clone)]
pub(super) struct CheckConfig;

impl Reads for CheckConfig {
    const KEYS: &'static [&'static str] = &[""];
    const SHOWN: bool = false;
}

#[derive(Debug, Clone)]
pub(super) struct Consume;

impl Reads for Consume {
    const KEYS: &'static [&'static str] =
        &["limits.max-depth", "timeouts.shutdown", "sinks.", "log."];
}

#[derive(Debug, Clone)]
pub(super) struct Replay;

impl Reads for Replay {
    const KEYS: &'static [&'static str] = &["data-dir", "sinks.", "log."];
}

#[derive(Debug, Clone)]
pub(super) struct Query;

impl Reads for Query {
    const KEYS: &'static [&'static str] = &["data-dir"];
}

#[derive(Debug, Clone)]
pub(super) struct Journal;

impl Reads for Journal {
    const KEYS: &'static [&'static str] = &["data-dir"];
    const GLOBAL: bool = true;
}

/// Reads the keys for decoding messages as the server does.
#[derive(Debug, Clone)]
pub(super) struct Decode;

impl Reads for Decode {
    const KEYS: &'static [&'static str] = &["limits.max-body", "limits.max-depth"];
}

/// The configuration file and the settings on the command line.
#[derive(Debug, Clone)]
pub(super) struct Settings<C> {
    file: Option<PathBuf>,
    flags: Vec<Setting>,
    of: PhantomData<C>,
}

impl<C> Settings<C> {
    /// The configuration: the file, the environment, and the flags.
    pub(super) fn load(self) -> Result<Loaded, ConfigErrors> {
        config::load(self.file.as_deref(), config::environment(), self.flags)
    }
}

/// True if the command reads the flag's key.
fn reads<C: Reads>(flag: &Flag) -> bool {
    let is_meant = |key: &&str| {
        let is_table = key.is_empty() || key.ends_with('.');
        flag.key == *key || (is_table && flag.key.starts_with(*key))
    };
    C::KEYS.iter().any(is_meant)
}

impl<C: Reads> Args for Settings<C> {
    fn augment_args(command: Command) -> Command {
        let config = Arg::new("config")
            .long("config")
            .value_name("FILE")
            .value_parser(value_parser!(PathBuf))
            .help("A TOML file with settings [env: NOTIF_CONFIG]")
            .global(C::GLOBAL);
        let arg = |flag: &Flag| flag.arg().global(C::GLOBAL).hide(!C::SHOWN);
        FLAGS
            .iter()
            .fold(command.arg(config), |command, (heading, flags)| {
                let flags = flags.iter().filter(|flag| reads::<C>(flag));
                // A single flag needs no heading.
                let command = match C::KEYS {
                    [""] | [_, _, ..] => command.next_help_heading(*heading),
                    _ => command,
                };
                command.args(flags.map(arg))
            })
    }

    fn augment_args_for_update(command: Command) -> Command {
        Self::augment_args(command)
    }
}

impl<C: Reads> FromArgMatches for Settings<C> {
    fn from_arg_matches(matches: &ArgMatches) -> Result<Self, clap::Error> {
        let flags = FLAGS.iter().flat_map(|(_, flags)| flags.iter());
        let flags = flags.filter(|flag| reads::<C>(flag));
        Ok(Self {
            file: matches.get_one("config").cloned(),
            flags: flags.filter_map(|flag| flag.setting(matches)).collect(),
            of: PhantomData,
        })
    }

    fn update_from_arg_matches(&mut self, matches: &ArgMatches) -> Result<(), clap::Error> {
        *self = Self::from_arg_matches(matches)?;
        Ok(())
    }
}
