//! The type of an identityref (RFC 7950 section 9.10) without values in the compiled modules.

/// An identity of a base from which no compiled module derives any: no message has one.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct NoIdentity(());

impl NoIdentity {
    /// A value to start from, which decoding never leaves.
    pub(crate) const fn blank() -> Self {
        Self(())
    }
}
