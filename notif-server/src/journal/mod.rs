//! The durable log: a notification is in it before its publisher gets 204.
//!
//! One SQLite file (WAL, `synchronous=FULL`) with one writer thread, which writes all waiting
//! notifications in one transaction, so that requests of the same moment share one fsync. Any
//! number of [`Reader`]s, also in other processes, read it meanwhile. Users can open the file with
//! `sqlite3`; bodies are zstd frames of the bytes that the publisher sent.
//!
//! A notification is kept at least once: if a connection breaks between the commit and the answer,
//! the publisher sends it again, and both copies are kept, each with its own id.
//!
//! Sinks read it too, each at its own pace. Their cursors and the outcome of each delivery are in
//! the same file, so that they cannot disagree with its notifications. Rejected notifications are
//! kept beside the others, within limits, for the operator.

mod backup;
mod check;
mod compact;
mod error;
mod files;
mod limits;
mod metrics;
mod open;
mod read;
mod repair;
mod retention;
mod tables;
#[cfg(test)]
mod tests;
mod write;

use std::fs::File;
use std::path::{Path, PathBuf};
use std::sync::{Arc, Mutex, PoisonError};

use tokio::sync::watch;

use crate::notification::{Entry, Rejection, SinkName, Stored};
pub use backup::{BackupError, backup};
use check::Check;
pub use compact::{Compacted, compact};
pub use error::{ADVICE, AppendError, Full, Gone, OpenError, ReadError};
use files::lock::Lock;
pub use files::paths::FILE;
use files::space::Disk;
use open::open_files;
pub use read::filter::Filter;
pub use read::numbers::Numbers;
pub use read::query::{Extent, Parked, Summary};
pub use read::reader::Reader;
pub use read::stats::{Origin, Recent, Stats, Volume};
pub use repair::{Repair, RepairError, repair};
pub use retention::Bounds;
use retention::Retention;
use retention::age::{Clock, System};
use tables::account;
pub use tables::account::{Account, Settled};
pub use write::Tips;
use write::writer::Writer;

/// The journal, open for writing, by one process at a time.
#[derive(Debug)]
pub struct Journal {
    /// Checks the file in the background; none once the journal is closed.
    check: Mutex<Option<Check>>,
    writer: Writer,
    dir: PathBuf,
    /// Held until the journal is dropped.
    _lock: Lock,
}

impl Journal {
    /// Opens the journal in `dir`, which must exist, and creates it if there is none. Notifications
    /// that these sinks have not settled are not removed.
    ///
    /// # Errors
    /// If another process has it open, a newer version of the server has written it, or the file
    /// cannot be used.
    pub fn open(dir: &Path, bounds: Bounds, sinks: &[SinkName]) -> Result<Self, OpenError> {
        Self::open_by(dir, bounds, sinks, Box::<System>::default())
    }

    /// Opens it with another clock.
    fn open_by(
        dir: &Path,
        bounds: Bounds,
        sinks: &[SinkName],
        clock: Box<dyn Clock>,
    ) -> Result<Self, OpenError> {
        let (lock, connection, files) = open_files(dir)?;
        for sink in sinks {
            let opened = account::open(&connection, *sink);
            opened.map_err(|error| OpenError::sqlite(&dir.join(FILE), error))?;
        }
        // The name of a new file must be on the disk too before the first 204.
        let synced = File::open(dir).and_then(|dir| dir.sync_all());
        synced.map_err(|error| OpenError::io(dir, error))?;
        let retention = Retention::new(bounds, sinks.to_vec(), Disk::new(dir, files));
        let writer = Writer::start(connection, retention, clock);
        let writer = writer.map_err(|error| OpenError::io(dir, error))?;
        let (reader, soundness) = (Reader::open(dir)?, &writer.metrics().soundness);
        soundness.found(check::look(&reader));
        let check = Check::start(reader, Arc::clone(soundness));
        let check = check.map_err(|error| OpenError::io(dir, error))?;
        Ok(Self {
            check: Mutex::new(Some(check)),
            writer,
            dir: dir.to_owned(),
            _lock: lock,
        })
    }

    /// Checks that there is room for a notification; [`Journal::append`] does so too.
    ///
    /// # Errors
    /// If the journal is full.
    pub fn has_room(&self) -> Result<(), AppendError> {
        self.writer.has_room()
    }

    /// Keeps a notification: when this returns, it is on the disk.
    ///
    /// # Errors
    /// If it is not kept: the publisher has to try again.
    pub async fn append(&self, entry: Entry) -> Result<Stored, AppendError> {
        self.writer.append(entry).await
    }

    /// Keeps a rejected notification, without waiting for the disk. If it cannot be kept, that is
    /// counted.
    pub fn reject(&self, rejection: Rejection) {
        self.writer.reject(rejection);
    }

    /// Records the outcome of deliveries to a sink.
    ///
    /// # Errors
    /// If it cannot be written: after a restart the sink would get the same notifications again.
    pub async fn settle(&self, sink: &'static str, settled: Settled) -> Result<(), AppendError> {
        self.writer.settle(sink, settled).await
    }

    /// The newest numbers, updated after each write.
    #[must_use]
    pub fn tips(&self) -> watch::Receiver<Tips> {
        self.writer.tips()
    }

    /// A reader of this journal.
    ///
    /// # Errors
    /// If the file cannot be opened.
    pub fn reader(&self) -> Result<Reader, OpenError> {
        Reader::open(&self.dir)
    }

    /// Checks that notifications are taken, and can be read back.
    ///
    /// # Errors
    /// The reason, if not.
    pub fn health(&self) -> Result<(), String> {
        self.writer.health()?;
        self.writer.metrics().soundness.health()
    }

    /// Writes the waiting notifications and closes the file. Later appends are refused.
    pub async fn close(&self) {
        let check = self
            .check
            .lock()
            .unwrap_or_else(PoisonError::into_inner)
            .take();
        drop(check);
        self.writer.close().await;
    }

    /// Adds the journal's metrics.
    pub fn register(&self, registry: &mut prometheus_client::registry::Registry) {
        self.writer.metrics().register(registry);
    }
}
