//! A new file with all that can be read of a damaged one.

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

/// The new file, until it takes the place of the old one.
const NEW: &str = "journal.db.repair";

/// The same when all of it is on the disk, and the old file is kept under another name.
const FINISHED: &str = "journal.db.repaired";

/// The prefix of the name under which the old file is kept.
const DAMAGED: &str = "journal.db.damaged-";

/// Saves all that can be read of the journal in `dir` into a new file, which takes the place of the
/// old one when it is on the disk; the old one is kept beside. With `dry_run` nothing is written, but
/// for a copy while it runs where the file's first page is damaged.
/// `progress` is told how many rows were looked at, and of how many.
///
/// None if nothing is damaged: then nothing is done.
///
/// # Errors
/// If a server has the journal, there is none, or the new file cannot be written.
pub fn repair(
    dir: &Path,
    dry_run: bool,
    mut progress: impl FnMut(u64, u64),
) -> Result<Option<Repair>, RepairError> {
    let _lock = lock(dir)?;
    check_log(&dir.join(FILE))?;
    if !dry_run {
        settle(dir)?;
        // What waits in the write-ahead log goes into the file; where it cannot, it is read from there.
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
        // The next repair removes it otherwise.
        let _ = remove_journal(&new);
    }
    installed
}

/// True if the structure is sound, and it is the journal itself that is read.
fn is_sound(reader: &Reader) -> bool {
    let own = reader.connection.path();
    let own = own.is_some_and(|path| Path::new(path).file_name() == Some(FILE.as_ref()));
    own && reader.integrity().is_ok_and(|problems| problems.is_empty())
}

/// Opens what there is to be read: the journal, or a copy of it where SQLite finds no tables in it.
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
        // Where no table leads to rows, pages have some.
        if !Newest::look(&path).is_ok_and(|newest| !newest.is_none()) {
            break;
        }
    }
    // It is no journal.
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

/// The tables of notifications, cursors and quarantine, and a condition that their rows fulfil.
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

/// Checks that the disk has room for as many more files.
fn room(dir: &Path, path: &Path, files: u64) -> Result<(), RepairError> {
    let size = |suffix| fs::metadata(with_suffix(path, suffix)).map_or(0, |file| file.len());
    let needed = files * (size("") + size("-wal") + (16 << 20));
    // A disk that cannot be asked is not full for that: a write will tell.
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

/// Writes the new file and puts it on the disk.
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
    // It is put on the disk once, at the end, and is nothing before.
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

/// Puts the new file in the place of the old one, which is kept under another name. Whatever ends it
/// leaves the old one with its log, or a new one that [`complete`] puts in its place.
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

/// Puts a finished new file in the place of the old one.
fn complete(dir: &Path) -> io::Result<()> {
    let old = dir.join(FILE);
    // It belongs to the old file: SQLite would read it with the new one.
    remove_if_there(&with_suffix(&old, "-wal"))?;
    remove_if_there(&with_suffix(&old, "-shm"))?;
    fs::rename(dir.join(FINISHED), &old)?;
    sync_parent(&old)
}

/// Completes a repair that was ended while it put the new file in its place, and removes what one
/// left that was ended before. To be called with the lock, before the journal is opened.
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

/// True if the journal's file is one that is kept as damaged, rather than another that somebody put
/// there.
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
