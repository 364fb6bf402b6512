//! Reading the journal, also while another process writes it.

use std::path::Path;

use jiff::Timestamp;
use notif_runtime::Encoding;
use rusqlite::types::Value;
use rusqlite::{Connection, OptionalExtension, Row, params_from_iter};

use super::{Entry, FILE, OpenError, ReadError, Record, Stored, body, schema};

/// How many publishers and names a summary lists.
const LISTED: usize = 8;

/// Which notifications are wanted. The default is all.
#[derive(Debug, Clone, Default)]
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

/// What is in the journal as a whole.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Summary {
    /// How many notifications there are.
    pub count: u64,
    /// When the first and the last came in.
    pub span: Option<(Timestamp, Timestamp)>,
    /// Some of the publishers.
    pub publishers: Vec<String>,
    /// Some of the notifications' names.
    pub names: Vec<String>,
}

impl Filter {
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
    connection: Connection,
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

    /// The next notifications after number `after`, at most `limit`, in their order.
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
        let mut records = Vec::new();
        while let Some(row) = rows.next()? {
            records.push(record(row)?);
        }
        Ok(records)
    }

    /// The number after which the newest `count` notifications stand, and whether there are
    /// more before them.
    ///
    /// # Errors
    /// If the file cannot be read.
    pub fn before_newest(&self, filter: &Filter, count: usize) -> Result<(u64, bool), ReadError> {
        let (conditions, values) = filter.sql(0);
        let mut statement = self.connection.prepare(&format!(
            "SELECT seq FROM notification WHERE {conditions} ORDER BY seq DESC LIMIT 1 OFFSET {count}"
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
        let (count, first, last) = self.connection.query_row(
            "SELECT count(*), min(received), max(received) FROM notification",
            [],
            |row| {
                let count: i64 = row.get(0)?;
                let (first, last): (Option<i64>, Option<i64>) = (row.get(1)?, row.get(2)?);
                Ok((count.unsigned_abs(), first, last))
            },
        )?;
        let time = |time: Option<i64>| Timestamp::from_microsecond(time?).ok();
        Ok(Summary {
            count,
            span: time(first).zip(time(last)),
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

fn record(row: &Row<'_>) -> Result<Record, ReadError> {
    let seq = row.get::<_, i64>(0)?.unsigned_abs();
    let damaged = |problem: String| ReadError::Damaged { seq, problem };
    let id: String = row.get(1)?;
    let encoding: String = row.get(5)?;
    let size = row.get::<_, i64>(7)?;
    let frame = row.get_ref(8)?.as_blob().map_err(rusqlite::Error::from)?;
    let id = id
        .parse()
        .map_err(|error| damaged(format!("its id {id}: {error}")))?;
    let size = usize::try_from(size).map_err(|_| damaged(format!("its size {size}")))?;
    let body = body::decompress(frame, size);
    Ok(Record {
        stored: Stored { seq, id },
        entry: Entry {
            received: Timestamp::from_microsecond(row.get(2)?)
                .map_err(|error| damaged(error.to_string()))?,
            event_time: row.get(3)?,
            publisher: row.get(4)?,
            encoding: Encoding::from_name(&encoding)
                .ok_or_else(|| damaged(format!("its encoding {encoding}")))?,
            name: row.get(6)?,
            body: body.map_err(|error| damaged(format!("its body: {error}")))?,
        },
    })
}
