//! Sets of row numbers, as runs.

use std::collections::BTreeSet;
use std::fmt;

/// The number of runs kept; further numbers are only counted.
const KEPT: usize = 1000;

/// The number of runs printed.
const PRINTED: usize = 10;

/// Ascending numbers, as runs. It stays small however many there are.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct Numbers {
    runs: Vec<(u64, u64)>,
    count: u64,
    /// The greatest number.
    last: u64,
}

impl Numbers {
    /// Adds the numbers from `first` to `last`, which must be greater than all others.
    pub fn add(&mut self, first: u64, last: u64) {
        let more = (last + 1).saturating_sub(first);
        self.count += more;
        self.last = last;
        let runs = self.runs.len();
        match self.runs.last_mut() {
            Some((_, end)) if *end + 1 == first => *end = last,
            _ if runs < KEPT => self.runs.push((first, last)),
            _ => {}
        }
    }

    /// The number of numbers.
    #[must_use]
    pub const fn count(&self) -> u64 {
        self.count
    }

    /// True if the number may be in the set: it lies between the smallest and the greatest.
    pub(crate) fn spans(&self, number: u64) -> bool {
        let first = self.runs.first().map_or(u64::MAX, |run| run.0);
        (first..=self.last).contains(&number)
    }

    /// The numbers without those in `some`, and without those before `oldest`.
    pub(crate) fn without(&self, some: &BTreeSet<u64>, oldest: u64) -> Self {
        let mut left = Self::default();
        for (first, last) in &self.runs {
            let mut next = oldest.max(*first);
            for number in some.range(first..=last) {
                if *number > next {
                    left.add(next, number - 1);
                }
                next = number + 1;
            }
            if next <= *last {
                left.add(next, *last);
            }
        }
        // The numbers that are only counted.
        let kept: u64 = self.runs.iter().map(|(first, last)| last - first + 1).sum();
        let others = some
            .range(self.runs.last().map_or(0, |run| run.1 + 1)..)
            .count() as u64;
        left.count += (self.count - kept).saturating_sub(others);
        left.last = self.last;
        left
    }

    /// True if the set is empty.
    #[must_use]
    pub const fn is_empty(&self) -> bool {
        self.count == 0
    }
}

/// Prints the first numbers: `5, 7 to 9, 12 and 8 more`.
impl fmt::Display for Numbers {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let mut printed = 0;
        for (at, (first, last)) in self.runs.iter().take(PRINTED).enumerate() {
            f.write_str(if at > 0 { ", " } else { "" })?;
            match last - first {
                0 => write!(f, "{first}")?,
                _ => write!(f, "{first} to {last}")?,
            }
            printed += last - first + 1;
        }
        match self.count - printed {
            0 => Ok(()),
            more => write!(f, " and {more} more"),
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn runs_are_joined_and_only_the_first_are_printed() {
        let mut numbers = Numbers::default();
        assert!(numbers.is_empty());
        for (first, last) in [(5, 5), (7, 8), (9, 9)] {
            numbers.add(first, last);
        }
        assert_eq!(numbers.to_string(), "5, 7 to 9");
        let left = numbers.without(&BTreeSet::from([5, 8]), 0);
        assert_eq!((left.to_string().as_str(), left.count()), ("7, 9", 2));
        assert_eq!(numbers.without(&BTreeSet::from([8]), 8).to_string(), "9");
        assert!(numbers.spans(6) && !numbers.spans(10) && !Numbers::default().spans(0));
        for number in 10..2000 {
            numbers.add(number * 2, number * 2);
        }
        assert_eq!(numbers.count(), 1994);
        let text = numbers.to_string();
        assert!(
            text.starts_with("5, 7 to 9, 20, 22, ") && text.ends_with(" and 1982 more"),
            "{text}"
        );
    }
}
