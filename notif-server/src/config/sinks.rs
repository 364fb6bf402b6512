//! Settings of the journal and of the sinks.

use std::borrow::Cow;
use std::collections::BTreeMap;
use std::num::{NonZeroU32, NonZeroUsize};
use std::ops::Not;
use std::path::PathBuf;

use serde::{Deserialize, Serialize, Serializer};

use super::properties::Properties;
use super::value::{ByteSize, Duration, HIDDEN, Secret, as_text, non_zero};

/// The place where a notification has to be before its publisher gets 204.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq)]
pub enum Ack {
    /// The notification is on the disk, in the journal.
    #[default]
    Journal,
    /// Kafka has acknowledged it; there is no journal.
    Kafka,
}

/// Bounds of the journal. A notification that a sink still owes is never removed.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
#[serde(rename_all = "kebab-case", deny_unknown_fields, default)]
#[non_exhaustive]
pub struct Journal {
    /// The largest size of the notifications on the disk; the oldest make room.
    pub max_size: ByteSize,
    /// The age at which notifications are removed.
    pub max_age: Duration,
    /// The part of it for rejected notifications; the oldest make room.
    pub max_rejected: ByteSize,
    /// Space to leave free on the disk: with less, the oldest make room, and publishers get 503
    /// when nothing more may be removed.
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

/// Apache Kafka, or what speaks its protocol.
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
    /// RFC 7951's JSON, whatever came in.
    #[default]
    Json,
    /// The bytes that came in.
    Original,
    /// The data of the JSON as CBOR.
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

/// The name of a topic, with places to fill in.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Topic(String);

/// The name of a topic, as it is.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct TopicName(String);

/// `InfluxDB`, or what takes its line protocol.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
#[serde(rename_all = "kebab-case", deny_unknown_fields, default)]
#[non_exhaustive]
pub struct Influxdb {
    /// Its address, `http://host:8086`. Without it the sink is off.
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
    /// A PEM file with certificates that the server's is checked against, beside the system's.
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
    /// The time to wait for more before a request that is not full.
    pub linger: Duration,
    /// The time that one request may take.
    pub timeout: Duration,
    /// Differences from the points that the schema gives.
    pub rules: Vec<Rule>,
}

/// InfluxDB's write APIs.
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

/// A different treatment of one node of the schema: exactly one of the three.
#[derive(Debug, Clone, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "kebab-case", deny_unknown_fields, default)]
#[non_exhaustive]
pub struct Rule {
    /// The node, as `query` takes paths: `interface/statistics/in-octets`.
    pub path: String,
    /// A leaf: the name of its field or tag. A list or a message: its measurement.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub rename: Option<String>,
    /// A leaf becomes a tag.
    #[serde(skip_serializing_if = "Not::not")]
    pub tag: bool,
    /// The node and all below it is left out.
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
    /// The topics, by name or, with `^` before it, by pattern; none stands for all that
    /// `sinks.kafka.topic` can name.
    pub topics: Vec<String>,
    /// The topic for what cannot be written to InfluxDB.
    pub dead_letter: TopicName,
    /// Records that are taken before they are written, at most.
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

/// An address as it may be shown: if there is a user in it, there may be a password too.
pub(crate) fn shown_url(url: &str) -> Cow<'_, str> {
    match url.rsplit_once('@') {
        Some((_, host)) => format!("{HIDDEN}@{host}").into(),
        None => url.into(),
    }
}

fn serialize_url<S: Serializer>(url: &str, serializer: S) -> Result<S::Ok, S::Error> {
    serializer.serialize_str(&shown_url(url))
}

/// The places that a topic can have.
const PLACES: [&str; 3] = ["{module}", "{notification}", "{publisher}"];

/// Kafka's bound on the length of a topic's name.
const TOPIC_LENGTH: usize = 249;

/// True if Kafka takes the character in the name of a topic.
const fn in_topic(c: char) -> bool {
    c.is_ascii_alphanumeric() || matches!(c, '.' | '_' | '-')
}

/// True if Kafka takes it as the name of a topic.
fn is_topic(name: &str) -> bool {
    !matches!(name, "" | "." | "..") && name.len() <= TOPIC_LENGTH && name.chars().all(in_topic)
}

impl Topic {
    /// The topic of a notification, where what Kafka does not take in a name is `_`. None if that
    /// is no name that Kafka takes: it is too long, or nothing.
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

    /// The subscription of a consumer: the name, or a pattern (which starts with `^`) if there are
    /// places to fill in.
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

/// An enumeration that is text in the configuration.
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
