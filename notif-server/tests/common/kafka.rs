//! Topics of a single test in the real Kafka, and their records.
#![allow(dead_code, reason = "each test file uses a part")]

use std::collections::{BTreeMap, HashSet};
use std::ops::Range;
use std::time::{Duration, Instant};

use jiff::Timestamp;
use notif_runtime::Encoding;
use notif_server::config;
use notif_server::notification::{Entry, Envelope, Record, Stored};
use notif_server::sink::Item;
use rdkafka::ClientConfig;
use rdkafka::admin::{AdminClient, AdminOptions, NewTopic, TopicReplication};
use rdkafka::client::DefaultClientContext;
use rdkafka::consumer::{BaseConsumer, Consumer};
use rdkafka::error::{KafkaError, KafkaResult};
use rdkafka::message::{Headers, Message, OwnedMessage};
use rdkafka::metadata::MetadataPartition;
use rdkafka::topic_partition_list::{Offset, TopicPartitionList};
use uuid::Uuid;

use super::{named, services, unique};

/// The time for a broker to answer.
const PATIENCE: Duration = Duration::from_secs(30);

fn client() -> ClientConfig {
    let mut client = ClientConfig::new();
    client.set("bootstrap.servers", services::kafka_brokers());
    client
}

/// Creates a topic with these settings.
pub(crate) async fn create_topic(name: &str, partitions: i32, settings: &[(&str, &str)]) {
    let admin: AdminClient<DefaultClientContext> = client().create().unwrap();
    let mut topic = NewTopic::new(name, partitions, TopicReplication::Fixed(1));
    for (name, value) in settings {
        topic = topic.set(name, value);
    }
    let made = admin.create_topics(&[topic], &AdminOptions::new()).await;
    made.unwrap().remove(0).unwrap();
}

/// The configuration of the sink: this topic, and what TOML adds.
pub(crate) fn config(topic: &str, more: &str) -> config::Kafka {
    let brokers = services::kafka_brokers();
    toml::from_str(&format!("brokers = '{brokers}'\ntopic = '{topic}'\n{more}")).unwrap()
}

/// The answer, with retries: a broker that has just started, or a new topic, may have no leader
/// yet.
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

/// All records in the topic now, in order for each partition.
fn all(topic: &str) -> Vec<OwnedMessage> {
    let consumer: BaseConsumer = client()
        .set("group.id", unique("reader"))
        .set("enable.auto.commit", "false")
        .create()
        .unwrap();
    // Of each partition, the offsets that are still to be read.
    let mut left: BTreeMap<i32, Range<i64>> = BTreeMap::new();
    let mut assignment = TopicPartitionList::new();
    for partition in partitions(&consumer, topic) {
        let (low, high) = patiently(|| consumer.fetch_watermarks(topic, partition, PATIENCE));
        left.insert(partition, low..high);
        assignment
            .add_partition_offset(topic, partition, Offset::Beginning)
            .unwrap();
    }
    consumer.assign(&assignment).unwrap();
    let (mut messages, start) = (Vec::new(), Instant::now());
    while left.values().any(|left| !left.is_empty()) {
        assert!(start.elapsed() < PATIENCE * 4, "not read: {left:?}");
        // A broker that is away for a moment is an error too.
        let Some(Ok(message)) = consumer.poll(Duration::from_millis(500)) else {
            continue;
        };
        let left = left.get_mut(&message.partition()).unwrap();
        // Later records are left out.
        if message.offset() < left.end {
            assert_eq!(message.offset(), left.start, "read in order, each once");
            left.start += 1;
            messages.push(message.detach());
        }
    }
    messages
}

/// The records in the topic, in order for each partition: as many as expected, or those there after
/// too long a wait, and any that come in a moment later.
pub(crate) fn read(topic: &str, count: usize) -> Vec<OwnedMessage> {
    let start = Instant::now();
    while all(topic).len() < count && start.elapsed() < PATIENCE {
        std::thread::sleep(Duration::from_millis(100));
    }
    std::thread::sleep(Duration::from_secs(1));
    all(topic)
}

/// The parts of a record that the tests compare.
#[derive(Debug, Clone)]
pub(crate) struct Sent {
    pub(crate) partition: i32,
    pub(crate) key: String,
    pub(crate) id: String,
    pub(crate) event_time: String,
}

/// All records of the topic, each partition's in its order.
pub(crate) fn records(topic: &str) -> Vec<Sent> {
    let record = |message: &OwnedMessage| Sent {
        partition: message.partition(),
        key: String::from_utf8(message.key().unwrap().to_vec()).unwrap(),
        id: header(message, "id").unwrap(),
        event_time: header(message, "event-time").unwrap_or_default(),
    };
    all(topic).iter().map(record).collect()
}

/// Checks that each publisher's records are in one partition and, apart from repetitions with an
/// earlier id, in the order of their event times; returns the number of repetitions.
pub(crate) fn check_order(records: &[Sent]) -> usize {
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

/// The value of a header, which is text.
pub(crate) fn header(record: &OwnedMessage, name: &str) -> Option<String> {
    let mut headers = record.headers()?.iter();
    let value = headers.find(|header| header.key == name)?.value?;
    Some(String::from_utf8(value.to_vec()).unwrap())
}

/// The name of the interface that the record is about.
pub(crate) fn interface(value: &[u8]) -> String {
    let value: serde_json::Value = serde_json::from_slice(value).unwrap();
    let name = value.pointer("/ietf-https-notif:notification/interface_data/interface/0/name");
    name.unwrap().as_str().unwrap().to_owned()
}

/// A notification of this publisher about an interface of this name.
pub(crate) fn item(publisher: &str, interface: &str) -> Item {
    item_of(publisher, Encoding::Json, named(interface))
}

/// A notification of this publisher with this body.
pub(crate) fn item_of(publisher: &str, encoding: Encoding, body: impl Into<String>) -> Item {
    let record = Record {
        stored: Stored {
            seq: 1,
            id: Uuid::now_v7(),
        },
        entry: Entry {
            received: Timestamp::from_millisecond(Timestamp::now().as_millisecond()).unwrap(),
            event_time: None,
            publisher: publisher.to_owned(),
            encoding,
            name: "ietf-https-notif:notification".to_owned(),
            body: body.into().into_bytes(),
            reading: None,
            envelope: Envelope::default(),
        },
    };
    let mut item = Item::decode(record, &notif_server::registry());
    let time = item.notification.as_ref().unwrap().event_time();
    item.record.entry.event_time = time.map(|time| time.to_string());
    item
}

/// The committed offset of a group for each partition of a topic.
pub(crate) fn committed(group: &str, topic: &str, partitions: i32) -> BTreeMap<i32, usize> {
    let consumer: BaseConsumer = client().set("group.id", group).create().unwrap();
    let mut list = TopicPartitionList::new();
    for partition in 0..partitions {
        list.add_partition(topic, partition);
    }
    let list = consumer.committed_offsets(list, Duration::from_secs(10));
    let offset = |offset: Offset| usize::try_from(offset.to_raw().unwrap()).unwrap_or(0);
    list.unwrap()
        .elements()
        .iter()
        .map(|element| (element.partition(), offset(element.offset())))
        .collect()
}
