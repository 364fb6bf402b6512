//! Whole data: a struct with the top-level nodes of all modules.

use proc_macro2::{Ident, TokenStream};
use quote::{format_ident, quote};

use super::super::items::{Items, Statics};
use super::super::scope::{Scope, children_static_ident};
use super::super::{docs, rules, source};
use super::{Member, Place, Table, cases, constrained, emit_children, functions};
use super::{emit_definition, impls, members, operation};
use crate::model::Module;
use crate::name::table::Names;

/// The top-level nodes of all modules, as whole data has them.
#[derive(Default)]
pub(in super::super) struct Roots<'m> {
    members: Vec<Member<'m>>,
    /// The functions with the descriptions of the data nodes.
    functions: Vec<TokenStream>,
    /// The descriptions of choices.
    choices: Vec<TokenStream>,
    is_constrained: bool,
}

impl<'m> Roots<'m> {
    /// The number of data nodes.
    pub(in super::super) const fn width(&self) -> usize {
        self.functions.len()
    }

    /// Adds those of a module, of which `scope` is the inside and `path` the way there from `top`.
    pub(in super::super) fn add(
        &mut self,
        (top, scope): (&Scope<'_>, &Scope<'_>),
        module: &'m Module,
        path: &TokenStream,
    ) {
        let (nodes, first) = (&module.roots, self.width());
        let called = format!("{}::", source(path));
        self.members
            .extend(members((top, scope), nodes, (path, &called), first));
        let described = functions(scope, nodes);
        self.functions
            .extend(described.iter().map(|function| quote!(#path::#function)));
        self.choices
            .extend(cases::describe_all(scope, nodes, first));
        self.is_constrained |= nodes.iter().any(constrained);
    }
}

/// The items of the top-level nodes and operations of a module, and the entries of the operations.
/// `first` is the place of the module's nodes among those of whole data.
pub(in super::super) fn emit_roots(
    scope: &Scope<'_>,
    module: &Module,
    first: usize,
) -> (Items, Vec<TokenStream>) {
    let table = Table {
        path: children_static_ident(&data_ident()).to_string(),
        depth: 0,
    };
    let place = Place::new(table, first);
    let mut items = emit_children(scope, &module.roots, &place).items;
    let (operations, entries) = operation::emit(scope, &module.operations);
    items.extend(operations);
    items.extend(emit_structures(scope, module));
    (items, entries)
}

/// The items of a module's structures.
fn emit_structures(scope: &Scope<'_>, module: &Module) -> Items {
    let mut items = Items::default();
    for node in &module.structures {
        let Names { ty, module, .. } = scope.names(node);
        items.extend(operation::emit_node(scope, node, &ty, &module));
    }
    items
}

/// The struct of whole data, with all top-level nodes, none of them mandatory.
pub(in super::super) fn emit_data(scope: &Scope<'_>, roots: Roots<'_>) -> Items {
    let ident = data_ident();
    let table = children_static_ident(&ident);
    let Roots {
        mut members,
        functions,
        choices,
        is_constrained,
    } = roots;
    for member in &mut members {
        member.held = member.held.optional();
    }
    let docs =
        docs::lines("The top-level data of all modules: what a datastore holds, or a part of it.");
    let lints = super::super::items::lints();
    let lints = quote!(#[allow(#lints)]);
    let types = emit_definition((scope, scope), (&docs, &lints), &ident, &members);
    let place = Table {
        path: table.to_string(),
        depth: 0,
    };
    let (_, call) = impls::object(scope, ("Data", &ident), &place, &members, "&DATA_NODE");
    let constrained = is_constrained.then(|| quote!(.constrained()));
    let rules = rules::of_choices(scope, &choices);
    let mut statics = Statics::default();
    let functions: Vec<TokenStream> = functions
        .into_iter()
        .map(|function| quote!(given(#function)))
        .collect();
    statics.values(&table, "Node", &functions);
    let described = quote!(data(&#table) #rules #constrained);
    statics.value(&format_ident!("DATA_NODE"), "Node", &described);
    Items {
        types,
        statics,
        calls: vec![call],
    }
}

fn data_ident() -> Ident {
    format_ident!("Data")
}
