//! The result of a repair, and its errors.

use std::io;
use std::path::{Path, PathBuf};

use crate::journal::error::{AppendError, OpenError, ReadError};
use crate::journal::read::numbers::Numbers;

/// The rows that a repair saves, or would save.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct Repair {
    /// The number of notifications in the new file.
    pub accepted: u64,
    /// The number of rejected notifications.
    pub rejected: u64,
    /// The number of sinks' accounts.
    pub sinks: u64,
    /// The number of rows in quarantine.
    pub quarantined: u64,
    /// Notifications that are lost.
    pub lost: Numbers,
    /// Rejected ones that are lost.
    pub lost_rejected: Numbers,
    /// Other parts of which something is lost, and why.
    pub lost_parts: Vec<String>,
    /// The name under which the damaged file is kept; none if nothing was written.
    pub kept: Option<PathBuf>,
}

impl Repair {
    /// True if all is saved.
    #[must_use]
    pub fn is_whole(&self) -> bool {
        self.lost.is_empty() && self.lost_rejected.is_empty() && self.lost_parts.is_empty()
    }
}

/// Errors of a repair. The journal is as it was.
#[derive(Debug, thiserror::Error)]
#[non_exhaustive]
pub enum RepairError {
    /// The journal cannot be opened.
    #[error(transparent)]
    Open(#[from] OpenError),
    /// The journal cannot be read.
    #[error(transparent)]
    Read(#[from] ReadError),
    /// There is no room for a second file.
    #[error("a new file needs up to {needed} bytes, and the disk of {} has {free} free", dir.display())]
    Room {
        /// The data directory.
        dir: PathBuf,
        /// Bytes that are needed.
        needed: u64,
        /// Bytes that are there.
        free: u64,
    },
    /// The new file cannot be written.
    #[error("cannot write {}: {source}", path.display())]
    Io {
        /// The file.
        path: PathBuf,
        /// The cause.
        source: io::Error,
    },
    /// The new file cannot be written.
    #[error("cannot write {}: {source}", path.display())]
    Write {
        /// The file.
        path: PathBuf,
        /// The cause.
        source: rusqlite::Error,
    },
    /// A row cannot be written into the new file.
    #[error("cannot write a new file: {0}")]
    Row(#[from] AppendError),
}

impl RepairError {
    pub(crate) fn io(path: &Path, source: io::Error) -> Self {
        Self::Io {
            path: path.to_owned(),
            source,
        }
    }
}
