//! The type `bits` (RFC 7950 section 9.7).

use std::fmt;

use compact_str::CompactString;

use crate::schema::Bit;
use crate::text::is_tolerated_space;

/// A set of the bits of a type: the bit with number `n` is the type's `n`-th (from 0) in the order
/// of their positions.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct BitSet<const WORDS: usize>([u64; WORDS]);

/// A set of bits with their names.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub struct Bits<'a> {
    bits: &'a [Bit<'a>],
    words: &'a [u64],
}

/// The word and the mask of the bit with this number.
const fn place(number: usize) -> (usize, u64) {
    (number / 64, 1 << (number % 64))
}

impl<const WORDS: usize> BitSet<WORDS> {
    /// The set without any bit.
    pub const EMPTY: Self = Self([0; WORDS]);

    /// The bits that are set in `words`.
    #[must_use]
    pub const fn from_words(words: [u64; WORDS]) -> Self {
        Self(words)
    }

    /// Returns true if no bit is set.
    #[must_use]
    pub fn is_empty(&self) -> bool {
        self.0.iter().all(|word| *word == 0)
    }

    /// Returns true if all bits of `other` are set.
    #[must_use]
    pub fn contains(&self, other: &Self) -> bool {
        self.0
            .iter()
            .zip(&other.0)
            .all(|(own, other)| own & other == *other)
    }

    /// Sets the bits of `other`.
    pub fn insert(&mut self, other: &Self) {
        for (own, other) in self.0.iter_mut().zip(&other.0) {
            *own |= other;
        }
    }

    /// Clears the bits of `other`.
    pub fn remove(&mut self, other: &Self) {
        for (own, other) in self.0.iter_mut().zip(&other.0) {
            *own &= !other;
        }
    }

    /// The set with the names of the type's bits.
    #[must_use]
    pub const fn bits<'b>(&'b self, bits: &'b [Bit<'b>]) -> Bits<'b> {
        Bits {
            bits,
            words: &self.0,
        }
    }

    /// The bits that `text` names, in any order (RFC 7950 section 9.7.2), none twice.
    pub(crate) fn parse(text: &str, bits: &[Bit<'_>]) -> Option<Self> {
        let mut set = Self::EMPTY;
        let mut numbers = numbers(text, bits);
        let all = numbers.all(|number| number.is_some_and(|number| set.set(number)));
        all.then_some(set)
    }

    /// Sets the bit with this number; false if it was set.
    fn set(&mut self, number: usize) -> bool {
        let (at, mask) = place(number);
        self.0.get_mut(at).is_some_and(|word| {
            let new = *word & mask == 0;
            *word |= mask;
            new
        })
    }
}

/// The numbers of the bits that `text` names, in any order (RFC 7950 section 9.7.2).
fn numbers(text: &str, bits: &[Bit<'_>]) -> impl Iterator<Item = Option<usize>> {
    text.split(is_tolerated_space)
        .filter(|name| !name.is_empty())
        .map(|name| bits.iter().position(|bit| bit.name == name))
}

/// The canonical form of the bits that `text` names, if it names bits, none twice.
pub(crate) fn canonical(text: &str, bits: &[Bit<'_>]) -> Option<CompactString> {
    let mut found: Vec<usize> = numbers(text, bits).collect::<Option<_>>()?;
    found.sort_unstable();
    let distinct = found.windows(2).all(|pair| pair.first() != pair.last());
    let names = found.iter().filter_map(|number| bits.get(*number));
    let names: Vec<&str> = names.map(|bit| bit.name).collect();
    distinct.then(|| names.join(" ").into())
}

impl<'a> Bits<'a> {
    /// Returns true if all bits that are set are among those of a type.
    pub(crate) fn are_of(self, bits: &[Bit<'_>]) -> bool {
        self.iter().all(|bit| bits.contains(bit))
    }

    /// The bits that are set, in the order of their positions.
    pub fn iter(self) -> impl Iterator<Item = &'a Bit<'a>> + use<'a> {
        let is_set = move |number: usize| {
            let (at, mask) = place(number);
            self.words.get(at).is_some_and(|word| word & mask != 0)
        };
        let bits = self.bits.iter().enumerate();
        bits.filter(move |(number, _)| is_set(*number))
            .map(|(_, bit)| bit)
    }
}

/// The canonical form (RFC 7950 section 9.7.2): the names in the order of their positions.
impl fmt::Display for Bits<'_> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        for (at, bit) in self.iter().enumerate() {
            f.write_str(if at > 0 { " " } else { "" })?;
            f.write_str(bit.name)?;
        }
        Ok(())
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    static BITS: [Bit<'_>; 4] = [
        Bit {
            name: "two",
            position: 2,
        },
        Bit {
            name: "ten",
            position: 10,
        },
        Bit {
            name: "eleven",
            position: 11,
        },
        Bit {
            name: "_test-end...",
            position: 4_294_967_295,
        },
    ];

    fn read(text: &str) -> Option<String> {
        let set = BitSet::<1>::parse(text, &BITS)?;
        Some(set.bits(&BITS).to_string())
    }

    #[test]
    fn names_in_any_order_and_with_any_space() {
        for (text, canonical) in [
            ("ten two", "two ten"),
            ("", ""),
            ("\n\t", ""),
            (
                "eleven\nten\ttwo  \n _test-end...",
                "two ten eleven _test-end...",
            ),
        ] {
            assert_eq!(read(text).as_deref(), Some(canonical), "{text}");
        }
        for text in ["twelve", "Two", "two two", "two,ten", "two\u{a0}ten"] {
            assert_eq!(read(text), None, "{text}");
        }
    }

    #[test]
    fn sets_of_more_than_a_word() {
        let mut set = BitSet::<2>::EMPTY;
        assert!(set.is_empty() && set.set(0) && set.set(127) && !set.set(127) && !set.set(128));
        let last = BitSet::from_words([0, 1 << 63]);
        assert!(set.contains(&last));
        set.remove(&last);
        assert_eq!(set, BitSet::from_words([1, 0]));
        set.insert(&last);
        assert_eq!(set, BitSet::from_words([1, 1 << 63]));
    }
}
