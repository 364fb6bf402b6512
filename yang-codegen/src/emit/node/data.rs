//! Whole data: a struct with the top-level nodes of all modules.

use proc_macro2::{Ident, TokenStream};
use quote::{format_ident, quote};

use super::super::scope::{Scope, children_static_ident};
use super::super::{docs, rules};
use super::{Member, Place, Table, choice, constrained, emit_children, functions};
use super::{describe, emit_definition, emit_struct, impls, members, operation};
use crate::model::Module;
use crate::name;

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
    /// How many data nodes there are.
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
        self.members.extend(members(top, scope, nodes, path, first));
        let described = functions(scope, nodes);
        self.functions
            .extend(described.iter().map(|function| quote!(#path::#function)));
        self.choices
            .extend(choice::describe_all(scope, nodes, first));
        self.is_constrained |= nodes.iter().any(constrained);
    }
}

/// The items of the top-level nodes and operations of a module, and the entries of the operations.
/// `first` is the place of the module's nodes among those of whole data.
pub(in super::super) fn emit_roots(
    scope: &Scope<'_>,
    module: &Module,
    first: usize,
) -> (TokenStream, Vec<TokenStream>) {
    let table = Table {
        name: children_static_ident(&data_ident()),
        depth: 0,
    };
    let place = Place::new(table, first);
    let mut items = emit_children(scope, &module.roots, &place).items;
    let (operations, entries) = operation::emit(scope, &module.roots, &module.operations);
    items.extend(operations);
    items.extend(emit_structures(scope, module));
    (items, entries)
}

/// The items of a module's structures.
fn emit_structures(scope: &Scope<'_>, module: &Module) -> TokenStream {
    let runtime = scope.runtime();
    let mut items = TokenStream::new();
    let idents = scope.structure_idents(module);
    for (node, (ty, module)) in module.structures.iter().zip(&idents) {
        let described = describe(scope, node, ty, module, None);
        let (name, entry) = (
            format_ident!("{}_NODE", name::screaming(ty)),
            described.entry,
        );
        items.extend(described.items);
        items.extend(quote!(static #name: #runtime::schema::Node = #entry;));
        items.extend(emit_struct(scope, node, ty, module, &quote!(&#name)));
    }
    items
}

/// The struct of whole data, with all top-level nodes, none of which must be there.
pub(in super::super) fn emit_data(
    scope: &Scope<'_>,
    roots: Roots<'_>,
    lints: &[TokenStream],
) -> TokenStream {
    let runtime = scope.runtime();
    let ident = data_ident();
    let table = children_static_ident(&ident);
    let Roots {
        mut members,
        functions,
        choices,
        is_constrained,
    } = roots;
    let fields = scope.field_idents(members.iter().map(|member| member.node));
    for (member, field) in members.iter_mut().zip(fields) {
        member.field = field;
        member.held = member.held.optional();
    }
    let docs =
        docs::lines("The top-level data of all modules: what a datastore holds, or a part of it.");
    let lints = quote!(#(#[allow(#lints)])*);
    let definition = emit_definition(scope, (&docs, &lints), &ident, &members);
    let impls = impls::emit(
        scope,
        &ident,
        &quote!(#table),
        &members,
        &quote!(&DATA_NODE),
    );
    let count = functions.len();
    let constrained = is_constrained.then(|| quote!(.constrained()));
    let rules = rules::of_choices(scope, &choices);
    quote! {
        #definition

        #lints
        const _: () = {
            #impls
        };

        static #table: [#runtime::schema::Node; #count] = [#(#functions),*];
        static DATA_NODE: #runtime::schema::Node = #runtime::schema::Node::data(&#table) #rules #constrained;
    }
}

fn data_ident() -> Ident {
    format_ident!("Data")
}
