//! The members of an object that were read, as sets of child indexes.

use std::fmt::Debug;

use crate::schema::Node;

/// A set of child indexes.
pub trait Seen: Clone + Debug {
    /// The empty set, for a node with this many children.
    fn none(children: usize) -> Self;

    /// Adds `index`; false if it was there.
    fn insert(&mut self, index: usize) -> bool;

    /// True if `index` is there.
    fn contains(&self, index: usize) -> bool;

    /// True if all of `other` is there.
    fn contains_all(&self, other: &Self) -> bool;
}

impl Seen for u64 {
    #[inline]
    fn none(_: usize) -> Self {
        0
    }

    #[inline]
    fn insert(&mut self, index: usize) -> bool {
        let bit = 1u64.wrapping_shl(u32::try_from(index).unwrap_or(0));
        let new = *self & bit == 0;
        *self |= bit;
        new
    }

    #[inline]
    fn contains(&self, index: usize) -> bool {
        *self & 1u64.wrapping_shl(u32::try_from(index).unwrap_or(0)) != 0
    }

    #[inline]
    fn contains_all(&self, other: &Self) -> bool {
        *self & *other == *other
    }
}

impl<const WORDS: usize> Seen for [u64; WORDS] {
    #[inline]
    fn none(_: usize) -> Self {
        [0; WORDS]
    }

    fn insert(&mut self, index: usize) -> bool {
        self.get_mut(index / 64)
            .is_some_and(|word| word.insert(index % 64))
    }

    fn contains(&self, index: usize) -> bool {
        self.get(index / 64)
            .is_some_and(|word| word.contains(index % 64))
    }

    fn contains_all(&self, other: &Self) -> bool {
        self.iter()
            .zip(other)
            .all(|(mine, theirs)| mine.contains_all(theirs))
    }
}

/// The members of an object that were read.
#[derive(Debug)]
pub(super) struct Members<S> {
    pub(super) seen: S,
    /// Those with a fault recorded in their place.
    pub(super) bad: S,
    /// Those that are no data, although nothing is wrong with them: empty arrays, and containers
    /// that choose no case.
    pub(super) void: S,
}

impl<S: Seen> Members<S> {
    #[inline]
    pub(super) fn none(node: &Node<'_>) -> Self {
        let empty = || S::none(node.children().len());
        Self {
            seen: empty(),
            bad: empty(),
            void: empty(),
        }
    }
}
