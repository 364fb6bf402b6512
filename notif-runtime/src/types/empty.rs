//! The type `empty` (RFC 7950 section 9.11).

/// The one value of the type `empty`: the presence of the leaf is its meaning.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, Default)]
pub struct Empty;
