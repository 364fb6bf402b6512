//! The calls of the runtime's macros for structs; the runtime defines what structs can do.

use proc_macro2::{Ident, TokenStream};
use quote::quote;

use super::super::form::{Resolved, resolve};
use super::super::items::{Call, fill};
use super::super::scope::Scope;
use super::super::{default, leaf, source};
use super::held::Held;
use super::place::{Table, indexes};
use super::{Member, mandatory, member_type, path};
use crate::model::{Node, NodeKind};
use crate::name::{self, table::Names};

/// The most mandatory members that are parameters of a constructor; more are a struct.
const PARAMETERS: usize = 3;

/// The struct of the mandatory members, if one is needed, and the call for the struct called
/// `ident`, whose members stand in `inner`. `reference` leads to its description.
pub(super) fn object(
    inner: &Scope<'_>,
    (path, ident): (&str, &Ident),
    table: &Table,
    members: &[Member<'_>],
    reference: &str,
) -> (TokenStream, Call) {
    let modules = source(&inner.of_calls().top());
    let (mandatory, new) = constructor(inner, ident, members);
    let mut lines = vec![
        format!("{path};"),
        format!("node {reference}, {}, {modules}MODULES;", table.path),
        format!("mandatory {};", mandatory_set(members)),
        new,
    ];
    lines.extend(member_lines(members));
    lines.extend(also(inner, members));
    (mandatory, Call::new("object", lines))
}

/// As [`object`], for the struct of a case: lines of a call for its choice.
pub(super) fn case(
    inner: &Scope<'_>,
    (path, ident): (&str, &Ident),
    members: &[Member<'_>],
) -> (TokenStream, Vec<String>) {
    let (mandatory, new) = constructor(inner, ident, members);
    let mut lines = vec![format!("{path};"), new];
    lines.extend(member_lines(members));
    lines.extend(also(inner, members));
    (mandatory, lines)
}

/// The index, the kind and the field of each member.
fn member_lines(members: &[Member<'_>]) -> Vec<String> {
    fill(members.iter().map(
        |Member {
             at, held, field, ..
         }| { format!("{} {} {field};", indexes(at), held.keyword()) },
    ))
}

/// The line of the constructor, and the struct of the members that it takes if they are many, or if
/// two of one type stand side by side.
fn constructor(inner: &Scope<'_>, ident: &Ident, members: &[Member<'_>]) -> (TokenStream, String) {
    let required: Vec<&Member<'_>> = members
        .iter()
        .filter(|member| is_required(member))
        .collect();
    let mut neighbours = required.iter().zip(required.iter().skip(1));
    if required.len() <= PARAMETERS && !neighbours.any(|(one, other)| one.called == other.called) {
        let parameters = required.iter().map(
            |Member {
                 field,
                 called,
                 node,
                 ..
             }| {
                let how = if leaf::is_plain_text(node) {
                    "into"
                } else {
                    "of"
                };
                format!("{how} {field}: {called}")
            },
        );
        let parameters: Vec<String> = parameters.collect();
        return (
            TokenStream::new(),
            format!("new({});", parameters.join(", ")),
        );
    }
    let name = inner.free_ident("Mandatory");
    let fields = required.iter().map(
        |Member {
             field, node, own, ..
         }| {
            let ty = member_type(inner, node, &quote!(#own));
            quote!(pub #field: #ty)
        },
    );
    let docs = format!(" The members of [`{ident}`](super::{ident}) that must be there.");
    let definition = quote! {
        #[doc = #docs]
        #[derive(Debug, Clone, PartialEq, Eq, Hash)]
        pub struct #name {
            #(#fields),*
        }
    };
    (definition, format!("new(all {}{name});", inner.rust_path()))
}

/// The methods for absent leafs with a default, and for entries by their keys.
fn also(inner: &Scope<'_>, members: &[Member<'_>]) -> Vec<String> {
    let defaults = members
        .iter()
        .filter(|member| matches!(member.held, Held::OptionalLeaf))
        .filter_map(|member| {
            default::line(
                &inner.of_calls(),
                member.node,
                &member.field,
                &member.called,
            )
        });
    let keys = members.iter().filter_map(key_line);
    let lines: Vec<String> = defaults
        .chain(keys)
        .map(|line| format!("    {line}"))
        .collect();
    if lines.is_empty() {
        return lines;
    }
    let mut block = vec!["also {".to_owned()];
    block.extend(lines);
    block.push("}".to_owned());
    block
}

/// The method that finds an entry of a list, and the one to change it.
fn key_line(
    Member {
        field,
        called,
        keys,
        ..
    }: &Member<'_>,
) -> Option<String> {
    let (parameters, plain) = (keys.as_ref()?, name::unkeyword(field));
    Some(format!(
        "key {plain}_by_key, {plain}_by_key_mut({field}: {called}; {parameters});"
    ))
}

/// The parameters of these methods. `way` leads from where the macros are called to the Rust module
/// of what is below the list.
pub(super) fn keys(calls: &Scope<'_>, list: &Node, way: &str) -> Option<String> {
    let NodeKind::List { keys, children } = &list.kind else {
        return None;
    };
    let key = |key: &String| {
        let node = children.iter().find(|child| child.name == *key)?;
        let Names { field, ty: own, .. } = calls.names(node);
        let NodeKind::Leaf { ty, .. } = &node.kind else {
            return None;
        };
        let called = source(&member_type(calls, node, &path(way, &own)));
        Some(match resolve(calls, ty) {
            Resolved::Copied => format!("value {field}: {called}"),
            Resolved::Text => format!("by {field}: &str"),
            Resolved::Other => format!("by {field}: &{called}"),
        })
    };
    let parameters: Vec<String> = keys.iter().map(key).collect::<Option<_>>()?;
    (!parameters.is_empty()).then(|| parameters.join(", "))
}

/// Returns true if the member must be present.
const fn is_required(member: &Member<'_>) -> bool {
    matches!(member.held, Held::Leaf | Held::Container | Held::Any)
}

/// Returns true if a member that may be absent is demanded of whole data.
fn is_missed(member: &Member<'_>) -> bool {
    member.node.partial && mandatory(member.node)
}

/// The number of children in one word of a set.
const WORD: usize = 64;

/// The set of the mandatory children: a word, or a list of words.
fn mandatory_set(members: &[Member<'_>]) -> String {
    let children: Vec<bool> = members
        .iter()
        .flat_map(|member| {
            std::iter::repeat_n(is_required(member) || is_missed(member), member.at.len())
        })
        .collect();
    let words: Vec<String> = children
        .chunks(WORD)
        .map(|chunk| {
            let bits = chunk.iter().enumerate().filter(|(_, required)| **required);
            bits.fold(0u64, |set, (at, _)| set | 1 << at).to_string()
        })
        .collect();
    match words.as_slice() {
        [] => "0".to_owned(),
        [word] => word.clone(),
        words => format!("[{}]", words.join(", ")),
    }
}
