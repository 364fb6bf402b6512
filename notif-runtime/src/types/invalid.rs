//! The errors of values that are not of their YANG types.

use super::ValueError;
use crate::schema::Type;
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
