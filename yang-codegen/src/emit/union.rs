//! Unions as enums with a variant for each member (RFC 7950 section 9.12).

use proc_macro2::{Ident, TokenStream};
use quote::quote;

use super::form::rust_identity;
use super::idents::union_variants;
use super::items::{Call, Items, fill, separated};
use super::scope::Scope;
use super::{docs, leaf, source, values};
use crate::model::TypeUse;

/// The enum of a union, and the types that its members need for themselves.
pub(super) fn emit(
    scope: &Scope<'_>,
    docs: &TokenStream,
    (ident, name): (&Ident, &str),
    members: &[TypeUse],
    attributes: &TokenStream,
) -> Items {
    let variants = union_variants(members);
    let (calls, way) = (scope.of_calls(), scope.rust_path());
    let mut types = Vec::new();
    let mut entries = Vec::new();
    let mut identities = Vec::new();
    let mut own_types = Items::default();
    for (member, variant) in members.iter().zip(&variants) {
        let own = scope.inner_ident(ident, &variant.to_string());
        types.push(leaf::rust_type(scope, member, &quote!(#own)));
        let path = format!("{way}{own}");
        let called: TokenStream = path.parse().unwrap_or_default();
        let called = source(&leaf::rust_type(&calls, member, &called));
        entries.push(format!("{variant}({called})"));
        identities.push(rust_identity(scope, member, &path));
        if let Some(ty) = leaf::inline_type(member) {
            let docs = docs::lines(&format!("Values of a member of the union [`{ident}`]."));
            let attributes = std::slice::from_ref(attributes);
            own_types.extend(values::emit(scope, &docs, (&own, name), ty, attributes));
        }
    }
    let is_once =
        |identity: &String| identities.iter().filter(|other| *other == identity).count() == 1;
    let distinct = entries.iter().zip(&identities);
    let distinct: Vec<String> = distinct
        .filter(|(_, identity)| is_once(identity))
        .map(|(entry, _)| entry.clone())
        .collect();
    let instances = members.iter().any(leaf::requires_instance);
    let mut lines = vec![format!("{way}{ident};")];
    lines.extend(fill(ended(&entries, "")));
    lines.extend(fill(ended(&distinct, "from ")));
    lines.push(format!("instances {instances};"));
    let types = quote! {
        #docs
        #[derive(Debug, Clone, PartialEq, Eq, Hash)]
        #attributes
        pub enum #ident {
            #(#variants(#types)),*
        }
    };
    let mut items = Items {
        types,
        calls: vec![Call::new("union", lines)],
        ..Items::default()
    };
    items.extend(own_types);
    items
}

/// A list of entries with a word in front and a semicolon at its end.
fn ended(entries: &[String], word: &str) -> Vec<String> {
    let mut entries: Vec<String> = separated(entries).collect();
    match entries.first_mut() {
        Some(first) => first.insert_str(0, word),
        None => entries.push(word.to_owned()),
    }
    if let Some(last) = entries.last_mut() {
        last.push(';');
    }
    entries
}
