//! The properties of librdkafka: the server's own, overridden by the configuration.

use rdkafka::ClientConfig;

use super::error::SetupError;
use crate::config::{Consume, Kafka, TopicName};

/// The defaults of a client.
const CLIENT: [(&str, &str); 4] = [
    ("client.id", "notif-server"),
    ("socket.keepalive.enable", "true"),
    // Resumes delivery soon after an outage.
    ("reconnect.backoff.max.ms", "2000"),
    // Brokers close idle connections, which is not worth a log line.
    ("log.connection.close", "false"),
];

/// The defaults of a producer.
const PRODUCER: [(&str, &str); 3] = [
    // Kafka's own clients map a key to the same partition.
    ("partitioner", "murmur2_random"),
    ("queue.buffering.max.kbytes", "65536"),
    // This limit counts before compression, the broker's after it: so the broker decides.
    ("message.max.bytes", "20971520"),
];

/// The fixed properties of a producer, on which its guarantees rest.
const PROMISES: [(&str, &str); 2] = [
    // This implies acks=all, endless retries, and order in spite of them.
    ("enable.idempotence", "true"),
    // 0: a record is never given up.
    ("message.timeout.ms", "0"),
];

/// The defaults of a member of a consumer group: its memory is limited, and new topics are found
/// soon.
const CONSUMER: [(&str, &str); 4] = [
    ("queued.max.messages.kbytes", "16384"),
    ("fetch.max.bytes", "16777216"),
    ("topic.metadata.refresh.interval.ms", "30000"),
    ("partition.assignment.strategy", "cooperative-sticky"),
];

/// The fixed properties of a member of a consumer group: offsets are committed after writing, and a
/// group without any starts with the oldest record.
const GROUP: [(&str, &str); 3] = [
    ("enable.auto.commit", "false"),
    ("enable.auto.offset.store", "false"),
    ("auto.offset.reset", "earliest"),
];

/// Properties that the configuration must not set, with advice.
const RESERVED: [(&[&str], &str); 6] = [
    (
        &["bootstrap.servers", "metadata.broker.list"],
        "set `sinks.kafka.brokers` instead",
    ),
    (
        &["compression.type", "compression.codec"],
        "set `sinks.kafka.compression` instead",
    ),
    (&["group.id"], "set `consume.group` instead"),
    (
        &[
            "enable.idempotence",
            "enable.gapless.guarantee",
            "acks",
            "request.required.acks",
            "retries",
            "message.send.max.retries",
            "message.timeout.ms",
            "delivery.timeout.ms",
            "queuing.strategy",
            "transactional.id",
        ],
        "it is the server's own: that nothing is lost, and that order is kept, stands on it",
    ),
    (
        &[
            "enable.auto.commit",
            "auto.commit.enable",
            "enable.auto.offset.store",
            "auto.offset.reset",
        ],
        "it is the server's own: that `consume` skips nothing stands on it",
    ),
    (
        &["statistics.interval.ms"],
        "it is the server's own: the log and the health check stand on it",
    ),
];

/// The advice for a property that must not be set; none for others.
fn reserved(name: &str) -> Option<&'static str> {
    let entry = RESERVED.iter().find(|(names, _)| names.contains(&name));
    entry.map(|(_, instead)| *instead)
}

/// A client's properties: the server's own, overridden by the configuration.
fn client(kafka: &Kafka, own: &[(&str, &str)]) -> Result<ClientConfig, SetupError> {
    let mut config = ClientConfig::new();
    for (name, value) in CLIENT.iter().chain(own) {
        config.set(*name, *value);
    }
    for (name, value) in &kafka.properties.0 {
        let problem = match (reserved(name), name.as_str(), value.as_str()) {
            (Some(instead), ..) => instead,
            (None, "partitioner", "random") => {
                "a publisher's records would lose their order: leave it out, or name one that \
                 goes by the key, such as `consistent_random`"
            }
            _ => {
                config.set(name, value);
                continue;
            }
        };
        return Err(SetupError::property(name, problem));
    }
    config.set("bootstrap.servers", &kafka.brokers);
    Ok(config)
}

/// The properties of a producer that never gives up.
///
/// # Errors
/// If the configuration sets a reserved property.
pub(super) fn producer(kafka: &Kafka) -> Result<ClientConfig, SetupError> {
    let mut config = client(kafka, &PRODUCER)?;
    for (name, value) in PROMISES {
        config.set(name, value);
    }
    config.set("compression.type", kafka.compression.to_string());
    check_queue(&config)?;
    Ok(config)
}

/// Refuses a queue that is too small for the largest record, which would wait forever to get in.
fn check_queue(config: &ClientConfig) -> Result<(), SetupError> {
    let native = config.create_native_config()?;
    let number = |name| native.get(name).ok()?.parse::<u64>().ok();
    let (kbytes, largest) = (
        number("queue.buffering.max.kbytes"),
        number("message.max.bytes"),
    );
    match (kbytes, largest) {
        (Some(kbytes), Some(largest)) if kbytes.saturating_mul(1024) < largest => {
            Err(SetupError::property(
                "message.max.bytes",
                "it is more than `queue.buffering.max.kbytes` holds: raise that too",
            ))
        }
        _ => Ok(()),
    }
}

/// A pattern for this topic alone.
fn exactly(topic: &TopicName) -> String {
    format!("^{}$", topic.as_str().replace('.', "\\."))
}

/// The properties of a member of the consumer group.
///
/// # Errors
/// If the configuration sets a reserved property.
pub(crate) fn consumer(kafka: &Kafka, consume: &Consume) -> Result<ClientConfig, SetupError> {
    let mut config = client(kafka, &CONSUMER)?;
    for (name, value) in GROUP {
        config.set(name, value);
    }
    config.set("group.id", &consume.group);
    // Logged each minute.
    config.set("statistics.interval.ms", "60000");
    // A pattern may match the dead-letter topics, whose records would become dead letters again.
    let mut ignored = vec!["^__".to_owned(), exactly(&consume.dead_letter)];
    ignored.extend(kafka.dead_letter.as_ref().map(exactly));
    ignored.extend(config.get("topic.blacklist").map(str::to_owned));
    config.set("topic.blacklist", ignored.join(","));
    if config.get("group.protocol") == Some("consumer") {
        // Then the broker assigns partitions, and librdkafka accepts no strategy.
        config.remove("partition.assignment.strategy");
    }
    Ok(config)
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::config::{Compression, Properties};

    fn kafka(properties: &[(&str, &str)]) -> Kafka {
        let properties = properties.iter();
        let properties = properties.map(|(name, value)| ((*name).into(), (*value).into()));
        Kafka {
            brokers: "127.0.0.1:1".to_owned(),
            compression: Compression::Lz4,
            properties: Properties(properties.collect()),
            ..Kafka::default()
        }
    }

    #[test]
    fn a_producer_keeps_its_promises_and_takes_the_rest() {
        let config = producer(&kafka(&[("linger.ms", "7"), ("client.id", "mine")])).unwrap();
        for (name, value) in [
            ("enable.idempotence", "true"),
            ("message.timeout.ms", "0"),
            ("compression.type", "lz4"),
            ("bootstrap.servers", "127.0.0.1:1"),
            ("linger.ms", "7"),
            ("client.id", "mine"),
        ] {
            assert_eq!(config.get(name), Some(value), "{name}");
        }
    }

    #[test]
    fn what_would_break_a_promise_is_refused_with_the_reason() {
        for (name, value, told) in [
            ("acks", "1", "nothing is lost"),
            ("enable.idempotence", "false", "order is kept"),
            ("bootstrap.servers", "x:1", "sinks.kafka.brokers"),
            ("compression.codec", "gzip", "sinks.kafka.compression"),
            ("partitioner", "random", "consistent_random"),
            ("auto.offset.reset", "latest", "skips nothing"),
            (
                "message.max.bytes",
                "100000000",
                "queue.buffering.max.kbytes",
            ),
            ("linger", "5", "No such configuration property"),
            ("linger.ms", "soon", "linger.ms"),
        ] {
            let error = producer(&kafka(&[(name, value)])).unwrap_err().to_string();
            assert!(error.contains(told), "{error}");
            assert!(
                error.contains(&format!("sinks.kafka.properties: {name}")),
                "{error}"
            );
        }
    }

    #[test]
    fn a_consumer_commits_by_itself_never() {
        let consume = Consume::default();
        let config = consumer(&kafka(&[]), &consume).unwrap();
        assert_eq!(config.get("enable.auto.commit"), Some("false"));
        assert_eq!(config.get("auto.offset.reset"), Some("earliest"));
        assert_eq!(config.get("group.id"), Some("notif-server"));
        let config = consumer(&kafka(&[("group.protocol", "consumer")]), &consume).unwrap();
        assert_eq!(config.get("partition.assignment.strategy"), None);
    }
}
