//! Reads one row after the other, also in a damaged file.
//!
//! A page that cannot be read hides its rows and, for SQLite, all that follow. So the rows after
//! the last good one are looked up number by number. A run of numbers that cannot be read is an
//! error, after which reading goes on.

use std::ops::RangeInclusive;
use std::path::Path;
use std::time::Instant;

use rusqlite::types::Value;
use rusqlite::{OptionalExtension, Rows, params_from_iter};

use super::filter::Filter;
use super::newest::Newest;
use super::reader::Reader;
use super::rows::{ACCEPTED, REJECTED, Table, seq};
use crate::journal::error::{ReadError, is_damage};
use crate::journal::tables::sql::{number, oldest_by_index};

/// The size of the bodies in a batch, in bytes, at most, not counting the first.
const BATCH_BYTES: usize = 16 << 20;

/// The number of unreadable rows in one error, at most.
const RUN: u64 = 1000;

/// The number of rows on a page, at most: one takes more than 100 bytes.
const ROWS_A_PAGE: u64 = 64;

/// The rows read up to an error or the end.
struct Walked<T> {
    items: Vec<T>,
    /// The last row that was read.
    last: u64,
    error: Option<ReadError>,
}

impl Reader {
    /// The next rows after number `after`.
    pub(crate) fn rows<T>(
        &self,
        table: &Table<T>,
        filter: &Filter,
        after: u64,
        limit: usize,
    ) -> Result<Vec<T>, ReadError> {
        let (conditions, values) = filter.sql(after);
        let sql = format!(
            "SELECT {}, 1 FROM {} WHERE {conditions} ORDER BY seq LIMIT {limit}",
            table.columns, table.name
        );
        let walked = self.walk(table, &sql, &values, after, limit);
        match walked.error {
            Some(error) if walked.items.is_empty() => {
                if error.is_damage() {
                    self.rows_past_damage(table, filter, after, limit)
                } else {
                    Err(error)
                }
            }
            // Rows before an error are returned first; the next batch starts with the error.
            _ => Ok(walked.items),
        }
    }

    /// The next rows past damage: read from the table alone, as the damage may be in an index.
    fn rows_past_damage<T>(
        &self,
        table: &Table<T>,
        filter: &Filter,
        after: u64,
        limit: usize,
    ) -> Result<Vec<T>, ReadError> {
        let (conditions, values) = filter.sql(0);
        let select = format!(
            "SELECT {}, ({conditions}) FROM {} NOT INDEXED WHERE",
            table.columns, table.name
        );
        let (range, one) = (
            format!("{select} seq > ? ORDER BY seq"),
            format!("{select} seq = ?"),
        );
        let with = |seq: u64| {
            let seq = Value::from(i64::try_from(seq).unwrap_or(i64::MAX));
            values.iter().cloned().chain([seq]).collect::<Vec<_>>()
        };
        let mut after = after;
        loop {
            let walked = self.walk(table, &range, &with(after), after, limit);
            match walked.error {
                Some(error) if walked.items.is_empty() && !error.is_damage() => return Err(error),
                Some(_) if walked.items.is_empty() => {}
                _ => return Ok(walked.items),
            }
            match self.look_for(table, &one, &with, walked.last)? {
                Some((seq, items)) if items.is_empty() => after = seq,
                found => return Ok(found.map_or_else(Vec::new, |(_, items)| items)),
            }
        }
    }

    /// Looks up one number after the other after `last`: the first row found, with its number, and
    /// true if it is wanted. None if there is none up to the newest.
    ///
    /// # Errors
    /// The first run of numbers that cannot be read.
    fn look_for<T>(
        &self,
        table: &Table<T>,
        sql: &str,
        values: &impl Fn(u64) -> Vec<Value>,
        last: u64,
    ) -> Result<Option<(u64, Vec<T>)>, ReadError> {
        let mut run: Option<(u64, ReadError)> = None;
        let (mut seen, numbers) = (last, self.numbers(table.name, last)?);
        for seq in numbers {
            if run.as_ref().is_some_and(|(first, _)| seq - first >= RUN) {
                break;
            }
            let looked = self.walk(table, sql, &values(seq), seq - 1, 1);
            match (looked.error, &run) {
                (Some(error), _) if !error.is_damage() => return Err(error),
                (Some(error), None) => run = Some((seq, error)),
                (None, Some(_)) => break,
                (None, None) if looked.last == seq => return Ok(Some((seq, looked.items))),
                // The run goes on, or no row has this number.
                (Some(_), Some(_)) | (None, None) => {}
            }
            seen = seq;
        }
        run.map_or(Ok(None), |(first, error)| Err(error.of_run(first, seen)))
    }

    /// Reads rows up to the first that is unreadable.
    fn walk<T>(
        &self,
        table: &Table<T>,
        sql: &str,
        values: &[Value],
        after: u64,
        limit: usize,
    ) -> Walked<T> {
        let mut walked = Walked {
            items: Vec::new(),
            last: after,
            error: None,
        };
        let mut read = || {
            let mut statement = self.connection.prepare_cached(sql)?;
            let mut rows = statement.query(params_from_iter(values))?;
            self.take(table, &mut rows, limit, &mut walked)
        };
        if let Err(error) = read() {
            walked.error = Some(error);
        }
        walked
    }

    fn take<T>(
        &self,
        table: &Table<T>,
        rows: &mut Rows<'_>,
        limit: usize,
        walked: &mut Walked<T>,
    ) -> Result<(), ReadError> {
        let mut bytes = 0;
        while bytes <= BATCH_BYTES
            && walked.items.len() < limit
            && let Some(row) = rows.next()?
        {
            let seq = seq(row)?;
            if seq <= walked.last {
                // Pages in a wrong place.
                let problem = "what stands there has another number".to_owned();
                return Err(ReadError::damaged(walked.last + 1, problem));
            }
            let wanted: Option<bool> = row.get(row.as_ref().column_count() - 1)?;
            if wanted == Some(true) {
                let item = (table.read)(self, row).map_err(|error| error.in_row(seq))?;
                bytes += (table.size)(&item);
                walked.items.push(item);
            }
            walked.last = seq;
        }
        Ok(())
    }

    /// Reads as many of the newest rows as there is time for.
    pub(crate) fn newest_are_whole<T>(
        &self,
        table: &Table<T>,
        count: usize,
        until: Instant,
    ) -> Result<(), ReadError> {
        let mut statement = self.connection.prepare(&format!(
            "SELECT {} FROM {} NOT INDEXED ORDER BY seq DESC LIMIT {count}",
            table.columns, table.name
        ))?;
        let mut rows = statement.query([])?;
        while Instant::now() < until
            && let Some(row) = rows.next()?
        {
            (table.read)(self, row).map_err(|error| error.in_row(seq(row).unwrap_or_default()))?;
        }
        Ok(())
    }

    /// The numbers after `last` that the table may contain.
    fn numbers(&self, table: &str, last: u64) -> Result<RangeInclusive<u64>, ReadError> {
        let newest = self.newest(table)?;
        let pages = number(&self.connection, "PRAGMA page_count")?;
        let before = newest.saturating_sub(pages.saturating_mul(ROWS_A_PAGE));
        let before = before.max(self.oldest_indexed(table).saturating_sub(1));
        Ok(before.max(last) + 1..=newest)
    }

    /// The number of the oldest row according to an index; 0 if it is unknown. It is looked up
    /// once: earlier numbers never come back.
    pub(crate) fn oldest_indexed(&self, table: &str) -> u64 {
        let look = || oldest_by_index(&self.connection, table).unwrap_or(0);
        match table {
            "notification" => *self.oldest_indexed.get_or_init(look),
            _ => 0,
        }
    }

    /// The greatest number ever given to a row, as far as is known.
    pub(crate) fn newest(&self, table: &str) -> Result<u64, ReadError> {
        let given = format!("SELECT max(seq) FROM sqlite_sequence WHERE name = '{table}'");
        let there = format!("SELECT max(seq) FROM {table}");
        let (given, there) = (
            number(&self.connection, &given),
            number(&self.connection, &there),
        );
        match (given, there) {
            (Ok(given), Ok(there)) => Ok(given.max(there)),
            (Ok(one), Err(_)) | (Err(_), Ok(one)) => Ok(one),
            (Err(error), Err(_)) => match self.newest_on_leaves.get() {
                Some(newest) => Ok(newest.of(table)),
                None => Err(error.into()),
            },
        }
    }

    /// Searches all pages for the newest numbers, if nothing else tells them. A process that writes
    /// the journal must not call this: see `files::opened`.
    ///
    /// # Errors
    /// If the file cannot be read.
    pub fn find_newest(&self) -> Result<(), ReadError> {
        for table in [ACCEPTED.name, REJECTED.name] {
            match self.newest(table) {
                Err(error) if error.is_damage() => {
                    let path = Path::new(self.connection.path().unwrap_or_default());
                    // Otherwise the error stays.
                    let newest = Newest::look(path).map_err(|_| error)?;
                    let _ = self.newest_on_leaves.set(newest);
                }
                newest => {
                    newest?;
                }
            }
        }
        Ok(())
    }

    /// The number after which the newest `count` rows begin; true if there are more before.
    pub(crate) fn before(
        &self,
        table: &'static str,
        filter: &Filter,
        count: usize,
    ) -> Result<(u64, bool), ReadError> {
        let (conditions, values) = filter.sql(0);
        let sql = format!(
            "SELECT seq FROM {table} WHERE {conditions} ORDER BY seq DESC LIMIT 1 OFFSET {count}"
        );
        let mut statement = self.connection.prepare(&sql)?;
        let seq = statement
            .query_row(params_from_iter(&values), |row| row.get::<_, i64>(0))
            .optional();
        match seq {
            Ok(seq) => Ok((seq.map_or(0, i64::unsigned_abs), seq.is_some())),
            Err(error) if is_damage(&error) => {
                self.before_past_damage(table, &conditions, values, count)
            }
            Err(error) => Err(error.into()),
        }
    }

    /// The same, number by number; unreadable rows do not count.
    fn before_past_damage(
        &self,
        table: &'static str,
        conditions: &str,
        mut values: Vec<Value>,
        count: usize,
    ) -> Result<(u64, bool), ReadError> {
        let mut statement = self.connection.prepare(&format!(
            "SELECT 1 FROM {table} NOT INDEXED WHERE {conditions} AND seq = ?"
        ))?;
        values.push(Value::Null);
        let mut found = 0;
        for seq in self.numbers(table, 0)?.rev() {
            if let Some(last) = values.last_mut() {
                *last = Value::from(i64::try_from(seq).unwrap_or(i64::MAX));
            }
            found += usize::from(statement.exists(params_from_iter(&values)).unwrap_or(false));
            if found > count {
                return Ok((seq, true));
            }
        }
        Ok((0, false))
    }
}
