//! The values of types that Rust lacks.

use super::names::Names;
use super::scalar::{FromScalar, Scalar};
use crate::schema::Type;
use crate::types::{
    Binary, BitSet, Decimal, Decimal64, Empty, NoIdentity, ValueError, check_octets, decimal64,
};

impl FromScalar for Binary {
    fn blank() -> Self {
        Self::default()
    }

    fn from_scalar(scalar: &Scalar<'_>, ty: &Type<'_>, _: &Names<'_>) -> Result<Self, ValueError> {
        let value = match scalar {
            Scalar::String(text) | Scalar::Text(text) => {
                Self::decode(text).ok_or(ValueError::Lexical)?
            }
            Scalar::Octets(octets) => Self::from(&**octets),
            _ => return Err(ValueError::Kind),
        };
        check_octets(&value, ty).map(|()| value)
    }
}

impl<const WORDS: usize> FromScalar for BitSet<WORDS> {
    fn blank() -> Self {
        Self::EMPTY
    }

    fn from_scalar(scalar: &Scalar<'_>, ty: &Type<'_>, _: &Names<'_>) -> Result<Self, ValueError> {
        let (Scalar::String(text) | Scalar::Text(text)) = scalar else {
            return Err(ValueError::Kind);
        };
        let Type::Bits(bits) = ty.value_type() else {
            return Err(ValueError::Lexical);
        };
        Self::parse(text, bits).ok_or(ValueError::Lexical)
    }
}

impl<const FRACTION_DIGITS: u8> FromScalar for Decimal64<FRACTION_DIGITS> {
    fn blank() -> Self {
        Self::from_unscaled(0)
    }

    fn from_scalar(scalar: &Scalar<'_>, ty: &Type<'_>, _: &Names<'_>) -> Result<Self, ValueError> {
        // RFC 7951 section 6.1: a string.
        let (Scalar::String(text) | Scalar::Text(text)) = scalar else {
            return Err(ValueError::Kind);
        };
        let value = Decimal::parse(text, FRACTION_DIGITS)?.unscaled;
        decimal64::check(value, ty).map(|()| Self::from_unscaled(value))
    }
}

impl FromScalar for Empty {
    fn blank() -> Self {
        Self
    }

    fn from_scalar(scalar: &Scalar<'_>, _: &Type<'_>, _: &Names<'_>) -> Result<Self, ValueError> {
        match scalar {
            // RFC 7951 section 6.9.
            Scalar::Empty => Ok(Self),
            Scalar::Text(text) if text.is_empty() => Ok(Self),
            Scalar::Text(_) => Err(ValueError::Lexical),
            _ => Err(ValueError::Kind),
        }
    }
}

impl FromScalar for NoIdentity {
    const NAMES: bool = true;

    fn blank() -> Self {
        Self::blank()
    }

    fn from_scalar(
        scalar: &Scalar<'_>,
        _: &Type<'_>,
        names: &Names<'_>,
    ) -> Result<Self, ValueError> {
        identity_name(scalar, names)?;
        Err(ValueError::Lexical)
    }
}

/// The module and the name of the identity that `scalar` names.
pub fn identity_name<'n>(
    scalar: &'n Scalar<'_>,
    names: &'n Names<'_>,
) -> Result<(&'n str, &'n str), ValueError> {
    match scalar {
        Scalar::String(text) | Scalar::Text(text) => names.resolve(text).ok_or(ValueError::Lexical),
        _ => Err(ValueError::Kind),
    }
}
