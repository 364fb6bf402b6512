//! What is wrong with a message: faults with their place, and how they read.

use std::borrow::Cow;
use std::fmt;

use compact_str::CompactString;
use serde::Serialize;

use crate::text::{SHOWN, excerpt, shortened, visible};

/// One thing that is wrong with a message.
#[derive(Debug, Clone, PartialEq, Eq)]
#[non_exhaustive]
pub struct Fault {
    /// What kind of thing is wrong.
    pub kind: FaultKind,
    /// Where in the data tree, with list keys: each with its first [`SHOWN`] characters, so that the
    /// paths of several nodes can be the same; their positions are not.
    pub path: InstancePath,
    /// Where in the message, if it came as one.
    pub position: Option<Position>,
    /// The value at fault, shortened.
    pub value: Option<String>,
    /// The error-app-tag (RFC 7950 section 15): the module's own for the restriction at fault, or
    /// the one of the kind.
    pub app_tag: Option<&'static str>,
    /// The module's own error-message for the restriction at fault (RFC 7950 section 7.5.4.1).
    pub message: Option<&'static str>,
    /// What would have been right, for the sender's operator.
    pub expected: String,
}

impl Fault {
    /// What is wrong, without its place: the module's own message, or what was expected; and what
    /// was found.
    #[must_use]
    pub fn problem(&self) -> String {
        let mut problem = match self.message {
            Some(message) => message.to_owned(),
            None => format!("expected {}", self.expected),
        };
        if let Some(value) = &self.value {
            problem.push_str(", found ");
            problem.push_str(value);
        }
        problem
    }
}

/// The kinds of faults. Each has one RFC 8040 error-tag, [`FaultKind::error_tag`].
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
#[non_exhaustive]
pub enum FaultKind {
    /// The bytes are not well-formed JSON, XML or CBOR, or not UTF-8.
    Malformed,
    /// Bytes follow the end of the message.
    TrailingData,
    /// XML has a document type declaration or an entity that it would have to declare.
    Entity,
    /// Objects or elements nest deeper than the limit.
    TooDeep,
    /// The message is larger than the limit, its data take more memory than they may, or its XML has
    /// too many declarations of namespaces.
    TooLarge,
    /// The message holds no notification, or the document no operation.
    Empty,
    /// The schema has no such node here.
    UnknownElement,
    /// An XML namespace that no compiled module has, or not the one that this node has.
    UnknownNamespace,
    /// An XML attribute or a JSON annotation that no module defines, or one without its node.
    UnknownAttribute,
    /// A node that may stand once stands again.
    Duplicate,
    /// Two list entries have the same keys, or two values of a configuration leaf-list are equal.
    DuplicateEntry,
    /// A list entry lacks a key.
    MissingKey,
    /// In XML, a key of a list entry stands behind one that comes after it.
    KeyOrder,
    /// A mandatory node is absent.
    MissingMandatory,
    /// A value or node of the wrong JSON or CBOR kind, such as a number where a string is due.
    WrongKind,
    /// Text that is no value of the type at all.
    Lexical,
    /// A number outside the range.
    Range,
    /// A string of a length that is not allowed.
    Length,
    /// A string that does not match a pattern.
    Pattern,
    /// A name that the enumeration does not have.
    Enumeration,
    /// A leafref whose referred leaf is not in the message.
    DanglingLeafref,
    /// No node is where an instance-identifier leads.
    MissingInstance,
    /// A node whose `when` is false.
    When,
    /// A `must` that is false.
    Must,
    /// Data of several cases of a choice.
    SeveralCases,
    /// No data of a mandatory choice.
    MissingChoice,
    /// Fewer entries of a list or values of a leaf-list than `min-elements`.
    TooFewElements,
    /// More entries of a list or values of a leaf-list than `max-elements`.
    TooManyElements,
    /// Two list entries have the same values where a `unique` wants other ones.
    NotUnique,
    /// The message's `when` and `must` take more work than the limit allows.
    TooCostly,
}

/// The error-tag of RFC 8040 section 7, in the words of RFC 6241 appendix A.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
#[expect(missing_docs, reason = "the names are RFC 6241's own")]
#[non_exhaustive]
pub enum ErrorTag {
    MalformedMessage,
    TooBig,
    InvalidValue,
    UnknownElement,
    UnknownNamespace,
    UnknownAttribute,
    BadElement,
    MissingElement,
    DataMissing,
    OperationNotSupported,
    OperationFailed,
    ResourceDenied,
}

impl ErrorTag {
    /// The tag as it stands in an error body.
    #[must_use]
    pub const fn as_str(self) -> &'static str {
        match self {
            Self::MalformedMessage => "malformed-message",
            Self::TooBig => "too-big",
            Self::InvalidValue => "invalid-value",
            Self::UnknownElement => "unknown-element",
            Self::UnknownNamespace => "unknown-namespace",
            Self::UnknownAttribute => "unknown-attribute",
            Self::BadElement => "bad-element",
            Self::MissingElement => "missing-element",
            Self::DataMissing => "data-missing",
            Self::OperationNotSupported => "operation-not-supported",
            Self::OperationFailed => "operation-failed",
            Self::ResourceDenied => "resource-denied",
        }
    }
}

impl fmt::Display for ErrorTag {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(self.as_str())
    }
}

impl FaultKind {
    /// A short fixed name, fit for a metric's label.
    #[must_use]
    pub const fn as_str(self) -> &'static str {
        match self {
            Self::Malformed => "malformed",
            Self::TrailingData => "trailing-data",
            Self::Entity => "entity",
            Self::TooDeep => "too-deep",
            Self::TooLarge => "too-large",
            Self::Empty => "empty",
            Self::UnknownElement => "unknown-element",
            Self::UnknownNamespace => "unknown-namespace",
            Self::UnknownAttribute => "unknown-attribute",
            Self::Duplicate => "duplicate",
            Self::DuplicateEntry => "duplicate-entry",
            Self::MissingKey => "missing-key",
            Self::KeyOrder => "key-order",
            Self::MissingMandatory => "missing-mandatory",
            Self::WrongKind => "wrong-kind",
            Self::Lexical => "lexical",
            Self::Range => "range",
            Self::Length => "length",
            Self::Pattern => "pattern",
            Self::Enumeration => "enumeration",
            Self::DanglingLeafref => "dangling-leafref",
            Self::MissingInstance => "missing-instance",
            Self::When => "when",
            Self::Must => "must",
            Self::SeveralCases => "several-cases",
            Self::MissingChoice => "missing-choice",
            Self::TooFewElements => "too-few-elements",
            Self::TooManyElements => "too-many-elements",
            Self::NotUnique => "not-unique",
            Self::TooCostly => "too-costly",
        }
    }

    /// The RFC 8040 error-tag (RFC 7950 sections 8.3.1 and 15 where they name one).
    #[must_use]
    pub const fn error_tag(self) -> ErrorTag {
        match self {
            Self::Malformed | Self::TrailingData | Self::Entity | Self::Empty => {
                ErrorTag::MalformedMessage
            }
            Self::TooDeep | Self::TooLarge => ErrorTag::TooBig,
            Self::UnknownElement | Self::When => ErrorTag::UnknownElement,
            Self::UnknownNamespace => ErrorTag::UnknownNamespace,
            Self::UnknownAttribute => ErrorTag::UnknownAttribute,
            Self::Duplicate | Self::DuplicateEntry | Self::KeyOrder | Self::SeveralCases => {
                ErrorTag::BadElement
            }
            Self::MissingKey => ErrorTag::MissingElement,
            Self::MissingMandatory
            | Self::MissingChoice
            | Self::DanglingLeafref
            | Self::MissingInstance => ErrorTag::DataMissing,
            Self::Must | Self::TooFewElements | Self::TooManyElements | Self::NotUnique => {
                ErrorTag::OperationFailed
            }
            Self::TooCostly => ErrorTag::ResourceDenied,
            Self::WrongKind
            | Self::Lexical
            | Self::Range
            | Self::Length
            | Self::Pattern
            | Self::Enumeration => ErrorTag::InvalidValue,
        }
    }

    /// The error-app-tag, where RFC 7950 section 15 names one.
    #[must_use]
    pub const fn error_app_tag(self) -> Option<&'static str> {
        match self {
            Self::DanglingLeafref | Self::MissingInstance => Some("instance-required"),
            Self::Must => Some("must-violation"),
            Self::MissingChoice => Some("missing-choice"),
            Self::TooFewElements => Some("too-few-elements"),
            Self::TooManyElements => Some("too-many-elements"),
            Self::NotUnique => Some("data-not-unique"),
            _ => None,
        }
    }
}

impl fmt::Display for FaultKind {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(self.as_str())
    }
}

/// A place in a message. One that is no text is a single line, whose columns are bytes.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize)]
pub struct Position {
    /// Bytes from the start of the message.
    pub offset: usize,
    /// The line, from 1.
    pub line: usize,
    /// The column in characters, from 1.
    pub column: usize,
}

impl Position {
    /// The place of `offset` in a message that is no text.
    #[must_use]
    pub const fn in_bytes(offset: usize) -> Self {
        Self {
            offset,
            line: 1,
            column: offset + 1,
        }
    }

    /// The place that `offset` has in `input`.
    #[must_use]
    pub fn locate(input: &[u8], offset: usize) -> Self {
        let before = input.get(..offset).unwrap_or(input);
        let line_start = memchr::memrchr(b'\n', before).map_or(0, |at| at + 1);
        let line = memchr::memchr_iter(b'\n', before).count() + 1;
        let tail = before.get(line_start..).unwrap_or_default();
        // Each character has one byte that continues none. A message can be one line of megabytes,
        // and this is asked for each fault: no more than the bytes are looked at.
        let starts = tail.iter().filter(|&&byte| byte & 0xc0 != 0x80);
        Self {
            offset: before.len(),
            line,
            column: starts.count() + 1,
        }
    }
}

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
    /// Which of several instances.
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

/// Which of several instances a step means.
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

    /// Whether the path names the message as a whole.
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

/// A string as XPath has it: in single quotes, or double ones if it holds a single one. XPath 1.0 has
/// no escapes, so what holds both is put together: `concat("it's", '"so"')`.
pub(crate) struct Quoted<'a>(pub(crate) &'a str);

impl Quoted<'_> {
    /// The longest start of `text` that holds one kind of quotes at most, and what follows.
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

impl fmt::Display for Fault {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        if let Some(at) = self.position {
            write!(f, "{}:{}: ", at.line, at.column)?;
        }
        write!(f, "{}: {}: {}", self.kind, self.path, self.problem())
    }
}

/// All that was found wrong with one message; never empty.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
pub struct Faults {
    /// The faults in the order of the message, those between nodes last.
    pub list: Vec<Fault>,
    /// Whether there were more than the bound allows to be listed.
    pub truncated: bool,
}

/// The longest line that [`Faults::first_line`] gives, in characters.
const LINE: usize = 500;

impl Faults {
    /// The first fault in one line of a bounded length, for a note or a log.
    #[must_use]
    pub fn first_line(&self) -> String {
        let first = self.list.first();
        let line = first.map_or_else(String::new, |fault| excerpt(fault, LINE));
        visible(&line).into_owned()
    }
}

impl fmt::Display for Faults {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        for (at, fault) in self.list.iter().enumerate() {
            if at > 0 {
                writeln!(f)?;
            }
            write!(f, "{fault}")?;
        }
        if self.truncated {
            write!(f, "\nand more")?;
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
