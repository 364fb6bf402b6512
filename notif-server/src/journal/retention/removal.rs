//! Selects the rows to remove, and removes them.

use jiff::{SignedDuration, Timestamp};
use rusqlite::{Connection, OptionalExtension, params};

use crate::journal::limits::ROOM;
use crate::notification::Source;

/// The bytes of rows removed in one step, at most, not counting the first row: no fewer than may
/// wait to be written.
const CHUNK_BYTES: u64 = (ROOM as u64) << 10;

/// Notifications removed for their age.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) struct Aged {
    /// Their number.
    pub(crate) count: u64,
    /// The time of receipt of the first of them.
    pub(crate) received: Timestamp,
    /// The time by which that one was overdue.
    pub(crate) late: SignedDuration,
}

/// The times of receipt that are not too old, in microseconds.
#[derive(Debug, Clone, Copy)]
pub(crate) struct Young {
    pub(crate) oldest: i64,
    /// Later times come from a clock that was ahead: the true time of receipt is unknown.
    pub(crate) latest: i64,
}

impl Young {
    /// Nothing is too old.
    pub(crate) const ALL: Self = Self {
        oldest: i64::MIN,
        latest: i64::MAX,
    };
}

/// Rows to remove; they are the first ones of their table.
#[derive(Debug, Default)]
pub(crate) struct Doomed {
    pub(crate) seqs: Vec<i64>,
    pub(crate) bytes: u64,
    pub(crate) aged: Option<Aged>,
}

impl Doomed {
    /// True if there may be more than one step removes.
    pub(crate) const fn more(&self, rows: u64) -> bool {
        self.seqs.len() as u64 >= rows || self.bytes >= CHUNK_BYTES
    }

    fn add(&mut self, (seq, bytes): (i64, u64)) {
        self.seqs.push(seq);
        self.bytes += bytes;
    }

    /// Counts one more row as too old.
    fn ages(&mut self, received: i64, oldest: i64) {
        let late = SignedDuration::from_micros(oldest.saturating_sub(received));
        let first = Timestamp::from_microsecond(received).unwrap_or(Timestamp::MIN);
        let aged = self.aged.get_or_insert(Aged {
            count: 0,
            received: first,
            late,
        });
        aged.count += 1;
    }
}

/// The oldest rows up to number `last`: as long as they are too old, or the rows before them have
/// less than `excess` bytes.
pub(crate) fn doomed(
    connection: &Connection,
    source: Source,
    last: i64,
    limit: u64,
    excess: u64,
    young: Young,
) -> rusqlite::Result<Doomed> {
    let (table, size) = (source.table(), size(source));
    let mut statement = connection.prepare_cached(&format!(
        "SELECT seq, received, {size} FROM {table} WHERE seq <= ?1 ORDER BY seq LIMIT ?2"
    ))?;
    let limit = i64::try_from(limit).unwrap_or(i64::MAX);
    let mut rows = statement.query(params![last, limit])?;
    let (mut doomed, mut undated) = (Doomed::default(), Vec::new());
    while doomed.bytes < CHUNK_BYTES
        && let Some(row) = rows.next()?
    {
        let (seq, received): (i64, i64) = (row.get(0)?, row.get(1)?);
        let row = (seq, row.get::<_, i64>(2)?.unsigned_abs());
        if received < young.oldest {
            // The rows before it are older still, whatever the clock said on their receipt.
            undated.drain(..).for_each(|row| doomed.add(row));
            doomed.add(row);
            doomed.ages(received, young.oldest);
        } else if doomed.bytes < excess {
            doomed.add(row);
        } else if received > young.latest {
            undated.push(row);
        } else {
            return Ok(doomed);
        }
    }
    // A step without any believable time goes by the first row that has one.
    if doomed.seqs.is_empty()
        && let Some((seq, _)) = undated.last()
        && any_older_after(connection, source, *seq, last, young.oldest)?
        && dated_after(connection, source, *seq, last, young.latest)?
            .is_some_and(|received| received < young.oldest)
    {
        for row in undated {
            doomed.add(row);
        }
    }
    Ok(doomed)
}

/// A query for a row after `?1` up to `?2` that was received before `?3`. It uses the index of
/// times, which has few rows so old, instead of scanning the rows.
fn any_older(table: &str) -> String {
    format!(
        "SELECT EXISTS (SELECT 1 FROM {table} WHERE received < ?3 AND +seq > ?1 AND +seq <= ?2)"
    )
}

/// True if any row after this one was received before this time. Usually none was, and then the
/// rows need not be scanned each second for the first believable time.
fn any_older_after(
    connection: &Connection,
    source: Source,
    seq: i64,
    last: i64,
    oldest: i64,
) -> rusqlite::Result<bool> {
    let mut statement = connection.prepare_cached(&any_older(source.table()))?;
    statement.query_row(params![seq, last, oldest], |row| row.get(0))
}

/// The time of receipt of the first row after this one with a believable time.
fn dated_after(
    connection: &Connection,
    source: Source,
    seq: i64,
    last: i64,
    latest: i64,
) -> rusqlite::Result<Option<i64>> {
    let table = source.table();
    let mut statement = connection.prepare_cached(&format!(
        "SELECT received FROM {table} WHERE seq > ?1 AND seq <= ?2 AND +received <= ?3
         ORDER BY seq LIMIT 1"
    ))?;
    statement
        .query_row(params![seq, last, latest], |row| row.get(0))
        .optional()
}

/// The size of a row in bytes, in SQL.
const fn size(source: Source) -> &'static str {
    match source {
        Source::Notifications => "length(body)",
        Source::Rejected => "length(body) + octet_length(faults)",
    }
}

/// The size of the rejected notifications kept, in bytes.
pub(crate) fn rejected_size(connection: &Connection) -> rusqlite::Result<u64> {
    let size = size(Source::Rejected);
    let sum = format!("SELECT coalesce(sum({size}), 0) FROM rejected");
    let sum: i64 = connection.query_row(&sum, [], |row| row.get(0))?;
    Ok(sum.unsigned_abs())
}

/// Removes these rows; returns the number of them that a sink had in quarantine.
pub(crate) fn remove(
    connection: &mut Connection,
    source: Source,
    seqs: &[i64],
) -> rusqlite::Result<u64> {
    let (transaction, table) = (connection.transaction()?, source.table());
    let mut parked = 0;
    {
        let mut row = transaction.prepare_cached(&format!("DELETE FROM {table} WHERE seq = ?"))?;
        let mut quarantine = transaction.prepare_cached(&format!(
            "DELETE FROM quarantine WHERE seq = ?1
             AND sink IN (SELECT name FROM sink WHERE source = '{table}')"
        ))?;
        for seq in seqs {
            row.execute([seq])?;
            parked += quarantine.execute([seq])? as u64;
        }
    }
    transaction.commit()?;
    Ok(parked)
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::journal::tables::layout;

    #[test]
    fn old_rows_are_found_by_the_index() {
        let connection = layout::in_memory().unwrap();
        let explain = format!("EXPLAIN QUERY PLAN {}", any_older("notification"));
        let mut statement = connection.prepare(&explain).unwrap();
        let plan = statement.query_map([0, 0, 0], |row| row.get::<_, String>(3));
        let plan: Vec<_> = plan.unwrap().map(Result::unwrap).collect();
        let by_index = |step: &String| step.contains("notification_received (received<?)");
        assert!(plan.iter().any(by_index), "{plan:?}");
    }
}
