//! The places of nodes among the children of a data node.

use std::ops::Range;

use crate::model::{Node, When};

/// The table of the children of a data node.
#[derive(Clone)]
pub(super) struct Table {
    /// Its path, seen from where the runtime's macros are called.
    pub(super) path: String,
    /// The number of Rust modules around it that are part of the source.
    pub(super) depth: usize,
}

/// The place of nodes among the children of a data node.
pub(super) struct Place<'m> {
    pub(super) table: Table,
    /// The index of the first of them.
    pub(super) first: usize,
    /// The conditions of the cases and choices around them.
    pub(super) conditions: Vec<&'m When>,
    pub(super) is_in_case: bool,
}

impl<'m> Place<'m> {
    pub(super) const fn new(table: Table, first: usize) -> Self {
        Self {
            table,
            first,
            conditions: Vec::new(),
            is_in_case: false,
        }
    }

    /// The place of the nodes of a case of `choice`, which stands here.
    pub(super) fn of_case(&self, choice: &'m Node, case: &'m Node, first: usize) -> Self {
        let around = self.conditions.iter().copied();
        let own = choice.rules.when.iter().chain(&case.rules.when);
        Self {
            table: self.table.clone(),
            first,
            conditions: around.chain(own).collect(),
            is_in_case: true,
        }
    }
}

/// The pattern of indexes.
pub(super) fn indexes(at: &Range<usize>) -> String {
    match at.len() {
        1 => at.start.to_string(),
        _ => format!("{}..={}", at.start, at.end.saturating_sub(1)),
    }
}
