//! The tables of messages, and the decoding of their rows.

use jiff::Timestamp;
use notif_runtime::Encoding;
use rusqlite::Row;
use uuid::Uuid;

use super::reader::Reader;
use crate::journal::error::ReadError;
use crate::journal::tables::body;
use crate::notification::{Entry, Envelope, Record, Rejected, Rejection, Stored};

/// A table with one message in each row.
pub(crate) struct Table<T> {
    pub(crate) name: &'static str,
    /// Its columns; the first is `seq`.
    pub(crate) columns: &'static str,
    pub(crate) read: fn(&Reader, &Row<'_>) -> Result<T, ReadError>,
    /// The size of a row in bytes, for limits.
    pub(crate) size: fn(&T) -> usize,
    pub(crate) seq: fn(&T) -> u64,
}

pub(crate) const ACCEPTED: Table<Record> = Table {
    name: "notification",
    columns: "seq, id, received, event_time, publisher, encoding, name, size, body, \
              notifications, reading, hostname, process, subscription, sequence",
    read: record,
    size: |record| record.entry.body.len(),
    seq: |record| record.stored.seq,
};

pub(crate) const REJECTED: Table<Rejected> = Table {
    name: "rejected",
    columns: "seq, id, received, publisher, encoding, size, body, faults",
    read: |_, row| rejected(row),
    size: |rejected| rejected.rejection.body.len(),
    seq: |rejected| rejected.stored.seq,
};

fn record(reader: &Reader, row: &Row<'_>) -> Result<Record, ReadError> {
    Ok(Record {
        stored: stored(row)?,
        entry: Entry {
            received: time(row, 2)?,
            event_time: row.get(3)?,
            publisher: row.get(4)?,
            encoding: encoding(row, 5)?,
            name: row.get(6)?,
            body: read_body(row, 7, 8)?,
            reading: reader.reading(row.get(10)?)?,
            envelope: Envelope {
                notifications: row.get(9)?,
                hostname: row.get(11)?,
                process: row.get(12)?,
                subscription: row.get(13)?,
                sequence: row.get(14)?,
            },
        },
    })
}

fn rejected(row: &Row<'_>) -> Result<Rejected, ReadError> {
    Ok(Rejected {
        stored: stored(row)?,
        rejection: Rejection {
            received: time(row, 2)?,
            publisher: row.get(3)?,
            encoding: encoding(row, 4)?,
            faults: row.get(7)?,
            body: read_body(row, 5, 6)?,
        },
    })
}

/// The first two columns of both tables.
fn stored(row: &Row<'_>) -> Result<Stored, ReadError> {
    Ok(Stored {
        seq: seq(row)?,
        id: id(row)?,
    })
}

/// The first column of both tables.
pub(crate) fn seq(row: &Row<'_>) -> Result<u64, ReadError> {
    Ok(row.get::<_, i64>(0)?.unsigned_abs())
}

/// The second column of both tables.
fn id(row: &Row<'_>) -> Result<Uuid, ReadError> {
    let id: String = row.get(1)?;
    id.parse()
        .map_err(|error| damaged(row, format!("its id {id}: {error}")))
}

pub(crate) fn time(row: &Row<'_>, column: usize) -> Result<Timestamp, ReadError> {
    let time = Timestamp::from_microsecond(row.get(column)?);
    time.map_err(|error| damaged(row, error.to_string()))
}

fn encoding(row: &Row<'_>, column: usize) -> Result<Encoding, ReadError> {
    let name: String = row.get(column)?;
    Encoding::from_name(&name).ok_or_else(|| damaged(row, format!("its encoding {name}")))
}

fn read_body(row: &Row<'_>, size: usize, frame: usize) -> Result<Vec<u8>, ReadError> {
    let size = row.get::<_, i64>(size)?;
    let size = usize::try_from(size).map_err(|_| damaged(row, format!("its size {size}")))?;
    let frame = row.get_ref(frame)?.as_blob();
    let frame = frame.map_err(rusqlite::Error::from)?;
    body::decompress(frame, size).map_err(|error| damaged(row, format!("its body: {error}")))
}

fn damaged(row: &Row<'_>, problem: String) -> ReadError {
    ReadError::damaged(seq(row).unwrap_or_default(), problem)
}
