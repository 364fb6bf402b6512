//! Places in the data: instance paths and their steps.

use std::borrow::Cow;
use std::fmt;

use compact_str::CompactString;

use crate::text::{SHOWN, shortened};

/// The path of an instance: `/module:node/node[key='value']/leaf`, with a module name where it
/// differs from the parent's (RFC 7951 section 6.11). A value with both kinds of quotes, which that
/// cannot hold, is an XPath expression: `[name=concat("it's", '"so"')]`.
#[derive(Debug, Clone, Default, PartialEq, Eq, Hash)]
pub struct InstancePath {
    /// Innermost first: faults are carried outwards while the decoder returns.
    steps: Vec<Step>,
}

/// One level of an instance path.
#[derive(Debug, Clone, PartialEq, Eq, Hash)]
pub struct Step {
    /// `name` or `module:name`.
    pub name: CompactString,
    /// The one of several instances.
    pub predicate: Predicate,
}

impl Step {
    /// The step to a node that can stand only once.
    pub(crate) fn plain(name: &str) -> Self {
        Self {
            name: name.into(),
            predicate: Predicate::None,
        }
    }
}

/// The part of a step that tells instances apart.
#[derive(Debug, Clone, PartialEq, Eq, Hash)]
pub enum Predicate {
    /// The node can stand only once.
    None,
    /// The entry with these keys: name and value.
    Keys(Vec<(CompactString, CompactString)>),
    /// The leaf-list's value.
    Value(CompactString),
    /// The entry at this place, from 1: its keys are not known.
    Position(usize),
}

impl InstancePath {
    /// Puts a level around the path so far.
    pub fn push_outer(&mut self, step: Step) {
        self.steps.push(step);
    }

    /// The levels, outermost first.
    #[must_use = "iterators do nothing unless they are used"]
    pub fn steps(&self) -> impl DoubleEndedIterator<Item = &Step> {
        self.steps.iter().rev()
    }

    /// The path with the first [`SHOWN`] characters of each key and value.
    pub(crate) fn shown(mut self) -> Self {
        let shorten = |text: &mut CompactString| {
            if let Cow::Owned(short) = shortened(text, SHOWN) {
                *text = short.into();
            }
        };
        for step in &mut self.steps {
            match &mut step.predicate {
                Predicate::None | Predicate::Position(_) => {}
                Predicate::Value(value) => shorten(value),
                Predicate::Keys(keys) => keys.iter_mut().for_each(|(_, value)| shorten(value)),
            }
        }
        self
    }

    /// Returns true if the path is that of the message as a whole.
    #[must_use]
    pub fn is_root(&self) -> bool {
        self.steps.is_empty()
    }
}

impl Predicate {
    /// The same with the names of keys as `rename` has them.
    pub(crate) fn with_names(&self, rename: impl Fn(&str) -> String) -> Self {
        match self {
            Self::Keys(keys) => {
                let keys = keys.iter();
                Self::Keys(
                    keys.map(|(name, value)| (rename(name).into(), value.clone()))
                        .collect(),
                )
            }
            other => other.clone(),
        }
    }
}

impl fmt::Display for Predicate {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::None => Ok(()),
            Self::Position(at) => write!(f, "[{at}]"),
            Self::Value(value) => write!(f, "[.={}]", Quoted(value)),
            Self::Keys(keys) => keys
                .iter()
                .try_for_each(|(name, value)| write!(f, "[{name}={}]", Quoted(value))),
        }
    }
}

impl fmt::Display for Step {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{}{}", self.name, self.predicate)
    }
}

impl fmt::Display for InstancePath {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        if self.is_root() {
            return f.write_str("/");
        }
        self.steps().try_for_each(|step| write!(f, "/{step}"))
    }
}

/// A string in XPath: in single quotes, or double ones if it holds a single one. XPath 1.0 has no
/// escapes, so a string with both is composed: `concat("it's", '"so"')`.
pub(crate) struct Quoted<'a>(pub(crate) &'a str);

impl Quoted<'_> {
    /// The longest start of `text` with at most one kind of quotes, and the rest.
    fn part(text: &str) -> (&str, &str) {
        let mut quotes = text.match_indices(['\'', '"']);
        let first = quotes.next().map(|(_, quote)| quote);
        let other = quotes.find(|(_, quote)| Some(*quote) != first);
        text.split_at(other.map_or(text.len(), |(at, _)| at))
    }
}

impl fmt::Display for Quoted<'_> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let (part, mut rest) = Self::part(self.0);
        let is_whole = rest.is_empty();
        if !is_whole {
            f.write_str("concat(")?;
        }
        let quote = |part: &str| if part.contains('\'') { '"' } else { '\'' };
        write!(f, "{0}{part}{0}", quote(part))?;
        while !rest.is_empty() {
            let (part, behind) = Self::part(rest);
            write!(f, ", {0}{part}{0}", quote(part))?;
            rest = behind;
        }
        if !is_whole {
            f.write_str(")")?;
        }
        Ok(())
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn values_are_quoted_as_xpath_can() {
        for (value, quoted) in [
            ("", "''"),
            ("a b", "'a b'"),
            ("it's", "\"it's\""),
            ("\"so\"", "'\"so\"'"),
            ("it's \"so\"", "concat(\"it's \", '\"so\"')"),
            ("\"'\"", "concat('\"', \"'\", '\"')"),
        ] {
            assert_eq!(Quoted(value).to_string(), quoted);
        }
    }
}
