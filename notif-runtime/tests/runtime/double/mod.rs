//! Data of any schema of strings and leaf-lists of instance-identifiers, for tests that need no
//! generated types; and how often they are looked at.

use std::cell::Cell;

use compact_str::CompactString;
use notif_runtime::schema::{self, Kind, Type};
use notif_runtime::tree::{Child, Node};
use notif_runtime::types::InstanceIdentifier;
use serde_json::Value;

thread_local! {
    static LOOKS: Cell<usize> = const { Cell::new(0) };
}

/// The number of children that were asked for since the last call.
pub(crate) fn looks() -> usize {
    LOOKS.take()
}

/// A container or a list entry.
#[derive(Debug)]
pub(crate) struct Data {
    schema: &'static schema::Node<'static>,
    children: Vec<Slot>,
}

#[derive(Debug)]
enum Slot {
    None,
    Leaf(CompactString),
    Leaves(Vec<CompactString>),
    Identifiers(Vec<InstanceIdentifier>),
    Node(Box<Data>),
    Entries(Vec<Data>),
}

impl Data {
    /// Makes an instance of the schema from `members`.
    pub(crate) fn new(schema: &'static schema::Node<'static>, members: &Value) -> Self {
        let slot = |child: &'static schema::Node<'static>| match members.get(child.name) {
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
    fn new(schema: &'static schema::Node<'static>, value: &Value) -> Self {
        let text = |value: &Value| CompactString::new(value.as_str().expect("is a string"));
        let all = || value.as_array().expect("is an array").iter();
        match schema.kind {
            Kind::Leaf(_) => Self::Leaf(text(value)),
            Kind::LeafList(ref leaf) if matches!(leaf.ty, Type::InstanceIdentifier { .. }) => {
                let parsed =
                    |value: &Value| InstanceIdentifier::new(&text(value), &[schema.module]);
                Self::Identifiers(all().map(|value| parsed(value).expect("is one")).collect())
            }
            Kind::LeafList(_) => Self::Leaves(all().map(text).collect()),
            Kind::List { .. } => {
                Self::Entries(all().map(|entry| Data::new(schema, entry)).collect())
            }
            _ => Self::Node(Box::new(Data::new(schema, value))),
        }
    }
}

impl Node for Data {
    fn schema(&self) -> &'static schema::Node<'static> {
        self.schema
    }

    fn child(&self, index: usize) -> Child<'_> {
        LOOKS.set(LOOKS.get() + 1);
        match self.children.get(index) {
            None | Some(Slot::None) => Child::None,
            Some(Slot::Leaf(value)) => Child::leaf(value),
            Some(Slot::Leaves(values)) => Child::Leaves(values),
            Some(Slot::Identifiers(values)) => Child::Leaves(values),
            Some(Slot::Node(node)) => Child::Node(&**node),
            Some(Slot::Entries(entries)) => Child::Entries(entries),
        }
    }
}
