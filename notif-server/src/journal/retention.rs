//! Bounds of the journal: what is removed when, and when it is full.
//!
//! Only what every sink has settled is removed. So a journal that a dead sink holds up fills, and
//! says so to publishers, which keep what they have until the sink is back.

use std::path::PathBuf;
use std::time::Duration;

use jiff::Timestamp;
use rusqlite::{Connection, params};

use crate::config;

use super::account::{self, SinkName, Source};
use super::error::Full;
use super::writer::{GROUP, ROOM};

/// How many rows one step removes at most: no fewer than one group brings, so that the journal does
/// not outgrow its bounds under load.
const CHUNK: usize = GROUP;

/// How many bytes of rows one step removes at most, but for the first row, for the same reason.
const CHUNK_BYTES: u64 = (ROOM as u64) << 10;

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

/// What one step of removing rejected notifications did.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) struct Trimmed {
    /// How many it removed.
    pub(super) removed: u64,
    /// Bytes that are left.
    pub(super) left: u64,
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

    /// The sink that is owed most, if one is owed anything.
    fn furthest_behind(
        &self,
        connection: &Connection,
    ) -> rusqlite::Result<Option<(&'static str, u64)>> {
        let accounts = account::all(connection)?;
        let waiting = self.readers().filter_map(|sink| {
            let account = accounts.iter().find(|account| account.sink == sink.name)?;
            Some((sink.name, account.waiting()))
        });
        Ok(waiting
            .filter(|(_, owed)| *owed > 0)
            .max_by_key(|(_, owed)| *owed))
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
        let (settled, excess) = (
            self.settled(connection)?,
            self.excess(self.space(connection)?),
        );
        let doomed = self.doomed(connection, Source::Notifications, settled, excess, now)?;
        if doomed.seqs.is_empty() {
            return shrink(connection);
        }
        Ok(Tidied {
            removed: doomed.seqs.len() as u64,
            parked: remove(connection, Source::Notifications, &doomed.seqs)?,
            more: doomed.more(),
        })
    }

    /// One step: removes the oldest rejected notifications that are too old or too much, when
    /// `total` bytes of them are kept. They also make room for what is accepted where nothing of
    /// that may be removed.
    pub(super) fn trim_rejected(
        &self,
        connection: &mut Connection,
        now: Timestamp,
        total: u64,
    ) -> rusqlite::Result<Trimmed> {
        let mut excess = total.saturating_sub(self.bounds.max_rejected);
        let crowded = self.excess(self.space(connection)?);
        if crowded > excess && !self.removable(connection)? {
            excess = crowded;
        }
        let doomed = self.doomed(connection, Source::Rejected, i64::MAX, excess, now)?;
        if !doomed.seqs.is_empty() {
            remove(connection, Source::Rejected, &doomed.seqs)?;
        }
        Ok(Trimmed {
            removed: doomed.seqs.len() as u64,
            left: total.saturating_sub(doomed.bytes),
            more: doomed.more(),
        })
    }

    /// The oldest rows up to number `last`, as long as they are too old or those before them are
    /// not yet as many bytes as are too much.
    fn doomed(
        &self,
        connection: &Connection,
        source: Source,
        last: i64,
        excess: u64,
        now: Timestamp,
    ) -> rusqlite::Result<Doomed> {
        let (table, size, oldest) = (source.table(), size(source), self.oldest(now));
        let mut statement = connection.prepare_cached(&format!(
            "SELECT seq, received, {size} FROM {table} WHERE seq <= ?1 ORDER BY seq LIMIT ?2"
        ))?;
        let limit = i64::try_from(CHUNK).unwrap_or(i64::MAX);
        let mut rows = statement.query(params![last, limit])?;
        let mut doomed = Doomed::default();
        while doomed.bytes < CHUNK_BYTES
            && let Some(row) = rows.next()?
        {
            if row.get::<_, i64>(1)? >= oldest && doomed.bytes >= excess {
                break;
            }
            doomed.seqs.push(row.get(0)?);
            doomed.bytes += row.get::<_, i64>(2)?.unsigned_abs();
        }
        Ok(doomed)
    }

    /// What came in before this time, in microseconds, is too old.
    pub(super) fn oldest(&self, now: Timestamp) -> i64 {
        let age = i64::try_from(self.bounds.max_age.as_micros()).unwrap_or(i64::MAX);
        now.as_microsecond().saturating_sub(age)
    }
}

/// Rows that are to be removed, a prefix of their table.
#[derive(Debug, Default)]
struct Doomed {
    seqs: Vec<i64>,
    bytes: u64,
}

impl Doomed {
    /// Whether there may be more than one step removes.
    const fn more(&self) -> bool {
        self.seqs.len() >= CHUNK || self.bytes >= CHUNK_BYTES
    }
}

/// What of a row counts, in bytes.
const fn size(source: Source) -> &'static str {
    match source {
        Source::Notifications => "length(body)",
        Source::Rejected => "length(body) + octet_length(faults)",
    }
}

/// Bytes of rejected notifications that are kept.
pub(super) fn rejected_size(connection: &Connection) -> rusqlite::Result<u64> {
    let size = size(Source::Rejected);
    let sum = format!("SELECT coalesce(sum({size}), 0) FROM rejected");
    let sum: i64 = connection.query_row(&sum, [], |row| row.get(0))?;
    Ok(sum.unsigned_abs())
}

/// Removes these rows; answers how many of them a sink had parked.
fn remove(connection: &mut Connection, source: Source, seqs: &[i64]) -> rusqlite::Result<u64> {
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

/// Gives pages back to the file system when many are free.
fn shrink(connection: &Connection) -> rusqlite::Result<Tidied> {
    let pragma = |name| connection.pragma_query_value(None, name, |row| row.get::<_, i64>(0));
    let (free, all) = (pragma("freelist_count")?, pragma("page_count")?);
    if free > i64::from(PAGES) && free > all / 8 {
        // It moves a page a row, so all its rows have to be asked for.
        let mut vacuum = connection.prepare(&format!("PRAGMA incremental_vacuum({PAGES})"))?;
        let mut pages = vacuum.query([])?;
        while pages.next()?.is_some() {}
        // The file gets shorter when the write-ahead log is copied into it; no reader is waited for.
        connection.execute_batch("PRAGMA wal_checkpoint(PASSIVE)")?;
        return Ok(Tidied {
            more: true,
            ..Tidied::default()
        });
    }
    Ok(Tidied::default())
}
