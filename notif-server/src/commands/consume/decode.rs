//! The notification in a Kafka record, no matter which producer wrote it.

use std::collections::BTreeMap;
use std::panic::{AssertUnwindSafe, catch_unwind};

use jiff::Timestamp;
use notif_runtime::registry::Registry;
use notif_runtime::{Encoding, Options};
use rdkafka::message::{Headers, Message, OwnedMessage};
use uuid::Uuid;

use crate::http::media::Media;
use crate::notification::{Entry, Envelope, Record, Stored};
use crate::sink::Item;
use crate::sink::kafka::record::header;

/// Makes sink items of records.
#[derive(Debug)]
pub(super) struct Decoder {
    pub(super) registry: Registry,
    pub(super) options: Options,
}

/// The text headers by name; of repeated ones, the last.
type Texts<'m> = BTreeMap<&'m str, &'m str>;

impl Decoder {
    /// The notification in a record. Missing headers are replaced from the record itself: the
    /// publisher from the key, the time from Kafka's timestamp, the encoding from the value.
    /// Without an id it gets the nil id.
    ///
    /// # Errors
    /// The reason, if the record holds none.
    pub(super) fn item(&self, message: &OwnedMessage) -> Result<Item, String> {
        let headers = headers(message)?;
        let value = message.payload().ok_or("it has no value")?;
        let (encoding, body) = body(headers.get(header::CONTENT_TYPE).copied(), value)?;
        let notification = self
            .registry
            .decode(encoding, &body, &self.options)
            .map_err(|faults| faults.to_string())?;
        let entry = Entry {
            received: received(&headers, message),
            event_time: notification.event_time().map(|time| time.to_string()),
            publisher: publisher(&headers, message),
            encoding,
            name: notification.name().to_owned(),
            body,
            reading: None,
            envelope: Envelope::default(),
        };
        let id = headers.get(header::ID).and_then(|id| id.parse().ok());
        let stored = Stored {
            seq: message.offset().unsigned_abs(),
            id: id.unwrap_or(Uuid::nil()),
        };
        Ok(Item {
            record: Record { stored, entry },
            notification: Ok(notification),
        })
    }
}

/// The headers of a record.
fn headers(message: &OwnedMessage) -> Result<Texts<'_>, String> {
    let texts = || {
        let headers = message.headers().into_iter().flat_map(Headers::iter);
        let text = |value| std::str::from_utf8(value?).ok();
        headers
            .filter_map(|header| Some((header.key, text(header.value)?)))
            .collect()
    };
    // rdkafka panics at a name that is not UTF-8, which a record may have.
    catch_unwind(AssertUnwindSafe(texts)).map_err(|_| "a header's name is not UTF-8".to_owned())
}

/// The value and its encoding.
fn body(content_type: Option<&str>, value: &[u8]) -> Result<(Encoding, Vec<u8>), String> {
    let encoding = match content_type {
        Some(text) => Media::of_body(text)
            .map(|media| media.encoding)
            .ok_or_else(|| format!("its content-type is {text:?}"))?,
        None => match value.trim_ascii_start().first() {
            Some(b'{') => Encoding::Json,
            Some(b'<') => Encoding::Xml,
            // Nothing tells which of the two CBOR forms it has.
            _ => return Err("it has no content-type, and is neither JSON nor XML".to_owned()),
        },
    };
    Ok((encoding, value.to_vec()))
}

fn publisher(headers: &Texts<'_>, message: &OwnedMessage) -> String {
    let key = || message.key().map(String::from_utf8_lossy);
    let named = headers.get(header::PUBLISHER);
    named.map_or_else(
        || key().unwrap_or_default().into_owned(),
        ToString::to_string,
    )
}

fn received(headers: &Texts<'_>, message: &OwnedMessage) -> Timestamp {
    let told = headers.get(header::RECEIVE_TIME);
    let told = told.and_then(|time| time.parse().ok());
    let kept = || Timestamp::from_millisecond(message.timestamp().to_millis()?).ok();
    told.or_else(kept).unwrap_or_else(Timestamp::now)
}
