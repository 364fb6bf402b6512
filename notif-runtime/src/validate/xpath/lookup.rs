//! Entries of long lists by the values of their leafs: `list[key = current()/../reference]` in an
//! expression of each entry of another list, or a leafref, must not look at each entry each time.

use std::borrow::Cow;
use std::collections::HashMap;
use std::rc::Rc;

use foldhash::quality::RandomState;

use super::axes::MANY;
use super::object::{Object, Ref};
use super::values::canonical_text;
use super::{Evaluation, Focus, Stop};
use crate::schema::xpath::{Axis, Comparison, Expr, Function, Path, Step, Test};
use crate::schema::{Kind, Node, Type};
use crate::validate::accessible::State;

/// The entries of a list by the texts of some of their leafs.
pub(super) type Index = HashMap<Vec<String>, Vec<usize>, RandomState>;

/// Leafs of a list's entries, and the canonical forms of the values that they are compared with.
type Fixed<'a> = (Vec<&'a Node<'a>>, Vec<String>);

/// A predicate, or a part of one, that compares a child with a value that is the same for each entry.
struct Equality<'a> {
    child: &'a Test<'a>,
    value: &'a Expr<'a>,
}

impl<'a> Evaluation<'_, 'a> {
    /// The nodes that a step leads to, if an index tells: it leads to the entries of a list, by
    /// predicates of which the first ones compare leafs with fixed values.
    pub(super) fn look_up(&self, from: Ref, step: &'a Step<'a>) -> Result<Option<Vec<Ref>>, Stop> {
        if step.axis != Axis::Child
            || from.is_text
            || self.tree.end(from.at) - from.at <= MANY
            || self.eager
        {
            return Ok(None);
        }
        let mut equalities = Vec::new();
        let indexed = step
            .predicates
            .iter()
            .take_while(|predicate| add_equalities(predicate, &mut equalities))
            .count();
        let parent = self.tree.schema(from.at);
        let Some(list) = parent.and_then(|parent| child(parent, &step.test)) else {
            return Ok(None);
        };
        let Some((leafs, values)) = self.fixed(list, &equalities)? else {
            return Ok(None);
        };
        let Some(index) = self.index(from.at, list, &leafs)? else {
            return Ok(None);
        };
        let entries = index.get(&values).map_or(&[][..], Vec::as_slice);
        self.spend(1 + entries.len())?;
        let entries = entries.iter().copied().map(Ref::node).collect();
        let others = step.predicates.get(indexed..).unwrap_or_default();
        self.holding(entries, others).map(Some)
    }

    /// The leafs of a list's entries that are compared, with the canonical forms of what they are
    /// compared with; `None` if an index does not tell.
    fn fixed(
        &self,
        list: &'a Node<'a>,
        equalities: &[Equality<'a>],
    ) -> Result<Option<Fixed<'a>>, Stop> {
        let Kind::List { .. } = list.kind else {
            return Ok(None);
        };
        let is_hidden = |node: &Node<'_>| self.config && !node.config;
        if equalities.is_empty() || is_hidden(list) {
            return Ok(None);
        }
        let mut leafs = Vec::new();
        let mut values = Vec::new();
        for equality in equalities {
            let Some(leaf) = child(list, equality.child).filter(|leaf| !is_hidden(leaf)) else {
                return Ok(None);
            };
            let Kind::Leaf(of) = &leaf.kind else {
                return Ok(None);
            };
            // The same text may be a value of several types.
            let ty = of.ty.value_type();
            if let Type::Union(_) = ty {
                return Ok(None);
            }
            let value = self.value(equality.value, Focus::alone(Ref::node(self.current)))?;
            let text: Cow<'_, str> = match &value {
                Object::Literal(literal) => match (ty, literal.name) {
                    (Type::Identityref(_), Some(name)) => name.into(),
                    _ => canonical_text(literal.text, ty, leaf),
                },
                Object::Text(text) => canonical_text(text, ty, leaf),
                Object::Nodes(nodes) => match **nodes {
                    [node] => self.node_text(node)?,
                    _ => return Ok(None),
                },
                _ => return Ok(None),
            };
            leafs.push(leaf);
            values.push(text.into_owned());
        }
        Ok(Some((leafs, values)))
    }

    /// The index of a list, or of a leaf-list by its own values; `None` while it depends on
    /// conditions that are yet to be evaluated.
    pub(super) fn index(
        &self,
        parent: usize,
        list: &'a Node<'a>,
        leafs: &[&'a Node<'a>],
    ) -> Result<Option<Rc<Index>>, Stop> {
        let address = |node: &'a Node<'a>| std::ptr::from_ref(node).addr();
        let addresses = leafs.iter().map(|leaf| address(leaf)).collect();
        let key = (parent, address(list), addresses);
        if let Some(index) = self.tree.caches.index(&key) {
            return Ok(Some(index));
        }
        let mut index = Index::default();
        for at in self.tree.children(parent) {
            self.spend(1)?;
            let Some(item) = self.tree.get(at) else {
                continue;
            };
            let is_entry = item.schema.is_some_and(|schema| std::ptr::eq(schema, list));
            match item.state {
                State::Unresolved if is_entry => return Ok(None),
                state if is_entry && state.is_there() => {}
                _ => continue,
            }
            let mut texts = Vec::with_capacity(leafs.len());
            for leaf in leafs {
                let found = if std::ptr::eq(*leaf, list) {
                    Some(at)
                } else {
                    self.only(at, leaf)?
                };
                let Some(found) = found else {
                    break;
                };
                if self
                    .tree
                    .get(found)
                    .is_some_and(|item| item.state == State::Unresolved)
                {
                    return Ok(None);
                }
                texts.push(self.node_text(Ref::node(found))?.into_owned());
            }
            if texts.len() == leafs.len() {
                index.entry(texts).or_default().push(at);
            }
        }
        let index = Rc::new(index);
        self.tree.caches.keep_index(key, Rc::clone(&index));
        Ok(Some(index))
    }

    /// The one child of a node that is an instance of a leaf.
    pub(super) fn only(&self, parent: usize, leaf: &'a Node<'a>) -> Result<Option<usize>, Stop> {
        for at in self.tree.children(parent) {
            self.spend(1)?;
            if let Some(item) = self.tree.get(at)
                && item.schema.is_some_and(|schema| std::ptr::eq(schema, leaf))
                && (item.state.is_there() || item.state == State::Unresolved)
            {
                return Ok(Some(at));
            }
        }
        Ok(None)
    }
}

/// The child that a test for a name means.
fn child<'s>(parent: &'s Node<'s>, test: &Test<'_>) -> Option<&'s Node<'s>> {
    let Test::Name { module, name } = test else {
        return None;
    };
    let mut children = parent.children().iter();
    children.find(|child| child.name == *name && child.module.name == *module)
}

/// Adds the comparisons of a predicate, if it has nothing else.
fn add_equalities<'s>(predicate: &'s Expr<'s>, equalities: &mut Vec<Equality<'s>>) -> bool {
    let before = equalities.len();
    let is_all = match predicate {
        Expr::And(left, right) => {
            add_equalities(left, equalities) && add_equalities(right, equalities)
        }
        Expr::Compare(Comparison::Equal, left, right) => {
            let equality = equality(left, right).or_else(|| equality(right, left));
            let is_one = equality.is_some();
            equalities.extend(equality);
            is_one
        }
        _ => false,
    };
    if !is_all {
        equalities.truncate(before);
    }
    is_all
}

fn equality<'s>(child: &'s Expr<'s>, value: &'s Expr<'s>) -> Option<Equality<'s>> {
    match child {
        Expr::Path(Path {
            absolute: false,
            steps:
                [
                    Step {
                        axis: Axis::Child,
                        test: child,
                        predicates: [],
                    },
                ],
        }) => is_fixed(value).then_some(Equality { child, value }),
        _ => None,
    }
}

/// Returns true if an expression has the same value for each node that a predicate is about.
fn is_fixed(expr: &Expr<'_>) -> bool {
    match expr {
        Expr::Path(path) => path.absolute,
        Expr::Union(left, right)
        | Expr::Or(left, right)
        | Expr::And(left, right)
        | Expr::Compare(_, left, right)
        | Expr::Arithmetic(_, left, right) => is_fixed(left) && is_fixed(right),
        Expr::Filter { of, .. } | Expr::Negate(of) => is_fixed(of),
        Expr::Literal(_) | Expr::Number(_) | Expr::Call(Function::Current, _) => true,
        Expr::Call(Function::Last | Function::Position, _) => false,
        // Without an argument, some functions are about the node.
        Expr::Call(_, arguments) => !arguments.is_empty() && arguments.iter().all(is_fixed),
    }
}
