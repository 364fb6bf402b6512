//! Finds the newest rows in the leaf pages, if nothing else tells their numbers.

use std::io;
use std::path::Path;

use rusqlite::types::Value;

use super::pages::Leaves;
use crate::notification::Source;

/// The columns in the file's order; rows of earlier layouts lack the last ones.
pub(crate) const OF_ACCEPTED: [&str; 15] = [
    "seq",
    "id",
    "received",
    "event_time",
    "publisher",
    "encoding",
    "name",
    "size",
    "body",
    "notifications",
    "reading",
    "hostname",
    "process",
    "subscription",
    "sequence",
];
pub(crate) const OF_REJECTED: [&str; 8] = [
    "seq",
    "id",
    "received",
    "publisher",
    "encoding",
    "faults",
    "size",
    "body",
];

/// The number of columns in a row of the earliest layout.
const FEWEST: usize = 9;

/// The greatest row numbers on any page.
#[derive(Debug)]
pub(crate) struct Newest {
    accepted: u64,
    rejected: u64,
    /// Kept open, as closing the file would drop SQLite's locks on it.
    _leaves: Leaves,
}

impl Newest {
    /// Searches all pages of the file.
    pub(crate) fn look(path: &Path) -> io::Result<Self> {
        let (mut accepted, mut rejected) = (0, 0);
        let leaves = Leaves::open(path)?;
        for (seq, columns) in leaves.pages().flat_map(|page| leaves.rows(page)) {
            if is_accepted(&columns) {
                accepted = seq.unsigned_abs().max(accepted);
            } else if is_rejected(&columns) {
                rejected = seq.unsigned_abs().max(rejected);
            }
        }
        Ok(Self {
            accepted,
            rejected,
            _leaves: leaves,
        })
    }

    pub(crate) const fn is_none(&self) -> bool {
        self.accepted == 0 && self.rejected == 0
    }

    pub(crate) fn of(&self, table: &str) -> u64 {
        if table == Source::Rejected.table() {
            self.rejected
        } else {
            self.accepted
        }
    }
}

pub(crate) fn is_accepted(columns: &[Value]) -> bool {
    (FEWEST..=OF_ACCEPTED.len()).contains(&columns.len())
        && matches!(
            columns,
            [
                Value::Null,
                Value::Text(id),
                Value::Integer(_),
                Value::Null | Value::Text(_),
                Value::Text(_),
                Value::Text(_),
                Value::Text(_),
                Value::Integer(_),
                Value::Blob(_),
                ..
            ] if id.len() == 36
        )
}

pub(crate) fn is_rejected(columns: &[Value]) -> bool {
    matches!(
        columns,
        [
            Value::Null,
            Value::Text(id),
            Value::Integer(_),
            Value::Text(_),
            Value::Text(_),
            Value::Text(_),
            Value::Integer(_),
            Value::Blob(_),
        ] if id.len() == 36
    )
}
