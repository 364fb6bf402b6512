//! The limits of the journal, and the sinks.

use std::borrow::Cow;
use std::collections::BTreeMap;
use std::num::{NonZeroU32, NonZeroUsize};
use std::ops::Not;
use std::path::PathBuf;

use serde::{Deserialize, Serialize, Serializer};

use super::properties::Properties;
use super::value::{ByteSize, Duration, HIDDEN, Secret, as_text, non_zero};

/// The condition for answering 204 to a publisher.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq)]
pub enum Ack {
    /// The notification is on the disk, in the journal.
    #[default]
    Journal,
    /// Kafka has acknowledged it; there is no journal.
    Kafka,
}

/// The limits of the journal. Notifications that a sink still needs are never removed.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
#[serde(rename_all = "kebab-case", deny_unknown_fields, default)]
#[non_exhaustive]
pub struct Journal {
    /// The largest size of the notifications on the disk; beyond it the oldest are removed.
    pub max_size: ByteSize,
    /// The time that notifications are kept.
    pub max_age: Duration,
    /// The part of it for rejected notifications; beyond it the oldest are removed.
    pub max_rejected: ByteSize,
    /// The space to leave free on the disk. With less, the oldest notifications are removed, and
    /// publishers get 503 if none may be.
    pub min_free: ByteSize,
}

/// The destinations of accepted notifications. A sink without an address is off.
#[derive(Debug, Clone, Default, PartialEq, Serialize, Deserialize)]
#[serde(rename_all = "kebab-case", deny_unknown_fields, default)]
#[non_exhaustive]
pub struct Sinks {
    /// Apache Kafka.
    pub kafka: Kafka,
    /// `InfluxDB`.
    pub influxdb: Influxdb,
}

/// Apache Kafka, or a server that speaks its protocol.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
#[serde(rename_all = "kebab-case", deny_unknown_fields, default)]
#[non_exhaustive]
pub struct Kafka {
    /// The brokers to ask first, `host:port,host:port`. Without them the sink is off.
    pub brokers: String,
    /// The topic; `{module}`, `{notification}` and `{publisher}` are filled in.
    pub topic: Topic,
    /// The topic for notifications that were rejected (answered 400). Without it they stay in the
    /// journal.
    pub dead_letter: Option<TopicName>,
    /// The form of a record's value.
    pub value: KafkaValue,
    /// The compression of batches.
    pub compression: Compression,
    /// Ids of modules in a schema registry, sent as the header `schema-id`.
    pub schema_ids: BTreeMap<String, String>,
    /// Any property of librdkafka.
    pub properties: Properties,
}

/// The value of a Kafka record.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq)]
pub enum KafkaValue {
    /// RFC 7951 JSON, whatever the encoding received.
    #[default]
    Json,
    /// The bytes as received.
    Original,
    /// The data of the JSON form, as CBOR.
    Cbor,
}

/// The compression of Kafka's batches.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq)]
#[expect(missing_docs, reason = "the names are Kafka's own")]
pub enum Compression {
    None,
    Gzip,
    Snappy,
    Lz4,
    #[default]
    Zstd,
}

/// The name of a topic, with placeholders.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Topic(String);

/// The literal name of a topic.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct TopicName(String);

/// `InfluxDB`, or a server that takes its line protocol.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
#[serde(rename_all = "kebab-case", deny_unknown_fields, default)]
#[non_exhaustive]
pub struct Influxdb {
    /// The URL, `http://host:8086`. Without it the sink is off.
    #[serde(serialize_with = "serialize_url")]
    pub url: String,
    /// The write API to use.
    pub version: InfluxdbVersion,
    /// Version 2: the organisation.
    pub org: String,
    /// Version 2: the bucket.
    pub bucket: String,
    /// Versions 2 and 3: the API token.
    pub token: Secret,
    /// A file that holds the token and nothing else.
    pub token_file: Option<PathBuf>,
    /// A PEM file with certificates of CAs to trust, beside the system's.
    pub ca: Option<PathBuf>,
    /// Versions 1 and 3: the database.
    pub database: String,
    /// Version 1: the retention policy; empty is the database's own.
    pub retention_policy: String,
    /// Version 1: the user.
    pub user: String,
    /// Version 1: the user's password.
    pub password: Secret,
    /// Points in one request, at most.
    pub batch: NonZeroUsize,
    /// The wait for more points before a request that is not full is sent.
    pub linger: Duration,
    /// The timeout of a request.
    pub timeout: Duration,
    /// The changes to the points that follow from the schema.
    pub rules: Vec<Rule>,
}

/// The write APIs of InfluxDB.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq)]
pub enum InfluxdbVersion {
    /// `/write`, of 1.x.
    V1,
    /// `/api/v2/write`, of 2.x.
    #[default]
    V2,
    /// `/api/v3/write_lp`, of 3 Core.
    V3,
}

/// A change for one node of the schema; exactly one of the three is set.
#[derive(Debug, Clone, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "kebab-case", deny_unknown_fields, default)]
#[non_exhaustive]
pub struct Rule {
    /// The node, in the form of the paths of `query`: `interface/statistics/in-octets`.
    pub path: String,
    /// A leaf: the name of its field or tag. A list or a message: its measurement.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub rename: Option<String>,
    /// A leaf becomes a tag.
    #[serde(skip_serializing_if = "Not::not")]
    pub tag: bool,
    /// The node and everything below it is left out.
    #[serde(skip_serializing_if = "Not::not")]
    pub drop: bool,
}

/// `consume`: Kafka to InfluxDB.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
#[serde(rename_all = "kebab-case", deny_unknown_fields, default)]
#[non_exhaustive]
pub struct Consume {
    /// The consumer group: its members share the partitions.
    pub group: String,
    /// The topics, by name or, with a leading `^`, by pattern; without any, all that
    /// `sinks.kafka.topic` can name.
    pub topics: Vec<String>,
    /// The topic for records that cannot be written to InfluxDB.
    pub dead_letter: TopicName,
    /// Records taken before they are written, at most.
    pub batch: NonZeroU32,
}

impl Default for Journal {
    fn default() -> Self {
        Self {
            max_size: ByteSize::mib(8 << 10),
            max_age: Duration::from_secs(30 * 24 * 3600),
            max_rejected: ByteSize::mib(64),
            min_free: ByteSize::mib(64),
        }
    }
}

impl Default for Kafka {
    fn default() -> Self {
        Self {
            brokers: String::new(),
            topic: Topic("yang-notifications".to_owned()),
            dead_letter: None,
            value: KafkaValue::default(),
            compression: Compression::default(),
            schema_ids: BTreeMap::new(),
            properties: Properties::default(),
        }
    }
}

impl Default for Influxdb {
    fn default() -> Self {
        Self {
            url: String::new(),
            version: InfluxdbVersion::default(),
            org: String::new(),
            bucket: String::new(),
            token: Secret::default(),
            token_file: None,
            ca: None,
            database: String::new(),
            retention_policy: String::new(),
            user: String::new(),
            password: Secret::default(),
            batch: non_zero::<5000>(),
            linger: Duration::from_millis(500),
            timeout: Duration::from_secs(10),
            rules: Vec::new(),
        }
    }
}

impl Default for Consume {
    fn default() -> Self {
        Self {
            group: "notif-server".to_owned(),
            topics: Vec::new(),
            dead_letter: TopicName("yang-notifications-dead-letter".to_owned()),
            batch: NonZeroU32::MIN.saturating_add(999),
        }
    }
}

impl Kafka {
    /// True if notifications go to Kafka.
    #[must_use]
    pub fn is_on(&self) -> bool {
        !self.brokers.is_empty()
    }
}

impl Influxdb {
    /// True if notifications go to InfluxDB.
    #[must_use]
    pub fn is_on(&self) -> bool {
        !self.url.is_empty()
    }
}

/// A URL for display: one with a user may have a password too, which is hidden.
pub(crate) fn shown_url(url: &str) -> Cow<'_, str> {
    match url.rsplit_once('@') {
        Some((_, host)) => format!("{HIDDEN}@{host}").into(),
        None => url.into(),
    }
}

fn serialize_url<S: Serializer>(url: &str, serializer: S) -> Result<S::Ok, S::Error> {
    serializer.serialize_str(&shown_url(url))
}

/// The placeholders of a topic.
const PLACES: [&str; 3] = ["{module}", "{notification}", "{publisher}"];

/// Kafka's limit on the length of a topic name.
const TOPIC_LENGTH: usize = 249;

/// True if Kafka allows the character in a topic name.
const fn in_topic(c: char) -> bool {
    c.is_ascii_alphanumeric() || matches!(c, '.' | '_' | '-')
}

/// True if Kafka allows the topic name.
fn is_topic(name: &str) -> bool {
    !matches!(name, "" | "." | "..") && name.len() <= TOPIC_LENGTH && name.chars().all(in_topic)
}

impl Topic {
    /// The topic of a notification; characters that Kafka does not allow become `_`. None if Kafka
    /// does not allow the name: it is too long or empty.
    #[must_use]
    pub fn fill(&self, module: &str, notification: &str, publisher: &str) -> Option<String> {
        let filled = PLACES
            .iter()
            .zip([module, notification, publisher])
            .fold(self.0.clone(), |text, (place, value)| {
                text.replace(place, value)
            });
        let replaced = |c| if in_topic(c) { c } else { '_' };
        let name: String = filled.chars().map(replaced).collect();
        is_topic(&name).then_some(name)
    }

    /// The topic's text.
    #[must_use]
    pub fn as_str(&self) -> &str {
        &self.0
    }

    /// The subscription of a consumer: the name or, with placeholders, a pattern (which starts with
    /// `^`).
    #[must_use]
    pub fn subscription(&self) -> String {
        if !self.0.contains('{') {
            return self.0.clone();
        }
        let escaped = self.0.replace('.', "\\.");
        let pattern = PLACES.iter().fold(escaped, |text, place| {
            text.replace(place, "[a-zA-Z0-9._-]+")
        });
        format!("^{pattern}$")
    }
}

impl std::str::FromStr for Topic {
    type Err = ();

    fn from_str(text: &str) -> Result<Self, ()> {
        let fixed = PLACES
            .iter()
            .fold(text.to_owned(), |text, place| text.replace(place, "x"));
        is_topic(&fixed).then(|| Self(text.to_owned())).ok_or(())
    }
}

impl TopicName {
    /// The name.
    #[must_use]
    pub fn as_str(&self) -> &str {
        &self.0
    }
}

impl std::str::FromStr for TopicName {
    type Err = ();

    fn from_str(text: &str) -> Result<Self, ()> {
        is_topic(text).then(|| Self(text.to_owned())).ok_or(())
    }
}

impl std::fmt::Display for TopicName {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.write_str(&self.0)
    }
}

impl std::fmt::Display for Topic {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.write_str(&self.0)
    }
}

/// An enumeration that is a word in the configuration.
macro_rules! words {
    ($($name:ident { $($variant:ident = $word:literal),* })*) => {$(
        impl std::str::FromStr for $name {
            type Err = ();

            fn from_str(text: &str) -> Result<Self, ()> {
                match text {
                    $($word => Ok(Self::$variant),)*
                    _ => Err(()),
                }
            }
        }

        impl std::fmt::Display for $name {
            fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
                f.write_str(match self {
                    $(Self::$variant => $word,)*
                })
            }
        }
    )*};
}

words! {
    Ack { Journal = "journal", Kafka = "kafka" }
    KafkaValue { Json = "json", Original = "original", Cbor = "cbor" }
    Compression { None = "none", Gzip = "gzip", Snappy = "snappy", Lz4 = "lz4", Zstd = "zstd" }
    InfluxdbVersion { V1 = "1", V2 = "2", V3 = "3" }
}

as_text! {
    Ack, "journal or kafka";
    KafkaValue, "json, original or cbor";
    Compression, "none, gzip, snappy, lz4 or zstd";
    InfluxdbVersion, "1, 2 or 3";
    Topic, "a topic's name of letters, digits, '.', '_', '-', with {module}, {notification} or {publisher} to be filled in";
    TopicName, "a topic's name of up to 249 letters, digits, '.', '_', '-'";
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn topics_are_filled_in_with_what_kafka_takes() {
        let topic: Topic = "yang.{module}.{notification}-{publisher}".parse().unwrap();
        assert_eq!(
            topic.fill("ietf-https-notif", "notification", "2001:db8::1"),
            Some("yang.ietf-https-notif.notification-2001_db8__1".to_owned())
        );
        assert_eq!(topic.fill(&"m".repeat(250), "n", "p"), None);
        assert_eq!(
            topic.subscription(),
            "^yang\\.[a-zA-Z0-9._-]+\\.[a-zA-Z0-9._-]+-[a-zA-Z0-9._-]+$"
        );
        let fixed: Topic = "a.b".parse().unwrap();
        assert_eq!(fixed.subscription(), "a.b");
        assert_eq!(fixed.fill("m", "n", "p").as_deref(), Some("a.b"));
        let open: Topic = "{publisher}".parse().unwrap();
        for nothing in ["", ".", ".."] {
            assert_eq!(open.fill("m", "n", nothing), None, "{nothing}");
        }
        for text in ["", ".", "..", "a b", "{modul}", "a/b", &"x".repeat(250)] {
            assert_eq!(text.parse::<Topic>(), Err(()), "{text}");
            assert_eq!(text.parse::<TopicName>(), Err(()), "{text}");
        }
        assert_eq!("{module}".parse::<TopicName>(), Err(()));
    }
}
