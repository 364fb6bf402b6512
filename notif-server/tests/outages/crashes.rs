//! The server is killed again and again under load: every 204 is in Kafka and in InfluxDB
//! afterwards.
#![allow(
    clippy::unwrap_used,
    clippy::panic,
    clippy::indexing_slicing,
    clippy::cast_possible_wrap,
    reason = "a test states what must hold"
)]

use std::collections::HashSet;
use std::path::{Path, PathBuf};
use std::time::{Duration, Instant};

use crate::ALONE;
use crate::common::kafka::{check_order, records};
use crate::common::publisher::Publisher;
use crate::common::{self, Metrics, Server, figures, services, unique};
use jiff::Timestamp;

/// The number of publishers that send at once.
const PUBLISHERS: u8 = 4;

/// The number of kills: `KILLS` of the environment, or enough for every change.
fn kills() -> u64 {
    std::env::var("KILLS").map_or(30, |number| number.parse().unwrap())
}

/// A configuration with both sinks.
fn configured(dir: &Path, topic: &str) -> PathBuf {
    let (brokers, influxdb) = (services::kafka_brokers(), services::influxdb());
    let file = dir.join("notif.toml");
    let text = format!(
        "[sinks.kafka]\nbrokers = '{brokers}'\ntopic = '{topic}'\n\
         [sinks.influxdb]\nurl = '{}'\norg = '{}'\nbucket = '{}'\ntoken = '{}'\nlinger = '10ms'\n",
        influxdb.url, influxdb.org, influxdb.bucket, influxdb.token
    );
    std::fs::write(&file, text).unwrap();
    file
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn every_204_is_in_kafka_and_influxdb_after_kills_under_load() {
    let _alone = ALONE.lock().await;
    let (dir, topic) = (tempfile::tempdir().unwrap(), unique("crashes"));
    let config = configured(dir.path(), &topic);
    let args = ["--config", config.to_str().unwrap()];
    let start = Timestamp::now();
    // The first start makes the certificate that the publishers trust.
    let first = Server::start(dir.path(), &args);
    let mut publishers: Vec<_> = (0..PUBLISHERS)
        .map(|number| Publisher::new(dir.path(), 10 + number))
        .collect();
    let mut running = Some(first);
    for round in 0..kills() {
        let server = running
            .take()
            .unwrap_or_else(|| Server::start(dir.path(), &args));
        let base = server.base.clone();
        let senders: Vec<_> = publishers
            .drain(..)
            .map(|mut publisher| {
                let base = base.clone();
                tokio::spawn(async move {
                    publisher.send_until_gone(&base).await;
                    publisher
                })
            })
            .collect();
        // A different moment each time: of the requests, of the batches, of the commits.
        let moment = Duration::from_micros(50_000 + round.wrapping_mul(7_919_777) % 400_000);
        tokio::time::sleep(moment).await;
        server.signal("KILL");
        server.wait();
        for sender in senders {
            publishers.push(sender.await.unwrap());
        }
    }
    let server = Server::start(dir.path(), &args);
    let client = common::client(dir.path());
    let drained = Instant::now();
    let metrics = Metrics::until(&client, &server, "all is delivered", |metrics| {
        ["kafka", "influxdb"]
            .iter()
            .all(|sink| metrics.of_sink("waiting", sink) == 0)
    })
    .await;
    let drained = drained.elapsed();
    for sink in ["kafka", "influxdb"] {
        assert_eq!(metrics.of_sink("unaccounted", sink), 0, "{sink}");
        assert_eq!(metrics.of_sink("quarantined_total", sink), 0, "{sink}");
        assert_eq!(metrics.of_sink("missed_total", sink), 0, "{sink}");
    }
    server.signal("TERM");
    let (status, log) = server.wait();
    assert!(status.success(), "{log}");

    let records = records(&topic);
    let again = check_order(&records);
    let (mut acknowledged, mut points) = (0, 0);
    for publisher in &publishers {
        let name = publisher.address.to_string();
        let mine = records.iter().filter(|record| record.key == name);
        let in_kafka: HashSet<_> = mine.map(|record| record.event_time.as_str()).collect();
        let found = services::influxdb()
            .points(&name, &start.to_string(), "statistics/in-octets")
            .await;
        let times: Vec<Timestamp> = found
            .iter()
            .map(|(time, _)| time.parse().unwrap())
            .collect();
        let in_influxdb: HashSet<_> = times.iter().copied().collect();
        assert_eq!(
            times.len(),
            in_influxdb.len(),
            "nothing is twice in InfluxDB"
        );
        assert_eq!(in_influxdb.len(), in_kafka.len(), "both have the same");
        for event_time in &publisher.acknowledged {
            assert!(
                in_kafka.contains(event_time.as_str()),
                "lost in Kafka: {event_time}"
            );
            let time = event_time.parse().unwrap();
            assert!(
                in_influxdb.contains(&time),
                "lost in InfluxDB: {event_time}"
            );
        }
        acknowledged += publisher.acknowledged.len();
        points += times.len();
    }
    assert!(acknowledged as u64 >= kills() * 4, "there was load");
    figures(format_args!(
        "{} kills: {acknowledged} acknowledged, {} records in Kafka ({again} of them again), \
         {points} points in InfluxDB, none twice; nothing lost; drained in {:.1} s",
        kills(),
        records.len(),
        drained.as_secs_f64()
    ));
}
