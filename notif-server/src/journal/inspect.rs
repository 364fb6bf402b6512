//! Looking the whole journal over: whether it is sound, and what is in it.

use super::{ReadError, Reader, Recent};

/// What is in the journal, in figures.
#[derive(Debug, Clone, PartialEq, Eq, serde::Serialize)]
#[serde(rename_all = "kebab-case")]
pub struct Stats {
    /// Bytes of the file, without what waits in the write-ahead log.
    pub file: u64,
    /// Bytes of the file that hold nothing.
    pub free: u64,
    /// What was accepted.
    pub accepted: Volume,
    /// What was rejected.
    pub rejected: Volume,
    /// Notifications by publisher and name, those with most first.
    pub by_origin: Vec<Origin>,
    /// What came in in the last hour, by publisher, those with most first.
    pub last_hour: Vec<Recent>,
}

/// How much there is of something.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq, serde::Serialize)]
#[serde(rename_all = "kebab-case")]
pub struct Volume {
    /// How many notifications; of what was rejected, how many messages.
    pub count: u64,
    /// How many messages they are in.
    pub messages: u64,
    /// Bytes of bodies as they came in.
    pub bytes: u64,
    /// Bytes of bodies as they are kept.
    pub compressed: u64,
}

/// What one publisher sent under one name.
#[derive(Debug, Clone, PartialEq, Eq, serde::Serialize)]
#[serde(rename_all = "kebab-case")]
pub struct Origin {
    /// The publisher.
    pub publisher: String,
    /// `module:name`.
    pub name: String,
    /// How many notifications.
    pub count: u64,
    /// Bytes of their bodies as they came in.
    pub bytes: u64,
}

fn number(row: &rusqlite::Row<'_>, column: usize) -> rusqlite::Result<u64> {
    row.get::<_, i64>(column).map(i64::unsigned_abs)
}

impl Reader {
    /// The figures of the journal.
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

    /// What SQLite finds wrong with the file's structure; nothing if it is sound.
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
}
