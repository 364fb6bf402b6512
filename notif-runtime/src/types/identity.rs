//! The type of an identityref (RFC 7950 section 9.10) of which the compiled modules have no values.

/// An identity of a base from which the compiled modules derive none: no message has one.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct NoIdentity(());

impl NoIdentity {
    /// A value to start from, which decoding never leaves.
    pub(crate) const fn blank() -> Self {
        Self(())
    }
}
