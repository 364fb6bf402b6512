//! The queries that commands and sinks make to the journal.

use jiff::Timestamp;
use rusqlite::params_from_iter;
use rusqlite::types::Value;

use super::filter::Filter;
use super::reader::Reader;
use super::rows::{ACCEPTED, REJECTED, seq, time};
use crate::journal::error::{ReadError, is_damage};
use crate::journal::tables::account::{self, Account};
use crate::journal::tables::sql::number;
use crate::notification::{Record, Rejected, Source};

/// The number of rows read at a time if they must be counted one by one.
const BATCH: usize = 256;

/// The number of publishers and names in a summary.
const LISTED: usize = 8;

/// The number and span of notifications that match.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq)]
pub struct Extent {
    /// Their number.
    pub count: u64,
    /// The times of receipt of the first and the last.
    pub span: Option<(Timestamp, Timestamp)>,
    /// The greatest of their numbers.
    pub newest: u64,
}

/// A summary of the whole journal.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Summary {
    /// The extent of all notifications.
    pub extent: Extent,
    /// Some of the publishers.
    pub publishers: Vec<String>,
    /// Some of the notifications' names.
    pub names: Vec<String>,
}

/// A notification that a sink refused.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Parked {
    /// The sink.
    pub sink: String,
    /// The notification's number.
    pub seq: u64,
    /// The time of its receipt.
    pub received: Timestamp,
    /// The publisher.
    pub publisher: String,
    /// The name, `module:name`; unknown for a rejected one.
    pub name: Option<String>,
    /// The time at which the sink gave it up.
    pub at: Timestamp,
    /// The reason.
    pub reason: String,
}

impl Reader {
    /// The next notifications after number `after`, in order: at most `limit`, and fewer if they
    /// are large. Empty if there are none.
    ///
    /// # Errors
    /// If the file cannot be read. [`ReadError::Damaged`] gives the rows that cannot be read;
    /// reading can go on after the last of them.
    pub fn batch(
        &self,
        filter: &Filter,
        after: u64,
        limit: usize,
    ) -> Result<Vec<Record>, ReadError> {
        self.rows(&ACCEPTED, filter, after, limit)
    }

    /// The number of notifications that match, with the first and last time of receipt.
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

    /// The same for the rows that can be read.
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

    /// The number of the oldest notification; 0 if there is none or it is unknown.
    #[must_use]
    pub fn oldest(&self) -> u64 {
        number(&self.connection, "SELECT min(seq) FROM notification").unwrap_or(0)
    }

    /// The greatest number ever given to a row of this kind, as far as is known.
    ///
    /// # Errors
    /// If the file cannot be read.
    pub fn newest_of(&self, source: Source) -> Result<u64, ReadError> {
        self.newest(source.table())
    }

    /// The next rejected notifications after number `after`, as `batch` does for accepted ones.
    /// Ignores the filter's name: the name of a rejected message is unknown.
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

    /// The number after which the newest `count` rejected notifications begin.
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

    /// The accounts of all sinks that the journal ever had, in one snapshot.
    ///
    /// # Errors
    /// If the file cannot be read.
    pub fn accounts(&self) -> Result<Vec<Account>, ReadError> {
        Ok(account::all(&self.connection)?)
    }

    /// The newest notifications that sinks have in quarantine, at most `newest`, oldest first.
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

    /// The number after which the newest `count` notifications begin; true if there are more
    /// before.
    ///
    /// # Errors
    /// If the file cannot be read.
    pub fn before_newest(&self, filter: &Filter, count: usize) -> Result<(u64, bool), ReadError> {
        self.before("notification", filter, count)
    }

    /// A summary of the whole journal.
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

    fn distinct(&self, column: &'static str) -> Result<Vec<String>, ReadError> {
        let mut statement = self.connection.prepare(&format!(
            "SELECT DISTINCT {column} FROM notification ORDER BY 1 LIMIT {LISTED}"
        ))?;
        let values = statement.query_map([], |row| row.get(0))?;
        Ok(values.collect::<Result<_, _>>()?)
    }
}
