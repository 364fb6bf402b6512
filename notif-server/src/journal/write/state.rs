//! The state that the writer thread shares with its callers.

use std::sync::{PoisonError, RwLock};
use std::time::Instant;

use rusqlite::Connection;
use tokio::sync::watch;

use crate::journal::error::{Full, Gone};
use crate::journal::metrics::Metrics;

/// The newest numbers, to wait for more.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq)]
pub struct Tips {
    /// Of accepted notifications.
    pub notifications: u64,
    /// Of rejected notifications.
    pub rejected: u64,
}

/// The shared state.
#[derive(Debug)]
pub(crate) struct Shared {
    /// The reason for taking no more, if there is one.
    problem: RwLock<Option<Problem>>,
    pub(crate) metrics: Metrics,
    pub(crate) tips: watch::Sender<Tips>,
}

#[derive(Debug, Clone)]
pub(crate) enum Problem {
    /// The limits are reached: notifications are refused until there is room.
    Full(Full),
    /// The last write failed; further notifications are tried.
    Failed {
        reason: String,
        at: Instant,
    },
    /// The open files are gone: notifications are refused until they are back.
    Gone(Gone),
    Closed,
}

impl Shared {
    pub(crate) fn new(tips: Tips) -> Self {
        Self {
            problem: RwLock::default(),
            metrics: Metrics::default(),
            tips: watch::Sender::new(tips),
        }
    }

    pub(crate) fn problem(&self) -> Option<Problem> {
        let problem = self.problem.read();
        problem.unwrap_or_else(PoisonError::into_inner).clone()
    }

    /// Sets or clears the problem, and logs a change.
    pub(crate) fn set_problem(&self, now: Option<Problem>) {
        let mut problem = self.problem.write().unwrap_or_else(PoisonError::into_inner);
        match (&*problem, &now) {
            (Some(Problem::Gone(_)), Some(Problem::Gone(_))) | (_, Some(Problem::Closed)) => {}
            (_, Some(Problem::Gone(gone))) => tracing::error!("{gone}; publishers get 503"),
            (Some(Problem::Gone(_)), _) => tracing::info!("the journal's files are back"),
            (None | Some(Problem::Failed { .. }), Some(Problem::Full(full))) => {
                tracing::error!("the journal is full, publishers get 503: {full}");
            }
            (Some(Problem::Full(_)), None) => tracing::info!("the journal has room again"),
            (Some(Problem::Failed { .. }), None) => {
                tracing::info!("the journal can be written again");
            }
            _ => {}
        }
        self.metrics
            .full
            .set(i64::from(matches!(now, Some(Problem::Full(_)))));
        *problem = now;
    }
}

/// The greatest numbers ever given.
pub(crate) fn tips(connection: &Connection) -> rusqlite::Result<Tips> {
    let newest = |table| {
        let sql = "SELECT coalesce(max(seq), 0) FROM sqlite_sequence WHERE name = ?";
        let seq = connection.query_row(sql, [table], |row| row.get::<_, i64>(0));
        seq.map(i64::unsigned_abs)
    };
    Ok(Tips {
        notifications: newest("notification")?,
        rejected: newest("rejected")?,
    })
}
