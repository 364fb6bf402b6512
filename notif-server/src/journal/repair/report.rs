//! What a repair saves, and why there is none.

use std::io;
use std::path::{Path, PathBuf};

use crate::journal::error::{AppendError, OpenError, ReadError};
use crate::journal::read::numbers::Numbers;

/// What a repair saves, or would.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct Repair {
    /// How many notifications there are in the new file.
    pub accepted: u64,
    /// How many rejected ones.
    pub rejected: u64,
    /// How many sinks' accounts.
    pub sinks: u64,
    /// How much is in quarantine.
    pub quarantined: u64,
    /// Notifications that are lost.
    pub lost: Numbers,
    /// Rejected ones that are lost.
    pub lost_rejected: Numbers,
    /// Other parts of which something is lost, and why.
    pub lost_parts: Vec<String>,
    /// Where the damaged file is kept; none if nothing was written.
    pub kept: Option<PathBuf>,
}

impl Repair {
    /// Whether all is saved.
    #[must_use]
    pub fn is_whole(&self) -> bool {
        self.lost.is_empty() && self.lost_rejected.is_empty() && self.lost_parts.is_empty()
    }
}

/// Why there is no repair. The journal is as it was.
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
        /// Why.
        source: io::Error,
    },
    /// The new file cannot be written.
    #[error("cannot write {}: {source}", path.display())]
    Write {
        /// The file.
        path: PathBuf,
        /// Why.
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
