//! The journal's use of the disk, and estimates of the space for a write.
//!
//! A transaction is written twice: to the write-ahead log, and from there to the database. Removing
//! rows frees no disk space by itself, and is a write too. So a write is admitted only if both
//! copies fit, and a reserve file is kept, to be deleted if removing lacks room.

use std::fs::{self, File};
use std::io::{self, Write};
use std::os::unix::fs::OpenOptionsExt;
use std::path::{Path, PathBuf};
use std::time::Duration;

use rusqlite::{Connection, ErrorCode};

use super::opened::Files;
use crate::journal::tables::layout;
use crate::journal::tables::sql::pragma;

/// The file to delete so that removing has room.
const RESERVE_FILE: &str = "journal.reserve";

/// Its size in bytes. One step of removing on a scarce disk takes far less, and frees the room for
/// the next.
pub(crate) const RESERVE: u64 = 4 << 20;

/// The largest share of `max-size` for the write-ahead log, in bytes; the share is a sixteenth.
const LOG_MOST: u64 = 64 << 20;

/// The bytes of a transaction whatever its size, for pages that all rows share.
const SHARED: u64 = 32 << 10;

/// The bytes of a row beside its values: its part of the pages of tables and indexes.
const BESIDE: u64 = 512;

/// The largest compressed notification for which there must be room, or the journal is full: a
/// thirty-second of `max-size`, up to this.
const ORDINARY: u64 = 64 << 10;

/// The wait for readers of the write-ahead log, if its space is needed.
const LOG_PATIENCE: Duration = Duration::from_millis(100);

/// The bytes of pages that a row of `bytes` takes: pages are not filled completely.
pub(crate) const fn of_row(bytes: u64) -> u64 {
    bytes + bytes / 16 + BESIDE
}

/// The bytes that a transaction with such rows takes, in one copy.
pub(crate) const fn of_group(rows: u64) -> u64 {
    rows + SHARED
}

/// The bytes that must fit, or the journal is full.
pub(crate) fn ordinary(max_size: u64) -> u64 {
    of_group(of_row(ORDINARY.min(max_size / 32)))
}

/// The share of `max-size` for the write-ahead log, in bytes.
pub(crate) fn log_share(max_size: u64) -> u64 {
    (max_size / 16).min(LOG_MOST)
}

/// The journal's use of space, in bytes.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq)]
pub(crate) struct Space {
    /// The space used by notifications.
    pub(crate) used: u64,
    /// The free space in its file.
    pub(crate) spare: u64,
    /// The size of the write-ahead log.
    pub(crate) log: u64,
    /// The growth of its file when the log is copied into it.
    pub(crate) growth: u64,
    /// The free space on the disk.
    pub(crate) disk: u64,
    /// The part of the reserve that is missing.
    pub(crate) unreserved: u64,
}

impl Space {
    /// The space for more notifications.
    pub(crate) const fn free(&self) -> u64 {
        let disk = self.disk.saturating_sub(self.growth);
        disk.saturating_add(self.spare)
    }
}

/// The disk, and the reserve on it.
#[derive(Debug)]
pub(crate) struct Disk {
    dir: PathBuf,
    reserve: PathBuf,
    files: Files,
}

impl Disk {
    pub(crate) fn new(dir: &Path, files: Files) -> Self {
        Self {
            dir: dir.to_owned(),
            reserve: dir.join(RESERVE_FILE),
            files,
        }
    }

    pub(crate) const fn files(&self) -> &Files {
        &self.files
    }

    pub(crate) fn space(&self, connection: &Connection) -> rusqlite::Result<Space> {
        let (all, unused) = (
            pragma(connection, "page_count")?,
            pragma(connection, "freelist_count")?,
        );
        let page = pragma(connection, "page_size")?;
        let reserved = fs::metadata(&self.reserve).map_or(0, |file| file.len());
        Ok(Space {
            used: all.saturating_sub(unused) * page,
            spare: unused * page,
            log: self.files.log_size(),
            growth: (all * page).saturating_sub(self.files.database_size()),
            disk: free(&self.dir),
            unreserved: RESERVE.saturating_sub(reserved),
        })
    }

    /// Deletes the reserve; returns true if there was one.
    pub(crate) fn release(&self) -> bool {
        fs::remove_file(&self.reserve).is_ok()
    }

    /// Creates the reserve if it is missing. If the disk has no room for it yet, later calls try
    /// again.
    pub(crate) fn reserve(&self) {
        if fs::metadata(&self.reserve).is_ok_and(|file| file.len() == RESERVE) {
            return;
        }
        // Writes incompressible bytes: a sparse file has no space, nor has a compressible one on
        // some file systems.
        let make = || -> io::Result<()> {
            let mut options = File::options();
            let options = options.write(true).create(true).truncate(true);
            let mut file = options.mode(0o600).open(&self.reserve)?;
            file.write_all(&noise(RESERVE))
        };
        if free(&self.dir) < RESERVE || make().is_err() {
            self.release();
        }
    }
}

/// `size` bytes that cannot be compressed (xorshift64, Marsaglia 2003).
fn noise(size: u64) -> Vec<u8> {
    let mut state = 1_u64;
    let next = |_| {
        state ^= state << 13;
        state ^= state >> 7;
        state ^= state << 17;
        state.to_le_bytes()
    };
    (0..size / 8).flat_map(next).collect()
}

/// The free space on a disk, in bytes. If it is unknown, the disk is not taken for full: a write
/// will tell.
pub(crate) fn free(dir: &Path) -> u64 {
    rustix::fs::statvfs(dir).map_or(u64::MAX, |disk| disk.f_bavail.saturating_mul(disk.f_frsize))
}

/// Deletes the reserve if the disk has no room to open the journal, which needs some files.
pub(crate) fn release_if_scarce(dir: &Path) {
    if free(dir) < RESERVE {
        // There may be none.
        let _ = fs::remove_file(dir.join(RESERVE_FILE));
    }
}

/// True if it failed for lack of space.
pub(crate) fn is_full(error: &rusqlite::Error) -> bool {
    error.sqlite_error_code() == Some(ErrorCode::DiskFull)
}

/// Copies the write-ahead log into the database and frees its space. False if another process reads
/// it for longer than a moment.
pub(crate) fn empty_log(connection: &Connection) -> rusqlite::Result<bool> {
    empty_log_within(connection, LOG_PATIENCE)
}

pub(crate) fn empty_log_within(
    connection: &Connection,
    patience: Duration,
) -> rusqlite::Result<bool> {
    connection.busy_timeout(patience)?;
    let busy = connection.query_row("PRAGMA wal_checkpoint(TRUNCATE)", [], |row| {
        row.get::<_, i64>(0)
    });
    connection.busy_timeout(layout::PATIENCE)?;
    Ok(busy? == 0)
}

/// Returns at most `pages` free pages to the file system; returns their number.
pub(crate) fn give_back(connection: &Connection, pages: u64) -> rusqlite::Result<u64> {
    let before = pragma(connection, "page_count")?;
    // It frees one page for each row, so all its rows must be read.
    let mut vacuum = connection.prepare(&format!("PRAGMA incremental_vacuum({pages})"))?;
    let mut rows = vacuum.query([])?;
    while rows.next()?.is_some() {}
    drop(rows);
    // The file shrinks when the write-ahead log is copied into it; this waits for no reader.
    connection.execute_batch("PRAGMA wal_checkpoint(PASSIVE)")?;
    Ok(before.saturating_sub(pragma(connection, "page_count")?))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_reserve_takes_its_space_on_every_file_system() {
        let bytes = noise(RESERVE);
        assert_eq!(bytes.len() as u64, RESERVE);
        let compressed = zstd::bulk::compress(&bytes, 3).unwrap();
        assert!(compressed.len() >= bytes.len(), "{}", compressed.len());
    }
}
