//! Notifications, rpcs and actions: a struct for the notification, and a Rust module with one for
//! the input and one for the output of an rpc or action.

use proc_macro2::{Ident, Span, TokenStream};
use quote::{format_ident, quote};

use super::super::docs;
use super::super::items::{Items, Statics};
use super::super::scope::Scope;
use super::{describe, emit_struct};
use crate::model::{Call, Node, Operation};
use crate::name::{self, table::Names};

/// The items of operations that stand in `scope`, and their entries in the list of
/// the operations there.
pub(super) fn emit(scope: &Scope<'_>, operations: &[Operation]) -> (Items, Vec<TokenStream>) {
    let runtime = scope.runtime();
    let mut items = Items::default();
    let mut entries = Vec::new();
    for operation in operations {
        let Names { ty, module, .. } = scope.names(operation.node());
        let (call, variant) = match operation {
            Operation::Notification(node) => {
                items.extend(emit_node(scope, node, &ty, &module));
                let node = node_of(&runtime, &quote!(#ty));
                entries.push(quote!(Notification(#node)));
                continue;
            }
            Operation::Rpc(call) => (call, quote!(rpc)),
            Operation::Action(call) => (call, quote!(action)),
        };
        items.extend(emit_call(scope, call, &module));
        let input = node_of(&runtime, &quote!(#module::Input));
        let output = node_of(&runtime, &quote!(#module::Output));
        entries.push(quote!(#variant(#input, #output)));
    }
    (items, entries)
}

/// The expression for the description of a type.
fn node_of(runtime: &TokenStream, ty: &TokenStream) -> TokenStream {
    quote!(|| <#ty as #runtime::decode::Object>::NODE)
}

/// The Rust module of an rpc or action.
fn emit_call(scope: &Scope<'_>, Call { input, output }: &Call, module: &Ident) -> Items {
    let inside = scope.inside(module);
    let ident = |name: &str| Ident::new(name, Span::call_site());
    let mut items = emit_node(&inside, input, &ident("Input"), &ident("input"));
    items.extend(emit_node(
        &inside,
        output,
        &ident("Output"),
        &ident("output"),
    ));
    let docs = docs::lines(&format!(
        "The input and output of `{}`.",
        scope.path_of(input)
    ));
    let (imports, types) = (inside.imports(), &items.types);
    let statics = inside.statics(&items.statics);
    Items {
        types: quote! {
            #docs
            pub mod #module {
                #imports
                #types
                #statics
            }
        },
        statics: Statics::default(),
        calls: items.calls,
    }
}

/// The struct of a node that stands in no table, and the static that describes it.
pub(super) fn emit_node(scope: &Scope<'_>, node: &Node, ty: &Ident, module: &Ident) -> Items {
    let described = describe(scope, node, ty, module, None);
    let name = format_ident!("{}_NODE", name::screaming(ty));
    let reference = format!("&{}{name}", scope.rust_path());
    let mut items = emit_struct(scope, node, ty, module, &reference);
    items.statics.extend(described.items);
    items.statics.value(&name, "Node", &described.entry);
    items
}
