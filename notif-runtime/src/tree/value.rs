//! The values of leafs.

use std::fmt::{self, Write as _};

use compact_str::CompactString;

use crate::schema::{EnumValue, IdentityValue};
use crate::text::{SHOWN, excerpt, shortened};
use crate::types::{
    Binary, Bits, DateAndTime, Decimal, Decimal64, Empty, InstanceIdentifier, NoIdentity,
};

/// The type of a leaf, viewed as a [`Value`].
pub trait View {
    /// The value.
    fn view(&self) -> Value<'_>;
}

/// The value of a leaf.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
#[non_exhaustive]
#[expect(missing_docs, reason = "the names are YANG's own")]
pub enum Value<'a> {
    Int8(i8),
    Int16(i16),
    Int32(i32),
    Int64(i64),
    Uint8(u8),
    Uint16(u16),
    Uint32(u32),
    Uint64(u64),
    Boolean(bool),
    String(&'a str),
    Enumeration(&'a EnumValue<'a>),
    DateAndTime(&'a DateAndTime),
    Decimal64(Decimal),
    Bits(Bits<'a>),
    Binary(&'a [u8]),
    Empty,
    Identityref(&'a IdentityValue<'a>),
    InstanceIdentifier(&'a InstanceIdentifier),
}

/// Access by kind. Each method answers for the kinds of YANG that its type of Rust holds:
///
/// ```
/// use notif_runtime::tree::Value;
///
/// let octets = Value::Uint64(10_222_658);
/// assert_eq!(octets.as_u64(), Some(10_222_658));
/// assert_eq!(octets.as_i64(), Some(10_222_658));
/// assert_eq!(octets.as_f64(), Some(10_222_658.0));
/// assert_eq!(octets.as_str(), None);
/// assert_eq!(octets.to_text(), "10222658");
/// ```
impl<'a> Value<'a> {
    /// The text of a string, or the name of an enumeration's value. [`to_text`](Self::to_text)
    /// gives the text of any value.
    #[must_use]
    pub const fn as_str(self) -> Option<&'a str> {
        match self {
            Self::String(text) => Some(text),
            Self::Enumeration(value) => Some(value.name),
            _ => None,
        }
    }

    /// The number, if it is an integer of any width that is not negative.
    #[must_use]
    pub fn as_u64(self) -> Option<u64> {
        u64::try_from(self.integer()?).ok()
    }

    /// The number, if it is an integer of any width up to [`i64::MAX`].
    #[must_use]
    pub fn as_i64(self) -> Option<i64> {
        i64::try_from(self.integer()?).ok()
    }

    /// The nearest number of binary floating point, if it is an integer or a decimal64.
    #[must_use]
    #[expect(
        clippy::cast_precision_loss,
        reason = "the nearest number is what is asked for"
    )]
    pub fn as_f64(self) -> Option<f64> {
        match self {
            Self::Decimal64(number) => Some(number.to_f64()),
            other => other.integer().map(|number| number as f64),
        }
    }

    /// The truth value of a boolean.
    #[must_use]
    pub const fn as_bool(self) -> Option<bool> {
        match self {
            Self::Boolean(value) => Some(value),
            _ => None,
        }
    }

    /// The time of a `date-and-time`.
    #[must_use]
    pub const fn as_date_and_time(self) -> Option<&'a DateAndTime> {
        match self {
            Self::DateAndTime(time) => Some(time),
            _ => None,
        }
    }

    /// The number of a decimal64.
    #[must_use]
    pub const fn as_decimal(self) -> Option<Decimal> {
        match self {
            Self::Decimal64(number) => Some(number),
            _ => None,
        }
    }

    /// The octets of a binary.
    #[must_use]
    pub const fn as_bytes(self) -> Option<&'a [u8]> {
        match self {
            Self::Binary(octets) => Some(octets),
            _ => None,
        }
    }

    /// The number of an integer of any width.
    fn integer(self) -> Option<i128> {
        Some(match self {
            Self::Int8(number) => number.into(),
            Self::Int16(number) => number.into(),
            Self::Int32(number) => number.into(),
            Self::Int64(number) => number.into(),
            Self::Uint8(number) => number.into(),
            Self::Uint16(number) => number.into(),
            Self::Uint32(number) => number.into(),
            Self::Uint64(number) => number.into(),
            _ => return None,
        })
    }
}

impl Value<'_> {
    /// The canonical text (RFC 7950 section 9), kept inline if it is short.
    #[must_use]
    pub fn to_text(&self) -> CompactString {
        let mut text = CompactString::default();
        // Writing to a string cannot fail.
        let _ = write!(text, "{self}");
        text
    }

    /// The first [`SHOWN`] characters of the canonical text, with an ellipsis if there are more.
    #[must_use]
    pub fn shown(&self) -> CompactString {
        match self {
            Self::String(text) => shortened(text, SHOWN).into(),
            value => excerpt(value, SHOWN).into(),
        }
    }

    /// Returns true if RFC 7951 writes the value as a JSON string.
    #[must_use]
    pub fn is_json_string(&self) -> bool {
        matches!(
            self,
            Self::Int64(_)
                | Self::Uint64(_)
                | Self::String(_)
                | Self::Enumeration(_)
                | Self::DateAndTime(_)
                | Self::Decimal64(_)
                | Self::Bits(_)
                | Self::Binary(_)
                | Self::Identityref(_)
                | Self::InstanceIdentifier(_)
        )
    }
}

impl fmt::Display for Value<'_> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::Int8(value) => fmt::Display::fmt(value, f),
            Self::Int16(value) => fmt::Display::fmt(value, f),
            Self::Int32(value) => fmt::Display::fmt(value, f),
            Self::Int64(value) => fmt::Display::fmt(value, f),
            Self::Uint8(value) => fmt::Display::fmt(value, f),
            Self::Uint16(value) => fmt::Display::fmt(value, f),
            Self::Uint32(value) => fmt::Display::fmt(value, f),
            Self::Uint64(value) => fmt::Display::fmt(value, f),
            Self::Boolean(value) => fmt::Display::fmt(value, f),
            Self::String(value) => f.write_str(value),
            Self::Enumeration(value) => f.write_str(value.name),
            Self::DateAndTime(value) => fmt::Display::fmt(value, f),
            Self::Decimal64(value) => fmt::Display::fmt(value, f),
            Self::Bits(value) => fmt::Display::fmt(value, f),
            Self::Binary(octets) => crate::types::binary::write(octets, f),
            Self::Empty => Ok(()),
            Self::Identityref(value) => fmt::Display::fmt(value, f),
            Self::InstanceIdentifier(value) => fmt::Display::fmt(value, f),
        }
    }
}

macro_rules! view {
    ($($type:ty => $variant:ident),*) => {
        $(impl View for $type {
            fn view(&self) -> Value<'_> {
                Value::$variant(*self)
            }
        })*
    };
}

view!(i8 => Int8, i16 => Int16, i32 => Int32, i64 => Int64, u8 => Uint8, u16 => Uint16, u32 => Uint32,
      u64 => Uint64, bool => Boolean);

impl View for CompactString {
    fn view(&self) -> Value<'_> {
        Value::String(self)
    }
}

impl View for DateAndTime {
    fn view(&self) -> Value<'_> {
        Value::DateAndTime(self)
    }
}

impl View for Binary {
    fn view(&self) -> Value<'_> {
        Value::Binary(self.as_bytes())
    }
}

impl<const FRACTION_DIGITS: u8> View for Decimal64<FRACTION_DIGITS> {
    fn view(&self) -> Value<'_> {
        Value::Decimal64(self.decimal())
    }
}

impl View for Empty {
    fn view(&self) -> Value<'_> {
        Value::Empty
    }
}

impl View for NoIdentity {
    fn view(&self) -> Value<'_> {
        Value::Empty
    }
}

impl View for InstanceIdentifier {
    fn view(&self) -> Value<'_> {
        Value::InstanceIdentifier(self)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn integers_of_all_widths_are_numbers_of_64_bits() {
        for (value, unsigned, signed) in [
            (Value::Int8(-1), None, Some(-1)),
            (Value::Int16(7), Some(7), Some(7)),
            (Value::Int32(i32::MIN), None, Some(i32::MIN.into())),
            (
                Value::Int64(i64::MAX),
                Some(i64::MAX as u64),
                Some(i64::MAX),
            ),
            (Value::Uint8(7), Some(7), Some(7)),
            (Value::Uint16(7), Some(7), Some(7)),
            (Value::Uint32(7), Some(7), Some(7)),
            (Value::Uint64(u64::MAX), Some(u64::MAX), None),
            (Value::String("7"), None, None),
            (Value::Boolean(true), None, None),
        ] {
            assert_eq!((value.as_u64(), value.as_i64()), (unsigned, signed));
        }
    }

    #[test]
    fn each_kind_answers_for_itself() {
        let time = DateAndTime::UNIX_EPOCH;
        let number = Decimal {
            unscaled: 215,
            fraction_digits: 1,
        };
        assert_eq!(Value::String("x").as_str(), Some("x"));
        assert_eq!(Value::Boolean(true).as_bool(), Some(true));
        assert_eq!(Value::DateAndTime(&time).as_date_and_time(), Some(&time));
        assert_eq!(Value::Decimal64(number).as_decimal(), Some(number));
        assert_eq!(Value::Decimal64(number).as_f64(), Some(21.5));
        assert_eq!(Value::Int8(-2).as_f64(), Some(-2.0));
        assert_eq!(Value::Binary(b"x").as_bytes(), Some(b"x".as_slice()));
        assert_eq!(Value::Empty.as_str(), None);
        assert_eq!(Value::Empty.as_bool(), None);
    }
}
