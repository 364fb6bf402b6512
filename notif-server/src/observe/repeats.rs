//! Floods: what repeats is summed up, so that the log cannot be filled from outside.
//!
//! Of each kind of event and each publisher at most one line a second is written: the first at
//! once, and what comes in the second after it as one line that says how many there were. So two
//! that are a moment apart are both there, and of a flood each second one.

use std::collections::HashMap;
use std::time::{Duration, Instant};

use super::line::{Kind, Line};

/// For how long what is like a line is summed up.
const SPAN: Duration = Duration::from_secs(1);

/// The number of publishers with lines of their own of one kind in this time; those of all others
/// are summed up together.
const PUBLISHERS: usize = 32;

/// The number of kinds that are told apart; those beyond go by their place in the program alone.
const KINDS: usize = 256;

/// The lines of the last second.
#[derive(Debug, Default)]
pub(super) struct Repeats(HashMap<Kind, Publishers>);

/// Events of one kind, by publisher. Publishers beyond the bound share one entry, under no name.
type Publishers = HashMap<Option<String>, Seen>;

/// Events after a line that was written.
#[derive(Debug)]
struct Seen {
    /// When it is written how many these were.
    until: Instant,
    /// The first of them, which is written for all.
    first: Option<Line>,
    /// The number of further events.
    more: u64,
}

impl Repeats {
    /// The line, if it is to be written now; else it is kept or counted.
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

    /// The lines for which their time has come.
    pub(super) fn due(&mut self, now: Instant) -> Vec<Line> {
        self.take(now, |seen| seen.until <= now)
    }

    /// All that is not written yet: nothing more is to come.
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

    /// True if nothing is kept.
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
