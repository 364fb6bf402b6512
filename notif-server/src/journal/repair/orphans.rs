//! Rows that no page leads to any more.

use std::collections::BTreeSet;
use std::path::Path;

use rusqlite::types::Value;
use rusqlite::{Connection, params_from_iter};

use crate::journal::error::{OpenError, ReadError, is_damage};
use crate::journal::read::filter::Filter;
use crate::journal::read::newest::{OF_ACCEPTED, OF_REJECTED, is_accepted, is_rejected};
use crate::journal::read::numbers::Numbers;
use crate::journal::read::pages::Leaves;
use crate::journal::read::reader::Reader;
use crate::journal::read::rows::{ACCEPTED, REJECTED, Table};
use crate::journal::tables::layout;
use crate::notification::{Record, Rejected};

/// Searches a journal's file for unreachable rows.
pub(crate) struct Orphans<'a> {
    reader: &'a Reader,
    leaves: Leaves,
    /// A journal in memory, in which found rows are decoded.
    scratch: Reader,
}

/// The numbers to search for, and those found.
pub(crate) struct Search<'a> {
    pub(crate) accepted: &'a Numbers,
    pub(crate) rejected: &'a Numbers,
    pub(crate) found: BTreeSet<u64>,
    pub(crate) found_rejected: BTreeSet<u64>,
}

impl<'a> Orphans<'a> {
    pub(crate) fn new(reader: &'a Reader) -> Result<Self, OpenError> {
        let path = Path::new(reader.connection.path().unwrap_or_default());
        let leaves = Leaves::open(path).map_err(|error| OpenError::io(path, error))?;
        let sqlite = |error| OpenError::sqlite(path, error);
        let scratch = layout::in_memory().map_err(sqlite)?;
        // Readings that cannot be read are unknown for the found rows too.
        let _ = copy_readings(&reader.connection, &scratch);
        Ok(Self {
            reader,
            leaves,
            scratch: Reader::of(scratch),
        })
    }

    /// Searches all pages for unreachable rows, and gives each once.
    pub(crate) fn find<E: From<ReadError>>(
        &self,
        search: &mut Search<'_>,
        mut accepted: impl FnMut(Record) -> Result<(), E>,
        mut rejected: impl FnMut(Rejected) -> Result<(), E>,
    ) -> Result<(), E> {
        for page in self.leaves.pages() {
            for (seq, columns) in self.leaves.rows(page) {
                let number = seq.unsigned_abs();
                if is_accepted(&columns) {
                    let new = search.accepted.spans(number) && !search.found.contains(&number);
                    if new && let Some(row) = self.look(&ACCEPTED, &OF_ACCEPTED, seq, columns)? {
                        search.found.insert(number);
                        accepted(row)?;
                    }
                } else if is_rejected(&columns) {
                    let new =
                        search.rejected.spans(number) && !search.found_rejected.contains(&number);
                    if new && let Some(row) = self.look(&REJECTED, &OF_REJECTED, seq, columns)? {
                        search.found_rejected.insert(number);
                        rejected(row)?;
                    }
                }
            }
        }
        Ok(())
    }

    /// The row, if it is intact and unreachable. A reachable one is saved already, and one that the
    /// tree does not know was removed: free pages keep their old content.
    fn look<T>(
        &self,
        table: &Table<T>,
        names: &[&str],
        seq: i64,
        mut columns: Vec<Value>,
    ) -> Result<Option<T>, ReadError> {
        let reach = format!("SELECT 1 FROM {} NOT INDEXED WHERE seq = ?", table.name);
        let mut reach = self.reader.connection.prepare_cached(&reach)?;
        match reach.exists([seq]) {
            Err(error) if is_damage(&error) => {}
            _ => return Ok(None),
        }
        if let Some(number) = columns.first_mut() {
            *number = Value::Integer(seq);
        }
        let names = names.get(..columns.len()).unwrap_or_default().join(", ");
        let places = vec!["?"; columns.len()].join(", ");
        let scratch = &self.scratch.connection;
        scratch.execute(&format!("DELETE FROM {}", table.name), [])?;
        let insert = format!("INSERT INTO {} ({names}) VALUES ({places})", table.name);
        if scratch.execute(&insert, params_from_iter(columns)).is_err() {
            return Ok(None);
        }
        match self.scratch.rows(table, &Filter::default(), 0, 1) {
            Ok(mut rows) => Ok(rows.pop()),
            Err(error) if error.is_damage() => Ok(None),
            Err(error) => Err(error),
        }
    }
}

fn copy_readings(from: &Connection, to: &Connection) -> rusqlite::Result<()> {
    let mut statement = from.prepare("SELECT number, policy, schemas FROM reading")?;
    let mut rows = statement.query([])?;
    while let Some(row) = rows.next()? {
        let reading = || Ok((row.get(0)?, row.get(1)?, row.get(2)?));
        let reading: rusqlite::Result<(i64, String, String)> = reading();
        if let Ok(reading) = reading {
            to.execute(
                "INSERT OR IGNORE INTO reading (number, policy, schemas) VALUES (?, ?, ?)",
                reading,
            )?;
        }
    }
    Ok(())
}
