//! Has a message read again if a value of a union is not what it was first taken for.

use std::collections::HashMap;

use compact_str::CompactString;

use crate::schema;

/// A place as a key: a node is known by its module's address and its name among its siblings.
pub(crate) type Key = Vec<(usize, CompactString, usize)>;

/// A level of a place as a key.
pub(crate) fn key(node: &schema::Node<'_>, ordinal: usize) -> (usize, CompactString, usize) {
    let module = std::ptr::from_ref(node.module).addr();
    (module, node.name.into(), ordinal)
}

/// The number of members of a union that are passed over for the value at a place.
pub(crate) type Places = HashMap<Key, usize>;

/// The values of unions that were taken for references to missing nodes, so that the message is
/// read again with their next members (RFC 7950 section 9.12).
#[derive(Debug, Default)]
pub(crate) struct Retries {
    places: Places,
    due: bool,
    rounds: usize,
    /// The work that expressions took in the readings before.
    spent: usize,
}

impl Retries {
    /// More rounds than any union has members would be a chain of references from union to union.
    const MAX_ROUNDS: usize = 64;

    /// The places, if there are any.
    pub(crate) fn places(&self) -> Option<&Places> {
        (!self.places.is_empty()).then_some(&self.places)
    }

    /// The number of members that were passed over for the value at this place.
    pub(super) fn skipped(&self, place: &Key) -> usize {
        self.places.get(place).copied().unwrap_or(0)
    }

    /// The work that expressions took in the readings before this one.
    pub(super) const fn spent(&self) -> usize {
        self.spent
    }

    /// Says that of the work which a message may take, so much is left after this reading.
    pub(super) const fn spend_all_but(&mut self, left: usize, work: usize) {
        self.spent = work.saturating_sub(left);
    }

    /// Returns true if the findings of this reading do not count.
    pub(super) const fn is_pending(&self) -> bool {
        self.due
    }

    /// Returns true if the message has to be read again.
    pub(crate) const fn is_due(&mut self) -> bool {
        std::mem::replace(&mut self.due, false)
    }

    /// Passes over one more member for the value at this place; false if that was tried too often.
    pub(super) fn add(&mut self, place: Key) -> bool {
        if !self.due {
            self.rounds += 1;
        }
        if self.rounds > Self::MAX_ROUNDS {
            return false;
        }
        self.due = true;
        *self.places.entry(place).or_default() += 1;
        true
    }
}
