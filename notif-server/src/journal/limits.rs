//! The size of one transaction, and of the queue before it.

/// The size of the queue, in KiB of compressed bodies: 64 MiB.
pub(crate) const ROOM: usize = 64 << 10;

/// The most notifications in one transaction, so that the first of them does not wait long for the
/// last.
pub(crate) const GROUP: usize = 1024;
