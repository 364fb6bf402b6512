//! The type of an identityref (RFC 7950 section 9.10) of which the compiled modules have no values.

use crate::decode::{FromScalar, Names, Scalar, ValueError, identity_name};
use crate::schema::Type;
use crate::tree::{Value, View};

/// An identity of a base from which the compiled modules derive none: no message has one.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct NoIdentity(());

impl FromScalar for NoIdentity {
    const NAMES: bool = true;

    fn blank() -> Self {
        Self(())
    }

    fn from_scalar(
        scalar: &Scalar<'_>,
        _: &'static Type,
        names: &Names<'_>,
    ) -> Result<Self, ValueError> {
        identity_name(scalar, names)?;
        Err(ValueError::Lexical)
    }
}

impl View for NoIdentity {
    fn view(&self) -> Value<'_> {
        Value::Empty
    }
}
