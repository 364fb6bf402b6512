//! The errors of values that are not of their YANG types.

use super::describe;
use crate::fault::FaultKind;
use crate::schema::{OnError, Pattern, Type};
use crate::text::{SHOWN, shortened};

/// A value that is not of its YANG type.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
#[error("\"{value}\" is no {type_name}: expected {expected}")]
pub struct InvalidValue {
    type_name: &'static str,
    value: String,
    expected: String,
}

impl InvalidValue {
    /// The value `text` (shortened here) is not of the type called `type_name`.
    #[must_use]
    pub fn new(type_name: &'static str, text: &str, expected: impl Into<String>) -> Self {
        Self {
            type_name,
            value: shortened(text, SHOWN).into_owned(),
            expected: expected.into(),
        }
    }

    /// As `new`, with the reason that the type's description gives: the module's own words, if it has
    /// any.
    #[must_use]
    pub fn of_type(type_name: &'static str, text: &str, error: ValueError, ty: &Type<'_>) -> Self {
        let expected = match error.on_error(ty).message {
            Some(message) => message.to_owned(),
            None => error.expected(ty),
        };
        Self::new(type_name, text, expected)
    }

    /// The values that would have been right, in words.
    #[must_use]
    pub fn expected(&self) -> &str {
        &self.expected
    }
}

/// The reason that a scalar is no value of a type; the type describes the values it takes.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
#[non_exhaustive]
pub enum ValueError {
    /// The JSON value is of another kind.
    Kind,
    /// The CBOR data item is of another kind.
    Item {
        /// True if the type is a union's member, which has other kinds.
        in_union: bool,
    },
    /// No lexical form of the type.
    Lexical,
    /// Outside the range.
    Range,
    /// A length that is not allowed.
    Length,
    /// The pattern with this index does not match.
    Pattern(usize),
    /// Not a name of the enumeration.
    Enumeration,
}

impl ValueError {
    /// The kind of fault.
    #[must_use]
    pub const fn kind(self) -> FaultKind {
        match self {
            Self::Kind | Self::Item { .. } => FaultKind::WrongKind,
            Self::Lexical => FaultKind::Lexical,
            Self::Range => FaultKind::Range,
            Self::Length => FaultKind::Length,
            Self::Pattern(_) => FaultKind::Pattern,
            Self::Enumeration => FaultKind::Enumeration,
        }
    }

    /// The values that the type takes, in words.
    #[must_use]
    pub fn expected(self, ty: &Type<'_>) -> String {
        describe::expected(self, ty)
    }

    /// The error that the module defines for the restriction at fault.
    pub(crate) fn on_error<'t>(self, ty: &'t Type<'t>) -> OnError<'t> {
        match (self, ty.value_type()) {
            (Self::Pattern(at), Type::String { patterns, .. }) => {
                patterns.get(at).map_or(OnError::NONE, Pattern::on_error)
            }
            (Self::Range | Self::Length, ty) => ty.on_error(),
            _ => OnError::NONE,
        }
    }
}
