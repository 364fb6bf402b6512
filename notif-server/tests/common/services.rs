//! The real Kafka and InfluxDB that tests use: those whose addresses are in the environment, else
//! those that `scripts/services/services` brings up.

use std::collections::HashMap;
use std::env;
use std::path::{Path, PathBuf};
use std::process::Command;
use std::sync::OnceLock;

/// The root of the workspace.
fn root() -> PathBuf {
    Path::new(env!("CARGO_MANIFEST_DIR")).join("..")
}

/// Runs `services` with these arguments.
pub(crate) fn control(args: &[&str]) {
    let script = root().join("scripts/services/services");
    let done = Command::new(script).args(args).output().unwrap();
    let told = String::from_utf8_lossy(&done.stderr);
    assert!(done.status.success(), "services {args:?}: {told}");
}

/// Where the services are: the variables of `target/services/env`.
fn addresses() -> &'static HashMap<String, String> {
    static ADDRESSES: OnceLock<HashMap<String, String>> = OnceLock::new();
    ADDRESSES.get_or_init(|| {
        control(&["start"]);
        let target =
            env::var_os("CARGO_TARGET_DIR").map_or_else(|| root().join("target"), PathBuf::from);
        let file = std::fs::read_to_string(target.join("services/env")).unwrap();
        let variable = |line: &str| {
            let (name, value) = line.strip_prefix("export ")?.split_once('=')?;
            Some((name.to_owned(), value.to_owned()))
        };
        file.lines().filter_map(variable).collect()
    })
}

/// Whether the services are those of the script, so that a test may stop and kill them.
pub(crate) fn are_ours() -> bool {
    env::var_os("KAFKA_BROKERS").is_none()
}

/// Kafka's brokers.
pub(crate) fn kafka_brokers() -> String {
    env::var("KAFKA_BROKERS").unwrap_or_else(|_| addresses()["KAFKA_BROKERS"].clone())
}
