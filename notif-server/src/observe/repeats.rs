//! Sums up repeated events, so that nobody outside can flood the log.
//!
//! For each kind of event and each publisher, at most one line a second is written: the first at
//! once, and those of the following second as one line with their number. So two events a moment
//! apart are both logged, and a flood takes one line a second.

use std::collections::HashMap;
use std::time::{Duration, Instant};

use super::line::{Kind, Line};

/// The time for which events like a written line are summed up.
const SPAN: Duration = Duration::from_secs(1);

/// The publishers that get lines of their own for a kind in this time; those of all others are
/// summed up together.
const PUBLISHERS: usize = 32;

/// The kinds that are told apart; beyond that, only by their place in the program.
const KINDS: usize = 256;

/// The lines of the last second.
#[derive(Debug, Default)]
pub(super) struct Repeats(HashMap<Kind, Publishers>);

/// The events of one kind, by publisher. Those beyond the limit share an entry without a name.
type Publishers = HashMap<Option<String>, Seen>;

/// The events since a line was written.
#[derive(Debug)]
struct Seen {
    /// The time at which they are summed up.
    until: Instant,
    /// The first of them, which stands for all.
    first: Option<Line>,
    /// The number of the others.
    more: u64,
}

impl Repeats {
    /// Returns the line if it is to be written now; else keeps or counts it.
    pub(super) fn pass(&mut self, kind: Kind, line: Line, now: Instant) -> Option<Line> {
        let known = self.0.contains_key(&kind) || self.0.len() < KINDS;
        let kind = if known { kind } else { kind.coarse() };
        let publishers = self.0.entry(kind).or_default();
        let name = Some(line.publisher().to_owned());
        let named = publishers.contains_key(&name) || publishers.len() < PUBLISHERS;
        let name = if named { name } else { None };
        match publishers.get_mut(&name) {
            Some(seen) if seen.first.is_some() => seen.more += 1,
            Some(seen) if now < seen.until => seen.first = Some(line),
            _ => {
                publishers.insert(name, Seen::after(now));
                return Some(line);
            }
        }
        None
    }

    /// The lines that are due.
    pub(super) fn due(&mut self, now: Instant) -> Vec<Line> {
        self.take(now, |seen| seen.until <= now)
    }

    /// All lines not written yet, when no more are to come.
    pub(super) fn rest(&mut self, now: Instant) -> Vec<Line> {
        self.take(now, |_| true)
    }

    fn take(&mut self, now: Instant, is_due: impl Fn(&Seen) -> bool) -> Vec<Line> {
        let mut lines = Vec::new();
        self.0.retain(|_, publishers| {
            publishers.retain(|name, seen| {
                if !is_due(seen) {
                    return true;
                }
                let Seen { first, more, .. } = std::mem::replace(seen, Seen::after(now));
                let line = first.map(|line| line.with_more(more, name.is_none()));
                let written = line.is_some();
                lines.extend(line);
                written
            });
            !publishers.is_empty()
        });
        lines
    }

    /// True if no events are being summed up.
    pub(super) fn is_empty(&self) -> bool {
        self.0.is_empty()
    }
}

impl Seen {
    fn after(now: Instant) -> Self {
        Self {
            until: now + SPAN,
            first: None,
            more: 0,
        }
    }
}
