//! The members of unions.

use std::slice;

use super::names::Names;
use super::scalar::{FromScalar, Scalar};
use crate::fault::FaultKind;
use crate::schema::Type;
use crate::types::ValueError;

/// The members of a union, which are tried in their order (RFC 7950 section 9.12). In JSON a member
/// takes only the kind of value that it has for itself (RFC 7951 section 6.10).
#[derive(Debug)]
pub struct Members<'t> {
    types: slice::Iter<'t, &'t Type<'t>>,
    error: ValueError,
}

impl<'t> Members<'t> {
    /// All members of the union `ty`.
    #[must_use]
    pub fn new(ty: &'t Type<'t>) -> Self {
        let types = match ty.value_type() {
            Type::Union(types) => types.iter(),
            _ => [].iter(),
        };
        Self {
            types,
            error: ValueError::Kind,
        }
    }

    /// The value, if it is one of the next member.
    pub fn read<V: FromScalar>(&mut self, scalar: &Scalar<'_>, names: &Names<'_>) -> Option<V> {
        let ty = self.types.next()?;
        let value = match scalar {
            Scalar::Untyped(value) => value
                .scalar(ty, true, names)
                .and_then(|scalar| V::from_scalar(&scalar, ty, names)),
            scalar => V::from_scalar(scalar, ty, names),
        };
        match value {
            // What is referred to is known only when all is read; then it is read again.
            Ok(_) if ty.requires_instance() && names.skips() => {
                self.error = ValueError::Lexical;
                None
            }
            Ok(value) => Some(value),
            Err(error) => {
                if error.kind() != FaultKind::WrongKind {
                    self.error = ValueError::Lexical;
                }
                None
            }
        }
    }

    /// The error if no member took the value.
    #[must_use]
    pub const fn error(&self) -> ValueError {
        self.error
    }
}
