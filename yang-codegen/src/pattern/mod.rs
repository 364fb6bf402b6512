//! Patterns: from the dialect of XML Schema (RFC 7950 section 9.4.5) to that of the `regex` crates.

use regex_automata::meta;

/// A pattern that cannot be translated, and why.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(crate) struct Untranslatable(pub(crate) String);

/// The translation of an XSD regular expression, without anchors: XSD's always hold for the whole
/// value.
///
/// The dialects agree but for these: `^` and `$` are literals, `.` is any character but line feed
/// and carriage return, `\i` and `\c` are the characters of XML names, a `-[` in a class subtracts
/// the class that follows, and `&&`, `~~` or a bare `[` in a class mean nothing special.
pub(crate) fn translate(source: &str) -> Result<String, Untranslatable> {
    let mut translation = Translation {
        rest: source,
        out: String::with_capacity(source.len()),
    };
    while let Some(character) = translation.next() {
        match character {
            '^' | '$' => translation.literal(character),
            '.' => translation.out.push_str(r"[^\n\r]"),
            '\\' => translation.escape(false)?,
            '[' => translation.class()?,
            '(' if translation.rest.starts_with('?') => {
                return Err(Untranslatable(
                    "XML Schema has no groups that start with (?".to_owned(),
                ));
            }
            other => translation.out.push(other),
        }
    }
    let regex = translation.out;
    match meta::Regex::new(&format!(r"\A(?:{regex})\z")) {
        Ok(_) => Ok(regex),
        Err(error) => Err(Untranslatable(error.to_string())),
    }
}

/// `\i`, the characters that may start an XML name, and `\c`, those that may stand in one (XML 1.0
/// sections 2.3), as the inside of a class.
const NAME_START: &str = r":A-Z_a-z\u{C0}-\u{D6}\u{D8}-\u{F6}\u{F8}-\u{2FF}\u{370}-\u{37D}\u{37F}-\u{1FFF}\u{200C}-\u{200D}\u{2070}-\u{218F}\u{2C00}-\u{2FEF}\u{3001}-\u{D7FF}\u{F900}-\u{FDCF}\u{FDF0}-\u{FFFD}\u{10000}-\u{EFFFF}";
const NAME_MORE: &str = r"\-.0-9\u{B7}\u{0300}-\u{036F}\u{203F}-\u{2040}";

struct Translation<'s> {
    rest: &'s str,
    out: String,
}

impl Translation<'_> {
    fn next(&mut self) -> Option<char> {
        let mut characters = self.rest.chars();
        let next = characters.next();
        self.rest = characters.as_str();
        next
    }

    fn literal(&mut self, character: char) {
        self.out.push('\\');
        self.out.push(character);
    }

    /// What follows a backslash.
    fn escape(&mut self, in_class: bool) -> Result<(), Untranslatable> {
        let Some(character) = self.next() else {
            return Err(Untranslatable("a backslash at the end".to_owned()));
        };
        let wrap = |inside: &str| {
            if in_class {
                inside.to_owned()
            } else {
                format!("[{inside}]")
            }
        };
        match character {
            'n' | 'r' | 't' | 'd' | 'D' => self.literal(character),
            's' => self.out.push_str(r"[ \t\n\r]"),
            'S' => self.out.push_str(r"[^ \t\n\r]"),
            'w' => self.out.push_str(r"[^\p{P}\p{Z}\p{C}]"),
            'W' => self.out.push_str(r"[\p{P}\p{Z}\p{C}]"),
            'i' => self.out.push_str(&wrap(NAME_START)),
            'c' => self
                .out
                .push_str(&wrap(&format!("{NAME_START}{NAME_MORE}"))),
            'I' => self.out.extend(["[^", NAME_START, "]"]),
            'C' => self.out.extend(["[^", NAME_START, NAME_MORE, "]"]),
            'p' | 'P' => self.property(character)?,
            _ if character.is_ascii_punctuation() => self.literal(character),
            other => {
                return Err(Untranslatable(format!(
                    "XML Schema has no escape \\{other}"
                )));
            }
        }
        Ok(())
    }

    /// `\p{…}`: categories have the same names; blocks (`\p{IsGreek}`) do not exist in the other
    /// dialect.
    fn property(&mut self, letter: char) -> Result<(), Untranslatable> {
        let name = self
            .rest
            .strip_prefix('{')
            .and_then(|rest| rest.split_once('}'));
        let Some((name, rest)) = name else {
            return Err(Untranslatable(format!(
                "\\{letter} without a category in braces"
            )));
        };
        if name.starts_with("Is") {
            return Err(Untranslatable(format!(
                "the Unicode block {name} is not supported yet"
            )));
        }
        self.literal(letter);
        self.out.extend(["{", name, "}"]);
        self.rest = rest;
        Ok(())
    }

    /// A class, from behind its bracket.
    fn class(&mut self) -> Result<(), Untranslatable> {
        self.out.push('[');
        if let Some(rest) = self.rest.strip_prefix('^') {
            self.out.push('^');
            self.rest = rest;
        }
        loop {
            if let Some(rest) = self.rest.strip_prefix("-[") {
                self.rest = rest;
                self.out.push_str("--");
                self.class()?;
                continue;
            }
            match self.next() {
                Some(']') => {
                    self.out.push(']');
                    return Ok(());
                }
                Some('\\') => self.escape(true)?,
                Some('-') if self.rest.starts_with(']') || self.out.ends_with(['[', '^']) => {
                    self.literal('-');
                }
                Some(character @ ('[' | '&' | '~' | '^')) => self.literal(character),
                Some(character) => self.out.push(character),
                None => {
                    return Err(Untranslatable(
                        "a class without its closing bracket".to_owned(),
                    ));
                }
            }
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn matches(source: &str, text: &str) -> bool {
        let regex = translate(source).expect("translates");
        meta::Regex::new(&format!(r"\A(?:{regex})\z"))
            .expect("compiles")
            .is_match(text)
    }

    #[test]
    fn differences_of_the_dialects() {
        for (source, yes, no) in [
            ("a^b$", "a^b$", "ab"),
            (".", "é", "\n"),
            (r"\d+", "0٣", "a"),
            (r"[\i-[:]][\c-[:]]*", "_a-1", ":a"),
            ("[a-z-[aeiou]]+", "xyz", "xaz"),
            (r"[\-a]+", "-a", "b"),
            ("[a-]+", "a-", "b"),
            ("[-a]+", "-a", "b"),
            ("[a&&b]+", "a&b", "c"),
            (r"\p{L}+", "é", "1"),
            (r"a\.b", "a.b", "axb"),
            ("a|b", "b", "ab"),
            (r"\s", "\t", "\u{a0}"),
            ("[^a]", "b", "a"),
        ] {
            assert!(matches(source, yes), "{source} should match {yes}");
            assert!(!matches(source, no), "{source} should not match {no}");
        }
    }

    #[test]
    fn what_cannot_be_translated_is_refused() {
        for source in ["(?:a)", r"\p{IsGreek}", r"\q", "[a", "a{2", r"a\"] {
            assert!(translate(source).is_err(), "{source}");
        }
    }
}
