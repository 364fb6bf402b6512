//! The type `empty` (RFC 7950 section 9.11).

use crate::decode::{FromScalar, Names, Scalar, ValueError};
use crate::schema::Type;
use crate::tree::{Value, View};

/// The one value of the type `empty`: that the leaf is there says all.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, Default)]
pub struct Empty;

impl FromScalar for Empty {
    fn blank() -> Self {
        Self
    }

    fn from_scalar(
        scalar: &Scalar<'_>,
        _: &'static Type,
        _: &Names<'_>,
    ) -> Result<Self, ValueError> {
        match scalar {
            // RFC 7951 section 6.9.
            Scalar::Empty => Ok(Self),
            Scalar::Text(text) if text.is_empty() => Ok(Self),
            Scalar::Text(_) => Err(ValueError::Lexical),
            _ => Err(ValueError::Kind),
        }
    }
}

impl View for Empty {
    fn view(&self) -> Value<'_> {
        Value::Empty
    }
}
