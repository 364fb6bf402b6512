//! The real services that tests use: those that the environment names, or this project's own.
#![allow(dead_code, reason = "each test file uses a part")]

use std::collections::HashMap;
use std::env;
use std::path::{Path, PathBuf};
use std::process::{Command, Stdio};
use std::sync::OnceLock;

/// An InfluxDB 2.
#[derive(Debug, Clone)]
pub(crate) struct Influxdb {
    pub(crate) url: String,
    pub(crate) token: String,
    pub(crate) org: String,
    pub(crate) bucket: String,
}

/// `host:port` of a Kafka.
pub(crate) fn kafka_brokers() -> String {
    variable("KAFKA_BROKERS")
}

/// An InfluxDB 2, with a bucket to write to.
pub(crate) fn influxdb() -> Influxdb {
    Influxdb {
        url: variable("INFLUXDB_URL"),
        token: variable("INFLUXDB_TOKEN"),
        org: variable("INFLUXDB_ORG"),
        bucket: variable("INFLUXDB_BUCKET"),
    }
}

/// True if the services are this project's own, so that a test may stop and kill them.
pub(crate) fn are_ours() -> bool {
    given("KAFKA_BROKERS").is_none()
}

/// Does something with this project's own services: `control(&["kill", "kafka"])`.
pub(crate) fn control(args: &[&str]) {
    let done = Command::new(root().join("scripts/services/services"))
        .args(args)
        .stdin(Stdio::null())
        .output()
        .unwrap();
    let told = String::from_utf8_lossy(&done.stderr).into_owned();
    assert!(done.status.success(), "services {args:?}: {told}");
}

fn given(name: &str) -> Option<String> {
    env::var(name).ok().filter(|value| !value.is_empty())
}

/// The value of a variable of the services, such as `INFLUXDB_URL`.
pub(crate) fn variable(name: &str) -> String {
    given(name).unwrap_or_else(|| {
        let own = own().get(name);
        own.unwrap_or_else(|| panic!("no {name}")).clone()
    })
}

fn root() -> PathBuf {
    Path::new(env!("CARGO_MANIFEST_DIR")).join("..")
}

/// The variables of this project's own services, which are started if they are not there.
fn own() -> &'static HashMap<String, String> {
    static OWN: OnceLock<HashMap<String, String>> = OnceLock::new();
    OWN.get_or_init(|| {
        control(&["start"]);
        let target =
            env::var_os("CARGO_TARGET_DIR").map_or_else(|| root().join("target"), PathBuf::from);
        let text = std::fs::read_to_string(target.join("services/env")).unwrap();
        let of_line = |line: &str| {
            let (name, value) = line.strip_prefix("export ")?.split_once('=')?;
            Some((name.to_owned(), value.trim_matches(['\'', '"']).to_owned()))
        };
        text.lines().filter_map(of_line).collect()
    })
}
