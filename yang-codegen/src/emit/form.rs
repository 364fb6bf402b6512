//! The Rust type that a use of a YANG type leads to, through aliases.

use proc_macro2::TokenStream;

use super::scope::Scope;
use super::{leaf, source};
use crate::model::{Type, TypeUse};

/// The form that the Rust type of a value has.
#[derive(Clone, Copy)]
pub(super) enum Form {
    /// A built-in type, a type of its own, or an alias of one.
    Plain,
    /// A newtype of a number.
    Number,
    /// A newtype of a string.
    Text,
    /// A newtype of octets.
    Octets,
    /// The runtime's own type.
    DateAndTime,
}

/// The form of a type in use.
pub(super) fn form(scope: &Scope<'_>, ty: &TypeUse) -> Form {
    let Some(name) = &ty.typedef else {
        return match &ty.ty {
            Type::LeafRef { target, .. } => form(scope, target),
            _ => Form::Plain,
        };
    };
    if leaf::is_date_and_time(name) {
        return Form::DateAndTime;
    }
    let Some(typedef) = scope.find_typedef(name) else {
        return Form::Plain;
    };
    match (&typedef.ty.typedef, &typedef.ty.ty) {
        (Some(_), _) | (None, Type::LeafRef { .. }) => form(scope, &typedef.ty),
        (None, Type::Int { range, .. }) if !range.is_empty() => Form::Number,
        (None, Type::Decimal64 { range, .. }) if !range.is_empty() => Form::Number,
        (None, Type::Binary { length, .. }) if !length.is_empty() => Form::Octets,
        (
            None,
            Type::String {
                length, patterns, ..
            },
        ) if !(length.is_empty() && patterns.is_empty()) => Form::Text,
        _ => Form::Plain,
    }
}

/// The way values of a type are handed out.
pub(super) enum Resolved {
    /// They are copied.
    Copied,
    /// They are compared with text.
    Text,
    /// They are lent.
    Other,
}

pub(super) fn resolve(scope: &Scope<'_>, ty: &TypeUse) -> Resolved {
    match (form(scope, ty), &ty.ty) {
        (Form::Octets | Form::DateAndTime, _)
        | (Form::Plain, Type::Union(_) | Type::Binary { .. } | Type::InstanceIdentifier { .. }) => {
            Resolved::Other
        }
        (Form::Plain, Type::LeafRef { target, .. }) => resolve(scope, target),
        (Form::Text, _) | (Form::Plain, Type::String { .. }) => Resolved::Text,
        (Form::Number | Form::Plain, _) => Resolved::Copied,
    }
}

/// A text that is the same for two uses of types if their Rust types are the same, however named.
/// `own` is the path of the type that is generated for the use itself.
pub(super) fn rust_identity(scope: &Scope<'_>, ty: &TypeUse, own: &str) -> String {
    match (&ty.typedef, &ty.ty) {
        (Some(name), _) => {
            let qualified = format!("{}:{}", name.module, name.name);
            if leaf::is_date_and_time(name) {
                return qualified;
            }
            match scope.find_typedef(name) {
                Some(typedef) if !has_own_type(&typedef.ty) => {
                    rust_identity(scope, &typedef.ty, &qualified)
                }
                _ => qualified,
            }
        }
        (None, Type::LeafRef { target, .. }) => rust_identity(scope, target, own),
        (None, _) if leaf::inline_type(ty).is_some() => own.to_owned(),
        (None, _) => source(&leaf::rust_type(&scope.of_calls(), ty, &TokenStream::new())),
    }
}

/// Returns true if a typedef of this is a newtype or a type of its own, not an alias.
pub(super) fn has_own_type(ty: &TypeUse) -> bool {
    let is_restricted = match &ty.ty {
        Type::Int { range, .. } => !range.is_empty(),
        Type::Decimal64 { range, .. } => !range.is_empty(),
        Type::Binary { length, .. } => !length.is_empty(),
        Type::String {
            length, patterns, ..
        } => !(length.is_empty() && patterns.is_empty()),
        _ => leaf::inline_type(ty).is_some(),
    };
    ty.typedef.is_none() && is_restricted
}
