//! The value of a record: the forms of a notification in Kafka.

use std::borrow::Cow;

use notif_runtime::Encoding;

use crate::config::KafkaValue;
use crate::sink::Item;

/// The media type of an encoding (RFC 8040 section 11.3, RFC 9254 section 7).
pub(super) const fn media_type(encoding: Encoding) -> &'static str {
    match encoding {
        Encoding::Xml => "application/yang-data+xml",
        Encoding::Cbor => "application/yang-data+cbor",
        Encoding::JsonCbor => "application/cbor",
        _ => "application/yang-data+json",
    }
}

/// The value, and its media type.
///
/// # Errors
/// The reason, if the notification has no such form.
pub(super) fn encode(
    item: &Item,
    form: KafkaValue,
) -> Result<(Cow<'_, [u8]>, &'static str), String> {
    let entry = &item.record.entry;
    if form == KafkaValue::Original {
        return Ok((entry.body.as_slice().into(), media_type(entry.encoding)));
    }
    let notification = item.notification.as_ref().map_err(|faults| {
        format!(
            "it does not fit the modules that this server is built with: {}",
            faults.first_line()
        )
    })?;
    let encoding = match form {
        KafkaValue::Cbor => Encoding::JsonCbor,
        _ => Encoding::Json,
    };
    let value = encoding.encode(notification.root());
    Ok((value.into(), media_type(encoding)))
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::test_support::alarms;

    #[test]
    fn json_is_the_same_whatever_came_in() {
        for &encoding in Encoding::ALL {
            let item = alarms::item(encoding);
            let (value, media_type) = encode(&item, KafkaValue::Json).unwrap();
            let value = std::str::from_utf8(&value).unwrap();
            assert_eq!(value, alarms::JSON, "{encoding}");
            assert_eq!(media_type, "application/yang-data+json");
            let (value, media) = encode(&item, KafkaValue::Original).unwrap();
            assert_eq!(
                (&*value, media),
                (
                    &*item.record.entry.body,
                    crate::sink::kafka::value::media_type(encoding)
                )
            );
        }
    }
}
