//! What Kafka and InfluxDB have in the end.
#![allow(dead_code, reason = "each test file uses a part")]

use std::collections::{BTreeMap, HashSet};
use std::ops::Range;
use std::time::{Duration, Instant};

use rdkafka::config::ClientConfig;
use rdkafka::consumer::{BaseConsumer, Consumer};
use rdkafka::message::{Headers, Message};
use rdkafka::{Offset, TopicPartitionList};

use super::services::Influxdb;

/// How long a service may take to answer.
const PATIENCE: Duration = Duration::from_secs(30);

/// A record of a topic.
#[derive(Debug, Clone)]
pub(crate) struct Record {
    pub(crate) partition: i32,
    pub(crate) key: String,
    pub(crate) id: String,
    pub(crate) event_time: String,
}

/// All records of a topic, each partition's in its order.
pub(crate) fn records(brokers: &str, topic: &str) -> Vec<Record> {
    let consumer: BaseConsumer = ClientConfig::new()
        .set("bootstrap.servers", brokers)
        .set("group.id", "reads-everything")
        .set("enable.auto.commit", "false")
        .create()
        .unwrap();
    let metadata = consumer.fetch_metadata(Some(topic), PATIENCE).unwrap();
    let mut assignment = TopicPartitionList::new();
    // Of each partition, the offsets that are still to be read.
    let mut left: BTreeMap<i32, Range<i64>> = BTreeMap::new();
    for partition in metadata.topics()[0].partitions() {
        left.insert(partition.id(), offsets(&consumer, topic, partition.id()));
        assignment
            .add_partition_offset(topic, partition.id(), Offset::Beginning)
            .unwrap();
    }
    consumer.assign(&assignment).unwrap();
    let (mut records, start) = (Vec::new(), Instant::now());
    while left.values().any(|left| !left.is_empty()) {
        assert!(start.elapsed() < PATIENCE * 4, "not read: {left:?}");
        let Some(message) = consumer.poll(Duration::from_millis(500)) else {
            continue;
        };
        let message = message.unwrap();
        let left = left.get_mut(&message.partition()).unwrap();
        if message.offset() >= left.end {
            // It came after this began to read.
            continue;
        }
        assert_eq!(message.offset(), left.start, "read in order, each once");
        left.start += 1;
        let header = |name: &str| {
            let mut headers = message.headers().unwrap().iter();
            let header = headers.find(|header| header.key == name);
            let value = header.map_or(&[][..], |header| header.value.unwrap());
            String::from_utf8(value.to_vec()).unwrap()
        };
        records.push(Record {
            partition: message.partition(),
            key: String::from_utf8(message.key().unwrap().to_vec()).unwrap(),
            id: header("id"),
            event_time: header("event-time"),
        });
    }
    records
}

/// The offsets of a partition's records. The leader of one that was just made may not know yet that
/// it is.
fn offsets(consumer: &BaseConsumer, topic: &str, partition: i32) -> Range<i64> {
    let start = Instant::now();
    loop {
        match consumer.fetch_watermarks(topic, partition, PATIENCE) {
            Ok((low, high)) => return low..high,
            Err(error) => assert!(start.elapsed() < PATIENCE, "{error}"),
        }
        std::thread::sleep(Duration::from_millis(50));
    }
}

/// Checks that each publisher's records are in one partition and, but for what came again with an
/// id that was there before, in the order of their event times; answers how many came again.
pub(crate) fn check_order(records: &[Record]) -> usize {
    let publishers: HashSet<_> = records.iter().map(|record| &record.key).collect();
    let mut again = 0;
    for publisher in publishers {
        let mine = || records.iter().filter(|record| record.key == *publisher);
        let partitions: HashSet<_> = mine().map(|record| record.partition).collect();
        assert_eq!(partitions.len(), 1, "{publisher} is in {partitions:?}");
        let (mut ids, mut last) = (HashSet::new(), "");
        for record in mine() {
            if ids.insert(&record.id) {
                assert!(
                    last < record.event_time.as_str(),
                    "{last} before {record:?}"
                );
                last = &record.event_time;
            } else {
                again += 1;
            }
        }
    }
    again
}

impl Influxdb {
    /// The answer to a Flux query, as CSV with one line a row.
    pub(crate) async fn flux(&self, query: &str) -> String {
        let answer = reqwest::Client::new()
            .post(format!("{}/api/v2/query?org={}", self.url, self.org))
            .header("Authorization", format!("Token {}", self.token))
            .header("Content-Type", "application/vnd.flux")
            .header("Accept", "application/csv")
            .body(query.to_owned())
            .timeout(PATIENCE * 2)
            .send()
            .await
            .unwrap();
        assert!(
            answer.status().is_success(),
            "{}",
            answer.text().await.unwrap()
        );
        answer.text().await.unwrap()
    }

    /// The times and values of a publisher's points of a field since the time, in their order.
    pub(crate) async fn points(
        &self,
        publisher: &str,
        since: &str,
        field: &str,
    ) -> Vec<(String, String)> {
        let csv = self
            .flux(&format!(
                r#"from(bucket: "{}") |> range(start: time(v: "{since}"), stop: 2100-01-01T00:00:00Z)
                |> filter(fn: (r) => r.publisher == "{publisher}" and r._field == "{field}")
                |> keep(columns: ["_time", "_value"]) |> sort(columns: ["_time"])"#,
                self.bucket
            ))
            .await;
        let mut reader = csv::Reader::from_reader(csv.as_bytes());
        let headers = reader.headers().unwrap().clone();
        let column = |name: &str| headers.iter().position(|header| header == name);
        let (Some(time), Some(value)) = (column("_time"), column("_value")) else {
            return Vec::new();
        };
        let rows = reader.records().map(Result::unwrap);
        rows.map(|row| (row[time].to_owned(), row[value].to_owned()))
            .collect()
    }
}
