//! Kafka stopped and killed while the sink delivers: nothing is lost, and order is kept.
//!
//! In a file of its own: no other test may run meanwhile.
#![allow(
    clippy::unwrap_used,
    clippy::panic,
    clippy::indexing_slicing,
    reason = "a test states what must hold"
)]

use std::collections::BTreeMap;
use std::sync::Arc;
use std::sync::atomic::{AtomicBool, AtomicUsize, Ordering};
use std::time::{Duration, Instant};

use crate::ALONE;
use crate::common::kafka::{config, create_topic, interface, item, read};
use crate::common::{figures, services, unique};
use notif_server::sink::kafka::{Acknowledger, KAFKA, KafkaSink};
use notif_server::sink::{Item, Outcome, Sink, Status};
use rdkafka::message::{Message, OwnedMessage};

const PUBLISHERS: usize = 20;
const EACH: usize = 500;

/// The records by publisher: the interfaces that they are about, in their order.
fn by_publisher(records: &[OwnedMessage]) -> BTreeMap<String, Vec<usize>> {
    let mut found: BTreeMap<String, Vec<usize>> = BTreeMap::new();
    for record in records {
        let publisher = String::from_utf8(record.key().unwrap().to_vec()).unwrap();
        let number = interface(record.payload().unwrap()).parse().unwrap();
        found.entry(publisher).or_default().push(number);
    }
    found
}

/// Kills or stops Kafka in the middle of a delivery, and starts it again after a pause.
async fn outage(what: &'static str, pause: Duration) {
    let topic = unique("outage");
    create_topic(&topic, 3, &[]).await;
    let mut sink = KafkaSink::new(&config(&topic, ""), &notif_server::registry()).unwrap();
    let items: Vec<_> = (0..PUBLISHERS * EACH)
        .map(|at| {
            item(
                &(at % PUBLISHERS).to_string(),
                &(at / PUBLISHERS).to_string(),
            )
        })
        .collect();
    let status = Arc::new(Status::new(KAFKA.name));
    let delivered = Arc::new(AtomicUsize::new(0));
    let began = Instant::now();
    let delivery = {
        let (status, delivered) = (Arc::clone(&status), Arc::clone(&delivered));
        tokio::spawn(async move {
            for batch in items.chunks(100) {
                let outcomes = sink.deliver(batch, &status).await;
                assert_eq!(outcomes, vec![Outcome::Delivered; batch.len()]);
                delivered.fetch_add(batch.len(), Ordering::Relaxed);
            }
        })
    };
    while delivered.load(Ordering::Relaxed) < 2000 {
        assert!(!delivery.is_finished(), "the delivery failed");
        tokio::time::sleep(Duration::from_millis(1)).await;
    }
    let at = tokio::task::spawn_blocking(move || services::control(&[what, "kafka"]));
    at.await.unwrap();
    let before = delivered.load(Ordering::Relaxed);
    tokio::time::sleep(pause).await;
    let told = status.outage();
    assert_eq!(
        delivered.load(Ordering::Relaxed),
        before,
        "there is no Kafka"
    );
    assert!(told.is_some(), "the outage is not told");
    tokio::task::spawn_blocking(|| services::control(&["start", "kafka"]))
        .await
        .unwrap();
    let again = Instant::now();
    delivery.await.unwrap();
    assert_eq!(status.outage(), None);
    let records = read(&topic, PUBLISHERS * EACH);
    figures(format_args!(
        "{what} after {before} of {} records; told as {told:?}; all delivered {:?} after it was \
         back, {:?} after the first; {} records are there twice",
        PUBLISHERS * EACH,
        again.elapsed(),
        began.elapsed(),
        records.len() - PUBLISHERS * EACH
    ));
    for (publisher, numbers) in by_publisher(&records) {
        assert_eq!(
            numbers,
            (0..EACH).collect::<Vec<_>>(),
            "{publisher}: each once, in order"
        );
    }
}

/// Publishers that wait for each acknowledgement, and repeat unacknowledged notifications.
async fn acknowledged_through_a_kill() {
    let topic = unique("outage-ack");
    create_topic(&topic, 3, &[]).await;
    let timeout = Duration::from_secs(2);
    let kafka = Acknowledger::new(&config(&topic, ""), &notif_server::registry(), timeout);
    let kafka = Arc::new(kafka.unwrap());
    let (stop, refused) = (
        Arc::new(AtomicBool::new(false)),
        Arc::new(AtomicUsize::new(0)),
    );
    let publishers: Vec<_> = (0..PUBLISHERS)
        .map(|publisher| {
            let (kafka, stop) = (Arc::clone(&kafka), Arc::clone(&stop));
            let refused = Arc::clone(&refused);
            tokio::spawn(async move {
                let mut number = 0;
                while !stop.load(Ordering::Relaxed) {
                    let item: Item = item(&publisher.to_string(), &number.to_string());
                    match kafka.acknowledge(&item).await {
                        Ok(()) => number += 1,
                        Err(_) => _ = refused.fetch_add(1, Ordering::Relaxed),
                    }
                }
                number
            })
        })
        .collect();
    tokio::time::sleep(Duration::from_secs(1)).await;
    tokio::task::spawn_blocking(|| services::control(&["kill", "kafka"]))
        .await
        .unwrap();
    tokio::time::sleep(Duration::from_secs(3)).await;
    tokio::task::spawn_blocking(|| services::control(&["start", "kafka"]))
        .await
        .unwrap();
    tokio::time::sleep(Duration::from_secs(8)).await;
    stop.store(true, Ordering::Relaxed);
    let mut acknowledged = Vec::new();
    for publisher in publishers {
        acknowledged.push(publisher.await.unwrap());
    }
    let total: usize = acknowledged.iter().sum();
    let refused = refused.load(Ordering::Relaxed);
    assert!(refused > 0, "the outage was not met");
    let records = read(&topic, total);
    figures(format_args!(
        "{total} acknowledged through a kill, {refused} not; {} records are there twice",
        records.len() - total
    ));
    let found = by_publisher(&records);
    for (publisher, count) in acknowledged.into_iter().enumerate() {
        let mut numbers = found[&publisher.to_string()].clone();
        numbers.dedup();
        numbers.truncate(count);
        assert_eq!(
            numbers,
            (0..count).collect::<Vec<_>>(),
            "{publisher}: each, in order"
        );
    }
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn kafka_stopped_and_killed_loses_nothing_and_keeps_the_order() {
    if !services::are_ours() {
        figures(format_args!("skipped: this Kafka is not ours to stop"));
        return;
    }
    let _alone = ALONE.lock().await;
    services::control(&["start", "kafka"]);
    outage("kill", Duration::from_secs(3)).await;
    outage("stop", Duration::from_secs(15)).await;
    acknowledged_through_a_kill().await;
}
