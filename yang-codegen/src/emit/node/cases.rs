//! The descriptions of choices and their cases.

use proc_macro2::{Literal, TokenStream};
use quote::quote;

use super::super::rules;
use super::super::scope::Scope;
use super::{indexed, mandatory};
use crate::model::{Node, NodeKind};

/// The descriptions of the choices among the children of a data node or case, of which the first
/// data node has the index `first`: values, with `s` for the runtime's module of the schema.
pub(super) fn describe_all(scope: &Scope<'_>, nodes: &[Node], first: usize) -> Vec<TokenStream> {
    let nodes = indexed(nodes, first);
    nodes
        .filter(|(node, _)| matches!(node.kind, NodeKind::Choice { .. }))
        .map(|(node, at)| describe(scope, node, at.start))
        .collect()
}

/// The description of one choice.
fn describe(scope: &Scope<'_>, node: &Node, first: usize) -> TokenStream {
    let NodeKind::Choice {
        mandatory,
        default,
        cases,
    } = &node.kind
    else {
        return TokenStream::new();
    };
    let name = &node.name;
    let when = rules::whens(scope, &node.rules.when);
    let default = default.map(Literal::usize_unsuffixed);
    let default = default.map_or_else(
        || quote!(::core::option::Option::None),
        |at| quote!(::core::option::Option::Some(#at)),
    );
    let cases = indexed(cases, first).map(|(case, at)| describe_case(scope, case, at.start));
    quote! {
        s::Choice {
            name: #name,
            when: &[#(#when),*],
            mandatory: #mandatory,
            default: #default,
            cases: &[#(#cases),*],
        }
    }
}

fn describe_case(scope: &Scope<'_>, case: &Node, first: usize) -> TokenStream {
    let name = &case.name;
    let when = rules::whens(scope, &case.rules.when);
    let own: Vec<(&Node, usize)> = indexed(case.children(), first)
        .filter(|(node, _)| !matches!(node.kind, NodeKind::Choice { .. }))
        .map(|(node, at)| (node, at.start))
        .collect();
    let literal = |(_, at): &(&Node, usize)| Literal::usize_unsuffixed(*at);
    let nodes = own.iter().map(literal);
    let mandatory = own.iter().filter(|(node, _)| mandatory(node)).map(literal);
    let choices = describe_all(scope, case.children(), first);
    quote! {
        s::Case {
            name: #name,
            when: &[#(#when),*],
            nodes: &[#(#nodes),*],
            mandatory: &[#(#mandatory),*],
            choices: &[#(&#choices),*],
        }
    }
}
