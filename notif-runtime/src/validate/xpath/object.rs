//! The values of expressions, and how one kind becomes another (XPath 1.0 section 4).

use std::borrow::Cow;
use std::ops::Deref;
use std::rc::Rc;

use crate::schema::xpath::Literal;

/// A node: one of the tree, or the text in it if it is a leaf. In document order.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
pub(in crate::validate) struct Ref {
    pub(in crate::validate) at: usize,
    pub(super) is_text: bool,
}

impl Ref {
    /// A node of the tree.
    pub(in crate::validate) const fn node(at: usize) -> Self {
        Self { at, is_text: false }
    }

    /// The text in a leaf.
    pub(super) const fn text(at: usize) -> Self {
        Self { at, is_text: true }
    }
}

/// Nodes in document order, each once.
#[derive(Debug, Clone)]
pub(in crate::validate) enum Nodes {
    Own(Vec<Ref>),
    /// Found before, and kept.
    Kept(Rc<[Ref]>),
}

impl Nodes {
    pub(super) const EMPTY: Self = Self::Own(Vec::new());

    /// Sorts nodes and drops repeated ones.
    pub(super) fn sorted(mut nodes: Vec<Ref>) -> Self {
        if !nodes.is_sorted_by(|one, next| one < next) {
            nodes.sort_unstable();
            nodes.dedup();
        }
        Self::Own(nodes)
    }
}

impl Deref for Nodes {
    type Target = [Ref];

    fn deref(&self) -> &[Ref] {
        match self {
            Self::Own(nodes) => nodes,
            Self::Kept(nodes) => nodes,
        }
    }
}

impl From<Ref> for Nodes {
    fn from(node: Ref) -> Self {
        Self::Own(vec![node])
    }
}

/// The value of an expression.
#[derive(Debug)]
pub(super) enum Object<'a> {
    Nodes(Nodes),
    Text(Cow<'a, str>),
    /// A text of the schema, which may name an identity.
    Literal(&'a Literal<'a>),
    Number(f64),
    Boolean(bool),
}

impl Object<'_> {
    pub(super) fn to_boolean(&self) -> bool {
        match self {
            Self::Nodes(nodes) => !nodes.is_empty(),
            Self::Text(text) => !text.is_empty(),
            Self::Literal(literal) => !literal.text.is_empty(),
            Self::Number(number) => *number != 0.0 && !number.is_nan(),
            Self::Boolean(value) => *value,
        }
    }
}

/// White space as XML has it.
pub(super) const fn is_space(character: char) -> bool {
    matches!(character, ' ' | '\t' | '\n' | '\r')
}

/// The number that a text is (XPath 1.0 section 4.4): digits, perhaps with a point among them, after
/// a minus sign at most.
pub(super) fn number(text: &str) -> f64 {
    let text = text.trim_matches(is_space);
    let digits = text.strip_prefix('-').unwrap_or(text);
    let is_number = digits
        .bytes()
        .all(|byte| byte.is_ascii_digit() || byte == b'.');
    if is_number {
        text.parse().unwrap_or(f64::NAN)
    } else {
        f64::NAN
    }
}

/// The text of a number (XPath 1.0 section 4.2).
pub(super) fn number_text(number: f64) -> String {
    if number == 0.0 {
        "0".to_owned()
    } else if number.is_infinite() {
        let sign = if number < 0.0 { "-" } else { "" };
        format!("{sign}Infinity")
    } else {
        number.to_string()
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn numbers_are_read_as_xpath_has_them() {
        for (text, value) in [
            ("1", 1.0),
            (" -1.5\n", -1.5),
            (".5", 0.5),
            ("5.", 5.0),
            ("007", 7.0),
        ] {
            assert!((number(text) - value).abs() < f64::EPSILON, "{text}");
        }
        for text in [
            "", " ", ".", "-", "+1", "1e3", "0x10", "1 2", "inf", "NaN", "--1", "1.2.3", "-.",
        ] {
            assert!(number(text).is_nan(), "{text}");
        }
    }

    #[test]
    fn numbers_are_written_as_xpath_has_them() {
        for (number, text) in [
            (1.0, "1"),
            (-0.0, "0"),
            (1.25, "1.25"),
            (-0.5, "-0.5"),
            (1e21, "1000000000000000000000"),
            (f64::NAN, "NaN"),
            (f64::INFINITY, "Infinity"),
            (f64::NEG_INFINITY, "-Infinity"),
        ] {
            assert_eq!(number_text(number), text);
        }
    }
}
