//! Apache Kafka: one record for each notification, in order per publisher.
//!
//! - `record` and `value`: the record of a notification: topic, key, headers, value.
//! - `properties`: the properties of librdkafka.
//! - `courier`: delivery in order, for the sinks. `acknowledge`: delivery while a publisher waits,
//!   for `ack = "kafka"`. Both send through a `producer`, and follow its `verdict`.

mod acknowledge;
mod context;
mod courier;
mod error;
mod names;
mod producer;
pub(crate) mod properties;
pub(crate) mod record;
mod value;
mod verdict;

#[cfg(test)]
mod tests;

use notif_runtime::registry::Registry;
use notif_runtime::schema::Module;
use rdkafka::consumer::BaseConsumer;

use super::status::Status;
use super::{Item, Outcome, Sink};
use crate::config::{Ack, Config, Kafka, TopicName};
use crate::notification::Rejected;
pub use acknowledge::{Acknowledger, Unacknowledged};
pub(crate) use context::log;
pub(crate) use courier::Courier;
pub use error::SetupError;
pub use names::{DEAD_LETTER, KAFKA};

/// Checks that the server and `consume` can start with this configuration.
///
/// # Errors
/// If librdkafka or the server does not accept a property.
pub fn check(config: &Config, registry: &Registry) -> Result<(), SetupError> {
    let kafka = &config.sinks.kafka;
    Courier::new(kafka)?;
    if config.ack == Ack::Kafka {
        Acknowledger::new(kafka, registry, config.timeouts.acknowledge.get())?;
    }
    properties::consumer(kafka, &config.consume)?
        .create::<BaseConsumer>()
        .map_err(SetupError::from)?;
    Ok(())
}

/// Sends accepted notifications to Kafka.
pub struct KafkaSink {
    courier: Courier,
    config: Kafka,
    modules: Box<[&'static Module]>,
}

impl KafkaSink {
    /// The configured sink. The brokers need not be up yet.
    ///
    /// # Errors
    /// If librdkafka or the server does not accept a property.
    pub fn new(config: &Kafka, registry: &Registry) -> Result<Self, SetupError> {
        Ok(Self {
            courier: Courier::new(config)?,
            config: config.clone(),
            modules: registry.modules().into(),
        })
    }
}

impl Sink for KafkaSink {
    type Item = Item;

    async fn deliver(&mut self, items: &[Item], status: &Status) -> Vec<Outcome> {
        let (mut records, mut outcomes) = (Vec::with_capacity(items.len()), Vec::new());
        for item in items {
            match record::of_item(item, &self.modules, &self.config) {
                Ok(record) => {
                    records.push(record);
                    outcomes.push(None);
                }
                Err(reason) => outcomes.push(Some(Outcome::Refused(reason))),
            }
        }
        let mut delivered = self.courier.deliver(&records, status).await.into_iter();
        let outcomes = outcomes.into_iter();
        outcomes
            .filter_map(|known| known.or_else(|| delivered.next()))
            .collect()
    }
}

/// Sends rejected notifications to Kafka.
pub struct DeadLetterSink {
    courier: Courier,
    topic: TopicName,
}

impl DeadLetterSink {
    /// The configured sink; none without a topic.
    ///
    /// # Errors
    /// If librdkafka or the server does not accept a property.
    pub fn new(config: &Kafka) -> Result<Option<Self>, SetupError> {
        let Some(topic) = &config.dead_letter else {
            return Ok(None);
        };
        Ok(Some(Self {
            courier: Courier::new(config)?,
            topic: topic.clone(),
        }))
    }
}

impl Sink for DeadLetterSink {
    type Item = Rejected;

    async fn deliver(&mut self, items: &[Rejected], status: &Status) -> Vec<Outcome> {
        let record = |rejected| record::of_rejected(rejected, &self.topic);
        let records: Vec<_> = items.iter().map(record).collect();
        self.courier.deliver(&records, status).await
    }
}
