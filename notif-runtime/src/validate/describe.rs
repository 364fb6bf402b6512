//! What a type wants, in the words of an error message.

use std::fmt::{Display, Write as _};

use crate::decode::ValueError;
use crate::schema::{Integer, Type};

/// What `ty` wants where `error` happened.
#[cold]
pub(crate) fn expected(error: ValueError, ty: &'static Type) -> String {
    let ty = ty.value_type();
    match (error, ty) {
        (ValueError::Kind, _) => format!("{} for {}", json_kind(ty), name(ty)),
        (ValueError::Length, Type::String { length, .. }) => {
            format!("a length of {} characters", intervals(length))
        }
        (ValueError::Pattern(at), Type::String { patterns, .. }) => match patterns.get(at) {
            Some(pattern) => pattern.expectation(),
            None => "a string".to_owned(),
        },
        _ => value(ty),
    }
}

fn name(ty: &Type) -> &'static str {
    match ty {
        Type::Integer { kind, .. } => kind.name(),
        Type::String { .. } => "string",
        Type::Boolean => "boolean",
        Type::Enumeration(_) => "enumeration",
        Type::LeafRef { .. } => "leafref",
    }
}

/// The JSON kind of a value (RFC 7951 section 6).
fn json_kind(ty: &Type) -> &'static str {
    match ty {
        Type::Integer { kind, .. } if kind.is_64_bit() => "a JSON string with a decimal number",
        Type::Integer { .. } => "a JSON number",
        Type::Boolean => "true or false",
        Type::String { .. } | Type::Enumeration(_) | Type::LeafRef { .. } => "a JSON string",
    }
}

fn value(ty: &Type) -> String {
    match ty {
        Type::Integer { kind, range } => {
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

/// Intervals as YANG writes them: `1..10 | 20`.
fn intervals<T: Display + PartialEq>(parts: &[(T, T)]) -> String {
    let mut text = String::new();
    for (at, (min, max)) in parts.iter().enumerate() {
        if at > 0 {
            text.push_str(" | ");
        }
        // Writing to a string cannot fail.
        let _ = if min == max {
            write!(text, "{min}")
        } else {
            write!(text, "{min}..{max}")
        };
    }
    text
}
