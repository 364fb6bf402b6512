//! The limits of the journal: removes old notifications, and tells when it is full.
//!
//! Only notifications that every sink has settled are removed. So a journal held up by a dead sink
//! fills, and publishers are told so; they keep their notifications until the sink is back.

pub(crate) mod age;
pub(crate) mod removal;

use std::time::Duration;

use jiff::Timestamp;
use rusqlite::Connection;

use crate::config;

use super::error::Full;
use super::limits::GROUP;
use crate::journal::files::space::{self, Disk, RESERVE, Space};
use crate::journal::tables::account;
use crate::journal::tables::sql::pragma;
use crate::notification::{SinkName, Source};
use age::SLACK;
use removal::{Aged, Young, doomed, remove};

/// The number of rows removed in one step, at most: no fewer than one group adds, so that the
/// journal does not outgrow its limits under load.
const CHUNK: u64 = GROUP as u64;

/// The number of free pages that one step returns to the file system.
const PAGES: u64 = 512;

/// The number of steps that a write waits for room, at most.
const STEPS: usize = 64;

/// The bytes removed beyond the need of a write, at most, so that not every write has to wait.
const AHEAD: u64 = 16 << 20;

/// The limits of the journal.
#[derive(Debug, Clone, Copy)]
pub struct Bounds {
    /// Bytes on the disk, with the write-ahead log.
    pub max_size: u64,
    /// The time that a notification is kept.
    pub max_age: Duration,
    /// Bytes of rejected notifications, compressed.
    pub max_rejected: u64,
    /// Bytes to leave free on the disk; with less, the oldest are removed.
    pub min_free: u64,
}

impl Bounds {
    /// No limits.
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

/// The bytes that a write lacks to fit.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq)]
pub(crate) struct Lack {
    /// By the largest size of the journal.
    size: u64,
    /// By the free space on the disk and in the file together.
    room: u64,
    /// By the free space on the disk: free pages of the file have to be returned to it.
    disk: u64,
}

impl Lack {
    fn is_none(self) -> bool {
        self == Self::default()
    }

    /// The part of it that only removing can free.
    fn excess(self) -> u64 {
        self.size.max(self.room)
    }
}

/// The outcome of one step of tidying.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq)]
pub(crate) struct Tidied {
    /// The number of notifications removed.
    pub(crate) removed: u64,
    /// The number of them that a sink had in quarantine.
    pub(crate) parked: u64,
    /// Those of them that were too old.
    pub(crate) aged: Option<Aged>,
    /// More can be done at once.
    pub(crate) more: bool,
}

/// The notifications removed to make room for a write.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq)]
pub(crate) struct Made {
    /// The number of accepted ones.
    pub(crate) removed: u64,
    /// The number of them that a sink had in quarantine.
    pub(crate) parked: u64,
    /// The number of rejected ones.
    pub(crate) rejected: u64,
    /// The size of the rejected ones, in bytes.
    pub(crate) rejected_bytes: u64,
}

/// The outcome of one step of removing rejected notifications.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) struct Trimmed {
    /// The number removed.
    pub(crate) removed: u64,
    /// The bytes that are left.
    pub(crate) left: u64,
    /// More can be done at once.
    pub(crate) more: bool,
}

/// Keeps the journal within its limits.
#[derive(Debug)]
pub(crate) struct Retention {
    bounds: Bounds,
    sinks: Vec<SinkName>,
    disk: Disk,
}

impl Retention {
    pub(crate) const fn new(bounds: Bounds, sinks: Vec<SinkName>, disk: Disk) -> Self {
        Self {
            bounds,
            sinks,
            disk,
        }
    }

    pub(crate) const fn disk(&self) -> &Disk {
        &self.disk
    }

    /// The space that a write of `need` bytes lacks. It goes into the write-ahead log, which needs
    /// room on the disk, and again into the file, which may have free pages for it.
    ///
    /// In the journal's size, the log counts with its share, not its true size: if it is larger,
    /// another process is reading it, and removing would make it larger still. The free space on
    /// the disk accounts for it.
    fn lack(&self, space: Space, need: u64) -> Lack {
        let Bounds {
            max_size, min_free, ..
        } = self.bounds;
        let log = space::log_share(max_size);
        let size = space.used.saturating_add(need).saturating_add(log);
        let left = min_free.saturating_add(space.unreserved);
        let once = left.saturating_add(need);
        Lack {
            size: size.saturating_sub(max_size),
            room: once.saturating_add(need).saturating_sub(space.free()),
            disk: once.saturating_add(space.growth).saturating_sub(space.disk),
        }
    }

    /// True if even removing everything would not help.
    fn is_hopeless(&self, space: Space, need: u64) -> bool {
        let empty = Space {
            used: 0,
            spare: space.spare.saturating_add(space.used),
            log: 0,
            disk: space.disk.saturating_add(space.log),
            ..space
        };
        self.lack(empty, need).excess() > 0
    }

    /// The reason to take no more notifications. None if some may be removed: then room is made
    /// instead.
    pub(crate) fn full(&self, connection: &Connection, space: Space) -> Option<Full> {
        let need = space::ordinary(self.bounds.max_size);
        // The log's space is freed when it is needed.
        let space = Space {
            disk: space.disk.saturating_add(space.log),
            log: 0,
            ..space
        };
        if self.lack(space, need).excess() == 0 || self.yields(connection).unwrap_or(true) {
            return None;
        }
        Some(self.why(connection, space, need))
    }

    /// The limit that keeps `need` bytes from being written.
    fn why(&self, connection: &Connection, space: Space, need: u64) -> Full {
        let Bounds {
            max_size, min_free, ..
        } = self.bounds;
        if self.lack(space, need).size == 0 {
            return Full::Disk {
                free: space.free(),
                min: min_free,
                need: need.saturating_mul(2).saturating_add(space.unreserved),
            };
        }
        match self.furthest_behind(connection) {
            Ok(Some((sink, owed))) => Full::Owed {
                used: space.used,
                max: max_size,
                sink,
                owed,
            },
            _ => Full::Small {
                need,
                max: max_size,
            },
        }
    }

    /// Makes room for `need` bytes: frees the unused space of the write-ahead log and the file, and
    /// removes the oldest. Returns the removed notifications and, if there is still no room, the
    /// reason.
    pub(crate) fn make_room(
        &self,
        connection: &mut Connection,
        need: u64,
    ) -> rusqlite::Result<(Made, Option<Full>)> {
        let (mut made, mut log_is_free, mut may_shrink) = (Made::default(), true, true);
        for _ in 0..STEPS {
            let space = self.disk.space(connection)?;
            let lack = self.lack(space, need);
            if may_shrink && self.log_is_too_large(space, need) {
                // Waits for no reader: the write has its room all the same.
                may_shrink = space::empty_log_within(connection, Duration::ZERO)?;
                continue;
            }
            if lack.is_none() {
                return Ok((made, None));
            }
            if self.is_hopeless(space, need) {
                break;
            }
            if space.log > 0 && (lack.disk > 0 || lack.room > 0) && log_is_free {
                log_is_free = space::empty_log(connection)?;
                continue;
            }
            let step = Self::step(space);
            let done = match lack.excess() {
                0 => {
                    self.make_way(space);
                    space::give_back(connection, step.pages)?
                }
                excess => self.remove_oldest(connection, space, excess, &mut made)?,
            };
            if done == 0 {
                break;
            }
        }
        let space = self.disk.space(connection)?;
        let lack = self.lack(space, need);
        // A largest size that was lowered is reached step by step; publishers do not wait for it.
        let shrinking = lack.room == 0 && lack.disk == 0 && self.yields(connection)?;
        if lack.is_none() || shrinking && !self.is_hopeless(space, need) {
            return Ok((made, None));
        }
        Ok((made, Some(self.why(connection, space, need))))
    }

    /// True if the write-ahead log exceeds its share, and the journal thereby its size.
    fn log_is_too_large(&self, space: Space, need: u64) -> bool {
        let all = space.used.saturating_add(need).saturating_add(space.log);
        self.log_is_large(space) && all > self.bounds.max_size
    }

    /// True if the write-ahead log exceeds its share.
    fn log_is_large(&self, space: Space) -> bool {
        space.log > space::log_share(self.bounds.max_size)
    }

    /// The size of a step: small if space is scarce.
    fn step(space: Space) -> Step {
        let disk = space.disk.saturating_add(RESERVE - space.unreserved);
        Step {
            rows: (disk >> 16).clamp(16, CHUNK),
            pages: (disk >> 15).clamp(16, PAGES),
        }
    }

    /// Deletes the reserve if removing needs its space.
    fn make_way(&self, space: Space) {
        if space.disk < space.growth.saturating_add(RESERVE / 4) {
            self.disk.release();
        }
    }

    /// Removes the oldest removable notifications, or rejected ones if there are none, until
    /// `bytes` and some more are free; returns the number removed.
    fn remove_oldest(
        &self,
        connection: &mut Connection,
        space: Space,
        bytes: u64,
        made: &mut Made,
    ) -> rusqlite::Result<u64> {
        let (settled, rows) = (self.settled(connection)?, Self::step(space).rows);
        let bytes = bytes.saturating_add(AHEAD.min(space.used / 64));
        for (source, last) in [
            (Source::Notifications, settled),
            (Source::Rejected, i64::MAX),
        ] {
            let doomed = doomed(connection, source, last, rows, bytes, Young::ALL)?;
            let count = doomed.seqs.len() as u64;
            if count == 0 {
                continue;
            }
            self.make_way(space);
            let parked = remove(connection, source, &doomed.seqs)?;
            match source {
                Source::Notifications => {
                    made.removed += count;
                    made.parked += parked;
                }
                Source::Rejected => {
                    made.rejected += count;
                    made.rejected_bytes += doomed.bytes;
                }
            }
            return Ok(count);
        }
        Ok(0)
    }

    /// True if any accepted or rejected notification may be removed.
    fn yields(&self, connection: &Connection) -> rusqlite::Result<bool> {
        let rejected = "SELECT EXISTS (SELECT 1 FROM rejected)";
        Ok(self.removable(connection)? || connection.query_row(rejected, [], |row| row.get(0))?)
    }

    /// True if any accepted notification may be removed.
    fn removable(&self, connection: &Connection) -> rusqlite::Result<bool> {
        let oldest = "SELECT min(seq) FROM notification";
        let oldest: Option<i64> = connection.query_row(oldest, [], |row| row.get(0))?;
        let settled = self.settled(connection)?;
        Ok(oldest.is_some_and(|oldest| oldest <= settled))
    }

    /// The sink with the most notifications to get, if any has some.
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

    /// The sinks of accepted notifications.
    fn readers(&self) -> impl Iterator<Item = &SinkName> {
        let reads = |sink: &&SinkName| sink.source == Source::Notifications;
        self.sinks.iter().filter(reads)
    }

    /// The greatest number up to which every sink has settled.
    fn settled(&self, connection: &Connection) -> rusqlite::Result<i64> {
        let mut settled = i64::MAX;
        let mut statement = connection.prepare_cached("SELECT seq FROM sink WHERE name = ?")?;
        for sink in self.readers() {
            let seq: i64 = statement.query_row([sink.name], |row| row.get(0))?;
            settled = settled.min(seq);
        }
        Ok(settled)
    }

    /// One step: removes notifications that are too old or too many, or returns free pages.
    pub(crate) fn tidy(
        &self,
        connection: &mut Connection,
        now: Timestamp,
    ) -> rusqlite::Result<Tidied> {
        let (settled, mut space) = (self.settled(connection)?, self.disk.space(connection)?);
        let scarce = self.lack(space, 0).excess() > 0;
        if space.log > 0 && (scarce || self.log_is_large(space)) {
            space::empty_log(connection)?;
            space = self.disk.space(connection)?;
        }
        let (lack, step, young) = (self.lack(space, 0), Self::step(space), self.young(now));
        let source = Source::Notifications;
        let doomed = doomed(connection, source, settled, step.rows, lack.excess(), young)?;
        if doomed.seqs.is_empty() {
            return self.shrink(connection, space, step);
        }
        self.make_way(space);
        Ok(Tidied {
            removed: doomed.seqs.len() as u64,
            parked: remove(connection, source, &doomed.seqs)?,
            aged: doomed.aged,
            more: doomed.more(step.rows),
        })
    }

    /// One step: removes the oldest rejected notifications that are too old or too many; `total` is
    /// their size in bytes. They also make room for accepted ones if none of those may be removed.
    pub(crate) fn trim_rejected(
        &self,
        connection: &mut Connection,
        now: Timestamp,
        total: u64,
    ) -> rusqlite::Result<Trimmed> {
        let space = self.disk.space(connection)?;
        let mut excess = total.saturating_sub(self.bounds.max_rejected);
        let need = space::ordinary(self.bounds.max_size);
        let crowded = self.lack(space, need).excess();
        if crowded > excess && !self.removable(connection)? {
            excess = crowded;
        }
        let (step, young) = (Self::step(space), self.young(now));
        let doomed = doomed(
            connection,
            Source::Rejected,
            i64::MAX,
            step.rows,
            excess,
            young,
        )?;
        if !doomed.seqs.is_empty() {
            self.make_way(space);
            remove(connection, Source::Rejected, &doomed.seqs)?;
        }
        Ok(Trimmed {
            removed: doomed.seqs.len() as u64,
            left: total.saturating_sub(doomed.bytes),
            more: doomed.more(step.rows),
        })
    }

    /// Returns pages to the file system if many are free, or the disk lacks space.
    fn shrink(
        &self,
        connection: &Connection,
        space: Space,
        step: Step,
    ) -> rusqlite::Result<Tidied> {
        let many = PAGES * pragma(connection, "page_size")?;
        let is_much = space.spare > many && space.spare > (space.used + space.spare) / 8;
        if !is_much && (space.spare == 0 || self.lack(space, 0).disk == 0) {
            return Ok(Tidied::default());
        }
        self.make_way(space);
        Ok(Tidied {
            more: space::give_back(connection, step.pages)? > 0,
            ..Tidied::default()
        })
    }

    /// The time, in microseconds, before which notifications are too old.
    pub(crate) fn oldest(&self, now: Timestamp) -> i64 {
        let age = i64::try_from(self.bounds.max_age.as_micros()).unwrap_or(i64::MAX);
        now.as_microsecond().saturating_sub(age)
    }

    /// The times of receipt that are not too old now.
    fn young(&self, now: Timestamp) -> Young {
        let latest = now.saturating_add(SLACK).unwrap_or(now);
        Young {
            oldest: self.oldest(now),
            latest: latest.as_microsecond(),
        }
    }
}

/// The limits of one step.
#[derive(Debug, Clone, Copy)]
struct Step {
    rows: u64,
    pages: u64,
}
