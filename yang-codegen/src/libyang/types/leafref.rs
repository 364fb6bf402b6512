//! Leafrefs: their targets, and the targets' types.

use std::collections::BTreeSet;

use super::{Problem, convert, find_node, of_node, problem};
use crate::libyang::raw::{Base, Context, Node, Type};
use crate::libyang::rules;
use crate::model::{self, LeafPath, LeafrefPath, QName, TypeUse};

/// A leafref, with the type of the leaf that it refers to.
pub(super) fn leafref(
    context: &Context,
    ty: Type<'_>,
    node: Option<Node<'_>>,
    used: &mut BTreeSet<QName>,
) -> Result<model::Type, Problem> {
    let path = ty
        .path()
        .ok_or_else(|| problem("path", "path".to_owned()))?;
    let unsupported = || problem("path", format!("path {}", path.text()));
    if is_circular(ty, &mut Vec::new()) {
        return Err(Problem {
            keyword: "path",
            statement: path.text().to_owned(),
            reason: Some(
                "the reference leads back to itself (RFC 7950 section 9.9: no circular chains)"
                    .to_owned(),
            ),
        });
    }
    let resolved = rules::leafref(context, node, path)?;
    // libyang names no leaf for a member of a union, only its type.
    let found = node.and_then(|node| {
        node.leafref_target().or_else(|| match &resolved {
            LeafrefPath::Plain(path) => node.find(&path_text(path)),
            LeafrefPath::Expr { .. } => None,
        })
    });
    let target = if let Some(leaf) = found {
        of_node(context, leaf, used)?
    } else {
        let target = ty.target().ok_or_else(unsupported)?;
        // Some leaf of that very type: its statement tells what the compiled type does not.
        let leaf = find_node(context, &|leaf| {
            leaf.compiled_type().filter(|ty| ty.is(target))
        });
        let statement = leaf.and_then(|(leaf, _)| leaf.type_statement());
        TypeUse {
            ty: convert(context, target, statement, node, used)?,
            typedef: None,
        }
    };
    Ok(model::Type::LeafRef {
        path: resolved,
        require_instance: ty.requires_instance(),
        target: Box::new(target),
    })
}

/// Returns true if a type refers to itself. libyang does not notice it through a union.
fn is_circular<'c>(ty: Type<'c>, above: &mut Vec<Type<'c>>) -> bool {
    let next = match ty.base() {
        Base::LeafRef => ty.target().into_iter().collect(),
        Base::Union => ty.members(),
        _ => return false,
    };
    if above.iter().any(|known| known.is(ty)) {
        return true;
    }
    above.push(ty);
    let found = next.into_iter().any(|next| is_circular(next, above));
    above.pop();
    found
}

/// A path as libyang reads it where names carry their modules' names.
fn path_text(path: &LeafPath) -> String {
    let mut text = "../".repeat(path.ups.unwrap_or(0));
    for (at, step) in path.steps.iter().enumerate() {
        if at > 0 || path.ups.is_none() {
            text.push('/');
        }
        text.extend([&*step.module, ":", &*step.name]);
    }
    text
}
