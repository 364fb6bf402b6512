//! The sinks: destinations of accepted notifications.
//!
//! A sink knows nothing of the journal's cursors: it gets items in order, and answers with the
//! outcome of each once that is final. While its destination is down, it retries and does not
//! answer; the `forward` module gives each sink its own thread, so it delays no other.

pub mod influxdb;
pub mod kafka;
mod status;

use notif_runtime::fault::Faults;
use notif_runtime::notification::Notification;
use notif_runtime::registry::Registry;

use crate::notification::Record;
pub(crate) use status::UP;
pub use status::{Attempts, Status};

/// A notification for a sink.
#[derive(Debug)]
pub struct Item {
    /// The notification as kept in the journal.
    pub record: Record,
    /// Its data; faults if it does not fit this server's modules, or no longer does.
    pub notification: Result<Notification, Faults>,
}

impl Item {
    /// A record with its data.
    #[must_use]
    pub fn decode(record: Record, registry: &Registry) -> Self {
        Self {
            notification: record.entry.decode(registry),
            record,
        }
    }
}

/// The final outcome of an item.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Outcome {
    /// The destination has it, as durably as it promises.
    Delivered,
    /// The destination refuses it, for this reason, and a retry would not help. It goes into
    /// quarantine.
    Refused(String),
}

/// A destination.
pub trait Sink {
    /// The items that the sink takes.
    type Item;

    /// Delivers the items in order, and returns one outcome for each, in the same order. Retries,
    /// with growing pauses, for as long as the destination may take them later; reports failures
    /// and successes to `status`.
    ///
    /// The future may be dropped before it is ready: then the items count as not delivered, and the
    /// sink gets them again later.
    fn deliver(
        &mut self,
        items: &[Self::Item],
        status: &Status,
    ) -> impl Future<Output = Vec<Outcome>>;
}
