//! Values that need not have been decoded, checked against their types.

use crate::schema::{Integer, Type};
use crate::tree::Value;
use crate::types::ValueError;
use crate::types::{binary, decimal64};

/// Checks that a value is of the type; for a union, of any member.
pub(super) fn fits(value: Value<'_>, ty: &Type<'_>) -> Result<(), ValueError> {
    let ty = ty.value_type();
    let good = match (value, ty) {
        (_, Type::Union(members)) => members.iter().any(|member| fits(value, member).is_ok()),
        (Value::String(text), Type::String { .. }) => {
            return crate::value::canonical_text(text, ty).map(|_| ());
        }
        (Value::Binary(octets), Type::Binary { .. }) => return binary::check(octets, ty),
        (
            Value::Decimal64(decimal),
            Type::Decimal64 {
                fraction_digits, ..
            },
        ) => {
            if decimal.fraction_digits == *fraction_digits {
                return decimal64::check(decimal.unscaled, ty);
            }
            false
        }
        (Value::Enumeration(value), Type::Enumeration(values)) => values.contains(value),
        (Value::Identityref(value), Type::Identityref(values)) => values.contains(value),
        (Value::Bits(set), Type::Bits(bits)) => set.are_of(bits),
        (Value::Boolean(_), Type::Boolean)
        | (Value::Empty, Type::Empty)
        | (Value::InstanceIdentifier(_), Type::InstanceIdentifier { .. })
        | (Value::DateAndTime(_), Type::String { .. }) => true,
        (_, Type::Integer { kind, .. }) => match number(value) {
            Some((number, own)) if own == *kind => {
                return if ty.in_range(number) {
                    Ok(())
                } else {
                    Err(ValueError::Range)
                };
            }
            _ => false,
        },
        _ => false,
    };
    good.then_some(()).ok_or(ValueError::Lexical)
}

/// The number that a value of an integer type is.
fn number(value: Value<'_>) -> Option<(i128, Integer)> {
    Some(match value {
        Value::Int8(value) => (value.into(), Integer::Int8),
        Value::Int16(value) => (value.into(), Integer::Int16),
        Value::Int32(value) => (value.into(), Integer::Int32),
        Value::Int64(value) => (value.into(), Integer::Int64),
        Value::Uint8(value) => (value.into(), Integer::Uint8),
        Value::Uint16(value) => (value.into(), Integer::Uint16),
        Value::Uint32(value) => (value.into(), Integer::Uint32),
        Value::Uint64(value) => (value.into(), Integer::Uint64),
        _ => return None,
    })
}
