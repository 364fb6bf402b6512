//! Holds texts of schemas, such as defaults, against translated patterns.

use regex_automata::nfa::thompson::pikevm::PikeVM;

use super::compile;

/// A pattern, ready to be held against texts.
#[derive(Debug)]
pub(crate) struct Matcher(PikeVM);

/// The most steps of one match: characters of the text times states of the automaton.
const MOST_STEPS: usize = 1 << 28;

impl Matcher {
    /// A matcher of a pattern that [`translate`](super::translate) gave; `None` if it cannot be made.
    pub(crate) fn new(translated: &str) -> Option<Self> {
        let automaton = compile(translated).ok()?;
        PikeVM::new_from_nfa(automaton).ok().map(Self)
    }

    /// True if the pattern takes the text; `None` if that would cost too many steps to tell.
    pub(crate) fn is_match(&self, text: &str) -> Option<bool> {
        let states = self.0.get_nfa().states().len();
        let is_bearable = states.saturating_mul(text.len()) <= MOST_STEPS;
        is_bearable.then(|| self.0.is_match(&mut self.0.create_cache(), text))
    }
}

#[cfg(test)]
mod tests {
    use super::super::translate;
    use super::*;

    #[test]
    fn a_pattern_takes_whole_texts_alone() {
        let matcher = Matcher::new(&translate("a|[b-d]{2}").unwrap()).unwrap();
        for (text, is_taken) in [("a", true), ("cd", true), ("aa", false), ("", false)] {
            assert_eq!(matcher.is_match(text), Some(is_taken), "{text}");
        }
    }

    #[test]
    fn what_costs_too_much_is_not_told() {
        let matcher = Matcher::new(&translate("(a{1,1000}){1,100}").unwrap()).unwrap();
        assert_eq!(matcher.is_match(&"a".repeat(1 << 20)), None);
    }
}
