//! Unions as enums with a variant for each member (RFC 7950 section 9.12).

use std::collections::BTreeMap;

use proc_macro2::{Ident, TokenStream};
use quote::quote;

use super::items::{Call, Items, fill};
use super::scope::Scope;
use super::values::{self, separated};
use super::{docs, leaf, source, typedef};
use crate::model::{IntKind, Type, TypeUse};
use crate::name::{self, Style};

/// The variants of a union: after the typedef of the member, or its built-in type. The second of a
/// kind is numbered.
pub(super) fn variants(members: &[TypeUse]) -> Vec<Ident> {
    let mut met: BTreeMap<&str, usize> = BTreeMap::new();
    let names: Vec<String> = members
        .iter()
        .map(|member| {
            let name = match &member.typedef {
                Some(typedef) => typedef.name.as_str(),
                None => keyword(&member.ty),
            };
            let count = met.entry(name).or_default();
            *count += 1;
            if *count == 1 {
                name.to_owned()
            } else {
                format!("{name}-{count}")
            }
        })
        .collect();
    let names: Vec<&str> = names.iter().map(String::as_str).collect();
    name::assign(&names, Style::Variant, &[])
}

/// YANG's name of a built-in type.
const fn keyword(ty: &Type) -> &'static str {
    match ty {
        Type::Int { kind, .. } => match kind {
            IntKind::I8 => "int8",
            IntKind::I16 => "int16",
            IntKind::I32 => "int32",
            IntKind::I64 => "int64",
            IntKind::U8 => "uint8",
            IntKind::U16 => "uint16",
            IntKind::U32 => "uint32",
            IntKind::U64 => "uint64",
        },
        Type::Boolean => "boolean",
        Type::String { .. } => "string",
        Type::Enumeration(_) => "enumeration",
        Type::Decimal64 { .. } => "decimal64",
        Type::Bits(_) => "bits",
        Type::Binary { .. } => "binary",
        Type::Empty => "empty",
        Type::Identityref(_) => "identityref",
        Type::Union(_) => "union",
        Type::InstanceIdentifier { .. } => "instance-identifier",
        Type::LeafRef { .. } => "leafref",
    }
}

/// The enum of a union, and the types that its members need for themselves.
pub(super) fn emit(
    scope: &Scope<'_>,
    docs: &TokenStream,
    (ident, name): (&Ident, &str),
    members: &[TypeUse],
    attributes: &TokenStream,
) -> Items {
    let variants = variants(members);
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
        identities.push(typedef::rust_identity(scope, member, &path));
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
