//! The durable log: a notification is in it before its publisher gets 204.
//!
//! One SQLite file (WAL, `synchronous=FULL`) with one writer thread: whatever waits is written in
//! one transaction, so that the requests of a moment share one fsync. Any number of [`Reader`]s,
//! also of other processes, read while it is written. A user can open the file with `sqlite3`;
//! bodies are zstd frames of what the publisher sent.
//!
//! A notification is kept at least once: if a connection breaks between the commit and the answer,
//! the publisher sends again and both are there, each with an id of its own.

mod body;
mod entry;
mod error;
mod metrics;
mod reader;
mod schema;
mod writer;

#[cfg(test)]
mod tests;

use std::fs::File;
use std::path::Path;

pub use entry::{Entry, Record, Stored};
pub use error::{AppendError, OpenError, ReadError};
pub use reader::{Filter, Reader, Summary};

use writer::Writer;

/// The file of the journal in the data directory.
pub const FILE: &str = "journal.db";

/// The file that the process which writes the journal holds locked.
const LOCK_FILE: &str = "journal.lock";

/// The journal, open for writing. One process at a time has it.
#[derive(Debug)]
pub struct Journal {
    writer: Writer,
    /// Held until the journal is dropped.
    _lock: File,
}

impl Journal {
    /// Opens the journal in `dir`, which must exist; makes it if there is none.
    ///
    /// # Errors
    /// If another process has it, a newer version of the server wrote it, or the file cannot be
    /// used.
    pub fn open(dir: &Path) -> Result<Self, OpenError> {
        let lock = lock(dir)?;
        let connection = schema::open(&dir.join(FILE))?;
        // A new file's name must be on the disk too before the first 204.
        let synced = File::open(dir).and_then(|dir| dir.sync_all());
        synced.map_err(|error| OpenError::io(dir, error))?;
        let writer = Writer::start(connection).map_err(|error| OpenError::io(dir, error))?;
        Ok(Self {
            writer,
            _lock: lock,
        })
    }

    /// Keeps a notification: when this returns, it is on the disk.
    ///
    /// # Errors
    /// If it is not kept: the publisher has to try again.
    pub async fn append(&self, entry: Entry) -> Result<Stored, AppendError> {
        self.writer.append(entry).await
    }

    /// Whether the last write went well.
    ///
    /// # Errors
    /// What went wrong with it.
    pub fn health(&self) -> Result<(), String> {
        self.writer.health()
    }

    /// Writes what waits and closes the file. Later appends are refused.
    pub async fn close(&self) {
        self.writer.close().await;
    }

    /// Adds the journal's metrics.
    pub fn register(&self, registry: &mut prometheus_client::registry::Registry) {
        self.writer.metrics().register(registry);
    }
}

/// Takes the lock that tells other processes that this one writes.
fn lock(dir: &Path) -> Result<File, OpenError> {
    let path = dir.join(LOCK_FILE);
    let mut options = File::options();
    let file = options.create(true).truncate(false).write(true).open(&path);
    let file = file.map_err(|error| OpenError::io(&path, error))?;
    match file.try_lock() {
        Ok(()) => Ok(file),
        Err(std::fs::TryLockError::WouldBlock) => Err(OpenError::InUse {
            dir: dir.to_owned(),
        }),
        Err(std::fs::TryLockError::Error(error)) => Err(OpenError::io(&path, error)),
    }
}
