//! One read-only view of generated data: a node's schema, its children by index, its leaf values.
//!
//! Encoders, constraint checks, queries and mappings to other systems are written against this
//! view, once for every generated type.

mod equality;
mod value;

use std::any::Any;
use std::fmt::Debug;

use compact_str::CompactString;

use crate::fault::{Predicate, Step};
use crate::schema;
use crate::types::AnyData;
pub use value::{Value, View};

/// A container, a list entry, an operation or whole data. Implemented by every generated struct.
///
/// ```
/// use examples::yang::acme_power::PowerReport;
/// use notif_runtime::tree::{Child, Node};
///
/// # fn main() -> Result<(), Box<dyn std::error::Error>> {
/// let report = PowerReport::new("2026-11-24T05:00:00Z".parse()?);
/// let root: &dyn Node = &report;
/// assert_eq!(root.schema().name, "power-report");
/// let Some((_, Child::Leaf(time))) = root.get("eventTime") else {
///     return Err("it has a time".into());
/// };
/// assert_eq!(time.to_string(), "2026-11-24T05:00:00Z");
/// # Ok(())
/// # }
/// ```
pub trait Node: Any + Debug + Send + Sync {
    /// The description of this node.
    fn schema(&self) -> &schema::Node<'_>;

    /// The child at `index` of `self.schema().children()`.
    fn child(&self, index: usize) -> Child<'_>;

    /// The notification or action in this node, beside its children: only in a document that is
    /// one.
    fn operation(&self) -> Option<&dyn Node> {
        None
    }
}

impl dyn Node {
    /// The data as the generated type `T`, if it is one.
    #[must_use]
    pub fn downcast_ref<T: Node>(&self) -> Option<&T> {
        (self as &dyn Any).downcast_ref()
    }

    /// The child with this member name (`name` for one of the same module, or `module:name` for
    /// any), or the operation with this one, with its description.
    #[must_use]
    pub fn get(&self, name: &str) -> Option<(&schema::Node<'_>, Child<'_>)> {
        let schema = self.schema();
        if let Some(at) = schema.child_index(name) {
            return Some((schema.children().get(at)?, self.child(at)));
        }
        let operation = self.operation()?;
        let schema = operation.schema();
        schema
            .has_name(name)
            .then_some((schema, Child::Node(operation)))
    }

    /// The children that are there, with their descriptions, in schema order.
    pub fn children(&self) -> impl Iterator<Item = (&schema::Node<'_>, Child<'_>)> {
        self.schema()
            .children()
            .iter()
            .enumerate()
            .filter_map(|(at, schema)| {
                let child = self.child(at);
                (!child.is_none()).then_some((schema, child))
            })
    }

    /// The values of a list entry's keys, in the order of the `key` statement.
    pub fn keys(&self) -> impl Iterator<Item = (&schema::Node<'_>, Value<'_>)> {
        let schema = self.schema();
        schema.keys().iter().filter_map(move |&at| {
            match (schema.children().get(at)?, self.child(at)) {
                (key, Child::Leaf(value)) => Some((key, value)),
                _ => None,
            }
        })
    }

    /// The step of an instance path that names this node: by its keys if it is a list entry, or
    /// by `position` (from 1) if the list has none.
    #[expect(
        clippy::redundant_closure_for_method_calls,
        reason = "the method itself is for one lifetime"
    )]
    #[must_use]
    pub fn step(&self, position: usize) -> Step {
        self.step_with(position, |value| value.to_text())
    }

    /// As `step`, with keys as [`Value::shown`] has them: for faults and other places
    /// of a bounded size. It may be the step of several entries.
    #[expect(
        clippy::redundant_closure_for_method_calls,
        reason = "the method itself is for one lifetime"
    )]
    #[must_use]
    pub fn shown_step(&self, position: usize) -> Step {
        self.step_with(position, |value| value.shown())
    }

    fn step_with(&self, position: usize, text: fn(&Value<'_>) -> CompactString) -> Step {
        let schema = self.schema();
        let predicate = match &schema.kind {
            schema::Kind::List { keys: [], .. } => Predicate::Position(position),
            schema::Kind::List { .. } => Predicate::Keys(
                self.keys()
                    .map(|(key, value)| (key.qualified_name().into(), text(&value)))
                    .collect(),
            ),
            _ => Predicate::None,
        };
        Step {
            name: schema.qualified_name().into(),
            predicate,
        }
    }
}

/// The data of a child of a node, by its kind.
#[derive(Debug, Clone, Copy)]
#[non_exhaustive]
pub enum Child<'a> {
    /// No data.
    None,
    /// A leaf's value.
    Leaf(Value<'a>),
    /// A leaf-list's values; none if it is empty.
    Leaves(&'a dyn Leaves),
    /// A container.
    Node(&'a dyn Node),
    /// A list's entries; none if it is empty.
    Entries(&'a dyn Entries),
    /// The content of anydata or anyxml.
    Any(&'a AnyData),
}

impl<'a> Child<'a> {
    /// The value of a leaf that is always there.
    pub fn leaf(value: &'a impl View) -> Self {
        Self::Leaf(value.view())
    }

    /// The value of a leaf that may be absent.
    pub fn optional_leaf(value: &'a Option<impl View>) -> Self {
        value.as_ref().map_or(Self::None, Self::leaf)
    }

    /// A container that may be absent.
    pub fn optional_node(node: &'a Option<impl Node>) -> Self {
        node.as_ref().map_or(Self::None, |node| Self::Node(node))
    }

    /// Anydata or anyxml that may be absent.
    #[must_use]
    pub const fn optional_any(data: &'a Option<AnyData>) -> Self {
        match data {
            Some(data) => Self::Any(data),
            None => Self::None,
        }
    }

    /// Returns true for a container without presence that has no data in it, which means as much as
    /// none at all (RFC 7950 section 7.5.1).
    pub(crate) fn is_void(&self) -> bool {
        let Self::Node(node) = self else {
            return false;
        };
        let schema = node.schema();
        let mut below = (0..schema.children().len()).map(|index| node.child(index));
        schema.is_always_there()
            && node.operation().is_none()
            && below.all(|child| child.is_none() || child.is_void())
    }

    /// Returns true if there is no data: also for a list or leaf-list without entries.
    #[must_use]
    pub fn is_none(&self) -> bool {
        match self {
            Self::None => true,
            Self::Leaf(_) | Self::Node(_) | Self::Any(_) => false,
            Self::Leaves(leaves) => leaves.is_empty(),
            Self::Entries(entries) => entries.is_empty(),
        }
    }
}

/// The values of a leaf-list.
pub trait Leaves: Debug {
    /// The number of values.
    fn len(&self) -> usize;

    /// The value at `index`.
    fn get(&self, index: usize) -> Option<Value<'_>>;

    /// Returns true if there are none.
    fn is_empty(&self) -> bool {
        self.len() == 0
    }
}

/// The entries of a list.
pub trait Entries: Debug {
    /// The number of entries.
    fn len(&self) -> usize;

    /// The entry at `index`.
    fn get(&self, index: usize) -> Option<&dyn Node>;

    /// Returns true if there are none.
    fn is_empty(&self) -> bool {
        self.len() == 0
    }
}

impl dyn Leaves + '_ {
    /// The values in their order.
    pub fn iter(&self) -> impl Iterator<Item = Value<'_>> {
        (0..self.len()).filter_map(|at| self.get(at))
    }
}

impl dyn Entries + '_ {
    /// The entries in their order.
    pub fn iter(&self) -> impl Iterator<Item = &dyn Node> {
        (0..self.len()).filter_map(|at| self.get(at))
    }
}

impl<T: View + Debug> Leaves for Vec<T> {
    fn len(&self) -> usize {
        Vec::len(self)
    }

    fn get(&self, index: usize) -> Option<Value<'_>> {
        self.as_slice().get(index).map(View::view)
    }
}

impl<T: Node> Entries for Vec<T> {
    fn len(&self) -> usize {
        Vec::len(self)
    }

    fn get(&self, index: usize) -> Option<&dyn Node> {
        self.as_slice().get(index).map(|entry| entry as &dyn Node)
    }
}
