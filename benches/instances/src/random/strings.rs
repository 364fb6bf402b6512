//! Strings that match patterns.

use std::collections::HashMap;

use notif_runtime::schema::Pattern;
use notif_runtime::schema::Type;
use notif_runtime::value::canonical_text;
use rand::rngs::StdRng;
use rand::seq::IndexedRandom as _;
use rand::{RngExt as _, distr::Distribution as _};

/// The most draws of a string until one is of the type.
const TRIES: usize = 60;

/// The number of repeats of an unbounded repetition.
const REPEATS: u32 = 4;

/// The sources of strings for patterns, each made once.
#[derive(Debug, Default)]
pub(super) struct Strings {
    /// By the expression; `None` for one that no string can be made for.
    sources: HashMap<&'static str, Option<rand_regex::Regex>>,
}

impl Strings {
    /// A string of the type; `None` if none was found.
    pub(super) fn string(
        &mut self,
        ty: &'static Type<'static>,
        rng: &mut StdRng,
    ) -> Option<String> {
        let Type::String {
            length, patterns, ..
        } = ty.value_type()
        else {
            return None;
        };
        (0..TRIES)
            .map(|_| match patterns.choose(rng) {
                Some(pattern) if rng.random_bool(0.9) => self.matching(pattern, rng),
                _ => Some(plain(length, rng)),
            })
            .find_map(|text| {
                text.filter(|text| is_yang_string(text) && canonical_text(text, ty).is_ok())
            })
    }

    fn matching(&mut self, pattern: &'static Pattern<'_>, rng: &mut StdRng) -> Option<String> {
        if pattern.source().starts_with(r"\d{4}-\d{2}-\d{2}T") {
            return Some(date_and_time(rng));
        }
        let source = self.sources.entry(pattern.regex());
        let source = source.or_insert_with_key(|regex| {
            let regex = plainer(regex);
            let parsed = rand_regex::Regex::compile(&regex, REPEATS);
            parsed.ok().filter(rand_regex::Regex::is_utf8)
        });
        source.as_ref().map(|source| source.sample(rng))
    }
}

/// The pattern without classes of all scripts: which characters are in them depends on the edition of
/// Unicode, and what reads the values wants plain digits.
fn plainer(regex: &str) -> String {
    regex
        .replace(r"\d", "[0-9]")
        .replace(r"\p{N}", "[0-9]")
        .replace(r"\p{L}", "[a-zA-Zé日]")
}

/// A string of one of these lengths.
fn plain(length: &[(u64, u64)], rng: &mut StdRng) -> String {
    let &(min, max) = length.choose(rng).unwrap_or(&(0, 8));
    let count = rng.random_range(min..=max.min(min.saturating_add(8)));
    let characters: Vec<char> = "abcxyz019-_. é日&<>\"'/:".chars().collect();
    (0..count).filter_map(|_| characters.choose(rng)).collect()
}

/// A time that the pattern of date-and-time matches and the calendar has.
fn date_and_time(rng: &mut StdRng) -> String {
    let (month, day) = (rng.random_range(1..=12), rng.random_range(1..=28));
    let (hour, minute, second) = (
        rng.random_range(0..24),
        rng.random_range(0..60),
        rng.random_range(0..60),
    );
    let year = rng.random_range(1970..2100);
    let zone = ["Z", "+01:00", "-05:30", "+00:00"].choose(rng).copied();
    let fraction = ["", ".5", ".123456789"].choose(rng).copied();
    format!(
        "{year}-{month:02}-{day:02}T{hour:02}:{minute:02}:{second:02}{}{}",
        fraction.unwrap_or_default(),
        zone.unwrap_or("Z")
    )
}

/// Returns true if every character may stand in a string (RFC 7950 section 9.4) and survives XML.
fn is_yang_string(text: &str) -> bool {
    text.chars().all(|character| {
        let code = u32::from(character);
        let is_control = code < 0x20 && !matches!(character, '\t' | '\n' | '\r');
        let is_no_character = code & 0xfffe == 0xfffe || (0xfdd0..=0xfdef).contains(&code);
        !is_control && !is_no_character
    })
}
