//! The types that a document can start with: of top-level containers, of structures, and of
//! operations wherever they stand.

use proc_macro2::TokenStream;
use quote::quote;

use super::super::scope::Scope;
use crate::model::{Module, Node, NodeKind, Operation};
use crate::name::table::Names;

/// Those of a module, in the Rust module of which `scope` is the inside.
pub(in super::super) fn root_types(scope: &Scope<'_>, module: &Module) -> Vec<TokenStream> {
    let structures = module.structures.iter().map(|node| scope.names(node).ty);
    let mut types = containers(scope, &module.roots);
    types.extend(operations(scope, &module.roots, &module.operations));
    types.extend(structures.map(|ty| quote!(#ty)));
    types
}

/// The types of containers among nodes that stand in `scope`, and in choices there.
fn containers(scope: &Scope<'_>, nodes: &[Node]) -> Vec<TokenStream> {
    let types = nodes.iter().flat_map(|node| {
        let Names { ty, module, .. } = scope.names(node);
        match &node.kind {
            NodeKind::Container { .. } => vec![quote!(#ty)],
            NodeKind::Choice { .. } | NodeKind::Case { .. } => {
                let below = containers(scope, node.children()).into_iter();
                below.map(|ty| quote!(#module::#ty)).collect()
            }
            _ => Vec::new(),
        }
    });
    types.collect()
}

/// The types of operations that stand in `scope` beside `nodes`, and of those in the nodes.
fn operations(scope: &Scope<'_>, nodes: &[Node], operations: &[Operation]) -> Vec<TokenStream> {
    let own = operations.iter().flat_map(|operation| {
        let Names { ty, module, .. } = scope.names(operation.node());
        match operation {
            Operation::Notification(_) => vec![quote!(#ty)],
            Operation::Rpc(_) | Operation::Action(_) => {
                vec![quote!(#module::Input), quote!(#module::Output)]
            }
        }
    });
    let mut types: Vec<TokenStream> = own.collect();
    for node in nodes {
        let module = scope.names(node).module;
        let below = self::operations(scope, node.children(), &node.operations);
        types.extend(below.into_iter().map(|ty| quote!(#module::#ty)));
    }
    types
}
