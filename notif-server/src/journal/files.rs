//! The journal's files: one process has them, nobody else reads them, and they stay those that are
//! open.
//!
//! A file that SQLite has open is never opened here too: closing it would take away the locks that
//! SQLite holds on it (POSIX locks belong to a process and its file, not to what opened it). So
//! files are known by device and inode, which their names tell.

use std::fs::{self, File, Permissions};
use std::io;
use std::os::unix::fs::{MetadataExt, PermissionsExt};
use std::path::{Path, PathBuf};

use super::backup::create_private;
use super::paths::with_suffix;
use super::{FILE, OpenError};

/// The lock of releases that did not lock the directory. It is not made any more.
const OLD_LOCK: &str = "journal.lock";

/// What only the server's user may do.
const PRIVATE: u32 = 0o600;

/// Tells other processes that this one writes the journal, until it is dropped.
///
/// It is on the directory itself: a file in it can be removed, and the next process would make
/// another and lock that.
#[derive(Debug)]
pub(super) struct Lock {
    dir: File,
    /// A release that knows of no other may run yet.
    _old: Option<File>,
}

/// Takes the lock.
pub(super) fn lock(dir: &Path) -> Result<Lock, OpenError> {
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

/// Refuses a write-ahead log whose database is missing or empty: SQLite would remove it. To be called
/// before SQLite opens the file.
pub(super) fn check_log(path: &Path) -> Result<(), OpenError> {
    // SQLite keeps its other files beside the file that a link names.
    let real = fs::canonicalize(path).unwrap_or_else(|_| path.to_owned());
    let log = with_suffix(&real, "-wal");
    let size = |path: &Path| fs::metadata(path).map_or(0, |file| file.len());
    if size(&real) > 0 || size(&log) == 0 {
        return Ok(());
    }
    Err(OpenError::Headless { path: real, log })
}

/// Makes the database's file if there is none, for this user alone, and takes from others what they
/// may do with the files that are there. To be called before SQLite opens it, which gives its other
/// files the same mode.
pub(super) fn make_private(path: &Path) -> Result<(), OpenError> {
    match create_private(path) {
        // Also if it is a link: it is not opened then.
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

/// Device and inode: the same while a file is open, whatever becomes of its name.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
struct Identity(u64, u64);

impl Identity {
    fn of(path: &Path) -> io::Result<Self> {
        fs::metadata(path).map(|file| Self(file.dev(), file.ino()))
    }
}

/// What a name no longer stands for.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
#[error(
    "the journal's files were removed or replaced while the server runs ({name} {how}): nothing is \
     taken, as it would be lost. Put back the very same files, or restart the server, which goes on \
     with what is in its directory"
)]
pub struct Gone {
    name: String,
    how: String,
}

/// The files that are open, and their names.
#[derive(Debug)]
pub(super) struct Files {
    known: Vec<(PathBuf, Identity)>,
    database: PathBuf,
    log: PathBuf,
}

/// The database's file as it is before SQLite opens it.
#[derive(Debug, Clone, Copy)]
pub(super) struct Before(Identity);

impl Before {
    pub(super) fn opening(path: &Path) -> Result<Self, OpenError> {
        let identity = Identity::of(path);
        identity
            .map(Self)
            .map_err(|error| OpenError::io(path, error))
    }
}

impl Files {
    /// The files in `dir` just after SQLite opened them.
    pub(super) fn opened(lock: &Lock, dir: &Path, before: Before) -> Result<Self, OpenError> {
        let path = dir.join(FILE);
        let name = |path: &Path| {
            let identity = Identity::of(path).map_err(|error| OpenError::io(path, error))?;
            Ok((path.to_owned(), identity))
        };
        // SQLite keeps its other files beside the file that a link names.
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

    /// Whether each name stands for what is open. To be asked after what was written is on the
    /// disk, and before anybody is told so.
    pub(super) fn check(&self) -> Result<(), Gone> {
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

    /// Whether the database is in its place and there is no write-ahead log beside it: what the log
    /// had, which is still open, can be put into the database.
    pub(super) fn lack_the_log_alone(&self) -> bool {
        let database = |(path, _): &&(PathBuf, Identity)| path.ends_with(FILE);
        let in_place = |(path, known): &(PathBuf, Identity)| {
            Identity::of(path).is_ok_and(|found| found == *known)
        };
        self.known.iter().find(database).is_some_and(in_place)
            && fs::symlink_metadata(&self.log)
                .is_err_and(|error| error.kind() == io::ErrorKind::NotFound)
    }

    /// Bytes of the database's file, without what waits in the write-ahead log.
    pub(super) fn database_size(&self) -> u64 {
        fs::metadata(&self.database).map_or(0, |database| database.len())
    }

    /// Bytes of the write-ahead log.
    pub(super) fn log_size(&self) -> u64 {
        fs::metadata(&self.log).map_or(0, |log| log.len())
    }
}
