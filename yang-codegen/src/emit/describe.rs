//! The statics that describe YANG types.

use proc_macro2::{Ident, Literal, TokenStream};
use quote::{format_ident, quote};

use super::idents::{union_variants, values_static_ident};
use super::items::Statics;
use super::pattern::{on_error, pattern};
use super::scope::{Scope, type_static_ident};
use super::xpath;
use crate::model::{
    Bit, CanonicalForm, EnumValue, IdentityValue, IntKind, LeafrefPath, Pattern, Type, TypeUse,
};
use crate::name;

fn integer_kind(kind: IntKind) -> (Ident, Ident) {
    let (variant, constant) = match kind {
        IntKind::I8 => ("Int8", "INT8"),
        IntKind::I16 => ("Int16", "INT16"),
        IntKind::I32 => ("Int32", "INT32"),
        IntKind::I64 => ("Int64", "INT64"),
        IntKind::U8 => ("Uint8", "UINT8"),
        IntKind::U16 => ("Uint16", "UINT16"),
        IntKind::U32 => ("Uint32", "UINT32"),
        IntKind::U64 => ("Uint64", "UINT64"),
    };
    (format_ident!("{variant}"), format_ident!("{constant}"))
}

/// The description of a type: a reference to a static, and the statics to emit for it.
pub(super) struct Described {
    pub(super) reference: TokenStream,
    pub(super) items: Statics,
}

/// Describes the type of a node or typedef whose Rust name would be `ident`.
pub(super) fn describe(scope: &Scope<'_>, ty: &TypeUse, ident: &Ident) -> Described {
    describe_as(scope, ty, ident, ident)
}

/// As [`describe`], where the static is called after `ident` and the type of its own, which a
/// leafref takes from its target, is `own`.
fn describe_as(scope: &Scope<'_>, ty: &TypeUse, ident: &Ident, own: &Ident) -> Described {
    if let Some(name) = &ty.typedef {
        return Described {
            reference: scope.typedef_static(name),
            items: Statics::default(),
        };
    }
    let runtime = scope.runtime();
    let built_in = |constant: Ident| Described {
        reference: quote!(&#runtime::schema::Type::#constant),
        items: Statics::default(),
    };
    match &ty.ty {
        Type::Int { kind, range, .. } if range.is_empty() => built_in(integer_kind(*kind).1),
        Type::Boolean => built_in(format_ident!("BOOLEAN")),
        Type::Empty => built_in(format_ident!("EMPTY")),
        Type::Binary { length, .. } if length.is_empty() => built_in(format_ident!("BINARY")),
        Type::String {
            length, patterns, ..
        } if length.is_empty() && patterns.is_empty() => built_in(format_ident!("STRING")),
        _ => define_as(scope, &ty.ty, ident, own),
    }
}

/// As [`describe`], with a static of its own in any case.
pub(super) fn define(scope: &Scope<'_>, ty: &TypeUse, ident: &Ident) -> Described {
    define_as(scope, &ty.ty, ident, ident)
}

fn define_as(scope: &Scope<'_>, ty: &Type, ident: &Ident, own: &Ident) -> Described {
    let name = type_static_ident(ident);
    let (items, value) = match ty {
        Type::Int {
            kind,
            range,
            on_error: said,
        } => {
            let (variant, _) = integer_kind(*kind);
            let range = parts(range, Literal::i128_unsuffixed);
            let (kind, said) = (quote!(Integer::#variant), on_error(said));
            (None, quote!(integer_in(#kind, #range) #said))
        }
        Type::Decimal64 {
            fraction_digits,
            range,
            on_error: said,
        } => {
            let digits = Literal::u8_unsuffixed(*fraction_digits);
            let (range, said) = (parts(range, Literal::i64_unsuffixed), on_error(said));
            (None, quote!(decimal64(#digits, #range) #said))
        }
        Type::String {
            length,
            patterns,
            on_error: said,
            canonical,
        } => {
            let (length, said) = (parts(length, Literal::u64_unsuffixed), on_error(said));
            let (list, statics) = patterns_static(patterns, ident);
            let form = canonical.map(canonical_form);
            (Some(statics), quote!(string(#length, #list) #said #form))
        }
        Type::Binary {
            length,
            on_error: said,
        } => {
            let (length, said) = (parts(length, Literal::u64_unsuffixed), on_error(said));
            (None, quote!(binary(#length) #said))
        }
        Type::Boolean => (None, quote!(BOOLEAN)),
        Type::Empty => (None, quote!(EMPTY)),
        Type::InstanceIdentifier { require_instance } => {
            let value = quote!(instance_identifier(#require_instance));
            (None, value)
        }
        Type::Enumeration(_) | Type::Bits(_) | Type::Identityref(_) => values(scope, ty, own),
        Type::Union(members) => {
            let (items, members) = union_members(scope, members, ident, own);
            (Some(items), quote!(Union(&[#(#members),*])))
        }
        Type::LeafRef {
            path,
            require_instance,
            target,
        } => {
            let target = describe_as(scope, target, &scope.inner_ident(ident, "Target"), own);
            let value = leafref(scope, path, *require_instance, &target.reference);
            (Some(target.items), value)
        }
    };
    let mut items = items.unwrap_or_default();
    items.value(&name, "Type", &value);
    Described {
        reference: quote!(&#name),
        items,
    }
}

/// The list of the values of a type that has names for them, as a static, and the type with it.
fn values(scope: &Scope<'_>, ty: &Type, own: &Ident) -> (Option<Statics>, TokenStream) {
    let (variant, entry, entries): (_, _, Vec<TokenStream>) = match ty {
        Type::Enumeration(values) => {
            let entries = values.iter().map(|EnumValue { name, value, .. }| {
                let value = Literal::i32_unsuffixed(*value);
                quote!(new(#name, #value))
            });
            ("Enumeration", "EnumValue", entries.collect())
        }
        Type::Bits(bits) => {
            let entries = bits.iter().map(|Bit { name, position, .. }| {
                let position = Literal::u32_unsuffixed(*position);
                quote!(new(#name, #position))
            });
            ("Bits", "Bit", entries.collect())
        }
        Type::Identityref(identities) => {
            let entries = identities.iter().map(|IdentityValue { identity, .. }| {
                let (module, name) = (scope.module_static(&identity.module), &identity.name);
                let sid = scope.identity_sid(identity).map(Literal::u64_unsuffixed);
                let sid = sid.map(|sid| quote!(.sid(#sid)));
                quote!(new(&#module, #name) #sid)
            });
            ("Identityref", "IdentityValue", entries.collect())
        }
        _ => return (None, TokenStream::new()),
    };
    let variant = format_ident!("{variant}");
    if entries.is_empty() {
        return (None, quote!(#variant(&[])));
    }
    let list = values_static_ident(own);
    let mut items = Statics::default();
    items.values(&list, entry, &entries);
    (Some(items), quote!(#variant(&#list)))
}

/// The descriptions of a union's members, and references to them.
fn union_members(
    scope: &Scope<'_>,
    members: &[TypeUse],
    ident: &Ident,
    own: &Ident,
) -> (Statics, Vec<TokenStream>) {
    let mut items = Statics::default();
    let mut references = Vec::new();
    for (member, variant) in members.iter().zip(union_variants(members)) {
        let variant = variant.to_string();
        let (ident, own) = (
            scope.inner_ident(ident, &variant),
            scope.inner_ident(own, &variant),
        );
        let described = describe_as(scope, member, &ident, &own);
        references.push(described.reference);
        items.extend(described.items);
    }
    (items, references)
}

/// The intervals of a range or length.
fn parts<T: Copy>(parts: &[(T, T)], literal: fn(T) -> Literal) -> TokenStream {
    let parts = parts.iter().map(|&(min, max)| {
        let (min, max) = (literal(min), literal(max));
        quote!((#min, #max))
    });
    quote!(&[#(#parts),*])
}

/// The call that gives a string type its canonical form.
fn canonical_form(form: CanonicalForm) -> TokenStream {
    let form = match form {
        CanonicalForm::DateAndTime => quote!(DateAndTime),
        CanonicalForm::EmailAddress => quote!(EmailAddress),
        CanonicalForm::SmallLetters => quote!(SmallLetters),
        CanonicalForm::Ipv4Prefix => quote!(Ipv4Prefix),
        CanonicalForm::Ipv6Address => quote!(Ipv6Address),
        CanonicalForm::Ipv6AddressAndPrefix => quote!(Ipv6AddressAndPrefix),
        CanonicalForm::Ipv6Prefix => quote!(Ipv6Prefix),
        CanonicalForm::UnknownOffset => quote!(UnknownOffset),
    };
    quote!(.with_canonical(CanonicalForm::#form))
}

fn leafref(
    scope: &Scope<'_>,
    path: &LeafrefPath,
    require_instance: bool,
    target: &TokenStream,
) -> TokenStream {
    let without = if require_instance {
        quote!()
    } else {
        quote!(.without_instance())
    };
    let path = match path {
        LeafrefPath::Plain(path) => path,
        LeafrefPath::Expr { source, expr } => {
            let expr = xpath::reference(scope, expr);
            return quote!(leafref_expr(#source, #expr, #target) #without);
        }
    };
    let steps = path
        .steps
        .iter()
        .map(|step| format!("{}:{}", step.module, step.name));
    match path.ups {
        None => quote!(leafref(&[#(#steps),*], #target) #without),
        Some(ups) => quote!(relative_leafref(#ups, &[#(#steps),*], #target) #without),
    }
}

/// The reference to the patterns of a type, and their static: a pattern holds its automaton, once
/// it is used, so it needs a place of its own.
fn patterns_static(patterns: &[Pattern], ident: &Ident) -> (TokenStream, Statics) {
    let mut items = Statics::default();
    if patterns.is_empty() {
        return (quote!(&[]), items);
    }
    let name = format_ident!("{}_PATTERNS", name::screaming(ident));
    let entries: Vec<TokenStream> = patterns.iter().map(pattern).collect();
    items.values(&name, "Pattern", &entries);
    (quote!(&#name), items)
}
