//! A producer, and the delivery reports of its records.

use std::collections::{HashMap, HashSet};
use std::time::Duration;

use rdkafka::ClientConfig;
use rdkafka::error::{KafkaError, RDKafkaErrorCode};
use rdkafka::producer::{DeliveryFuture, FutureProducer, FutureRecord, Producer as _, PurgeConfig};

use super::context::Context;
use super::record::Record;
use crate::sink::status::Status;

/// The time without any acknowledgement that counts as a failure.
const PATIENCE: Duration = Duration::from_secs(10);

/// The broker has not given the record's offset: it may or may not have it.
pub(super) const UNPLACED: KafkaError = KafkaError::MessageProduction(RDKafkaErrorCode::NoOffset);

/// A producer of librdkafka. Dropping it discards the records that wait in it.
pub(super) struct Producer {
    client: FutureProducer<Context>,
    context: Context,
    /// The keys with a delivered record, by topic.
    known: HashMap<String, HashSet<Vec<u8>>>,
}

impl Producer {
    pub(super) fn new(config: &ClientConfig) -> Result<Self, KafkaError> {
        let context = Context::default();
        let client = config.create_with_context(context.clone())?;
        Ok(Self {
            client,
            context,
            known: HashMap::new(),
        })
    }

    pub(super) const fn context(&self) -> &Context {
        &self.context
    }

    /// Queues a record, to be sent when possible.
    pub(super) fn send(&self, record: &Record<'_>) -> Result<DeliveryFuture, KafkaError> {
        let message = FutureRecord::<[u8], [u8]> {
            topic: &record.topic,
            partition: None,
            payload: record.value.as_deref(),
            key: record.key.as_deref(),
            timestamp: record.timestamp,
            headers: Some(record.headers.clone()),
        };
        self.client.send_result(message).map_err(|(error, _)| error)
    }

    /// True if a record with this topic and key was delivered: then the broker knows this producer
    /// in the partition.
    pub(super) fn is_known(&self, record: &Record<'_>) -> bool {
        let keys = self.known.get(&record.topic);
        keys.is_some_and(|keys| keys.contains(key(record)))
    }

    /// Notes that the record was delivered.
    pub(super) fn know(&mut self, record: &Record<'_>) {
        if !self.is_known(record) {
            let keys = self.known.entry(record.topic.clone()).or_default();
            keys.insert(key(record).to_owned());
        }
    }

    /// The fatal error, if the producer can no longer be used.
    pub(super) fn fatal(&self) -> Option<String> {
        self.client.client().fatal_error().map(|(_, reason)| reason)
    }

    /// Waits for the report of a record, for as long as it takes; reports troubles meanwhile to
    /// `status`.
    pub(super) async fn report(
        &self,
        mut delivery: DeliveryFuture,
        status: &Status,
    ) -> Result<(), KafkaError> {
        let mut troubles = self.context.troubles();
        let mut purged = false;
        loop {
            let trouble = tokio::select! {
                biased;
                report = &mut delivery => return outcome(report),
                _ = troubles.changed() => troubles.borrow_and_update().clone(),
                () = tokio::time::sleep(PATIENCE) => None,
            };
            if self.fatal().is_none() {
                let trouble = trouble.as_deref();
                status.failed(&trouble.unwrap_or("Kafka acknowledges nothing"));
            } else if purged {
                return Err(KafkaError::MessageProduction(RDKafkaErrorCode::Fatal));
            } else {
                // Unsent records never will be sent. Sent ones may still be answered.
                self.client.purge(PurgeConfig::default().queue());
                purged = true;
            }
        }
    }
}

fn key<'r>(record: &'r Record<'_>) -> &'r [u8] {
    record.key.as_deref().unwrap_or_default()
}

/// The result in a report; without a report, the producer is gone.
///
/// A report of success without an offset is a guess of librdkafka, made when the broker takes a
/// later request. A broker that knows nothing of the producer in the partition takes any request,
/// so the guess may be wrong.
pub(super) fn outcome(report: <DeliveryFuture as Future>::Output) -> Result<(), KafkaError> {
    match report {
        Ok(Ok(delivery)) if delivery.offset < 0 => Err(UNPLACED),
        Ok(Ok(_)) => Ok(()),
        Ok(Err((error, _))) => Err(error),
        Err(_) => Err(KafkaError::Canceled),
    }
}
