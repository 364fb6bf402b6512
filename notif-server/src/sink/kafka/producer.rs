//! A producer, and the way of a record through it.

use std::collections::{HashMap, HashSet};
use std::time::Duration;

use rdkafka::ClientConfig;
use rdkafka::error::{KafkaError, RDKafkaErrorCode};
use rdkafka::producer::{DeliveryFuture, FutureProducer, FutureRecord, Producer as _, PurgeConfig};

use super::context::Context;
use super::record::Record;
use crate::sink::status::Status;

/// The time without an acknowledgement that counts as a failure.
const PATIENCE: Duration = Duration::from_secs(10);

/// The broker has not said where the record is: it may or may not have it.
pub(super) const UNPLACED: KafkaError = KafkaError::MessageProduction(RDKafkaErrorCode::NoOffset);

/// A producer of librdkafka. Dropping it forgets what waits in it.
pub(super) struct Producer {
    client: FutureProducer<Context>,
    context: Context,
    /// By topic, the keys of which a record was delivered.
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

    /// Gives a record to the producer, which sends it when it can.
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

    /// True if a record with this topic and key was delivered, so that the broker knows this
    /// producer in its partition.
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

    /// The reason why it is of no use any more, if so.
    pub(super) fn fatal(&self) -> Option<String> {
        self.client.client().fatal_error().map(|(_, reason)| reason)
    }

    /// Waits, for as long as it takes, for what became of a record; what it meets on the way it
    /// tells `status`.
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
                // What was not sent never will be. What was sent may yet be answered.
                self.client.purge(PurgeConfig::default().queue());
                purged = true;
            }
        }
    }
}

fn key<'r>(record: &'r Record<'_>) -> &'r [u8] {
    record.key.as_deref().unwrap_or_default()
}

/// The outcome that a report tells. That there is none means that the producer is gone.
///
/// One that says "delivered" and not where is librdkafka's guess, from a later request that the
/// broker took. A broker that has nothing of the producer in the partition takes any, so the guess
/// may be wrong.
pub(super) fn outcome(report: <DeliveryFuture as Future>::Output) -> Result<(), KafkaError> {
    match report {
        Ok(Ok(delivery)) if delivery.offset < 0 => Err(UNPLACED),
        Ok(Ok(_)) => Ok(()),
        Ok(Err((error, _))) => Err(error),
        Err(_) => Err(KafkaError::Canceled),
    }
}
