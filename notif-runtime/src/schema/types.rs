//! The types of leafs (RFC 7950 section 9), with their restrictions and values.

use std::fmt;
use std::hash::{Hash, Hasher};

use super::Module;
use super::on_error::OnError;
use super::pattern::Pattern;
use super::xpath::Expr;

/// A type with all its restrictions, those of its typedefs included (RFC 7950 section 9).
#[derive(Debug)]
#[non_exhaustive]
pub enum Type<'s> {
    /// int8 to uint64.
    Integer {
        /// The width and signedness.
        kind: Integer,
        /// The allowed intervals in rising order; empty if the kind's own bounds are the only ones.
        range: &'s [(i128, i128)],
        /// The error of a number outside the range.
        on_error: OnError<'s>,
    },
    /// string.
    String {
        /// The allowed lengths in characters; empty if any.
        length: &'s [(u64, u64)],
        /// The patterns, all of which a value must match.
        patterns: &'s [Pattern<'s>],
        /// The error of a length that is not allowed.
        on_error: OnError<'s>,
        /// The canonical form, if it is not the text itself.
        canonical: Option<CanonicalForm>,
    },
    /// boolean.
    Boolean,
    /// enumeration.
    Enumeration(&'s [EnumValue<'s>]),
    /// decimal64.
    Decimal64 {
        /// The number of digits behind the point, 1 to 18.
        fraction_digits: u8,
        /// The allowed intervals in rising order, multiplied by 10 to the power of
        /// `fraction_digits`; empty if any.
        range: &'s [(i64, i64)],
        /// The error of a number outside the range.
        on_error: OnError<'s>,
    },
    /// bits, in the order of their positions.
    Bits(&'s [Bit<'s>]),
    /// binary.
    Binary {
        /// The allowed lengths in octets; empty if any.
        length: &'s [(u64, u64)],
        /// The error of a length that is not allowed.
        on_error: OnError<'s>,
    },
    /// empty.
    Empty,
    /// identityref: the identities that are derived from all its bases.
    Identityref(&'s [IdentityValue<'s>]),
    /// union: its members in YANG's order, of which the first that takes a value has it.
    Union(&'s [&'s Type<'s>]),
    /// instance-identifier.
    InstanceIdentifier {
        /// True if the node that it names must exist.
        require_instance: bool,
    },
    /// leafref.
    LeafRef {
        /// The path to the referred leafs.
        path: LeafrefPath<'s>,
        /// True if a referred leaf with the same value must exist.
        require_instance: bool,
        /// The type of the referred leaf.
        target: &'s Type<'s>,
    },
}

/// The canonical form that a string type has beyond the text itself. Two texts of the same form are
/// the same value: as a key, for a leafref, in an expression.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
#[non_exhaustive]
pub enum CanonicalForm {
    /// The text itself, if it is a time: what is derived from `date-and-time` of ietf-yang-types. The
    /// offset of a device's clock, which the canonical form has, is not to be known.
    DateAndTime,
    /// Small ASCII letters: `hex-string`, `language-tag`, `mac-address`, `phys-address` and `uuid` of
    /// ietf-yang-types, `domain-name` of ietf-inet-types.
    SmallLetters,
    /// The domain in small letters, and not in ASCII where it need not be (U-labels, RFC 5890):
    /// `email-address` of ietf-inet-types.
    EmailAddress,
    /// Without the bits behind the prefix: `ipv4-prefix` of ietf-inet-types.
    Ipv4Prefix,
    /// As RFC 5952 writes it: `ipv6-address` of ietf-inet-types.
    Ipv6Address,
    /// As RFC 5952 writes it, with all bits: `ipv6-address-and-prefix` of ietf-inet-types.
    Ipv6AddressAndPrefix,
    /// As RFC 5952 writes it, without the bits behind the prefix: `ipv6-prefix` of ietf-inet-types.
    Ipv6Prefix,
    /// `Z` for an offset that is not known, which RFC 3339 wrote `-00:00` (RFC 9557 section 2): `date`
    /// and `time` of ietf-yang-types.
    UnknownOffset,
}

impl<'s> Type<'s> {
    /// The type that the value itself has: a leafref's target, else the type.
    #[must_use]
    pub fn value_type(&self) -> &Type<'s> {
        match self {
            Type::LeafRef { target, .. } => target.value_type(),
            other => other,
        }
    }
}

impl<'s> Type<'s> {
    /// The error that the module defines for values outside the range or length.
    #[must_use]
    pub const fn on_error(&self) -> OnError<'s> {
        match self {
            Self::Integer { on_error, .. }
            | Self::Decimal64 { on_error, .. }
            | Self::String { on_error, .. }
            | Self::Binary { on_error, .. } => *on_error,
            _ => OnError::NONE,
        }
    }

    /// Returns true if the instance that a leafref or instance-identifier refers to must exist.
    #[must_use]
    pub const fn requires_instance(&self) -> bool {
        matches!(
            self,
            Self::LeafRef {
                require_instance: true,
                ..
            } | Self::InstanceIdentifier {
                require_instance: true
            }
        )
    }

    /// Returns true if the range of an integer or decimal64 type holds `number` (of a decimal64
    /// without its point), and for types without a range.
    #[must_use]
    pub fn in_range(&self, number: i128) -> bool {
        match self.value_type() {
            Self::Integer { range, .. } => {
                range.is_empty()
                    || range
                        .iter()
                        .any(|&(min, max)| (min..=max).contains(&number))
            }
            Self::Decimal64 { range, .. } => {
                let holds = |&(min, max)| (i128::from(min)..=i128::from(max)).contains(&number);
                range.is_empty() || range.iter().any(holds)
            }
            _ => true,
        }
    }
}

/// The built-in integer types.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
#[expect(missing_docs, reason = "the names are YANG's own")]
pub enum Integer {
    Int8,
    Int16,
    Int32,
    Int64,
    Uint8,
    Uint16,
    Uint32,
    Uint64,
}

impl Integer {
    /// The YANG name of the type.
    #[must_use]
    pub const fn name(self) -> &'static str {
        match self {
            Self::Int8 => "int8",
            Self::Int16 => "int16",
            Self::Int32 => "int32",
            Self::Int64 => "int64",
            Self::Uint8 => "uint8",
            Self::Uint16 => "uint16",
            Self::Uint32 => "uint32",
            Self::Uint64 => "uint64",
        }
    }

    /// Returns true if JSON carries the value as a string (RFC 7951 section 6.1).
    #[must_use]
    pub const fn is_64_bit(self) -> bool {
        matches!(self, Self::Int64 | Self::Uint64)
    }
}

/// One value of an enumeration (RFC 7950 section 9.6).
#[derive(Debug, PartialEq, Eq, Hash)]
pub struct EnumValue<'s> {
    /// The assigned name.
    pub name: &'s str,
    /// The assigned value.
    pub value: i32,
}

/// One bit of a bits type (RFC 7950 section 9.7).
#[derive(Debug, PartialEq, Eq, Hash)]
pub struct Bit<'s> {
    /// The assigned name.
    pub name: &'s str,
    /// The assigned position.
    pub position: u32,
}

/// An identity as a value of an identityref type (RFC 7950 section 9.10).
#[derive(Clone, Copy)]
pub struct IdentityValue<'s> {
    /// The module that defines it.
    pub module: &'static Module,
    /// Its name.
    pub name: &'s str,
    /// Its SID (RFC 9595), if the code was generated with a .sid file.
    pub sid: Option<u64>,
}

impl<'s> IdentityValue<'s> {
    /// The parts that tell identities apart.
    const fn key(&self) -> (&'s str, &'s str) {
        (self.module.name, self.name)
    }
}

impl PartialEq for IdentityValue<'_> {
    fn eq(&self, other: &Self) -> bool {
        self.key() == other.key()
    }
}

impl Eq for IdentityValue<'_> {}

impl Hash for IdentityValue<'_> {
    fn hash<H: Hasher>(&self, state: &mut H) {
        self.key().hash(state);
    }
}

/// The canonical form, `module:name`, which RFC 7951 section 6.8 has too.
impl fmt::Display for IdentityValue<'_> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{}:{}", self.module.name, self.name)
    }
}

impl fmt::Debug for IdentityValue<'_> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        fmt::Display::fmt(self, f)
    }
}

/// The path of a leafref (RFC 7950 section 9.9.2).
#[derive(Debug)]
pub enum LeafrefPath<'s> {
    /// One without predicates and functions: names alone.
    Plain(LeafPath<'s>),
    /// Any other, whose context node is the leaf itself.
    Expr {
        /// The path as written.
        source: &'s str,
        /// The expression; its nodes are the referred leafs.
        expr: &'s Expr<'s>,
    },
}

/// The path of a leafref without predicates, resolved when the code was generated.
#[derive(Debug)]
pub struct LeafPath<'s> {
    /// The levels to go up from the leaf before `steps` go down; `None` for an absolute path.
    pub ups: Option<usize>,
    /// The way down, each step as `module:name`.
    pub steps: &'s [&'s str],
}
