//! Forwarding: from the journal to the sinks, one worker a sink.
//!
//! A worker has a thread, a cursor in the journal, and a sink. It reads a batch after its cursor,
//! gives it to the sink, which answers when the outcome of each notification is final, and records
//! the outcomes in the journal. So a slow or dead sink only lets its own cursor lag; after a crash
//! it gets the unsettled notifications again, with the same ids and in the same order.

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
