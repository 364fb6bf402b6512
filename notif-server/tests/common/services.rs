//! Where the real servers are that tests use: as the environment says, else as the script that
//! starts them.

use std::collections::BTreeMap;
use std::env;
use std::fs;
use std::path::Path;
use std::process::Command;
use std::sync::OnceLock;

static STARTED: OnceLock<BTreeMap<String, String>> = OnceLock::new();

/// The value of a variable of the services, such as `INFLUXDB_URL`.
pub(crate) fn variable(name: &str) -> String {
    if let Ok(value) = env::var(name) {
        return value;
    }
    let started = STARTED.get_or_init(start);
    let value = started.get(name).cloned();
    value.unwrap_or_else(|| panic!("the services have no {name}: {started:?}"))
}

/// Starts the services, those that do not run yet, and reads where they are.
fn start() -> BTreeMap<String, String> {
    let root = Path::new(env!("CARGO_MANIFEST_DIR")).join("..");
    let script = root.join("scripts/services/services");
    let output = Command::new(&script).arg("start").output();
    let output = output.unwrap_or_else(|error| panic!("{}: {error}", script.display()));
    assert!(
        output.status.success(),
        "{} start: {}\n{}",
        script.display(),
        String::from_utf8_lossy(&output.stdout),
        String::from_utf8_lossy(&output.stderr)
    );
    let target = env::var_os("CARGO_TARGET_DIR").map_or_else(|| root.join("target"), Into::into);
    let file = fs::read_to_string(target.join("services/env")).unwrap();
    let variables = file
        .lines()
        .filter_map(|line| line.strip_prefix("export ")?.split_once('='));
    variables
        .map(|(name, value)| (name.to_owned(), value.to_owned()))
        .collect()
}
