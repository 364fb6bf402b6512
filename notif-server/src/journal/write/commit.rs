//! The work of the writer thread, and the transaction that does it.

use std::sync::Arc;

use jiff::Timestamp;
use rusqlite::{Connection, Transaction, params};
use uuid::Uuid;

use crate::journal::error::AppendError;
use crate::journal::tables::account::{self, Settled};
use crate::journal::tables::minute::Minutes;
use crate::journal::tables::{body, layout};
use crate::notification::{Entry, Reading, Record, Rejected, Rejection, Stored};

const INSERT: &str = "INSERT INTO notification
    (id, received, event_time, publisher, encoding, name, size, body,
     notifications, reading, hostname, process, subscription, sequence, seq)
    VALUES (?1, ?2, ?3, ?4, ?5, ?6, ?7, ?8, ?9, ?10, ?11, ?12, ?13, ?14, ?15)";

const INSERT_REJECTED: &str = "INSERT INTO rejected
    (id, received, publisher, encoding, faults, size, body, seq)
    VALUES (?1, ?2, ?3, ?4, ?5, ?6, ?7, ?8)";

/// Work for the writer thread.
#[derive(Debug)]
pub(crate) enum Work {
    Append(Row),
    Reject(RejectedRow),
    Settle(&'static str, Settled, Timestamp),
}

/// The result of a piece of work.
#[derive(Debug, Clone, Copy)]
pub(crate) enum Done {
    Stored(Stored),
    Nothing,
}

/// The result of a transaction.
#[derive(Debug, Default)]
pub(crate) struct Written {
    pub(crate) done: Vec<Done>,
    pub(crate) appended: usize,
    pub(crate) last_notification: Option<u64>,
    pub(crate) last_rejected: Option<u64>,
    pub(crate) rejected_bytes: u64,
}

/// A row of the table of notifications.
#[derive(Debug)]
pub(crate) struct Row {
    id: Uuid,
    /// The notification without its body.
    entry: Entry,
    /// The size of the body, in bytes.
    size: usize,
    frame: Vec<u8>,
}

/// A row of the table of rejected notifications.
#[derive(Debug)]
pub(crate) struct RejectedRow {
    id: Uuid,
    /// The notification without its body.
    rejection: Rejection,
    size: usize,
    frame: Vec<u8>,
}

fn compress(body: &[u8]) -> Result<Vec<u8>, AppendError> {
    body::compress(body).map_err(|error| AppendError::Compress(Arc::new(error)))
}

impl Work {
    /// The bytes that it adds to the tables; 0 for work that must be done in any case, as it makes
    /// room.
    pub(crate) fn size(&self) -> u64 {
        match self {
            Self::Append(row) => {
                let entry = &row.entry;
                let length = |text: &Option<String>| text.as_ref().map_or(0, String::len);
                let texts = entry.publisher.len()
                    + entry.name.len()
                    + length(&entry.event_time)
                    + length(&entry.envelope.hostname);
                (row.frame.len() + texts) as u64
            }
            Self::Reject(row) => row.kept() as u64,
            Self::Settle(..) => 0,
        }
    }
}

impl Row {
    pub(crate) fn new(mut entry: Entry) -> Result<Self, AppendError> {
        let body = std::mem::take(&mut entry.body);
        Ok(Self {
            id: Uuid::now_v7(),
            entry,
            size: body.len(),
            frame: compress(&body)?,
        })
    }

    /// The size of the body, in bytes.
    pub(crate) const fn size(&self) -> usize {
        self.size
    }

    /// The size of the compressed body, in bytes.
    pub(crate) fn frame_size(&self) -> usize {
        self.frame.len()
    }
}

impl RejectedRow {
    pub(crate) fn new(mut rejection: Rejection) -> Result<Self, AppendError> {
        let body = std::mem::take(&mut rejection.body);
        Ok(Self {
            id: Uuid::now_v7(),
            rejection,
            size: body.len(),
            frame: compress(&body)?,
        })
    }

    /// The bytes that it takes in the journal.
    pub(crate) fn kept(&self) -> usize {
        self.frame.len() + self.rejection.faults.len()
    }
}

/// Does all the work in one transaction: afterwards all of it is on the disk, or nothing has
/// changed.
pub(crate) fn commit<'a>(
    connection: &mut Connection,
    works: impl Iterator<Item = &'a Work>,
) -> rusqlite::Result<Written> {
    let transaction = connection.transaction()?;
    let (mut written, mut minutes) = (Written::default(), Minutes::default());
    // Most messages of a group have the same reading.
    let mut known: Option<(&Reading, i64)> = None;
    for work in works {
        let done = match work {
            Work::Append(row) => {
                let reading = match (&row.entry.reading, known) {
                    (Some(reading), Some((last, number))) if reading == last => Some(number),
                    (Some(reading), _) => Some(number_of(&transaction, reading)?),
                    (None, _) => None,
                };
                known = row.entry.reading.as_ref().zip(reading).or(known);
                let stored = insert(&transaction, row, reading, None)?;
                minutes.accepted(
                    row.entry.received,
                    &row.entry.publisher,
                    row.entry.envelope.notifications,
                    row.size as u64,
                );
                written.appended += 1;
                written.last_notification = Some(stored.seq);
                Done::Stored(stored)
            }
            Work::Reject(row) => {
                written.last_rejected = Some(insert_rejected(&transaction, row, None)?);
                let rejection = &row.rejection;
                minutes.rejected(rejection.received, &rejection.publisher);
                written.rejected_bytes += row.kept() as u64;
                Done::Nothing
            }
            Work::Settle(sink, settled, now) => {
                account::settle(&transaction, sink, settled, now.as_microsecond())?;
                Done::Nothing
            }
        };
        written.done.push(done);
    }
    minutes.write(&transaction)?;
    transaction.commit()?;
    Ok(written)
}

/// Tests that the file can be written: inserts a notification and rolls back, as a damaged page
/// shows only when it is used.
pub(crate) fn probe(connection: &mut Connection) -> rusqlite::Result<()> {
    let transaction = connection.transaction()?;
    transaction.execute(
        "INSERT INTO notification (id, received, publisher, encoding, name, size, body)
         VALUES ('', ?1, '', '', '', 0, x'')",
        [i64::MAX],
    )?;
    transaction.rollback()?;
    connection.pragma_update(None, "user_version", layout::LAYOUT)
}

/// The number of the reading, which gets one if it has none.
fn number_of(transaction: &Transaction<'_>, reading: &Reading) -> rusqlite::Result<i64> {
    let values = params![reading.policy, reading.schemas];
    transaction
        .prepare_cached("INSERT OR IGNORE INTO reading (policy, schemas) VALUES (?1, ?2)")?
        .execute(values)?;
    transaction
        .prepare_cached("SELECT number FROM reading WHERE policy = ?1 AND schemas = ?2")?
        .query_row(values, |row| row.get(0))
}

fn signed(number: u64) -> i64 {
    i64::try_from(number).unwrap_or(i64::MAX)
}

/// Inserts a row with this number, or the next one.
fn insert(
    transaction: &Transaction<'_>,
    row: &Row,
    reading: Option<i64>,
    seq: Option<u64>,
) -> rusqlite::Result<Stored> {
    let (entry, envelope) = (&row.entry, &row.entry.envelope);
    let seq = transaction.prepare_cached(INSERT)?.insert(params![
        row.id.to_string(),
        entry.received.as_microsecond(),
        entry.event_time,
        entry.publisher,
        entry.encoding.as_str(),
        entry.name,
        i64::try_from(row.size).unwrap_or(i64::MAX),
        row.frame,
        envelope.notifications,
        reading,
        envelope.hostname,
        envelope.process,
        envelope.subscription,
        envelope.sequence,
        seq.map(signed),
    ])?;
    Ok(Stored {
        seq: seq.unsigned_abs(),
        id: row.id,
    })
}

fn insert_rejected(
    transaction: &Transaction<'_>,
    row: &RejectedRow,
    seq: Option<u64>,
) -> rusqlite::Result<u64> {
    let rejection = &row.rejection;
    let seq = transaction
        .prepare_cached(INSERT_REJECTED)?
        .insert(params![
            row.id.to_string(),
            rejection.received.as_microsecond(),
            rejection.publisher,
            rejection.encoding.as_str(),
            rejection.faults,
            i64::try_from(row.size).unwrap_or(i64::MAX),
            row.frame,
            seq.map(signed),
        ])?;
    Ok(seq.unsigned_abs())
}

/// Restores a notification with its number and id.
pub(crate) fn restore(transaction: &Transaction<'_>, record: Record) -> Result<(), AppendError> {
    let mut row = Row::new(record.entry)?;
    row.id = record.stored.id;
    let written = || {
        let reading = row.entry.reading.as_ref();
        let reading = reading.map(|reading| number_of(transaction, reading));
        insert(
            transaction,
            &row,
            reading.transpose()?,
            Some(record.stored.seq),
        )
    };
    written().map_err(|error| AppendError::Write(Arc::new(error)))?;
    Ok(())
}

/// Restores a rejected notification with its number and id.
pub(crate) fn restore_rejected(
    transaction: &Transaction<'_>,
    rejected: Rejected,
) -> Result<(), AppendError> {
    let mut row = RejectedRow::new(rejected.rejection)?;
    row.id = rejected.stored.id;
    let written = insert_rejected(transaction, &row, Some(rejected.stored.seq));
    written.map_err(|error| AppendError::Write(Arc::new(error)))?;
    Ok(())
}
