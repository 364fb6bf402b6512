//! The extensions at the top of a module: structures, data templates, annotations, and others.

use std::collections::BTreeSet;

use super::super::raw::{self, Context, Module, Node};
use super::super::{rules, types};
use super::Walk;
use crate::error::Error;
use crate::model::{self, Annotation, Docs, Extension, NodeKind, QName, Rules};

/// The extensions at the top of a module.
#[derive(Default)]
pub(super) struct AtTop {
    pub(super) structures: Vec<model::Node>,
    pub(super) annotations: Vec<Annotation>,
    pub(super) others: Vec<Extension>,
}

/// An extension as it is kept.
pub(super) fn extension(instance: raw::Extension<'_>) -> Extension {
    Extension {
        name: QName {
            module: instance.module().map_or("", Module::name).to_owned(),
            name: instance.name().to_owned(),
        },
        argument: instance.argument().map(ToOwned::to_owned),
    }
}

pub(super) fn at_top(
    context: &Context,
    module: Module<'_>,
    used: &mut BTreeSet<QName>,
) -> Result<AtTop, Error> {
    let mut found = AtTop::default();
    for instance in module.extensions() {
        let mut walk = Walk {
            context,
            module,
            used,
            path: Vec::new(),
        };
        if let Some(ty) = instance.annotation_type() {
            let name = instance.argument().unwrap_or_default().to_owned();
            let ty = types::of_annotation(context, ty, instance.annotation_type_statement(), used)
                .map_err(|problem| problem.error(context, module, (&[], String::new())))?;
            found.annotations.push(Annotation { name, ty });
        } else if instance.is_template() {
            let containers = containers(instance.nodes());
            found.structures.extend(walk.nodes(containers)?);
        } else if instance.is_structure() {
            found.structures.push(structure(instance, walk)?);
        } else {
            found.others.push(extension(instance));
        }
    }
    Ok(found)
}

/// The containers that a data template can be, of which a choice has several (RFC 8040 section 8).
fn containers(nodes: Vec<Node<'_>>) -> Vec<Node<'_>> {
    nodes
        .into_iter()
        .flat_map(|node| match node.keyword().as_str() {
            "choice" | "case" => containers(node.children()),
            _ => vec![node],
        })
        .collect()
}

/// A structure is encoded as a container of its name (RFC 8791 section 4).
fn structure<'c>(instance: raw::Extension<'c>, walk: Walk<'c, '_>) -> Result<model::Node, Error> {
    let (module, name) = (walk.module, instance.argument().unwrap_or_default());
    let must = rules::musts(walk.context, None, instance.musts())
        .map_err(|problem| problem.error(walk.context, module, (&[], String::new())))?;
    Ok(model::Node {
        name: name.to_owned(),
        module: module.name().to_owned(),
        docs: Docs {
            description: instance.description().map(ToOwned::to_owned),
            ..Docs::default()
        },
        config: true,
        partial: false,
        rules: Rules {
            must,
            ..Rules::default()
        },
        extensions: Vec::new(),
        operations: Vec::new(),
        kind: NodeKind::Container {
            presence: true,
            children: walk.below(name).nodes(instance.nodes())?,
        },
    })
}
