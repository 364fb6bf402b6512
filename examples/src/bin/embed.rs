//! A minimal collector: reads a message, checks it, and prints every value with its path.
//!
//! `cargo run -p examples --bin embed < examples/data/power-report.json`
#![forbid(unsafe_code)]

use std::io::{self, Read, Write};
use std::process::ExitCode;

use examples::yang;
use notif_runtime::{Encoding, Options, Registry, path};

fn main() -> io::Result<ExitCode> {
    let mut message = Vec::new();
    io::stdin().lock().read_to_end(&mut message)?;
    let mut out = io::stdout().lock();

    let registry = Registry::new(&yang::SCHEMA);
    let options = Options::default().with_max_size(1 << 20);
    match registry.decode(Encoding::Json, &message, &options) {
        Ok(notification) => {
            let at = notification.event_time().map(|time| time.to_string());
            writeln!(out, "{} at {}", notification.name(), at.unwrap_or_default())?;
            for leaf in path::leafs(notification.root()) {
                let units = leaf.units().unwrap_or_default();
                writeln!(out, "{} = {} {units}", leaf.path(), leaf.value())?;
            }
            Ok(ExitCode::SUCCESS)
        }
        Err(faults) => {
            for fault in &faults.list {
                writeln!(out, "{} ({})", fault, fault.kind.error_tag())?;
            }
            Ok(ExitCode::FAILURE)
        }
    }
}
