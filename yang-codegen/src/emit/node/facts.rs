//! The facts about nodes that generated documentation adds to their descriptions.

use proc_macro2::TokenStream;
use quote::quote;

use super::super::scope::Scope;
use super::super::{docs, extension};
use crate::model::{Node, NodeKind, When};

/// The lines about a node beside its description.
pub(super) fn facts(node: &Node) -> Vec<String> {
    let mut facts = Vec::new();
    if let NodeKind::Leaf {
        units: Some(units), ..
    }
    | NodeKind::LeafList {
        units: Some(units), ..
    } = &node.kind
    {
        facts.push(format!("Units: {units}."));
    }
    if let NodeKind::Leaf {
        default: Some(default),
        ..
    } = &node.kind
    {
        facts.push(format!("Default: `{default}`."));
    }
    if let NodeKind::LeafList { defaults, .. } = &node.kind
        && !defaults.is_empty()
    {
        facts.push(format!("Defaults: `{}`.", defaults.join("`, `")));
    }
    if let NodeKind::Choice {
        mandatory,
        default,
        cases,
    } = &node.kind
    {
        if *mandatory {
            facts.push("Data of one case must be there.".to_owned());
        }
        if let Some(case) = default.and_then(|at| cases.get(at)) {
            facts.push(format!("Default: the case `{}`.", case.name));
        }
    }
    facts.extend(counts(node));
    facts.extend(conditions(node));
    facts.extend(extension::facts(&node.extensions));
    facts
}

/// The allowed numbers of instances, and their order.
fn counts(node: &Node) -> Vec<String> {
    let rules = &node.rules;
    let mut facts = Vec::new();
    match (rules.min_elements, rules.max_elements) {
        (0, None) => {}
        (min, None) => facts.push(format!("At least {min}.")),
        (0, Some(max)) => facts.push(format!("At most {max}.")),
        (min, Some(max)) => facts.push(format!("At least {min}, at most {max}.")),
    }
    for leafs in &rules.unique {
        let leafs: Vec<String> = leafs
            .iter()
            .map(|way| {
                let names: Vec<&str> = way.iter().map(|step| &*step.name).collect();
                format!("`{}`", names.join("/"))
            })
            .collect();
        facts.push(format!("Unique: {}.", leafs.join(", ")));
    }
    if rules.ordered_by_user {
        facts.push("Ordered by the user.".to_owned());
    }
    facts
}

/// The conditions of a node, choice or case.
pub(super) fn conditions(node: &Node) -> Vec<String> {
    let whens = node.rules.when.iter();
    let fact = |when: &When| {
        let condition: Vec<&str> = when.source.split_whitespace().collect();
        format!("When: `{}`.", condition.join(" "))
    };
    whens.map(fact).collect()
}

/// The documentation of a node's struct, and the user's attributes for it.
pub(super) fn struct_attributes(scope: &Scope<'_>, node: &Node) -> (TokenStream, TokenStream) {
    let path = scope.path_of(node);
    let what = match node.kind {
        NodeKind::List { .. } => "An entry of the list",
        NodeKind::Notification { .. } => "The notification",
        NodeKind::Input { .. } if scope.is_inside_data() => "The input of the action",
        NodeKind::Output { .. } if scope.is_inside_data() => "The output of the action",
        NodeKind::Input { .. } => "The input of the rpc",
        NodeKind::Output { .. } => "The output of the rpc",
        _ => "The container",
    };
    let docs = docs::attributes(&node.docs, &[format!("{what} `{path}`.")]);
    let attributes = scope.settings().type_attributes(&scope.path_below(node));
    (docs, quote!(#(#attributes)*))
}
