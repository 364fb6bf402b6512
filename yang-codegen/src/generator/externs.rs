//! Checks that modules whose types another crate has fit those generated here.

use std::slice::from_ref;

use crate::error::{Error, most_similar, suggestion};
use crate::model::{Model, Module, Node, NodeKind, Operation, Type, TypeUse};
use crate::settings::Parsed;

/// An error if a module with an `extern_path` does not exist, or if modules that are generated here
/// change its types: the other crate's lack the change.
pub(crate) fn check(model: &Model, settings: &Parsed) -> Result<(), Error> {
    settings
        .extern_modules()
        .try_for_each(|name| check_module(model, settings, name))
}

fn check_module(model: &Model, settings: &Parsed, name: &str) -> Result<(), Error> {
    let error = |reason: String| Error::Setting {
        path: format!("extern_path of {name}"),
        reason,
    };
    let Some(module) = model.modules.iter().find(|module| module.name == name) else {
        let names = model.modules.iter().map(|module| module.name.as_str());
        let nearest = most_similar(name, names);
        return Err(error(format!(
            "the module is neither asked for nor imported{}",
            suggestion(nearest.as_deref())
        )));
    };
    let is_own = |other: &str| settings.extern_path(other).is_none();
    match change(module, &is_own) {
        Some((other, what)) => Err(error(format!(
            "{what}, which the types of the other crate lack; generate {name} here, or set an \
             extern_path of {other} too"
        ))),
        None => Ok(()),
    }
}

/// A module that is generated here and changes the types of `module`, and how it does.
fn change<'m>(module: &'m Module, is_own: &dyn Fn(&str) -> bool) -> Option<(&'m str, String)> {
    let deviating = module.deviated_by.iter().find(|other| is_own(other));
    let deviating = deviating.map(|other| (other.as_str(), format!("{other} deviates it")));
    deviating
        .or_else(|| {
            let typedefs = module.typedefs.iter().map(|typedef| &typedef.ty);
            let annotations = module.annotations.iter().map(|annotation| &annotation.ty);
            let mut types = typedefs.chain(annotations);
            types.find_map(|ty| added_identity(ty, is_own))
        })
        .or_else(|| added_below(&module.roots, is_own))
        .or_else(|| added_below(&module.structures, is_own))
        .or_else(|| added_in_operations(&module.operations, is_own))
}

fn added_below<'m>(nodes: &'m [Node], is_own: &dyn Fn(&str) -> bool) -> Option<(&'m str, String)> {
    nodes.iter().find_map(|node| {
        if is_own(&node.module) {
            let what = format!("{} augments it with \"{}\"", node.module, node.name);
            return Some((node.module.as_str(), what));
        }
        let own = match &node.kind {
            NodeKind::Leaf { ty, .. } | NodeKind::LeafList { ty, .. } => added_identity(ty, is_own),
            _ => None,
        };
        own.or_else(|| added_below(node.children(), is_own))
            .or_else(|| added_in_operations(&node.operations, is_own))
    })
}

fn added_in_operations<'m>(
    operations: &'m [Operation],
    is_own: &dyn Fn(&str) -> bool,
) -> Option<(&'m str, String)> {
    let mut parts = operations.iter().flat_map(Operation::parts);
    parts.find_map(|node| added_below(from_ref(node), is_own))
}

fn added_identity<'m>(ty: &'m TypeUse, is_own: &dyn Fn(&str) -> bool) -> Option<(&'m str, String)> {
    match &ty.ty {
        Type::Identityref(values) => {
            let mut identities = values.iter().map(|value| &value.identity);
            let added = identities.find(|identity| is_own(&identity.module))?;
            let what = format!("{} derives the identity \"{}\"", added.module, added.name);
            Some((added.module.as_str(), what))
        }
        Type::Union(members) => members
            .iter()
            .find_map(|member| added_identity(member, is_own)),
        Type::LeafRef { target, .. } => added_identity(target, is_own),
        _ => None,
    }
}
