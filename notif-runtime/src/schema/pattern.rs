//! Patterns of strings (RFC 7950 section 9.4.5).
//!
//! The generator translates a pattern from the dialect of XML Schema to that of the `regex`
//! crates and has checked that it compiles. Here it is compiled once, on first use, to a
//! deterministic automaton that reads a byte a step; a pattern too large for one (counted
//! repetitions of Unicode classes) is matched by the general engine.

use std::sync::OnceLock;

use regex_automata::dfa::{Automaton, dense};
use regex_automata::nfa::thompson::WhichCaptures;
use regex_automata::util::syntax;
use regex_automata::{Anchored, Input, meta};

use super::on_error::OnError;

/// The largest automaton, in bytes, before the general engine serves.
const AUTOMATON_LIMIT: usize = 1 << 20;

/// One pattern of a string type.
#[derive(Debug)]
pub struct Pattern<'s> {
    /// The pattern as the module has it.
    source: &'s str,
    /// The same in the dialect of the `regex` crates, without anchors.
    regex: &'s str,
    /// `invert-match`: a value must not match.
    inverted: bool,
    on_error: OnError<'s>,
    function: Option<fn(&str) -> bool>,
    matcher: OnceLock<Matcher>,
}

#[derive(Debug)]
enum Matcher {
    Automaton(Box<dense::DFA<Vec<u32>>>),
    General(meta::Regex),
    /// Not compilable: the generator refuses such patterns, so no compiled module has one.
    Nothing,
}

impl<'s> Pattern<'s> {
    /// A pattern and its translation.
    #[must_use]
    pub const fn new(source: &'s str, regex: &'s str) -> Self {
        Self {
            source,
            regex,
            inverted: false,
            on_error: OnError::NONE,
            function: None,
            matcher: OnceLock::new(),
        }
    }

    /// A pattern that a function checks.
    #[must_use]
    pub const fn function(source: &'s str, function: fn(&str) -> bool) -> Self {
        let mut pattern = Self::new(source, "");
        pattern.function = Some(function);
        pattern
    }

    /// `modifier invert-match`: values must not match.
    #[must_use]
    pub const fn inverted(mut self) -> Self {
        self.inverted = true;
        self
    }

    /// The module's own message for values that the pattern refuses.
    #[must_use]
    pub const fn with_message(mut self, message: &'s str) -> Self {
        self.on_error.message = Some(message);
        self
    }

    /// The module's own error-app-tag for values that the pattern refuses.
    #[must_use]
    pub const fn with_app_tag(mut self, app_tag: &'s str) -> Self {
        self.on_error.app_tag = Some(app_tag);
        self
    }

    pub(crate) const fn on_error(&self) -> OnError<'s> {
        self.on_error
    }

    /// The pattern as the module has it.
    #[must_use]
    pub const fn source(&self) -> &'s str {
        self.source
    }

    /// The same in the dialect of the `regex` crates, without anchors; empty for a pattern that a
    /// function checks.
    #[must_use]
    pub const fn regex(&self) -> &'s str {
        self.regex
    }

    /// Returns true if the type takes `text`.
    #[must_use]
    pub fn is_match(&self, text: &str) -> bool {
        let matches = match self.function {
            Some(function) => function(text),
            None => self
                .matcher
                .get_or_init(|| compile(self.regex))
                .is_match(text),
        };
        matches != self.inverted
    }

    /// The values that match, in words.
    #[must_use]
    pub(crate) fn expectation(&self) -> String {
        let matches = if self.inverted {
            "does not match"
        } else {
            "matches"
        };
        format!("a string that {matches} the pattern {}", self.source)
    }
}

fn compile(regex: &str) -> Matcher {
    let anchored = format!(r"\A(?:{regex})\z");
    let automaton = dense::Builder::new()
        .configure(
            dense::Config::new()
                .start_kind(regex_automata::dfa::StartKind::Anchored)
                .determinize_size_limit(Some(AUTOMATON_LIMIT))
                .dfa_size_limit(Some(AUTOMATON_LIMIT)),
        )
        .syntax(syntax::Config::new())
        .build(&anchored);
    match automaton {
        Ok(automaton) => Matcher::Automaton(Box::new(automaton)),
        Err(_) => general(&anchored).map_or(Matcher::Nothing, Matcher::General),
    }
}

/// The general engine, as large as the pattern needs it: the generator has bounded that.
fn general(anchored: &str) -> Option<meta::Regex> {
    let config = meta::Config::new()
        .nfa_size_limit(None)
        .which_captures(WhichCaptures::None);
    let built = meta::Builder::new().configure(config).build(anchored);
    built.ok()
}

impl Matcher {
    fn is_match(&self, text: &str) -> bool {
        match self {
            Self::Automaton(automaton) => {
                let input = Input::new(text).anchored(Anchored::Yes).earliest(true);
                matches!(automaton.try_search_fwd(&input), Ok(Some(_)))
            }
            Self::General(regex) => regex.is_match(text),
            Self::Nothing => false,
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_pattern_holds_for_the_whole_value() {
        static MAC: Pattern<'_> = Pattern::new(
            "([0-9a-fA-F]{2}(:[0-9a-fA-F]{2})*)?",
            "([0-9a-fA-F]{2}(:[0-9a-fA-F]{2})*)?",
        );
        for text in ["", "3c", "3c:91:80:2b:68:23"] {
            assert!(MAC.is_match(text), "{text}");
        }
        for text in ["3", "3c:", "3c:91 ", "x3c:91", "3c:91\n", "g0"] {
            assert!(!MAC.is_match(text), "{text}");
        }
    }

    #[test]
    fn alternatives_are_anchored_as_one() {
        static EITHER: Pattern<'_> = Pattern::new("a|b", "a|b");
        assert!(EITHER.is_match("a") && EITHER.is_match("b"));
        assert!(!EITHER.is_match("ax") && !EITHER.is_match("xb"));
    }

    #[test]
    fn inverted_patterns_refuse_what_matches() {
        static NOT_XML: Pattern<'_> = Pattern::new("[xX][mM][lL].*", "[xX][mM][lL].*").inverted();
        assert!(NOT_XML.is_match("abc") && !NOT_XML.is_match("XmLy"));
    }

    #[test]
    fn patterns_beyond_the_engines_own_limit_are_matched() {
        static HUGE: Pattern<'_> = Pattern::new(r"\p{L}{0,1000}", r"\p{L}{0,1000}");
        assert!(HUGE.is_match("é".repeat(1000).as_str()));
        assert!(!HUGE.is_match("é".repeat(1001).as_str()));
    }

    #[test]
    fn large_patterns_fall_back_to_the_general_engine() {
        static LARGE: Pattern<'_> = Pattern::new(r"\p{L}{1,100}", r"\p{L}{1,100}");
        assert!(LARGE.is_match("é".repeat(100).as_str()));
        assert!(!LARGE.is_match("é".repeat(101).as_str()));
        assert!(matches!(LARGE.matcher.get(), Some(Matcher::General(_))));
    }
}
