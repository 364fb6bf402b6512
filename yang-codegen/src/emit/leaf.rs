//! The Rust types of leafs.

use proc_macro2::{Literal, TokenStream};
use quote::quote;

use super::scope::Scope;
use crate::model::{IntKind, Node, NodeKind, QName, Type, TypeUse};

/// The typedef that the runtime has a type for.
pub(super) fn is_date_and_time(name: &QName) -> bool {
    name.module == "ietf-yang-types" && name.name == "date-and-time"
}

/// The Rust type of a value. `inline` is the path of the type that was generated for the node
/// itself, if its YANG type needs one.
pub(super) fn rust_type(scope: &Scope<'_>, ty: &TypeUse, inline: &TokenStream) -> TokenStream {
    match (&ty.typedef, &ty.ty) {
        (Some(name), _) => scope.typedef(name),
        (None, Type::Int { kind, .. }) => integer_type(*kind),
        (None, Type::Boolean) => quote!(bool),
        (None, Type::String { .. }) => scope.runtime_type("CompactString"),
        (
            None,
            Type::Decimal64 {
                fraction_digits, ..
            },
        ) => decimal_type(scope, *fraction_digits),
        (None, Type::Binary { .. }) => scope.runtime_type("Binary"),
        (None, Type::Empty) => scope.runtime_type("Empty"),
        (None, Type::InstanceIdentifier { .. }) => scope.runtime_type("InstanceIdentifier"),
        (None, Type::Identityref(identities)) if identities.is_empty() => {
            scope.runtime_type("NoIdentity")
        }
        (None, Type::Enumeration(_) | Type::Bits(_) | Type::Identityref(_) | Type::Union(_)) => {
            inline.clone()
        }
        (None, Type::LeafRef { target, .. }) => rust_type(scope, target, inline),
    }
}

/// Returns true if the Rust type of a leaf is the runtime's string, not an alias of it.
pub(super) fn is_plain_text(node: &Node) -> bool {
    fn is_text(ty: &TypeUse) -> bool {
        match (&ty.typedef, &ty.ty) {
            (None, Type::LeafRef { target, .. }) => is_text(target),
            (typedef, ty) => typedef.is_none() && matches!(ty, Type::String { .. }),
        }
    }
    matches!(&node.kind, NodeKind::Leaf { ty, .. } if is_text(ty))
}

/// The type that has to be generated for a leaf itself.
pub(super) fn inline_type(ty: &TypeUse) -> Option<&Type> {
    match (&ty.typedef, &ty.ty) {
        (None, own) if is_own(own) => Some(own),
        (None, Type::LeafRef { target, .. }) => inline_type(target),
        _ => None,
    }
}

pub(super) fn decimal_type(scope: &Scope<'_>, fraction_digits: u8) -> TokenStream {
    let decimal = scope.runtime_type("Decimal64");
    let digits = Literal::u8_unsuffixed(fraction_digits);
    quote!(#decimal<#digits>)
}

pub(super) fn integer_type(kind: IntKind) -> TokenStream {
    match kind {
        IntKind::I8 => quote!(i8),
        IntKind::I16 => quote!(i16),
        IntKind::I32 => quote!(i32),
        IntKind::I64 => quote!(i64),
        IntKind::U8 => quote!(u8),
        IntKind::U16 => quote!(u16),
        IntKind::U32 => quote!(u32),
        IntKind::U64 => quote!(u64),
    }
}

/// Returns true if instances of the leaf must have an instance elsewhere.
pub(super) fn has_constraint(node: &Node, ty: &TypeUse, leaf_list: bool) -> bool {
    requires_instance(ty) || (leaf_list && node.config)
}

pub(super) fn requires_instance(ty: &TypeUse) -> bool {
    match &ty.ty {
        Type::LeafRef {
            require_instance,
            target,
            ..
        } => *require_instance || requires_instance(target),
        Type::InstanceIdentifier { require_instance } => *require_instance,
        Type::Union(members) => members.iter().any(requires_instance),
        _ => false,
    }
}

/// Returns true if a type is generated for its leaf or typedef.
fn is_own(ty: &Type) -> bool {
    match ty {
        Type::Enumeration(_) | Type::Bits(_) | Type::Union(_) => true,
        Type::Identityref(values) => !values.is_empty(),
        _ => false,
    }
}
