//! The sinks of Kafka, against a real one.
#![allow(
    clippy::unwrap_used,
    clippy::panic,
    clippy::indexing_slicing,
    reason = "a test states what must hold"
)]

use std::collections::BTreeMap;
use std::sync::Arc;
use std::time::{Duration, Instant};

use crate::common::kafka::{config, create_topic, header, interface, item, item_of, read};
use crate::common::{JSON, XML, figures, unique};
use jiff::Timestamp;
use notif_runtime::{Encoding, json};
use notif_server::config::Kafka;
use notif_server::notification::{Rejected, Rejection, Stored};
use notif_server::sink::kafka::{
    Acknowledger, DEAD_LETTER, DeadLetterSink, KAFKA, KafkaSink, Unacknowledged,
};
use notif_server::sink::{Item, Outcome, Sink, Status};
use rdkafka::message::Message;
use uuid::Uuid;

fn sink(config: &Kafka) -> KafkaSink {
    KafkaSink::new(config, &notif_server::registry()).unwrap()
}

async fn deliver(sink: &mut KafkaSink, items: &[Item]) -> Vec<Outcome> {
    sink.deliver(items, &Status::new(KAFKA.name)).await
}

/// The data of an example, as the server writes it.
fn canonical(item: &Item) -> String {
    json::to_string(item.notification.as_ref().unwrap().root())
}

#[tokio::test]
async fn every_header_and_form_of_the_value_comes_back() {
    let examples = [
        item_of("192.0.2.1", Encoding::Json, JSON),
        item_of("2001:db8::1", Encoding::Xml, XML),
    ];
    for form in ["json", "cbor", "original"] {
        let topic = unique("forms");
        let more = format!("value = '{form}'\nschema-ids = {{ietf-https-notif = '42'}}");
        let mut sink = sink(&config(&topic, &more));
        assert_eq!(
            deliver(&mut sink, &examples).await,
            vec![Outcome::Delivered; 2]
        );
        let records = read(&topic, 2);
        assert_eq!(records.len(), 2);
        for item in &examples {
            let entry = &item.record.entry;
            let of_it = |record: &&rdkafka::message::OwnedMessage| {
                record.key() == Some(entry.publisher.as_bytes())
            };
            let record = records.iter().find(of_it).unwrap();
            let value = record.payload().unwrap();
            let (content_type, expected) = match (form, entry.encoding) {
                ("cbor", _) => ("application/cbor", None),
                ("original", Encoding::Xml) => {
                    ("application/yang-data+xml", Some(entry.body.clone()))
                }
                ("original", _) => ("application/yang-data+json", Some(entry.body.clone())),
                _ => (
                    "application/yang-data+json",
                    Some(canonical(item).into_bytes()),
                ),
            };
            if let Some(expected) = expected {
                assert_eq!(value, expected);
            } else {
                let data: serde_json::Value = minicbor_serde::from_slice(value).unwrap();
                let expected: serde_json::Value = serde_json::from_str(&canonical(item)).unwrap();
                assert_eq!(data, expected);
            }
            for (name, expected) in [
                ("id", item.record.stored.id.to_string().as_str()),
                ("content-type", content_type),
                ("module", "ietf-https-notif"),
                ("revision", "2026-11-23"),
                ("notification", "notification"),
                ("event-time", entry.event_time.as_deref().unwrap()),
                ("receive-time", &entry.received.to_string()),
                ("publisher", &entry.publisher),
                ("encoding", entry.encoding.as_str()),
                ("schema-id", "42"),
            ] {
                assert_eq!(header(record, name).as_deref(), Some(expected), "{name}");
            }
            let time = record.timestamp().to_millis();
            assert_eq!(time, Some(entry.received.as_millisecond()));
        }
    }
}

/// Waits until the topic takes records, and returns its name.
async fn topic(name: &str, partitions: i32, settings: &[(&str, &str)]) -> String {
    let topic = unique(name);
    create_topic(&topic, partitions, settings).await;
    topic
}

#[tokio::test]
async fn a_record_that_is_too_large_is_refused_and_those_around_it_are_delivered_in_order() {
    // All in one request, which is too large too though only three of them are; and in many, of
    // which those behind a refused one are under way when it is refused, also behind the first.
    let many = "[properties]\n'batch.num.messages' = 2";
    for (more, large) in [
        ("", [52, 53, 125]),
        (many, [52, 53, 125]),
        (many, [1, 53, 125]),
    ] {
        let topic = topic("large", 1, &[("max.message.bytes", "20000")]).await;
        let mut sink = sink(&config(&topic, &format!("compression = 'none'\n{more}")));
        let name = |at: usize| match at {
            at if large.contains(&at) => format!("{at}-{}", "x".repeat(30_000)),
            at => at.to_string(),
        };
        let items: Vec<_> = (0..200).map(|at| item("p", &name(at))).collect();
        let outcomes = deliver(&mut sink, &items).await;
        let mut expected = Vec::new();
        for (at, outcome) in outcomes.iter().enumerate() {
            match outcome {
                Outcome::Refused(reason) => {
                    assert!(large.contains(&at), "{at}: {reason}");
                    assert!(reason.contains("max.message.bytes"), "{reason}");
                }
                Outcome::Delivered => expected.push(at.to_string()),
            }
        }
        assert_eq!(expected.len(), 197);
        let found: Vec<_> = read(&topic, 197)
            .iter()
            .map(|record| interface(record.payload().unwrap()))
            .collect();
        assert_eq!(found, expected, "each once, and in order");
    }
}

#[tokio::test]
async fn each_publisher_has_its_order_and_nothing_is_there_twice() {
    const PUBLISHERS: usize = 50;
    const EACH: usize = 100;
    let topic = topic("order", 6, &[]).await;
    let mut sink = sink(&config(&topic, ""));
    let items: Vec<_> = (0..PUBLISHERS * EACH)
        .map(|at| {
            item(
                &format!("192.0.2.{}", at % PUBLISHERS),
                &(at / PUBLISHERS).to_string(),
            )
        })
        .collect();
    let began = Instant::now();
    for batch in items.chunks(1000) {
        let outcomes = deliver(&mut sink, batch).await;
        assert_eq!(outcomes, vec![Outcome::Delivered; batch.len()]);
    }
    figures(format_args!(
        "{} records in {:?}",
        items.len(),
        began.elapsed()
    ));
    let mut found: BTreeMap<Vec<u8>, Vec<String>> = BTreeMap::new();
    for record in read(&topic, items.len()) {
        let of_publisher = found.entry(record.key().unwrap().to_vec()).or_default();
        of_publisher.push(interface(record.payload().unwrap()));
    }
    assert_eq!(found.len(), PUBLISHERS);
    let expected: Vec<_> = (0..EACH).map(|at| at.to_string()).collect();
    for (publisher, names) in found {
        assert_eq!(names, expected, "{}", String::from_utf8_lossy(&publisher));
    }
}

#[tokio::test]
async fn rejected_notifications_go_to_the_dead_letter_topic() {
    let topic = unique("dead");
    let config = config("unused", &format!("dead-letter = '{topic}'"));
    let mut sink = DeadLetterSink::new(&config).unwrap().unwrap();
    let rejected = Rejected {
        stored: Stored {
            seq: 1,
            id: Uuid::now_v7(),
        },
        rejection: Rejection {
            received: Timestamp::UNIX_EPOCH,
            publisher: "192.0.2.1".to_owned(),
            encoding: Encoding::Json,
            faults: r#"{"ietf-restconf:errors":{}}"#.to_owned(),
            body: br#"{"not":"known"}"#.to_vec(),
        },
    };
    let id = rejected.stored.id.to_string();
    let outcomes = sink
        .deliver(&[rejected], &Status::new(DEAD_LETTER.name))
        .await;
    assert_eq!(outcomes, [Outcome::Delivered]);
    let record = read(&topic, 1).remove(0);
    assert_eq!(record.payload(), Some(&br#"{"not":"known"}"#[..]));
    assert_eq!(record.key(), Some(&b"192.0.2.1"[..]));
    for (name, expected) in [
        ("id", id.as_str()),
        ("content-type", "application/yang-data+json"),
        ("receive-time", "1970-01-01T00:00:00Z"),
        ("publisher", "192.0.2.1"),
        ("encoding", "json"),
        ("error", r#"{"ietf-restconf:errors":{}}"#),
    ] {
        assert_eq!(header(&record, name).as_deref(), Some(expected), "{name}");
    }
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn a_publisher_that_waits_is_told_when_kafka_has_it() {
    let topic = topic("ack", 3, &[("max.message.bytes", "20000")]).await;
    let config = config(&topic, "compression = 'none'");
    let timeout = Duration::from_secs(20);
    let kafka = Acknowledger::new(&config, &notif_server::registry(), timeout).unwrap();
    let kafka = Arc::new(kafka);
    let publishers = (0..20).map(|publisher| {
        let kafka = Arc::clone(&kafka);
        tokio::spawn(async move {
            for at in 0..20 {
                let item = item(&publisher.to_string(), &at.to_string());
                kafka.acknowledge(&item).await.unwrap();
            }
        })
    });
    for publisher in publishers.collect::<Vec<_>>() {
        publisher.await.unwrap();
    }
    let error = kafka
        .acknowledge(&item("p", &"x".repeat(30_000)))
        .await
        .unwrap_err();
    assert!(matches!(error, Unacknowledged::Refused(_)), "{error:?}");
    assert_eq!(kafka.health(), Ok(()));
    assert_eq!(read(&topic, 400).len(), 400);
}
