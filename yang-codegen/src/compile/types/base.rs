//! The built-in types (RFC 7950 section 4.2.4), and what restricts each.

use std::rc::Rc;

use super::Resolved;
use super::items::Item;
use super::pattern::Pattern;
use super::range::{Part, Range};
use crate::model::IntKind;
use crate::modules::Identity;
use crate::parse::{Keyword, Statement};

/// A built-in type by its name.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum BuiltIn {
    Int(IntKind),
    Binary,
    Bits,
    Boolean,
    Decimal64,
    Empty,
    Enumeration,
    Identityref,
    InstanceIdentifier,
    Leafref,
    String,
    Union,
}

/// A built-in type with the restrictions of a chain of typedefs.
#[derive(Debug, Clone)]
pub(crate) enum Base<'m> {
    Int {
        kind: IntKind,
        range: Option<Range<'m>>,
    },
    Binary {
        length: Option<Range<'m>>,
    },
    /// In the order of their positions.
    Bits(Rc<[Item<'m>]>),
    Boolean,
    Decimal64 {
        digits: u8,
        range: Option<Range<'m>>,
    },
    Empty,
    /// In the order of the statements.
    Enumeration(Rc<[Item<'m>]>),
    /// The bases, from all of which its identities are derived.
    Identityref(Rc<[Identity<'m>]>),
    InstanceIdentifier {
        require_instance: bool,
    },
    Leafref {
        path: Statement<'m>,
        require_instance: bool,
    },
    String {
        length: Option<Range<'m>>,
        /// Those of the whole chain, the outermost typedef's first.
        patterns: Rc<[Pattern<'m>]>,
    },
    Union {
        members: Rc<[Rc<Resolved<'m>>]>,
        /// The number of members, those of unions in it included.
        weight: usize,
    },
}

impl BuiltIn {
    pub(super) fn from_name(name: &str) -> Option<Self> {
        Some(match name {
            "binary" => Self::Binary,
            "bits" => Self::Bits,
            "boolean" => Self::Boolean,
            "decimal64" => Self::Decimal64,
            "empty" => Self::Empty,
            "enumeration" => Self::Enumeration,
            "identityref" => Self::Identityref,
            "instance-identifier" => Self::InstanceIdentifier,
            "int8" => Self::Int(IntKind::I8),
            "int16" => Self::Int(IntKind::I16),
            "int32" => Self::Int(IntKind::I32),
            "int64" => Self::Int(IntKind::I64),
            "leafref" => Self::Leafref,
            "string" => Self::String,
            "uint8" => Self::Int(IntKind::U8),
            "uint16" => Self::Int(IntKind::U16),
            "uint32" => Self::Int(IntKind::U32),
            "uint64" => Self::Int(IntKind::U64),
            "union" => Self::Union,
            _ => return None,
        })
    }

    /// The name, with an article.
    pub(super) const fn noun(self) -> &'static str {
        match self {
            Self::Int(_) => "a whole number",
            Self::Binary => "a binary",
            Self::Bits => "a bits type",
            Self::Boolean => "a boolean",
            Self::Decimal64 => "a decimal64",
            Self::Empty => "an empty",
            Self::Enumeration => "an enumeration",
            Self::Identityref => "an identityref",
            Self::InstanceIdentifier => "an instance-identifier",
            Self::Leafref => "a leafref",
            Self::String => "a string",
            Self::Union => "a union",
        }
    }

    /// The section on what restricts it.
    pub(super) const fn restrictions_section(self) -> &'static str {
        match self {
            Self::Int(_) => "RFC 7950 section 9.2.3",
            Self::Binary => "RFC 7950 section 9.8.1",
            Self::Bits => "RFC 7950 section 9.7.1",
            Self::Boolean => "RFC 7950 section 9.5.3",
            Self::Decimal64 => "RFC 7950 section 9.3.3",
            Self::Empty => "RFC 7950 section 9.11.1",
            Self::Enumeration => "RFC 7950 section 9.6.3",
            Self::Identityref => "RFC 7950 section 9.10.1",
            Self::InstanceIdentifier => "RFC 7950 section 9.13.1",
            Self::Leafref => "RFC 7950 section 9.9.1",
            Self::String => "RFC 7950 section 9.4.3",
            Self::Union => "RFC 7950 section 9.12",
        }
    }

    /// The statements that restrict it, also through a typedef.
    pub(super) const fn restrictions(self) -> &'static [Keyword] {
        match self {
            Self::Int(_) | Self::Decimal64 => &[Keyword::Range],
            Self::Binary => &[Keyword::Length],
            Self::Bits => &[Keyword::Bit],
            Self::Enumeration => &[Keyword::Enum],
            Self::InstanceIdentifier | Self::Leafref => &[Keyword::RequireInstance],
            Self::String => &[Keyword::Length, Keyword::Pattern],
            Self::Boolean | Self::Empty | Self::Identityref | Self::Union => &[],
        }
    }

    /// The statement that it needs where it is named itself, with the section that says so.
    pub(super) const fn needed(self) -> Option<(Keyword, &'static str)> {
        match self {
            Self::Bits => Some((Keyword::Bit, "RFC 7950 section 9.7.4")),
            Self::Decimal64 => Some((Keyword::FractionDigits, "RFC 7950 section 9.3.4")),
            Self::Enumeration => Some((Keyword::Enum, "RFC 7950 section 9.6.4")),
            Self::Identityref => Some((Keyword::Base, "RFC 7950 section 9.10.2")),
            Self::Leafref => Some((Keyword::Path, "RFC 7950 section 9.9.2")),
            Self::Union => Some((Keyword::Type, "RFC 7950 section 9.12")),
            _ => None,
        }
    }
}

impl Base<'_> {
    pub(super) const fn built_in(&self) -> BuiltIn {
        match self {
            Self::Int { kind, .. } => BuiltIn::Int(*kind),
            Self::Binary { .. } => BuiltIn::Binary,
            Self::Bits(_) => BuiltIn::Bits,
            Self::Boolean => BuiltIn::Boolean,
            Self::Decimal64 { .. } => BuiltIn::Decimal64,
            Self::Empty => BuiltIn::Empty,
            Self::Enumeration(_) => BuiltIn::Enumeration,
            Self::Identityref(_) => BuiltIn::Identityref,
            Self::InstanceIdentifier { .. } => BuiltIn::InstanceIdentifier,
            Self::Leafref { .. } => BuiltIn::Leafref,
            Self::String { .. } => BuiltIn::String,
            Self::Union { .. } => BuiltIn::Union,
        }
    }
}

/// The bounds of an integer type (RFC 7950 section 9.2).
pub(super) fn bounds(kind: IntKind) -> Part {
    fn of<T: Into<i128>>(least: T, greatest: T) -> Part {
        (least.into(), greatest.into())
    }
    match kind {
        IntKind::I8 => of(i8::MIN, i8::MAX),
        IntKind::I16 => of(i16::MIN, i16::MAX),
        IntKind::I32 => of(i32::MIN, i32::MAX),
        IntKind::I64 => of(i64::MIN, i64::MAX),
        IntKind::U8 => of(u8::MIN, u8::MAX),
        IntKind::U16 => of(u16::MIN, u16::MAX),
        IntKind::U32 => of(u32::MIN, u32::MAX),
        IntKind::U64 => of(u64::MIN, u64::MAX),
    }
}
