//! The accessible tree (RFC 7950 section 6.4.1): the nodes of a message in document order, and among
//! them those that count as there although the message does not have them: leafs and leaf-lists
//! whose defaults are in use (sections 7.6.1 and 7.7.2), containers without presence (7.5.1).

use super::cases::{Cases, Use};
use super::report::Place;
use super::xpath::{Caches, Stop};
use crate::fault::{InstancePath, Predicate, Step};
use crate::schema::{self, Kind, Rules};
use crate::tree::{Child, Node, Value};

/// A node of the tree.
#[derive(Debug)]
pub(super) struct Item<'a> {
    /// None of the root.
    pub(super) schema: Option<&'a schema::Node<'a>>,
    pub(super) parent: usize,
    /// The number behind its last descendant.
    end: usize,
    /// The one of several instances (from 0).
    ordinal: usize,
    pub(super) content: Content<'a>,
    pub(super) state: State,
}

/// The content of a node.
#[derive(Debug, Clone, Copy)]
pub(super) enum Content<'a> {
    /// Children; `None` if the message does not have the node.
    Inner(Option<&'a dyn Node>),
    /// The value of a leaf.
    Value(Value<'a>),
    /// Data without a schema.
    Any,
    /// The default of a leaf that the message does not have.
    Default(&'a str),
}

/// The existence of a node.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum State {
    There,
    /// A condition is false of a node that the message has.
    Refused,
    /// Its existence depends on conditions that are yet to be evaluated.
    Unresolved,
    /// A condition is false of a node that the message does not have.
    Removed,
    /// It exists only for the evaluation of an absent node's conditions.
    Absent,
}

impl State {
    /// Returns true if the node exists for expressions.
    pub(super) const fn is_there(self) -> bool {
        matches!(self, Self::There | Self::Refused)
    }
}

/// The nodes in document order; the first is the root.
#[derive(Debug)]
pub(super) struct Tree<'a> {
    items: Vec<Item<'a>>,
    /// The node whose rules are checked, and those of all below it: an operation, around which other
    /// nodes only say where it is, or the root.
    pub(super) top: usize,
    pub(super) caches: Caches,
}

/// The number of the root.
pub(super) const ROOT: usize = 0;

/// The steps of work that a node in the tree counts for.
const WORK_PER_ITEM: usize = 4;

impl<'a> Tree<'a> {
    /// The tree of a message, for which so many steps of work may be done.
    pub(super) fn new(message: &'a dyn Node, work: usize) -> Result<Self, Stop> {
        let mut tree = Self {
            items: Vec::new(),
            top: ROOT,
            caches: Caches::new(work),
        };
        let schema = message.schema();
        if schema.is_data() {
            tree.inner(schema, (ROOT, 0), Some(message))?;
        } else {
            tree.push(None, (ROOT, 0), Content::Inner(None))?;
            tree.inner(schema, (ROOT, 0), Some(message))?;
            tree.close(ROOT);
        }
        tree.settle_around_operation();
        Ok(tree)
    }

    /// The nodes around an operation only tell its place: members that the document lacks may be
    /// anything, and those it has are present whatever their conditions are.
    fn settle_around_operation(&mut self) {
        if self.top == ROOT {
            return;
        }
        let own = self.top..self.end(self.top);
        for (at, item) in self.items.iter_mut().enumerate().skip(1) {
            if !own.contains(&at) {
                item.state = if item.is_explicit() {
                    State::There
                } else {
                    State::Removed
                };
            }
        }
    }

    fn push(
        &mut self,
        schema: Option<&'a schema::Node<'a>>,
        (parent, ordinal): (usize, usize),
        content: Content<'a>,
    ) -> Result<usize, Stop> {
        self.caches.spend(WORK_PER_ITEM)?;
        let at = self.items.len();
        let is_conditional = schema.is_some_and(|schema| !schema.rules.when.is_empty());
        self.items.push(Item {
            schema,
            parent,
            end: at + 1,
            ordinal,
            content,
            state: if is_conditional {
                State::Unresolved
            } else {
                State::There
            },
        });
        Ok(at)
    }

    /// Ends the node with this number: the nodes added since are below it.
    fn close(&mut self, at: usize) {
        let end = self.items.len();
        if let Some(item) = self.items.get_mut(at) {
            item.end = end;
        }
    }

    fn inner(
        &mut self,
        schema: &'a schema::Node<'a>,
        place: (usize, usize),
        node: Option<&'a dyn Node>,
    ) -> Result<(), Stop> {
        let at = self.push(Some(schema), place, Content::Inner(node))?;
        let child = |index| node.map_or(Child::None, |node| node.child(index));
        let cases = Cases::new(schema, &child);
        for (index, below) in schema.children().iter().enumerate() {
            match child(index) {
                child if child.is_none() => {
                    if cases.of(index) != Use::None {
                        self.absent(below, at)?;
                    }
                }
                Child::Leaf(value) => drop(self.value(below, (at, 0), value)?),
                Child::Leaves(leaves) => {
                    for (ordinal, value) in leaves.iter().enumerate() {
                        self.value(below, (at, ordinal), value)?;
                    }
                }
                Child::Node(node) => self.inner(below, (at, 0), Some(node))?,
                Child::Entries(entries) => {
                    for (ordinal, entry) in entries.iter().enumerate() {
                        self.inner(below, (at, ordinal), Some(entry))?;
                    }
                }
                Child::Any(_) => drop(self.push(Some(below), (at, 0), Content::Any)?),
                Child::None => {}
            }
        }
        if let Some(operation) = node.and_then(Node::operation) {
            self.top = self.items.len();
            self.inner(operation.schema(), (at, 0), Some(operation))?;
        }
        self.close(at);
        Ok(())
    }

    fn value(
        &mut self,
        schema: &'a schema::Node<'a>,
        place: (usize, usize),
        value: Value<'a>,
    ) -> Result<usize, Stop> {
        self.push(Some(schema), place, Content::Value(value))
    }

    /// Adds the nodes that count as present for a node that the message does not have.
    fn absent(&mut self, schema: &'a schema::Node<'a>, parent: usize) -> Result<(), Stop> {
        let defaults = match &schema.kind {
            Kind::Container {
                presence: false, ..
            } => return self.inner(schema, (parent, 0), None),
            Kind::Leaf(leaf) => leaf.default.as_slice(),
            Kind::LeafList(leaf) => leaf.defaults,
            _ => &[],
        };
        for (ordinal, default) in defaults.iter().enumerate() {
            self.push(Some(schema), (parent, ordinal), Content::Default(default))?;
        }
        if defaults.is_empty() && has_own_condition(schema.rules) {
            let at = self.push(Some(schema), (parent, 0), Content::Inner(None))?;
            self.set(at, State::Absent);
        }
        Ok(())
    }

    pub(super) fn len(&self) -> usize {
        self.items.len()
    }

    pub(super) fn get(&self, at: usize) -> Option<&Item<'a>> {
        self.items.get(at)
    }

    /// The number behind the last node below this one.
    pub(super) fn end(&self, at: usize) -> usize {
        self.items
            .get(at)
            .map_or(self.items.len(), |item| item.end.max(at + 1))
    }

    pub(super) fn schema(&self, at: usize) -> Option<&'a schema::Node<'a>> {
        self.items.get(at).and_then(|item| item.schema)
    }

    pub(super) fn parent(&self, at: usize) -> usize {
        self.items.get(at).map_or(ROOT, |item| item.parent)
    }

    /// The children of a node, also those that do not exist.
    pub(super) fn children(&self, at: usize) -> impl Iterator<Item = usize> {
        self.siblings(at + 1, self.end(at))
    }

    /// The node `first` and its siblings before the node `end`.
    pub(super) fn siblings(&self, first: usize, end: usize) -> impl Iterator<Item = usize> {
        let mut next = first;
        std::iter::from_fn(move || {
            let at = next;
            next = self.end(at);
            (at < end).then_some(at)
        })
    }

    pub(super) fn set(&mut self, at: usize, state: State) {
        if let Some(item) = self.items.get_mut(at) {
            item.state = state;
        }
    }

    /// Takes a node that the message does not have out of the tree, and all below it.
    pub(super) fn remove(&mut self, at: usize) {
        let end = self.end(at);
        for item in self.items.get_mut(at..end).unwrap_or_default() {
            item.state = State::Removed;
        }
        self.caches.clear();
    }

    /// The path of a node, as a fault shows it.
    pub(super) fn path(&self, at: usize) -> InstancePath {
        let mut path = InstancePath::default();
        for item in self.with_ancestors(at) {
            if let Some(step) = item.schema.and_then(|schema| item.step(schema)) {
                path.push_outer(step);
            }
        }
        path
    }

    /// The place in the message of a node, or of the nearest one around it that the message has.
    pub(super) fn places(&self, at: usize) -> Vec<Place<'a>> {
        let mut places: Vec<Place<'a>> = self
            .with_ancestors(at)
            .filter(|item| item.is_explicit())
            .filter_map(|item| Some((item.schema?, item.ordinal)))
            .collect();
        places.reverse();
        places
    }

    fn with_ancestors(&self, at: usize) -> impl Iterator<Item = &Item<'a>> {
        let mut next = Some(at);
        std::iter::from_fn(move || {
            let at = next?;
            let item = self.items.get(at)?;
            next = (at != ROOT).then_some(item.parent);
            Some(item)
        })
    }
}

impl Item<'_> {
    /// Returns true if the message has the node.
    pub(super) const fn is_explicit(&self) -> bool {
        matches!(
            self.content,
            Content::Inner(Some(_)) | Content::Value(_) | Content::Any
        )
    }

    fn step(&self, schema: &schema::Node<'_>) -> Option<Step> {
        if schema.is_data() {
            return None;
        }
        let predicate = match (self.content, &schema.kind) {
            (Content::Inner(Some(node)), _) => return Some(node.shown_step(self.ordinal + 1)),
            (Content::Value(value), Kind::LeafList(_)) => Predicate::Value(value.shown()),
            (Content::Default(value), Kind::LeafList(_)) => Predicate::Value(value.into()),
            _ => Predicate::None,
        };
        Some(Step {
            name: schema.qualified_name().into(),
            predicate,
        })
    }
}

/// Returns true if an absent node has a condition whose context node it is.
fn has_own_condition(rules: &Rules<'_>) -> bool {
    (rules.mandatory || rules.min_elements > 0) && rules.when.iter().any(|when| !when.of_parent)
}
