//! The limits of one transaction, and of the queue for it.

/// The size of the queue, in KiB of compressed bodies: 64 MiB.
pub(crate) const ROOM: usize = 64 << 10;

/// The number of notifications in one transaction, at most, so that the first does not wait long
/// for the last.
pub(crate) const GROUP: usize = 1024;
