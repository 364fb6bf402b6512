//! What is written, and the transaction that writes it.

use std::sync::Arc;

use jiff::Timestamp;
use notif_runtime::Encoding;
use rusqlite::{Connection, Transaction, params};
use uuid::Uuid;

use super::{AppendError, Entry, Settled, Stored, account, body, schema};

const INSERT: &str = "INSERT INTO notification
    (id, received, event_time, publisher, encoding, name, size, body)
    VALUES (?1, ?2, ?3, ?4, ?5, ?6, ?7, ?8)";

const INSERT_REJECTED: &str = "INSERT INTO rejected
    (id, received, publisher, encoding, faults, size, body)
    VALUES (?1, ?2, ?3, ?4, ?5, ?6, ?7)";

/// What is to be written.
#[derive(Debug)]
pub(super) enum Work {
    Append(Row),
    Reject(RejectedRow),
    Settle(&'static str, Settled, Timestamp),
}

/// What came of it.
#[derive(Debug, Clone, Copy)]
pub(super) enum Done {
    Stored(Stored),
    Nothing,
}

/// What a transaction wrote.
#[derive(Debug, Default)]
pub(super) struct Written {
    pub(super) done: Vec<Done>,
    pub(super) appended: usize,
    pub(super) last_notification: Option<u64>,
    pub(super) last_rejected: Option<u64>,
    pub(super) rejected_bytes: u64,
}

/// A notification as the table has it.
#[derive(Debug)]
pub(super) struct Row {
    id: Uuid,
    /// Without its body.
    entry: Entry,
    /// Of the body, in bytes.
    size: usize,
    frame: Vec<u8>,
}

/// A notification that was answered 400, to be kept for the operator.
#[derive(Debug, Clone)]
pub struct Rejection {
    /// When it came in.
    pub received: Timestamp,
    /// Who sent it.
    pub publisher: String,
    /// What the body is said to be in.
    pub encoding: Encoding,
    /// What is wrong with it: the JSON of the answer.
    pub faults: String,
    /// The message as it came in.
    pub body: Vec<u8>,
}

/// A rejected notification as the table has it.
#[derive(Debug)]
pub(super) struct RejectedRow {
    id: Uuid,
    /// Without its body.
    rejection: Rejection,
    size: usize,
    frame: Vec<u8>,
}

fn compress(body: &[u8]) -> Result<Vec<u8>, AppendError> {
    body::compress(body).map_err(|error| AppendError::Compress(Arc::new(error)))
}

impl Work {
    /// What it adds to the tables, in bytes; nothing for what has to be written whatever room there
    /// is, as it makes room.
    pub(super) fn size(&self) -> u64 {
        match self {
            Self::Append(row) => {
                let entry = &row.entry;
                let time = entry.event_time.as_ref().map_or(0, String::len);
                (row.frame.len() + time + entry.publisher.len() + entry.name.len()) as u64
            }
            Self::Reject(row) => row.kept() as u64,
            Self::Settle(..) => 0,
        }
    }
}

impl Row {
    pub(super) fn new(mut entry: Entry) -> Result<Self, AppendError> {
        let body = std::mem::take(&mut entry.body);
        Ok(Self {
            id: Uuid::now_v7(),
            entry,
            size: body.len(),
            frame: compress(&body)?,
        })
    }

    /// The body's size in bytes.
    pub(super) const fn size(&self) -> usize {
        self.size
    }

    /// The compressed body's size in bytes.
    pub(super) fn frame_size(&self) -> usize {
        self.frame.len()
    }
}

impl Rejection {
    /// The row, and its size.
    pub(super) fn compress(mut self) -> Result<(RejectedRow, usize), AppendError> {
        let body = std::mem::take(&mut self.body);
        let row = RejectedRow {
            id: Uuid::now_v7(),
            rejection: self,
            size: body.len(),
            frame: compress(&body)?,
        };
        let size = row.kept();
        Ok((row, size))
    }
}

impl RejectedRow {
    /// What it takes of the journal, in bytes.
    fn kept(&self) -> usize {
        self.frame.len() + self.rejection.faults.len()
    }
}

/// Writes it all in one transaction: all of it is on the disk, or none is in the journal.
pub(super) fn commit<'a>(
    connection: &mut Connection,
    works: impl Iterator<Item = &'a Work>,
) -> rusqlite::Result<Written> {
    let transaction = connection.transaction()?;
    let mut written = Written::default();
    for work in works {
        let done = match work {
            Work::Append(row) => {
                let stored = insert(&transaction, row)?;
                written.appended += 1;
                written.last_notification = Some(stored.seq);
                Done::Stored(stored)
            }
            Work::Reject(row) => {
                written.last_rejected = Some(insert_rejected(&transaction, row)?);
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
    transaction.commit()?;
    Ok(written)
}

/// Writes next to nothing, which shows whether the file can be written.
pub(super) fn probe(connection: &Connection) -> rusqlite::Result<()> {
    connection.prepare(INSERT)?;
    connection.pragma_update(None, "user_version", schema::LAYOUT)
}

fn insert(transaction: &Transaction<'_>, row: &Row) -> rusqlite::Result<Stored> {
    let entry = &row.entry;
    let seq = transaction.prepare_cached(INSERT)?.insert(params![
        row.id.to_string(),
        entry.received.as_microsecond(),
        entry.event_time,
        entry.publisher,
        entry.encoding.as_str(),
        entry.name,
        i64::try_from(row.size).unwrap_or(i64::MAX),
        row.frame,
    ])?;
    Ok(Stored {
        seq: seq.unsigned_abs(),
        id: row.id,
    })
}

fn insert_rejected(transaction: &Transaction<'_>, row: &RejectedRow) -> rusqlite::Result<u64> {
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
        ])?;
    Ok(seq.unsigned_abs())
}
