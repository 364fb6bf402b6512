//! The lexical structure of XPath 1.0 (section 3.7 of the recommendation).

use super::Invalid;

/// A token.
#[derive(Debug, Clone, Copy, PartialEq)]
pub(super) enum Token<'s> {
    /// `(`, `)`, `[`, `]`, `.`, `..`, `@`, `,`, `::`, an operator, or the `*` of a name test.
    Mark(&'static str),
    /// `or`, `and`, `mod`, `div`, or the `*` that multiplies.
    Word(&'static str),
    /// A text in quotes, without them.
    Literal(&'s str),
    /// A number.
    Number(f64),
    /// `name` or `prefix:name`.
    Name(Option<&'s str>, &'s str),
    /// `prefix:*`.
    Prefix(&'s str),
}

/// Longer ones stand before those that they start with.
const MARKS: &[&str] = &[
    "::", "..", "//", "!=", "<=", ">=", "(", ")", "[", "]", ".", "@", ",", "/", "|", "+", "-", "=",
    "<", ">",
];

const WORDS: &[&str] = &["or", "and", "mod", "div", "*"];

/// A token, and where its text starts.
pub(super) type Placed<'s> = (Token<'s>, usize);

/// The tokens of an expression.
pub(super) fn tokens(source: &str) -> Result<Vec<Placed<'_>>, Invalid> {
    let mut tokens: Vec<Placed<'_>> = Vec::new();
    let mut rest = source.trim_start_matches(is_space);
    while !rest.is_empty() {
        let (token, length) = token(rest, tokens.last().map(|(token, _)| *token))?;
        tokens.push((token, source.len() - rest.len()));
        rest = rest
            .get(length..)
            .unwrap_or_default()
            .trim_start_matches(is_space);
    }
    Ok(tokens)
}

const fn is_space(character: char) -> bool {
    matches!(character, ' ' | '\t' | '\n' | '\r')
}

/// The first token of a text that is not empty, and its length.
fn token<'s>(text: &'s str, before: Option<Token<'s>>) -> Result<(Token<'s>, usize), Invalid> {
    if ends_operand(before)
        && let Some(word) = WORDS.iter().find(|word| text.starts_with(**word))
    {
        return Ok((Token::Word(word), word.len()));
    }
    if text.starts_with('*') {
        return Ok((Token::Mark("*"), 1));
    }
    if let Some(quote @ ('"' | '\'')) = text.chars().next() {
        let (inner, _) = text
            .get(1..)
            .and_then(|rest| rest.split_once(quote))
            .ok_or_else(|| Invalid(format!("the literal {text} has no end")))?;
        return Ok((Token::Literal(inner), inner.len() + 2));
    }
    if let Some(length) = number(text) {
        let digits = text.get(..length).unwrap_or_default();
        let number = digits.parse().map_err(|_| unexpected(text))?;
        return Ok((Token::Number(number), length));
    }
    if let Some(mark) = MARKS.iter().find(|mark| text.starts_with(**mark)) {
        return Ok((Token::Mark(mark), mark.len()));
    }
    if text.starts_with('$') {
        return Err(Invalid(format!(
            "{text} starts with a variable, and YANG has none"
        )));
    }
    qualified(text).ok_or_else(|| unexpected(text))
}

/// True if the token ends an operand: behind it a `*` multiplies and a name is an operator.
fn ends_operand(token: Option<Token<'_>>) -> bool {
    match token {
        None | Some(Token::Word(_)) => false,
        Some(Token::Mark(mark)) => matches!(mark, ")" | "]" | "." | ".." | "*"),
        Some(_) => true,
    }
}

/// The length of the number at the start.
fn number(text: &str) -> Option<usize> {
    let digits =
        |text: &str| text.len() - text.trim_start_matches(|c: char| c.is_ascii_digit()).len();
    let whole = digits(text);
    let fraction = text.get(whole..)?.strip_prefix('.').map(digits);
    match (whole, fraction) {
        (0, None | Some(0)) => None,
        (_, None) => Some(whole),
        (_, Some(fraction)) => Some(whole + 1 + fraction),
    }
}

/// `name`, `prefix:name` or `prefix:*`.
fn qualified(text: &str) -> Option<(Token<'_>, usize)> {
    let first = ncname(text)?;
    let behind = text.get(first.len()..)?;
    let Some(local) = behind
        .strip_prefix(':')
        .filter(|local| !local.starts_with(':'))
    else {
        return Some((Token::Name(None, first), first.len()));
    };
    if local.starts_with('*') {
        return Some((Token::Prefix(first), first.len() + 2));
    }
    let name = ncname(local)?;
    Some((Token::Name(Some(first), name), first.len() + 1 + name.len()))
}

/// The name without a colon at the start (Namespaces in XML, `NCName`).
fn ncname(text: &str) -> Option<&str> {
    let starts = |c: char| c.is_alphabetic() || c == '_';
    let continues = |c: char| c.is_alphanumeric() || matches!(c, '_' | '-' | '.');
    text.starts_with(starts).then_some(())?;
    let end = text.find(|c| !continues(c)).unwrap_or(text.len());
    text.get(..end)
}

pub(super) fn unexpected(text: &str) -> Invalid {
    Invalid(format!("\"{text}\" is not expected there"))
}
