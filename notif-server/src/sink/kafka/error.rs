//! Errors of the configuration of Kafka.

use rdkafka::error::KafkaError;

/// Errors of a Kafka client's set-up.
#[derive(Debug, thiserror::Error)]
#[non_exhaustive]
pub enum SetupError {
    /// A property cannot be had.
    #[error("sinks.kafka.properties: {name}: {problem}")]
    Property {
        /// The property.
        name: String,
        /// The problem, and advice.
        problem: String,
    },
    /// The properties do not go together, or name what there is not.
    #[error("sinks.kafka: librdkafka cannot start with these properties: {0}")]
    Client(String),
}

impl SetupError {
    pub(super) fn property(name: &str, problem: &str) -> Self {
        Self::Property {
            name: name.to_owned(),
            problem: problem.to_owned(),
        }
    }
}

impl From<KafkaError> for SetupError {
    /// The value is left out: it may be a password.
    fn from(error: KafkaError) -> Self {
        match error {
            KafkaError::ClientConfig(_, problem, name, _) => Self::Property { name, problem },
            KafkaError::ClientCreation(problem) => Self::Client(problem),
            other => Self::Client(other.to_string()),
        }
    }
}
