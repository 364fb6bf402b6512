//! Choices as enums with a variant a case: the node of a case that has the shorthand form, else a
//! struct with the nodes of the case.

use std::ops::Range;

use proc_macro2::{Ident, TokenStream};
use quote::quote;

use super::super::docs;
use super::super::items::{Call, Items, Statics};
use super::super::scope::Scope;
use super::facts::{conditions, facts};
use super::place::indexes;
use super::{Member, Place, emit_children, emit_definition, impls};
use super::{indexed, members};
use crate::model::{Node, NodeKind};

/// Returns true if a case has the shorthand form (RFC 7950 section 7.9.2), or could have it. A
/// choice in a choice keeps its case, in which it may have no data.
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
    /// True if that is the one member itself.
    is_shorthand: bool,
    members: Vec<Member<'m>>,
    at: Range<usize>,
    /// The lines of the call for the struct of the case.
    lines: Vec<String>,
}

/// The enum of a choice, which stands in `scope`, with all that stands below it. `module` is the
/// Rust module for that, `at` the indexes of the nodes. Nothing for a choice without nodes.
pub(super) fn emit(
    scope: &Scope<'_>,
    node: &Node,
    (ident, module): (&Ident, &Ident),
    at: Range<usize>,
    place: &Place<'_>,
) -> Items {
    let below = scope.below(node, module);
    let cases = node.children();
    let mut inside = Items::default();
    let mut variants = Vec::new();
    for (case, at) in indexed(cases, at.start) {
        if at.is_empty() {
            continue;
        }
        let place = place.of_case(node, case, at.start);
        let names = below.names(case);
        let idents = (names.variant, &names.ty, &names.module);
        let (items, variant) = emit_case((scope, &below), case, idents, module, &place);
        inside.extend(items);
        variants.push(Variant { at, ..variant });
    }
    if variants.is_empty() {
        return Items::default();
    }
    let definition = emit_enum(scope, node, ident, &variants);
    let docs = docs::lines(&format!("The cases of `{}`.", scope.path_of(node)));
    let (imports, types) = (below.imports(), &inside.types);
    let statics = below.statics(&inside.statics);
    let types = quote! {
        #definition
        #docs
        pub mod #module {
            #imports
            #types
            #statics
        }
    };
    let mut calls = vec![emit_call(scope, ident, &variants, place)];
    calls.extend(inside.calls);
    Items {
        types,
        statics: Statics::default(),
        calls,
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
) -> (Items, Variant<'m>) {
    let inner = scope.below(case, module);
    let nodes = case.children();
    let mut below = emit_children(&inner, nodes, place).items;
    let is_shorthand = is_shorthand(case);
    let (from, to) = if is_shorthand {
        // Seen from the enum, which stands around the Rust module of the choice.
        (around, quote!(#choice::#module))
    } else {
        (scope, quote!(#module))
    };
    let way = (&to, inner.rust_path());
    let mut members = members((from, &inner), nodes, way, place.first);
    let mut lines = Vec::new();
    let mut definition = TokenStream::new();
    let ty = if let ([member], true) = (members.as_mut_slice(), is_shorthand) {
        member.held = member.held.always();
        member.held.wrapped(around, &member.ty)
    } else {
        let path = scope.path_of(case);
        let docs = docs::attributes(&case.docs, &[format!("The case `{path}`.")]);
        let attributes = scope.settings().type_attributes(&path);
        let attributes = (&docs, &quote!(#(#attributes)*));
        definition = emit_definition((scope, &inner), attributes, ty, &members);
        let names = (&*format!("{}{ty}", scope.rust_path()), ty);
        let (mandatory, of_case) = impls::case(&inner, names, &members);
        below.types.extend(mandatory);
        lines = of_case;
        quote!(#choice::#ty)
    };
    let docs = docs::lines(&format!("The nodes of the case `{}`.", scope.path_of(case)));
    let (imports, types) = (inner.imports(), &below.types);
    let statics = inner.statics(&below.statics);
    let items = Items {
        types: quote! {
            #definition
            #docs
            pub mod #module {
                #imports
                #types
                #statics
            }
        },
        statics: Statics::default(),
        calls: below.calls,
    };
    let variant = Variant {
        case,
        ident,
        ty,
        is_shorthand,
        members,
        at: 0..0,
        lines,
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
        #[derive(Debug, Clone, PartialEq, Eq, Hash)]
        #(#attributes)*
        pub enum #ident {
            #(#variants)*
        }
    }
}

/// The call for a choice and the structs of its cases.
fn emit_call(
    scope: &Scope<'_>,
    ident: &Ident,
    variants: &[Variant<'_>],
    place: &Place<'_>,
) -> Call {
    let (way, table) = (scope.rust_path(), &place.table);
    let table = format!("{}{}", scope.to_table(table.depth), table.path);
    let mut lines = vec![format!("{way}{ident}, {table};")];
    let last = variants.len().saturating_sub(1);
    for (number, variant) in variants.iter().enumerate() {
        let word = if number == last { "else " } else { "" };
        let (at, ident) = (indexes(&variant.at), &variant.ident);
        if let ([member], true) = (variant.members.as_slice(), variant.is_shorthand) {
            lines.push(format!("{word}{at} {ident} ({})", member.held.keyword()));
            continue;
        }
        lines.push(format!("{word}{at} {ident} {{"));
        lines.extend(variant.lines.iter().map(|line| format!("    {line}")));
        lines.push("}".to_owned());
    }
    Call::new("choice", lines)
}
