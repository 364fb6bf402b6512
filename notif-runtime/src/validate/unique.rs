//! The `unique` statements of lists (RFC 7950 section 7.8.3).

use std::collections::HashSet;

use compact_str::CompactString;
use foldhash::quality::RandomState;

use crate::schema::Node as Schema;
use crate::tree::{self, Child, Entries};
use crate::value::canonical_default;

/// The way from an entry to a leaf, as the indexes of children, and the leaf's default.
struct Leaf {
    way: Vec<usize>,
    default: Option<CompactString>,
}

/// The entries that have the same values as one before where a `unique` statement wants other ones,
/// each with the names of these leafs.
pub(super) fn repeated(list: &Schema<'_>, entries: &dyn Entries) -> Vec<(usize, String)> {
    let mut repeated = Vec::new();
    for unique in list.rules.unique {
        let leafs: Option<Vec<Leaf>> = unique.iter().map(|steps| leaf(list, steps)).collect();
        let Some(leafs) = leafs else {
            continue;
        };
        let mut seen: HashSet<Vec<CompactString>, RandomState> = HashSet::default();
        for (at, entry) in entries.iter().enumerate() {
            // Entries that lack one of the leafs are not compared.
            let values: Option<Vec<CompactString>> =
                leafs.iter().map(|leaf| value(entry, leaf)).collect();
            if values.is_some_and(|values| !seen.insert(values)) {
                repeated.push((at, names(unique)));
            }
        }
    }
    repeated
}

fn leaf(list: &Schema<'_>, steps: &[&str]) -> Option<Leaf> {
    let mut schema = list;
    let mut way = Vec::with_capacity(steps.len());
    for step in steps {
        let at = schema.child_index(step)?;
        schema = schema.children().get(at)?;
        way.push(at);
    }
    let leaf = schema.leaf()?;
    let default = leaf
        .default
        .map(|text| canonical_default(text, leaf.ty, schema.module).into());
    Some(Leaf { way, default })
}

fn value(entry: &dyn tree::Node, leaf: &Leaf) -> Option<CompactString> {
    let mut node = Some(entry);
    let mut found = None;
    for index in &leaf.way {
        match node.map(|node| node.child(*index)) {
            Some(Child::Node(below)) => node = Some(below),
            Some(Child::Leaf(value)) => found = Some(value.to_text()),
            _ => node = None,
        }
    }
    found.or_else(|| leaf.default.clone())
}

/// The leafs as the statement names them.
fn names(unique: &[&[&str]]) -> String {
    let local = |step: &&str| step.rsplit(':').next().unwrap_or_default().to_owned();
    let path = |steps: &&[&str]| steps.iter().map(local).collect::<Vec<_>>().join("/");
    unique.iter().map(path).collect::<Vec<_>>().join(" ")
}
