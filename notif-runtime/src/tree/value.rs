//! The values of leafs.

use std::fmt::{self, Write as _};

use compact_str::CompactString;

use crate::schema::{EnumValue, IdentityValue};
use crate::text::{SHOWN, excerpt, shortened};
use crate::types::{
    Binary, Bits, DateAndTime, Decimal, Decimal64, Empty, InstanceIdentifier, NoIdentity,
};

/// A leaf's type, seen as a [`Value`].
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

    /// Whether RFC 7951 writes the value as a JSON string.
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
