//! Data of any schema of strings, for tests that need no generated types.

use compact_str::CompactString;
use notif_runtime::schema::{self, Kind};
use notif_runtime::tree::{Child, Node};
use serde_json::Value;

/// A container or a list entry.
#[derive(Debug)]
pub(crate) struct Data {
    schema: &'static schema::Node,
    children: Vec<Slot>,
}

#[derive(Debug)]
enum Slot {
    None,
    Leaf(CompactString),
    Leaves(Vec<CompactString>),
    Node(Box<Data>),
    Entries(Vec<Data>),
}

impl Data {
    /// What `members` are as an instance of the schema.
    pub(crate) fn new(schema: &'static schema::Node, members: &Value) -> Self {
        let slot = |child: &'static schema::Node| match members.get(child.name) {
            None => Slot::None,
            Some(value) => Slot::new(child, value),
        };
        Self {
            schema,
            children: schema.children().iter().map(slot).collect(),
        }
    }
}

impl Slot {
    fn new(schema: &'static schema::Node, value: &Value) -> Self {
        let text = |value: &Value| CompactString::new(value.as_str().expect("is a string"));
        let all = || value.as_array().expect("is an array").iter();
        match schema.kind {
            Kind::Leaf(_) => Self::Leaf(text(value)),
            Kind::LeafList(_) => Self::Leaves(all().map(text).collect()),
            Kind::List { .. } => {
                Self::Entries(all().map(|entry| Data::new(schema, entry)).collect())
            }
            _ => Self::Node(Box::new(Data::new(schema, value))),
        }
    }
}

impl Node for Data {
    fn schema(&self) -> &'static schema::Node {
        self.schema
    }

    fn child(&self, index: usize) -> Child<'_> {
        match self.children.get(index) {
            None | Some(Slot::None) => Child::None,
            Some(Slot::Leaf(value)) => Child::leaf(value),
            Some(Slot::Leaves(values)) => Child::Leaves(values),
            Some(Slot::Node(node)) => Child::Node(&**node),
            Some(Slot::Entries(entries)) => Child::Entries(entries),
        }
    }
}
