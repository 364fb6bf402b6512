//! Opening the journal for writing.

use std::path::Path;

use rusqlite::Connection;

use super::error::OpenError;
use super::files::lock::{Lock, lock};
use super::files::opened::{self, Before, Files};
use super::files::paths::FILE;
use super::files::space;
use super::repair;
use super::tables::layout;

/// Opens the journal's file for this process alone; creates it if there is none.
pub(crate) fn open_files(dir: &Path) -> Result<(Lock, Connection, Files), OpenError> {
    let (lock, path) = (lock(dir)?, dir.join(FILE));
    repair::settle(dir)?;
    opened::check_log(&path)?;
    space::release_if_scarce(dir);
    opened::make_private(&path)?;
    let before = Before::opening(&path)?;
    let connection = layout::open(&path)?;
    let files = Files::opened(&lock, dir, before)?;
    Ok((lock, connection, files))
}
