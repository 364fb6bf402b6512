//! The paths of leafrefs, and the modules to which they lead.

use std::collections::BTreeSet;

use super::tree::Tree;
use crate::modules::{ModuleId, Modules};
use crate::parse::{Keyword, Statement};

/// The `path` statements of a type, through its typedefs and the members of unions.
pub(super) fn paths<'m>(modules: &'m Modules, ty: Statement<'m>) -> Vec<Statement<'m>> {
    let (mut found, mut seen, mut next) = (Vec::new(), BTreeSet::new(), vec![ty]);
    while let Some(ty) = next.pop() {
        if !seen.insert(ty.key()) {
            continue;
        }
        found.extend(ty.child(Keyword::Path));
        let members: Vec<_> = ty.all(Keyword::Type).collect();
        next.extend(members.into_iter().rev());
        let typedef = modules.typedef(ty, ty.argument());
        next.extend(typedef.and_then(|typedef| typedef.child(Keyword::Type)));
    }
    found
}

/// The modules to which paths of leafrefs lead and that are not implemented yet (RFC 7950 section
/// 5.6.5).
pub(super) fn not_implemented(tree: &Tree<'_>, modules: &Modules) -> Vec<ModuleId> {
    let (mut found, mut seen) = (BTreeSet::new(), BTreeSet::new());
    let mut next = tree.roots();
    while let Some(id) = next.pop() {
        next.extend(tree.below(id));
        let ty = tree.get(id).and_then(|node| node.ty);
        let Some(ty) = ty.filter(|ty| seen.insert(ty.key())) else {
            continue;
        };
        for path in paths(modules, ty) {
            let named =
                prefixes(path.argument()).filter_map(|prefix| modules.by_prefix(path, prefix));
            found.extend(named.filter(|module| can_be_implemented(modules, *module)));
        }
    }
    found.into_iter().collect()
}

/// True unless it is implemented already, or another revision of it is.
fn can_be_implemented(modules: &Modules, id: ModuleId) -> bool {
    let Some(module) = modules.module(id) else {
        return false;
    };
    let held = modules.by_name(&module.name);
    let held = held.and_then(|held| modules.module(held));
    held.is_some_and(|held| !held.implemented)
}

/// The prefixes in an expression, those in its literals left out.
fn prefixes(expression: &str) -> impl Iterator<Item = &str> {
    let outside = expression
        .split('"')
        .step_by(2)
        .flat_map(|part| part.split('\'').step_by(2));
    let is_name = |c: char| c.is_alphanumeric() || matches!(c, '_' | '-' | '.');
    outside.flat_map(move |part| {
        part.match_indices(':').filter_map(move |(at, _)| {
            let (before, after) = (part.get(..at)?, part.get(at + 1..)?);
            let prefix = before.rsplit(|c| !is_name(c)).next()?;
            // Two colons are behind an axis.
            (!prefix.is_empty() && !after.starts_with(':')).then_some(prefix)
        })
    })
}
