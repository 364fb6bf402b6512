//! Reading the journal, also while another process writes it.

use std::cell::{OnceCell, RefCell};
use std::collections::HashMap;
use std::path::Path;

use jiff::Timestamp;
use rusqlite::types::Value;
use rusqlite::{Connection, OptionalExtension, params_from_iter};

use super::account::{self, Account};
use super::error::{is_damage, is_unreadable};
use super::files::check_log;
use super::orphans::Newest;
use super::rows::{ACCEPTED, REJECTED, number, seq, time};
use super::{FILE, OpenError, ReadError, schema};
use crate::notification::{Reading, Record, Rejected, Source};

/// How many rows are read at a time where they have to be counted one by one.
const BATCH: usize = 256;

/// How many publishers and names a summary lists.
const LISTED: usize = 8;

/// Which notifications are wanted. The default is all.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct Filter {
    /// Received at this time or later.
    pub since: Option<Timestamp>,
    /// Received before this time.
    pub until: Option<Timestamp>,
    /// From this publisher.
    pub publisher: Option<String>,
    /// With this name: `module:name`, or the name alone.
    pub name: Option<String>,
}

/// How many notifications there are of a kind.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq)]
pub struct Extent {
    /// How many.
    pub count: u64,
    /// When the first and the last came in.
    pub span: Option<(Timestamp, Timestamp)>,
    /// The greatest of their numbers.
    pub newest: u64,
}

/// What is in the journal as a whole.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Summary {
    /// All notifications.
    pub extent: Extent,
    /// Some of the publishers.
    pub publishers: Vec<String>,
    /// Some of the notifications' names.
    pub names: Vec<String>,
}

/// A notification that a sink does not take.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Parked {
    /// The sink.
    pub sink: String,
    /// The notification's number.
    pub seq: u64,
    /// When it came in.
    pub received: Timestamp,
    /// Who sent it.
    pub publisher: String,
    /// What it is, `module:name`; not known of a rejected one.
    pub name: Option<String>,
    /// When the sink gave it up.
    pub at: Timestamp,
    /// Why.
    pub reason: String,
}

impl Filter {
    /// The filter without the condition on the name.
    fn nameless(&self) -> Self {
        Self {
            name: None,
            ..self.clone()
        }
    }

    /// The conditions in SQL, and their values.
    pub(super) fn sql(&self, after: u64) -> (String, Vec<Value>) {
        let mut conditions = vec!["seq > ?"];
        let mut values = vec![Value::from(i64::try_from(after).unwrap_or(i64::MAX))];
        let mut add = |condition, value: Option<Value>| {
            if let Some(value) = value {
                conditions.push(condition);
                values.push(value);
            }
        };
        let time = |time: Timestamp| Value::from(time.as_microsecond());
        add("received >= ?", self.since.map(time));
        add("received < ?", self.until.map(time));
        add("publisher = ?", self.publisher.clone().map(Value::from));
        let name = self.name.clone().map(Value::from);
        if self.name.as_deref().is_some_and(|name| name.contains(':')) {
            add("name = ?", name);
        } else {
            add("substr(name, instr(name, ':') + 1) = ?", name);
        }
        (conditions.join(" AND "), values)
    }
}

/// The journal, open for reading.
#[derive(Debug)]
pub struct Reader {
    pub(super) connection: Connection,
    /// The ways to read, by their numbers, as far as they were needed.
    readings: RefCell<HashMap<i64, Reading>>,
    /// The oldest notification by an index, if it was needed.
    pub(super) oldest_indexed: OnceCell<u64>,
    /// The newest of both kinds by the pages that hold rows, where nothing else tells them.
    pub(super) newest_on_leaves: OnceCell<Newest>,
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
    pub(super) fn open_file(path: &Path) -> Result<Self, OpenError> {
        schema::open_to_read(path).map(Self::of)
    }

    /// Opens the journal's file, also one that an earlier release wrote.
    pub(super) fn open_as_new(path: &Path) -> Result<Self, OpenError> {
        schema::open_as_new(path).map(Self::of)
    }

    pub(super) fn of(connection: Connection) -> Self {
        Self {
            connection,
            readings: RefCell::default(),
            oldest_indexed: OnceCell::new(),
            newest_on_leaves: OnceCell::new(),
        }
    }

    /// The next notifications after number `after`, in their order: at most `limit`, and fewer if
    /// they are large. None means that there are none.
    ///
    /// # Errors
    /// If the file cannot be read. [`ReadError::Damaged`] tells which of the next cannot be; what
    /// stands after its last can.
    pub fn batch(
        &self,
        filter: &Filter,
        after: u64,
        limit: usize,
    ) -> Result<Vec<Record>, ReadError> {
        self.rows(&ACCEPTED, filter, after, limit)
    }

    /// How many notifications match, and when the first and the last of them came in.
    ///
    /// # Errors
    /// If the file cannot be read.
    pub fn extent(&self, filter: &Filter) -> Result<Extent, ReadError> {
        let (conditions, values) = filter.sql(0);
        let sql = format!(
            "SELECT count(*), min(received), max(received), max(seq)
             FROM notification WHERE {conditions}"
        );
        let row = self
            .connection
            .query_row(&sql, params_from_iter(values), |row| {
                let count: i64 = row.get(0)?;
                let (first, last): (Option<i64>, Option<i64>) = (row.get(1)?, row.get(2)?);
                let newest: Option<i64> = row.get(3)?;
                Ok((count.unsigned_abs(), first, last, newest))
            });
        let (count, first, last, newest) = match row {
            Err(error) if is_damage(&error) => return self.extent_past_damage(filter),
            row => row?,
        };
        let time = |time: Option<i64>| Timestamp::from_microsecond(time?).ok();
        Ok(Extent {
            count,
            span: time(first).zip(time(last)),
            newest: newest.map_or(0, i64::unsigned_abs),
        })
    }

    /// The same of those that can be read.
    fn extent_past_damage(&self, filter: &Filter) -> Result<Extent, ReadError> {
        let mut extent = Extent::default();
        loop {
            match self.batch(filter, extent.newest, BATCH) {
                Ok(records) if records.is_empty() => return Ok(extent),
                Ok(records) => {
                    extent.count += records.len() as u64;
                    for record in records {
                        let time = record.entry.received;
                        let (first, last) = extent.span.unwrap_or((time, time));
                        extent.span = Some((first.min(time), last.max(time)));
                        extent.newest = record.stored.seq;
                    }
                }
                Err(ReadError::Damaged { last, .. }) => extent.newest = last,
                Err(error) => return Err(error),
            }
        }
    }

    /// The number of the oldest notification, 0 if there is none or that cannot be told.
    #[must_use]
    pub fn oldest(&self) -> u64 {
        number(&self.connection, "SELECT min(seq) FROM notification").unwrap_or(0)
    }

    /// The number of the newest that there ever was of a kind, as far as can be told.
    ///
    /// # Errors
    /// If the file cannot be read.
    pub fn newest_of(&self, source: Source) -> Result<u64, ReadError> {
        self.newest(source.table())
    }

    /// The next rejected notifications after number `after`, as `batch` gives accepted ones. The
    /// filter's name does not count: what a rejected message is, is not known.
    ///
    /// # Errors
    /// If the file cannot be read.
    pub fn rejected(
        &self,
        filter: &Filter,
        after: u64,
        limit: usize,
    ) -> Result<Vec<Rejected>, ReadError> {
        self.rows(&REJECTED, &filter.nameless(), after, limit)
    }

    /// The number after which the newest `count` rejected notifications stand.
    ///
    /// # Errors
    /// If the file cannot be read.
    pub fn before_newest_rejected(
        &self,
        filter: &Filter,
        count: usize,
    ) -> Result<(u64, bool), ReadError> {
        self.before("rejected", &filter.nameless(), count)
    }

    /// The accounts of all sinks that the journal ever had, as of one moment.
    ///
    /// # Errors
    /// If the file cannot be read.
    pub fn accounts(&self) -> Result<Vec<Account>, ReadError> {
        Ok(account::all(&self.connection)?)
    }

    /// What the sinks do not take: so many of the newest, oldest first.
    ///
    /// # Errors
    /// If the file cannot be read.
    pub fn quarantined(&self, filter: &Filter, newest: usize) -> Result<Vec<Parked>, ReadError> {
        let (conditions, mut values) = filter.sql(0);
        values.push(Value::Integer(i64::try_from(newest).unwrap_or(i64::MAX)));
        let mut statement = self.connection.prepare(&format!(
            "SELECT seq, at, received, sink, publisher, name, reason FROM (
                 SELECT quarantine.seq, at, received, sink, publisher, notification.name, reason
                 FROM quarantine JOIN sink ON sink.name = sink AND source = 'notification'
                     JOIN notification USING (seq)
                 UNION ALL
                 SELECT quarantine.seq, at, received, sink, publisher, NULL, reason
                 FROM quarantine JOIN sink ON sink.name = sink AND source = 'rejected'
                     JOIN rejected USING (seq))
             WHERE {conditions} ORDER BY at DESC, seq DESC LIMIT ?"
        ))?;
        let mut rows = statement.query(params_from_iter(values))?;
        let mut parked = Vec::new();
        while let Some(row) = rows.next()? {
            parked.push(Parked {
                seq: seq(row)?,
                at: time(row, 1)?,
                received: time(row, 2)?,
                sink: row.get(3)?,
                publisher: row.get(4)?,
                name: row.get(5)?,
                reason: row.get(6)?,
            });
        }
        parked.reverse();
        Ok(parked)
    }

    /// The number after which the newest `count` notifications stand, and whether there are
    /// more before them.
    ///
    /// # Errors
    /// If the file cannot be read.
    pub fn before_newest(&self, filter: &Filter, count: usize) -> Result<(u64, bool), ReadError> {
        self.before("notification", filter, count)
    }

    /// What is in the journal as a whole.
    ///
    /// # Errors
    /// If the file cannot be read.
    pub fn summary(&self) -> Result<Summary, ReadError> {
        Ok(Summary {
            extent: self.extent(&Filter::default())?,
            publishers: self.distinct("publisher")?,
            names: self.distinct("name")?,
        })
    }

    /// How bodies with this number were read.
    pub(super) fn reading(&self, number: Option<i64>) -> Result<Option<Reading>, ReadError> {
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
            // What was read can be read without it.
            Err(error) if is_unreadable(&error) => None,
            other => other?,
        };
        if let Some(reading) = &reading {
            self.readings.borrow_mut().insert(number, reading.clone());
        }
        Ok(reading)
    }

    fn distinct(&self, column: &'static str) -> Result<Vec<String>, ReadError> {
        let mut statement = self.connection.prepare(&format!(
            "SELECT DISTINCT {column} FROM notification ORDER BY 1 LIMIT {LISTED}"
        ))?;
        let values = statement.query_map([], |row| row.get(0))?;
        Ok(values.collect::<Result<_, _>>()?)
    }
}
