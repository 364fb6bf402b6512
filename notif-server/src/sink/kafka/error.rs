//! Errors in the configuration of Kafka.

use rdkafka::error::KafkaError;

/// Errors in setting up a Kafka client.
#[derive(Debug, thiserror::Error)]
#[non_exhaustive]
pub enum SetupError {
    /// A property cannot be used.
    #[error("sinks.kafka.properties: {name}: {problem}")]
    Property {
        /// The property.
        name: String,
        /// The fault, and advice.
        problem: String,
    },
    /// The properties contradict each other, or name something that does not exist.
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
    /// Leaves out the value: it may be a password.
    fn from(error: KafkaError) -> Self {
        match error {
            KafkaError::ClientConfig(_, problem, name, _) => Self::Property { name, problem },
            KafkaError::ClientCreation(problem) => Self::Client(problem),
            other => Self::Client(other.to_string()),
        }
    }
}
