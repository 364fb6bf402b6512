//! The value of a record: the forms that a notification has in Kafka, and the way back.

use std::borrow::Cow;
use std::fmt;

use notif_runtime::{Encoding, json};
use serde::de::{DeserializeSeed, Deserializer, Error, MapAccess, SeqAccess, Visitor};
use serde::{Serialize, Serializer};
use serde_json::Value;

use crate::config::KafkaValue;
use crate::sink::Item;

/// The data of the JSON as CBOR: 64-bit numbers and enumerations are text, as in RFC 7951.
pub(crate) const CBOR: &str = "application/cbor";

/// How deep CBOR may nest.
const DEPTH: usize = 128;

/// The media type of an encoding (RFC 8040 section 11.3).
pub(super) const fn media_type(encoding: Encoding) -> &'static str {
    match encoding {
        Encoding::Xml => "application/yang-data+xml",
        _ => "application/yang-data+json",
    }
}

/// The value, and its media type.
///
/// # Errors
/// Why there is none.
pub(super) fn encode(
    item: &Item,
    form: KafkaValue,
) -> Result<(Cow<'_, [u8]>, &'static str), String> {
    let entry = &item.record.entry;
    if form == KafkaValue::Original {
        return Ok((entry.body.as_slice().into(), media_type(entry.encoding)));
    }
    let notification = item.notification.as_ref().map_err(|faults| {
        format!("it does not fit the modules that this server is built with: {faults}")
    })?;
    let text = json::to_string(notification.root());
    match form {
        KafkaValue::Cbor => Ok((to_cbor(&text)?.into(), CBOR)),
        _ => Ok((text.into_bytes().into(), media_type(Encoding::Json))),
    }
}

fn to_cbor(json: &str) -> Result<Vec<u8>, String> {
    let data: Value = serde_json::from_str(json).map_err(|error| error.to_string())?;
    minicbor_serde::to_vec(AsCbor(&data)).map_err(|error| error.to_string())
}

/// The data, where null is CBOR's null and not Rust's `()`.
struct AsCbor<'a>(&'a Value);

impl Serialize for AsCbor<'_> {
    fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        match self.0 {
            Value::Null => serializer.serialize_none(),
            Value::Array(items) => serializer.collect_seq(items.iter().map(AsCbor)),
            Value::Object(members) => {
                let member = |(name, value)| (name, AsCbor(value));
                serializer.collect_map(members.iter().map(member))
            }
            other => other.serialize(serializer),
        }
    }
}

/// The JSON of CBOR that holds the data of JSON. Members come one for one, so that it is for the
/// decoder of the JSON to refuse one that is there twice.
///
/// # Errors
/// If it is no such CBOR, or nests deeper than any notification.
pub(crate) fn cbor_to_json(cbor: &[u8]) -> Result<Vec<u8>, String> {
    let mut out = String::with_capacity(cbor.len() * 3 / 2);
    let mut decoder = minicbor_serde::Deserializer::new(cbor);
    let writer = JsonWriter {
        out: &mut out,
        before: "",
        depth: DEPTH,
    };
    writer
        .deserialize(&mut decoder)
        .map_err(|error| error.to_string())?;
    match decoder.decoder().position() {
        end if end == cbor.len() => Ok(out.into_bytes()),
        end => Err(format!("{} bytes follow the CBOR item", cbor.len() - end)),
    }
}

/// Writes what it is given as JSON.
struct JsonWriter<'a> {
    out: &'a mut String,
    /// What stands before it.
    before: &'static str,
    /// How many levels may yet be opened.
    depth: usize,
}

impl JsonWriter<'_> {
    /// A writer for what is one level deeper.
    fn inner<E: Error>(&mut self, before: &'static str) -> Result<JsonWriter<'_>, E> {
        let depth = self.depth.checked_sub(1);
        Ok(JsonWriter {
            depth: depth.ok_or_else(|| E::custom("it nests too deep"))?,
            out: self.out,
            before,
        })
    }

    fn push(&mut self, text: &str) {
        self.out.push_str(self.before);
        self.out.push_str(text);
    }

    fn write(mut self, value: impl Into<Value>) {
        self.push(&value.into().to_string());
    }
}

impl<'de> DeserializeSeed<'de> for JsonWriter<'_> {
    type Value = ();

    fn deserialize<D: Deserializer<'de>>(self, deserializer: D) -> Result<(), D::Error> {
        deserializer.deserialize_any(self)
    }
}

impl<'de> Visitor<'de> for JsonWriter<'_> {
    type Value = ();

    fn expecting(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("what JSON can hold")
    }

    fn visit_bool<E>(self, value: bool) -> Result<(), E> {
        self.write(value);
        Ok(())
    }

    fn visit_i64<E>(self, value: i64) -> Result<(), E> {
        self.write(value);
        Ok(())
    }

    fn visit_u64<E>(self, value: u64) -> Result<(), E> {
        self.write(value);
        Ok(())
    }

    fn visit_f64<E>(self, value: f64) -> Result<(), E> {
        self.write(value);
        Ok(())
    }

    fn visit_str<E>(self, value: &str) -> Result<(), E> {
        self.write(value);
        Ok(())
    }

    fn visit_none<E>(self) -> Result<(), E> {
        self.write(());
        Ok(())
    }

    fn visit_seq<A: SeqAccess<'de>>(mut self, mut items: A) -> Result<(), A::Error> {
        self.push("[");
        let mut before = "";
        while items.next_element_seed(self.inner(before)?)?.is_some() {
            before = ",";
        }
        self.out.push(']');
        Ok(())
    }

    fn visit_map<A: MapAccess<'de>>(mut self, mut members: A) -> Result<(), A::Error> {
        self.push("{");
        let mut before = "";
        while let Some(name) = members.next_key::<String>()? {
            self.inner(before)?.write(name);
            members.next_value_seed(self.inner(":")?)?;
            before = ",";
        }
        self.out.push('}');
        Ok(())
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn json_comes_back_from_cbor() {
        let json = r#"{"a:b":{"c":[1,-2,null,true,"x\"\u0001",[],{}],"d":"18446744073709551615"}}"#;
        let cbor = to_cbor(json).unwrap();
        assert_eq!(
            String::from_utf8(cbor_to_json(&cbor).unwrap()).unwrap(),
            json
        );
    }

    #[test]
    fn what_is_no_json_in_cbor_is_refused() {
        for (cbor, told) in [
            (&[][..], "end of input"),
            (&[0xa1, 0x61], "end of input"),
            // Two items.
            (&[0xa0, 0xa0], "1 bytes follow"),
            // A number as a name, bytes, a tag.
            (&[0xa1, 0x01, 0x02], "type"),
            (&[0x41, 0x00], "byte array"),
            (&[0xc1, 0x00], "tag"),
        ] {
            let error = cbor_to_json(cbor).unwrap_err();
            assert!(error.contains(told), "{cbor:x?}: {error}");
        }
        assert_eq!(
            cbor_to_json(&[0xa2, 0x61, b'a', 0, 0x61, b'a', 1]).unwrap(),
            br#"{"a":0,"a":1}"#
        );
    }

    #[test]
    fn a_million_levels_of_cbor_are_an_error_and_no_crash() {
        for opening in [
            &[0x81][..],
            &[0x9f],
            &[0xa1, 0x61, b'a'],
            &[0xbf, 0x61, b'a'],
        ] {
            let error = cbor_to_json(&opening.repeat(1 << 20)).unwrap_err();
            assert!(error.contains("too deep"), "{error}");
        }
    }
}
