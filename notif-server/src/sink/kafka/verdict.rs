//! The meaning of Kafka's errors for a record.

use rdkafka::error::{KafkaError, RDKafkaErrorCode};

/// The consequence for a record that was not delivered.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(super) enum Verdict {
    /// Kafka refuses it for good, for this reason.
    Refused(String),
    /// Kafka refuses it, or another record of the same request, for this reason. If it was sent
    /// alone, it is the cause.
    Suspect(String),
    /// Kafka may take it later; the reason why not now.
    Again(String),
}

/// Advice about a record that is too large.
const TOO_LARGE: &str = "the record is larger than Kafka takes: raise `max.message.bytes` of the \
    topic, and `message.max.bytes` in sinks.kafka.properties, or send less in one notification";

/// The meaning of an error for a record of this topic.
pub(super) fn verdict(error: &KafkaError, topic: &str) -> Verdict {
    use RDKafkaErrorCode as Code;
    let KafkaError::MessageProduction(code) = error else {
        return Verdict::Again(error.to_string());
    };
    match code {
        Code::MessageSizeTooLarge | Code::MessageBatchTooLarge => {
            Verdict::Suspect(TOO_LARGE.to_owned())
        }
        Code::InvalidRecord | Code::InvalidTimestamp | Code::UnsupportedForMessageFormat => {
            Verdict::Suspect(format!("Kafka refuses it for the topic {topic}: {code}"))
        }
        Code::TopicAuthorizationFailed => Verdict::Refused(format!(
            "not authorized to write to the topic {topic}: let this client's principal Write and \
             Describe it"
        )),
        Code::InvalidTopic => Verdict::Refused(format!("Kafka takes no topic named {topic}")),
        Code::UnknownTopic | Code::UnknownTopicOrPartition | Code::UnknownPartition => {
            Verdict::Again(format!(
                "there is no topic {topic}: create it, or let the brokers create topics \
                 (`auto.create.topics.enable`)"
            ))
        }
        Code::NoOffset => Verdict::Again("Kafka does not say whether it has it".to_owned()),
        Code::QueueFull => {
            Verdict::Again("more records wait for Kafka than the server holds".to_owned())
        }
        code => Verdict::Again(code.to_string()),
    }
}
