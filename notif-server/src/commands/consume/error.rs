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
    /// It is not known where Kafka is.
    #[error("there is nothing to consume from: set `sinks.kafka.brokers`")]
    NoBrokers,
    /// Dead letters would be read again, and become dead letters again.
    #[error("`consume.topics` has the dead-letter topic {0}: leave it out")]
    OwnLetters(TopicName),
    /// The client of Kafka cannot be set up.
    #[error(transparent)]
    Setup(#[from] SetupError),
    /// InfluxDB's configuration cannot be used.
    #[error(transparent)]
    Influxdb(#[from] InfluxdbError),
    /// Kafka takes this member no more.
    #[error("Kafka takes this member of the group no more: {0}")]
    Ended(String),
    /// The runtime, or the signals, cannot be had.
    #[error("cannot start: {0}")]
    Runtime(#[from] io::Error),
}

impl ConsumeError {
    pub(super) fn kafka(error: KafkaError) -> Self {
        Self::Setup(error.into())
    }
}
