//! Repairs a journal: saves everything readable in a new file.

mod first_page;
mod orphans;
mod report;
mod salvage;

use std::os::unix::fs::MetadataExt;
use std::path::{Path, PathBuf};
use std::{fs, io};

use jiff::Timestamp;
use rusqlite::Connection;

use super::error::OpenError;
use crate::journal::files::lock::lock;
use crate::journal::files::opened::check_log;
use crate::journal::files::paths::{
    FILE, create_private, remove_if_there, remove_journal, sync, sync_parent, with_suffix,
};
use crate::journal::read::newest::Newest;
use crate::journal::read::reader::Reader;
use crate::journal::tables::layout;
use crate::journal::tables::sql::number;
use first_page::{COPY, Copy, FIRST_PAGE};
pub use report::{Repair, RepairError};
use salvage::salvage;

/// The new file, while it is written.
const NEW: &str = "journal.db.repair";

/// The new file once it is on the disk, and the old one is kept under another name.
const FINISHED: &str = "journal.db.repaired";

/// The prefix of the old file's new name.
const DAMAGED: &str = "journal.db.damaged-";

/// Saves everything readable in the journal in `dir` in a new file. Once that is on the disk, it
/// takes the place of the old file, which is kept beside it. With `dry_run` nothing is written, but
/// for a temporary copy if the file's first page is damaged. `progress` gets the number of rows
/// read, and of all rows.
///
/// None if nothing is damaged: then nothing is changed.
///
/// # Errors
/// If a server has the journal open, there is none, or the new file cannot be written.
pub fn repair(
    dir: &Path,
    dry_run: bool,
    mut progress: impl FnMut(u64, u64),
) -> Result<Option<Repair>, RepairError> {
    let _lock = lock(dir)?;
    check_log(&dir.join(FILE))?;
    if !dry_run {
        settle(dir)?;
        // Copies the write-ahead log into the file; if that fails, it is read from the log.
        let path = dir.join(FILE);
        if let Err(error) = path.is_file().then(|| fold(&path)).transpose() {
            tracing::debug!(%error, "the write-ahead log is kept");
        }
    }
    let (reader, _copy) = open(dir)?;
    if dry_run {
        let repair = salvage(&reader, None, &mut progress)?;
        return Ok((!repair.is_whole() || !is_sound(&reader)).then_some(repair));
    }
    if is_sound(&reader) && salvage(&reader, None, &mut progress)?.is_whole() {
        return Ok(None);
    }
    room(dir, &dir.join(FILE), 1)?;
    let new = dir.join(NEW);
    let io = |source| RepairError::io(&new, source);
    create_private(&new).map_err(io)?;
    let written = write(&reader, &new, &mut progress);
    drop(reader);
    let installed = written.and_then(|mut repair| {
        repair.kept = Some(install(dir, &new)?);
        Ok(Some(repair))
    });
    if installed.is_err() {
        // Otherwise the next repair removes it.
        let _ = remove_journal(&new);
    }
    installed
}

/// True if the structure is sound, and the reader has the journal itself.
fn is_sound(reader: &Reader) -> bool {
    let own = reader.connection.path();
    let own = own.is_some_and(|path| Path::new(path).file_name() == Some(FILE.as_ref()));
    own && reader.integrity().is_ok_and(|problems| problems.is_empty())
}

/// Opens the journal, or a copy of it if SQLite finds no tables in it.
fn open(dir: &Path) -> Result<(Reader, Option<Copy>), RepairError> {
    let path = dir.join(FILE);
    if !path.is_file() {
        let dir = dir.to_owned();
        return Err(OpenError::Missing { dir }.into());
    }
    let unreadable = match Reader::open_as_new(&path) {
        Ok(reader) if has_tables(&reader) => return Ok((reader, None)),
        Ok(_) => OpenError::Foreign { path: path.clone() },
        Err(error @ (OpenError::Foreign { .. } | OpenError::Sqlite { .. })) => error,
        Err(error) => return Err(error.into()),
    };
    room(dir, &path, 1)?;
    let copy = Copy::new(&path)?;
    for enough in [1, 0] {
        for compacted in [false, true] {
            let reader = copy.open(compacted)?;
            if fits(&reader, enough) {
                return Ok((reader, Some(copy)));
            }
        }
        // If the tables lead to no rows, leaf pages may still have some.
        if !Newest::look(&path).is_ok_and(|newest| !newest.is_none()) {
            break;
        }
    }
    // It is not a journal.
    Err(unreadable.into())
}

/// True if the tables have enough rows, and none that belongs elsewhere.
fn fits(reader: &Reader, enough: u64) -> bool {
    let count = |table: &str, like: &str, whether: &str| {
        let sql = format!(
            "SELECT count(*) FROM (SELECT 1 FROM {table} NOT INDEXED
             WHERE ({like}) IS {whether} LIMIT 9)"
        );
        number(&reader.connection, &sql).unwrap_or(0)
    };
    let all = |whether: &str| -> u64 {
        let tables = TABLES.iter();
        tables
            .map(|(table, like)| count(table, like, whether))
            .sum()
    };
    all("TRUE") >= enough && all("NOT TRUE") == 0
}

/// The tables of notifications, cursors and quarantine, with a condition that their rows meet.
const TABLES: [(&str, &str); 4] = [
    (
        "notification",
        "typeof(id) = 'text' AND typeof(name) = 'text'",
    ),
    (
        "rejected",
        "typeof(id) = 'text' AND typeof(faults) = 'text'",
    ),
    (
        "sink",
        "typeof(source) = 'text' AND typeof(missed) = 'integer'",
    ),
    (
        "quarantine",
        "typeof(sink) = 'text' AND typeof(reason) = 'text'",
    ),
];

fn has_tables(reader: &Reader) -> bool {
    let select = |table| format!("SELECT 1 FROM {table}");
    TABLES
        .iter()
        .all(|(table, _)| reader.connection.prepare(&select(table)).is_ok())
}

/// Checks that the disk has room for `files` more files.
fn room(dir: &Path, path: &Path, files: u64) -> Result<(), RepairError> {
    let size = |suffix| fs::metadata(with_suffix(path, suffix)).map_or(0, |file| file.len());
    let needed = files * (size("") + size("-wal") + (16 << 20));
    // If the free space is unknown, the disk is not taken for full: a write will tell.
    let free = rustix::fs::statvfs(dir)
        .map_or(u64::MAX, |disk| disk.f_bavail.saturating_mul(disk.f_frsize));
    if free < needed {
        return Err(RepairError::Room {
            dir: dir.to_owned(),
            needed,
            free,
        });
    }
    Ok(())
}

/// Writes the new file and syncs it to the disk.
fn write(
    reader: &Reader,
    new: &Path,
    progress: &mut impl FnMut(u64, u64),
) -> Result<Repair, RepairError> {
    let failed = |source| RepairError::Write {
        path: new.to_owned(),
        source,
    };
    let mut connection = layout::open(new)?;
    // It is synced once, at the end; before that it has no value.
    connection
        .pragma_update(None, "synchronous", "OFF")
        .map_err(failed)?;
    let repair = salvage(reader, Some(&mut connection), progress)?;
    connection
        .execute_batch("PRAGMA wal_checkpoint(TRUNCATE)")
        .map_err(failed)?;
    connection.close().map_err(|(_, error)| failed(error))?;
    sync(new).map_err(|source| RepairError::io(new, source))?;
    Ok(repair)
}

fn fold(path: &Path) -> rusqlite::Result<()> {
    let connection = Connection::open(path)?;
    connection.execute_batch("PRAGMA wal_checkpoint(TRUNCATE)")
}

/// Puts the new file in place of the old one, which is kept under another name. An interruption
/// leaves either the old file with its log, or a new one that [`complete`] puts in its place.
fn install(dir: &Path, new: &Path) -> Result<PathBuf, RepairError> {
    let old = dir.join(FILE);
    let now = Timestamp::now().strftime("%Y%m%dT%H%M%SZ");
    let kept = dir.join(format!("{DAMAGED}{now}"));
    let log = with_suffix(&old, "-wal");
    let waits = fs::metadata(&log).is_ok_and(|log| log.len() > 0);
    let link = |from: &Path, to: &Path| {
        fs::hard_link(from, to).map_err(|source| RepairError::io(to, source))
    };
    link(&old, &kept)?;
    if waits {
        link(&log, &with_suffix(&kept, "-wal"))?;
    }
    let swap = || {
        sync_parent(&old)?;
        fs::rename(new, dir.join(FINISHED))?;
        sync_parent(&old)?;
        complete(dir)
    };
    swap().map_err(|source| RepairError::io(&old, source))?;
    Ok(kept)
}

/// Puts a finished new file in place of the old one.
fn complete(dir: &Path) -> io::Result<()> {
    let old = dir.join(FILE);
    // These belong to the old file: SQLite would apply them to the new one.
    remove_if_there(&with_suffix(&old, "-wal"))?;
    remove_if_there(&with_suffix(&old, "-shm"))?;
    fs::rename(dir.join(FINISHED), &old)?;
    sync_parent(&old)
}

/// Completes a repair that was interrupted while it put the new file in place, or removes the
/// remains of one interrupted before. Call it with the lock held, before the journal is opened.
pub(crate) fn settle(dir: &Path) -> Result<(), OpenError> {
    let finished = dir.join(FINISHED);
    let done = || {
        if finished.is_file() {
            if is_kept(dir)? {
                tracing::warn!("a repair of the journal is completed");
                complete(dir)?;
            } else {
                let file = finished.display();
                tracing::warn!(%file, "it is not used: the journal is not the one that was repaired");
            }
        }
        for left in [NEW, COPY, FIRST_PAGE] {
            remove_journal(&dir.join(left))?;
        }
        Ok(())
    };
    done().map_err(|error| OpenError::io(&finished, error))
}

/// True if the journal's file is also kept as damaged, and is not another file put there since.
fn is_kept(dir: &Path) -> io::Result<bool> {
    let identity = |path: &Path| fs::metadata(path).map(|file| (file.dev(), file.ino()));
    let Ok(journal) = identity(&dir.join(FILE)) else {
        return Ok(false);
    };
    for entry in fs::read_dir(dir)? {
        let entry = entry?;
        let kept = entry.file_name().to_string_lossy().starts_with(DAMAGED);
        if kept && identity(&entry.path())? == journal {
            return Ok(true);
        }
    }
    Ok(false)
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::journal::Journal;
    use crate::journal::retention::Bounds;

    fn journal(dir: &Path) {
        drop(Journal::open(dir, Bounds::NONE, &[]).unwrap());
    }

    #[test]
    fn a_swap_that_was_interrupted_is_completed_when_the_journal_is_opened() {
        let dir = tempfile::tempdir().unwrap();
        let path = |name: &str| dir.path().join(name);
        journal(dir.path());
        fs::copy(path(FILE), path(FINISHED)).unwrap();
        let new = fs::metadata(path(FINISHED)).unwrap().ino();
        fs::hard_link(path(FILE), path("journal.db.damaged-now")).unwrap();
        fs::write(path("journal.db-wal"), "of the old file").unwrap();
        fs::write(path("journal.db.copy"), "left").unwrap();
        journal(dir.path());
        assert_eq!(fs::metadata(path(FILE)).unwrap().ino(), new);
        assert!(!path(FINISHED).exists() && !path("journal.db.copy").exists());
        assert!(path("journal.db.damaged-now").exists());
    }

    #[test]
    fn a_finished_repair_takes_the_place_of_no_other_journal() {
        let dir = tempfile::tempdir().unwrap();
        let path = |name: &str| dir.path().join(name);
        journal(dir.path());
        fs::copy(path(FILE), path("journal.db.damaged-now")).unwrap();
        fs::write(path(FINISHED), "new").unwrap();
        let old = fs::metadata(path(FILE)).unwrap().ino();
        journal(dir.path());
        assert_eq!(fs::metadata(path(FILE)).unwrap().ino(), old);
        assert!(path(FINISHED).exists());
    }
}
