//! `query --influxdb`, against a real InfluxDB 2.
#![allow(
    clippy::unwrap_used,
    clippy::panic,
    clippy::indexing_slicing,
    reason = "a test states what must hold"
)]

use std::collections::BTreeSet;
use std::io::{BufRead, BufReader};
use std::process::{Child, Command, Stdio};

use crate::common::influxdb::{deliver, item, message};
use crate::common::services::Influxdb;
use crate::common::{self, JSON, XML};
use jiff::Timestamp;
use notif_runtime::Encoding;
use notif_server::journal::{Bounds, Journal};

/// `query` with these arguments, told of the bucket by the environment.
fn query(bucket: &Influxdb, args: &[&str]) -> Command {
    let config = bucket.config();
    let mut command = Command::new(common::PROGRAM);
    command
        .arg("query")
        .args(args)
        .env("NOTIF_SINKS__INFLUXDB__URL", &config.url)
        .env("NOTIF_SINKS__INFLUXDB__ORG", &config.org)
        .env("NOTIF_SINKS__INFLUXDB__BUCKET", &config.bucket)
        .env("INFLUXDB_TOKEN", config.token.expose());
    command
}

/// The output and the notes.
fn answer(mut command: Command) -> (String, String) {
    let output = command.output().unwrap();
    let text = |bytes| String::from_utf8(bytes).unwrap();
    (text(output.stdout), text(output.stderr))
}

fn asked(bucket: &Influxdb, args: &[&str]) -> (String, String) {
    answer(query(bucket, &[&["--influxdb"], args].concat()))
}

/// The lines as JSON, without what only the journal has.
fn lines(text: &str) -> Vec<serde_json::Value> {
    let line = |line: &str| {
        let mut line: serde_json::Value = serde_json::from_str(line).unwrap();
        let members = line.as_object_mut().unwrap();
        for name in ["seq", "received", "id", "encoding", "bytes"] {
            members.remove(name);
        }
        line
    };
    let mut lines: Vec<_> = text.lines().map(line).collect();
    lines.sort_by_key(ToString::to_string);
    lines
}

#[tokio::test]
async fn query_answers_from_influxdb_as_from_the_journal() {
    let bucket = Influxdb::with_own_bucket().await;
    let dir = tempfile::tempdir().unwrap();
    let journal = Journal::open(dir.path(), Bounds::NONE, &[]).unwrap();
    let mut items = Vec::new();
    for (encoding, body, publisher) in [
        (Encoding::Json, JSON, "192.0.2.1"),
        (Encoding::Xml, XML, "2001:db8::1"),
    ] {
        let mut item = item(encoding, body, publisher);
        let time = item.notification.as_ref().unwrap().event_time().unwrap();
        item.record.entry.event_time = Some(time.to_string());
        journal.append(item.record.entry.clone()).await.unwrap();
        items.push(item);
    }
    journal.close().await;
    deliver(&bucket, &items).await;
    let data_dir = dir.path().to_str().unwrap();
    for args in [
        &["interface[name='wlp2s0']/statistics/in-octets"][..],
        &["interface/statistics", "interface/name"],
        &["/notification/*/interface[oper-status='up']/if-index"],
        &["interface[name='lo'][enabled='true']"],
        &["interface/higher-layer-if[.='br0']", "eventTime"],
        &["*", "--publisher", "192.0.2.1"],
        &["*", "--limit", "1"],
        &["eventTime", "--name", "notification"],
        &[
            "eventTime",
            "--name",
            "ietf-https-notif:notification",
            "--all",
        ],
    ] {
        let format = ["--format", "jsonl"];
        let journal = query(
            &bucket,
            &[&["--data-dir", data_dir], &format[..], args].concat(),
        );
        let (journal, _) = answer(journal);
        let (influxdb, notes) = asked(&bucket, &[&format[..], args].concat());
        assert!(!journal.is_empty(), "{args:?}");
        assert_eq!(lines(&influxdb), lines(&journal), "{args:?}: {notes}");
    }
    let (table, notes) = asked(&bucket, &[]);
    let mut rows = table.lines();
    assert_eq!(
        rows.next()
            .unwrap()
            .split("  ")
            .filter(|cell| !cell.is_empty())
            .count(),
        3,
        "{table}"
    );
    assert_eq!((rows.count(), notes.as_str()), (2, ""), "{table}");
    let path = "interface[name='wlp2s0']/statistics/in-octets";
    let (table, _) = asked(&bucket, &[path, "--limit", "1"]);
    assert!(table.starts_with("EVENT TIME"), "{table}");
    let (csv, notes) = asked(
        &bucket,
        &[path, "--format", "csv", "--publisher", "192.0.2.1"],
    );
    assert_eq!(
        csv,
        format!(
            "event-time,publisher,name,path,value\n2025-03-17T19:43:27.972894Z,192.0.2.1,\
             ietf-https-notif:notification,/ietf-https-notif:notification/interface_data/{path},1592834446\n"
        )
    );
    assert_eq!(notes, "");
}

#[tokio::test]
async fn query_finds_the_newest_and_all_over_many_pages() {
    let bucket = Influxdb::with_own_bucket().await;
    let at = |second: u32| format!("2026-01-01T00:{:02}:{:02}Z", second / 60, second % 60);
    let one = |second| message(&at(second), "eth0", "", second.into());
    let mut items: Vec<_> = (0..300).map(one).collect();
    // Many at the same time.
    for publisher in 0..150 {
        let mut one = message(&at(100), "eth0", "", 1_000_000 + publisher);
        one.record.entry.publisher = format!("198.51.100.{publisher}");
        items.push(one);
    }
    deliver(&bucket, &items).await;
    let path = "interface/statistics/in-octets";
    let values = |text: &str| -> Vec<u64> {
        let value = |line: &str| line.rsplit(',').next().unwrap().parse().unwrap();
        text.lines().skip(1).map(value).collect()
    };
    let (all, notes) = asked(&bucket, &[path, "--format", "csv", "--all"]);
    let all = values(&all);
    assert_eq!((all.len(), notes.as_str()), (450, ""));
    assert_eq!(all.iter().collect::<BTreeSet<_>>().len(), 450);
    let one_publishers: Vec<_> = all.iter().copied().filter(|&value| value < 300).collect();
    assert_eq!(one_publishers, (0..300).collect::<Vec<_>>());
    let (newest, notes) = asked(&bucket, &[path, "--format", "csv", "--limit", "70"]);
    assert_eq!(values(&newest), (230..300).collect::<Vec<_>>());
    assert_eq!(
        notes,
        "these are the newest 70; --limit NUMBER or --all shows more\n"
    );
    let times = [
        "--since",
        "2026-01-01T00:01:30Z",
        "--until",
        "2026-01-01T00:01:35Z",
    ];
    let (some, _) = asked(&bucket, &[&[path, "--format", "csv"], &times[..]].concat());
    assert_eq!(values(&some), [90, 91, 92, 93, 94]);
    let publisher = ["--publisher", "198.51.100.7"];
    let (one, _) = asked(
        &bucket,
        &[&[path, "--format", "csv"], &publisher[..]].concat(),
    );
    assert_eq!(values(&one), [1_000_007]);
}

#[tokio::test]
async fn query_says_what_is_wrong() {
    let bucket = Influxdb::with_own_bucket().await;
    let note = |args: &[&str]| asked(&bucket, args).1;
    assert_eq!(
        note(&[]),
        "InfluxDB has no such notification: send one, or wait for one with --follow\n"
    );
    deliver(&bucket, &[message("2026-01-01T00:00:00Z", "eth0", "", 1)]).await;
    assert_eq!(
        note(&["--publisher", "192.0.2.99"]),
        "no notification matches. InfluxDB has ietf-https-notif:notification from \
         2026-01-01T00:00:00Z to 2026-01-01T00:00:00Z; publishers: 192.0.2.1\n"
    );
    assert!(note(&["interface[name='no']/type"]).starts_with("none of the 1 notifications"));
    assert!(note(&["interface[1]/type"]).contains("name them by their keys"));
    assert!(note(&["interfaces"]).contains("the nearest names are interface, "));
    let with = |name: &str, value: &str| {
        let mut command = query(&bucket, &["--influxdb"]);
        command.env(name, value);
        let output = command.output().unwrap();
        assert!(!output.status.success());
        String::from_utf8(output.stderr).unwrap()
    };
    let secret = "not-the-token";
    let denied = with("INFLUXDB_TOKEN", secret);
    assert!(
        denied.starts_with("error: InfluxDB does not let us read test-"),
        "{denied}"
    );
    assert!(
        denied.contains("401 Unauthorized") && !denied.contains(secret),
        "{denied}"
    );
    let missing = with("NOTIF_SINKS__INFLUXDB__BUCKET", "no-such-bucket");
    assert_eq!(
        missing,
        "error: InfluxDB does not answer for no-such-bucket: database not found: no-such-bucket; \
         check url, version, bucket and database of [sinks.influxdb]\n"
    );
    let gone = with("NOTIF_SINKS__INFLUXDB__URL", "http://127.0.0.1:1");
    assert!(
        gone.starts_with("error: cannot ask InfluxDB: http://127.0.0.1:1/: "),
        "{gone}"
    );
    let off = with("NOTIF_SINKS__INFLUXDB__URL", "");
    assert!(
        off.starts_with("error: sinks.influxdb.url is not set: name the file"),
        "{off}"
    );
}

/// A process that is ended when the test ends.
struct Following(Child);

impl Drop for Following {
    fn drop(&mut self) {
        let _ = self.0.kill();
        let _ = self.0.wait();
    }
}

#[tokio::test(flavor = "multi_thread")]
async fn query_follows_what_comes_in() {
    let bucket = Influxdb::with_own_bucket().await;
    let old: Vec<_> = (0..5)
        .map(|s| message(&format!("2026-01-01T00:00:0{s}Z"), "old", "", s))
        .collect();
    deliver(&bucket, &old).await;
    let path = "interface/statistics/in-octets";
    let mut command = query(
        &bucket,
        &[
            "--influxdb",
            "--follow",
            "--limit",
            "1",
            "--format",
            "csv",
            path,
        ],
    );
    let mut following = Following(command.stdout(Stdio::piped()).spawn().unwrap());
    let mut lines = BufReader::new(following.0.stdout.take().unwrap()).lines();
    let mut next = move || lines.next().unwrap().unwrap();
    let mut value = move || {
        tokio::task::block_in_place(&mut next)
            .rsplit(',')
            .next()
            .unwrap()
            .to_owned()
    };
    assert_eq!([value(), value()], ["value", "4"]);
    deliver(&bucket, &[message("2026-01-01T00:01:00Z", "a", "", 60)]).await;
    assert_eq!(value(), "60");
    // One that happened before.
    deliver(&bucket, &[message("2026-01-01T00:00:58Z", "a", "", 58)]).await;
    assert_eq!(value(), "58");
    deliver(&bucket, &[message("2026-01-01T00:01:01Z", "a", "", 61)]).await;
    assert_eq!(value(), "61");
    // A clock that is fast does not hide the others.
    let now = Timestamp::now();
    let tomorrow = (now + jiff::SignedDuration::from_hours(24)).to_string();
    deliver(&bucket, &[message(&tomorrow, "fast", "", 100)]).await;
    assert_eq!(value(), "100");
    deliver(&bucket, &[message(&now.to_string(), "a", "", 62)]).await;
    assert_eq!(value(), "62");
}
