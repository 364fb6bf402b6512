//! How much the journal writes at once, and how much may wait for it.

/// What may wait to be written, in KiB of compressed bodies: 64 MiB.
pub(crate) const ROOM: usize = 64 << 10;

/// How many notifications one transaction takes at most, so that the first of them does not wait
/// long for the last.
pub(crate) const GROUP: usize = 1024;
