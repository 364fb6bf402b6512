//! The values that a type takes, in words for error messages.

use super::decimal64::Decimal;
use super::value_error::ValueError;
use crate::schema::{Integer, Type};
use crate::text::{intervals, listed};

/// The values of an instance-identifier.
pub(crate) const INSTANCE_IDENTIFIER: &str =
    "the path of a node of the schema, with all keys of lists: /module:list[key='value']/leaf";

impl ValueError {
    /// The values that the type takes, in words.
    #[must_use]
    pub fn expected(self, ty: &Type<'_>) -> String {
        expected(self, ty)
    }
}

/// The values of `ty` where `error` happened.
#[cold]
fn expected(error: ValueError, ty: &Type<'_>) -> String {
    let ty = ty.value_type();
    match (error, ty) {
        (ValueError::Kind | ValueError::Item { .. }, Type::Union(_)) => value(ty),
        (ValueError::Kind, _) => format!("{} for {}", json_kind(ty), name(ty)),
        (ValueError::Item { in_union }, _) => {
            format!("{} for {}", cbor_kind(ty, in_union), name(ty))
        }
        (ValueError::Length, Type::String { length, .. }) => {
            format!("a length of {} characters", intervals(length))
        }
        (ValueError::Length, Type::Binary { length, .. }) => {
            format!("a length of {} octets", intervals(length))
        }
        (ValueError::Pattern(at), Type::String { patterns, .. }) => match patterns.get(at) {
            Some(pattern) => pattern.expectation(),
            None => "a string".to_owned(),
        },
        _ => value(ty),
    }
}

fn name(ty: &Type<'_>) -> &'static str {
    match ty {
        Type::Integer { kind, .. } => kind.name(),
        Type::String { .. } => "string",
        Type::Boolean => "boolean",
        Type::Enumeration(_) => "enumeration",
        Type::Decimal64 { .. } => "decimal64",
        Type::Bits(_) => "bits",
        Type::Binary { .. } => "binary",
        Type::Empty => "empty",
        Type::Identityref(_) => "identityref",
        Type::Union(_) => "union",
        Type::InstanceIdentifier { .. } => "instance-identifier",
        Type::LeafRef { .. } => "leafref",
    }
}

/// The JSON kind of a value (RFC 7951 section 6).
fn json_kind(ty: &Type<'_>) -> &'static str {
    match ty {
        Type::Integer { kind, .. } if kind.is_64_bit() => "a JSON string with a decimal number",
        Type::Decimal64 { .. } => "a JSON string with a decimal number",
        Type::Integer { .. } => "a JSON number",
        Type::Empty => "[null]",
        Type::Boolean => "true or false",
        Type::String { .. }
        | Type::Enumeration(_)
        | Type::Bits(_)
        | Type::Binary { .. }
        | Type::Identityref(_)
        | Type::Union(_)
        | Type::InstanceIdentifier { .. }
        | Type::LeafRef { .. } => "a JSON string",
    }
}

/// The CBOR kind of a value (RFC 9254 section 6).
fn cbor_kind(ty: &Type<'_>, in_union: bool) -> &'static str {
    match ty {
        Type::Enumeration(_) if in_union => "a text string in tag 44",
        Type::Integer { .. } | Type::Enumeration(_) => "an integer",
        Type::Decimal64 { .. } => "a decimal fraction, tag 4 with an exponent and a mantissa,",
        Type::Boolean => "true or false",
        Type::Empty => "null",
        Type::Binary { .. } => "a byte string",
        Type::Bits(_) if in_union => "a text string in tag 43",
        Type::Bits(_) => "a byte string, or an array of byte strings and offsets in turn,",
        Type::Identityref(_) if in_union => "a text string or a SID in tag 45",
        Type::Identityref(_) => "a text string or a SID",
        Type::InstanceIdentifier { .. } if in_union => {
            "a text string, a SID, or an array of a SID and keys in tag 46"
        }
        Type::InstanceIdentifier { .. } => "a text string, a SID, or an array of a SID and keys",
        Type::String { .. } | Type::Union(_) | Type::LeafRef { .. } => "a text string",
    }
}

pub(crate) fn value(ty: &Type<'_>) -> String {
    match ty {
        Type::Integer { kind, range, .. } => {
            let range = if range.is_empty() {
                &[bounds(*kind)][..]
            } else {
                range
            };
            format!("{} in {}", article(kind.name()), intervals(range))
        }
        Type::Boolean => "true or false".to_owned(),
        Type::Enumeration(values) => {
            let names: Vec<&str> = values.iter().map(|value| value.name).collect();
            format!("one of {}", names.join(", "))
        }
        Type::Decimal64 {
            fraction_digits,
            range,
            ..
        } => Decimal::described(*fraction_digits, range),
        Type::Bits(bits) => {
            let names: Vec<&str> = bits.iter().map(|bit| bit.name).collect();
            format!(
                "none or some of {}, each once, with spaces between",
                names.join(", ")
            )
        }
        Type::Binary { .. } => "octets in base64 (RFC 4648 section 4)".to_owned(),
        Type::Empty => "no text".to_owned(),
        Type::InstanceIdentifier { .. } => INSTANCE_IDENTIFIER.to_owned(),
        Type::Union(members) => {
            let members: Vec<String> = members
                .iter()
                .map(|member| member.value_type())
                .map(|member| format!("{} ({})", name(member), value(member)))
                .collect();
            format!("a value of one of the types {}", members.join(", "))
        }
        Type::Identityref([]) => {
            "an identity, of which the modules have none (those that are only imported do not count)"
                .to_owned()
        }
        Type::Identityref(identities) => {
            let names: Vec<String> = identities.iter().map(ToString::to_string).collect();
            let names = listed(names.iter().map(String::as_str));
            format!("one of the identities {names}")
        }
        Type::String { .. } | Type::LeafRef { .. } => "a string".to_owned(),
    }
}

fn article(name: &str) -> String {
    if name.starts_with('i') {
        format!("an {name}")
    } else {
        format!("a {name}")
    }
}

const fn bounds(kind: Integer) -> (i128, i128) {
    match kind {
        Integer::Int8 => (i8::MIN as i128, i8::MAX as i128),
        Integer::Int16 => (i16::MIN as i128, i16::MAX as i128),
        Integer::Int32 => (i32::MIN as i128, i32::MAX as i128),
        Integer::Int64 => (i64::MIN as i128, i64::MAX as i128),
        Integer::Uint8 => (0, u8::MAX as i128),
        Integer::Uint16 => (0, u16::MAX as i128),
        Integer::Uint32 => (0, u32::MAX as i128),
        Integer::Uint64 => (0, u64::MAX as i128),
    }
}
