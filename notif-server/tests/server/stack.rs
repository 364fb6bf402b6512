//! `examples/stack` fits the server: its configuration, and the metrics that it names.
#![allow(
    clippy::unwrap_used,
    clippy::panic,
    clippy::indexing_slicing,
    reason = "a test states what must hold"
)]

use std::collections::BTreeSet;
use std::path::{Path, PathBuf};
use std::process::Command;

use crate::common::{JSON, PROGRAM, relay, server};

fn root() -> PathBuf {
    Path::new(env!("CARGO_MANIFEST_DIR")).join("..")
}

/// The texts of all files below the folder.
fn texts(folder: &Path) -> Vec<String> {
    let entries = std::fs::read_dir(folder)
        .unwrap()
        .map(|entry| entry.unwrap().path());
    entries
        .flat_map(|path| {
            if path.is_dir() {
                texts(&path)
            } else {
                vec![std::fs::read_to_string(path).unwrap()]
            }
        })
        .collect()
}

/// The names in the text that start as this server's metrics do.
fn metric_names(text: &str) -> impl Iterator<Item = &str> {
    let in_name = |c: char| c.is_ascii_alphanumeric() || c == '_';
    text.split(move |c| !in_name(c))
        .filter(|word| word.starts_with("notif_"))
}

#[tokio::test]
async fn every_metric_that_the_stack_names_is_exposed() {
    let (_dir, server, client) = server(&[]);
    // Metrics with labels appear once they are counted.
    for body in [JSON, "{}"] {
        relay(&client, &server, "application/json", body).await;
    }
    let answer = client.get(server.url("/metrics")).send().await.unwrap();
    let metrics = answer.text().await.unwrap();
    let exposed: BTreeSet<_> = metrics
        .lines()
        .filter_map(|line| line.strip_prefix("# TYPE ")?.split(' ').next())
        .collect();
    let (mut named, suffixes) = (0, ["_total", "_bucket", "_sum", "_count", "_info"]);
    for text in texts(&root().join("examples/stack")) {
        for name in metric_names(&text) {
            let base = suffixes.iter().find_map(|suffix| name.strip_suffix(suffix));
            let known = exposed.contains(name) || base.is_some_and(|base| exposed.contains(base));
            assert!(known, "{name} is not one of {exposed:?}");
            named += 1;
        }
    }
    assert!(named > 20, "{named}");
}

#[test]
fn the_stack_s_configuration_is_taken() {
    let output = Command::new(PROGRAM)
        .args([
            "check-config",
            "--config",
            "examples/stack/notif-server.toml",
        ])
        .current_dir(root())
        .output()
        .unwrap();
    let told = String::from_utf8(output.stderr).unwrap();
    assert!(output.status.success(), "{told}");
}
