//! Errors of `consume`.

use std::io;

use rdkafka::error::KafkaError;

use crate::config::TopicName;
use crate::sink::influxdb::InfluxdbError;
use crate::sink::kafka::SetupError;

/// Errors that end `consume`.
#[derive(Debug, thiserror::Error)]
#[non_exhaustive]
pub enum ConsumeError {
    /// No brokers are configured.
    #[error("there is nothing to consume from: set `sinks.kafka.brokers`")]
    NoBrokers,
    /// The dead-letter topic is among the topics to read: its records would become dead letters
    /// again.
    #[error("`consume.topics` has the dead-letter topic {0}: leave it out")]
    OwnLetters(TopicName),
    /// The Kafka client cannot be set up.
    #[error(transparent)]
    Setup(#[from] SetupError),
    /// InfluxDB's configuration cannot be used.
    #[error(transparent)]
    Influxdb(#[from] InfluxdbError),
    /// Kafka no longer accepts this member.
    #[error("Kafka no longer accepts this member of the group: {0}")]
    Ended(String),
    /// The runtime or the signal handlers cannot be set up.
    #[error("cannot start: {0}")]
    Runtime(#[from] io::Error),
}

impl ConsumeError {
    pub(super) fn kafka(error: KafkaError) -> Self {
        Self::Setup(error.into())
    }
}
