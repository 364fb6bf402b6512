//! The clock for the age of notifications.
//!
//! The system's clock may be set by mistake, by a month, for three seconds; but notifications
//! removed as too old do not come back. So retention has its own time, which runs as fast as the
//! machine's uptime, which nobody sets. If the system's clock differs by more than [`SLACK`],
//! retention adopts it once the difference has lasted for [`HOLD`]. The last believed time is kept
//! in the journal for the next start.

use std::time::{Duration, Instant};

use jiff::{SignedDuration, Timestamp};
use rusqlite::{Connection, OptionalExtension};

use super::removal::Aged;

/// The change of the system's clock that is accepted at once.
pub(crate) const SLACK: SignedDuration = SignedDuration::from_mins(1);

/// The time for which a larger change must last before it is believed.
pub(crate) const HOLD: SignedDuration = SignedDuration::from_hours(1);

/// The readings of the clocks.
#[derive(Debug, Clone, Copy)]
pub(crate) struct Now {
    /// The system's time.
    pub(crate) wall: Timestamp,
    /// The running time of the machine, from any fixed moment.
    pub(crate) running: SignedDuration,
}

/// A source of the time.
pub(crate) trait Clock: Send {
    fn now(&self) -> Now;
}

/// The system's clocks.
#[derive(Debug)]
pub(crate) struct System(Instant);

impl Default for System {
    fn default() -> Self {
        Self(Instant::now())
    }
}

impl Clock for System {
    fn now(&self) -> Now {
        let running = SignedDuration::try_from(self.0.elapsed());
        Now {
            wall: Timestamp::now(),
            running: running.unwrap_or(SignedDuration::MAX),
        }
    }
}

/// The time that retention believes.
#[derive(Debug)]
pub(crate) struct Age {
    /// The believed time, and the running time at that moment.
    anchor: Now,
    /// The difference of the system's clock, and the running time at which it began.
    doubted: Option<(SignedDuration, SignedDuration)>,
}

impl Age {
    /// Starts from the clocks and the last believed time, if there is one.
    ///
    /// The time that the server was off is unknown: up to [`HOLD`] is believed at once.
    pub(crate) fn new(now: Now, last: Option<Timestamp>) -> Self {
        let wall = match last {
            Some(last) if !believable(last, now.wall) => last,
            _ => now.wall,
        };
        let anchor = Now { wall, ..now };
        let mut age = Self {
            anchor,
            doubted: None,
        };
        age.believe(now);
        age
    }

    /// The believed time.
    pub(crate) fn believe(&mut self, now: Now) -> Timestamp {
        let passed = now.running - self.anchor.running;
        let expected = self.anchor.wall.saturating_add(passed).unwrap_or(now.wall);
        let off = now.wall.duration_since(expected);
        if off.abs() <= SLACK {
            self.doubted = None;
            return now.wall;
        }
        match self.doubted {
            Some((before, since)) if (off - before).abs() <= SLACK => {
                if now.running - since >= HOLD {
                    tracing::warn!(
                        off = %off,
                        "the system's clock has stood for an hour as it was set: the age of notifications \
                         is measured by it again"
                    );
                    (self.anchor, self.doubted) = (now, None);
                    return now.wall;
                }
            }
            _ => {
                tracing::warn!(
                    off = %off,
                    "the system's clock was set, or the server was off for long: the age of \
                     notifications is measured without it until it has stood for an hour"
                );
                self.doubted = Some((off, now.running));
            }
        }
        expected
    }
}

/// The last believed time. If the journal has none, the receipt of its newest notification, or the
/// system's time if that is earlier: another clock may have stamped it.
pub(crate) fn last_believed(
    connection: &Connection,
    wall: Timestamp,
) -> rusqlite::Result<Option<Timestamp>> {
    let time = |sql| {
        let time = connection.query_row(sql, [], |row| row.get::<_, i64>(0));
        let time = time.optional()?;
        Ok::<_, rusqlite::Error>(time.and_then(|time| Timestamp::from_microsecond(time).ok()))
    };
    match time("SELECT believed FROM clock")? {
        None => {
            let newest = time("SELECT received FROM notification ORDER BY seq DESC LIMIT 1")?;
            Ok(newest.map(|newest| newest.min(wall)))
        }
        kept => Ok(kept),
    }
}

/// Keeps the believed time.
pub(crate) fn keep_believed(connection: &Connection, time: Timestamp) -> rusqlite::Result<()> {
    connection
        .prepare_cached("INSERT OR REPLACE INTO clock (id, believed) VALUES (1, ?)")?
        .execute([time.as_microsecond()])?;
    Ok(())
}

/// True if a server that was off since `last` may find this time.
fn believable(last: Timestamp, wall: Timestamp) -> bool {
    (-SLACK..=HOLD).contains(&wall.duration_since(last))
}

/// Notifications that were removed unusually late.
///
/// Notifications are removed within seconds of becoming too old. A much older one was held up: by a
/// sink, a server that was off, a clock, or a new `journal.max-age`.
#[derive(Debug, Default)]
pub(crate) struct Overdue {
    removed: u64,
    oldest: Option<Timestamp>,
    said: Option<Instant>,
}

impl Overdue {
    /// The shortest interval between two warnings.
    const EVERY: Duration = Duration::from_secs(60);

    pub(crate) fn add(&mut self, aged: Aged) {
        if self.removed > 0 || aged.late > HOLD {
            self.removed += aged.count;
            let oldest = self.oldest.unwrap_or(aged.received);
            self.oldest = Some(oldest.min(aged.received));
        }
    }

    /// Logs a warning, at most once a minute; returns the number removed if it did.
    pub(crate) fn say(&mut self) -> Option<u64> {
        let oldest = self.oldest?;
        if self.said.is_some_and(|said| said.elapsed() < Self::EVERY) {
            return None;
        }
        let removed = self.removed;
        tracing::warn!(
            removed,
            %oldest,
            "more than usual was removed from the journal for its age (journal.max-age)"
        );
        *self = Self {
            said: Some(Instant::now()),
            ..Self::default()
        };
        Some(removed)
    }
}
