//! Topics of a test's own in the real Kafka, and what is in them.
#![allow(dead_code, reason = "each test file uses a part")]

use std::collections::BTreeMap;
use std::time::{Duration, Instant};

use jiff::Timestamp;
use notif_runtime::Encoding;
use notif_server::config;
use notif_server::journal::{Entry, Record, Stored};
use notif_server::sink::Item;
use rdkafka::ClientConfig;
use rdkafka::admin::{AdminClient, AdminOptions, NewTopic, TopicReplication};
use rdkafka::client::DefaultClientContext;
use rdkafka::consumer::{BaseConsumer, Consumer};
use rdkafka::message::{Headers, Message, OwnedMessage};
use rdkafka::topic_partition_list::{Offset, TopicPartitionList};
use uuid::Uuid;

use super::{named, services, unique};

fn client() -> ClientConfig {
    let mut client = ClientConfig::new();
    client.set("bootstrap.servers", services::kafka_brokers());
    client
}

/// Makes a topic, with these settings.
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

/// The records in the topic, each partition's in their order: at least as many as are expected,
/// and none for a while then.
pub(crate) fn read(topic: &str, count: usize) -> Vec<OwnedMessage> {
    let consumer: BaseConsumer = client()
        .set("group.id", unique("reader"))
        .set("auto.offset.reset", "earliest")
        .create()
        .unwrap();
    consumer.subscribe(&[topic]).unwrap();
    let (mut records, mut quiet) = (Vec::new(), Instant::now());
    let patience = |found: usize| Duration::from_secs(if found < count { 30 } else { 1 });
    while quiet.elapsed() < patience(records.len()) {
        if let Some(Ok(message)) = consumer.poll(Duration::from_millis(100)) {
            records.push(message.detach());
            quiet = Instant::now();
        }
    }
    records
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
        },
    };
    let mut item = Item::decode(record, &notif_server::registry());
    let time = item.notification.as_ref().unwrap().event_time();
    item.record.entry.event_time = time.map(ToString::to_string);
    item
}

/// How far a group is with each partition of a topic.
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
