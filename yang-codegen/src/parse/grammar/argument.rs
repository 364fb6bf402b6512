//! The arguments of statements (RFC 7950 section 14).

use crate::parse::{Keyword, Statement};

/// The kinds of arguments.
///
/// Expressions, patterns, ranges and features are read where their meaning is known.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Argument {
    None,
    Text,
    /// A name that is defined.
    Identifier,
    /// A name with or without a prefix.
    Reference,
    Date,
    Boolean,
    OneOf(&'static [&'static str]),
    Uri,
    /// The names of leafs.
    Key,
    /// Descendant schema node identifiers.
    Unique,
    AbsoluteNode,
    DescendantNode,
    /// A descendant schema node identifier in a `uses` statement, an absolute one elsewhere.
    AugmentTarget,
    Integer,
    NonNegative,
    MaxElements,
}

/// The fault of an argument.
#[derive(Debug, PartialEq, Eq)]
pub(super) enum Malformed {
    Fault(String),
    /// libyang takes it.
    Tolerable(String),
}

impl Argument {
    /// The words that the argument is one of, if there are such words.
    pub(super) const fn words(self) -> &'static [&'static str] {
        match self {
            Self::Boolean => &["true", "false"],
            Self::OneOf(words) => words,
            _ => &[],
        }
    }

    pub(super) fn check(self, statement: Statement<'_>) -> Result<(), Malformed> {
        let argument = match (statement.argument_if_any(), self) {
            (None, Self::None) => return Ok(()),
            (Some(_), Self::None) => return fault("it has no argument; remove it"),
            (None, _) => return fault("its argument is missing"),
            (Some(argument), _) => argument,
        };
        match self {
            Self::None | Self::Text => Ok(()),
            Self::Identifier => identifier(argument, statement.text().is_yang11),
            Self::Reference => demand(
                is_reference(argument),
                "it is not a name; write an identifier, with a prefix and : in front if it is of \
                 another module",
            ),
            Self::Date => demand(is_date(argument), "it is no date; write YYYY-MM-DD"),
            Self::Boolean | Self::OneOf(_) => one_of(argument, self.words()),
            Self::Uri => uri(argument),
            Self::Key => names(argument, is_reference).and_then(|names| each_once(&names)),
            Self::Unique => names(argument, is_descendant).map(drop),
            Self::AbsoluteNode => absolute(argument),
            Self::DescendantNode => descendant(argument),
            Self::AugmentTarget => {
                let around = statement.parent().map(Statement::keyword);
                if around == Some(Keyword::Uses) {
                    descendant(argument)
                } else {
                    absolute(argument)
                }
            }
            Self::Integer => demand(
                is_integer(argument.strip_prefix('-').unwrap_or(argument)),
                "it is no whole number; write one without a plus sign or leading zeros",
            ),
            Self::NonNegative => demand(
                is_integer(argument),
                "it is no whole number from 0; write one without a sign or leading zeros",
            ),
            Self::MaxElements => demand(
                argument == "unbounded" || (argument != "0" && is_integer(argument)),
                "it is no limit; write a whole number from 1, or unbounded",
            ),
        }
    }
}

fn fault(message: &str) -> Result<(), Malformed> {
    Err(Malformed::Fault(message.to_owned()))
}

fn demand(is_right: bool, message: &str) -> Result<(), Malformed> {
    if is_right { Ok(()) } else { fault(message) }
}

fn one_of(argument: &str, words: &[&str]) -> Result<(), Malformed> {
    if words.contains(&argument) {
        return Ok(());
    }
    let known = match words {
        [first @ .., last] if !first.is_empty() => format!("{} or {last}", first.join(", ")),
        words => words.concat(),
    };
    fault(&format!("it must be {known}"))
}

fn identifier(argument: &str, is_yang11: bool) -> Result<(), Malformed> {
    if !is_identifier(argument) {
        return fault(
            "it is no identifier; write letters, digits, _, - and ., with a letter or _ first",
        );
    }
    let start = argument.get(..3).unwrap_or_default();
    if !is_yang11 && start.eq_ignore_ascii_case("xml") {
        let message = "a name in YANG 1 does not begin with xml; take another, or yang-version 1.1";
        return Err(Malformed::Tolerable(message.to_owned()));
    }
    Ok(())
}

/// Returns true for an `identifier` (RFC 7950 section 6.2).
pub(in crate::parse) fn is_identifier(text: &str) -> bool {
    let begins = text.starts_with(|first: char| first.is_ascii_alphabetic() || first == '_');
    let is_inner = |byte: u8| byte.is_ascii_alphanumeric() || matches!(byte, b'_' | b'-' | b'.');
    begins && text.bytes().all(is_inner)
}

/// Returns true for an `identifier-ref` or `node-identifier`.
fn is_reference(text: &str) -> bool {
    let (prefix, name) = text.split_once(':').unwrap_or(("_", text));
    is_identifier(prefix) && is_identifier(name)
}

fn is_descendant(text: &str) -> bool {
    text.split('/').all(is_reference)
}

fn descendant(argument: &str) -> Result<(), Malformed> {
    node(
        argument,
        is_descendant,
        "it is no descendant schema node identifier; write names of nodes with / between them and \
         none in front",
    )
}

fn absolute(argument: &str) -> Result<(), Malformed> {
    node(
        argument,
        |argument| argument.strip_prefix('/').is_some_and(is_descendant),
        "it is no absolute schema node identifier; write the names of nodes, each with / in front",
    )
}

/// Checks a schema node identifier. libyang takes those with white space around the names.
fn node(argument: &str, is_node: fn(&str) -> bool, message: &str) -> Result<(), Malformed> {
    if is_node(argument) {
        return Ok(());
    }
    let tight: Vec<&str> = argument.split('/').map(str::trim).collect();
    if is_node(&tight.join("/")) {
        let message = "it has white space in it; remove that";
        return Err(Malformed::Tolerable(message.to_owned()));
    }
    fault(message)
}

/// The names in a list with white space between them.
fn names(argument: &str, is_name: fn(&str) -> bool) -> Result<Vec<&str>, Malformed> {
    let names: Vec<&str> = argument.split_ascii_whitespace().collect();
    let is_right = !names.is_empty() && names.iter().all(|name| is_name(name));
    demand(
        is_right && argument.trim() == argument,
        "it is no list of names; write the names of leafs with a space between them",
    )?;
    Ok(names)
}

fn each_once(names: &[&str]) -> Result<(), Malformed> {
    let mut names = names.to_vec();
    names.sort_unstable();
    let mut pairs = names.iter().zip(names.iter().skip(1));
    match pairs.find(|(one, next)| one == next) {
        Some((name, _)) => fault(&format!("it has \"{name}\" twice; name each leaf once")),
        None => Ok(()),
    }
}

/// Returns true for `non-negative-integer-value`.
fn is_integer(text: &str) -> bool {
    let is_number = !text.is_empty() && text.bytes().all(|byte| byte.is_ascii_digit());
    is_number && (text == "0" || !text.starts_with('0'))
}

/// Returns true for a date that the calendar has.
fn is_date(text: &str) -> bool {
    let mut parts = text.split('-');
    let mut part = |digits: usize| {
        let part = parts.next()?;
        let is_number = part.len() == digits && part.bytes().all(|byte| byte.is_ascii_digit());
        is_number.then(|| part.parse().ok()).flatten()
    };
    let (Some(year), Some(month), Some(day)) = (part(4), part(2), part(2)) else {
        return false;
    };
    let is_leap: bool = year % 4_u32 == 0 && (year % 100 != 0 || year % 400 == 0);
    let days: u32 = match month {
        2 => 28 + u32::from(is_leap),
        4 | 6 | 9 | 11 => 30,
        1..=12 => 31,
        _ => 0,
    };
    (1..=days).contains(&day) && parts.next().is_none()
}

/// A URI with its scheme (RFC 3986 section 3).
fn uri(argument: &str) -> Result<(), Malformed> {
    let Some((scheme, rest)) = argument.split_once(':') else {
        let message = "it is no URI, which begins with a scheme such as urn:";
        return Err(Malformed::Tolerable(message.to_owned()));
    };
    let letter = |first: char| first.is_ascii_alphabetic();
    let of_scheme = |byte: u8| byte.is_ascii_alphanumeric() || b"+-.".contains(&byte);
    let is_scheme = scheme.starts_with(letter) && scheme.bytes().all(of_scheme);
    let of_uri = |byte: u8| byte.is_ascii_graphic() && !b"\"<>\\^`{|}".contains(&byte);
    if is_scheme && rest.bytes().all(of_uri) {
        return Ok(());
    }
    let message = "it is no URI; write a scheme, : and characters that URIs have";
    Err(Malformed::Tolerable(message.to_owned()))
}
