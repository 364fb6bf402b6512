//! Modules whose data may be a part of a datastore: mandatory nodes may be absent, except keys.

use std::slice::from_mut;

use crate::error::{Error, most_similar, suggestion};
use crate::model::{Model, Node, NodeKind, Operation};

/// Marks the nodes of `modules`, wherever they stand.
pub(crate) fn mark(model: &mut Model, modules: &[String]) -> Result<(), Error> {
    for name in modules {
        let mut known = model.modules.iter().filter(|module| module.implemented);
        if !known.any(|module| module.name == *name) {
            let names = model.modules.iter().map(|module| module.name.as_str());
            let nearest = most_similar(name, names);
            return Err(Error::Setting {
                path: format!("partial of {name}"),
                reason: format!(
                    "no data of such a module is generated{}",
                    suggestion(nearest.as_deref())
                ),
            });
        }
    }
    for module in &mut model.modules {
        module.partial = modules.contains(&module.name);
        mark_nodes(&mut module.roots, modules, &[]);
        mark_nodes(&mut module.structures, modules, &[]);
        mark_operations(&mut module.operations, modules);
    }
    Ok(())
}

fn mark_nodes(nodes: &mut [Node], modules: &[String], keys: &[String]) {
    for node in nodes {
        node.partial = modules.contains(&node.module) && !keys.contains(&node.name);
        mark_operations(&mut node.operations, modules);
        let keys = match &node.kind {
            NodeKind::List { keys, .. } => keys.clone(),
            // Keys are in no choice.
            _ => Vec::new(),
        };
        mark_nodes(node.children_mut(), modules, &keys);
    }
}

fn mark_operations(operations: &mut [Operation], modules: &[String]) {
    for node in operations.iter_mut().flat_map(Operation::parts_mut) {
        mark_nodes(from_mut(node), modules, &[]);
    }
}
