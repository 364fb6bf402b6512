//! The reasons that a value is not of a type.

use crate::fault::FaultKind;
use crate::schema::{OnError, Pattern, Type};

/// The reason that a value in an encoding is not of a type.
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

    /// The message and tag that the module has for the restriction at fault.
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
