//! `check-config`: prints the configuration in effect, and checks the files and settings in it.

use std::error::Error;
use std::io::Write;
use std::process::ExitCode;

use super::exit::fail;
use super::settings::{self, Settings};
use super::stdio;
use crate::config::{Config, Loaded};
use crate::sink::influxdb::InfluxdbSink;
use crate::sink::kafka;
use crate::tls::Identity;

pub(super) fn run(settings: Settings<settings::CheckConfig>) -> ExitCode {
    let loaded = match settings.load().and_then(Loaded::consistent) {
        Ok(loaded) => loaded,
        Err(errors) => return fail(&errors, 1),
    };
    if let Err(error) = write!(stdio::stdout(), "{loaded}") {
        return fail(&error, 1);
    }
    match check(&loaded.config) {
        Ok(()) => ExitCode::SUCCESS,
        Err(error) => fail(&error, 1),
    }
}

/// Checks the certificate, unless one is to be generated, and the settings of the sinks. The
/// destinations need not be reachable.
fn check(config: &Config) -> Result<(), Box<dyn Error>> {
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
