//! Statistics of the whole journal, and its integrity.

use jiff::Timestamp;

use super::reader::Reader;
use crate::journal::error::ReadError;
use crate::journal::tables::minute::MINUTE;

/// Statistics of the journal.
#[derive(Debug, Clone, PartialEq, Eq, serde::Serialize)]
#[serde(rename_all = "kebab-case")]
pub struct Stats {
    /// The size of the file in bytes, without the write-ahead log.
    pub file: u64,
    /// The free bytes in the file.
    pub free: u64,
    /// The accepted notifications.
    pub accepted: Volume,
    /// The rejected messages.
    pub rejected: Volume,
    /// Notifications by publisher and name, those with most first.
    pub by_origin: Vec<Origin>,
    /// The notifications of the last hour by publisher, those with most first.
    pub last_hour: Vec<Recent>,
}

/// The volume of notifications.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq, serde::Serialize)]
#[serde(rename_all = "kebab-case")]
pub struct Volume {
    /// The number of notifications; for rejected ones, of messages.
    pub count: u64,
    /// The number of messages that hold them.
    pub messages: u64,
    /// The size of the bodies as received, in bytes.
    pub bytes: u64,
    /// The size of the bodies as kept, in bytes.
    pub compressed: u64,
}

/// The notifications of one publisher with one name.
#[derive(Debug, Clone, PartialEq, Eq, serde::Serialize)]
#[serde(rename_all = "kebab-case")]
pub struct Origin {
    /// The publisher.
    pub publisher: String,
    /// `module:name`.
    pub name: String,
    /// The number of notifications.
    pub count: u64,
    /// The size of their bodies as received, in bytes.
    pub bytes: u64,
}

/// The notifications of one publisher in the last hour that has counts.
#[derive(Debug, Clone, PartialEq, Eq, serde::Serialize)]
#[serde(rename_all = "kebab-case")]
pub struct Recent {
    /// The publisher; empty for those counted together if there are very many.
    pub publisher: String,
    /// The number of notifications accepted.
    pub accepted: u64,
    /// The number of messages rejected, of those that were kept.
    pub rejected: u64,
    /// The size of the accepted bodies as received, in bytes.
    pub bytes: u64,
}

fn number(row: &rusqlite::Row<'_>, column: usize) -> rusqlite::Result<u64> {
    row.get::<_, i64>(column).map(i64::unsigned_abs)
}

impl Reader {
    /// Statistics of the journal.
    ///
    /// # Errors
    /// If the file cannot be read.
    pub fn stats(&self) -> Result<Stats, ReadError> {
        let pragma = |name| {
            let value = self
                .connection
                .pragma_query_value(None, name, |row| number(row, 0));
            value.map_err(ReadError::from)
        };
        let page = pragma("page_size")?;
        Ok(Stats {
            file: page * pragma("page_count")?,
            free: page * pragma("freelist_count")?,
            accepted: self.volume("notification", "sum(notifications)")?,
            rejected: self.volume("rejected", "count(*)")?,
            by_origin: self.origins()?,
            last_hour: self.recent()?,
        })
    }

    fn volume(&self, table: &'static str, count: &'static str) -> Result<Volume, ReadError> {
        let sums = format!(
            "SELECT coalesce({count}, 0), count(*), coalesce(sum(size), 0),
                 coalesce(sum(length(body)), 0) FROM {table}"
        );
        Ok(self.connection.query_row(&sums, [], |row| {
            Ok(Volume {
                count: number(row, 0)?,
                messages: number(row, 1)?,
                bytes: number(row, 2)?,
                compressed: number(row, 3)?,
            })
        })?)
    }

    fn origins(&self) -> Result<Vec<Origin>, ReadError> {
        let mut statement = self.connection.prepare(
            "SELECT publisher, name, sum(notifications), sum(size) FROM notification
             GROUP BY publisher, name ORDER BY 3 DESC, 1, 2",
        )?;
        let origins = statement.query_map([], |row| {
            Ok(Origin {
                publisher: row.get(0)?,
                name: row.get(1)?,
                count: number(row, 2)?,
                bytes: number(row, 3)?,
            })
        })?;
        Ok(origins.collect::<Result<_, _>>()?)
    }

    /// The faults that SQLite finds in the file's structure; empty if it is sound.
    ///
    /// # Errors
    /// If the file cannot be read.
    pub fn integrity(&self) -> Result<Vec<String>, ReadError> {
        let mut statement = self.connection.prepare("PRAGMA integrity_check")?;
        let found = statement.query_map([], |row| row.get(0))?;
        let mut found: Vec<String> = found.collect::<Result<_, _>>()?;
        found.retain(|line| line != "ok");
        Ok(found)
    }

    /// The notifications of each publisher in the last hour that has counts, those with most first.
    ///
    /// # Errors
    /// If the file cannot be read.
    pub fn recent(&self) -> Result<Vec<Recent>, ReadError> {
        self.recent_by(Timestamp::now())
    }

    /// The same at this time, without those received while the clock was ahead of it.
    fn recent_by(&self, now: Timestamp) -> Result<Vec<Recent>, ReadError> {
        let mut statement = self.connection.prepare(
            "SELECT publisher, sum(accepted), sum(rejected), sum(bytes) FROM minute
             WHERE minute > (SELECT max(minute) FROM minute WHERE minute <= ?1) - 60
                 AND minute <= ?1
             GROUP BY publisher ORDER BY 2 DESC, 1",
        )?;
        let now = now.as_microsecond().div_euclid(MINUTE);
        let recent = statement.query_map([now], |row| {
            let number = |at: usize| row.get::<_, i64>(at).map(i64::unsigned_abs);
            Ok(Recent {
                publisher: row.get(0)?,
                accepted: number(1)?,
                rejected: number(2)?,
                bytes: number(3)?,
            })
        })?;
        Ok(recent.collect::<Result<_, _>>()?)
    }
}

#[cfg(test)]
mod tests {
    use jiff::SignedDuration;

    use super::*;
    use crate::journal::files::paths::FILE;
    use crate::journal::tables::layout;
    use crate::journal::tables::minute::{Minutes, count_all};

    #[test]
    fn the_last_hour_is_not_one_that_the_clock_showed_ahead_of_time() {
        let dir = tempfile::tempdir().unwrap();
        let connection = layout::open(&dir.path().join(FILE)).unwrap();
        let now = Timestamp::from_second(1_000_000_000).unwrap();
        let mut minutes = Minutes::default();
        for (hours, publisher) in [(-2, "before"), (0, "now"), (24, "ahead")] {
            minutes.accepted(now + SignedDuration::from_hours(hours), publisher, 1, 1);
        }
        minutes.write(&connection).unwrap();
        let reader = Reader::of(connection);
        let publishers = |now| -> Vec<String> {
            let recent = reader.recent_by(now).unwrap();
            recent.into_iter().map(|recent| recent.publisher).collect()
        };
        assert_eq!(publishers(now), ["now"]);
        let later = now + SignedDuration::from_hours(5);
        assert_eq!(publishers(later), ["now"], "the last that there was");
    }

    #[test]
    fn a_damaged_row_does_not_keep_the_others_from_being_counted() {
        let dir = tempfile::tempdir().unwrap();
        let connection = layout::open(&dir.path().join(FILE)).unwrap();
        connection
            .execute_batch(
                "INSERT INTO notification (id, received, publisher, encoding, name, size, body)
                 VALUES ('', 1, 'p', '', '', 7, x''), ('', 1, CAST(x'ff' AS TEXT), '', '', 7, x''),
                     ('', 1, 'p', '', '', 7, x'')",
            )
            .unwrap();
        count_all(&connection, &connection).unwrap();
        let reader = Reader::of(connection);
        let recent = reader.recent().unwrap();
        assert_eq!(recent.len(), 1);
        assert_eq!((recent[0].accepted, recent[0].bytes), (2, 14));
    }
}
