//! Equality and hashes of data through the view: the same node with the same data in it.

use std::hash::{Hash, Hasher};

use super::{Child, Node};

/// The nodes are equal if they are instances of one node of the schema and have equal children, in
/// their order.
impl PartialEq for dyn Node {
    fn eq(&self, other: &Self) -> bool {
        let schema = self.schema();
        std::ptr::eq(schema, other.schema())
            && (0..schema.children().len()).all(|at| self.child(at) == other.child(at))
            && self.operation() == other.operation()
    }
}

impl Eq for dyn Node {}

impl Hash for dyn Node {
    fn hash<H: Hasher>(&self, state: &mut H) {
        let schema = self.schema();
        schema.qualified_name().hash(state);
        for at in 0..schema.children().len() {
            self.child(at).hash(state);
        }
        self.operation().hash(state);
    }
}

impl PartialEq for Child<'_> {
    fn eq(&self, other: &Self) -> bool {
        match (self, other) {
            (Self::Leaf(value), Self::Leaf(other)) => value == other,
            (Self::Leaves(values), Self::Leaves(others)) => values.iter().eq(others.iter()),
            (Self::Node(node), Self::Node(other)) => node == other,
            (Self::Entries(entries), Self::Entries(others)) => entries.iter().eq(others.iter()),
            (Self::Any(data), Self::Any(other)) => data == other,
            (child, other) => child.is_none() && other.is_none(),
        }
    }
}

impl Eq for Child<'_> {}

impl Hash for Child<'_> {
    fn hash<H: Hasher>(&self, state: &mut H) {
        // A list without entries equals none.
        self.is_none().hash(state);
        match self {
            Self::None => {}
            Self::Leaf(value) => value.hash(state),
            Self::Leaves(values) => values.iter().for_each(|value| value.hash(state)),
            Self::Node(node) => node.hash(state),
            Self::Entries(entries) => entries.iter().for_each(|entry| entry.hash(state)),
            Self::Any(data) => data.hash(state),
        }
    }
}
