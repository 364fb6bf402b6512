//! The finished shape of a tree: nodes that are off taken away, the order of children, and what nodes
//! have from their parents.

use std::collections::BTreeSet;

use super::check;
use super::node_id::NodeIdentifier;
use super::tree::{Kind, Node, NodeId, Tree};
use crate::fault::Faults;
use crate::model::Status;
use crate::modules::Modules;
use crate::parse::Keyword;

/// The properties that a node hands down.
#[derive(Clone, Copy)]
struct Inherited {
    config: bool,
    status: Status,
    /// True in operations and structures, where `config` is ignored.
    ignored: bool,
}

/// Finishes a tree to which augments and deviations were applied.
pub(super) fn finish(tree: &mut Tree<'_>, modules: &Modules, faults: &mut Faults) {
    uniques(tree, modules, faults);
    take_away(tree);
    let top = Inherited {
        config: true,
        status: Status::Current,
        ignored: false,
    };
    let mut next: Vec<(NodeId, Inherited)> = Vec::new();
    next.extend(tree.roots().into_iter().map(|root| (root, top)));
    while let Some((id, above)) = next.pop() {
        let own = inherit(tree, id, above, faults);
        order(tree, modules, id);
        next.extend(tree.below(id).into_iter().map(|child| (child, own)));
    }
    for (node, before) in tree.index_data() {
        let parent = |id| tree.get(id).and_then(|node| node.parent);
        // Siblings have been told.
        if parent(node) != parent(before) {
            check::namesakes(tree, node, before, faults);
        }
    }
}

/// Gives a node the config and status of its parent where it has none.
fn inherit(tree: &mut Tree<'_>, id: NodeId, above: Inherited, faults: &mut Faults) -> Inherited {
    let shorthand = shorthand_status(tree, id);
    let Some(node) = tree.get_mut(id) else {
        return above;
    };
    let starts = node.kind.is_operation() || node.kind == Kind::Structure;
    let ignored = above.ignored || starts;
    let written = node.config_statement.filter(|_| !ignored);
    node.config = match written {
        _ if ignored => false,
        Some(config) => config.argument() == "true",
        None => above.config,
    };
    if let Some(config) = written.filter(|_| node.config && !above.config) {
        let message = "the node around it is state data, so this one is too; take it away, or give \
                       the node around it \"config true\"";
        faults.at(config, "RFC 7950 section 7.21.1", message);
    }
    node.status = node
        .own_status
        .or(shorthand)
        .or(node.status_around)
        .unwrap_or(above.status);
    Inherited {
        config: node.config,
        status: node.status,
        ignored,
    }
}

/// The status of a shorthand case: that which its node says.
fn shorthand_status(tree: &Tree<'_>, id: NodeId) -> Option<Status> {
    let node = tree.get(id)?;
    let is_shorthand = node.kind == Kind::Case && !is_written(node);
    let child = tree.get(*node.children.first().filter(|_| is_shorthand)?)?;
    child.own_status
}

/// True unless a case is that of a node in shorthand.
fn is_written(case: &Node<'_>) -> bool {
    case.statement.keyword() == Keyword::Case
}

/// Takes away the nodes that are off.
fn take_away(tree: &mut Tree<'_>) {
    let kept = |tree: &Tree<'_>, list: &[NodeId]| -> Vec<NodeId> {
        let is_on = |id: &NodeId| tree.get(*id).is_some_and(|node| !node.off);
        list.iter().copied().filter(is_on).collect()
    };
    let roots = tree.roots();
    let mut next = kept(tree, &roots);
    let on: BTreeSet<NodeId> = next.iter().copied().collect();
    for list in tree.root_lists() {
        list.retain(|id| on.contains(id));
    }
    while let Some(id) = next.pop() {
        let Some(node) = tree.get(id) else { continue };
        let children = kept(tree, &node.children);
        let operations = kept(tree, &node.operations);
        next.extend(children.iter().chain(&operations));
        if let Some(node) = tree.get_mut(id) {
            node.children = children;
            node.operations = operations;
        }
    }
}

/// Puts the children of a node into schema order: those of its own module first, then those of others
/// by the names of their modules, each in the order of the text. The keys of a list come before all.
fn order(tree: &mut Tree<'_>, modules: &Modules, id: NodeId) {
    let Some(node) = tree.get(id) else { return };
    let is_foreign = |id: &NodeId| {
        tree.get(*id)
            .is_some_and(|child| child.module != node.module)
    };
    let place = |id: &NodeId| {
        let child = tree.get(*id)?;
        let module = modules.module(child.module)?;
        Some((child.module != node.module, module.name.clone()))
    };
    let (mut children, mut operations) = (node.children.clone(), node.operations.clone());
    for list in [&mut children, &mut operations] {
        if list.iter().any(is_foreign) {
            list.sort_by_cached_key(place);
        }
    }
    operations.sort_by_key(|id| tree.get(*id).map(|node| node.kind == Kind::Notification));
    let key = |name: &str| {
        let (_, name) = name.rsplit_once(':').unwrap_or(("", name));
        let found = tree.child(Some(id), node.module, name)?;
        children.contains(&found).then_some(found)
    };
    let keys: Vec<NodeId> = node.keys().filter_map(key).collect();
    if !keys.is_empty() {
        children.retain(|child| !keys.contains(child));
        children.splice(0..0, keys.iter().copied());
    }
    for key in keys {
        if let Some(key) = tree.get_mut(key) {
            key.is_key = true;
        }
    }
    if let Some(node) = tree.get_mut(id) {
        node.children = children;
        node.operations = operations;
    }
}

/// Finds the leafs of the `unique` statements (RFC 7950 section 7.8.3).
fn uniques(tree: &mut Tree<'_>, modules: &Modules, faults: &mut Faults) {
    for number in 0..tree.len() {
        let id = NodeId(u32::try_from(number).unwrap_or(u32::MAX));
        let Some(node) = tree.get(id).filter(|node| !node.unique.is_empty()) else {
            continue;
        };
        let (module, mut unique) = (node.module, node.unique.clone());
        for unique in &mut unique {
            let statement = unique.statement;
            for name in statement.argument().split_ascii_whitespace() {
                let leaf = NodeIdentifier::new(modules, statement, name, Some(module))
                    .and_then(|leaf| leaf.find(tree, modules, Some(id)));
                match leaf {
                    Err(fault) => faults.add(*fault),
                    Ok(leaf) => unique.leafs.push(leaf),
                }
            }
            unique.leafs.retain(|leaf| {
                let between = std::iter::once(*leaf).chain(tree.above(*leaf));
                let mut between = between.take_while(|above| *above != id);
                !between.any(|above| tree.get(above).is_some_and(|node| node.off))
            });
        }
        unique.retain(|unique| !unique.leafs.is_empty());
        if let Some(node) = tree.get_mut(id) {
            node.unique = unique;
        }
    }
}
