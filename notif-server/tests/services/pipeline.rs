//! From publishers over the collector to Kafka and InfluxDB, when nothing fails but what a test
//! kills itself.
#![allow(
    clippy::unwrap_used,
    clippy::panic,
    clippy::indexing_slicing,
    reason = "a test states what must hold"
)]

use std::collections::HashSet;
use std::path::{Path, PathBuf};
use std::process::{Child, Command, Stdio};
use std::time::{Duration, Instant};

use crate::common::kafka::{check_order, records};
use crate::common::publisher::{Publisher, Told};
use crate::common::{self, JSON, Metrics, PROGRAM, Server, figures, relay, services, unique};
use jiff::Timestamp;
use reqwest::StatusCode;

/// A configuration file with these lines; the places of the services are filled in.
fn configured(dir: &Path, name: &str, lines: &str) -> PathBuf {
    let influxdb = services::influxdb();
    let text = lines
        .replace("{brokers}", &services::kafka_brokers())
        .replace(
            "{influxdb}",
            &format!(
                "[sinks.influxdb]\nurl = '{}'\norg = '{}'\nbucket = '{}'\ntoken = '{}'\n",
                influxdb.url, influxdb.org, influxdb.bucket, influxdb.token
            ),
        );
    let file = dir.join(name);
    std::fs::write(&file, text).unwrap();
    file
}

/// Waits, for at most a minute, until `done`.
async fn until(what: &str, mut done: impl AsyncFnMut() -> bool) {
    let start = Instant::now();
    while !done().await {
        assert!(
            start.elapsed() < Duration::from_secs(60),
            "not in a minute: {what}"
        );
        tokio::time::sleep(Duration::from_millis(200)).await;
    }
}

#[tokio::test]
async fn a_clean_run_delivers_each_notification_exactly_once() {
    const COUNT: usize = 500;
    let (dir, topic) = (tempfile::tempdir().unwrap(), unique("clean"));
    let lines = format!("[sinks.kafka]\nbrokers = '{{brokers}}'\ntopic = '{topic}'\n{{influxdb}}");
    let config = configured(dir.path(), "notif.toml", &lines);
    let args = ["--config", config.to_str().unwrap()];
    let server = Server::start(dir.path(), &args);
    let start = Timestamp::now();
    let mut publisher = Publisher::new(dir.path(), 51);
    for _ in 0..COUNT / 2 {
        assert_eq!(publisher.send(&server.base).await, Told::Taken);
    }
    // A stop in the middle takes nothing away and doubles nothing.
    server.signal("TERM");
    assert!(server.wait().0.success());
    let server = Server::start(dir.path(), &args);
    for _ in 0..COUNT / 2 {
        assert_eq!(publisher.send(&server.base).await, Told::Taken);
    }
    let client = common::client(dir.path());
    let metrics = Metrics::until(&client, &server, "drained", |metrics| {
        ["kafka", "influxdb"]
            .iter()
            .all(|sink| metrics.of_sink("waiting", sink) == 0)
    })
    .await;
    for sink in ["kafka", "influxdb"] {
        assert_eq!(metrics.of_sink("delivered_total", sink), 500);
        assert_eq!(metrics.of_sink("unaccounted", sink), 0);
    }
    let records = records(&topic);
    assert_eq!((records.len(), check_order(&records)), (COUNT, 0));
    let times: Vec<_> = records
        .iter()
        .map(|record| record.event_time.clone())
        .collect();
    assert_eq!(times, publisher.acknowledged);
    let points = services::influxdb()
        .points("127.0.0.51", &start.to_string(), "statistics/in-octets")
        .await;
    let values: Vec<_> = points.into_iter().map(|(_, value)| value).collect();
    let expected: Vec<_> = (0..COUNT).map(|number| number.to_string()).collect();
    assert_eq!(values, expected);
}

#[tokio::test]
async fn what_is_rejected_goes_to_the_dead_letters_and_replay_keeps_the_ids() {
    let (dir, topic, dead) = (
        tempfile::tempdir().unwrap(),
        unique("replay"),
        unique("dead"),
    );
    let lines = format!(
        "[sinks.kafka]\nbrokers = '{{brokers}}'\ntopic = '{topic}'\ndead-letter = '{dead}'\n"
    );
    let config = configured(dir.path(), "notif.toml", &lines);
    let (config, data) = (config.to_str().unwrap(), dir.path().to_str().unwrap());
    let server = Server::start(dir.path(), &["--config", config]);
    let client = common::client(dir.path());
    relay(&client, &server, "application/json", JSON).await;
    let bad = JSON.replacen("\"if-index\": 2", "\"if-index\": 0", 1);
    relay(&client, &server, "application/json", bad).await;
    Metrics::until(&client, &server, "delivered", |metrics| {
        ["kafka", "kafka-dead-letter"]
            .iter()
            .all(|sink| metrics.of_sink("delivered_total", sink) == 1)
    })
    .await;
    let replay = |more: &[&str]| {
        let args = [
            &["replay", "kafka", "--config", config, "--data-dir", data],
            more,
        ]
        .concat();
        let output = Command::new(PROGRAM).args(args).output().unwrap();
        let told = String::from_utf8(output.stdout).unwrap();
        assert!(
            output.status.success(),
            "{told}{}",
            String::from_utf8_lossy(&output.stderr)
        );
        told
    };
    assert!(replay(&["--all", "--dry-run"]).starts_with("1 notifications would be sent"));
    assert!(replay(&["--since", "1h"]).ends_with("1 sent, 0 refused, 0 damaged\n"));
    let records = records(&topic);
    assert_eq!(records.len(), 2);
    assert_eq!(records[0].id, records[1].id);
    let metrics = Metrics::read(&client, &server).await;
    assert_eq!(
        metrics.of_sink("delivered_total", "kafka"),
        1,
        "accounts stay as they are"
    );
}

#[tokio::test]
async fn kafka_acknowledges_and_nothing_is_kept_here() {
    let (dir, topic, dead) = (tempfile::tempdir().unwrap(), unique("ack"), unique("dead"));
    let lines = format!(
        "ack = 'kafka'\n[sinks.kafka]\nbrokers = '{{brokers}}'\ntopic = '{topic}'\ndead-letter = '{dead}'\n"
    );
    let config = configured(dir.path(), "notif.toml", &lines);
    let server = Server::start(dir.path(), &["--config", config.to_str().unwrap()]);
    let mut publisher = Publisher::new(dir.path(), 52);
    for _ in 0..100 {
        assert_eq!(publisher.send(&server.base).await, Told::Taken);
    }
    // Each 204 came after Kafka's own.
    let records_now = records(&topic);
    let times: Vec<_> = records_now
        .iter()
        .map(|record| record.event_time.clone())
        .collect();
    assert_eq!(times, publisher.acknowledged);
    let client = common::client(dir.path());
    let refused = relay(&client, &server, "application/json", "{}").await;
    assert_eq!(refused.status(), StatusCode::BAD_REQUEST);
    until("a dead letter", async || records(&dead).len() == 1).await;
    let health = client.get(server.url("/healthz")).send().await.unwrap();
    assert_eq!(health.status(), StatusCode::OK);
    assert!(!dir.path().join("journal.db").exists());
}

/// A member of the consumer group.
fn consumer(config: &Path) -> Child {
    Command::new(PROGRAM)
        .args(["consume", "--config"])
        .arg(config)
        .stderr(Stdio::null())
        .spawn()
        .unwrap()
}

#[tokio::test]
async fn members_of_the_group_are_killed_and_influxdb_has_everything() {
    const COUNT: usize = 600;
    let (dir, topic, group) = (
        tempfile::tempdir().unwrap(),
        unique("consume"),
        unique("group"),
    );
    let kafka = format!("[sinks.kafka]\nbrokers = '{{brokers}}'\ntopic = '{topic}'\n");
    let config = configured(dir.path(), "notif.toml", &kafka);
    let lines = format!(
        "{kafka}{{influxdb}}[consume]\ngroup = '{group}'\nbatch = 20\ndead-letter = '{topic}-dead'\n\
         [sinks.kafka.properties]\n'session.timeout.ms' = 6000\n"
    );
    let consume = configured(dir.path(), "consume.toml", &lines);
    let server = Server::start(dir.path(), &["--config", config.to_str().unwrap()]);
    let start = Timestamp::now();
    let mut publishers: Vec<_> = (61..=64)
        .map(|host| Publisher::new(dir.path(), host))
        .collect();
    let mut members = [consumer(&consume), consumer(&consume)];
    for number in 0..COUNT {
        if number % 150 == 100 {
            // Without a word, in the middle of its work; another takes its place.
            let member = &mut members[number / 150 % 2];
            member.kill().unwrap();
            member.wait().unwrap();
            *member = consumer(&consume);
        }
        let publisher = &mut publishers[number % 4];
        assert_eq!(publisher.send(&server.base).await, Told::Taken);
        tokio::time::sleep(Duration::from_millis(5)).await;
    }
    let influxdb = services::influxdb();
    let since = start.to_string();
    for publisher in &publishers {
        let name = publisher.address.to_string();
        let wanted: HashSet<Timestamp> = publisher
            .acknowledged
            .iter()
            .map(|time| time.parse().unwrap())
            .collect();
        until("all points", async || {
            let points = influxdb.points(&name, &since, "statistics/in-octets").await;
            let times = points.iter().map(|(time, _)| time.parse().unwrap());
            times.collect::<HashSet<Timestamp>>() == wanted && points.len() == wanted.len()
        })
        .await;
    }
    for mut member in members {
        let pid = member.id().to_string();
        Command::new("kill").args(["-TERM", &pid]).status().unwrap();
        assert!(member.wait().unwrap().success());
    }
    figures(format_args!(
        "{COUNT} notifications through a consumer group, 4 members killed: {COUNT} points, none twice"
    ));
}
