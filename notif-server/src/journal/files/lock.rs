//! The lock on the data directory, so that one process writes the journal.

use std::fs::{self, File};
use std::io;
use std::path::Path;

use crate::journal::error::OpenError;

/// The lock file of releases that did not lock the directory. It is no longer created.
const OLD_LOCK: &str = "journal.lock";

/// Marks the journal as in use by this process, until it is dropped.
///
/// The lock is on the directory itself: a lock file could be removed, and the next process would
/// create another and lock that.
#[derive(Debug)]
pub(crate) struct Lock {
    pub(crate) dir: File,
    /// Keeps out releases that know only the lock file.
    _old: Option<File>,
}

/// Takes the lock.
pub(crate) fn lock(dir: &Path) -> Result<Lock, OpenError> {
    let open = File::open(dir).map_err(|error| OpenError::io(dir, error))?;
    take(&open, dir)?;
    let path = dir.join(OLD_LOCK);
    let old = match File::options().write(true).open(&path) {
        Ok(file) => {
            take(&file, dir)?;
            Some(file)
        }
        Err(error) if error.kind() == io::ErrorKind::NotFound => None,
        Err(error) => return Err(OpenError::io(&path, error)),
    };
    Ok(Lock {
        dir: open,
        _old: old,
    })
}

fn take(file: &File, dir: &Path) -> Result<(), OpenError> {
    let dir = || dir.to_owned();
    file.try_lock().map_err(|error| match error {
        fs::TryLockError::WouldBlock => OpenError::InUse { dir: dir() },
        fs::TryLockError::Error(source) => OpenError::NoLock { dir: dir(), source },
    })
}
