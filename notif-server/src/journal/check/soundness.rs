//! The known damage of a journal in use.

use std::sync::{PoisonError, RwLock};

use prometheus_client::metrics::gauge::Gauge;

use crate::journal::error::{ADVICE, is_damage};
use crate::journal::read::numbers::Numbers;

/// The damage of a file.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub(crate) struct Damage {
    /// Notifications that cannot be read.
    pub(crate) accepted: Numbers,
    /// Rejected ones that cannot be read.
    pub(crate) rejected: Numbers,
    /// Other parts of the file that cannot be read, with the reasons.
    pub(crate) parts: Vec<String>,
}

/// The known damage, for health and metrics.
#[derive(Debug, Default)]
pub(crate) struct Soundness {
    state: RwLock<State>,
    /// The number of damaged rows and other parts of the file.
    pub(crate) damaged: Gauge,
}

#[derive(Debug, Default)]
struct State {
    /// The damage found by the last check.
    found: Damage,
    /// The damage reported by a write. It does not heal by itself.
    write: Option<String>,
}

impl Damage {
    pub(crate) fn is_empty(&self) -> bool {
        self.count() == 0
    }

    fn count(&self) -> u64 {
        self.accepted.count() + self.rejected.count() + self.parts.len() as u64
    }
}

impl State {
    fn text(&self) -> Option<String> {
        let rows = |numbers: &Numbers, what: &str| {
            let text = format!("{} {what} cannot be read ({numbers})", numbers.count());
            (!numbers.is_empty()).then_some(text)
        };
        let Damage {
            accepted,
            rejected,
            parts,
        } = &self.found;
        let texts: Vec<_> = rows(accepted, "notifications")
            .into_iter()
            .chain(rows(rejected, "rejected notifications"))
            .chain(parts.iter().cloned())
            .chain(self.write.clone())
            .collect();
        (!texts.is_empty())
            .then(|| format!("the journal is damaged: {}; {ADVICE}", texts.join("; ")))
    }
}

impl Soundness {
    /// Replaces the damage found before, and logs it if there is more.
    pub(crate) fn found(&self, damage: Damage) {
        self.change(|state| state.found = damage);
    }

    /// Notes an error of a write, if it reports damage.
    pub(crate) fn write_failed(&self, error: &rusqlite::Error) {
        if is_damage(error) {
            self.change(|state| state.write = Some(format!("writing fails ({error})")));
        }
    }

    fn change(&self, change: impl FnOnce(&mut State)) {
        let mut state = self.state.write().unwrap_or_else(PoisonError::into_inner);
        let before = state.text();
        change(&mut state);
        let count = state.found.count() + u64::from(state.write.is_some());
        self.damaged.set(i64::try_from(count).unwrap_or(i64::MAX));
        let now = state.text();
        if before != now {
            if let Some(text) = now {
                tracing::error!("{text}");
            } else {
                tracing::info!("the journal is no longer damaged");
            }
        }
    }

    /// Fails with a description if damage is known.
    pub(crate) fn health(&self) -> Result<(), String> {
        let state = self.state.read().unwrap_or_else(PoisonError::into_inner);
        state.text().map_or(Ok(()), Err)
    }
}
