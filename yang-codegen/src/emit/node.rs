//! Containers and lists as structs, with the tables and functions that the runtime asks for.

use proc_macro2::{Ident, Literal, TokenStream};
use quote::{format_ident, quote};

use super::scope::{Scope, children_static_ident};
use super::{docs, leaf, typedef};
use crate::error::{Error, Place};
use crate::model::{Node, NodeKind, TypeUse};
use crate::name;

/// A child of a struct, with the names that were given to it.
struct Member<'m> {
    node: &'m Node,
    field: Ident,
    /// The path of its type, seen from the parent.
    ty: TokenStream,
}

/// The top-level nodes of a module.
pub(super) fn emit_roots(scope: &Scope<'_>) -> Result<TokenStream, Error> {
    let roots = &scope.module().roots;
    let types = scope.type_idents(roots);
    let modules = Scope::module_idents_of(roots);
    let mut items = TokenStream::new();
    for ((node, ty), module) in roots.iter().zip(&types).zip(&modules) {
        if children(node).is_none() {
            return Err(unsupported(scope, node, "a top-level leaf or leaf-list"));
        }
        let described = describe(scope, node, ty, module)?;
        let name = format_ident!("{}_NODE", name::screaming(ty));
        let runtime = scope.runtime();
        items.extend(described.items);
        let entry = described.entry;
        items.extend(quote!(static #name: #runtime::schema::Node = #entry;));
        items.extend(emit_struct(scope, node, ty, module, &quote!(&#name))?);
    }
    Ok(items)
}

fn children(node: &Node) -> Option<&[Node]> {
    match &node.kind {
        NodeKind::Container { children, .. } | NodeKind::List { children, .. } => Some(children),
        NodeKind::Leaf { .. } | NodeKind::LeafList { .. } => None,
    }
}

fn unsupported(scope: &Scope<'_>, node: &Node, statement: &str) -> Error {
    Error::Unsupported {
        place: Place {
            file: None,
            line: None,
            module: node.module.clone(),
        },
        path: scope.path_of(node),
        statement: statement.to_owned(),
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
fn describe(
    scope: &Scope<'_>,
    node: &Node,
    ident: &Ident,
    module: &Ident,
) -> Result<Description, Error> {
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
            let described = leaf::describe(scope, ty, ident, &scope.path_of(node))?;
            items = described.items;
            let reference = described.reference;
            let default = default.as_ref().map(|value| quote!(.default_value(#value)));
            let units = units.as_ref().map(|units| quote!(.units(#units)));
            quote!(#runtime::schema::Node::leaf_node(&#of, #name, #member, #reference) #default #units)
        }
        NodeKind::LeafList { ty, units } => {
            let described = leaf::describe(scope, ty, ident, &scope.path_of(node))?;
            items = described.items;
            let reference = described.reference;
            let units = units.as_ref().map(|units| quote!(.units(#units)));
            quote!(#runtime::schema::Node::leaf_list(&#of, #name, #member, #reference) #units)
        }
    };
    if mandatory(node) {
        entry.extend(quote!(.mandatory()));
    }
    if !node.config {
        entry.extend(quote!(.state()));
    }
    if constrained(node) {
        entry.extend(quote!(.constrained()));
    }
    Ok(Description { entry, items })
}

/// The struct of a container or list entry, which stands in `scope`, and the Rust module with all
/// that stands below it. `reference` leads to the static that describes the node.
fn emit_struct(
    scope: &Scope<'_>,
    node: &Node,
    ident: &Ident,
    module: &Ident,
    reference: &TokenStream,
) -> Result<TokenStream, Error> {
    let Some(children) = children(node) else {
        return Ok(TokenStream::new());
    };
    let inner = scope.below(node);
    let fields = Scope::field_idents(children);
    let types = inner.type_idents(children);
    let modules = Scope::module_idents_of(children);
    let table = children_static_ident(ident);

    let mut entries = Vec::new();
    let mut below = TokenStream::new();
    for (index, ((child, ty), child_module)) in
        children.iter().zip(&types).zip(&modules).enumerate()
    {
        let described = describe(&inner, child, ty, child_module)?;
        entries.push(described.entry);
        below.extend(described.items);
        let index = Literal::usize_unsuffixed(index);
        below.extend(emit_child(
            &inner,
            child,
            ty,
            child_module,
            &quote!(&#table[#index]),
        )?);
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
    let impls = emit_impls(scope, ident, module, &members, reference);
    let runtime = scope.runtime();
    let count = entries.len();
    let docs = docs::lines(&format!("The nodes below `{}`.", scope.path_of(node)));
    Ok(quote! {
        #definition
        #impls
        #docs
        pub mod #module {
            pub(super) static #table: [#runtime::schema::Node; #count] = [#(#entries),*];
            #below
        }
    })
}

/// What a child brings along: its struct and module, or its enumeration.
fn emit_child(
    scope: &Scope<'_>,
    node: &Node,
    ident: &Ident,
    module: &Ident,
    reference: &TokenStream,
) -> Result<TokenStream, Error> {
    match &node.kind {
        NodeKind::Container { .. } | NodeKind::List { .. } => {
            emit_struct(scope, node, ident, module, reference)
        }
        NodeKind::Leaf { ty, .. } | NodeKind::LeafList { ty, .. } => {
            match leaf::inline_enumeration(ty) {
                Some(values) => {
                    let facts = [format!("Values of the leaf `{}`.", scope.path_of(node))];
                    let attributes = scope.settings().type_attributes(&scope.path_of(node));
                    Ok(typedef::emit_enumeration(
                        scope,
                        &node.docs,
                        &facts,
                        ident,
                        values,
                        &attributes,
                    ))
                }
                None => Ok(TokenStream::new()),
            }
        }
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

fn emit_impls(
    scope: &Scope<'_>,
    ident: &Ident,
    module: &Ident,
    members: &[Member<'_>],
    reference: &TokenStream,
) -> TokenStream {
    let inherent = emit_inherent(scope, ident, members);
    let object = emit_object(scope, ident, module, members, reference);
    let view = emit_view(scope, ident, members);
    quote! {
        #inherent
        #object
        #view
    }
}

/// The constructor, and what answers for absent leafs with a default.
fn emit_inherent(scope: &Scope<'_>, ident: &Ident, members: &[Member<'_>]) -> TokenStream {
    let runtime = scope.runtime();
    let text = quote!(#runtime::types::CompactString).to_string();
    let required = |member: &&Member<'_>| matches!(held(member.node), Held::Leaf | Held::Container);
    let parameters = members
        .iter()
        .filter(required)
        .map(|Member { field, ty, .. }| {
            if ty.to_string() == text {
                quote!(#field: impl ::core::convert::Into<#ty>)
            } else {
                quote!(#field: #ty)
            }
        });
    let values = members
        .iter()
        .map(|Member { node, field, ty }| match held(node) {
            Held::Leaf if ty.to_string() == text => quote!(#field: #field.into()),
            Held::Leaf | Held::Container => quote!(#field),
            Held::OptionalLeaf | Held::OptionalContainer => {
                quote!(#field: ::core::option::Option::None)
            }
            Held::LeafList | Held::List => quote!(#field: ::std::vec::Vec::new()),
        });
    let defaults = members
        .iter()
        .filter_map(|member| emit_default(scope, member));
    let none = members.iter().find(required).is_none();
    let default = none.then(|| {
        quote! {
            impl ::core::default::Default for #ident {
                fn default() -> Self {
                    Self::new()
                }
            }
        }
    });
    quote! {
        impl #ident {
            /// The data with what is mandatory and nothing else.
            #[must_use]
            pub fn new(#(#parameters),*) -> Self {
                Self { #(#values),* }
            }

            #(#defaults)*
        }

        #default
    }
}

/// The function that answers with the default if the leaf is absent (RFC 7950 section 7.6.1).
fn emit_default(scope: &Scope<'_>, member: &Member<'_>) -> Option<TokenStream> {
    let NodeKind::Leaf {
        default: Some(default),
        ty,
        ..
    } = &member.node.kind
    else {
        return None;
    };
    let Member {
        field, ty: path, ..
    } = member;
    let function = format_ident!("{}_or_default", name::unkeyword(field));
    let docs = docs::lines(&format!(
        "The value of `{}`, or its default `{default}`.",
        member.node.name
    ));
    let (result, value) = leaf::default_literal(ty, default, path)?;
    let body = match default_form(scope, ty) {
        DefaultForm::Copy => quote!(self.#field.unwrap_or(#value)),
        DefaultForm::Text => quote!(self.#field.as_deref().unwrap_or(#value)),
        DefaultForm::TextType => quote!(self.#field.as_ref().map_or(#value, #path::as_str)),
        DefaultForm::NumberType => quote!(self.#field.map_or(#value, #path::get)),
        DefaultForm::DateAndTime => return None,
    };
    Some(quote! {
        #docs
        #[must_use]
        pub fn #function(&self) -> #result {
            #body
        }
    })
}

enum DefaultForm {
    Copy,
    Text,
    TextType,
    NumberType,
    DateAndTime,
}

fn default_form(scope: &Scope<'_>, ty: &TypeUse) -> DefaultForm {
    match typedef::form(scope, ty) {
        typedef::Form::Number => DefaultForm::NumberType,
        typedef::Form::Text => DefaultForm::TextType,
        typedef::Form::DateAndTime => DefaultForm::DateAndTime,
        typedef::Form::Plain if leaf::is_text(ty) => DefaultForm::Text,
        typedef::Form::Plain => DefaultForm::Copy,
    }
}

/// How many children one word of a set holds.
const WORD: usize = 64;

/// The set of the mandatory children, and its type.
fn mandatory_set(members: &[Member<'_>]) -> (TokenStream, TokenStream) {
    let words: Vec<Literal> = members
        .chunks(WORD)
        .map(|chunk| {
            let bits = chunk
                .iter()
                .enumerate()
                .filter(|(_, member)| mandatory(member.node));
            Literal::u64_unsuffixed(bits.fold(0, |set, (at, _)| set | 1 << at))
        })
        .collect();
    match words.as_slice() {
        [] => (quote!(u64), quote!(0)),
        [word] => (quote!(u64), quote!(#word)),
        words => {
            let count = words.len();
            (quote!([u64; #count]), quote!([#(#words),*]))
        }
    }
}

fn emit_object(
    scope: &Scope<'_>,
    ident: &Ident,
    module: &Ident,
    members: &[Member<'_>],
    reference: &TokenStream,
) -> TokenStream {
    let runtime = scope.runtime();
    let top = scope.top();
    let table = children_static_ident(ident);
    let (seen, mandatory) = mandatory_set(members);
    let blanks = members
        .iter()
        .map(|Member { node, field, .. }| match held(node) {
            Held::Leaf => quote!(#field: #runtime::decode::FromScalar::blank()),
            Held::Container => quote!(#field: #runtime::decode::Object::blank()),
            Held::OptionalLeaf | Held::OptionalContainer => {
                quote!(#field: ::core::option::Option::None)
            }
            Held::LeafList | Held::List => quote!(#field: ::std::vec::Vec::new()),
        });
    let arms = members.iter().enumerate().map(|(at, Member { node, field, .. })| {
        let at = Literal::usize_unsuffixed(at);
        let of_table = |function: &str| {
            let function = format_ident!("{function}");
            quote!(#at => #runtime::decode::#function(&mut self.#field, &#module::#table[#at], reader, cx))
        };
        let of_type = |function: &str| {
            let function = format_ident!("{function}");
            quote!(#at => #runtime::decode::#function(&mut self.#field, reader, cx))
        };
        match held(node) {
            Held::Leaf => of_table("read_leaf"),
            Held::OptionalLeaf => of_table("read_optional_leaf"),
            Held::LeafList => of_table("read_leaf_list"),
            Held::Container => of_type("read_container"),
            Held::OptionalContainer => of_type("read_optional_container"),
            Held::List => of_type("read_list"),
        }
    });
    quote! {
        impl #runtime::decode::Object for #ident {
            const NODE: &'static #runtime::schema::Node = #reference;
            const MODULES: &'static [&'static #runtime::schema::Module] = #top MODULES;
            type Seen = #seen;
            const MANDATORY: #seen = #mandatory;

            fn blank() -> Self {
                Self { #(#blanks),* }
            }

            #[inline]
            fn read_member<'de, R: #runtime::decode::Reader<'de> + ?Sized>(
                &mut self,
                index: usize,
                reader: &mut R,
                cx: &mut #runtime::decode::Context,
            ) -> ::core::result::Result<bool, #runtime::decode::Abort> {
                match index {
                    #(#arms,)*
                    _ => reader.skip(cx).map(|()| false),
                }
            }
        }
    }
}

fn emit_view(scope: &Scope<'_>, ident: &Ident, members: &[Member<'_>]) -> TokenStream {
    let runtime = scope.runtime();
    let child = quote!(#runtime::tree::Child);
    let arms = members
        .iter()
        .enumerate()
        .map(|(at, Member { node, field, .. })| {
            let at = Literal::usize_unsuffixed(at);
            match held(node) {
                Held::Leaf => quote!(#at => #child::leaf(&self.#field)),
                Held::OptionalLeaf => quote!(#at => #child::optional_leaf(&self.#field)),
                Held::LeafList => quote!(#at => #child::Leaves(&self.#field)),
                Held::Container => quote!(#at => #child::Node(&self.#field)),
                Held::OptionalContainer => quote!(#at => #child::optional_node(&self.#field)),
                Held::List => quote!(#at => #child::Entries(&self.#field)),
            }
        });
    quote! {
        impl #runtime::tree::Node for #ident {
            fn schema(&self) -> &'static #runtime::schema::Node {
                <Self as #runtime::decode::Object>::NODE
            }

            fn child(&self, index: usize) -> #child<'_> {
                match index {
                    #(#arms,)*
                    _ => #child::None,
                }
            }
        }
    }
}
