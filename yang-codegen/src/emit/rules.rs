//! The constraints between nodes, as a static beside the node.

use proc_macro2::{Ident, TokenStream};
use quote::{format_ident, quote};

use super::scope::Scope;
use super::xpath;
use crate::model::{Must, Node, When};
use crate::name;

/// Whether the node has constraints of its own.
pub(super) fn has_any(node: &Node) -> bool {
    node.rules != crate::model::Rules::default()
}

/// The call that gives a node's description its constraints, and their static; `own` is the name of
/// the node's type. Nothing for a node without any. `mandatory`: the node must be there, if its
/// conditions hold.
pub(super) fn emit(
    scope: &Scope<'_>,
    node: &Node,
    own: &Ident,
    mandatory: bool,
) -> (TokenStream, TokenStream) {
    if !has_any(node) {
        return (TokenStream::new(), TokenStream::new());
    }
    let runtime = scope.runtime();
    let schema = quote!(#runtime::schema);
    let rules = &node.rules;
    let mut fields = TokenStream::new();
    if !rules.when.is_empty() {
        let when = rules.when.iter().map(|when| emit_when(scope, when));
        fields.extend(quote!(when: &[#(#when),*],));
    }
    if !rules.must.is_empty() {
        let must = rules.must.iter().map(|must| emit_must(scope, must));
        fields.extend(quote!(must: &[#(#must),*],));
    }
    if mandatory && !rules.when.is_empty() {
        fields.extend(quote!(mandatory: true,));
    }
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

fn emit_when(scope: &Scope<'_>, when: &When) -> TokenStream {
    let runtime = scope.runtime();
    let (source, expr) = (&when.source, xpath::reference(scope, &when.expr));
    let of_parent = when.of_parent.then(|| quote!(.of_parent()));
    quote!(#runtime::schema::When::new(#source, #expr) #of_parent)
}

fn emit_must(scope: &Scope<'_>, must: &Must) -> TokenStream {
    let runtime = scope.runtime();
    let (source, expr) = (&must.source, xpath::reference(scope, &must.expr));
    let message = must.message.as_ref().map(|text| quote!(.message(#text)));
    let app_tag = must.app_tag.as_ref().map(|tag| quote!(.app_tag(#tag)));
    quote!(#runtime::schema::Must::new(#source, #expr) #message #app_tag)
}
