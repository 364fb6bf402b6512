//! Numbers of rows, as runs.

use std::fmt;

/// How many runs are kept; more are only counted.
const KEPT: usize = 1000;

/// How many runs are printed.
const PRINTED: usize = 10;

/// Numbers in ascending order, as runs. However many there are, it stays small.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct Numbers {
    runs: Vec<(u64, u64)>,
    count: u64,
}

impl Numbers {
    /// Adds the numbers from `first` to `last`, which come after all others.
    pub fn add(&mut self, first: u64, last: u64) {
        let more = (last + 1).saturating_sub(first);
        self.count += more;
        let runs = self.runs.len();
        match self.runs.last_mut() {
            Some((_, end)) if *end + 1 == first => *end = last,
            _ if runs < KEPT => self.runs.push((first, last)),
            _ => {}
        }
    }

    /// How many there are.
    #[must_use]
    pub const fn count(&self) -> u64 {
        self.count
    }

    /// Whether there are none.
    #[must_use]
    pub const fn is_empty(&self) -> bool {
        self.count == 0
    }
}

/// The first of them: `5, 7 to 9, 12 and 8 more`.
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
