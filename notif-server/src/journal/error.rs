//! Errors of the journal.

use std::io;
use std::path::{Path, PathBuf};
use std::sync::Arc;

use rusqlite::ErrorCode;

/// Errors in opening the journal.
#[derive(Debug, thiserror::Error)]
#[non_exhaustive]
pub enum OpenError {
    /// Another process has it open for writing.
    #[error("another notif-server uses {}: stop it, or choose another --data-dir", dir.display())]
    InUse {
        /// The data directory.
        dir: PathBuf,
    },
    /// It cannot be locked against other processes.
    #[error(
        "cannot lock {}: {source}; the journal needs a file system of this machine, not one that \
         is shared over the network",
        dir.display()
    )]
    NoLock {
        /// The data directory.
        dir: PathBuf,
        /// The cause.
        source: io::Error,
    },
    /// Its files have been removed or replaced since they were opened.
    #[error("{}: {gone}", dir.display())]
    Gone {
        /// The data directory.
        dir: PathBuf,
        /// The file.
        gone: Gone,
    },
    /// There is a write-ahead log without its database.
    #[error(
        "{} is missing or empty, and {} has what was written last: put the journal.db back that it \
         belongs to, or move it away to begin anew",
        path.display(),
        log.display()
    )]
    Headless {
        /// The file.
        path: PathBuf,
        /// Its write-ahead log.
        log: PathBuf,
    },
    /// There is no journal to read.
    #[error(
        "there is no journal in {}: name the server's directory with --data-dir, \
         or start `notif-server serve`",
        dir.display()
    )]
    Missing {
        /// The data directory.
        dir: PathBuf,
    },
    /// A newer version of the server has written it.
    #[error(
        "{} was written by a newer notif-server (its layout is {found}, this one knows {known}): \
         use that version, or choose another --data-dir",
        path.display()
    )]
    Newer {
        /// The file.
        path: PathBuf,
        /// Its layout.
        found: i32,
        /// The newest layout that this version knows.
        known: i32,
    },
    /// An older version of the server has written it, and it has not been opened for writing since.
    #[error(
        "{} was written by an older notif-server: start `notif-server serve` once, which makes it new",
        path.display()
    )]
    Older {
        /// The file.
        path: PathBuf,
    },
    /// An older version has written it, and it cannot be migrated to this version's layout.
    #[error(
        "cannot give {} the layout of this notif-server: {source}; it is as it was. It needs up to \
         {needed} bytes more on its disk while it is done",
        path.display()
    )]
    Migrate {
        /// The file.
        path: PathBuf,
        /// Bytes on the disk that the migration may take.
        needed: u64,
        /// The cause.
        source: rusqlite::Error,
    },
    /// It cannot be rewritten.
    #[error(
        "cannot rewrite {}: {source}{}",
        path.display(),
        if is_damage(source) {
            advice(source)
        } else {
            format!(
                "; it needs {need} bytes free on its disk: remove other files there, or make the \
                 disk larger"
            )
        }
    )]
    Rewrite {
        /// The file.
        path: PathBuf,
        /// Bytes that it needs at least.
        need: u64,
        /// The cause.
        source: rusqlite::Error,
    },
    /// The file belongs to another program, or its start is damaged.
    #[error(
        "{} is not a journal: move it away, or choose another --data-dir. If it was one, its \
         beginning is damaged: {}",
        path.display(),
        ADVICE
    )]
    Foreign {
        /// The file.
        path: PathBuf,
    },
    /// SQLite cannot use the file.
    #[error("cannot open the journal {}: {source}{}", path.display(), advice(source))]
    Sqlite {
        /// The file.
        path: PathBuf,
        /// The cause.
        source: rusqlite::Error,
    },
    /// The system cannot open the file.
    #[error("cannot open {}: {source}", path.display())]
    Io {
        /// The file.
        path: PathBuf,
        /// The cause.
        source: io::Error,
    },
}

impl OpenError {
    pub(crate) fn io(path: &Path, source: io::Error) -> Self {
        Self::Io {
            path: path.to_owned(),
            source,
        }
    }

    pub(crate) fn sqlite(path: &Path, source: rusqlite::Error) -> Self {
        Self::Sqlite {
            path: path.to_owned(),
            source,
        }
    }
}

/// A file of the journal that was removed or replaced while it was open.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
#[error(
    "the journal's files were removed or replaced while the server runs ({name} {how}): nothing is \
     taken, as it would be lost. Put back the very same files, or restart the server, which goes on \
     with what is in its directory"
)]
pub struct Gone {
    pub(crate) name: String,
    pub(crate) how: String,
}

/// The limit that keeps the journal from taking more.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
#[non_exhaustive]
pub enum Full {
    /// It has its largest size, and none of its notifications may be removed.
    #[error(
        "it has {used} of journal.max-size = {max} bytes, and {} still owed to {sink}",
        count(*.owed)
    )]
    Owed {
        /// Bytes that are in use.
        used: u64,
        /// Bytes that may be used.
        max: u64,
        /// The sink that is furthest behind.
        sink: &'static str,
        /// The number of notifications that this sink has yet to get.
        owed: u64,
    },
    /// There is too little space on the disk.
    #[error(
        "the disk has {free} bytes free, journal.min-free is {min}, and {need} are needed for what \
         is to be written and for tidying"
    )]
    Disk {
        /// Bytes that are free.
        free: u64,
        /// Bytes that are to be left free.
        min: u64,
        /// Bytes that are needed.
        need: u64,
    },
    /// The journal is too small for a notification.
    #[error("this needs {need} of journal.max-size = {max} bytes: raise it")]
    Small {
        /// Bytes that are needed.
        need: u64,
        /// Bytes that may be used.
        max: u64,
    },
}

fn count(number: u64) -> String {
    match number {
        1 => "1 notification is".to_owned(),
        number => format!("{number} notifications are"),
    }
}

/// Errors in keeping a notification.
#[derive(Debug, Clone, thiserror::Error)]
#[non_exhaustive]
pub enum AppendError {
    /// Too much is waiting to be written.
    #[error("more notifications wait to be written than the server holds")]
    Busy,
    /// The journal has reached its limits.
    #[error("the journal is full: {0}")]
    Full(Full),
    /// The files are gone: anything written would be lost.
    #[error("{0}")]
    Gone(Gone),
    /// The journal is closed.
    #[error("the journal is closed")]
    Closed,
    /// The write failed; the next may succeed.
    #[error("the journal cannot be written: {0}{advice}", advice = advice(.0))]
    Write(Arc<rusqlite::Error>),
    /// The body could not be compressed.
    #[error("the body cannot be compressed: {0}")]
    Compress(Arc<io::Error>),
}

/// Errors in reading the journal.
#[derive(Debug, thiserror::Error)]
#[non_exhaustive]
pub enum ReadError {
    /// SQLite cannot read.
    #[error("cannot read the journal: {0}{advice}", advice = advice(.0))]
    Sqlite(#[from] rusqlite::Error),
    /// Rows cannot be read, or hold values that the server does not write.
    #[error("{}: {problem}", rows(*.first, *.last))]
    Damaged {
        /// The first of the rows.
        first: u64,
        /// The last of them.
        last: u64,
        /// The fault.
        problem: String,
        /// The disk fails to read them, which may pass.
        by_disk: bool,
    },
}

fn rows(first: u64, last: u64) -> String {
    if first == last {
        format!("the journal's row {first} is damaged")
    } else {
        format!("the journal's rows {first} to {last} are damaged")
    }
}

impl ReadError {
    pub(crate) const fn damaged(seq: u64, problem: String) -> Self {
        Self::Damaged {
            first: seq,
            last: seq,
            problem,
            by_disk: false,
        }
    }

    /// True if the file is damaged, not only unreadable for now.
    pub(crate) fn is_damage(&self) -> bool {
        match self {
            Self::Sqlite(error) => is_damage(error),
            Self::Damaged { .. } => true,
        }
    }

    /// The message, without advice.
    pub(crate) fn plain(&self) -> String {
        match self {
            Self::Sqlite(error) => error.to_string(),
            damaged @ Self::Damaged { .. } => damaged.to_string(),
        }
    }

    /// The error for this row, if it is about the row's values.
    pub(crate) fn in_row(self, seq: u64) -> Self {
        match self {
            Self::Sqlite(error) if error.sqlite_error().is_none() => {
                Self::damaged(seq, error.to_string())
            }
            other => other,
        }
    }

    /// The error for these rows.
    pub(crate) fn of_run(self, first: u64, last: u64) -> Self {
        let by_disk = matches!(&self, Self::Sqlite(error) if is_unread(error));
        let problem = match self {
            Self::Damaged { problem, .. } => problem,
            error @ Self::Sqlite(_) => error.plain(),
        };
        Self::Damaged {
            first,
            last,
            problem,
            by_disk,
        }
    }
}

/// Advice about a damaged journal.
pub const ADVICE: &str = "`notif-server journal verify` tells what cannot be read, and \
     `notif-server journal repair` saves the rest";

/// True if the error says that the file is damaged, or that its disk cannot be read in places.
pub(crate) fn is_damage(error: &rusqlite::Error) -> bool {
    error.sqlite_error().is_some_and(|error| {
        matches!(
            error.code,
            ErrorCode::DatabaseCorrupt | ErrorCode::NotADatabase
        )
    }) || is_unread(error)
}

/// True if the error says that the disk cannot be read in places.
fn is_unread(error: &rusqlite::Error) -> bool {
    error
        .sqlite_error()
        .is_some_and(|error| error.extended_code == rusqlite::ffi::SQLITE_IOERR_READ)
}

/// True if the data is damaged, or has a value that the server does not write: other rows can be
/// read.
pub(crate) fn is_unreadable(error: &rusqlite::Error) -> bool {
    is_damage(error) || error.sqlite_error().is_none()
}

/// Advice about an error of SQLite, if there is any.
pub(crate) fn advice(error: &rusqlite::Error) -> String {
    if is_damage(error) {
        format!("; {ADVICE}")
    } else {
        String::new()
    }
}
