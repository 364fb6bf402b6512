//! The configuration that the commands read, and their output about it.
#![allow(
    clippy::unwrap_used,
    clippy::panic,
    clippy::indexing_slicing,
    reason = "a test states what must hold"
)]

use std::io;
use std::path::Path;
use std::process::{Command, Output};

use jiff::Timestamp;
use notif_runtime::Encoding;
use notif_server::journal::{Bounds, Journal};
use notif_server::notification::{Entry, Envelope};

const SAMPLE: &str = concat!(
    env!("CARGO_MANIFEST_DIR"),
    "/../examples/data/interfaces.json"
);

/// The program, in an environment without settings.
fn program(args: &[&str]) -> Command {
    let mut command = Command::new(env!("CARGO_BIN_EXE_notif-server"));
    for (name, _) in std::env::vars().filter(|(name, _)| name.starts_with("NOTIF_")) {
        command.env_remove(name);
    }
    command.args(args);
    command
}

fn run(args: &[&str]) -> Output {
    program(args).output().unwrap()
}

fn text(bytes: &[u8]) -> String {
    String::from_utf8(bytes.to_vec()).unwrap()
}

/// A journal with a few notifications.
async fn fill(dir: &Path) {
    let journal = Journal::open(dir, Bounds::NONE, &[]).unwrap();
    for _ in 0..5 {
        let entry = Entry {
            received: Timestamp::now(),
            event_time: None,
            publisher: "192.0.2.1".to_owned(),
            encoding: Encoding::Json,
            name: "ietf-https-notif:notification".to_owned(),
            body: std::fs::read(SAMPLE).unwrap(),
            reading: None,
            envelope: Envelope::default(),
        };
        journal.append(entry).await.unwrap();
    }
    journal.close().await;
}

#[test]
fn one_file_is_for_all_commands() {
    let dir = tempfile::tempdir().unwrap();
    let (file, data) = (dir.path().join("notif.toml"), dir.path().join("data of it"));
    // Other commands ignore settings of the sinks.
    let settings = format!("data-dir = {data:?}\n[sinks.kafka]\ntopic = 't'\n");
    std::fs::write(&file, settings).unwrap();
    let file = file.to_str().unwrap();
    let none = format!("there is no journal in {}", data.display());
    for args in [
        &["query"][..],
        &["journal", "stats"],
        &["journal", "verify"],
        &["journal", "compact"],
        &["replay", "kafka", "--all", "--dry-run"],
    ] {
        let named = [args, &["--config", file]].concat();
        let told = [
            run(&named),
            program(args).env("NOTIF_CONFIG", file).output().unwrap(),
        ];
        for output in told {
            let told = text(&output.stderr);
            assert!(told.contains(&none), "{args:?}: {told}");
        }
        // A flag wins, wherever it stands.
        let output = run(&[&named[..], &["--data-dir", "/no/such"]].concat());
        let told = text(&output.stderr);
        assert!(told.contains("there is no journal in /no/such"), "{told}");
    }
    let output = run(&["journal", "--config", file, "stats"]);
    assert!(text(&output.stderr).contains(&none));
    let wrong = run(&["journal", "stats", "--config", "/no/such"]);
    assert_eq!(wrong.status.code(), Some(2));
    let wrong = run(&["query", "--influxdb", "--config", file]);
    let told = text(&wrong.stderr);
    assert!(told.contains("sinks.influxdb.url is not set"), "{told}");
}

#[test]
fn what_would_silently_be_nothing_is_refused() {
    let dir = tempfile::tempdir().unwrap();
    let file = dir.path().join("notif.toml");
    let data = dir.path().join("data").display().to_string();
    let path = file.to_str().unwrap();
    for (settings, told) in [
        (
            "[sinks.kafka]\ntopic = 't'",
            ":2: sinks.kafka.topic is set, but sinks.kafka.brokers is not",
        ),
        (
            "[sinks.influxdb]\nbucket = 'b'",
            ":2: sinks.influxdb.bucket is set, but sinks.influxdb.url is not",
        ),
        (
            "[journal]\nmax-size = '1KiB'",
            ":2: journal.max-size = \"1KiB\": expected at least 1MiB",
        ),
        (
            "[journal]\nmax-size = '1MiB'\nmax-rejected = '2MiB'",
            "journal.max-rejected = 2MiB is more than journal.max-size = 1MiB",
        ),
        ("data-dir = ''", ":1: data-dir = \"\": expected a directory"),
    ] {
        std::fs::write(&file, settings).unwrap();
        for command in [
            &["check-config", "--config", path][..],
            &["serve", "--config", path, "--data-dir", &data],
        ] {
            let output = run(command);
            let error = text(&output.stderr);
            assert_eq!(output.status.code(), Some(1), "{error}");
            assert!(error.contains(told), "{error}");
        }
    }
    let none = run(&["query", "--limit", "0"]);
    assert_eq!(none.status.code(), Some(2));
    // The brokers may come from elsewhere than the file.
    std::fs::write(&file, "[sinks.kafka]\ntopic = 't'").unwrap();
    let output = run(&[
        "check-config",
        "--config",
        path,
        "--kafka-brokers",
        "127.0.0.1:1",
    ]);
    assert!(output.status.success(), "{}", text(&output.stderr));
}

#[test]
fn a_command_shows_and_takes_the_flags_that_it_reads() {
    let all = [
        "--listen",
        "--cert",
        "--max-body",
        "--request-timeout",
        "--journal-max-size",
        "--ack",
        "--data-dir",
        "--max-depth",
        "--shutdown-timeout",
        "--kafka-brokers",
        "--influxdb-url",
        "--log-level",
    ];
    for (command, shown) in [
        ("serve", &all[..]),
        ("consume", &all[7..]),
        (
            "replay",
            &[
                "--data-dir",
                "--kafka-brokers",
                "--influxdb-url",
                "--log-level",
            ],
        ),
        ("query", &["--data-dir"]),
        ("validate", &["--max-body", "--max-depth"]),
        ("publish", &["--max-body", "--max-depth"]),
        ("journal", &["--data-dir"]),
        ("check-config", &[]),
    ] {
        let help = text(&run(&[command, "--help"]).stdout);
        assert!(help.contains("--config <FILE>"), "{help}");
        for flag in all {
            let is_shown = help.contains(&format!("{flag} <"));
            assert_eq!(is_shown, shown.contains(&flag), "{command} {flag}: {help}");
        }
    }
    let output = run(&["consume", "--listen", "127.0.0.1:1"]);
    assert_eq!(output.status.code(), Some(2));
    let output = run(&["check-config", "--listen", "127.0.0.1:1"]);
    assert!(output.status.success(), "{}", text(&output.stderr));
}

#[test]
fn a_journal_that_is_not_there_has_one_exit_code() {
    let dir = tempfile::tempdir().unwrap();
    let data = dir.path().to_str().unwrap();
    for command in [
        &["query"][..],
        &["journal", "verify"],
        &["journal", "stats"],
        &["journal", "backup", "copy.db"],
        &["journal", "repair"],
        &["journal", "compact"],
        &["replay", "kafka", "--all"],
    ] {
        let output = run(&[command, &["--data-dir", data]].concat());
        let error = text(&output.stderr);
        assert_eq!(output.status.code(), Some(2), "{command:?}: {error}");
        assert!(error.contains("there is no journal in"), "{error}");
    }
}

#[tokio::test]
async fn who_has_seen_enough_gets_no_error() {
    let dir = tempfile::tempdir().unwrap();
    fill(dir.path()).await;
    let data = dir.path().to_str().unwrap();
    for args in [
        &["check-config"][..],
        &["validate", SAMPLE, SAMPLE],
        &["journal", "stats", "--data-dir", data],
        &["journal", "stats", "--json", "--data-dir", data],
        &["journal", "verify", "--data-dir", data],
        &["query", "--data-dir", data],
        &["query", "--format", "jsonl", "--data-dir", data],
        &["replay", "kafka", "--all", "--dry-run", "--data-dir", data],
    ] {
        // Nobody reads it from the start.
        let (reader, writer) = io::pipe().unwrap();
        drop(reader);
        let output = program(args).stdout(writer).output().unwrap();
        assert_eq!(text(&output.stderr), "", "{args:?}");
        assert_eq!(output.status.code(), Some(128 + 13), "{args:?}");
    }
}
