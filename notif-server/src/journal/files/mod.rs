//! The journal's files: their names, the lock on them, and the space that they take.

pub(crate) mod lock;
pub(crate) mod opened;
pub(crate) mod paths;
pub(crate) mod space;
