//! Forwarding: from the journal to the sinks, one worker a sink.
//!
//! A worker has a thread, a place in the journal, and a sink. It reads a batch after its place,
//! gives it to the sink, which answers when the fate of each notification is known for good, and
//! writes what became of them into the journal. So a slow or dead sink lets only its own place lag;
//! after a crash it is given again what was not settled, with the same ids and in the same order.

mod configured;
mod feed;
mod metrics;
mod worker;
mod workers;

#[cfg(test)]
mod tests;

pub use configured::names;
pub use feed::Feed;
pub use worker::Pace;
pub(crate) use worker::{Stop, until_stopped};
pub use workers::{Forward, ForwardError};
