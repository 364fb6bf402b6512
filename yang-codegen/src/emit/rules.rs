//! The constraints between nodes.

use proc_macro2::TokenStream;
use quote::quote;

use super::scope::Scope;
use super::shared::Kind;
use super::xpath;
use crate::model::{Must, Node, Rules, When};

/// Returns true if the node has constraints of its own.
pub(super) fn has_any(node: &Node) -> bool {
    let Rules {
        when,
        must,
        min_elements,
        max_elements,
        unique,
        ordered_by_user: _,
    } = &node.rules;
    let is_free = when.is_empty() && must.is_empty() && unique.is_empty();
    !is_free || *min_elements > 0 || max_elements.is_some()
}

/// The call that gives a node's description its constraints; nothing for a node without any.
/// `mandatory`: the node must be there, if its conditions hold. `around`: the conditions of the cases
/// and choices that the node is in. `choices`: the descriptions of those in it.
pub(super) fn emit(
    scope: &Scope<'_>,
    node: &Node,
    mandatory: bool,
    around: &[&When],
    choices: &[TokenStream],
) -> TokenStream {
    if node.rules == Rules::default() && around.is_empty() && choices.is_empty() {
        return TokenStream::new();
    }
    given(scope, &value(scope, node, mandatory, around, choices))
}

/// The call that gives the description of whole data its choices.
pub(super) fn of_choices(scope: &Scope<'_>, choices: &[TokenStream]) -> TokenStream {
    if choices.is_empty() {
        return TokenStream::new();
    }
    given(
        scope,
        &quote!(s::Rules { choices: &[#(&#choices),*], ..s::Rules::new() }),
    )
}

fn given(scope: &Scope<'_>, value: &TokenStream) -> TokenStream {
    let (top, name) = (scope.top(), scope.shared().name(Kind::Rules, value));
    quote!(.rules(&#top shared_::#name))
}

/// The constraints as a value, with `s` for the runtime's module of the schema.
fn value(
    scope: &Scope<'_>,
    node: &Node,
    mandatory: bool,
    around: &[&When],
    choices: &[TokenStream],
) -> TokenStream {
    let rules = &node.rules;
    let mut fields = TokenStream::new();
    let when = whens(scope, rules.when.iter().chain(around.iter().copied()));
    if !when.is_empty() {
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
    if !choices.is_empty() {
        fields.extend(quote!(choices: &[#(&#choices),*],));
    }
    quote!(s::Rules { #fields ..s::Rules::new() })
}

/// The descriptions of conditions.
pub(super) fn whens<'w>(
    scope: &Scope<'_>,
    whens: impl IntoIterator<Item = &'w When>,
) -> Vec<TokenStream> {
    let whens = whens.into_iter();
    whens.map(|when| emit_when(scope, when)).collect()
}

fn emit_when(scope: &Scope<'_>, when: &When) -> TokenStream {
    let (source, expr) = (&when.source, xpath::name(scope, &when.expr));
    let of_parent = when.of_parent.then(|| quote!(.of_parent()));
    quote!(s::When::new(#source, &#expr) #of_parent)
}

fn emit_must(scope: &Scope<'_>, must: &Must) -> TokenStream {
    let (source, expr) = (&must.source, xpath::name(scope, &must.expr));
    let message = must.message.as_ref().map(|text| quote!(.message(#text)));
    let app_tag = must.app_tag.as_ref().map(|tag| quote!(.app_tag(#tag)));
    quote!(s::Must::new(#source, &#expr) #message #app_tag)
}
