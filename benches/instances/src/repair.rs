//! Documents that are made valid by taking out what is at fault.

use notif_runtime::fault::{Fault, FaultKind, InstancePath, Predicate, Step};
use rand::RngExt as _;

use crate::Document;

/// Removes the node at fault from the document: the innermost node of its path that is there; for a
/// missing node, the one around it; for a node that breaks a rule about its members, one of these.
/// Returns true if there was something to remove.
pub fn repair(document: &mut Document, fault: &Fault, rng: &mut impl rand::Rng) -> bool {
    let steps: Vec<&Step> = InstancePath::steps(&fault.path).collect();
    let of_members = matches!(
        fault.kind,
        FaultKind::Must | FaultKind::SeveralCases | FaultKind::NotUnique
    );
    take(document, &steps, of_members, rng)
}

fn take(
    document: &mut Document,
    steps: &[&Step],
    of_members: bool,
    rng: &mut impl rand::Rng,
) -> bool {
    let Document::Object(members) = document else {
        return false;
    };
    let Some((step, below)) = steps.split_first() else {
        if !of_members || members.is_empty() {
            return false;
        }
        let at = rng.random_range(0..members.len());
        members.remove(at);
        return true;
    };
    let Some(at) = members.iter().position(|(name, _)| *name == *step.name) else {
        return false;
    };
    let Some((_, node)) = members.get_mut(at) else {
        return false;
    };
    if let Document::Array(nodes) = node
        && let Some(entry) = nodes
            .iter()
            .position(|node| is_meant(node, &step.predicate))
            .or_else(|| position(&step.predicate))
        && let Some(node) = nodes.get_mut(entry)
    {
        if take(node, below, of_members, rng) {
            return true;
        }
        nodes.remove(entry);
        if !nodes.is_empty() {
            return true;
        }
    } else if take(node, below, of_members, rng) {
        return true;
    }
    members.remove(at);
    true
}

fn position(predicate: &Predicate) -> Option<usize> {
    match predicate {
        Predicate::Position(at) => at.checked_sub(1),
        _ => None,
    }
}

fn is_meant(node: &Document, predicate: &Predicate) -> bool {
    match (node, predicate) {
        (Document::Object(members), Predicate::Keys(keys)) => keys.iter().all(|(name, value)| {
            let mut members = members.iter();
            members.any(|(member, node)| *member == **name && has_text(node, value))
        }),
        (node, Predicate::Value(value)) => has_text(node, value),
        _ => false,
    }
}

fn has_text(node: &Document, value: &str) -> bool {
    matches!(node, Document::Value(text) if text.xml == value)
}
