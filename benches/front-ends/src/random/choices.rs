//! Decisions, read from a list of numbers: the same list is the same module set, and a shorter list
//! or smaller numbers are a smaller one. So a set that shows a difference can be made smaller without
//! knowing what is in it.

/// The numbers that are left. Behind the last, every decision is for the least.
pub(crate) struct Choices<'n> {
    numbers: std::slice::Iter<'n, u16>,
}

impl<'n> Choices<'n> {
    pub(crate) fn new(numbers: &'n [u16]) -> Self {
        Self {
            numbers: numbers.iter(),
        }
    }

    /// A number below `count`, or 0.
    pub(crate) fn below(&mut self, count: usize) -> usize {
        let number = self.numbers.next().copied().unwrap_or_default();
        usize::from(number).checked_rem(count).unwrap_or_default()
    }

    /// True once in `times`.
    pub(crate) fn once_in(&mut self, times: usize) -> bool {
        self.below(times) == times - 1
    }

    /// One of several; `None` if there is none.
    pub(crate) fn one_of<'t, T>(&mut self, things: &'t [T]) -> Option<&'t T> {
        let at = self.below(things.len());
        things.get(at)
    }

    /// One of several words; the empty word if there is none.
    pub(crate) fn word<'t>(&mut self, words: &[&'t str]) -> &'t str {
        self.one_of(words).copied().unwrap_or_default()
    }

    /// True if numbers are left.
    pub(crate) fn are_left(&self) -> bool {
        !self.numbers.as_slice().is_empty()
    }
}
