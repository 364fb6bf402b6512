//! The rules of lists: keys and unique leafs.

use super::status::check_reference;
use crate::compile::tree::{Kind, Node, NodeId, Tree, Unique};
use crate::error::most_similar;
use crate::fault::{Fault, Faults};
use crate::modules::Modules;

const KEY: &str = "RFC 7950 section 7.8.2";
const UNIQUE: &str = "RFC 7950 section 7.8.3";

/// Checks a list. In a grouping alone, it is configuration only if that is written.
pub(super) fn check(
    tree: &Tree<'_>,
    modules: &Modules,
    id: NodeId,
    alone: bool,
    faults: &mut Faults,
) {
    let Some(list) = tree.get(id) else { return };
    let is_written = || {
        let mut around = std::iter::once(id).chain(tree.above(id));
        around.any(|id| {
            tree.get(id)
                .is_some_and(|node| node.config_statement.is_some())
        })
    };
    if list.config && (!alone || is_written()) && list.keys().next().is_none() {
        let message = "a list of configuration needs a key; give it a \"key\" statement, or \
                       \"config false\"";
        faults.at(list.statement, KEY, message);
    }
    let mut seen: Vec<&str> = Vec::new();
    for name in list.keys() {
        let name = name.rsplit_once(':').map_or(name, |(_, name)| name);
        if seen.contains(&name) {
            fault(list, faults, format!("it names \"{name}\" twice"));
        } else {
            seen.push(name);
            key(tree, id, list, name, faults);
            let leaf = tree.child(Some(id), list.module, name);
            if let (Some(statement), Some(leaf)) = (list.key, leaf.and_then(|leaf| tree.get(leaf)))
            {
                check_reference(modules, statement, (list, leaf), faults);
            }
        }
    }
    for unique in &list.unique {
        self::unique(tree, id, list, unique, faults);
        for leaf in unique.leafs.iter().filter_map(|leaf| tree.get(*leaf)) {
            check_reference(modules, unique.statement, (list, leaf), faults);
        }
    }
}

fn fault(list: &Node<'_>, faults: &mut Faults, message: String) {
    faults.at(list.key.unwrap_or(list.statement), KEY, message);
}

fn key(tree: &Tree<'_>, id: NodeId, list: &Node<'_>, name: &str, faults: &mut Faults) {
    let leaf = tree.child(Some(id), list.module, name);
    let Some(leaf) = leaf.and_then(|leaf| tree.get(leaf)) else {
        let children = list.children.iter().filter_map(|id| tree.get(*id));
        let leafs = children.filter(|child| child.kind == Kind::Leaf);
        let nearest = most_similar(name, leafs.map(|leaf| leaf.name));
        let message = format!("list \"{}\" has no leaf \"{name}\"", list.name);
        let fault = Fault::of(list.key.unwrap_or(list.statement), KEY, message);
        faults.add(fault.nearest(nearest));
        return;
    };
    if leaf.kind != Kind::Leaf {
        let kind = leaf.kind.as_str();
        fault(
            list,
            faults,
            format!("a key is a leaf, and \"{name}\" is a {kind}"),
        );
    } else if let Some(if_feature) = leaf.if_feature {
        let message = format!("\"{name}\" is a key of its list, so it may not depend on a feature");
        faults.at(if_feature, "RFC 7950 section 7.20.2", message);
    } else if leaf.off {
        fault(
            list,
            faults,
            format!("\"{name}\" is taken away, but a list needs its keys"),
        );
    } else if let Some(when) = leaf.when.iter().find(|when| !when.of_parent) {
        let message = format!("\"{name}\" is a key of its list, so it may have no condition");
        faults.at(when.statement, "RFC 7950 section 7.21.5", message);
    } else if leaf.config != list.config {
        let message = format!(
            "key \"{name}\" is {} and its list is not; both need the same \"config\"",
            if leaf.config {
                "configuration"
            } else {
                "state data"
            }
        );
        faults.at(
            leaf.config_statement.unwrap_or(leaf.statement),
            KEY,
            message,
        );
    }
}

fn unique(tree: &Tree<'_>, id: NodeId, list: &Node<'_>, unique: &Unique<'_>, faults: &mut Faults) {
    let leafs = unique
        .leafs
        .iter()
        .filter_map(|leaf| Some((*leaf, tree.get(*leaf)?)));
    let mut config = None;
    for (leaf, node) in leafs {
        let mut between = tree.above(leaf).take_while(|above| *above != id);
        let in_list =
            between.any(|above| tree.get(above).is_some_and(|node| node.kind == Kind::List));
        let message = if node.kind != Kind::Leaf {
            format!("\"{}\" is a {}, not a leaf", node.name, node.kind.as_str())
        } else if in_list {
            format!(
                "leaf \"{}\" is in a list in list \"{}\", so an entry has many of it",
                node.name, list.name
            )
        } else if config.is_some_and(|config| config != node.config) {
            "its leafs are either all configuration or all state data".to_owned()
        } else {
            config = Some(node.config);
            continue;
        };
        faults.at(unique.statement, UNIQUE, message);
    }
}
