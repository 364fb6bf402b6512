//! `ack = "kafka"`: a publisher gets 204 when the brokers have acknowledged its notification.
//!
//! Nothing is kept here. If the brokers do not acknowledge in time the publisher is told so and
//! sends again, by which time they may have it: at least once. A publisher that waits for each
//! answer has its order.

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

/// When to try again if there is no room now.
const SOON: Duration = Duration::from_secs(1);

/// When to try again if Kafka does not acknowledge.
const LATER: Duration = Duration::from_secs(10);

/// There is no room for more.
const FULL: KafkaError = KafkaError::MessageProduction(RDKafkaErrorCode::QueueFull);

/// The time for a record is over.
const TIMED_OUT: KafkaError = KafkaError::MessageProduction(RDKafkaErrorCode::MessageTimedOut);

/// The interval at which connections are looked at, in milliseconds.
const STATISTICS: &str = "5000";

/// Errors of an acknowledgement.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
#[non_exhaustive]
pub enum Unacknowledged {
    /// Kafka does not take it, and will not later: why.
    #[error("{0}")]
    Refused(String),
    /// Not now. It may be that Kafka has it nevertheless.
    #[error("{reason}")]
    NotNow {
        /// The cause.
        reason: String,
        /// When to try again.
        retry_after: Duration,
    },
}

/// Sends notifications to Kafka while their publishers wait. Any number of threads share one.
pub struct Acknowledger {
    config: Kafka,
    modules: Box<[&'static Module]>,
    timeout: Duration,
    together: Channel,
    /// For what was refused, perhaps for another's sake.
    alone: Channel,
    status: Arc<Status>,
}

/// A producer that is replaced when it has come to an end.
struct Channel {
    config: ClientConfig,
    producer: RwLock<Option<Producer>>,
}

impl Acknowledger {
    /// The brokers that are configured; they need not be there yet. No acknowledgement is waited
    /// for longer than `timeout`.
    ///
    /// # Errors
    /// If a property is not one that librdkafka, or the server, can take.
    pub fn new(config: &Kafka, registry: &Registry, timeout: Duration) -> Result<Self, SetupError> {
        let mut together = properties::producer(config)?;
        // What was given up is not to go out later.
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

    /// Checks that a broker was connected a few seconds ago.
    ///
    /// # Errors
    /// The reason, if not.
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
    /// If Kafka has not: it may be that it has it nevertheless.
    pub async fn acknowledge(&self, item: &Item) -> Result<(), Unacknowledged> {
        let record = record::of_item(item, &self.modules, &self.config);
        self.send(&record.map_err(Unacknowledged::Refused)?).await
    }

    /// Sends a rejected notification, as [`acknowledge`](Self::acknowledge) does an accepted one;
    /// nothing is to be done if no topic is configured for it.
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

    /// The message when the time is over.
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
    /// Does something with the producer. One that has come to an end is replaced before.
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
                // It waits for its own thread, which is nothing for a thread that serves.
                std::thread::spawn(move || drop(ended));
            }
        }
    }

    fn send(&self, record: &Record<'_>) -> Result<DeliveryFuture, KafkaError> {
        self.with(|producer| producer.send(record))
    }
}
