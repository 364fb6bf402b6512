//! Choices as enums with a variant a case: the node of a case that has the shorthand form, else a
//! struct with the nodes of the case.

use std::ops::Range;

use proc_macro2::{Ident, Literal, TokenStream};
use quote::{format_ident, quote};

use super::super::scope::Scope;
use super::super::{docs, rules};
use super::facts::{conditions, facts};
use super::{Held, Member, Place, emit_children, emit_definition, impls};
use super::{indexed, mandatory, members};
use crate::model::{Node, NodeKind};

/// The pattern of indexes.
pub(super) fn pattern(at: &Range<usize>) -> TokenStream {
    let (first, last) = (at.start, at.end.saturating_sub(1));
    let (first, last) = (
        Literal::usize_unsuffixed(first),
        Literal::usize_unsuffixed(last),
    );
    if at.len() == 1 {
        quote!(#first)
    } else {
        quote!(#first..=#last)
    }
}

/// Whether a case has the shorthand form (RFC 7950 section 7.9.2), or could have it. A choice in a
/// choice keeps its case, in which it may have no data.
fn is_shorthand(case: &Node) -> bool {
    match case.children() {
        [node] => {
            let is_namesake = (&node.name, &node.module) == (&case.name, &case.module);
            is_namesake && !matches!(node.kind, NodeKind::Choice { .. })
        }
        _ => false,
    }
}

/// A case that data can be of.
struct Variant<'m> {
    case: &'m Node,
    ident: Ident,
    /// The type that it holds, seen from the enum.
    ty: TokenStream,
    /// Whether that is the one member itself.
    is_shorthand: bool,
    members: Vec<Member<'m>>,
    at: Range<usize>,
}

/// The enum of a choice, which stands in `scope`, with all that stands below it. `module` is the
/// Rust module for that, `at` the indexes of the nodes. Nothing for a choice without nodes.
pub(super) fn emit(
    scope: &Scope<'_>,
    node: &Node,
    (ident, module): (&Ident, &Ident),
    at: Range<usize>,
    place: &Place<'_>,
) -> TokenStream {
    let below = scope.below(node);
    let cases = node.children();
    let names = below.variant_idents(cases).into_iter();
    let types = below.type_idents(cases);
    let modules = below.module_idents_of(cases);
    let idents = names.zip(types.iter().zip(&modules));
    let mut inside = TokenStream::new();
    let mut variants = Vec::new();
    for ((case, at), (name, (ty, case_module))) in indexed(cases, at.start).zip(idents) {
        if at.is_empty() {
            continue;
        }
        let place = place.of_case(node, case, at.start);
        let idents = (name, ty, case_module);
        let (items, variant) = emit_case((scope, &below), case, idents, module, &place);
        inside.extend(items);
        variants.push(Variant { at, ..variant });
    }
    if variants.is_empty() {
        return TokenStream::new();
    }
    let definition = emit_enum(scope, node, ident, &variants);
    let implementation = emit_impl(scope, ident, &variants, place);
    let docs = docs::lines(&format!("The cases of `{}`.", scope.path_of(node)));
    quote! {
        #definition
        #implementation
        #docs
        pub mod #module {
            #inside
        }
    }
}

/// A case, which stands in `scope`: what is in the Rust module of the choice for it, and the
/// variant of the enum, which stands `around` that.
fn emit_case<'m>(
    (around, scope): (&Scope<'_>, &Scope<'_>),
    case: &'m Node,
    (ident, ty, module): (Ident, &Ident, &Ident),
    choice: &Ident,
    place: &Place<'_>,
) -> (TokenStream, Variant<'m>) {
    let inner = scope.below(case);
    let nodes = case.children();
    let items = emit_children(&inner, nodes, place).items;
    let docs = docs::lines(&format!("The nodes of the case `{}`.", scope.path_of(case)));
    let mut items = quote! {
        #docs
        pub mod #module {
            #items
        }
    };
    let is_shorthand = is_shorthand(case);
    let (from, to) = if is_shorthand {
        // Seen from the enum, which stands around the Rust module of the choice.
        (around, quote!(#choice::#module))
    } else {
        (scope, quote!(#module))
    };
    let mut members = members(from, &inner, nodes, &to, place.first);
    let ty = if let ([member], true) = (members.as_mut_slice(), is_shorthand) {
        member.held = member.held.always();
        member.held.wrapped(&member.ty)
    } else {
        let path = scope.path_of(case);
        let docs = docs::attributes(&case.docs, &[format!("The case `{path}`.")]);
        let attributes = scope.settings().type_attributes(&path);
        let definition = emit_definition(&inner, (&docs, &quote!(#(#attributes)*)), ty, &members);
        let inherent = impls::emit_inherent(scope, ty, &members);
        items.extend(quote!(#definition #inherent));
        quote!(#choice::#ty)
    };
    let variant = Variant {
        case,
        ident,
        ty,
        is_shorthand,
        members,
        at: 0..0,
    };
    (items, variant)
}

fn emit_enum(
    scope: &Scope<'_>,
    node: &Node,
    ident: &Ident,
    variants: &[Variant<'_>],
) -> TokenStream {
    let path = scope.path_of(node);
    let docs = docs::attributes(&node.docs, &[format!("The choice `{path}`.")]);
    let attributes = scope.settings().type_attributes(&path);
    let variants = variants.iter().map(
        |Variant {
             case,
             ident,
             ty,
             is_shorthand,
             members,
             ..
         }| {
            let docs = match members.as_slice() {
                [member] if *is_shorthand => {
                    docs::attributes(&member.node.docs, &facts(member.node))
                }
                _ => docs::attributes(&case.docs, &conditions(case)),
            };
            quote!(#docs #ident(#ty),)
        },
    );
    quote! {
        #docs
        #[derive(Debug, Clone, PartialEq)]
        #(#attributes)*
        pub enum #ident {
            #(#variants)*
        }
    }
}

fn emit_impl(
    scope: &Scope<'_>,
    ident: &Ident,
    variants: &[Variant<'_>],
    place: &Place<'_>,
) -> TokenStream {
    let runtime = scope.runtime();
    let table = place.table.seen_from(scope);
    let child = quote!(#runtime::tree::Child);
    let (mut holds, mut reads, mut shows) = (Vec::new(), Vec::new(), Vec::new());
    for Variant {
        ident,
        is_shorthand,
        members,
        at,
        ..
    } in variants
    {
        let own = pattern(at);
        holds.push(quote!(Self::#ident(_) => ::core::matches!(index, #own)));
        for member in members {
            let (at, field) = (pattern(&member.at), &member.field);
            let (held, target, view) = if *is_shorthand {
                (quote!(held), quote!(held), quote!(held))
            } else {
                (quote!(case), quote!(&mut case.#field), quote!(&case.#field))
            };
            let read = impls::read(scope, member, &target, &table, &quote!(node));
            let show = impls::show(scope, member, &view);
            reads.push(quote!((Self::#ident(#held), #at) => #read));
            shows.push(quote!((Self::#ident(#held), #at) => #show));
        }
    }
    let blank = blank(scope, variants);
    let index = parameter("index", variants.len() > 1);
    let is_nested = |member: &Member<'_>| matches!(member.held, Held::Choice);
    let mut members = variants.iter().flat_map(|variant| &variant.members);
    let node = parameter("node", members.any(is_nested));
    quote! {
        impl #runtime::decode::Choice for #ident {
            fn blank(#index: usize) -> Self {
                #blank
            }

            fn holds(&self, index: usize) -> bool {
                match self {
                    #(#holds,)*
                }
            }

            fn read_member<'de, R: #runtime::decode::Reader<'de> + ?::core::marker::Sized>(
                &mut self,
                #node: &#runtime::schema::Node<'_>,
                index: usize,
                reader: &mut R,
                cx: &mut #runtime::decode::Context,
            ) -> ::core::result::Result<bool, #runtime::decode::Abort> {
                match (self, index) {
                    #(#reads,)*
                    _ => reader.skip(cx).map(|()| false),
                }
            }

            fn child(&self, index: usize) -> #child<'_> {
                match (self, index) {
                    #(#shows,)*
                    _ => #child::None,
                }
            }
        }
    }
}

/// The name of a parameter, if it is used.
fn parameter(name: &str, is_used: bool) -> TokenStream {
    if is_used {
        let name = format_ident!("{name}");
        quote!(#name)
    } else {
        quote!(_)
    }
}

/// The case of the node at `index`, with nothing read yet.
fn blank(scope: &Scope<'_>, variants: &[Variant<'_>]) -> TokenStream {
    let value = |variant: &Variant<'_>| {
        let Variant {
            ident,
            ty,
            is_shorthand,
            members,
            ..
        } = variant;
        let values = members.iter().map(|member| impls::blank(scope, member));
        if *is_shorthand {
            return quote!(Self::#ident(#(#values)*));
        }
        let fields = members.iter().map(|member| &member.field);
        quote!(Self::#ident(#ty { #(#fields: #values),* }))
    };
    let Some((last, others)) = variants.split_last() else {
        return TokenStream::new();
    };
    let last = value(last);
    if others.is_empty() {
        return last;
    }
    let others = others.iter().map(|variant| {
        let (at, value) = (pattern(&variant.at), value(variant));
        quote!(#at => #value)
    });
    quote! {
        match index {
            #(#others,)*
            _ => #last,
        }
    }
}

/// The descriptions of the choices among the children of a data node or case, of which the first
/// data node has the index `first`: values, with `s` for the runtime's module of the schema.
pub(in super::super) fn describe_all(
    scope: &Scope<'_>,
    nodes: &[Node],
    first: usize,
) -> Vec<TokenStream> {
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
