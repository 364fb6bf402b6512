//! The Kafka record of a notification.

use std::borrow::Cow;
use std::fmt::Display;

use jiff::Timestamp;
use notif_runtime::Encoding;
use notif_runtime::schema::Module;
use rdkafka::message::{Header, OwnedHeaders};

use super::value;
use crate::config::{Kafka, TopicName};
use crate::notification::{Rejected, Rejection};
use crate::sink::Item;

/// The names of the headers. Their values are text.
pub(crate) mod header {
    /// The notification's id, unique everywhere (UUIDv7); a duplicate record has the same.
    pub(crate) const ID: &str = "id";
    /// The media type of the value.
    pub(crate) const CONTENT_TYPE: &str = "content-type";
    /// The YANG module of the notification.
    pub(crate) const MODULE: &str = "module";
    /// The module's revision, if it has one.
    pub(crate) const REVISION: &str = "revision";
    /// The notification's name in the module.
    pub(crate) const NOTIFICATION: &str = "notification";
    /// The time of the event, as the publisher wrote it (RFC 3339).
    pub(crate) const EVENT_TIME: &str = "event-time";
    /// The time of receipt (RFC 3339, UTC).
    pub(crate) const RECEIVE_TIME: &str = "receive-time";
    /// The publisher.
    pub(crate) const PUBLISHER: &str = "publisher";
    /// The encoding in which the notification was received.
    pub(crate) const ENCODING: &str = "encoding";
    /// The module's id in a schema registry, if `sinks.kafka.schema-ids` has one.
    pub(crate) const SCHEMA_ID: &str = "schema-id";
    /// A dead letter: the faults, as reported to the publisher.
    pub(crate) const ERROR: &str = "error";
    /// A dead letter of `consume`: the reason why it could not be written.
    pub(crate) const REASON: &str = "reason";
    /// A dead letter of `consume`: `topic/partition/offset` of the record.
    pub(crate) const ORIGIN: &str = "origin";
}

/// The longest header with faults, in bytes: brokers count headers in a record's size.
const ERROR_LENGTH: usize = 8 << 10;

/// A record to be sent.
#[derive(Debug)]
pub(crate) struct Record<'a> {
    pub(crate) topic: String,
    pub(crate) key: Option<Cow<'a, [u8]>>,
    pub(crate) headers: OwnedHeaders,
    /// Milliseconds since 1970.
    pub(crate) timestamp: Option<i64>,
    pub(crate) value: Option<Cow<'a, [u8]>>,
}

impl Record<'_> {
    /// The size of key and value, in bytes.
    pub(super) fn len(&self) -> usize {
        let len = |bytes: &Option<Cow<'_, [u8]>>| bytes.as_ref().map_or(0, |bytes| bytes.len());
        len(&self.key) + len(&self.value)
    }
}

/// Adds a header.
pub(crate) fn with(
    headers: OwnedHeaders,
    key: &str,
    value: &(impl Display + ?Sized),
) -> OwnedHeaders {
    let value = value.to_string();
    headers.insert(Header {
        key,
        value: Some(&value),
    })
}

/// The timestamp of a record is the time of receipt: Kafka uses it to expire old records and
/// refuses times far in the future, which a publisher's clock must not control.
fn timestamp(received: Timestamp) -> i64 {
    received.as_millisecond()
}

/// The record of a notification.
///
/// # Errors
/// The reason, if the notification has no record.
pub(crate) fn of_item<'a>(
    item: &'a Item,
    modules: &[&'static Module],
    config: &Kafka,
) -> Result<Record<'a>, String> {
    let entry = &item.record.entry;
    let (module, notification) = entry.name.split_once(':').unwrap_or(("", &entry.name));
    let topic = config.topic.fill(module, notification, &entry.publisher);
    let (value, content_type) = value::encode(item, config.value)?;

    let mut headers = with(
        OwnedHeaders::new_with_capacity(10),
        header::ID,
        &item.record.stored.id,
    );
    headers = with(headers, header::CONTENT_TYPE, content_type);
    headers = with(headers, header::MODULE, module);
    let known = modules.iter().find(|known| known.name == module);
    if let Some(revision) = known.and_then(|known| known.revision) {
        headers = with(headers, header::REVISION, revision);
    }
    headers = with(headers, header::NOTIFICATION, notification);
    if let Some(time) = &entry.event_time {
        headers = with(headers, header::EVENT_TIME, time);
    }
    headers = common(headers, entry.received, &entry.publisher, entry.encoding);
    if let Some(id) = config.schema_ids.get(module) {
        headers = with(headers, header::SCHEMA_ID, id);
    }
    Ok(Record {
        topic: topic.ok_or_else(|| {
            format!(
                "`sinks.kafka.topic` = {} gives no topic's name that Kafka takes for {} of {:?}",
                config.topic, entry.name, entry.publisher
            )
        })?,
        key: Some(entry.publisher.as_bytes().into()),
        headers,
        timestamp: Some(timestamp(entry.received)),
        value: Some(value),
    })
}

/// The dead letter of a rejected notification: its body as received.
pub(crate) fn of_rejected<'a>(rejected: &'a Rejected, topic: &TopicName) -> Record<'a> {
    let Rejected { stored, rejection } = rejected;
    let Rejection {
        received,
        publisher,
        encoding,
        faults,
        body,
    } = rejection;
    let headers = with(OwnedHeaders::new_with_capacity(6), header::ID, &stored.id);
    let headers = with(headers, header::CONTENT_TYPE, value::media_type(*encoding));
    let headers = common(headers, *received, publisher, *encoding);
    Record {
        topic: topic.as_str().to_owned(),
        key: Some(publisher.as_bytes().into()),
        headers: with(headers, header::ERROR, shortened(faults)),
        timestamp: Some(timestamp(*received)),
        value: Some(body.as_slice().into()),
    }
}

/// The headers of all records.
fn common(
    headers: OwnedHeaders,
    received: Timestamp,
    publisher: &str,
    encoding: Encoding,
) -> OwnedHeaders {
    let headers = with(headers, header::RECEIVE_TIME, &received);
    let headers = with(headers, header::PUBLISHER, publisher);
    with(headers, header::ENCODING, &encoding)
}

/// The start of the text, up to [`ERROR_LENGTH`].
pub(crate) fn shortened(text: &str) -> &str {
    let end = (0..=ERROR_LENGTH.min(text.len()))
        .rev()
        .find(|&end| text.is_char_boundary(end));
    text.get(..end.unwrap_or_default()).unwrap_or_default()
}
