//! Warns of leafs whose type no identity belongs to.

use std::slice::from_ref;

use super::place::Places;
use super::raw::Context;
use super::rules;
use crate::error::{Place, Warning};
use crate::model::{Model, Node, NodeKind, Operation, QName, Type, TypeUse};

/// A warning of each leaf and leaf-list with an identityref that no identity of the model is for. Of
/// those that one statement makes, such as a grouping's, for the first; where the line is not known,
/// those of one name are taken for such.
pub(super) fn warnings(context: &Context, model: &Model) -> Vec<Warning> {
    let mut found = Vec::new();
    for module in &model.modules {
        let operations = module.operations.iter().flat_map(Operation::parts);
        let tops = module.roots.iter().chain(&module.structures);
        for top in tops.chain(operations) {
            search(from_ref(top), &mut Vec::new(), &mut found);
        }
    }
    let mut places = Places::new(context);
    let mut warned: Vec<(Place, Option<QName>)> = Vec::new();
    let mut warnings = Vec::new();
    for node in found {
        let names: Vec<&str> = node.iter().map(|step| &*step.name).collect();
        let module = node.last().map_or("", |step| &*step.module);
        let place = places.of_node(module, &names, Some("type"));
        let name = node.last().filter(|_| place.line.is_none());
        let known = (place.clone(), name.cloned());
        if warned.contains(&known) {
            continue;
        }
        warned.push(known);
        let path = rules::path(&node);
        warnings.push(Warning::NoIdentity { place, path });
    }
    warnings
}

fn search(nodes: &[Node], above: &mut Vec<QName>, found: &mut Vec<Vec<QName>>) {
    for node in nodes {
        let depth = above.len();
        let part = match node.kind {
            NodeKind::Input { .. } => Some("input"),
            NodeKind::Output { .. } => Some("output"),
            _ => None,
        };
        let own = (!node.is_hidden()).then_some(&*node.name);
        above.extend(own.into_iter().chain(part).map(|name| QName {
            module: node.module.clone(),
            name: name.to_owned(),
        }));
        if let NodeKind::Leaf { ty, .. } | NodeKind::LeafList { ty, .. } = &node.kind
            && has_no_value(ty)
        {
            found.push(above.clone());
        }
        search(node.children(), above, found);
        for part in node.operations.iter().flat_map(Operation::parts) {
            search(from_ref(part), above, found);
        }
        above.truncate(depth);
    }
}

/// Returns true for an identityref without identities. Not for a leafref to one: no remedy there.
fn has_no_value(ty: &TypeUse) -> bool {
    matches!(&ty.ty, Type::Identityref(identities) if identities.is_empty())
}
