//! Writes the journal, in one thread, which commits waiting notifications as a group.

pub(crate) mod commit;
mod queue;
mod state;
mod thread;
pub(crate) mod writer;

pub use state::Tips;
