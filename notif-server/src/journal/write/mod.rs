//! Writing the journal: one thread, which writes what waits as one group.

pub(crate) mod commit;
mod queue;
mod state;
mod thread;
pub(crate) mod writer;

pub use state::Tips;
