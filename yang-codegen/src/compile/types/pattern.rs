//! Patterns (RFC 7950 section 9.4.5).

use std::rc::Rc;

use super::Types;
use super::range::on_error;
use crate::fault::Fault;
use crate::model;
use crate::parse::{Keyword, Statement};
use crate::pattern::{self, Matcher};

/// A `pattern` statement, translated for the engine of generated code.
#[derive(Debug, Clone)]
pub(crate) struct Pattern<'m> {
    pub(super) statement: Statement<'m>,
    /// The translation, or the reason that there is none.
    translated: Result<Rc<str>, Rc<str>>,
    pub(super) inverted: bool,
}

impl<'m> Pattern<'m> {
    pub(super) fn new(statement: Statement<'m>) -> Self {
        let translated = pattern::translate(statement.argument());
        Self {
            statement,
            translated: translated.map(Into::into).map_err(|reason| reason.0.into()),
            inverted: statement.argument_of(Keyword::Modifier) == Some("invert-match"),
        }
    }

    /// The fault of a pattern that cannot be used.
    pub(super) fn fault(&self) -> Option<Fault> {
        let reason = self.translated.as_ref().err()?;
        let message =
            format!("the pattern cannot be used: {reason}; write it in XML Schema's syntax");
        Some(Fault::of(self.statement, SECTION, message))
    }

    /// Its form in the model; none if it cannot be used.
    pub(super) fn converted(&self) -> Option<model::Pattern> {
        Some(model::Pattern {
            regex: self.statement.argument().to_owned(),
            translated: self.translated.as_ref().ok()?.to_string(),
            inverted: self.inverted,
            on_error: on_error(self.statement),
        })
    }
}

pub(super) const SECTION: &str = "RFC 7950 section 9.4.5";

impl<'m> Types<'m> {
    /// True if a pattern takes a text, and if there is no telling.
    pub(super) fn takes(&self, pattern: &Pattern<'m>, text: &str) -> bool {
        let key = pattern.statement.key();
        let known = self.matchers.borrow().get(&key).cloned();
        let matcher = known.unwrap_or_else(|| {
            let translated = pattern.translated.as_ref().ok();
            let matcher = translated.and_then(|translated| Matcher::new(translated));
            let matcher = matcher.map(Rc::new);
            self.matchers.borrow_mut().insert(key, matcher.clone());
            matcher
        });
        let found = matcher.and_then(|matcher| matcher.is_match(text));
        found.is_none_or(|found| found != pattern.inverted)
    }
}
