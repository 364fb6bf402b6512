//! The constraints between nodes, as a static beside the node.

use proc_macro2::{Ident, TokenStream};
use quote::{format_ident, quote};

use super::scope::Scope;
use crate::model::Node;
use crate::name;

/// Whether the node has constraints of its own.
pub(super) fn has_any(node: &Node) -> bool {
    node.rules != crate::model::Rules::default()
}

/// The call that gives a node's description its constraints, and their static; `own` is the name of
/// the node's type. Nothing for a node without any.
pub(super) fn emit(scope: &Scope<'_>, node: &Node, own: &Ident) -> (TokenStream, TokenStream) {
    if !has_any(node) {
        return (TokenStream::new(), TokenStream::new());
    }
    let runtime = scope.runtime();
    let schema = quote!(#runtime::schema);
    let rules = &node.rules;
    let mut fields = TokenStream::new();
    if rules.min_elements > 0 {
        let min = rules.min_elements;
        fields.extend(quote!(min_elements: #min,));
    }
    if let Some(max) = rules.max_elements {
        fields.extend(quote!(max_elements: ::core::option::Option::Some(#max),));
    }
    if !rules.unique.is_empty() {
        let unique = rules.unique.iter().map(|leafs| {
            let leafs = leafs.iter().map(|steps| {
                let steps = steps
                    .iter()
                    .map(|step| format!("{}:{}", step.module, step.name));
                quote!(&[#(#steps),*])
            });
            quote!(&[#(#leafs),*])
        });
        fields.extend(quote!(unique: &[#(#unique),*],));
    }
    if rules.ordered_by_user {
        fields.extend(quote!(ordered_by_user: true,));
    }
    let name = format_ident!("{}_RULES", name::screaming(own));
    let item = quote! {
        static #name: #schema::Rules = #schema::Rules { #fields ..#schema::Rules::new() };
    };
    (quote!(.rules(&#name)), item)
}
