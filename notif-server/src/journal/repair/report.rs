//! The result of a repair, and its errors.

use std::io;
use std::path::{Path, PathBuf};

use crate::journal::error::{AppendError, OpenError, ReadError};
use crate::journal::read::numbers::Numbers;

/// The result of a repair, or of a dry run.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct Repair {
    /// The number of notifications saved.
    pub accepted: u64,
    /// The number of rejected notifications saved.
    pub rejected: u64,
    /// The number of sinks' accounts saved.
    pub sinks: u64,
    /// The number of quarantined notifications saved.
    pub quarantined: u64,
    /// The notifications lost.
    pub lost: Numbers,
    /// The rejected notifications lost.
    pub lost_rejected: Numbers,
    /// Other parts with losses, and the reasons.
    pub lost_parts: Vec<String>,
    /// The path of the damaged file; none if nothing was written.
    pub kept: Option<PathBuf>,
}

impl Repair {
    /// True if everything is saved.
    #[must_use]
    pub fn is_whole(&self) -> bool {
        self.lost.is_empty() && self.lost_rejected.is_empty() && self.lost_parts.is_empty()
    }
}

/// Errors of a repair. The journal is left unchanged.
#[derive(Debug, thiserror::Error)]
#[non_exhaustive]
pub enum RepairError {
    /// The journal cannot be opened.
    #[error(transparent)]
    Open(#[from] OpenError),
    /// The journal cannot be read.
    #[error(transparent)]
    Read(#[from] ReadError),
    /// The disk has no room for a second file.
    #[error("a new file needs up to {needed} bytes, and the disk of {} has {free} free", dir.display())]
    Room {
        /// The data directory.
        dir: PathBuf,
        /// Bytes needed.
        needed: u64,
        /// Bytes free.
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
