//! The clock that the age of notifications is measured with.
//!
//! The system's clock may be set: by a month, by mistake, for three seconds. What is removed for
//! its age by then does not come back. So the time that retention believes passes as fast as the
//! machine's running time, which nobody sets. A system's clock that differs from it by more than
//! [`SLACK`] is believed once it has stood so for [`HOLD`]. Over a restart the last time that was
//! believed is kept in the journal.

use std::time::{Duration, Instant};

use jiff::{SignedDuration, Timestamp};
use rusqlite::{Connection, OptionalExtension};

use super::removal::Aged;

/// By how much the system's clock may be set without being doubted.
pub(crate) const SLACK: SignedDuration = SignedDuration::from_mins(1);

/// The time that a clock that was set has to stand before it is believed.
pub(crate) const HOLD: SignedDuration = SignedDuration::from_hours(1);

/// The times that the clocks show.
#[derive(Debug, Clone, Copy)]
pub(crate) struct Now {
    /// The system's time.
    pub(crate) wall: Timestamp,
    /// For how long the machine runs, from any one moment on.
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
    /// The time that is believed, when the machine had run for so long.
    anchor: Now,
    /// By how much the system's clock differs, and for how long the machine had run when it began.
    doubted: Option<(SignedDuration, SignedDuration)>,
}

impl Age {
    /// Begins with what the clocks show, and the last time that was believed, if there was one.
    ///
    /// The time that the server was off is not known: up to [`HOLD`] is believed at once.
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

    /// The time that is believed.
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

/// The last time that was believed; in a journal that knows none, when its newest notification was
/// received, if that is not yet to come by the system's clock: another may have stamped it.
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

/// Keeps it.
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

/// Notifications that were removed for their age later than is usual.
///
/// A notification that gets too old is removed within seconds. If it is much older, something kept
/// retention from it: a sink, a server that was off, a clock, or a new `journal.max-age`.
#[derive(Debug, Default)]
pub(crate) struct Overdue {
    removed: u64,
    oldest: Option<Timestamp>,
    said: Option<Instant>,
}

impl Overdue {
    /// The interval between two warnings.
    const EVERY: Duration = Duration::from_secs(60);

    pub(crate) fn add(&mut self, aged: Aged) {
        if self.removed > 0 || aged.late > HOLD {
            self.removed += aged.count;
            let oldest = self.oldest.unwrap_or(aged.received);
            self.oldest = Some(oldest.min(aged.received));
        }
    }

    /// Says it, not more often than once a minute. How many were removed, if it was said.
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
