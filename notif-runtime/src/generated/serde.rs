//! serde for generated types: the same values as the JSON of RFC 7951, written through the view and
//! read by the JSON decoder.
//!
//! A struct is its object, without the name that a message has around it; whole data is a document.

use std::fmt::{self, Write as _};

use serde::de::{self, DeserializeSeed, MapAccess, SeqAccess, Visitor};
use serde::ser::SerializeMap as _;
pub use serde::{Deserialize, Deserializer, Serialize, Serializer};

use super::Number;
use crate::decode::{Context, Object, read_root};
use crate::fault::{Faults, Position};
use crate::json::{self, JsonReader};
use crate::options::Options;
use crate::schema::{Form, Node};
use crate::tree::{self, Child, Value};
use crate::types::{AnyData, AnyValue};

/// Implements serde's traits for a struct.
#[doc(hidden)]
#[macro_export]
macro_rules! __serde_object {
    ($ty:path) => {
        impl $crate::generated::serde::Serialize for $ty {
            fn serialize<S: $crate::generated::serde::Serializer>(
                &self,
                serializer: S,
            ) -> ::core::result::Result<S::Ok, S::Error> {
                $crate::generated::serde::serialize(self, serializer)
            }
        }

        impl<'de> $crate::generated::serde::Deserialize<'de> for $ty {
            fn deserialize<D: $crate::generated::serde::Deserializer<'de>>(
                deserializer: D,
            ) -> ::core::result::Result<Self, D::Error> {
                $crate::generated::serde::deserialize(deserializer)
            }
        }
    };
}

/// Implements serde's traits for the type of a leaf, which `$read` makes of a deserializer.
#[doc(hidden)]
#[macro_export]
macro_rules! __serde_value {
    ($ty:path, $read:ident) => {
        impl $crate::generated::serde::Serialize for $ty {
            fn serialize<S: $crate::generated::serde::Serializer>(
                &self,
                serializer: S,
            ) -> ::core::result::Result<S::Ok, S::Error> {
                let value = $crate::generated::Viewed::view(self);
                $crate::generated::serde::serialize_value(value, serializer)
            }
        }

        impl<'de> $crate::generated::serde::Deserialize<'de> for $ty {
            fn deserialize<D: $crate::generated::serde::Deserializer<'de>>(
                deserializer: D,
            ) -> ::core::result::Result<Self, D::Error> {
                $crate::generated::serde::$read(deserializer)
            }
        }
    };
}

/// Writes the object of a node.
///
/// # Errors
/// The errors of the serializer.
pub fn serialize<S: Serializer>(node: &dyn tree::Node, serializer: S) -> Result<S::Ok, S::Error> {
    let mut map = serializer.serialize_map(None)?;
    for (schema, child) in node.children() {
        map.serialize_entry(member_name(schema), &Member(child))?;
    }
    if let Some(operation) = node.operation() {
        map.serialize_entry(member_name(operation.schema()), &Instance(operation))?;
    }
    map.end()
}

/// Writes whole data, or a node as the one member of an object.
fn serialize_document<S: Serializer>(
    node: &dyn tree::Node,
    serializer: S,
) -> Result<S::Ok, S::Error> {
    if node.schema().is_data() {
        return serialize(node, serializer);
    }
    serializer.collect_map([(member_name(node.schema()), Instance(node))])
}

/// The name of a member, of which the schema has the text `"name":`.
fn member_name<'a>(schema: &Node<'a>) -> &'a str {
    schema.member.trim_matches(['"', ':'])
}

/// Writes the value of a leaf in the JSON kind of its type (RFC 7951 section 6).
///
/// # Errors
/// The errors of the serializer.
pub fn serialize_value<S: Serializer>(value: Value<'_>, serializer: S) -> Result<S::Ok, S::Error> {
    match value {
        Value::Boolean(value) => serializer.serialize_bool(value),
        Value::Empty => serializer.collect_seq([()]),
        Value::String(text) => serializer.serialize_str(text),
        value if value.is_json_string() => serializer.collect_str(&value),
        value => match (value.as_u64(), value.as_i64()) {
            (Some(number), _) => serializer.serialize_u64(number),
            (None, Some(number)) => serializer.serialize_i64(number),
            (None, None) => serializer.collect_str(&value),
        },
    }
}

struct Instance<'a>(&'a dyn tree::Node);

impl Serialize for Instance<'_> {
    fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        serialize(self.0, serializer)
    }
}

struct Leaf<'a>(Value<'a>);

impl Serialize for Leaf<'_> {
    fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        serialize_value(self.0, serializer)
    }
}

struct Member<'a>(Child<'a>);

impl Serialize for Member<'_> {
    fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        match self.0 {
            Child::None => serializer.serialize_unit(),
            Child::Leaf(value) => serialize_value(value, serializer),
            Child::Leaves(leaves) => serializer.collect_seq(leaves.iter().map(Leaf)),
            Child::Node(node) => serialize(node, serializer),
            Child::Entries(entries) => serializer.collect_seq(entries.iter().map(Instance)),
            Child::Any(data) => data.serialize(serializer),
        }
    }
}

/// The data as its JSON; a number of more than 64 bits is a floating-point number.
impl Serialize for AnyData {
    fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        match (self.raw(), self.node()) {
            (Some(value), _) => value.serialize(serializer),
            (None, Some(node)) => serialize_document(node, serializer),
            (None, None) => serializer.serialize_unit(),
        }
    }
}

impl Serialize for AnyValue {
    fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        match self {
            Self::Object(members) => {
                let members = members.iter();
                serializer.collect_map(members.map(|member| (member.name(), member.value())))
            }
            Self::Array(values) => serializer.collect_seq(values),
            Self::String(text) => serializer.serialize_str(text),
            Self::Prefixed(value) => serializer.serialize_str(value.text()),
            #[cfg(feature = "xml")]
            Self::Mixed(content) => serializer.serialize_str(&content.to_xml()),
            Self::Number(number) => serialize_number(number, serializer),
            Self::Boolean(value) => serializer.serialize_bool(*value),
            Self::Null => serializer.serialize_unit(),
        }
    }
}

fn serialize_number<S: Serializer>(number: &str, serializer: S) -> Result<S::Ok, S::Error> {
    if let Ok(number) = number.parse() {
        return serializer.serialize_u64(number);
    }
    if let Ok(number) = number.parse() {
        return serializer.serialize_i64(number);
    }
    serializer.serialize_f64(number.parse().map_err(serde::ser::Error::custom)?)
}

/// Reads the object of a node, as strictly as [`json::from_slice`] where the node can be the top of
/// a message. Of a node that stands inside others names, values and mandatory nodes are checked; the
/// rules between nodes (keys, `unique`, `must` and the like) are left to
/// [`validate`](fn@crate::validate::validate), also those inside of it. A number in anydata that is
/// no 64-bit integer becomes a floating-point number on the way.
///
/// # Errors
/// All faults of the data, each with its path.
pub fn deserialize<'de, T: Object, D: Deserializer<'de>>(deserializer: D) -> Result<T, D::Error> {
    let text = json_text(deserializer)?;
    let options = Options::default();
    let read = if T::NODE.is_data() {
        json::from_slice(text.as_bytes(), &options)
    } else if is_top::<T>() {
        let message = format!("{{{}{text}}}", T::NODE.member);
        json::from_slice(message.as_bytes(), &options)
    } else {
        read_part(&text, options)
    };
    read.map_err(de::Error::custom)
}

/// Returns true if the node can be the top of a message.
fn is_top<T: Object>() -> bool {
    let is_it = |node: &'static Node<'static>| std::ptr::eq(node, T::NODE);
    let forms = [Form::Notification, Form::Rpc, Form::Reply];
    T::MODULES.iter().any(|module| {
        let mut structures = module.structures.iter().map(|node| node());
        structures.any(is_it) || forms.iter().any(|form| module.roots(*form).any(is_it))
    })
}

/// Reads a node that stands inside others.
fn read_part<T: Object>(text: &str, options: Options) -> Result<T, Faults> {
    let mut cx = Context::new(options);
    let mut value = T::blank();
    // The reason that the decoder stops is among the faults.
    let _ = read_root(&mut value, &mut JsonReader::new(text, T::MODULES), &mut cx);
    cx.finish(|offset| Position::locate(text.as_bytes(), offset))?;
    Ok(value)
}

/// Reads a value that has a string.
///
/// # Errors
/// The type does not take the string.
pub fn from_string<'de, T, D>(deserializer: D) -> Result<T, D::Error>
where
    T: std::str::FromStr<Err: fmt::Display>,
    D: Deserializer<'de>,
{
    let text = String::deserialize(deserializer)?;
    text.parse().map_err(de::Error::custom)
}

/// Reads a value that is a number: in a string if it has 64 bits or a fraction (RFC 7951 section
/// 6.1).
///
/// # Errors
/// The type does not take the number.
pub fn from_number<'de, T, D>(deserializer: D) -> Result<T, D::Error>
where
    T: std::str::FromStr<Err: fmt::Display> + super::Numeric,
    D: Deserializer<'de>,
{
    let text = json_text(deserializer)?;
    let text = match (T::Number::IN_STRING, text.strip_prefix('"')) {
        (true, Some(text)) => text.trim_end_matches('"'),
        (false, None) => &text,
        (true, None) => return Err(de::Error::custom("expected a number in a string")),
        (false, Some(_)) => return Err(de::Error::custom("expected a number")),
    };
    text.parse().map_err(de::Error::custom)
}

/// The value as JSON text.
fn json_text<'de, D: Deserializer<'de>>(deserializer: D) -> Result<String, D::Error> {
    let mut text = String::new();
    Text(&mut text).deserialize(deserializer)?;
    Ok(text)
}

/// Writes deserialized values as JSON.
struct Text<'o>(&'o mut String);

impl Text<'_> {
    fn write<E: de::Error>(self, value: impl fmt::Display) -> Result<(), E> {
        write!(self.0, "{value}").map_err(E::custom)
    }
}

impl<'de> DeserializeSeed<'de> for Text<'_> {
    type Value = ();

    fn deserialize<D: Deserializer<'de>>(self, deserializer: D) -> Result<(), D::Error> {
        deserializer.deserialize_any(self)
    }
}

impl<'de> Visitor<'de> for Text<'_> {
    type Value = ();

    fn expecting(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("a value that JSON has")
    }

    fn visit_bool<E: de::Error>(self, value: bool) -> Result<(), E> {
        self.write(value)
    }

    fn visit_i64<E: de::Error>(self, value: i64) -> Result<(), E> {
        self.write(value)
    }

    fn visit_u64<E: de::Error>(self, value: u64) -> Result<(), E> {
        self.write(value)
    }

    fn visit_f64<E: de::Error>(self, value: f64) -> Result<(), E> {
        if value.is_finite() {
            self.write(value)
        } else {
            Err(E::custom("expected a number that is finite"))
        }
    }

    fn visit_str<E: de::Error>(self, value: &str) -> Result<(), E> {
        json::write_string(self.0, value);
        Ok(())
    }

    fn visit_unit<E: de::Error>(self) -> Result<(), E> {
        self.write("null")
    }

    fn visit_none<E: de::Error>(self) -> Result<(), E> {
        self.write("null")
    }

    fn visit_some<D: Deserializer<'de>>(self, deserializer: D) -> Result<(), D::Error> {
        self.deserialize(deserializer)
    }

    fn visit_seq<A: SeqAccess<'de>>(self, mut values: A) -> Result<(), A::Error> {
        self.0.push('[');
        let mut separator = "";
        loop {
            self.0.push_str(separator);
            if values.next_element_seed(Text(self.0))?.is_none() {
                break;
            }
            separator = ",";
        }
        close(self.0, separator, ']');
        Ok(())
    }

    fn visit_map<A: MapAccess<'de>>(self, mut members: A) -> Result<(), A::Error> {
        self.0.push('{');
        let mut separator = "";
        loop {
            self.0.push_str(separator);
            if members.next_key_seed(Text(self.0))?.is_none() {
                break;
            }
            self.0.push(':');
            members.next_value_seed(Text(self.0))?;
            separator = ",";
        }
        close(self.0, separator, '}');
        Ok(())
    }
}

/// Ends an array or object, behind which a separator was written for a value that did not come.
fn close(out: &mut String, separator: &str, end: char) {
    out.truncate(out.len() - separator.len());
    out.push(end);
}
