//! Bounds of the journal: what is removed when, and when it is full.
//!
//! Only what every sink has settled is removed. So a journal that a dead sink holds up fills, and
//! says so to publishers, which keep what they have until the sink is back.

use std::path::PathBuf;
use std::time::Duration;

use jiff::Timestamp;
use rusqlite::{Connection, OptionalExtension, params};

use crate::config;

use super::account::{self, SinkName, Source};
use super::error::Full;

/// How many notifications one transaction removes: it delays those that come in only a little.
const CHUNK: usize = 256;

/// How many free pages one step gives back to the file system.
const PAGES: u32 = 512;

/// How much the journal keeps.
#[derive(Debug, Clone, Copy)]
pub struct Bounds {
    /// Bytes on the disk.
    pub max_size: u64,
    /// How long a notification is kept.
    pub max_age: Duration,
    /// Bytes of rejected notifications, compressed.
    pub max_rejected: u64,
    /// Bytes that are left free on the disk; with less, the oldest make room.
    pub min_free: u64,
}

impl Bounds {
    /// Everything is kept.
    pub const NONE: Self = Self {
        max_size: u64::MAX,
        max_age: Duration::MAX,
        max_rejected: u64::MAX,
        min_free: 0,
    };
}

impl From<&config::Journal> for Bounds {
    fn from(config: &config::Journal) -> Self {
        Self {
            max_size: config.max_size.bytes() as u64,
            max_age: config.max_age.get(),
            max_rejected: config.max_rejected.bytes() as u64,
            min_free: config.min_free.bytes() as u64,
        }
    }
}

/// What the journal has and lacks.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq)]
pub(super) struct Space {
    /// Bytes that its notifications take.
    pub(super) used: u64,
    /// Bytes that it can use yet: those that the disk has free, and its own pages that hold nothing.
    pub(super) free: u64,
}

/// What one step of tidying did.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq)]
pub(super) struct Tidied {
    /// How many notifications it removed.
    pub(super) removed: u64,
    /// How many of them a sink had parked.
    pub(super) parked: u64,
    /// Whether there is more to be done at once.
    pub(super) more: bool,
}

/// Keeps the journal within its bounds.
#[derive(Debug)]
pub(super) struct Retention {
    bounds: Bounds,
    sinks: Vec<SinkName>,
    dir: PathBuf,
}

impl Retention {
    pub(super) const fn new(bounds: Bounds, sinks: Vec<SinkName>, dir: PathBuf) -> Self {
        Self { bounds, sinks, dir }
    }

    pub(super) fn space(&self, connection: &Connection) -> rusqlite::Result<Space> {
        let pragma = |name| {
            let number = connection.pragma_query_value(None, name, |row| row.get::<_, i64>(0));
            number.map(i64::unsigned_abs)
        };
        let (all, unused) = (pragma("page_count")?, pragma("freelist_count")?);
        let page = pragma("page_size")?;
        // A disk that cannot be asked is not full for that: a write will tell.
        let free = rustix::fs::statvfs(&self.dir)
            .map_or(u64::MAX, |disk| disk.f_bavail.saturating_mul(disk.f_frsize));
        Ok(Space {
            used: all.saturating_sub(unused) * page,
            free: free.saturating_add(unused * page),
        })
    }

    /// How many bytes of notifications are too much.
    fn excess(&self, space: Space) -> u64 {
        let too_large = space.used.saturating_sub(self.bounds.max_size);
        too_large.max(self.bounds.min_free.saturating_sub(space.free))
    }

    /// Why nothing more is taken, if so. Where something may be removed, room is made instead.
    pub(super) fn full(&self, connection: &Connection, space: Space) -> Option<Full> {
        let Bounds {
            max_size, min_free, ..
        } = self.bounds;
        if self.excess(space) == 0 || self.removable(connection).unwrap_or(true) {
            return None;
        }
        if space.free < min_free {
            return Some(Full::Disk {
                free: space.free,
                min: min_free,
            });
        }
        let (sink, owed) = self.furthest_behind(connection).ok()??;
        Some(Full::Owed {
            used: space.used,
            max: max_size,
            sink,
            owed,
        })
    }

    /// Whether there is a notification that may be removed.
    fn removable(&self, connection: &Connection) -> rusqlite::Result<bool> {
        let oldest = "SELECT min(seq) FROM notification";
        let oldest: Option<i64> = connection.query_row(oldest, [], |row| row.get(0))?;
        let settled = self.settled(connection)?;
        Ok(oldest.is_some_and(|oldest| oldest <= settled))
    }

    fn furthest_behind(
        &self,
        connection: &Connection,
    ) -> rusqlite::Result<Option<(&'static str, u64)>> {
        let accounts = account::all(connection)?;
        let waiting = self.readers().filter_map(|sink| {
            let account = accounts.iter().find(|account| account.sink == sink.name)?;
            Some((sink.name, account.waiting()))
        });
        Ok(waiting.max_by_key(|(_, owed)| *owed))
    }

    /// The sinks that are given what was accepted.
    fn readers(&self) -> impl Iterator<Item = &SinkName> {
        let reads = |sink: &&SinkName| sink.source == Source::Notifications;
        self.sinks.iter().filter(reads)
    }

    /// Up to which number every sink has settled.
    fn settled(&self, connection: &Connection) -> rusqlite::Result<i64> {
        let mut settled = i64::MAX;
        let mut statement = connection.prepare_cached("SELECT seq FROM sink WHERE name = ?")?;
        for sink in self.readers() {
            let seq: i64 = statement.query_row([sink.name], |row| row.get(0))?;
            settled = settled.min(seq);
        }
        Ok(settled)
    }

    /// One step: removes what is too old or too much, or gives free pages back.
    pub(super) fn tidy(
        &self,
        connection: &mut Connection,
        now: Timestamp,
    ) -> rusqlite::Result<Tidied> {
        let settled = self.settled(connection)?;
        let excess = self
            .space(connection)?
            .used
            .saturating_sub(self.bounds.max_size);
        let seqs = {
            // The oldest, as long as they are too old or those before them are not yet as much as
            // is too much.
            let mut statement = connection.prepare_cached(
                "SELECT seq FROM (
                     SELECT seq, received, sum(size) OVER (ORDER BY seq) - size AS before FROM (
                         SELECT seq, received, length(body) AS size FROM notification
                         WHERE seq <= ?1 ORDER BY seq LIMIT ?2))
                 WHERE received < ?3 OR before < ?4",
            )?;
            let seqs = statement.query_map(
                params![
                    settled,
                    i64::try_from(CHUNK).unwrap_or(i64::MAX),
                    self.oldest(now),
                    i64::try_from(excess).unwrap_or(i64::MAX),
                ],
                |row| row.get(0),
            )?;
            seqs.collect::<rusqlite::Result<Vec<i64>>>()?
        };
        if seqs.is_empty() {
            return shrink(connection);
        }
        let parked = remove(connection, &seqs)?;
        Ok(Tidied {
            removed: seqs.len() as u64,
            parked,
            more: seqs.len() == CHUNK,
        })
    }

    /// Removes the oldest rejected notifications that are too old or too much, as long as `total`
    /// bytes of them are kept; answers how many it removed and what is left.
    pub(super) fn trim_rejected(
        &self,
        connection: &Connection,
        now: Timestamp,
        mut total: u64,
    ) -> rusqlite::Result<(u64, u64)> {
        let mut removed = 0;
        let mut remove = connection.prepare_cached(
            "DELETE FROM rejected
             WHERE seq = (SELECT min(seq) FROM rejected) AND (?1 OR received < ?2)
             RETURNING length(body) + length(faults)",
        )?;
        let oldest = self.oldest(now);
        loop {
            let too_much = total > self.bounds.max_rejected;
            let size = remove.query_row(params![too_much, oldest], |row| row.get::<_, i64>(0));
            let Some(size) = size.optional()? else {
                break;
            };
            total = total.saturating_sub(size.unsigned_abs());
            removed += 1;
        }
        if removed > 0 {
            connection.execute(
                "DELETE FROM quarantine
                 WHERE sink IN (SELECT name FROM sink WHERE source = 'rejected')
                 AND seq NOT IN (SELECT seq FROM rejected)",
                [],
            )?;
        }
        Ok((removed, total))
    }

    /// What came in before this time, in microseconds, is too old.
    fn oldest(&self, now: Timestamp) -> i64 {
        let age = i64::try_from(self.bounds.max_age.as_micros()).unwrap_or(i64::MAX);
        now.as_microsecond().saturating_sub(age)
    }
}

/// Bytes of rejected notifications that are kept.
pub(super) fn rejected_size(connection: &Connection) -> rusqlite::Result<u64> {
    let sum = "SELECT coalesce(sum(length(body) + length(faults)), 0) FROM rejected";
    let size: i64 = connection.query_row(sum, [], |row| row.get(0))?;
    Ok(size.unsigned_abs())
}

/// Removes these notifications; answers how many of them a sink had parked.
fn remove(connection: &mut Connection, seqs: &[i64]) -> rusqlite::Result<u64> {
    let transaction = connection.transaction()?;
    let mut parked = 0;
    {
        let mut notification =
            transaction.prepare_cached("DELETE FROM notification WHERE seq = ?")?;
        let mut quarantine = transaction.prepare_cached(
            "DELETE FROM quarantine WHERE seq = ?1
             AND sink IN (SELECT name FROM sink WHERE source = 'notification')",
        )?;
        for seq in seqs {
            notification.execute([seq])?;
            parked += quarantine.execute([seq])? as u64;
        }
    }
    transaction.commit()?;
    Ok(parked)
}

/// Gives pages back to the file system when many are free.
fn shrink(connection: &Connection) -> rusqlite::Result<Tidied> {
    let pragma = |name| connection.pragma_query_value(None, name, |row| row.get::<_, i64>(0));
    let (free, all) = (pragma("freelist_count")?, pragma("page_count")?);
    if free > i64::from(PAGES) && free > all / 8 {
        // The file gets shorter when the write-ahead log is copied into it; no reader is waited for.
        connection.execute_batch(&format!(
            "PRAGMA incremental_vacuum({PAGES}); PRAGMA wal_checkpoint(PASSIVE)"
        ))?;
        return Ok(Tidied {
            more: true,
            ..Tidied::default()
        });
    }
    Ok(Tidied::default())
}
