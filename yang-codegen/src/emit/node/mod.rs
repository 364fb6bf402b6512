//! Nodes with children as structs, with the tables and functions that the runtime asks for.

mod cases;
mod choice;
mod data;
mod facts;
mod held;
mod impls;
mod operation;
mod place;
mod roots;

use std::ops::Range;

use proc_macro2::{Ident, Literal, TokenStream};
use quote::{format_ident, quote};

use super::items::{Items, Statics};
use super::scope::{Scope, children_static_ident, operations_static_ident};
use super::{describe, docs, extension, leaf, rules, source, values};
pub(super) use data::{Roots, emit_data, emit_roots};
use facts::{facts, struct_attributes};
use held::{Held, held};
use place::{Place, Table};
pub(super) use roots::root_types;

use crate::model::{Node, NodeKind};
use crate::name::{self, table::Names};

/// A child of a struct, with the names that were given to it.
struct Member<'m> {
    node: &'m Node,
    field: Ident,
    /// The path of its type, seen from the parent.
    ty: TokenStream,
    /// The same, seen from where the runtime's macros are called.
    called: String,
    /// The name of the type of its own that it has, or would have.
    own: Ident,
    /// Of a list with keys: the parameters of a method that finds an entry.
    keys: Option<String>,
    held: Held,
    /// The indexes of its nodes among the children of the data node: several, if it is a choice.
    at: Range<usize>,
}

/// The generated parts for nodes with one parent.
#[derive(Default)]
struct Children {
    /// The entries of the data nodes, if their table stands there too.
    entries: Vec<TokenStream>,
    /// The items of their Rust module.
    items: Items,
}

/// The name of the function that describes a data node which is in a table elsewhere.
fn function(module: &Ident) -> Ident {
    format_ident!("{}_node", name::unkeyword(module))
}

/// The calls of the functions that describe nodes, whose table is elsewhere.
fn functions(scope: &Scope<'_>, nodes: &[Node]) -> Vec<TokenStream> {
    let calls = nodes.iter().flat_map(|node| {
        let module = scope.names(node).module;
        match &node.kind {
            NodeKind::Choice { .. } | NodeKind::Case { .. } => {
                let below = functions(&scope.below(node, &module), node.children()).into_iter();
                below.map(|call| quote!(#module::#call)).collect()
            }
            _ => {
                let function = function(&module);
                vec![quote!(#function())]
            }
        }
    });
    calls.collect()
}

/// The number of data nodes that a node, choice or case stands for.
pub(super) fn width(node: &Node) -> usize {
    match &node.kind {
        NodeKind::Choice { .. } | NodeKind::Case { .. } => node.children().iter().map(width).sum(),
        _ => 1,
    }
}

/// Nodes, each with the indexes of its data nodes, of which the first is `first`.
fn indexed(nodes: &[Node], first: usize) -> impl Iterator<Item = (&Node, Range<usize>)> {
    let mut next = first;
    nodes.iter().map(move |node| {
        let start = next;
        next += width(node);
        (node, start..next)
    })
}

/// The members of the struct for `nodes`. The struct stands in `scope`, and their types in `inner`,
/// which is the inside of `module`, seen from the struct, and of `called`, seen from where the
/// runtime's macros are called. A choice without nodes has no member.
fn members<'m>(
    (scope, inner): (&Scope<'_>, &Scope<'_>),
    nodes: &'m [Node],
    (module, called): (&TokenStream, &str),
    first: usize,
) -> Vec<Member<'m>> {
    let calls = scope.of_calls();
    let member = |(node, at): (&'m Node, Range<usize>)| {
        let Names {
            module: inside,
            ty: own,
            field,
            ..
        } = inner.names(node);
        Member {
            node,
            field,
            ty: member_type(scope, node, &quote!(#module::#own)),
            called: source(&member_type(&calls, node, &path(called, &own))),
            keys: impls::keys(&calls, node, &format!("{called}{inside}::")),
            own,
            held: held(node),
            at,
        }
    };
    indexed(nodes, first)
        .filter(|(_, at)| !at.is_empty())
        .map(member)
        .collect()
}

/// The path of a type in the Rust module that `way` leads to.
fn path(way: &str, ident: &Ident) -> TokenStream {
    let way: TokenStream = way.parse().unwrap_or_default();
    quote!(#way #ident)
}

/// Returns true for a mandatory node: it exists where its parent does (RFC 7950 section 3).
fn mandatory(node: &Node) -> bool {
    node.rules.when.is_empty() && mandatory_if_possible(node)
}

/// The same, where the conditions of the node hold.
fn mandatory_if_possible(node: &Node) -> bool {
    match &node.kind {
        NodeKind::Leaf { mandatory, .. } | NodeKind::Any { mandatory, .. } => *mandatory,
        NodeKind::Container {
            presence: false,
            children,
        } => children.iter().any(mandatory),
        _ => false,
    }
}

fn constrained(node: &Node) -> bool {
    let has_own = match &node.kind {
        NodeKind::Leaf { ty, .. } => leaf::has_constraint(node, ty, false),
        NodeKind::LeafList { ty, .. } => leaf::has_constraint(node, ty, true),
        NodeKind::List { keys, .. } => !keys.is_empty(),
        NodeKind::Choice { mandatory, .. } => *mandatory,
        _ => false,
    };
    has_own || rules::has_any(node) || node.children().iter().any(constrained)
}

/// A node's line in its parent's table, and the statics that it refers to.
struct Description {
    entry: TokenStream,
    items: Statics,
}

/// `ident` names the node's own type; `module` is where its children's types stand. `place` is
/// that of a node that stands in a table.
fn describe(
    scope: &Scope<'_>,
    node: &Node,
    ident: &Ident,
    module: &Ident,
    place: Option<&Place<'_>>,
) -> Description {
    let mut description = describe_kind(scope, node, ident, module);
    let entry = &mut description.entry;
    if !node.operations.is_empty() {
        let operations = operations_static_ident(ident);
        entry.extend(quote!(.operations(&#module::#operations)));
    }
    if let Some(sid) = scope.sid_of(node) {
        let sid = Literal::u64_unsuffixed(sid);
        entry.extend(quote!(.sid(#sid)));
    }
    let around = place.map_or(&[][..], |place| &place.conditions);
    entry.extend(rules::emit(
        scope,
        node,
        mandatory_if_possible(node),
        around,
        &cases::describe_all(scope, node.children(), 0),
    ));
    if !node.extensions.is_empty() {
        let extensions = extension::list(scope, &node.extensions);
        entry.extend(quote!(.extensions(&[#(#extensions),*])));
    }
    // A mandatory node of a case is demanded only with data of the case.
    if mandatory(node) && place.is_none_or(|place| !place.is_in_case) {
        entry.extend(quote!(.mandatory()));
    }
    if !node.config {
        entry.extend(quote!(.state()));
    }
    if constrained(node) || !around.is_empty() {
        entry.extend(quote!(.constrained()));
    }
    description
}

/// The part of a node's description that depends on its kind.
fn describe_kind(scope: &Scope<'_>, node: &Node, ident: &Ident, module: &Ident) -> Description {
    let of = scope.module_static(&node.module);
    let (name, member) = (&node.name, format!("\"{}\":", scope.member_name(node)));
    let mut items = Statics::default();
    let entry = match &node.kind {
        NodeKind::Container { presence, .. } => {
            let table = children_static_ident(ident);
            let presence = presence.then(|| quote!(.presence()));
            quote!(container(&#of, #name, #member, &#module::#table) #presence)
        }
        NodeKind::List { keys, children, .. } => {
            let table = children_static_ident(ident);
            let position = |key: &String| {
                let mut children = indexed(children, 0);
                children.find(|(child, _)| child.name == *key)
            };
            let keys = keys.iter().filter_map(position).map(|(_, at)| at.start);
            quote!(list(&#of, #name, #member, &[#(#keys),*], &#module::#table))
        }
        NodeKind::Leaf {
            ty, default, units, ..
        } => {
            let described = describe::describe(scope, ty, ident);
            items = described.items;
            let reference = described.reference;
            let default = default.as_ref().map(|value| quote!(.default_value(#value)));
            let units = units.as_ref().map(|units| quote!(.units(#units)));
            quote!(leaf_node(&#of, #name, #member, #reference) #default #units)
        }
        NodeKind::LeafList {
            ty,
            defaults,
            units,
        } => {
            let described = describe::describe(scope, ty, ident);
            items = described.items;
            let reference = described.reference;
            let units = units.as_ref().map(|units| quote!(.units(#units)));
            let defaults =
                (!defaults.is_empty()).then(|| quote!(.default_values(&[#(#defaults),*])));
            quote!(leaf_list(&#of, #name, #member, #reference) #defaults #units)
        }
        NodeKind::Any { xml, .. } => {
            let function = format_ident!("{}", if *xml { "any_xml" } else { "any_data" });
            quote!(#function(&#of, #name, #member))
        }
        NodeKind::Notification { .. } | NodeKind::Input { .. } | NodeKind::Output { .. } => {
            let table = children_static_ident(ident);
            let function = format_ident!("{}", keyword(node));
            quote!(#function(&#of, #name, #member, &#module::#table))
        }
        // These stand in no table.
        NodeKind::Choice { .. } | NodeKind::Case { .. } => TokenStream::new(),
    };
    Description { entry, items }
}

/// The word for a node of an operation, which is the runtime's function for it too.
const fn keyword(node: &Node) -> &'static str {
    match node.kind {
        NodeKind::Notification { .. } => "notification",
        NodeKind::Input { .. } => "input",
        _ => "output",
    }
}

/// The struct of a node with children, which stands in `scope`, and the Rust module with all
/// that stands below it. `reference` leads from where the macros are called to the static that
/// describes the node.
fn emit_struct(
    scope: &Scope<'_>,
    node: &Node,
    ident: &Ident,
    module: &Ident,
    reference: &str,
) -> Items {
    let children = node.children();
    let inner = scope.below(node, module);
    let table = children_static_ident(ident);
    let place = Place::new(
        Table {
            path: format!("{}{table}", inner.rust_path()),
            depth: inner.depth(),
        },
        0,
    );
    let Children { entries, mut items } = emit_children(&inner, children, &place);
    let way = inner.rust_path();
    let members = members((scope, &inner), children, (&quote!(#module), way), 0);
    let (docs, attributes) = struct_attributes(scope, node);
    let definition = emit_definition((scope, &inner), (&docs, &attributes), ident, &members);
    let (operations, operation_entries) = operation::emit(&inner, &node.operations);
    items.extend(operations);
    let names = (&*format!("{}{ident}", scope.rust_path()), ident);
    let (mandatory, call) = impls::object(&inner, names, &place.table, &members, reference);
    items.types.extend(mandatory);
    let mut statics = Statics::default();
    statics.values(&table, "Node", &entries);
    if !operation_entries.is_empty() {
        let name = operations_static_ident(ident);
        statics.values(&name, "Operation", &operation_entries);
    }
    statics.extend(items.statics);
    let statics = inner.statics(&statics);
    let docs = docs::lines(&format!("The nodes below `{}`.", scope.path_of(node)));
    let (imports, below) = (inner.imports(), &items.types);
    let types = quote! {
        #definition
        #docs
        pub mod #module {
            #imports
            #below
            #statics
        }
    };
    let mut calls = vec![call];
    calls.extend(items.calls);
    Items {
        types,
        statics: Statics::default(),
        calls,
    }
}

/// Nodes with one parent, which stand in `scope`.
fn emit_children(scope: &Scope<'_>, nodes: &[Node], place: &Place<'_>) -> Children {
    let mut result = Children::default();
    for (node, at) in indexed(nodes, place.first) {
        let Names { ty, module, .. } = &scope.names(node);
        if matches!(node.kind, NodeKind::Choice { .. }) {
            let below = scope.below(node, module);
            let of_cases = functions(&below, node.children()).into_iter();
            let of_cases = of_cases.map(|call| quote!(given(#module::#call)));
            result.entries.extend(of_cases);
            let names = (ty, module);
            result
                .items
                .extend(choice::emit(scope, node, names, at, place));
            continue;
        }
        let Description { entry, items } = describe(scope, node, ty, module, Some(place));
        result.items.statics.extend(items);
        if place.table.depth == scope.depth() {
            result.entries.push(entry);
        } else {
            // A constant that names its module, which may name the node, would need its own value.
            let name = function(module);
            result.items.statics.function(&name, "Node", &entry);
        }
        let reference = format!(
            "&{}{}[{}]",
            scope.to_table(place.table.depth),
            place.table.path,
            at.start
        );
        let child = emit_child(scope, node, ty, module, &reference);
        result.items.extend(child);
    }
    result
}

/// The items of a child: its struct and module, or the type of its values.
fn emit_child(
    scope: &Scope<'_>,
    node: &Node,
    ident: &Ident,
    module: &Ident,
    reference: &str,
) -> Items {
    match &node.kind {
        NodeKind::Leaf { ty, .. } | NodeKind::LeafList { ty, .. } => match leaf::inline_type(ty) {
            Some(own) => {
                let facts = [format!("Values of the leaf `{}`.", scope.path_of(node))];
                let docs = docs::attributes(&node.docs, &facts);
                let attributes = scope.settings().type_attributes(&scope.path_of(node));
                let names = (ident, node.name.as_str());
                values::emit(scope, &docs, names, own, &attributes)
            }
            None => Items::default(),
        },
        NodeKind::Any { .. } => Items::default(),
        _ => emit_struct(scope, node, ident, module, reference),
    }
}

/// The type of a member's field without `Option` or `Vec`. `own` is the type generated for it.
fn member_type(scope: &Scope<'_>, node: &Node, own: &TokenStream) -> TokenStream {
    match &node.kind {
        NodeKind::Leaf { ty, .. } | NodeKind::LeafList { ty, .. } => {
            leaf::rust_type(scope, ty, own)
        }
        NodeKind::Any { .. } => scope.runtime_type("AnyData"),
        _ => own.clone(),
    }
}

/// The struct stands in `scope`; `inner` is the place of the members.
fn emit_definition(
    (scope, inner): (&Scope<'_>, &Scope<'_>),
    (docs, attributes): (&TokenStream, &TokenStream),
    ident: &Ident,
    members: &[Member<'_>],
) -> TokenStream {
    let fields = members.iter().map(|member| {
        let (node, field) = (member.node, &member.field);
        let docs = docs::attributes(&node.docs, &facts(node));
        let attributes = inner.settings().field_attributes(&inner.path_of(node));
        let ty = member.held.wrapped(scope, &member.ty);
        quote! {
            #docs
            #(#attributes)*
            pub #field: #ty,
        }
    });
    quote! {
        #docs
        #[derive(Debug, Clone, PartialEq, Eq, Hash)]
        #attributes
        pub struct #ident {
            #(#fields)*
        }
    }
}
