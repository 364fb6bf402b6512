//! `ack = "kafka"`: publishers get 204 once the brokers have acknowledged their notification.
//!
//! Nothing is kept here. If the brokers do not acknowledge in time, the publisher is told so and
//! sends again, though they may have it by then: at least once. For a publisher that waits for each
//! answer, the order is kept.

use std::sync::{Arc, PoisonError, RwLock};
use std::time::Duration;

use notif_runtime::registry::Registry;
use notif_runtime::schema::Module;
use rdkafka::ClientConfig;
use rdkafka::error::{KafkaError, RDKafkaErrorCode};
use rdkafka::producer::DeliveryFuture;
use tokio::time::timeout_at;

use super::error::SetupError;
use super::producer::{Producer, UNPLACED, outcome};
use super::properties;
use super::record::{self, Record};
use super::verdict::{Verdict, verdict};
use crate::config::Kafka;
use crate::notification::Rejected;
use crate::sink::Item;
use crate::sink::status::Status;

/// The time to try again if there is no room now.
const SOON: Duration = Duration::from_secs(1);

/// The time to try again if Kafka does not acknowledge.
const LATER: Duration = Duration::from_secs(10);

/// The queue is full.
const FULL: KafkaError = KafkaError::MessageProduction(RDKafkaErrorCode::QueueFull);

/// The time for a record is over.
const TIMED_OUT: KafkaError = KafkaError::MessageProduction(RDKafkaErrorCode::MessageTimedOut);

/// The interval of checks that a broker is connected, in milliseconds.
const STATISTICS: &str = "5000";

/// Errors of an acknowledgement.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
#[non_exhaustive]
pub enum Unacknowledged {
    /// Kafka refuses it for good, for this reason.
    #[error("{0}")]
    Refused(String),
    /// Kafka does not acknowledge it now, though it may have it.
    #[error("{reason}")]
    NotNow {
        /// The reason.
        reason: String,
        /// The time after which to try again.
        retry_after: Duration,
    },
}

/// Sends notifications to Kafka while their publishers wait. Any number of threads share one.
pub struct Acknowledger {
    config: Kafka,
    modules: Box<[&'static Module]>,
    timeout: Duration,
    together: Channel,
    /// Sends records alone that were refused, perhaps because of others in their batch.
    alone: Channel,
    status: Arc<Status>,
}

/// A producer that is replaced after a fatal error.
struct Channel {
    config: ClientConfig,
    producer: RwLock<Option<Producer>>,
}

impl Acknowledger {
    /// Sends to the configured brokers, which need not be up yet. An acknowledgement may take up to
    /// `timeout`.
    ///
    /// # Errors
    /// If librdkafka or the server does not accept a property.
    pub fn new(config: &Kafka, registry: &Registry, timeout: Duration) -> Result<Self, SetupError> {
        let mut together = properties::producer(config)?;
        // A notification that was given up must not be sent later.
        together
            .set("message.timeout.ms", timeout.as_millis().max(1).to_string())
            .set("statistics.interval.ms", STATISTICS);
        let mut alone = together.clone();
        alone.set("batch.num.messages", "1").set("linger.ms", "0");
        Ok(Self {
            config: config.clone(),
            modules: registry.modules().into(),
            timeout,
            together: Channel {
                producer: RwLock::new(Some(Producer::new(&together)?)),
                config: together,
            },
            alone: Channel {
                config: alone,
                producer: RwLock::default(),
            },
            status: Arc::new(Status::new(super::names::KAFKA.name)),
        })
    }

    /// The status of Kafka.
    #[must_use]
    pub const fn status(&self) -> &Arc<Status> {
        &self.status
    }

    /// Checks that a broker is connected, as of a few seconds ago.
    ///
    /// # Errors
    /// The reason, if none is.
    pub fn health(&self) -> Result<(), String> {
        let health = |producer: &Producer| Ok(producer.context().health());
        match self.together.with(health) {
            Ok(health) => health,
            Err(error) => Err(error.to_string()),
        }
    }

    /// Sends a notification, and waits until Kafka has acknowledged it.
    ///
    /// # Errors
    /// If Kafka has not acknowledged it in time, though it may have it.
    pub async fn acknowledge(&self, item: &Item) -> Result<(), Unacknowledged> {
        let record = record::of_item(item, &self.modules, &self.config);
        self.send(&record.map_err(Unacknowledged::Refused)?).await
    }

    /// Sends a rejected notification, like [`acknowledge`](Self::acknowledge) an accepted one; does
    /// nothing if no topic is configured for them.
    ///
    /// # Errors
    /// If Kafka has not acknowledged it.
    pub async fn acknowledge_rejected(&self, rejected: &Rejected) -> Result<(), Unacknowledged> {
        match &self.config.dead_letter {
            Some(topic) => self.send(&record::of_rejected(rejected, topic)).await,
            None => Ok(()),
        }
    }

    async fn send(&self, record: &Record<'_>) -> Result<(), Unacknowledged> {
        let deadline = tokio::time::Instant::now() + self.timeout;
        let (mut channel, mut exact) = (&self.together, false);
        loop {
            let report = async { outcome(channel.send(record)?.await) };
            let error = match timeout_at(deadline, report).await {
                Ok(Ok(())) => {
                    self.status.succeeded(record.len());
                    return Ok(());
                }
                Err(_) | Ok(Err(TIMED_OUT)) => return Err(self.not_now(&self.overdue(), LATER)),
                Ok(Err(error)) => error,
            };
            match verdict(&error, &record.topic) {
                Verdict::Refused(reason) => return Err(Unacknowledged::Refused(reason)),
                Verdict::Suspect(reason) if exact => return Err(Unacknowledged::Refused(reason)),
                Verdict::Suspect(_) => (channel, exact) = (&self.alone, true),
                Verdict::Again(_) if error == UNPLACED => {}
                Verdict::Again(reason) if error == FULL => {
                    return Err(Unacknowledged::NotNow {
                        reason,
                        retry_after: SOON,
                    });
                }
                Verdict::Again(reason) => return Err(self.not_now(&reason, LATER)),
            }
        }
    }

    /// The message for a timeout.
    fn overdue(&self) -> String {
        let why = self.health().err();
        let why = why.map(|why| format!(": {why}")).unwrap_or_default();
        format!("Kafka has not acknowledged it in {:?}{why}", self.timeout)
    }

    fn not_now(&self, reason: &str, retry_after: Duration) -> Unacknowledged {
        self.status.failed(&reason);
        Unacknowledged::NotNow {
            reason: reason.to_owned(),
            retry_after,
        }
    }
}

impl Channel {
    /// Uses the producer, and replaces it first if it had a fatal error.
    fn with<T>(&self, act: impl Fn(&Producer) -> Result<T, KafkaError>) -> Result<T, KafkaError> {
        let usable = |producer: &&Producer| producer.fatal().is_none();
        loop {
            let kept = self.producer.read();
            let kept = kept.unwrap_or_else(PoisonError::into_inner);
            if let Some(producer) = kept.as_ref().filter(usable) {
                return act(producer);
            }
            drop(kept);
            let kept = self.producer.write();
            let mut kept = kept.unwrap_or_else(PoisonError::into_inner);
            if kept.as_ref().is_none_or(|producer| !usable(&producer)) {
                let ended = kept.replace(Producer::new(&self.config)?);
                // Dropping waits for the producer's thread, which must not block a serving thread.
                std::thread::spawn(move || drop(ended));
            }
        }
    }

    fn send(&self, record: &Record<'_>) -> Result<DeliveryFuture, KafkaError> {
        self.with(|producer| producer.send(record))
    }
}
