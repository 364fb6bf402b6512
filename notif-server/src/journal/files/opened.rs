//! The journal's files while they are open: they stay private, and must not be replaced.
//!
//! A file that SQLite has open is never opened here too: closing it would drop the locks that
//! SQLite holds on it (POSIX locks belong to a process and a file, not to a descriptor). So files
//! are identified by device and inode, looked up by name.

use std::fs::{self, Permissions};
use std::io;
use std::os::unix::fs::{MetadataExt, PermissionsExt};
use std::path::{Path, PathBuf};

use super::lock::Lock;
use super::paths::{FILE, create_private, with_suffix};
use crate::journal::error::{Gone, OpenError};

/// The mode of files that only the server's user may use.
const PRIVATE: u32 = 0o600;

/// Refuses a write-ahead log whose database is missing or empty, as SQLite would remove it. Call it
/// before SQLite opens the file.
pub(crate) fn check_log(path: &Path) -> Result<(), OpenError> {
    // SQLite keeps its other files beside the target of a symbolic link.
    let real = fs::canonicalize(path).unwrap_or_else(|_| path.to_owned());
    let log = with_suffix(&real, "-wal");
    let size = |path: &Path| fs::metadata(path).map_or(0, |file| file.len());
    if size(&real) > 0 || size(&log) == 0 {
        return Ok(());
    }
    Err(OpenError::Headless { path: real, log })
}

/// Creates the database's file if there is none, for this user alone, and removes the permissions
/// of others from existing files. Call it before SQLite opens the file: SQLite gives its other
/// files the same mode.
pub(crate) fn make_private(path: &Path) -> Result<(), OpenError> {
    match create_private(path) {
        // Also for a symbolic link: it is not followed here.
        Err(error) if error.kind() == io::ErrorKind::AlreadyExists => {}
        made => made.map_err(|error| OpenError::io(path, error))?,
    }
    for file in [
        path.to_owned(),
        with_suffix(path, "-wal"),
        with_suffix(path, "-shm"),
    ] {
        let restrict = || {
            let others = fs::metadata(&file)?.mode() & 0o777 & !PRIVATE;
            if others == 0 {
                return Ok(());
            }
            fs::set_permissions(&file, Permissions::from_mode(PRIVATE))
        };
        match restrict() {
            Err(error) if error.kind() != io::ErrorKind::NotFound => {
                tracing::warn!(file = %file.display(), %error, "others may read the journal");
            }
            _ => {}
        }
    }
    Ok(())
}

/// Device and inode: they stay the same while a file is open, whatever happens to its name.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
struct Identity(u64, u64);

impl Identity {
    fn of(path: &Path) -> io::Result<Self> {
        fs::metadata(path).map(|file| Self(file.dev(), file.ino()))
    }
}

/// The open files, and their names.
#[derive(Debug)]
pub(crate) struct Files {
    known: Vec<(PathBuf, Identity)>,
    database: PathBuf,
    log: PathBuf,
}

/// The database's file before SQLite opens it.
#[derive(Debug, Clone, Copy)]
pub(crate) struct Before(Identity);

impl Before {
    pub(crate) fn opening(path: &Path) -> Result<Self, OpenError> {
        let identity = Identity::of(path);
        identity
            .map(Self)
            .map_err(|error| OpenError::io(path, error))
    }
}

impl Files {
    /// Identifies the files in `dir` just after SQLite opened them.
    pub(crate) fn opened(lock: &Lock, dir: &Path, before: Before) -> Result<Self, OpenError> {
        let path = dir.join(FILE);
        let name = |path: &Path| {
            let identity = Identity::of(path).map_err(|error| OpenError::io(path, error))?;
            Ok((path.to_owned(), identity))
        };
        // SQLite keeps its other files beside the target of a symbolic link.
        let real = fs::canonicalize(&path).map_err(|error| OpenError::io(&path, error))?;
        let log = with_suffix(&real, "-wal");
        let locked = lock.dir.metadata();
        let locked = locked.map_err(|error| OpenError::io(dir, error))?;
        let files = Self {
            known: vec![
                (dir.to_owned(), Identity(locked.dev(), locked.ino())),
                (path, before.0),
                name(&log)?,
                name(&with_suffix(&real, "-shm"))?,
            ],
            database: real,
            log,
        };
        files.check().map_err(|gone| OpenError::Gone {
            dir: dir.to_owned(),
            gone,
        })?;
        Ok(files)
    }

    /// Checks that each name still stands for the open file. Call it when written data is on the
    /// disk, and before anybody is told so.
    pub(crate) fn check(&self) -> Result<(), Gone> {
        for (path, known) in &self.known {
            let how = match Identity::of(path) {
                Ok(found) if found == *known => continue,
                Ok(_) => "is another file".to_owned(),
                Err(error) if error.kind() == io::ErrorKind::NotFound => "is gone".to_owned(),
                Err(error) => format!("cannot be looked at: {error}"),
            };
            let name = path.file_name().unwrap_or(path.as_os_str());
            return Err(Gone {
                name: name.to_string_lossy().into_owned(),
                how,
            });
        }
        Ok(())
    }

    /// True if the database is in place, but its write-ahead log is gone: the log, which is still
    /// open, can be copied into the database.
    pub(crate) fn lack_the_log_alone(&self) -> bool {
        let database = |(path, _): &&(PathBuf, Identity)| path.ends_with(FILE);
        let in_place = |(path, known): &(PathBuf, Identity)| {
            Identity::of(path).is_ok_and(|found| found == *known)
        };
        self.known.iter().find(database).is_some_and(in_place)
            && fs::symlink_metadata(&self.log)
                .is_err_and(|error| error.kind() == io::ErrorKind::NotFound)
    }

    /// The size of the database's file in bytes, without the write-ahead log.
    pub(crate) fn database_size(&self) -> u64 {
        fs::metadata(&self.database).map_or(0, |database| database.len())
    }

    /// The size of the write-ahead log in bytes.
    pub(crate) fn log_size(&self) -> u64 {
        fs::metadata(&self.log).map_or(0, |log| log.len())
    }
}
