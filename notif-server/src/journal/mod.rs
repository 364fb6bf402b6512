//! The durable log: a notification is in it before its publisher gets 204.
//!
//! One SQLite file (WAL, `synchronous=FULL`) with one writer thread: whatever waits is written in
//! one transaction, so that the requests of a moment share one fsync. Any number of [`Reader`]s,
//! also of other processes, read while it is written. A user can open the file with `sqlite3`;
//! bodies are zstd frames of what the publisher sent.
//!
//! A notification is kept at least once: if a connection breaks between the commit and the answer,
//! the publisher sends again and both are there, each with an id of its own.
//!
//! Sinks read it too, each at its own pace: what a sink has settled, and what became of it, is in
//! the same file, so that it cannot disagree with what is there. Notifications that were rejected
//! are kept beside, bounded, for the operator.

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

/// The journal, open for writing. One process at a time has it.
#[derive(Debug)]
pub struct Journal {
    /// Reads the file through; none once it is closed.
    check: Mutex<Option<Check>>,
    writer: Writer,
    dir: PathBuf,
    /// Held until the journal is dropped.
    _lock: Lock,
}

impl Journal {
    /// Opens the journal in `dir`, which must exist; makes it if there is none. What these sinks
    /// have not settled is not removed.
    ///
    /// # Errors
    /// If another process has it, a newer version of the server wrote it, or the file cannot be
    /// used.
    pub fn open(dir: &Path, bounds: Bounds, sinks: &[SinkName]) -> Result<Self, OpenError> {
        Self::open_by(dir, bounds, sinks, Box::<System>::default())
    }

    /// The same, by another clock.
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
        // A new file's name must be on the disk too before the first 204.
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

    /// Checks that there is room for a notification, as [`Journal::append`] does too.
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

    /// Keeps a rejected notification, without waiting until it is on the disk. If it cannot be
    /// kept, that is counted.
    pub fn reject(&self, rejection: Rejection) {
        self.writer.reject(rejection);
    }

    /// Writes what became of what a sink was given.
    ///
    /// # Errors
    /// If it is not written; the sink would be given the same again after a restart.
    pub async fn settle(&self, sink: &'static str, settled: Settled) -> Result<(), AppendError> {
        self.writer.settle(sink, settled).await
    }

    /// The newest numbers, which change when something is written.
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

    /// Checks that notifications are taken, and that those taken can be read.
    ///
    /// # Errors
    /// The reason, if not.
    pub fn health(&self) -> Result<(), String> {
        self.writer.health()?;
        self.writer.metrics().soundness.health()
    }

    /// Writes what waits and closes the file. Later appends are refused.
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
