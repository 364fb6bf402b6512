//! A minimal collector: reads a message, checks it, and prints every value with its path.
//!
//! `cargo run -p examples --bin embed < examples/data/power-report.json`
#![forbid(unsafe_code)]

use std::io::{self, Read, Write};
use std::process::ExitCode;

use examples::yang;
use notif_runtime::Encoding;
use notif_runtime::Options;
use notif_runtime::registry::Registry;
use notif_runtime::tree::{Child, Node};

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
            leaves(notification.root(), "", &mut out)?;
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

/// Prints each leaf with the path to it and its units.
fn leaves(node: &dyn Node, above: &str, out: &mut impl Write) -> io::Result<()> {
    for (schema, child) in node.children() {
        let path = format!("{above}/{}", schema.name);
        match child {
            Child::Leaf(value) => {
                let units = schema
                    .leaf()
                    .and_then(|leaf| leaf.units)
                    .unwrap_or_default();
                writeln!(out, "{path} = {value} {units}")?;
            }
            Child::Leaves(values) => {
                for value in values.iter() {
                    writeln!(out, "{path} = {value}")?;
                }
            }
            Child::Node(container) => leaves(container, &path, out)?,
            Child::Entries(entries) => {
                for entry in entries.iter() {
                    let keys: Vec<_> = entry
                        .keys()
                        .map(|(key, value)| format!("[{}={value}]", key.name))
                        .collect();
                    leaves(entry, &format!("{path}{}", keys.concat()), out)?;
                }
            }
            _ => {}
        }
    }
    Ok(())
}
