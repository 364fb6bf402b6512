//! Makes text from outside fit to be shown: of a bounded length, and without characters that act on
//! a terminal or editor.
//!
//! A fault repeats names and values of a message, and a message may be one name of many megabytes.
//! So all that enters a fault, a path or a line of a log is cut here, and costs no more than what is
//! left of it.

use std::borrow::Cow;
use std::fmt::{self, Write};

/// The longest part of a name or value that is repeated to its sender, in characters.
pub const SHOWN: usize = 60;

/// The mark in the place of the rest of a text that was cut.
pub const ELLIPSIS: char = '…';

/// The first `max` characters of `text`, with an ellipsis behind them if there are more. Takes as
/// much time as the characters that are left.
#[must_use]
pub fn shortened(text: &str, max: usize) -> Cow<'_, str> {
    match text.char_indices().nth(max) {
        Some((end, _)) => {
            let kept = text.get(..end).unwrap_or_default();
            let mut short = String::with_capacity(end + ELLIPSIS.len_utf8());
            short.push_str(kept);
            short.push(ELLIPSIS);
            Cow::Owned(short)
        }
        None => Cow::Borrowed(text),
    }
}

/// The first `max` characters of what `value` writes, with an ellipsis behind them if there are
/// more. What would follow is not written at all, unless `value` goes on after it is told to stop.
#[must_use]
pub fn excerpt(value: impl fmt::Display, max: usize) -> String {
    let mut cut = Cut {
        text: String::new(),
        left: max,
    };
    if write!(cut, "{value}").is_err() {
        cut.text.push(ELLIPSIS);
    }
    cut.text
}

/// Takes so many characters, and an error for the next.
struct Cut {
    text: String,
    left: usize,
}

impl Write for Cut {
    fn write_str(&mut self, part: &str) -> fmt::Result {
        let Some((end, _)) = part.char_indices().nth(self.left) else {
            self.left = self.left.saturating_sub(part.chars().count());
            self.text.push_str(part);
            return Ok(());
        };
        self.text.push_str(part.get(..end).unwrap_or_default());
        self.left = 0;
        Err(fmt::Error)
    }
}

/// True for a character that a terminal or an editor takes as a command rather than showing it:
/// controls (C0, DEL and C1), those that change the direction of text (Unicode's `Bidi_Control`), and
/// line and paragraph separators.
#[must_use]
pub fn acts(character: char) -> bool {
    character.is_control()
        || matches!(
            character,
            '\u{061C}'
                | '\u{200E}'
                | '\u{200F}'
                | '\u{2028}'..='\u{202E}'
                | '\u{2066}'..='\u{2069}'
        )
}

/// The text for one line of a terminal or a log: a character that [`acts`] is written as in Rust,
/// such as `\n` or `\u{1b}`. All others stay as they are, a backslash too.
#[must_use]
pub fn visible(text: &str) -> Cow<'_, str> {
    escaped(text, acts)
}

/// As [`visible`], with line feeds and tabs as they are: for a cell of a table that has its own
/// quotes.
#[must_use]
pub fn visible_lines(text: &str) -> Cow<'_, str> {
    escaped(text, |character| {
        acts(character) && !matches!(character, '\n' | '\t')
    })
}

fn escaped(text: &str, special: fn(char) -> bool) -> Cow<'_, str> {
    if !text.contains(special) {
        return Cow::Borrowed(text);
    }
    let mut shown = String::with_capacity(text.len() + 16);
    for character in text.chars() {
        if special(character) {
            shown.extend(character.escape_default());
        } else {
            shown.push(character);
        }
    }
    Cow::Owned(shown)
}

/// The most names that [`listed`] shows.
const NAMES_LISTED: usize = 12;

/// The first names, with commas between them and an ellipsis behind them if there are more.
pub(crate) fn listed<'a>(names: impl Iterator<Item = &'a str>) -> String {
    let names: Vec<&str> = names.collect();
    let shown: Vec<&str> = names.iter().take(NAMES_LISTED).copied().collect();
    let more = if names.len() > NAMES_LISTED {
        ", …"
    } else {
        ""
    };
    format!("{}{more}", shown.join(", "))
}

/// Intervals as YANG writes them: `1..10 | 20`.
pub(crate) fn intervals<T: fmt::Display + PartialEq>(parts: &[(T, T)]) -> String {
    let mut text = String::new();
    for (at, (min, max)) in parts.iter().enumerate() {
        if at > 0 {
            text.push_str(" | ");
        }
        // Writing to a string cannot fail.
        let _ = if min == max {
            write!(text, "{min}")
        } else {
            write!(text, "{min}..{max}")
        };
    }
    text
}

/// White space as C's `isspace` has it, which libyang tolerates around numbers and between bits.
pub(crate) const fn is_tolerated_space(character: char) -> bool {
    matches!(character, ' ' | '\t' | '\n' | '\r' | '\x0b' | '\x0c')
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn texts_are_cut_between_characters() {
        assert_eq!(shortened("äöü", 3), "äöü");
        assert_eq!(shortened("äöü", 2), "äö…");
        assert_eq!(shortened("äöü", 0), "…");
        assert_eq!(shortened("", 0), "");
    }

    #[test]
    fn what_is_cut_off_is_not_written() {
        struct Endless;
        impl fmt::Display for Endless {
            fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
                loop {
                    f.write_str("äb")?;
                }
            }
        }
        assert_eq!(excerpt(Endless, 5), "äbäbä…");
        assert_eq!(excerpt(format_args!("{}-{}", "ä", 12), 4), "ä-12");
        assert_eq!(excerpt(format_args!("{}-{}", "ä", 12), 3), "ä-1…");
        assert_eq!(excerpt("", 0), "");
    }

    #[test]
    fn what_acts_is_shown_as_its_name() {
        assert_eq!(
            visible("a\u{1b}[31m\r\n\u{9b}b\u{202e}c\u{2028}\t\u{7f}"),
            "a\\u{1b}[31m\\r\\n\\u{9b}b\\u{202e}c\\u{2028}\\t\\u{7f}"
        );
        assert_eq!(visible_lines("a\tb\r\nc\u{85}"), "a\tb\\r\nc\\u{85}");
        let plain = "C:\\temp 'ä' \"中\" 👩‍🔬";
        assert!(matches!(visible(plain), Cow::Borrowed(same) if same == plain));
    }
}
