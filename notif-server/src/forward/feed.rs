//! Reads the journal for sinks.

use notif_runtime::registry::Registry;

use crate::journal::{Filter, ReadError, Reader, Tips};
use crate::notification::Rejected;
use crate::sink::Item;

/// The journal and the modules that items are read with.
#[derive(Debug)]
pub struct Context {
    pub(super) reader: Reader,
    pub(super) registry: Registry,
}

/// Items that a sink can get from the journal.
pub trait Feed: Sized {
    /// The next items after number `after`, at most `limit`; empty if there are none.
    ///
    /// # Errors
    /// If the journal cannot be read, or its next row is damaged.
    fn read(context: &Context, after: u64, limit: usize) -> Result<Vec<Self>, ReadError>;

    /// The item's number.
    fn seq(&self) -> u64;

    /// The number of the newest item.
    fn tip(tips: Tips) -> u64;
}

impl Feed for Item {
    fn read(context: &Context, after: u64, limit: usize) -> Result<Vec<Self>, ReadError> {
        let records = context.reader.batch(&Filter::default(), after, limit)?;
        let item = |record| Self::decode(record, &context.registry);
        Ok(records.into_iter().map(item).collect())
    }

    fn seq(&self) -> u64 {
        self.record.stored.seq
    }

    fn tip(tips: Tips) -> u64 {
        tips.notifications
    }
}

impl Feed for Rejected {
    fn read(context: &Context, after: u64, limit: usize) -> Result<Vec<Self>, ReadError> {
        context.reader.rejected(&Filter::default(), after, limit)
    }

    fn seq(&self) -> u64 {
        self.stored.seq
    }

    fn tip(tips: Tips) -> u64 {
        tips.rejected
    }
}
