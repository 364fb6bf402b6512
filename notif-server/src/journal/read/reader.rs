//! Reads the journal, also while another process writes it.

use std::cell::{OnceCell, RefCell};
use std::collections::HashMap;
use std::path::Path;

use rusqlite::{Connection, OptionalExtension};

use super::newest::Newest;
use crate::journal::error::{OpenError, ReadError, is_unreadable};
use crate::journal::files::opened::check_log;
use crate::journal::files::paths::FILE;
use crate::journal::tables::layout;
use crate::notification::Reading;

/// The journal, open for reading.
#[derive(Debug)]
pub struct Reader {
    pub(crate) connection: Connection,
    /// The readings by number, as far as they were needed.
    readings: RefCell<HashMap<i64, Reading>>,
    /// The number of the oldest notification according to an index, if it was needed.
    pub(crate) oldest_indexed: OnceCell<u64>,
    /// The newest rows of both kinds according to the leaf pages, if nothing else tells them.
    pub(crate) newest_on_leaves: OnceCell<Newest>,
}

impl Reader {
    /// Opens the journal in `dir`.
    ///
    /// # Errors
    /// If there is none, or it cannot be read.
    pub fn open(dir: &Path) -> Result<Self, OpenError> {
        let path = dir.join(FILE);
        check_log(&path)?;
        if !path.is_file() {
            return Err(OpenError::Missing {
                dir: dir.to_owned(),
            });
        }
        Self::open_file(&path)
    }

    /// Opens a journal's file.
    pub(crate) fn open_file(path: &Path) -> Result<Self, OpenError> {
        layout::open_to_read(path).map(Self::of)
    }

    /// Opens a journal's file, also one that an earlier release wrote.
    pub(crate) fn open_as_new(path: &Path) -> Result<Self, OpenError> {
        layout::open_as_new(path).map(Self::of)
    }

    pub(crate) fn of(connection: Connection) -> Self {
        Self {
            connection,
            readings: RefCell::default(),
            oldest_indexed: OnceCell::new(),
            newest_on_leaves: OnceCell::new(),
        }
    }

    /// The reading with this number.
    pub(crate) fn reading(&self, number: Option<i64>) -> Result<Option<Reading>, ReadError> {
        let Some(number) = number else {
            return Ok(None);
        };
        if let Some(known) = self.readings.borrow().get(&number) {
            return Ok(Some(known.clone()));
        }
        let reading = self
            .connection
            .prepare_cached("SELECT policy, schemas FROM reading WHERE number = ?")?
            .query_row([number], |row| {
                let text = |at| row.get::<_, String>(at).map(Into::into);
                Ok(Reading {
                    policy: text(0)?,
                    schemas: text(1)?,
                })
            })
            .optional();
        let reading = match reading {
            // The rest of the row can be read without it.
            Err(error) if is_unreadable(&error) => None,
            other => other?,
        };
        if let Some(reading) = &reading {
            self.readings.borrow_mut().insert(number, reading.clone());
        }
        Ok(reading)
    }
}
