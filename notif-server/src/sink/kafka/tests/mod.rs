mod acknowledge;

use std::collections::BTreeMap;
use std::sync::Arc;
use std::time::{Duration, Instant};

use jiff::Timestamp;
use notif_runtime::Encoding;
use rdkafka::ClientConfig;
use rdkafka::consumer::{BaseConsumer, Consumer};
use rdkafka::message::{Headers, Message};
use rdkafka::mocking::MockCluster;
use rdkafka::producer::DefaultProducerContext;
use rdkafka::topic_partition_list::{Offset, TopicPartitionList};
use rdkafka::types::{RDKafkaApiKey, RDKafkaRespErr};
use uuid::Uuid;

use super::*;
use crate::config::{KafkaValue, Properties};
use crate::notification::{Entry, Envelope, Record, Rejection, Stored};

type Cluster = MockCluster<'static, DefaultProducerContext>;

const TOPIC: &str = "yang-notifications";

/// A notification of this publisher, with one interface of this name.
fn item(publisher: &str, name: &str) -> Item {
    let body = format!(
        r#"{{"ietf-https-notif:notification":{{"eventTime":"2026-01-01T00:00:00Z","interface_data":{{"interface":[
            {{"name":"{name}","type":"1","admin-status":"up","if-index":1,"speed":"7",
             "statistics":{{"discontinuity-time":"2026-01-01T00:00:00Z"}}}}]}}}}}}"#
    );
    item_of(publisher, Encoding::Json, body)
}

fn item_of(publisher: &str, encoding: Encoding, body: String) -> Item {
    let record = Record {
        stored: Stored {
            seq: 1,
            id: Uuid::now_v7(),
        },
        entry: Entry {
            received: Timestamp::from_second(1_800_000_000).unwrap(),
            event_time: Some("2026-01-01T00:00:00Z".to_owned()),
            publisher: publisher.to_owned(),
            encoding,
            name: "ietf-https-notif:notification".to_owned(),
            body: body.into(),
            reading: None,
            envelope: Envelope::default(),
        },
    };
    Item::decode(record, &crate::registry())
}

fn items(names: std::ops::Range<usize>) -> Vec<Item> {
    names.map(|at| item("p", &format!("eth{at}"))).collect()
}

fn config(cluster: &Cluster, properties: &[(&str, &str)]) -> Kafka {
    let properties = properties.iter();
    let properties = properties.map(|(name, value)| ((*name).into(), (*value).into()));
    Kafka {
        brokers: cluster.bootstrap_servers(),
        properties: Properties(properties.collect()),
        ..Kafka::default()
    }
}

fn cluster() -> Cluster {
    let cluster = MockCluster::new(1).unwrap();
    cluster.create_topic(TOPIC, 1, 1).unwrap();
    cluster
}

fn sink(config: &Kafka) -> KafkaSink {
    KafkaSink::new(config, &crate::registry()).unwrap()
}

fn status() -> Status {
    Status::new(KAFKA.name)
}

/// The names of the interfaces in the topic, in their order: as many, and none for a while then.
fn read(cluster: &Cluster, topic: &str, count: usize) -> Vec<String> {
    let consumer: BaseConsumer = ClientConfig::new()
        .set("bootstrap.servers", cluster.bootstrap_servers())
        .set("group.id", "reader")
        .create()
        .unwrap();
    let mut list = TopicPartitionList::new();
    list.add_partition_offset(topic, 0, Offset::Beginning)
        .unwrap();
    consumer.assign(&list).unwrap();
    let (mut names, mut quiet) = (Vec::new(), Instant::now());
    let patience = |found| match found {
        found if found < count => Duration::from_secs(20),
        _ => Duration::from_secs(1),
    };
    while quiet.elapsed() < patience(names.len()) {
        if let Some(Ok(message)) = consumer.poll(Duration::from_millis(100)) {
            names.push(name(message.payload().unwrap()));
            quiet = Instant::now();
        }
    }
    names
}

fn name(value: &[u8]) -> String {
    let value: serde_json::Value = serde_json::from_slice(value).unwrap();
    let name = value.pointer("/ietf-https-notif:notification/interface_data/interface/0/name");
    name.unwrap().as_str().unwrap().to_owned()
}

fn names(items: &[Item]) -> Vec<String> {
    let body = |item: &Item| name(&item.record.entry.body);
    items.iter().map(body).collect()
}

fn refusal(outcome: &Outcome) -> &str {
    match outcome {
        Outcome::Refused(reason) => reason,
        Outcome::Delivered => panic!("it was delivered"),
    }
}

#[test]
fn the_headers_say_what_the_record_is() {
    let item = item("192.0.2.1", "eth0");
    let config = Kafka {
        topic: "yang.{module}".parse().unwrap(),
        schema_ids: BTreeMap::from([("ietf-https-notif".to_owned(), "17".to_owned())]),
        ..Kafka::default()
    };
    let modules = crate::registry();
    let record = record::of_item(&item, modules.modules(), &config).unwrap();
    let found: Vec<_> = record
        .headers
        .iter()
        .map(|header| {
            (
                header.key.to_owned(),
                String::from_utf8(header.value.unwrap().into()).unwrap(),
            )
        })
        .collect();
    let id = item.record.stored.id.to_string();
    let expected = [
        ("id", id.as_str()),
        ("content-type", "application/yang-data+json"),
        ("module", "ietf-https-notif"),
        ("revision", "2026-11-23"),
        ("notification", "notification"),
        ("event-time", "2026-01-01T00:00:00Z"),
        ("receive-time", "2027-01-15T08:00:00Z"),
        ("publisher", "192.0.2.1"),
        ("encoding", "json"),
        ("schema-id", "17"),
    ];
    assert_eq!(
        found,
        expected.map(|(name, value)| (name.to_owned(), value.to_owned()))
    );
    assert_eq!(record.topic, "yang.ietf-https-notif");
    assert_eq!(record.key.as_deref(), Some(&b"192.0.2.1"[..]));
    assert_eq!(record.timestamp, Some(1_800_000_000_000));
}

#[test]
fn a_value_is_json_or_cbor_of_the_data_or_what_came_in() {
    let xml = include_str!("../../../../../examples/data/interfaces.xml").to_owned();
    let item = item_of("p", Encoding::Xml, xml.clone());
    let (json, media) = value::encode(&item, KafkaValue::Json).unwrap();
    assert_eq!(media, "application/yang-data+json");
    let decode = |encoding, value: &[u8]| {
        let options = notif_runtime::Options::default();
        let decoded = crate::registry().decode(encoding, value, &options);
        notif_runtime::json::to_string(decoded.unwrap().root())
    };
    assert_eq!(decode(Encoding::Json, &json).as_bytes(), &*json);
    let (cbor, media) = value::encode(&item, KafkaValue::Cbor).unwrap();
    assert_eq!(media, "application/cbor");
    assert!(cbor.len() < json.len());
    assert_eq!(decode(Encoding::JsonCbor, &cbor).as_bytes(), &*json);
    let (original, media) = value::encode(&item, KafkaValue::Original).unwrap();
    assert_eq!(
        (&*original, media),
        (xml.as_bytes(), "application/yang-data+xml")
    );

    let foreign = item_of("p", Encoding::Json, "{}".to_owned());
    assert!(value::encode(&foreign, KafkaValue::Original).is_ok());
    let reason = value::encode(&foreign, KafkaValue::Json).unwrap_err();
    assert!(reason.contains("does not fit the modules"), "{reason}");
}

#[test]
fn a_dead_letter_holds_the_body_and_what_was_wrong() {
    let rejected = Rejected {
        stored: Stored {
            seq: 1,
            id: Uuid::now_v7(),
        },
        rejection: Rejection {
            received: Timestamp::UNIX_EPOCH,
            publisher: "p".to_owned(),
            encoding: Encoding::Xml,
            faults: "é".repeat(10_000),
            body: b"<x".to_vec(),
        },
    };
    let record = record::of_rejected(&rejected, &"dead".parse().unwrap());
    assert_eq!(
        (record.topic.as_str(), record.value.as_deref()),
        ("dead", Some(&b"<x"[..]))
    );
    let header = |name| {
        let found = record.headers.iter().find(|header| header.key == name);
        std::str::from_utf8(found.unwrap().value.unwrap()).unwrap()
    };
    assert_eq!(header("id"), rejected.stored.id.to_string());
    assert_eq!(header("content-type"), "application/yang-data+xml");
    assert_eq!(header("error"), "é".repeat(4096));
}

#[test]
fn sasl_and_tls_are_built_in() {
    for mechanism in ["PLAIN", "SCRAM-SHA-256", "SCRAM-SHA-512", "OAUTHBEARER"] {
        let mut kafka = Kafka {
            brokers: "127.0.0.1:1".to_owned(),
            ..Kafka::default()
        };
        kafka.properties.0.extend(
            [
                ("security.protocol", "SASL_SSL"),
                ("sasl.mechanisms", mechanism),
                ("sasl.username", "u"),
                ("sasl.password", "p"),
            ]
            .map(|(name, value)| (name.to_owned(), value.to_owned())),
        );
        assert!(Courier::new(&kafka).is_ok(), "{mechanism}");
    }
}

#[tokio::test]
async fn a_request_that_is_too_large_does_not_condemn_the_records_in_it() {
    let cluster = cluster();
    let mut sink = sink(&config(&cluster, &[("batch.num.messages", "10")]));
    sink.deliver(&items(0..1), &status()).await;
    let error = RDKafkaRespErr::RD_KAFKA_RESP_ERR_MSG_SIZE_TOO_LARGE;
    cluster.request_errors(RDKafkaApiKey::Produce, &[error]);
    let items = items(1..40);
    let outcomes = sink.deliver(&items, &status()).await;
    assert_eq!(outcomes, vec![Outcome::Delivered; 39]);
    assert_eq!(read(&cluster, TOPIC, 40)[1..], names(&items));
}

/// A broker that has nothing of a producer in a partition takes any of its requests for the first.
#[tokio::test]
async fn nothing_overtakes_the_first_request_of_a_producer() {
    use RDKafkaRespErr::*;
    for error in [
        RD_KAFKA_RESP_ERR_MSG_SIZE_TOO_LARGE,
        RD_KAFKA_RESP_ERR_NOT_ENOUGH_REPLICAS,
        RD_KAFKA_RESP_ERR_NOT_LEADER_FOR_PARTITION,
    ] {
        let cluster = cluster();
        // Long enough for all to be under way that may be.
        let answer = Duration::from_millis(100);
        cluster.broker_round_trip_time(-1, answer).unwrap();
        let mut sink = sink(&config(&cluster, &[("batch.num.messages", "2")]));
        cluster.request_errors(RDKafkaApiKey::Produce, &[error]);
        let items = items(0..8);
        let outcomes = sink.deliver(&items, &status()).await;
        assert_eq!(outcomes, vec![Outcome::Delivered; 8], "{error:?}");
        assert_eq!(read(&cluster, TOPIC, 8), names(&items), "{error:?}");
    }
}

#[tokio::test]
async fn a_record_that_is_too_large_alone_is_refused_and_the_others_are_not() {
    let cluster = cluster();
    let mut sink = sink(&config(&cluster, &[]));
    sink.deliver(&[item("p", "before")], &status()).await;
    let error = RDKafkaRespErr::RD_KAFKA_RESP_ERR_MSG_SIZE_TOO_LARGE;
    // All together, and then the first alone.
    cluster.request_errors(RDKafkaApiKey::Produce, &[error, error]);
    let items = items(0..5);
    let outcomes = sink.deliver(&items, &status()).await;
    assert!(
        refusal(&outcomes[0]).contains("max.message.bytes"),
        "{outcomes:?}"
    );
    assert_eq!(outcomes[1..], vec![Outcome::Delivered; 4]);
    assert_eq!(read(&cluster, TOPIC, 5)[1..], names(&items[1..]));
}

#[tokio::test]
async fn a_record_that_librdkafka_does_not_take_is_refused_at_once() {
    let cluster = cluster();
    let mut sink = sink(&config(&cluster, &[("message.max.bytes", "1000")]));
    let mut items = items(0..3);
    items[1] = item("p", &"x".repeat(2000));
    let outcomes = sink.deliver(&items, &status()).await;
    assert!(
        refusal(&outcomes[1]).contains("message.max.bytes"),
        "{outcomes:?}"
    );
    assert_eq!(read(&cluster, TOPIC, 2), ["eth0", "eth2"]);
}

#[tokio::test]
async fn what_is_not_authorized_is_refused_with_the_topic() {
    let cluster = cluster();
    let mut sink = sink(&config(&cluster, &[]));
    let error = RDKafkaRespErr::RD_KAFKA_RESP_ERR_TOPIC_AUTHORIZATION_FAILED;
    // One a request, of which there are as many as records at most.
    cluster.request_errors(RDKafkaApiKey::Produce, &[error; 3]);
    let outcomes = sink.deliver(&items(0..3), &status()).await;
    for outcome in &outcomes {
        let reason = refusal(outcome);
        assert!(
            reason.contains("not authorized") && reason.contains(TOPIC),
            "{reason}"
        );
    }
    cluster.clear_request_errors(RDKafkaApiKey::Produce);
    // The next client asks again.
    let outcomes = sink.deliver(&items(3..6), &status()).await;
    assert_eq!(outcomes, vec![Outcome::Delivered; 3]);
    assert_eq!(read(&cluster, TOPIC, 3), ["eth3", "eth4", "eth5"]);
}

#[tokio::test]
async fn errors_that_pass_lose_nothing_double_nothing_and_keep_the_order() {
    use RDKafkaRespErr::*;
    let cluster = cluster();
    let properties = [("batch.num.messages", "7"), ("retry.backoff.ms", "10")];
    let mut sink = sink(&config(&cluster, &properties));
    for errors in [
        &[
            RD_KAFKA_RESP_ERR_NOT_LEADER_FOR_PARTITION,
            RD_KAFKA_RESP_ERR_NO_ERROR,
            RD_KAFKA_RESP_ERR_REQUEST_TIMED_OUT,
        ][..],
        &[
            RD_KAFKA_RESP_ERR_NOT_ENOUGH_REPLICAS,
            RD_KAFKA_RESP_ERR_NOT_ENOUGH_REPLICAS,
        ],
        &[RD_KAFKA_RESP_ERR__TRANSPORT],
        &[
            RD_KAFKA_RESP_ERR_KAFKA_STORAGE_ERROR,
            RD_KAFKA_RESP_ERR_LEADER_NOT_AVAILABLE,
        ],
    ] {
        cluster.request_errors(RDKafkaApiKey::Produce, errors);
    }
    let items = items(0..100);
    let status = status();
    for part in items.chunks(30) {
        let outcomes = sink.deliver(part, &status).await;
        assert_eq!(outcomes, vec![Outcome::Delivered; part.len()]);
    }
    assert_eq!(read(&cluster, TOPIC, 100), names(&items));
}

#[tokio::test]
async fn a_producer_that_has_come_to_an_end_is_replaced() {
    let cluster = cluster();
    let mut sink = sink(&config(&cluster, &[("batch.num.messages", "5")]));
    // As after a lost log: nothing can be sent any more by this producer.
    let error = RDKafkaRespErr::RD_KAFKA_RESP_ERR_OUT_OF_ORDER_SEQUENCE_NUMBER;
    cluster.request_errors(RDKafkaApiKey::Produce, &[error]);
    let items = items(0..20);
    let outcomes = sink.deliver(&items, &status()).await;
    assert_eq!(outcomes, vec![Outcome::Delivered; 20]);
    assert_eq!(read(&cluster, TOPIC, 20), names(&items));
}

#[tokio::test]
async fn an_outage_is_told_and_waited_out() {
    let cluster = cluster();
    let mut sink = sink(&config(&cluster, &[]));
    let status = status();
    sink.deliver(&items(0..1), &status).await;
    cluster.broker_down(-1).unwrap();
    let items = items(1..50);
    let delivery = sink.deliver(&items, &status);
    let watch = async {
        while status.outage().is_none() {
            tokio::time::sleep(Duration::from_millis(10)).await;
        }
        let told = status.outage().unwrap();
        tokio::time::sleep(Duration::from_millis(500)).await;
        cluster.broker_up(-1).unwrap();
        told
    };
    let (outcomes, told) = tokio::join!(delivery, watch);
    assert!(
        told.contains("down") || told.contains("refused") || told.contains("isconnect"),
        "{told}"
    );
    assert_eq!(outcomes, vec![Outcome::Delivered; 49]);
    assert_eq!(status.outage(), None);
    assert_eq!(read(&cluster, TOPIC, 50).len(), 50);
}

#[tokio::test]
async fn what_is_broken_off_does_not_go_out_later() {
    let cluster = cluster();
    let mut sink = sink(&config(&cluster, &[]));
    sink.deliver(&items(0..1), &status()).await;
    cluster.broker_down(-1).unwrap();
    let (items, status) = (items(1..20), status());
    let broken_off =
        tokio::time::timeout(Duration::from_millis(300), sink.deliver(&items, &status));
    assert!(broken_off.await.is_err());
    cluster.broker_up(-1).unwrap();
    tokio::time::sleep(Duration::from_secs(3)).await;
    assert_eq!(read(&cluster, TOPIC, 1), ["eth0"]);
    let outcomes = sink.deliver(&items, &status).await;
    assert_eq!(outcomes, vec![Outcome::Delivered; 19]);
    assert_eq!(read(&cluster, TOPIC, 20)[1..], names(&items));
}

#[tokio::test]
async fn a_topic_that_there_is_not_is_told_and_waited_for() {
    let cluster = cluster();
    let none = RDKafkaRespErr::RD_KAFKA_RESP_ERR_UNKNOWN_TOPIC_OR_PART;
    cluster.topic_error(TOPIC, none).unwrap();
    let properties = [
        ("topic.metadata.propagation.max.ms", "100"),
        ("topic.metadata.refresh.fast.interval.ms", "50"),
        ("topic.metadata.refresh.interval.ms", "200"),
    ];
    let mut sink = sink(&config(&cluster, &properties));
    let (items, status) = (items(0..30), status());
    let operator = async {
        while !status
            .outage()
            .is_some_and(|told| told.contains("there is no topic"))
        {
            tokio::time::sleep(Duration::from_millis(10)).await;
        }
        let exists = RDKafkaRespErr::RD_KAFKA_RESP_ERR_NO_ERROR;
        cluster.topic_error(TOPIC, exists).unwrap();
    };
    let (outcomes, ()) = tokio::join!(sink.deliver(&items, &status), operator);
    assert_eq!(outcomes, vec![Outcome::Delivered; 30]);
    assert_eq!(read(&cluster, TOPIC, 30), names(&items));
}

#[tokio::test]
async fn more_than_the_queue_holds_waits_for_room() {
    let cluster = cluster();
    let properties = [("queue.buffering.max.messages", "10"), ("linger.ms", "1")];
    let mut sink = sink(&config(&cluster, &properties));
    let items = items(0..500);
    let outcomes = sink.deliver(&items, &status()).await;
    assert_eq!(outcomes, vec![Outcome::Delivered; 500]);
    assert_eq!(read(&cluster, TOPIC, 500), names(&items));
}

#[tokio::test]
async fn a_topic_that_cannot_be_named_parks_its_record_alone() {
    let cluster = cluster();
    let mut config = config(&cluster, &[]);
    config.topic = "{publisher}".parse().unwrap();
    cluster.create_topic("p", 1, 1).unwrap();
    let items = [item("p", "a"), item("", "b"), item("p", "c")];
    let outcomes = sink(&config).deliver(&items, &status()).await;
    assert!(
        refusal(&outcomes[1]).contains("sinks.kafka.topic"),
        "{outcomes:?}"
    );
    assert_eq!(read(&cluster, "p", 2), ["a", "c"]);
}
