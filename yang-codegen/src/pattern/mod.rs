//! Translates patterns from the dialect of XML Schema (RFC 7950 section 9.4.5), with libyang's
//! additions, to that of the `regex` crates.

mod blocks;
mod class;
mod matcher;
mod perl;

use regex_automata::nfa::thompson::{self, NFA, WhichCaptures};
use regex_automata::util::syntax;

pub(crate) use matcher::Matcher;
use perl::Flags;

/// A pattern that cannot be translated, with the reason.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(crate) struct Untranslatable(pub(crate) String);

fn untranslatable<T>(reason: impl Into<String>) -> Result<T, Untranslatable> {
    Err(Untranslatable(reason.into()))
}

/// The largest automaton of a pattern, in bytes: XML Schema bounds no repetition, but memory does.
const SIZE_LIMIT: usize = 256 << 20;

/// The translation of an XSD regular expression, without anchors: XSD's always hold for the whole
/// value.
///
/// The dialects agree but for these: `^` and `$` are literals, `.` is any character but line feed
/// and carriage return, `\i` and `\c` are the characters of XML names, `\p{IsGreek}` is a block of
/// Unicode, a `-[` in a class subtracts the class that follows, and `&&`, `~~` or a bare `[` in a
/// class mean nothing special.
///
/// Syntax that XML Schema lacks means the same as in libyang, that is in PCRE2.
pub(crate) fn translate(source: &str) -> Result<String, Untranslatable> {
    let mut translation = Translation {
        rest: source,
        flags: Flags::default(),
        around: Vec::new(),
        is_unbalanced: false,
    };
    let mut regex = String::with_capacity(source.len());
    while let Some(character) = translation.next() {
        match character {
            '^' if translation.is_unbalanced => regex.push_str(r"\A"),
            '$' if translation.is_unbalanced => regex.push_str(r"\z"),
            '^' | '$' | '}' => push_literal(&mut regex, character),
            '.' if translation.flags.dot_all => regex.push_str("(?s:.)"),
            '.' => regex.push_str(r"[^\n\r]"),
            '\\' => match translation.escape()? {
                Escaped::Character(character) => push_literal(&mut regex, character),
                Escaped::Class(class) => translation.push_class(&mut regex, &class),
                Escaped::Assertion(assertion) => regex.push_str(assertion),
            },
            '[' => regex.push_str(&translation.class()?),
            '(' => translation.open_group(&mut regex)?,
            ')' => translation.close_group(&mut regex),
            '*' | '+' | '?' | '{' => translation.quantifier(character, &mut regex)?,
            other => regex.push(other),
        }
    }
    compile(&regex)?;
    Ok(regex)
}

/// The automaton of a translated pattern, which takes the whole value.
fn compile(regex: &str) -> Result<NFA, Untranslatable> {
    let expression = syntax::parse(&format!(r"\A(?:{regex})\z")).map_err(|error| {
        // The words stand behind a picture of the place, several lines high.
        let error = error.to_string();
        let words = error.rsplit("error: ").next();
        Untranslatable(words.unwrap_or("it is no regular expression").to_owned())
    })?;
    let config = thompson::Config::new()
        .nfa_size_limit(Some(SIZE_LIMIT))
        .which_captures(WhichCaptures::None);
    let compiled = NFA::compiler()
        .configure(config)
        .build_from_hir(&expression);
    compiled.map_err(|error| match error.size_limit() {
        Some(_) => Untranslatable("its repetitions make it too large".to_owned()),
        None => Untranslatable(error.to_string()),
    })
}

/// `\i`, the characters that may start an XML name, and `\c`, those that may stand in one (XML 1.0
/// sections 2.3), as the inside of a class.
const NAME_START: &str = r":A-Z_a-z\u{C0}-\u{D6}\u{D8}-\u{F6}\u{F8}-\u{2FF}\u{370}-\u{37D}\u{37F}-\u{1FFF}\u{200C}-\u{200D}\u{2070}-\u{218F}\u{2C00}-\u{2FEF}\u{3001}-\u{D7FF}\u{F900}-\u{FDCF}\u{FDF0}-\u{FFFD}\u{10000}-\u{EFFFF}";
const NAME_MORE: &str = r"\-.0-9\u{B7}\u{0300}-\u{036F}\u{203F}-\u{2040}";

/// The meaning of an escape.
enum Escaped {
    Character(char),
    /// A class of characters, fit to stand in another.
    Class(String),
    /// No characters, but a place between two.
    Assertion(&'static str),
}

/// The rest of the source, and the state of the translation.
struct Translation<'s> {
    rest: &'s str,
    flags: Flags,
    /// The flags of the groups around, to be restored when this one closes.
    around: Vec<Flags>,
    /// True after a class with a bare bracket, which XML Schema requires a backslash for: libyang
    /// reads what follows as the inside of a class, and leaves `^` and `$` with their meaning in
    /// PCRE2.
    is_unbalanced: bool,
}

impl Translation<'_> {
    fn next(&mut self) -> Option<char> {
        let mut characters = self.rest.chars();
        let next = characters.next();
        self.rest = characters.as_str();
        next
    }

    /// An escape, from behind its backslash.
    fn escape(&mut self) -> Result<Escaped, Untranslatable> {
        let Some(character) = self.next() else {
            return untranslatable("a backslash at the end");
        };
        let class = match character {
            'n' => return Ok(Escaped::Character('\n')),
            'r' => return Ok(Escaped::Character('\r')),
            't' => return Ok(Escaped::Character('\t')),
            _ if character.is_ascii_punctuation() => return Ok(Escaped::Character(character)),
            'd' => r"\d".to_owned(),
            'D' => r"\D".to_owned(),
            's' => r"[ \t\n\r]".to_owned(),
            'S' => r"[^ \t\n\r]".to_owned(),
            'w' => r"[^\p{P}\p{Z}\p{C}]".to_owned(),
            'W' => r"[\p{P}\p{Z}\p{C}]".to_owned(),
            'i' => format!("[{NAME_START}]"),
            'c' => format!("[{NAME_START}{NAME_MORE}]"),
            'I' => format!("[^{NAME_START}]"),
            'C' => format!("[^{NAME_START}{NAME_MORE}]"),
            'p' | 'P' => self.property(character)?,
            other => return self.perl_escape(other),
        };
        Ok(Escaped::Class(class))
    }

    /// `\p{…}`: categories have the same names; blocks (`\p{IsGreek}`) do not exist in the other
    /// dialect.
    fn property(&mut self, letter: char) -> Result<String, Untranslatable> {
        let in_braces = self.rest.strip_prefix('{');
        let Some((name, rest)) = in_braces.and_then(|rest| rest.split_once('}')) else {
            let Some(name) = self.next().filter(char::is_ascii_uppercase) else {
                return untranslatable(format!("\\{letter} without a category in braces"));
            };
            return Ok(format!("\\{letter}{{{name}}}"));
        };
        self.rest = rest;
        let Some(block) = name.strip_prefix("Is") else {
            // Categories have one or two letters.
            return Ok(match name.len() {
                1 | 2 if name != "L&" => format!("\\{letter}{{{name}}}"),
                _ => perl::property(letter, name),
            });
        };
        let not = if letter == 'P' { "^" } else { "" };
        match blocks::block(block) {
            Some(characters) => Ok(format!("[{not}{characters}]")),
            None => untranslatable(format!("XML Schema has no Unicode block {name}")),
        }
    }
}

/// Adds a character that means itself, in a class too.
fn push_literal(regex: &mut String, character: char) {
    match character {
        '\n' => regex.push_str(r"\n"),
        '\r' => regex.push_str(r"\r"),
        '\t' => regex.push_str(r"\t"),
        // These with a backslash are the bounds of a word.
        '<' | '>' => regex.push(character),
        _ if character.is_ascii_punctuation() => regex.extend(['\\', character]),
        _ => regex.push(character),
    }
}

#[cfg(test)]
mod tests {
    use regex_automata::meta;

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
            (r"\p{IsGreek}+", "λ", "l"),
            (r"[\p{IsBasicLatin}é]+", "aé", "è"),
            (r"\P{IsBasicLatin}", "é", "a"),
            (r"[^\p{IsGreekExtended}]", "λ", "ἀ"),
            (r"[\P{IsHebrew}-[a]]", "b", "a"),
            ("[^a-z-[0-9]]", "A", "5"),
            ("[a-z-[b-y-[m]]]+", "amz", "b"),
            (r"\<a\>", "<a>", "a"),
            (r"[\<\>]+", "<>", "a"),
            ("[+--]+", "+,-", "."),
            ("[!--/]", "/", "0"),
            (r"[\d-x]+", "1-x", "a"),
            ("[a-c-e]+", "b-e", "d"),
            (r"[A-\]]+", "[", "-"),
            (r"[\[-\]]+", r"[\]", "-"),
            (r"[a-\d]+", "a-1", "b"),
            (r"[\n]", "\n", "n"),
            ("[~~a]+", "~a", "b"),
            (r"a{2,3}", "aa", "aaaa"),
            ("(a|b)*c?", "abac", "cc"),
            (r"[\w-.]+", "a-.", "("),
        ] {
            assert!(matches(source, yes), "{source} should match {yes}");
            assert!(!matches(source, no), "{source} should not match {no}");
        }
    }

    #[test]
    fn what_cannot_be_translated_is_refused() {
        for source in [
            "(?=a)",
            "(?:a",
            "(?#a",
            "(?<a",
            "(?",
            "a)",
            r"\p{IsKlingon}",
            r"\p{IsGreekish}",
            r"\p{Nope}",
            r"\p",
            r"\q",
            "[a",
            "[]",
            "[a-[b]c]",
            "[b-a]",
            "a{3,2}",
            "a{,2}",
            r"\x{110000}",
            r"\o{9}",
            r"[\A]",
            r"a\",
        ] {
            assert!(translate(source).is_err(), "{source}");
        }
    }
}
