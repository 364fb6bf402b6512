//! Comparisons (XPath 1.0 section 3.4). A text that is compared with a leaf is taken as a value of the
//! leaf's type, so that `1.50` is the decimal64 `1.5`.

use std::borrow::Cow;
use std::collections::HashSet;

use foldhash::quality::RandomState;

use super::object::{Object, Ref};
use super::{Evaluation, Stop};
use crate::schema::xpath::Comparison;

impl<'a> Evaluation<'_, 'a> {
    pub(super) fn compare(
        self,
        comparison: Comparison,
        left: &Object<'a>,
        right: &Object<'a>,
    ) -> Result<bool, Stop> {
        match (left, right) {
            (Object::Boolean(_), _) | (_, Object::Boolean(_)) => {
                self.compare_values(comparison, left, right)
            }
            (Object::Nodes(left), Object::Nodes(right)) => {
                if is_equality(comparison) {
                    self.compare_texts(comparison, left, right)
                } else {
                    self.compare_numbers(comparison, left, right)
                }
            }
            (Object::Nodes(nodes), other) => self.compare_nodes(comparison, nodes, other),
            (other, Object::Nodes(nodes)) => self.compare_nodes(turned(comparison), nodes, other),
            _ => self.compare_values(comparison, left, right),
        }
    }

    /// Neither is nodes, or one is a boolean.
    fn compare_values(
        self,
        comparison: Comparison,
        left: &Object<'a>,
        right: &Object<'a>,
    ) -> Result<bool, Stop> {
        let wanted = comparison == Comparison::Equal;
        if !is_equality(comparison) {
            let as_number = |value: &Object<'a>| match (value, left, right) {
                (Object::Nodes(nodes), ..) => Ok(f64::from(u8::from(!nodes.is_empty()))),
                _ => self.to_number(value),
            };
            return Ok(holds(comparison, as_number(left)?, as_number(right)?));
        }
        match (left, right) {
            (Object::Boolean(_), _) | (_, Object::Boolean(_)) => {
                Ok((left.to_boolean() == right.to_boolean()) == wanted)
            }
            (Object::Number(_), _) | (_, Object::Number(_)) => Ok(holds(
                comparison,
                self.to_number(left)?,
                self.to_number(right)?,
            )),
            _ => Ok((self.to_text(left)? == self.to_text(right)?) == wanted),
        }
    }

    /// Returns true if the comparison holds for any of the nodes.
    fn compare_nodes(
        self,
        comparison: Comparison,
        nodes: &[Ref],
        other: &Object<'a>,
    ) -> Result<bool, Stop> {
        let number = match other {
            Object::Number(number) => Some(*number),
            _ if is_equality(comparison) => None,
            _ => Some(self.to_number(other)?),
        };
        let (text, name) = match other {
            Object::Literal(literal) => (Cow::Borrowed(literal.text), literal.name),
            _ => (self.to_text(other)?, None),
        };
        for node in nodes {
            let holds = match number {
                Some(number) => holds(comparison, self.node_number(*node)?, number),
                None => self.node_is(*node, &text, name)? == (comparison == Comparison::Equal),
            };
            if holds {
                return Ok(true);
            }
        }
        Ok(false)
    }

    /// Returns true if the node's value is the one that the text stands for.
    fn node_is(self, node: Ref, text: &str, name: Option<&str>) -> Result<bool, Stop> {
        self.spend_on(text)?;
        match self.leaf(node) {
            Some(leaf) if !node.is_text => Ok(leaf.is(text, name)),
            _ => Ok(self.node_text(node)? == text),
        }
    }

    /// Returns true if any two texts of both sides are equal, or for `!=` differ.
    fn compare_texts(
        self,
        comparison: Comparison,
        left: &[Ref],
        right: &[Ref],
    ) -> Result<bool, Stop> {
        let (Some(first), false) = (left.first(), right.is_empty()) else {
            return Ok(false);
        };
        if comparison == Comparison::NotEqual {
            // All are the same, or two of different sides differ.
            let one = self.node_text(*first)?;
            for node in left.iter().chain(right) {
                if self.node_text(*node)? != one {
                    return Ok(true);
                }
            }
            return Ok(false);
        }
        if let [only] = left {
            let text = self.node_text(*only)?;
            return self.has_text(right, &text);
        }
        if let [only] = right {
            let text = self.node_text(*only)?;
            return self.has_text(left, &text);
        }
        let mut texts: HashSet<Cow<'_, str>, RandomState> = HashSet::default();
        for node in left {
            texts.insert(self.node_text(*node)?);
        }
        for node in right {
            if texts.contains(&self.node_text(*node)?) {
                return Ok(true);
            }
        }
        Ok(false)
    }

    fn has_text(self, nodes: &[Ref], text: &str) -> Result<bool, Stop> {
        for node in nodes {
            if self.node_text(*node)? == text {
                return Ok(true);
            }
        }
        Ok(false)
    }

    /// Returns true if the comparison holds for any two numbers: the least and the greatest.
    fn compare_numbers(
        self,
        comparison: Comparison,
        left: &[Ref],
        right: &[Ref],
    ) -> Result<bool, Stop> {
        let up = matches!(comparison, Comparison::Less | Comparison::LessOrEqual);
        let left = self.extreme(left, up)?;
        let right = self.extreme(right, !up)?;
        Ok(holds(comparison, left, right))
    }

    /// The least or the greatest of the nodes' numbers; not a number if there is none.
    fn extreme(self, nodes: &[Ref], least: bool) -> Result<f64, Stop> {
        let mut extreme = f64::NAN;
        for node in nodes {
            let number = self.node_number(*node)?;
            // Both take the other one if one is not a number.
            extreme = if least {
                extreme.min(number)
            } else {
                extreme.max(number)
            };
        }
        Ok(extreme)
    }
}

const fn is_equality(comparison: Comparison) -> bool {
    matches!(comparison, Comparison::Equal | Comparison::NotEqual)
}

/// The comparison with its sides exchanged.
const fn turned(comparison: Comparison) -> Comparison {
    match comparison {
        Comparison::Less => Comparison::Greater,
        Comparison::LessOrEqual => Comparison::GreaterOrEqual,
        Comparison::Greater => Comparison::Less,
        Comparison::GreaterOrEqual => Comparison::LessOrEqual,
        other => other,
    }
}

#[expect(
    clippy::float_cmp,
    reason = "XPath compares numbers for being the same"
)]
fn holds(comparison: Comparison, left: f64, right: f64) -> bool {
    match comparison {
        Comparison::Equal => left == right,
        Comparison::NotEqual => left != right,
        Comparison::Less => left < right,
        Comparison::LessOrEqual => left <= right,
        Comparison::Greater => left > right,
        Comparison::GreaterOrEqual => left >= right,
    }
}
