//! The names of what belongs to a type: the variants of its enum, the constants of its set, and its
//! static list of values.

use std::collections::BTreeMap;

use proc_macro2::Ident;
use quote::format_ident;

use crate::model::{Bit, IdentityValue, IntKind, Type, TypeUse};
use crate::name::{self, Style};

/// The variants of a union: after the typedef of the member, or its built-in type. The second of a
/// kind is numbered.
pub(super) fn union_variants(members: &[TypeUse]) -> Vec<Ident> {
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

/// The constants of bits.
pub(super) fn bit_constants(bits: &[Bit]) -> Vec<Ident> {
    let names: Vec<&str> = bits.iter().map(|bit| bit.name.as_str()).collect();
    name::assign(&names, Style::Constant, &[])
}

/// The variants of identities.
pub(super) fn identity_variants(values: &[IdentityValue]) -> Vec<Ident> {
    let names = values.iter().map(|IdentityValue { identity, .. }| identity);
    let names: Vec<(&str, &str)> = names.map(|name| (&*name.module, &*name.name)).collect();
    let names = name::distinct(&names, None);
    let names: Vec<&str> = names.iter().map(String::as_str).collect();
    name::assign(&names, Style::Variant, &[])
}

/// The static list of an enumeration's values or of bits.
pub(super) fn values_static_ident(ident: &Ident) -> Ident {
    format_ident!("{}_VALUES", name::screaming(ident))
}
