//! A document whose references are not settled yet.

use std::collections::HashSet;

use notif_runtime::schema::{LeafrefPath, Node};

use crate::document::{Document, Text};

/// A node of the schema with its data.
#[derive(Debug, Clone)]
pub(super) struct Member {
    pub(super) node: &'static Node<'static>,
    pub(super) data: Data,
}

#[derive(Debug, Clone)]
pub(super) enum Data {
    Object(Vec<Member>),
    Entries(Vec<Vec<Member>>),
    Leaf(Cell),
    Leaves(Vec<Cell>),
    Any(Document),
}

/// A value, or the way to find one.
#[derive(Debug, Clone)]
pub(super) enum Cell {
    Text(Text),
    /// One that is where the path leads.
    Reference(&'static LeafrefPath<'static>),
    /// The path of a node of the document.
    Instance,
}

impl Cell {
    fn text(self) -> Option<Text> {
        match self {
            Self::Text(text) => Some(text),
            Self::Reference(_) | Self::Instance => None,
        }
    }
}

/// The document without what could not be settled. Of entries with equal keys, and of equal values of
/// a configuration leaf-list, the first stays, unless it was meant otherwise.
pub(super) fn document(members: Vec<Member>, parent: Option<&Node<'_>>) -> Document {
    let named = members.into_iter().filter_map(|Member { node, data }| {
        let own = parent.is_some_and(|parent| parent.module.name == node.module.name);
        let name = if own {
            node.name.to_owned()
        } else {
            format!("{}:{}", node.module.name, node.name)
        };
        let document = match data {
            Data::Object(members) => document(members, Some(node)),
            Data::Entries(entries) => entries_of(entries, node)?,
            Data::Leaf(cell) => Document::Value(cell.text()?),
            Data::Leaves(cells) => leaves_of(cells, node)?,
            Data::Any(content) => content,
        };
        Some((name, document))
    });
    Document::Object(named.collect())
}

fn entries_of(entries: Vec<Vec<Member>>, node: &'static Node<'static>) -> Option<Document> {
    let mut met = HashSet::new();
    let entries: Vec<Document> = entries
        .into_iter()
        .map(|entry| document(entry, Some(node)))
        .filter(|entry| node.keys().is_empty() || met.insert(keys(entry, node)))
        .collect();
    (!entries.is_empty()).then_some(Document::Array(entries))
}

/// The keys of an entry, as XML has them: in JSON a union's `1` and `"1"` would differ.
fn keys(entry: &Document, node: &'static Node<'static>) -> Vec<Option<String>> {
    let Document::Object(members) = entry else {
        return Vec::new();
    };
    let names = node.keys().iter().filter_map(|at| node.children().get(*at));
    let value = |name: &str| {
        let found = members.iter().find(|(member, _)| member == name)?;
        match &found.1 {
            Document::Value(text) => Some(text.xml.clone()),
            _ => None,
        }
    };
    names.map(|key| value(key.name)).collect()
}

fn leaves_of(cells: Vec<Cell>, node: &'static Node<'static>) -> Option<Document> {
    let mut met = HashSet::new();
    let values: Vec<Document> = cells
        .into_iter()
        .filter_map(Cell::text)
        .filter(|text| !node.config || met.insert(text.xml.clone()))
        .map(Document::Value)
        .collect();
    (!values.is_empty()).then_some(Document::Array(values))
}
