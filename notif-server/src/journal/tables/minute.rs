//! Counts of each minute by publisher, for charts.
//!
//! The table is limited: in each minute, the first [`PUBLISHERS`] publishers have rows of their
//! own, and all others share one with an empty name; and minutes are kept as long as notifications,
//! but no longer than [`KEPT`]. So there are at most 907,200 rows of some 35 bytes.

use std::collections::{BTreeMap, HashMap};
use std::time::{Duration, Instant};

use jiff::Timestamp;
use rusqlite::{Connection, params};

use crate::journal::error::is_damage;

/// The number of publishers with rows of their own in a minute.
const PUBLISHERS: u32 = 20;

/// The name for all other publishers of a minute.
const OTHERS: &str = "";

/// The time that a minute is kept, at most.
const KEPT: Duration = Duration::from_secs(30 * 24 * 3600);

/// A minute in microseconds, the unit of times.
pub(crate) const MINUTE: i64 = 60_000_000;

/// The bytes that a row may take on the disk, with its share of a page, both in the write-ahead log
/// and in the file.
const ROW_BYTES: u64 = 200;

/// The interval at which the first count reports its progress.
const SAY_EVERY: Duration = Duration::from_secs(2);

/// The number of rows counted before the counts are written.
const STEP: i64 = 20_000;

#[derive(Debug, Clone, Copy, Default)]
struct Counts {
    accepted: u64,
    rejected: u64,
    bytes: u64,
}

/// New counts, to be added to the table.
#[derive(Debug, Default)]
pub(crate) struct Minutes(BTreeMap<i64, HashMap<String, Counts>>);

impl Minutes {
    pub(crate) fn accepted(
        &mut self,
        received: Timestamp,
        publisher: &str,
        notifications: u32,
        bytes: u64,
    ) {
        let counts = self.counts(received.as_microsecond(), publisher);
        counts.accepted += u64::from(notifications);
        counts.bytes += bytes;
    }

    pub(crate) fn rejected(&mut self, received: Timestamp, publisher: &str) {
        self.counts(received.as_microsecond(), publisher).rejected += 1;
    }

    fn counts(&mut self, received: i64, publisher: &str) -> &mut Counts {
        let minute = self.0.entry(received.div_euclid(MINUTE)).or_default();
        minute.entry(publisher.to_owned()).or_default()
    }

    /// Adds the counts to the table.
    pub(crate) fn write(&self, connection: &Connection) -> rusqlite::Result<()> {
        let mut count =
            connection.prepare_cached("SELECT count(*) FROM minute WHERE minute = ?")?;
        let mut add = connection.prepare_cached(
            "UPDATE minute SET accepted = accepted + ?3, rejected = rejected + ?4,
                 bytes = bytes + ?5 WHERE minute = ?1 AND publisher = ?2",
        )?;
        let mut insert =
            connection.prepare_cached("INSERT INTO minute VALUES (?1, ?2, ?3, ?4, ?5)")?;
        let signed = |number: u64| i64::try_from(number).unwrap_or(i64::MAX);
        for (minute, publishers) in &self.0 {
            let mut rows: Option<u32> = None;
            for (publisher, counts) in publishers {
                let row = |publisher| {
                    let Counts {
                        accepted,
                        rejected,
                        bytes,
                    } = *counts;
                    (
                        *minute,
                        publisher,
                        signed(accepted),
                        signed(rejected),
                        signed(bytes),
                    )
                };
                if add.execute(row(publisher.as_str()))? > 0 {
                    continue;
                }
                let known: u32 = match rows {
                    Some(rows) => rows,
                    None => count.query_row([minute], |row| row.get(0))?,
                };
                let own = known < PUBLISHERS;
                rows = Some(known + u32::from(own));
                if own {
                    insert.execute(row(publisher.as_str()))?;
                } else if add.execute(row(OTHERS))? == 0 {
                    insert.execute(row(OTHERS))?;
                }
            }
        }
        Ok(())
    }
}

/// Removes the minutes before `oldest`, in microseconds, and those kept too long.
pub(crate) fn trim(connection: &Connection, oldest: i64, now: Timestamp) -> rusqlite::Result<()> {
    let kept = i64::try_from(KEPT.as_micros()).unwrap_or(i64::MAX);
    let oldest = oldest.max(now.as_microsecond().saturating_sub(kept));
    connection
        .prepare_cached("DELETE FROM minute WHERE minute < ?")?
        .execute([oldest.div_euclid(MINUTE)])?;
    Ok(())
}

/// The bytes on the disk that the counts of a whole journal may take.
pub(crate) fn largest(connection: &Connection) -> u64 {
    let pragma = |name| connection.pragma_query_value(None, name, |row| row.get::<_, i64>(0));
    let pages = pragma("page_count").map_or(0, i64::unsigned_abs);
    let minutes = KEPT.as_secs() / 60 * (u64::from(PUBLISHERS) + 1);
    // A page holds at most some 40 of the smallest notifications.
    minutes.min(pages.saturating_mul(40)) * ROW_BYTES + (1 << 20)
}

/// Counts the notifications from before there were counts, as far as they can be read: they stay in
/// the journal with or without counts.
///
/// Reads through `old`, another connection: if the disk cannot be read, SQLite ends the transaction
/// of the connection that reads.
pub(crate) fn count_all(old: &Connection, new: &Connection) -> rusqlite::Result<()> {
    let (mut counted, mut said) = (0, Instant::now());
    // Only used for the report of progress.
    let total: i64 = old
        .query_row(
            "SELECT coalesce(sum(seq), 0) FROM sqlite_sequence",
            [],
            |row| row.get(0),
        )
        .unwrap_or(0);
    for (table, sql) in [
        (
            "notification",
            "SELECT seq, received, publisher, size FROM notification NOT INDEXED
             WHERE seq > ?1 ORDER BY seq LIMIT ?2",
        ),
        (
            "rejected",
            "SELECT seq, received, publisher, 0 FROM rejected
             WHERE seq > ?1 ORDER BY seq LIMIT ?2",
        ),
    ] {
        let accepted = table == "notification";
        // The first layout has no rejected notifications.
        let mut after = old.table_exists(None, table)?.then_some(0);
        while let Some(last) = after {
            let (minutes, next) = match count_some(old, sql, accepted, last) {
                Ok(step) => step,
                Err(error) if is_damage(&error) => {
                    tracing::warn!(%error, table, "the minutes after a damaged page are not counted");
                    break;
                }
                Err(error) => return Err(error),
            };
            minutes.write(new)?;
            counted += next.map_or(0, |next| next - last);
            after = next;
            if said.elapsed() >= SAY_EVERY {
                said = Instant::now();
                tracing::info!(counted, of = total, "the journal is given a new layout");
            }
        }
    }
    Ok(())
}

/// Counts the next rows; returns the number of the last, none at the end.
fn count_some(
    connection: &Connection,
    sql: &str,
    accepted: bool,
    after: i64,
) -> rusqlite::Result<(Minutes, Option<i64>)> {
    let (mut minutes, mut last) = (Minutes::default(), None);
    let mut statement = connection.prepare_cached(sql)?;
    let mut rows = statement.query(params![after, STEP])?;
    while let Some(row) = rows.next()? {
        let seq = row.get(0)?;
        last = Some(seq);
        let columns = || Ok((row.get(1)?, row.get(2)?, row.get::<_, i64>(3)?));
        let columns: rusqlite::Result<(i64, String, i64)> = columns();
        let (received, publisher, size) = match columns {
            Ok(columns) => columns,
            Err(error) => {
                tracing::debug!(%error, seq, "a damaged row is not counted");
                continue;
            }
        };
        let counts = minutes.counts(received, &publisher);
        if accepted {
            counts.accepted += 1;
            counts.bytes += size.unsigned_abs();
        } else {
            counts.rejected += 1;
        }
    }
    Ok((minutes, last))
}

#[cfg(test)]
mod tests {
    use jiff::SignedDuration;

    use super::*;
    use crate::journal::files::paths::FILE;
    use crate::journal::tables::layout;

    #[test]
    fn a_minute_has_few_rows_whatever_publishers_there_are_and_is_removed_when_it_is_old() {
        let dir = tempfile::tempdir().unwrap();
        let connection = layout::open(&dir.path().join(FILE)).unwrap();
        let now = Timestamp::from_second(1_000_000_000).unwrap();
        for _ in 0..2 {
            let mut minutes = Minutes::default();
            for number in 0..500 {
                minutes.accepted(now, &format!("p{number}"), 2, 10);
                minutes.rejected(now, &format!("p{number}"));
            }
            minutes.write(&connection).unwrap();
        }
        let row = |sql: &str| {
            connection.query_row(sql, [], |row| {
                Ok((row.get(0)?, row.get(1)?, row.get(2)?, row.get(3)?))
            })
        };
        let all: (i64, i64, i64, i64) =
            row("SELECT count(*), sum(accepted), sum(rejected), sum(bytes) FROM minute").unwrap();
        assert_eq!(all, (21, 2000, 1000, 10_000));
        let others =
            row("SELECT 1, accepted, rejected, bytes FROM minute WHERE publisher = ''").unwrap();
        assert_eq!(others, (1, 1920, 960, 9600));
        let left = || {
            let sql = "SELECT count(*) FROM minute";
            connection
                .query_row(sql, [], |row| row.get::<_, i64>(0))
                .unwrap()
        };
        trim(&connection, 0, now).unwrap();
        assert_eq!(left(), 21);
        let later = now + SignedDuration::from_hours(31 * 24);
        trim(&connection, 0, later).unwrap();
        assert_eq!(left(), 0);
    }
}
