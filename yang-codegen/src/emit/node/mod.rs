//! Nodes with children as structs, with the tables and functions that the runtime asks for.

mod impls;
mod operation;

use proc_macro2::{Ident, Literal, TokenStream};
use quote::{format_ident, quote};

use super::scope::{Scope, children_static_ident, operations_static_ident};
use super::{describe, docs, leaf, rules, values};
use crate::model::{Module, Node, NodeKind};

/// A child of a struct, with the names that were given to it.
struct Member<'m> {
    node: &'m Node,
    field: Ident,
    /// The path of its type, seen from the parent.
    ty: TokenStream,
    held: Held,
}

/// The items of the top-level nodes and operations of a module, and the entries of the operations.
/// `first` is the place of the module's nodes among those of whole data.
pub(super) fn emit_roots(
    scope: &Scope<'_>,
    module: &Module,
    first: usize,
) -> (TokenStream, Vec<TokenStream>) {
    let runtime = scope.runtime();
    let types = scope.type_idents(&module.roots);
    let modules = scope.module_idents_of(&module.roots);
    let mut items = TokenStream::new();
    for (at, ((node, ty), module)) in module.roots.iter().zip(&types).zip(&modules).enumerate() {
        let described = describe(scope, node, ty, module);
        let (name, entry) = (format_ident!("{module}_node"), described.entry);
        items.extend(described.items);
        // A constant that names its module, which names the node, would need its own value.
        items.extend(quote! {
            #[doc(hidden)]
            #[must_use]
            pub const fn #name() -> #runtime::schema::Node {
                #entry
            }
        });
        items.extend(emit_child(
            scope,
            node,
            ty,
            module,
            &scope.of_data(first + at),
        ));
    }
    let (operations, entries) = operation::emit(scope, &module.roots, &module.operations);
    items.extend(operations);
    (items, entries)
}

/// Where a top-level node's type is, and the function with its description, seen from the top.
pub(super) struct RootPaths {
    ty: TokenStream,
    function: TokenStream,
}

/// The paths of the top-level nodes of a module, which is at `path`.
pub(super) fn root_paths(scope: &Scope<'_>, module: &Module, path: &TokenStream) -> Vec<RootPaths> {
    let types = scope.type_idents(&module.roots);
    let modules = scope.module_idents_of(&module.roots);
    let paths = types.iter().zip(&modules).map(|(ty, module)| {
        let function = format_ident!("{module}_node");
        RootPaths {
            ty: quote!(#path::#ty),
            function: quote!(#path::#function()),
        }
    });
    paths.collect()
}

/// The struct of whole data, with all top-level nodes, none of which must be there.
pub(super) fn emit_data(
    scope: &Scope<'_>,
    roots: &[(&Node, RootPaths)],
    lints: &[TokenStream],
) -> TokenStream {
    let runtime = scope.runtime();
    let ident = format_ident!("Data");
    let table = children_static_ident(&ident);
    let fields = scope.field_idents(roots.iter().map(|(node, _)| *node));
    let members: Vec<Member<'_>> = roots
        .iter()
        .zip(fields)
        .map(|((node, paths), field)| Member {
            node,
            field,
            ty: member_type(scope, node, &paths.ty),
            held: match held(node) {
                Held::Leaf => Held::OptionalLeaf,
                Held::Container => Held::OptionalContainer,
                other => other,
            },
        })
        .collect();
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
    let entries = roots.iter().map(|(_, paths)| &paths.function);
    let count = roots.len();
    let constrained = roots.iter().any(|(node, _)| constrained(node));
    let constrained = constrained.then(|| quote!(.constrained()));
    quote! {
        #definition

        #lints
        const _: () = {
            #impls
        };

        static #table: [#runtime::schema::Node; #count] = [#(#entries),*];
        static DATA_NODE: #runtime::schema::Node = #runtime::schema::Node::data(&#table) #constrained;

        /// Whole data, to be decoded by a registry.
        #[allow(unreachable_pub, dead_code)]
        pub static DATA: #runtime::decode::Root = #runtime::decode::root::<#ident>();
    }
}

fn children(node: &Node) -> Option<&[Node]> {
    match &node.kind {
        NodeKind::Container { children, .. }
        | NodeKind::List { children, .. }
        | NodeKind::Notification { children }
        | NodeKind::Input { children }
        | NodeKind::Output { children } => Some(children),
        NodeKind::Leaf { .. } | NodeKind::LeafList { .. } => None,
    }
}

/// Whether an instance must exist where the parent exists (RFC 7950 section 3, "mandatory node").
fn mandatory(node: &Node) -> bool {
    node.rules.when.is_empty() && mandatory_if_possible(node)
}

/// The same, where the conditions of the node hold.
fn mandatory_if_possible(node: &Node) -> bool {
    match &node.kind {
        NodeKind::Leaf { mandatory, .. } => *mandatory,
        NodeKind::Container {
            presence: false,
            children,
        } => children.iter().any(mandatory),
        _ => false,
    }
}

fn constrained(node: &Node) -> bool {
    if rules::has_any(node) {
        return true;
    }
    match &node.kind {
        NodeKind::Leaf { ty, .. } => leaf::has_constraint(node, ty, false),
        NodeKind::LeafList { ty, .. } => leaf::has_constraint(node, ty, true),
        NodeKind::Container { children, .. }
        | NodeKind::Notification { children }
        | NodeKind::Input { children }
        | NodeKind::Output { children } => children.iter().any(constrained),
        NodeKind::List { keys, children, .. } => {
            !keys.is_empty() || children.iter().any(constrained)
        }
    }
}

/// A node's line in its parent's table, and the statics that it refers to.
struct Description {
    entry: TokenStream,
    items: TokenStream,
}

/// `ident` names the node's own type; `module` is where its children's types stand.
fn describe(scope: &Scope<'_>, node: &Node, ident: &Ident, module: &Ident) -> Description {
    let runtime = scope.runtime();
    let of = scope.module_static(&node.module);
    let (name, member) = (&node.name, format!("\"{}\":", scope.member_name(node)));
    let mut items = TokenStream::new();
    let mut entry = match &node.kind {
        NodeKind::Container { presence, .. } => {
            let table = children_static_ident(ident);
            let presence = presence.then(|| quote!(.presence()));
            quote!(#runtime::schema::Node::container(&#of, #name, #member, &#module::#table) #presence)
        }
        NodeKind::List { keys, children, .. } => {
            let table = children_static_ident(ident);
            let keys = keys
                .iter()
                .filter_map(|key| children.iter().position(|child| child.name == *key));
            quote!(#runtime::schema::Node::list(&#of, #name, #member, &[#(#keys),*], &#module::#table))
        }
        NodeKind::Leaf {
            ty, default, units, ..
        } => {
            let described = describe::describe(scope, ty, ident);
            items = described.items;
            let reference = described.reference;
            let default = default.as_ref().map(|value| quote!(.default_value(#value)));
            let units = units.as_ref().map(|units| quote!(.units(#units)));
            quote!(#runtime::schema::Node::leaf_node(&#of, #name, #member, #reference) #default #units)
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
            quote!(#runtime::schema::Node::leaf_list(&#of, #name, #member, #reference) #defaults #units)
        }
        NodeKind::Notification { .. } | NodeKind::Input { .. } | NodeKind::Output { .. } => {
            let table = children_static_ident(ident);
            let function = format_ident!("{}", keyword(node));
            quote!(#runtime::schema::Node::#function(&#of, #name, #member, &#module::#table))
        }
    };
    if !node.operations.is_empty() {
        let operations = operations_static_ident(ident);
        entry.extend(quote!(.operations(&#module::#operations)));
    }
    entry.extend(rules::emit(scope, node, mandatory_if_possible(node)));
    if mandatory(node) {
        entry.extend(quote!(.mandatory()));
    }
    if !node.config {
        entry.extend(quote!(.state()));
    }
    if constrained(node) {
        entry.extend(quote!(.constrained()));
    }
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
/// that stands below it. `reference` leads to the static that describes the node.
fn emit_struct(
    scope: &Scope<'_>,
    node: &Node,
    ident: &Ident,
    module: &Ident,
    reference: &TokenStream,
) -> TokenStream {
    let Some(children) = children(node) else {
        return TokenStream::new();
    };
    let inner = scope.below(node);
    let fields = inner.field_idents(children);
    let types = inner.type_idents(children);
    let modules = inner.module_idents_of(children);
    let table = children_static_ident(ident);

    let mut entries = Vec::new();
    let mut below = TokenStream::new();
    for (index, ((child, ty), child_module)) in
        children.iter().zip(&types).zip(&modules).enumerate()
    {
        let described = describe(&inner, child, ty, child_module);
        entries.push(described.entry);
        below.extend(described.items);
        let index = Literal::usize_unsuffixed(index);
        below.extend(emit_child(
            &inner,
            child,
            ty,
            child_module,
            &quote!(&#table[#index]),
        ));
    }
    let members: Vec<Member<'_>> = children
        .iter()
        .zip(fields)
        .zip(&types)
        .map(|((node, field), ty)| Member {
            node,
            field,
            ty: member_type(scope, node, &quote!(#module::#ty)),
            held: held(node),
        })
        .collect();
    let (docs, attributes) = struct_attributes(scope, node);
    let definition = emit_definition(&inner, (&docs, &attributes), ident, &members);
    let impls = impls::emit(scope, ident, &quote!(#module::#table), &members, reference);
    let (operations, operation_entries) = operation::emit(&inner, children, &node.operations);
    below.extend(operations);
    let runtime = scope.runtime();
    let count = entries.len();
    if !operation_entries.is_empty() {
        let (name, count) = (operations_static_ident(ident), operation_entries.len());
        below.extend(quote! {
            pub(super) static #name: [#runtime::schema::Operation; #count] = [#(#operation_entries),*];
        });
    }
    let docs = docs::lines(&format!("The nodes below `{}`.", scope.path_of(node)));
    quote! {
        #definition
        #impls
        #docs
        pub mod #module {
            pub(super) static #table: [#runtime::schema::Node; #count] = [#(#entries),*];
            #below
        }
    }
}

/// What a child brings along: its struct and module, or the type of its values.
fn emit_child(
    scope: &Scope<'_>,
    node: &Node,
    ident: &Ident,
    module: &Ident,
    reference: &TokenStream,
) -> TokenStream {
    match &node.kind {
        NodeKind::Leaf { ty, .. } | NodeKind::LeafList { ty, .. } => match leaf::inline_type(ty) {
            Some(own) => {
                let facts = [format!("Values of the leaf `{}`.", scope.path_of(node))];
                let docs = docs::attributes(&node.docs, &facts);
                let attributes = scope.settings().type_attributes(&scope.path_of(node));
                values::emit(scope, &docs, ident, own, &attributes)
            }
            None => TokenStream::new(),
        },
        _ => emit_struct(scope, node, ident, module, reference),
    }
}

/// The type of a member's field without `Option` or `Vec`. `own` is the type generated for it.
fn member_type(scope: &Scope<'_>, node: &Node, own: &TokenStream) -> TokenStream {
    match &node.kind {
        NodeKind::Leaf { ty, .. } | NodeKind::LeafList { ty, .. } => {
            leaf::rust_type(scope, ty, own)
        }
        _ => own.clone(),
    }
}

/// How a member is held.
#[derive(Clone, Copy)]
enum Held {
    Leaf,
    OptionalLeaf,
    LeafList,
    Container,
    OptionalContainer,
    List,
}

fn held(node: &Node) -> Held {
    match &node.kind {
        NodeKind::Leaf { .. } if mandatory(node) && !node.partial => Held::Leaf,
        NodeKind::Leaf { .. } => Held::OptionalLeaf,
        NodeKind::LeafList { .. } => Held::LeafList,
        NodeKind::List { .. } => Held::List,
        _ if mandatory(node) && !node.partial => Held::Container,
        _ => Held::OptionalContainer,
    }
}

/// What a user reads of a node beside its description.
fn facts(node: &Node) -> Vec<String> {
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
    for when in &node.rules.when {
        let condition: Vec<&str> = when.source.split_whitespace().collect();
        facts.push(format!("When: `{}`.", condition.join(" ")));
    }
    facts
}

/// What is said of a node's struct, and the user's attributes for it.
fn struct_attributes(scope: &Scope<'_>, node: &Node) -> (TokenStream, TokenStream) {
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
    let attributes = scope.settings().type_attributes(scope.below(node).path());
    (docs, quote!(#(#attributes)*))
}

/// `inner` is the place of the members.
fn emit_definition(
    inner: &Scope<'_>,
    (docs, attributes): (&TokenStream, &TokenStream),
    ident: &Ident,
    members: &[Member<'_>],
) -> TokenStream {
    let fields = members.iter().map(
        |Member {
             node,
             field,
             ty,
             held,
         }| {
            let docs = docs::attributes(&node.docs, &facts(node));
            let attributes = inner.settings().field_attributes(&inner.path_of(node));
            let ty = match held {
                Held::Leaf | Held::Container => ty.clone(),
                Held::OptionalLeaf | Held::OptionalContainer => quote!(::core::option::Option<#ty>),
                Held::LeafList | Held::List => quote!(::std::vec::Vec<#ty>),
            };
            quote! {
                #docs
                #(#attributes)*
                pub #field: #ty,
            }
        },
    );
    quote! {
        #docs
        #[derive(Debug, Clone, PartialEq)]
        #attributes
        pub struct #ident {
            #(#fields)*
        }
    }
}
