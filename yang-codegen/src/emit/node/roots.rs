//! The types that a document can start with: of top-level containers, of structures, and of
//! operations wherever they stand.

use proc_macro2::TokenStream;
use quote::quote;

use super::super::scope::Scope;
use crate::model::{Module, Node, NodeKind, Operation};

/// Those of a module, in the Rust module of which `scope` is the inside.
pub(in super::super) fn root_types(scope: &Scope<'_>, module: &Module) -> Vec<TokenStream> {
    let structures = scope.structure_idents(module).into_iter();
    let mut types = containers(scope, &module.roots);
    types.extend(operations(scope, &module.roots, &module.operations));
    types.extend(structures.map(|(ty, _)| quote!(#ty)));
    types
}

/// The types of containers among nodes that stand in `scope`, and in choices there.
fn containers(scope: &Scope<'_>, nodes: &[Node]) -> Vec<TokenStream> {
    let types = scope.type_idents(nodes);
    let modules = scope.module_idents_of(nodes);
    let nodes = nodes.iter().zip(types.iter().zip(&modules));
    let types = nodes.flat_map(|(node, (ty, module))| match &node.kind {
        NodeKind::Container { .. } => vec![quote!(#ty)],
        NodeKind::Choice { .. } | NodeKind::Case { .. } => {
            let below = containers(&scope.below(node, module), node.children()).into_iter();
            below.map(|ty| quote!(#module::#ty)).collect()
        }
        _ => Vec::new(),
    });
    types.collect()
}

/// The types of operations that stand in `scope` beside `nodes`, and of those in the nodes.
fn operations(scope: &Scope<'_>, nodes: &[Node], operations: &[Operation]) -> Vec<TokenStream> {
    let idents = scope.operation_idents(nodes, operations);
    let own = operations.iter().zip(idents);
    let mut types: Vec<TokenStream> = own
        .flat_map(|(operation, (ty, module))| match operation {
            Operation::Notification(_) => vec![quote!(#ty)],
            Operation::Rpc(_) | Operation::Action(_) => {
                vec![quote!(#module::Input), quote!(#module::Output)]
            }
        })
        .collect();
    for (node, module) in nodes.iter().zip(scope.module_idents_of(nodes)) {
        let inner = scope.below(node, &module);
        let below = self::operations(&inner, node.children(), &node.operations);
        types.extend(below.into_iter().map(|ty| quote!(#module::#ty)));
    }
    types
}
