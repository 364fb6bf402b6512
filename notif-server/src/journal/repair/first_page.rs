//! Reads a journal whose first page, with the header and the schema, is damaged.
//!
//! Tables have the same root pages in every journal: in a file with auto-vacuum, SQLite keeps root
//! pages at the start, in order of creation. So a copy of the file, with the first page of a new
//! journal, is read instead.

use std::fs::{File, OpenOptions};
use std::io::{self, Read};
use std::os::unix::fs::FileExt;
use std::path::{Path, PathBuf};

use rusqlite::Connection;

use crate::journal::error::OpenError;
use crate::journal::files::paths::{create_private, remove_journal, with_suffix};
use crate::journal::read::reader::Reader;
use crate::journal::tables::layout;

/// The copy of the journal's file, and the new journal that gives it the first page.
pub(crate) const COPY: &str = "journal.db.copy";
pub(crate) const FIRST_PAGE: &str = "journal.db.copy.new";

/// SQLite's page size.
const PAGE: usize = 4096;

/// The offset in the header of the number of pages, followed by two numbers on free pages.
const PAGES: usize = 28;

/// A readable copy of a damaged file. Dropping it removes the file.
#[derive(Debug)]
pub(crate) struct Copy {
    path: PathBuf,
}

impl Drop for Copy {
    fn drop(&mut self) {
        // A file that is left is overwritten by the next copy.
        let _ = remove_journal(&self.path);
    }
}

impl Copy {
    /// Copies the file at `old`, with its write-ahead log.
    pub(crate) fn new(old: &Path) -> Result<Self, OpenError> {
        let path = old.with_file_name(COPY);
        let copied = || {
            remove_journal(&path)?;
            for suffix in ["", "-wal"] {
                let (from, to) = (with_suffix(old, suffix), with_suffix(&path, suffix));
                if from.exists() {
                    create_private(&to)?;
                    let mut to = OpenOptions::new().write(true).open(&to)?;
                    io::copy(&mut File::open(from)?, &mut to)?;
                }
            }
            Ok(())
        };
        let copy = Self { path: path.clone() };
        copied().map_err(|error| OpenError::io(&path, error))?;
        Ok(copy)
    }

    /// Gives the copy the first page of a new or a compacted journal, and opens it.
    pub(crate) fn open(&self, compacted: bool) -> Result<Reader, OpenError> {
        let path = &self.path;
        let mut page = first_page(&path.with_file_name(FIRST_PAGE), compacted)?;
        let mut patched = || {
            let file = OpenOptions::new().write(true).open(path)?;
            let pages = file.metadata()?.len() / PAGE as u64;
            let pages = u32::try_from(pages).unwrap_or(u32::MAX);
            if let Some(numbers) = page.get_mut(PAGES..PAGES + 12) {
                numbers.fill(0);
                numbers
                    .iter_mut()
                    .zip(pages.to_be_bytes())
                    .for_each(|(to, byte)| *to = byte);
            }
            file.write_all_at(&page, 0)
        };
        patched().map_err(|error| OpenError::io(path, error))?;
        Reader::open_file(path)
    }
}

/// The first page of a new journal.
fn first_page(path: &Path, compacted: bool) -> Result<Vec<u8>, OpenError> {
    let io = |error| OpenError::io(path, error);
    remove_journal(path).map_err(io)?;
    let connection = layout::open(path)?;
    let finish = |connection: &Connection| {
        if compacted {
            connection.execute_batch("VACUUM")?;
        }
        connection.execute_batch("PRAGMA wal_checkpoint(TRUNCATE)")
    };
    finish(&connection).map_err(|error| OpenError::sqlite(path, error))?;
    drop(connection);
    let mut page = vec![0; PAGE];
    let read = File::open(path).and_then(|mut file| file.read_exact(&mut page));
    let removed = remove_journal(path);
    read.and(removed).map_err(io)?;
    Ok(page)
}
