//! A producer, and the way of a record through it.

use std::time::Duration;

use rdkafka::ClientConfig;
use rdkafka::error::{KafkaError, RDKafkaErrorCode};
use rdkafka::producer::{DeliveryFuture, FutureProducer, FutureRecord, Producer as _, PurgeConfig};

use super::context::Context;
use super::record::Record;
use crate::sink::Status;

/// How long nothing may be acknowledged before that counts as a failure.
const PATIENCE: Duration = Duration::from_secs(10);

/// A producer of librdkafka. Dropping it forgets what waits in it.
pub(super) struct Producer {
    client: FutureProducer<Context>,
    context: Context,
}

impl Producer {
    pub(super) fn new(config: &ClientConfig) -> Result<Self, KafkaError> {
        let context = Context::default();
        let client = config.create_with_context(context.clone())?;
        Ok(Self { client, context })
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

    /// Whether it is of no use any more, and why.
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

/// What a report says: that there is none means that the producer is gone.
pub(super) fn outcome(report: <DeliveryFuture as Future>::Output) -> Result<(), KafkaError> {
    match report {
        Ok(Ok(_)) => Ok(()),
        Ok(Err((error, _))) => Err(error),
        Err(_) => Err(KafkaError::Canceled),
    }
}
