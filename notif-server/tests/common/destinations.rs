//! What Kafka and InfluxDB have in the end.
#![allow(dead_code, reason = "each test file uses a part")]

use std::collections::HashSet;
use std::time::{Duration, Instant};

use rdkafka::config::ClientConfig;
use rdkafka::consumer::{BaseConsumer, Consumer};
use rdkafka::error::{KafkaError, KafkaResult};
use rdkafka::message::{Headers, Message};
use rdkafka::metadata::MetadataPartition;
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

/// What is answered in the end: a broker that has just come up, or a topic that has just been made,
/// may have no leader yet.
fn patiently<T>(ask: impl Fn() -> KafkaResult<T>) -> T {
    let start = Instant::now();
    loop {
        match ask() {
            Ok(answer) => return answer,
            Err(error) => assert!(start.elapsed() < PATIENCE, "{error}"),
        }
        std::thread::sleep(Duration::from_millis(100));
    }
}

/// The numbers of the topic's partitions, once each has a leader.
fn partitions(consumer: &BaseConsumer, topic: &str) -> Vec<i32> {
    patiently(|| {
        let metadata = consumer.fetch_metadata(Some(topic), PATIENCE)?;
        let topic = &metadata.topics()[0];
        let errors = topic.partitions().iter().map(MetadataPartition::error);
        if let Some(error) = errors.chain([topic.error()]).flatten().next() {
            return Err(KafkaError::MetadataFetch(error.into()));
        }
        Ok(topic
            .partitions()
            .iter()
            .map(MetadataPartition::id)
            .collect())
    })
}

/// All records of a topic, each partition's in its order.
pub(crate) fn records(brokers: &str, topic: &str) -> Vec<Record> {
    let consumer: BaseConsumer = ClientConfig::new()
        .set("bootstrap.servers", brokers)
        .set("group.id", "reads-everything")
        .set("enable.auto.commit", "false")
        .create()
        .unwrap();
    let mut left: i64 = 0;
    let mut assignment = TopicPartitionList::new();
    for partition in partitions(&consumer, topic) {
        let (low, high) = patiently(|| consumer.fetch_watermarks(topic, partition, PATIENCE));
        left += high - low;
        assignment
            .add_partition_offset(topic, partition, Offset::Beginning)
            .unwrap();
    }
    consumer.assign(&assignment).unwrap();
    let (mut records, start) = (Vec::new(), Instant::now());
    while records.len() < usize::try_from(left).unwrap() {
        assert!(
            start.elapsed() < PATIENCE * 4,
            "{} of {left}",
            records.len()
        );
        let Some(message) = consumer.poll(Duration::from_millis(500)) else {
            continue;
        };
        // A broker that is away for a moment is an error too.
        let Ok(message) = message else {
            continue;
        };
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
