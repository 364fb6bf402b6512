//! Shrinks the journal's file to the size of its content.

use std::path::Path;

use rusqlite::Connection;

use super::error::OpenError;
use super::open::open_files;
use super::tables::sql::pragma;
use crate::journal::files::paths::FILE;
use crate::journal::files::space::{self, Disk, RESERVE};

/// The number of pages freed in one transaction if there is no room for a second copy.
const PAGES: u64 = 256;

/// The outcome of compacting.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Compacted {
    /// The file's size in bytes before.
    pub before: u64,
    /// The file's size in bytes now.
    pub after: u64,
    /// The bytes that a second copy would have needed, if there was no room for one: then the file
    /// was only shrunk by its free pages, and not rewritten.
    pub no_room_for: Option<u64>,
}

/// Rewrites the file without its free space; in place if the disk has no room for a second copy.
///
/// # Errors
/// If a server has the journal open, there is none, or the disk is full.
pub fn compact(dir: &Path) -> Result<Compacted, OpenError> {
    let path = dir.join(FILE);
    if !path.is_file() {
        return Err(OpenError::Missing {
            dir: dir.to_owned(),
        });
    }
    let (_lock, connection, files) = open_files(dir)?;
    let disk = Disk::new(dir, files);
    let had_reserve = space::free(dir) < RESERVE && disk.release();
    let done = rewrite(&connection, dir);
    if had_reserve {
        disk.reserve();
    }
    done.map_err(|source| OpenError::Rewrite {
        path,
        need: RESERVE,
        source,
    })
}

fn rewrite(connection: &Connection, dir: &Path) -> rusqlite::Result<Compacted> {
    // The content of the write-ahead log counts too.
    space::empty_log(connection)?;
    let page = pragma(connection, "page_size")?;
    let pages = |name| Ok::<_, rusqlite::Error>(page * pragma(connection, name)?);
    let before = pages("page_count")?;
    let used = before.saturating_sub(pages("freelist_count")?);
    // The copy is made in SQLite's directory for temporary files, and written through the log.
    let need = used + used / 16;
    let no_room = space::free(dir) < need.saturating_add(RESERVE) || !vacuum(connection)?;
    space::empty_log(connection)?;
    while no_room && space::give_back(connection, PAGES)? > 0 {
        space::empty_log(connection)?;
    }
    Ok(Compacted {
        before,
        after: pages("page_count")?,
        no_room_for: no_room.then_some(need),
    })
}

/// Rewrites the file; returns false if there was no room for it.
fn vacuum(connection: &Connection) -> rusqlite::Result<bool> {
    match connection.execute_batch("VACUUM") {
        Err(error) if space::is_full(&error) => Ok(false),
        done => done.map(|()| true),
    }
}
