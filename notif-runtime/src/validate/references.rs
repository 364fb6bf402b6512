//! Follows leafrefs and instance-identifiers in the data.

use std::collections::HashSet;

use compact_str::CompactString;
use foldhash::quality::RandomState;

use crate::fault::{Predicate, Step};
use crate::schema::{self, Kind, LeafPath};
use crate::tree::{Child, Node, Value};

pub(super) type Values<'a> = HashSet<Value<'a>, RandomState>;

/// The values that a leafref can have.
#[derive(Default)]
pub(super) struct Targets<'a> {
    pub(super) values: Values<'a>,
    /// True if leafs are absent that may have their defaults instead.
    pub(super) may_be_default: bool,
    /// The number of nodes that were looked at.
    pub(super) looks: usize,
}

/// Adds the values of the leafs that `steps` lead to.
pub(super) fn gather<'a>(node: &'a dyn Node, steps: &[&str], targets: &mut Targets<'a>) {
    let Some((name, below)) = steps.split_first() else {
        return;
    };
    targets.looks += 1;
    match node.get(name) {
        Some((_, Child::Leaf(value))) => drop(targets.values.insert(value)),
        Some((schema, child)) if child.is_none() => {
            targets.may_be_default |= may_be_default(schema, below);
        }
        Some((_, Child::Leaves(leaves))) => {
            targets.looks += leaves.len();
            targets.values.extend(leaves.iter());
        }
        Some((_, Child::Node(node))) => gather(node, below, targets),
        Some((_, Child::Entries(entries))) => entries
            .iter()
            .for_each(|entry| gather(entry, below, targets)),
        Some((_, Child::None | Child::Any(_))) | None => {}
    }
}

/// Returns true if `steps` may lead from an absent node to a leaf whose default is in use (RFC 7950
/// section 7.6.1): only containers without presence are between.
fn may_be_default(schema: &schema::Node<'_>, steps: &[&str]) -> bool {
    match (&schema.kind, steps.split_first()) {
        (Kind::Leaf(leaf), _) => leaf.default.is_some(),
        (Kind::LeafList(leaf), _) => !leaf.defaults.is_empty(),
        (
            Kind::Container {
                presence: false, ..
            },
            Some((name, below)),
        ) => child(schema, name).is_some_and(|child| may_be_default(child, below)),
        _ => false,
    }
}

/// The existence of a node.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Existence {
    Yes,
    No,
    /// It may count as present although the message does not have it.
    Perhaps,
}

/// Tells if `steps` lead to a node below `node`. That is open too once as many instances as `looks`
/// were compared with predicates: in long lists, an index is to find them.
pub(super) fn exists(node: &dyn Node, steps: &[&Step], looks: &mut usize) -> Existence {
    let Some((step, below)) = steps.split_first() else {
        return Existence::Yes;
    };
    let is_it = |entry: &dyn Node, keys: &[(CompactString, CompactString)]| {
        let mut own = entry.keys().zip(keys);
        own.all(|((_, own), (_, key))| own.to_text() == *key)
    };
    let known = |is_there| {
        if is_there {
            Existence::Yes
        } else {
            Existence::No
        }
    };
    let Some((schema, child)) = node.get(&step.name) else {
        return Existence::No;
    };
    match child {
        child if child.is_none() => may_be_in_use(schema, below),
        Child::None => Existence::No,
        Child::Leaf(_) => Existence::Yes,
        // Its content has no schema.
        Child::Any(_) => known(below.is_empty()),
        Child::Node(node) => exists(node, below, looks),
        Child::Leaves(leaves) => match &step.predicate {
            Predicate::Position(position) => known(*position <= leaves.len()),
            Predicate::Value(_) if !may_look(leaves.len(), looks) => Existence::Perhaps,
            Predicate::Value(value) => known(leaves.iter().any(|own| own.to_text() == *value)),
            _ => Existence::No,
        },
        Child::Entries(entries) => {
            let entry = match &step.predicate {
                Predicate::Position(position) => entries.get(position.wrapping_sub(1)),
                Predicate::Keys(_) if !may_look(entries.len(), looks) => return Existence::Perhaps,
                Predicate::Keys(keys) => entries.iter().find(|entry| is_it(*entry, keys)),
                _ => None,
            };
            entry.map_or(Existence::No, |entry| exists(entry, below, looks))
        }
    }
}

/// Returns true if so many instances may still be compared.
fn may_look(instances: usize, looks: &mut usize) -> bool {
    *looks = looks.saturating_sub(instances);
    *looks > 0
}

/// Tells if `steps` may lead from an absent node to one that counts as present all the same: a leaf
/// whose default is in use (RFC 7950 section 7.6.1), or a container without presence.
fn may_be_in_use(schema: &schema::Node<'_>, steps: &[&Step]) -> Existence {
    let may_be = match (&schema.kind, steps.split_first()) {
        (Kind::Leaf(leaf), _) => leaf.default.is_some(),
        (Kind::LeafList(leaf), _) => !leaf.defaults.is_empty(),
        (
            Kind::Container {
                presence: false, ..
            },
            None,
        ) => true,
        (
            Kind::Container {
                presence: false, ..
            },
            Some((step, below)),
        ) => child(schema, &step.name)
            .is_some_and(|child| may_be_in_use(child, below) == Existence::Perhaps),
        _ => false,
    };
    if may_be {
        Existence::Perhaps
    } else {
        Existence::No
    }
}

fn child<'s>(schema: &'s schema::Node<'s>, name: &str) -> Option<&'s schema::Node<'s>> {
    let at = schema.child_index(name)?;
    schema.children().get(at)
}

/// The path as an instance path has it: with a module where it changes.
pub(super) fn path_text(path: &LeafPath<'_>) -> String {
    let mut text = path.ups.map_or(String::new(), |ups| "../".repeat(ups));
    let mut module = "";
    for (at, step) in path.steps.iter().enumerate() {
        if at > 0 || path.ups.is_none() {
            text.push('/');
        }
        match step.split_once(':') {
            Some((same, name)) if same == module => text.push_str(name),
            Some((other, _)) => {
                module = other;
                text.push_str(step);
            }
            None => text.push_str(step),
        }
    }
    text
}
