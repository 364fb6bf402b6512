//! Reading the journal, also while another process writes it.

use std::path::Path;

use jiff::Timestamp;
use notif_runtime::Encoding;
use rusqlite::types::Value;
use rusqlite::{Connection, OptionalExtension, Row, Rows, params_from_iter};
use uuid::Uuid;

use super::account::{self, Account};
use super::{Entry, FILE, OpenError, ReadError, Record, Rejected, Stored, body, schema};

/// How many bytes of bodies a batch holds at most, but for its first.
const BATCH_BYTES: usize = 16 << 20;

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
    fn sql(&self, after: u64) -> (String, Vec<Value>) {
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
}

impl Reader {
    /// Opens the journal in `dir`.
    ///
    /// # Errors
    /// If there is none, or it cannot be read.
    pub fn open(dir: &Path) -> Result<Self, OpenError> {
        let path = dir.join(FILE);
        if !path.is_file() {
            return Err(OpenError::Missing {
                dir: dir.to_owned(),
            });
        }
        let connection = schema::open_to_read(&path)?;
        Ok(Self { connection })
    }

    /// The next notifications after number `after`, in their order: at most `limit`, and fewer if
    /// they are large. None means that there are none.
    ///
    /// # Errors
    /// If the file cannot be read.
    pub fn batch(
        &self,
        filter: &Filter,
        after: u64,
        limit: usize,
    ) -> Result<Vec<Record>, ReadError> {
        let (conditions, values) = filter.sql(after);
        let mut statement = self.connection.prepare_cached(&format!(
            "SELECT seq, id, received, event_time, publisher, encoding, name, size, body
             FROM notification WHERE {conditions} ORDER BY seq LIMIT {limit}"
        ))?;
        let mut rows = statement.query(params_from_iter(values))?;
        collect(&mut rows, record, |record| record.entry.body.len())
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
        let (count, first, last, newest) = row?;
        let time = |time: Option<i64>| Timestamp::from_microsecond(time?).ok();
        Ok(Extent {
            count,
            span: time(first).zip(time(last)),
            newest: newest.map_or(0, i64::unsigned_abs),
        })
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
        let (conditions, values) = filter.nameless().sql(after);
        let mut statement = self.connection.prepare_cached(&format!(
            "SELECT seq, id, received, publisher, encoding, size, body, faults
             FROM rejected WHERE {conditions} ORDER BY seq LIMIT {limit}"
        ))?;
        let mut rows = statement.query(params_from_iter(values))?;
        collect(&mut rows, rejected, |rejected| rejected.body.len())
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

    /// What the sinks do not take, oldest first.
    ///
    /// # Errors
    /// If the file cannot be read.
    pub fn quarantined(&self, filter: &Filter) -> Result<Vec<Parked>, ReadError> {
        let (conditions, values) = filter.sql(0);
        let mut statement = self.connection.prepare(&format!(
            "SELECT seq, at, received, sink, publisher, name, reason FROM (
                 SELECT quarantine.seq, at, received, sink, publisher, notification.name, reason
                 FROM quarantine JOIN sink ON sink.name = sink AND source = 'notification'
                     JOIN notification USING (seq)
                 UNION ALL
                 SELECT quarantine.seq, at, received, sink, publisher, NULL, reason
                 FROM quarantine JOIN sink ON sink.name = sink AND source = 'rejected'
                     JOIN rejected USING (seq))
             WHERE {conditions} ORDER BY at, seq"
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

    fn before(
        &self,
        table: &'static str,
        filter: &Filter,
        count: usize,
    ) -> Result<(u64, bool), ReadError> {
        let (conditions, values) = filter.sql(0);
        let mut statement = self.connection.prepare(&format!(
            "SELECT seq FROM {table} WHERE {conditions} ORDER BY seq DESC LIMIT 1 OFFSET {count}"
        ))?;
        let seq: Option<i64> = statement
            .query_row(params_from_iter(values), |row| row.get(0))
            .optional()?;
        Ok((seq.map_or(0, i64::unsigned_abs), seq.is_some()))
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

    fn distinct(&self, column: &'static str) -> Result<Vec<String>, ReadError> {
        let mut statement = self.connection.prepare(&format!(
            "SELECT DISTINCT {column} FROM notification ORDER BY 1 LIMIT {LISTED}"
        ))?;
        let values = statement.query_map([], |row| row.get(0))?;
        Ok(values.collect::<Result<_, _>>()?)
    }
}

/// What the rows hold, up to [`BATCH_BYTES`]. A damaged row ends the batch, and is an error when
/// it is the first, so that what stands before it is not held up.
fn collect<T>(
    rows: &mut Rows<'_>,
    read: fn(&Row<'_>) -> Result<T, ReadError>,
    size: fn(&T) -> usize,
) -> Result<Vec<T>, ReadError> {
    let (mut items, mut bytes) = (Vec::new(), 0);
    while bytes <= BATCH_BYTES
        && let Some(row) = rows.next()?
    {
        match read(row) {
            Ok(item) => {
                bytes += size(&item);
                items.push(item);
            }
            Err(ReadError::Damaged { .. }) if !items.is_empty() => break,
            Err(error) => return Err(error),
        }
    }
    Ok(items)
}

fn record(row: &Row<'_>) -> Result<Record, ReadError> {
    let seq = seq(row)?;
    Ok(Record {
        stored: Stored { seq, id: id(row)? },
        entry: Entry {
            received: time(row, 2)?,
            event_time: row.get(3)?,
            publisher: row.get(4)?,
            encoding: encoding(row, 5)?,
            name: row.get(6)?,
            body: read_body(row, 7, 8)?,
        },
    })
}

fn rejected(row: &Row<'_>) -> Result<Rejected, ReadError> {
    Ok(Rejected {
        seq: seq(row)?,
        id: id(row)?,
        received: time(row, 2)?,
        publisher: row.get(3)?,
        encoding: encoding(row, 4)?,
        faults: row.get(7)?,
        body: read_body(row, 5, 6)?,
    })
}

/// The first column of both tables.
fn seq(row: &Row<'_>) -> Result<u64, ReadError> {
    Ok(row.get::<_, i64>(0)?.unsigned_abs())
}

/// The second column of both tables.
fn id(row: &Row<'_>) -> Result<Uuid, ReadError> {
    let id: String = row.get(1)?;
    id.parse()
        .map_err(|error| damaged(row, format!("its id {id}: {error}")))
}

fn time(row: &Row<'_>, column: usize) -> Result<Timestamp, ReadError> {
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
    ReadError::Damaged {
        seq: seq(row).unwrap_or_default(),
        problem,
    }
}
