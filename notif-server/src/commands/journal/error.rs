//! Errors of `journal`.

use std::io;

use crate::journal::{BackupError, OpenError, ReadError, RepairError};

/// Errors of a task.
#[derive(Debug, thiserror::Error)]
pub(super) enum JournalError {
    #[error(transparent)]
    Open(#[from] OpenError),
    #[error(transparent)]
    Read(#[from] ReadError),
    #[error(transparent)]
    Backup(#[from] BackupError),
    #[error(transparent)]
    Repair(#[from] RepairError),
    #[error("cannot print: {0}")]
    Print(#[from] io::Error),
}
