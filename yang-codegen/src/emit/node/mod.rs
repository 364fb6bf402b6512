//! Containers and lists as structs, with the tables and functions that the runtime asks for.

mod impls;

use proc_macro2::{Ident, Literal, TokenStream};
use quote::{format_ident, quote};

use super::scope::{Scope, children_static_ident};
use super::{describe, docs, leaf, rules, values};
use crate::model::{Node, NodeKind};
use crate::name;

/// A child of a struct, with the names that were given to it.
struct Member<'m> {
    node: &'m Node,
    field: Ident,
    /// The path of its type, seen from the parent.
    ty: TokenStream,
}

/// The top-level nodes of a module.
pub(super) fn emit_roots(scope: &Scope<'_>) -> TokenStream {
    let roots = &scope.module().roots;
    let types = scope.type_idents(roots);
    let modules = scope.module_idents_of(roots);
    let mut items = TokenStream::new();
    for ((node, ty), module) in roots.iter().zip(&types).zip(&modules) {
        let described = describe(scope, node, ty, module);
        let name = format_ident!("{}_NODE", name::screaming(ty));
        let runtime = scope.runtime();
        items.extend(described.items);
        let entry = described.entry;
        items.extend(quote!(static #name: #runtime::schema::Node = #entry;));
        items.extend(emit_struct(scope, node, ty, module, &quote!(&#name)));
    }
    items
}

fn children(node: &Node) -> Option<&[Node]> {
    match &node.kind {
        NodeKind::Container { children, .. } | NodeKind::List { children, .. } => Some(children),
        NodeKind::Leaf { .. } | NodeKind::LeafList { .. } => None,
    }
}

/// Whether an instance must exist where the parent exists (RFC 7950 section 3, "mandatory node").
fn mandatory(node: &Node) -> bool {
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
        NodeKind::Container { children, .. } => children.iter().any(constrained),
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
        NodeKind::LeafList { ty, units } => {
            let described = describe::describe(scope, ty, ident);
            items = described.items;
            let reference = described.reference;
            let units = units.as_ref().map(|units| quote!(.units(#units)));
            quote!(#runtime::schema::Node::leaf_list(&#of, #name, #member, #reference) #units)
        }
    };
    let (rules, statics) = rules::emit(scope, node, ident);
    entry.extend(rules);
    items.extend(statics);
    if let Some(sid) = scope.sid_of(node) {
        let sid = Literal::u64_unsuffixed(sid);
        entry.extend(quote!(.sid(#sid)));
    }
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

/// The struct of a container or list entry, which stands in `scope`, and the Rust module with all
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
        })
        .collect();
    let definition = emit_definition(scope, node, ident, &members);
    let impls = impls::emit(scope, ident, module, &members, reference);
    let runtime = scope.runtime();
    let count = entries.len();
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
        NodeKind::Container { .. } | NodeKind::List { .. } => {
            emit_struct(scope, node, ident, module, reference)
        }
        NodeKind::Leaf { ty, .. } | NodeKind::LeafList { ty, .. } => match leaf::inline_type(ty) {
            Some(own) => {
                let facts = [format!("Values of the leaf `{}`.", scope.path_of(node))];
                let docs = docs::attributes(&node.docs, &facts);
                let attributes = scope.settings().type_attributes(&scope.path_of(node));
                values::emit(scope, &docs, ident, own, &attributes)
            }
            None => TokenStream::new(),
        },
    }
}

/// The type of a member's field without `Option` or `Vec`. `own` is the type generated for it.
fn member_type(scope: &Scope<'_>, node: &Node, own: &TokenStream) -> TokenStream {
    match &node.kind {
        NodeKind::Leaf { ty, .. } | NodeKind::LeafList { ty, .. } => {
            leaf::rust_type(scope, ty, own)
        }
        NodeKind::Container { .. } | NodeKind::List { .. } => own.clone(),
    }
}

/// How a member is held.
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
        NodeKind::Leaf {
            mandatory: true, ..
        } => Held::Leaf,
        NodeKind::Leaf { .. } => Held::OptionalLeaf,
        NodeKind::LeafList { .. } => Held::LeafList,
        NodeKind::Container { .. } if mandatory(node) => Held::Container,
        NodeKind::Container { .. } => Held::OptionalContainer,
        NodeKind::List { .. } => Held::List,
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
    facts
}

fn emit_definition(
    scope: &Scope<'_>,
    node: &Node,
    ident: &Ident,
    members: &[Member<'_>],
) -> TokenStream {
    let path = scope.path_of(node);
    let keyword = if matches!(node.kind, NodeKind::List { .. }) {
        "An entry of the list"
    } else {
        "The container"
    };
    let docs = docs::attributes(&node.docs, &[format!("{keyword} `{path}`.")]);
    let attributes = scope.settings().type_attributes(&path);
    let inner = scope.below(node);
    let fields = members.iter().map(|Member { node, field, ty }| {
        let docs = docs::attributes(&node.docs, &facts(node));
        let attributes = scope.settings().field_attributes(&inner.path_of(node));
        let ty = match held(node) {
            Held::Leaf | Held::Container => ty.clone(),
            Held::OptionalLeaf | Held::OptionalContainer => quote!(::core::option::Option<#ty>),
            Held::LeafList | Held::List => quote!(::std::vec::Vec<#ty>),
        };
        quote! {
            #docs
            #(#attributes)*
            pub #field: #ty,
        }
    });
    quote! {
        #docs
        #[derive(Debug, Clone, PartialEq)]
        #(#attributes)*
        pub struct #ident {
            #(#fields)*
        }
    }
}
