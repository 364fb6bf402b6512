//! The functions of XPath 1.0 section 4 and RFC 7950 section 10.

use std::borrow::Cow;
use std::collections::HashMap;

use super::object::{Nodes, Object, Ref, is_space};
use super::{Evaluation, Focus, Stop};
use crate::schema::xpath::{Expr, Function};
use crate::validate::accessible::ROOT;

impl<'a> Evaluation<'_, 'a> {
    pub(super) fn call(
        &self,
        function: &'a Function<'a>,
        arguments: &'a [Expr<'a>],
        focus: Focus,
    ) -> Result<Object<'a>, Stop> {
        match function {
            Function::Last
            | Function::Position
            | Function::Count
            | Function::LocalName
            | Function::NamespaceUri
            | Function::Name
            | Function::Id
            | Function::Current
            | Function::Deref
            | Function::EnumValue
            | Function::BitIsSet
            | Function::DerivedFrom(_) => self.of_nodes(function, arguments, focus),
            Function::Boolean
            | Function::Not
            | Function::True
            | Function::False
            | Function::Lang
            | Function::ReMatch(_)
            | Function::StartsWith
            | Function::Contains => Ok(Object::Boolean(self.test(function, arguments, focus)?)),
            Function::Number
            | Function::Sum
            | Function::Floor
            | Function::Ceiling
            | Function::Round
            | Function::StringLength => {
                Ok(Object::Number(self.calculate(function, arguments, focus)?))
            }
            Function::String
            | Function::Concat
            | Function::SubstringBefore
            | Function::SubstringAfter
            | Function::Substring
            | Function::NormalizeSpace
            | Function::Translate => {
                let text = self.compose(function, arguments, focus)?;
                self.spend_on(&text)?;
                Ok(Object::Text(text))
            }
        }
    }

    /// Functions of nodes, and of where they are.
    fn of_nodes(
        &self,
        function: &'a Function<'a>,
        arguments: &'a [Expr<'a>],
        focus: Focus,
    ) -> Result<Object<'a>, Stop> {
        let nodes = || self.nodes_or_focus(arguments, focus);
        let first_leaf = || Ok(nodes()?.first().and_then(|node| self.leaf(*node)));
        Ok(match function {
            Function::Last => Object::Number(count(focus.size)),
            Function::Position => Object::Number(count(focus.position)),
            Function::Count => Object::Number(count(nodes()?.len())),
            Function::LocalName | Function::NamespaceUri | Function::Name => {
                Object::Text(self.name(function, &nodes()?))
            }
            Function::Current => Object::Nodes(Ref::node(self.current).into()),
            Function::Deref => Object::Nodes(match nodes()?.first() {
                Some(node) => self.referred(*node)?,
                None => Nodes::EMPTY,
            }),
            Function::EnumValue => {
                let value = first_leaf()?.and_then(|leaf| leaf.enum_value());
                Object::Number(value.map_or(f64::NAN, f64::from))
            }
            Function::BitIsSet => {
                let name = self.argument(arguments, 1, focus)?;
                Object::Boolean(first_leaf()?.is_some_and(|leaf| leaf.has_bit(&name)))
            }
            Function::DerivedFrom(identities) => {
                let nodes = nodes()?;
                self.spend(nodes.len())?;
                let mut found = nodes.iter().filter_map(|node| self.leaf(*node)?.identity());
                Object::Boolean(found.any(|identity| identities.contains(&&*identity)))
            }
            // No document type says which nodes have an identifier.
            _ => Object::Nodes(Nodes::EMPTY),
        })
    }

    /// The name of the first node (XPath 1.0 section 4.1).
    fn name(&self, function: &'a Function<'a>, nodes: &[Ref]) -> Cow<'a, str> {
        let first = nodes
            .first()
            .filter(|node| !node.is_text && node.at != ROOT);
        let Some(schema) = first.and_then(|node| self.tree.schema(node.at)) else {
            return "".into();
        };
        match function {
            Function::LocalName => schema.name.into(),
            Function::NamespaceUri => schema.module.namespace.into(),
            _ => format!("{}:{}", schema.module.prefix, schema.name).into(),
        }
    }

    fn test(
        &self,
        function: &'a Function<'a>,
        arguments: &'a [Expr<'a>],
        focus: Focus,
    ) -> Result<bool, Stop> {
        let first = || self.argument(arguments, 0, focus);
        let second = || self.argument(arguments, 1, focus);
        let is_true = || match arguments {
            [of, ..] => self.boolean(of, focus),
            [] => Ok(false),
        };
        Ok(match function {
            Function::Boolean => is_true()?,
            Function::Not => !is_true()?,
            Function::True => true,
            Function::ReMatch(pattern) => pattern.is_match(&first()?),
            Function::StartsWith => first()?.starts_with(&*second()?),
            Function::Contains => first()?.contains(&*second()?),
            // No node says which language it is in.
            _ => false,
        })
    }

    fn calculate(
        &self,
        function: &'a Function<'a>,
        arguments: &'a [Expr<'a>],
        focus: Focus,
    ) -> Result<f64, Stop> {
        if let Function::Sum = function {
            let nodes = self.nodes_or_focus(arguments, focus)?;
            let mut sum = 0.0;
            for node in nodes.iter() {
                sum += self.node_number(*node)?;
            }
            return Ok(sum);
        }
        if let Function::StringLength = function {
            return Ok(count(self.argument(arguments, 0, focus)?.chars().count()));
        }
        let number = match arguments {
            [of, ..] => self.number(of, focus)?,
            [] => self.node_number(focus.node)?,
        };
        Ok(match function {
            Function::Floor => number.floor(),
            Function::Ceiling => number.ceil(),
            Function::Round => round(number),
            _ => number,
        })
    }

    fn compose(
        &self,
        function: &'a Function<'a>,
        arguments: &'a [Expr<'a>],
        focus: Focus,
    ) -> Result<Cow<'a, str>, Stop> {
        if let Function::Concat = function {
            let mut text = String::new();
            for argument in arguments {
                text.push_str(&self.text(argument, focus)?);
            }
            return Ok(text.into());
        }
        let text = self.argument(arguments, 0, focus)?;
        let second = || self.argument(arguments, 1, focus);
        Ok(match function {
            Function::SubstringBefore => match text.split_once(&*second()?) {
                Some((before, _)) => before.to_owned().into(),
                None => "".into(),
            },
            Function::SubstringAfter => match text.split_once(&*second()?) {
                Some((_, after)) => after.to_owned().into(),
                None => "".into(),
            },
            Function::Substring => self.substring(&text, arguments, focus)?.into(),
            Function::NormalizeSpace => normalized(&text).into(),
            Function::Translate => {
                let to = self.argument(arguments, 2, focus)?;
                translated(&text, &second()?, &to).into()
            }
            _ => text,
        })
    }

    /// The characters from a position on, perhaps so many of them (XPath 1.0 section 4.2).
    fn substring(
        &self,
        text: &str,
        arguments: &'a [Expr<'a>],
        focus: Focus,
    ) -> Result<String, Stop> {
        let start = match arguments.get(1) {
            Some(start) => round(self.number(start, focus)?),
            None => f64::NAN,
        };
        let end = match arguments.get(2) {
            Some(length) => start + round(self.number(length, focus)?),
            None => f64::INFINITY,
        };
        let characters = text.chars().enumerate();
        Ok(characters
            .filter(|(at, _)| (start..end).contains(&count(at + 1)))
            .map(|(_, character)| character)
            .collect())
    }

    /// The text of an argument; of the node itself if there is no first one.
    fn argument(
        &self,
        arguments: &'a [Expr<'a>],
        at: usize,
        focus: Focus,
    ) -> Result<Cow<'a, str>, Stop> {
        match arguments.get(at) {
            Some(argument) => self.text(argument, focus),
            None if at == 0 => self.node_text(focus.node),
            None => Ok("".into()),
        }
    }

    fn nodes_or_focus(&self, arguments: &'a [Expr<'a>], focus: Focus) -> Result<Nodes, Stop> {
        match arguments {
            [of, ..] => self.nodes(of, focus),
            [] => Ok(focus.node.into()),
        }
    }
}

/// A count as a number: more than any message has are out of its reach.
#[expect(
    clippy::cast_precision_loss,
    reason = "counts are far below the numbers that a double has gaps between"
)]
const fn count(count: usize) -> f64 {
    count as f64
}

/// The whole number next to a number, the greater one of two (XPath 1.0 section 4.4).
fn round(number: f64) -> f64 {
    let floor = number.floor();
    if number - floor >= 0.5 {
        floor + 1.0
    } else {
        floor
    }
}

fn normalized(text: &str) -> String {
    let words: Vec<&str> = text
        .split(is_space)
        .filter(|word| !word.is_empty())
        .collect();
    words.join(" ")
}

fn translated(text: &str, from: &str, to: &str) -> String {
    let mut to = to.chars();
    let mut becomes: HashMap<char, Option<char>> = HashMap::new();
    for character in from.chars() {
        let other = to.next();
        becomes.entry(character).or_insert(other);
    }
    text.chars()
        .filter_map(|character| becomes.get(&character).copied().unwrap_or(Some(character)))
        .collect()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn numbers_are_rounded_to_the_greater_of_two() {
        for (number, rounded) in [
            (1.5, 2.0),
            (-1.5, -1.0),
            (2.4, 2.0),
            (-0.5, 0.0),
            (0.5, 1.0),
        ] {
            assert!((round(number) - rounded).abs() < f64::EPSILON, "{number}");
        }
        assert!(round(f64::NAN).is_nan() && round(f64::INFINITY).is_infinite());
    }

    #[test]
    fn characters_are_exchanged_or_taken_out() {
        assert_eq!(translated("bar", "abc", "ABC"), "BAr");
        assert_eq!(translated("--aaa--", "abc-", "ABC"), "AAA");
        assert_eq!(translated("aba", "aa", "xy"), "xbx");
    }

    #[test]
    fn white_space_becomes_single_spaces() {
        assert_eq!(normalized(" a\t b \n"), "a b");
        assert_eq!(normalized("\u{a0}a"), "\u{a0}a");
    }
}
