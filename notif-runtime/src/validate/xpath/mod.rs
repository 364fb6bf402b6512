//! The evaluation of XPath expressions (XPath 1.0; RFC 7950 sections 6.4 and 10) over the accessible
//! tree of a message.
//!
//! Depth of recursion is that of the schema's own expressions. Work is bounded: what is looked at is
//! counted, nodes that a step finds below a node with many are kept for the next time, and entries of
//! long lists are found by an index where a predicate compares their leafs with a fixed value.
//!
//! XPath 1.0 holds where libyang 2 differs from it: the root is no element (section 2.3); positions
//! are counted for each parent (2.4); `following` and `preceding` leave the parent, and texts are
//! descendants (2.2); nodes are compared with a boolean as a whole (3.4); numbers are doubles, an
//! empty text is none, and neither a plus sign nor an exponent is part of one (3.5, 4.4); they are
//! written with all their digits, lengths are in characters (4.2), `floor`, `ceiling` and `mod` are
//! as they are defined (3.5, 4.4). As in libyang, a text that is compared with a leaf is a value of
//! the leaf's type, expressions of configuration see no state data, and `node()` gives no texts.

mod axes;
mod cache;
mod compare;
mod functions;
mod lookup;
mod object;
mod referred;
mod values;

use std::borrow::Cow;

pub(super) use cache::Caches;
use object::Object;
pub(super) use object::{Nodes, Ref};

use super::accessible::{ROOT, Tree};
use crate::schema::xpath::{Arithmetic, Expr, Function, Path, Step};

/// The reason that an evaluation ended without a value.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Stop {
    /// It depends on a node whose own conditions are yet to be evaluated.
    Unresolved,
    /// It would take more work than is allowed.
    TooCostly,
}

/// The evaluation of an expression.
#[derive(Debug, Clone, Copy)]
pub(super) struct Evaluation<'t, 'a> {
    tree: &'t Tree<'a>,
    /// The node whose expression it is.
    current: usize,
    /// True if state data are hidden: the expression is one of configuration.
    config: bool,
    /// True if nodes whose conditions are yet to be evaluated are taken to exist.
    eager: bool,
}

/// The context of an expression (XPath 1.0 section 1).
#[derive(Debug, Clone, Copy)]
struct Focus {
    node: Ref,
    position: usize,
    size: usize,
}

impl Focus {
    const fn alone(node: Ref) -> Self {
        Self {
            node,
            position: 1,
            size: 1,
        }
    }
}

impl<'t, 'a> Evaluation<'t, 'a> {
    /// An evaluation of an expression of the node with this number.
    pub(super) fn new(tree: &'t Tree<'a>, current: usize) -> Self {
        Self {
            tree,
            current,
            config: tree.schema(current).is_some_and(|schema| schema.config),
            eager: false,
        }
    }

    /// The same with configuration alone, or with all nodes.
    pub(super) const fn with_config(self, config: bool) -> Self {
        Self { config, ..self }
    }

    /// The same with or without nodes whose conditions are yet to be evaluated.
    pub(super) const fn with_unresolved(self, eager: bool) -> Self {
        Self { eager, ..self }
    }

    /// Returns true if the expression is true.
    pub(super) fn is_true(&self, expr: &'a Expr<'a>) -> Result<bool, Stop> {
        self.boolean(expr, Focus::alone(Ref::node(self.current)))
    }

    /// The nodes that the expression gives.
    pub(super) fn nodes_of(&self, expr: &'a Expr<'a>) -> Result<Nodes, Stop> {
        self.nodes(expr, Focus::alone(Ref::node(self.current)))
    }

    fn spend(&self, steps: usize) -> Result<(), Stop> {
        self.tree.caches.spend(steps)
    }

    fn value(&self, expr: &'a Expr<'a>, focus: Focus) -> Result<Object<'a>, Stop> {
        Ok(match expr {
            Expr::Path(path) => Object::Nodes(self.path(path, focus, false)?),
            Expr::Filter {
                of,
                predicates,
                steps,
            } => match self.value(of, focus)? {
                Object::Nodes(nodes) => Object::Nodes(self.filtered(nodes, predicates, steps)?),
                // Predicates and steps are for nodes alone.
                other if predicates.is_empty() && steps.is_empty() => other,
                _ => Object::Nodes(Nodes::EMPTY),
            },
            Expr::Union(left, right) => {
                let mut nodes = self.nodes(left, focus)?.to_vec();
                nodes.extend_from_slice(&self.nodes(right, focus)?);
                self.spend(nodes.len())?;
                Object::Nodes(Nodes::sorted(nodes))
            }
            Expr::Or(..) | Expr::And(..) | Expr::Compare(..) => {
                Object::Boolean(self.boolean(expr, focus)?)
            }
            Expr::Arithmetic(operation, left, right) => {
                let (left, right) = (self.number(left, focus)?, self.number(right, focus)?);
                Object::Number(match operation {
                    Arithmetic::Add => left + right,
                    Arithmetic::Subtract => left - right,
                    Arithmetic::Multiply => left * right,
                    Arithmetic::Divide => left / right,
                    Arithmetic::Modulo => left % right,
                })
            }
            Expr::Negate(of) => Object::Number(-self.number(of, focus)?),
            Expr::Literal(literal) => Object::Literal(literal),
            Expr::Number(number) => Object::Number(*number),
            Expr::Call(function, arguments) => self.call(function, arguments, focus)?,
        })
    }

    /// The truth value of `expr`, without more work than that takes.
    fn boolean(&self, expr: &'a Expr<'a>, focus: Focus) -> Result<bool, Stop> {
        Ok(match expr {
            Expr::Or(left, right) | Expr::Union(left, right) => {
                self.boolean(left, focus)? || self.boolean(right, focus)?
            }
            Expr::And(left, right) => self.boolean(left, focus)? && self.boolean(right, focus)?,
            Expr::Compare(comparison, left, right) => {
                let (left, right) = (self.value(left, focus)?, self.value(right, focus)?);
                self.compare(*comparison, &left, &right)?
            }
            Expr::Path(path) => !self.path(path, focus, true)?.is_empty(),
            Expr::Call(Function::Not, [of]) => !self.boolean(of, focus)?,
            Expr::Call(Function::Boolean, [of]) => self.boolean(of, focus)?,
            _ => self.value(expr, focus)?.to_boolean(),
        })
    }

    fn number(&self, expr: &'a Expr<'a>, focus: Focus) -> Result<f64, Stop> {
        let value = self.value(expr, focus)?;
        self.to_number(&value)
    }

    fn text(&self, expr: &'a Expr<'a>, focus: Focus) -> Result<Cow<'a, str>, Stop> {
        let value = self.value(expr, focus)?;
        self.to_text(&value)
    }

    /// The nodes that `expr` gives; none if it gives another kind of value.
    fn nodes(&self, expr: &'a Expr<'a>, focus: Focus) -> Result<Nodes, Stop> {
        Ok(match self.value(expr, focus)? {
            Object::Nodes(nodes) => nodes,
            _ => Nodes::EMPTY,
        })
    }

    /// The nodes that a path leads to; if `any` will do, perhaps not all.
    fn path(&self, path: &'a Path<'a>, focus: Focus, any: bool) -> Result<Nodes, Stop> {
        let start = if path.absolute {
            Ref::node(ROOT)
        } else {
            focus.node
        };
        self.along(start.into(), path.steps, any)
    }

    fn along(&self, start: Nodes, steps: &'a [Step<'a>], any: bool) -> Result<Nodes, Stop> {
        let mut nodes = start;
        for (at, step) in steps.iter().enumerate() {
            if nodes.is_empty() {
                break;
            }
            nodes = self.step(&nodes, step, any && at + 1 == steps.len())?;
        }
        Ok(nodes)
    }

    fn filtered(
        &self,
        nodes: Nodes,
        predicates: &'a [Expr<'a>],
        steps: &'a [Step<'a>],
    ) -> Result<Nodes, Stop> {
        let nodes = if predicates.is_empty() {
            nodes
        } else {
            Nodes::Own(self.holding(nodes.to_vec(), predicates)?)
        };
        self.along(nodes, steps, false)
    }

    /// The nodes, in the order of their axis, that satisfy all predicates (XPath 1.0 section 2.4).
    fn holding(&self, mut nodes: Vec<Ref>, predicates: &'a [Expr<'a>]) -> Result<Vec<Ref>, Stop> {
        for predicate in predicates {
            self.spend(nodes.len())?;
            let size = nodes.len();
            let mut kept = Vec::new();
            for (at, node) in nodes.into_iter().enumerate() {
                let focus = Focus {
                    node,
                    position: at + 1,
                    size,
                };
                if self.holds(predicate, focus)? {
                    kept.push(node);
                }
            }
            nodes = kept;
        }
        Ok(nodes)
    }

    fn holds(&self, predicate: &'a Expr<'a>, focus: Focus) -> Result<bool, Stop> {
        if let Expr::Path(_) | Expr::Compare(..) | Expr::And(..) | Expr::Or(..) = predicate {
            return self.boolean(predicate, focus);
        }
        Ok(match self.value(predicate, focus)? {
            Object::Number(number) => is_position(number, focus.position),
            other => other.to_boolean(),
        })
    }
}

/// Returns true if a number is a position.
fn is_position(number: f64, position: usize) -> bool {
    u32::try_from(position).is_ok_and(|position| {
        #[expect(clippy::float_cmp, reason = "positions are whole numbers")]
        let is_it = f64::from(position) == number;
        is_it
    })
}
