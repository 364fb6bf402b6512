//! Sinks: where accepted notifications are sent on.
//!
//! A sink knows nothing of the journal's cursors: it is given items in their order, and answers
//! what became of each when that is known for good. While its destination is down it tries again
//! and does not answer; the `forward` room gives each sink a thread of its own, so it delays nobody.

pub mod influxdb;
pub mod kafka;
mod status;

use notif_runtime::fault::Faults;
use notif_runtime::notification::Notification;
use notif_runtime::registry::Registry;

use crate::notification::Record;
pub(crate) use status::UP;
pub use status::{Attempts, Status};

/// A notification that a sink is given.
#[derive(Debug)]
pub struct Item {
    /// The record as the journal keeps it.
    pub record: Record,
    /// Its data; faults if it does not fit this server's modules (any more).
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

/// The final fate of an item.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Outcome {
    /// The destination has it, durably as far as it says.
    Delivered,
    /// The destination does not take it, and trying again would not help: why. It is parked.
    Refused(String),
}

/// A destination.
pub trait Sink {
    /// The items that the sink takes.
    type Item;

    /// Delivers the items in their order, and answers one outcome each, in the same order. Tries
    /// again, with growing pauses, for as long as the destination may take them later; what it
    /// meets on the way it tells `status`.
    ///
    /// The future may be dropped before it is ready: the items count as not delivered then, and
    /// are given to the sink again at another time.
    fn deliver(
        &mut self,
        items: &[Self::Item],
        status: &Status,
    ) -> impl Future<Output = Vec<Outcome>>;
}
