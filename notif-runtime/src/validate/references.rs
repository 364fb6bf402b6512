//! Where leafrefs and instance-identifiers lead in the data.

use std::collections::HashSet;

use foldhash::quality::RandomState;

use super::{Predicate, Step};
use crate::schema::{self, Kind, LeafPath};
use crate::tree::{Child, Node, Value};

pub(super) type Values<'a> = HashSet<Value<'a>, RandomState>;

/// The values that a leafref can have.
#[derive(Default)]
pub(super) struct Targets<'a> {
    values: Values<'a>,
    /// Those of absent leafs, whose defaults are in use.
    defaults: Vec<&'static str>,
}

impl Targets<'_> {
    pub(super) fn contains(&self, value: Value<'_>) -> bool {
        self.values.contains(&value)
            || (!self.defaults.is_empty() && self.defaults.contains(&value.to_text().as_str()))
    }
}

/// Adds the values of the leafs that `steps` lead to.
pub(super) fn gather<'a>(node: &'a dyn Node, steps: &[&str], targets: &mut Targets<'a>) {
    let Some((name, below)) = steps.split_first() else {
        return;
    };
    match node.get(name) {
        Some((_, Child::Leaf(value))) => drop(targets.values.insert(value)),
        Some((_, Child::Leaves(leaves))) => targets.values.extend(leaves.iter()),
        Some((_, Child::Node(node))) => gather(node, below, targets),
        Some((_, Child::Entries(entries))) => entries
            .iter()
            .for_each(|entry| gather(entry, below, targets)),
        Some((schema, Child::None)) => targets.defaults.extend(default_in_use(schema, below)),
        Some((_, Child::Any(_))) | None => {}
    }
}

/// The default of the absent leaf that `steps` lead to from an absent node, if it is in use
/// (RFC 7950 section 7.6.1): only containers without presence are between.
fn default_in_use(schema: &'static schema::Node, steps: &[&str]) -> Option<&'static str> {
    match (&schema.kind, steps.split_first()) {
        (Kind::Leaf(leaf), _) => leaf.default,
        (
            Kind::Container {
                presence: false,
                children,
            },
            Some((name, below)),
        ) => {
            let at = crate::decode::child_by_name(schema, name)?;
            default_in_use(children.get(at)?, below)
        }
        _ => None,
    }
}

/// Whether `steps` lead to a node below `node`.
pub(super) fn exists(node: &dyn Node, steps: &[&Step]) -> bool {
    let Some((step, below)) = steps.split_first() else {
        return true;
    };
    let is_it = |entry: &dyn Node, at: usize| match &step.predicate {
        Predicate::Position(position) => at + 1 == *position,
        Predicate::Keys(keys) => entry
            .keys()
            .zip(keys)
            .all(|((_, own), (_, key))| own.to_text() == *key),
        _ => false,
    };
    let Some((schema, child)) = node.get(&step.name) else {
        return false;
    };
    match child {
        Child::None => in_use(schema, below),
        Child::Leaf(_) => true,
        // What is in it has no schema.
        Child::Any(_) => below.is_empty(),
        Child::Node(node) => exists(node, below),
        Child::Leaves(leaves) => match &step.predicate {
            Predicate::Position(position) => *position <= leaves.len(),
            Predicate::Value(value) => leaves.iter().any(|own| own.to_text() == *value),
            _ => false,
        },
        Child::Entries(entries) => entries
            .iter()
            .enumerate()
            .any(|(at, entry)| is_it(entry, at) && exists(entry, below)),
    }
}

/// Whether `steps` lead from an absent node to one that counts as there all the same: a leaf whose
/// default is in use (RFC 7950 section 7.6.1), or a container without presence.
fn in_use(schema: &'static schema::Node, steps: &[&Step]) -> bool {
    match &schema.kind {
        Kind::Leaf(leaf) => leaf.default.is_some(),
        Kind::Container {
            presence: false,
            children,
        } => match steps.split_first() {
            None => true,
            Some((step, below)) => crate::decode::child_by_name(schema, &step.name)
                .and_then(|at| children.get(at))
                .is_some_and(|child| in_use(child, below)),
        },
        _ => false,
    }
}

/// The path as an instance path has it: with a module where it changes.
pub(super) fn path_text(path: &LeafPath) -> String {
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
