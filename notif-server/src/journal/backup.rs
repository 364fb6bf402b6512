//! Copies the journal while it may be written.

use std::fs;
use std::io;
use std::path::{Path, PathBuf};
use std::thread;
use std::time::Duration;

use rusqlite::Connection;
use rusqlite::backup::{Backup, StepResult};
use rustix::fs::{CWD, RenameFlags, renameat_with};

use super::error::OpenError;
use crate::journal::files::paths::{FILE, create_private, remove_if_there, sync, sync_parent};
use crate::journal::tables::layout;

/// The number of pages copied between two reports of progress: 1 MiB.
const STEP: i32 = 256;

/// The pause when the file is locked for a moment.
const PAUSE: Duration = Duration::from_millis(50);

/// Errors of a backup.
#[derive(Debug, thiserror::Error)]
#[non_exhaustive]
pub enum BackupError {
    /// The journal cannot be opened.
    #[error(transparent)]
    Open(#[from] OpenError),
    /// The name is taken.
    #[error("{} is there already: choose another name, or move it away", path.display())]
    Exists {
        /// The name.
        path: PathBuf,
    },
    /// The temporary file of a backup is already there.
    #[error(
        "{} is there already: another backup writes it, or one that was stopped left it. In that \
         case remove it",
        path.display()
    )]
    Partial {
        /// The file.
        path: PathBuf,
    },
    /// The file cannot be written.
    #[error("cannot write {}: {source}", path.display())]
    Io {
        /// The file.
        path: PathBuf,
        /// The cause.
        source: io::Error,
    },
    /// SQLite cannot copy.
    #[error("cannot copy the journal to {}: {source}", path.display())]
    Copy {
        /// The file.
        path: PathBuf,
        /// The cause.
        source: rusqlite::Error,
    },
}

/// Copies the journal in `dir`, as of this moment, into the new file `target`, which only its owner
/// can read; `progress` gets the number of pages copied, and of all pages. A server may write the
/// journal meanwhile; its write-ahead log grows until this ends.
///
/// The copy gets its name once it is completely on the disk. Returns its size in bytes.
///
/// # Errors
/// If there is no journal, the name is taken, or the copy cannot be written; then no copy is left.
pub fn backup(
    dir: &Path,
    target: &Path,
    progress: impl FnMut(u64, u64),
) -> Result<u64, BackupError> {
    let source = dir.join(FILE);
    if !source.is_file() {
        let dir = dir.to_owned();
        return Err(OpenError::Missing { dir }.into());
    }
    // Also reads the layout of an earlier release, which the copy keeps.
    let (source, _) = layout::open_any_to_read(&source)?;
    let exists = || BackupError::Exists {
        path: target.to_owned(),
    };
    if target.symlink_metadata().is_ok() {
        return Err(exists());
    }
    let mut name = target.as_os_str().to_owned();
    name.push(".partial");
    let partial = PathBuf::from(name);
    let io = |path: &Path| {
        let path = path.to_owned();
        move |source| BackupError::Io { path, source }
    };
    create_private(&partial).map_err(|error| match error.kind() {
        io::ErrorKind::AlreadyExists => BackupError::Partial {
            path: partial.clone(),
        },
        _ => io(&partial)(error),
    })?;
    let written = copy(&source, &partial, progress)
        .map_err(|source| BackupError::Copy {
            path: partial.clone(),
            source,
        })
        .and_then(|()| sync(&partial).map_err(io(&partial)))
        .and_then(|size| match name_new(&partial, target) {
            Ok(()) => Ok(size),
            Err(error) if error.kind() == io::ErrorKind::AlreadyExists => Err(exists()),
            Err(error) => Err(io(target)(error)),
        });
    let removed = remove_if_there(&partial).map_err(io(&partial));
    let size = written?;
    removed?;
    sync_parent(target).map_err(io(target))?;
    Ok(size)
}

/// Gives the file the name `target`, which must be free; its old name may stay.
fn name_new(file: &Path, target: &Path) -> io::Result<()> {
    match fs::hard_link(file, target) {
        Err(error) if error.kind() != io::ErrorKind::AlreadyExists => rename_new(file, target)
            .map_err(|other| match other.kind() {
                io::ErrorKind::AlreadyExists => other,
                _ => error,
            }),
        linked => linked,
    }
}

/// The same for file systems without hard links, such as FAT and some shares.
fn rename_new(file: &Path, target: &Path) -> io::Result<()> {
    Ok(renameat_with(
        CWD,
        file,
        CWD,
        target,
        RenameFlags::NOREPLACE,
    )?)
}

fn copy(
    source: &Connection,
    target: &Path,
    mut progress: impl FnMut(u64, u64),
) -> rusqlite::Result<()> {
    let mut target = Connection::open(target)?;
    // It is synced once, at the end; before that it has no value.
    target.execute_batch("PRAGMA journal_mode = OFF; PRAGMA synchronous = OFF")?;
    // One snapshot for all steps: otherwise each write meanwhile would restart the copy.
    let moment = source.unchecked_transaction()?;
    moment.query_row("SELECT count(*) FROM sqlite_schema", [], |_| Ok(()))?;
    {
        let backup = Backup::new(&moment, &mut target)?;
        loop {
            let step = backup.step(STEP)?;
            let at = backup.progress();
            let number = |pages: i32| u64::from(pages.unsigned_abs());
            progress(
                number(at.pagecount.saturating_sub(at.remaining)),
                number(at.pagecount),
            );
            match step {
                StepResult::Done => break,
                StepResult::Busy | StepResult::Locked => thread::sleep(PAUSE),
                _ => {}
            }
        }
    }
    target.close().map_err(|(_, error)| error)
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::journal::tables::layout::open;

    #[test]
    fn a_copy_is_named_without_links_and_never_in_the_place_of_a_file() {
        let dir = tempfile::tempdir().unwrap();
        let (file, target) = (dir.path().join("a"), dir.path().join("b"));
        for name in [rename_new, name_new] {
            fs::write(&file, "new").unwrap();
            fs::write(&target, "old").unwrap();
            let taken = name(&file, &target).unwrap_err();
            assert_eq!(taken.kind(), io::ErrorKind::AlreadyExists);
            assert_eq!(fs::read(&target).unwrap(), b"old");
            fs::remove_file(&target).unwrap();
            name(&file, &target).unwrap();
            assert_eq!(fs::read(&target).unwrap(), b"new");
        }
    }

    #[test]
    fn what_a_stopped_backup_left_is_told_with_what_to_do() {
        let dir = tempfile::tempdir().unwrap();
        drop(open(&dir.path().join(FILE)).unwrap());
        let target = dir.path().join("copy.db");
        fs::write(dir.path().join("copy.db.partial"), "").unwrap();
        let told = backup(dir.path(), &target, |_, _| ()).unwrap_err();
        assert!(told.to_string().contains("remove it"), "{told}");
        fs::remove_file(dir.path().join("copy.db.partial")).unwrap();
        backup(dir.path(), &target, |_, _| ()).unwrap();
        assert!(target.is_file());
    }
}
