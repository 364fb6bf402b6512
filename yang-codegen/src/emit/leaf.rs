//! The Rust types of leafs, and the statics that describe their YANG types.

use proc_macro2::{Ident, Literal, TokenStream};
use quote::{format_ident, quote};

use super::scope::{Scope, type_static_ident};
use super::values;
use crate::model::{
    Bit, EnumValue, IdentityValue, IntKind, LeafPath, Node, Pattern, QName, Type, TypeUse,
};
use crate::name;

/// The typedef that the runtime has a type for.
pub(super) fn is_date_and_time(name: &QName) -> bool {
    name.module == "ietf-yang-types" && name.name == "date-and-time"
}

/// The Rust type of a value. `inline` is the path of the type that was generated for the node
/// itself, if its YANG type needs one.
pub(super) fn rust_type(scope: &Scope<'_>, ty: &TypeUse, inline: &TokenStream) -> TokenStream {
    let runtime = scope.runtime();
    match (&ty.typedef, &ty.ty) {
        (Some(name), _) => scope.typedef(name),
        (None, Type::Int { kind, .. }) => integer_type(*kind),
        (None, Type::Boolean) => quote!(bool),
        (None, Type::String { .. }) => quote!(#runtime::types::CompactString),
        (
            None,
            Type::Decimal64 {
                fraction_digits, ..
            },
        ) => decimal_type(scope, *fraction_digits),
        (None, Type::Binary { .. }) => quote!(#runtime::types::Binary),
        (None, Type::Empty) => quote!(#runtime::types::Empty),
        (None, Type::Identityref(identities)) if identities.is_empty() => {
            quote!(#runtime::types::NoIdentity)
        }
        (None, Type::Enumeration(_) | Type::Bits(_) | Type::Identityref(_)) => inline.clone(),
        (None, Type::LeafRef { target, .. }) => rust_type(scope, target, inline),
    }
}

/// The type that has to be generated for a leaf itself.
pub(super) fn inline_type(ty: &TypeUse) -> Option<&Type> {
    match (&ty.typedef, &ty.ty) {
        (None, own) if values::is_own(own) => Some(own),
        (None, Type::LeafRef { target, .. }) => inline_type(target),
        _ => None,
    }
}

pub(super) fn decimal_type(scope: &Scope<'_>, fraction_digits: u8) -> TokenStream {
    let runtime = scope.runtime();
    let digits = Literal::u8_unsuffixed(fraction_digits);
    quote!(#runtime::types::Decimal64<#digits>)
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

/// How a type is described: a reference to a static, and the statics to emit for it.
pub(super) struct Described {
    pub(super) reference: TokenStream,
    pub(super) items: TokenStream,
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
            items: TokenStream::new(),
        };
    }
    let runtime = scope.runtime();
    let built_in = |constant: Ident| Described {
        reference: quote!(&#runtime::schema::Type::#constant),
        items: TokenStream::new(),
    };
    match &ty.ty {
        Type::Int { kind, range } if range.is_empty() => built_in(integer_kind(*kind).1),
        Type::Boolean => built_in(format_ident!("BOOLEAN")),
        Type::Empty => built_in(format_ident!("EMPTY")),
        Type::Binary { length } if length.is_empty() => built_in(format_ident!("BINARY")),
        Type::String {
            length, patterns, ..
        } if length.is_empty() && patterns.is_empty() => built_in(format_ident!("STRING")),
        _ => define_as(scope, ty, ident, own),
    }
}

/// As [`describe`], with a static of its own in any case.
pub(super) fn define(scope: &Scope<'_>, ty: &TypeUse, ident: &Ident) -> Described {
    define_as(scope, ty, ident, ident)
}

fn define_as(scope: &Scope<'_>, ty: &TypeUse, ident: &Ident, own: &Ident) -> Described {
    let runtime = scope.runtime();
    let name = type_static_ident(ident);
    let mut items = TokenStream::new();
    let value = match (&ty.typedef, &ty.ty) {
        (None, Type::Int { kind, range }) => {
            let (variant, _) = integer_kind(*kind);
            let parts = range.iter().map(|&(min, max)| {
                let (min, max) = (Literal::i128_unsuffixed(min), Literal::i128_unsuffixed(max));
                quote!((#min, #max))
            });
            quote!(Integer { kind: #runtime::schema::Integer::#variant, range: &[#(#parts),*] })
        }
        (
            None,
            Type::String {
                length, patterns, ..
            },
        ) => {
            let length = length_parts(length);
            let (list, statics) = patterns_static(scope, patterns, ident);
            items = statics;
            quote!(String { length: #length, patterns: #list })
        }
        (None, Type::Binary { length }) => {
            let length = length_parts(length);
            quote!(Binary { length: #length })
        }
        (
            None,
            Type::Decimal64 {
                fraction_digits,
                range,
            },
        ) => {
            let digits = Literal::u8_unsuffixed(*fraction_digits);
            let parts = range.iter().map(|&(min, max)| {
                let (min, max) = (Literal::i64_unsuffixed(min), Literal::i64_unsuffixed(max));
                quote!((#min, #max))
            });
            quote!(Decimal64 { fraction_digits: #digits, range: &[#(#parts),*] })
        }
        (None, Type::Identityref(identities)) if identities.is_empty() => {
            quote!(Identityref(&[]))
        }
        (None, Type::Identityref(identities)) => {
            let list = values_static_ident(own);
            let entries = identities.iter().map(|IdentityValue { identity, .. }| {
                let (module, name) = (scope.module_static(&identity.module), &identity.name);
                quote!(#runtime::schema::IdentityValue { module: &#module, name: #name })
            });
            let count = identities.len();
            items = quote! {
                static #list: [#runtime::schema::IdentityValue; #count] = [#(#entries),*];
            };
            quote!(Identityref(&#list))
        }
        (None, Type::Bits(bits)) => {
            let list = values_static_ident(own);
            let entries = bits.iter().map(|Bit { name, position, .. }| {
                let position = Literal::u32_unsuffixed(*position);
                quote!(#runtime::schema::Bit { name: #name, position: #position })
            });
            let count = bits.len();
            items = quote! {
                static #list: [#runtime::schema::Bit; #count] = [#(#entries),*];
            };
            quote!(Bits(&#list))
        }
        (None, Type::Enumeration(values)) => {
            let list = values_static_ident(own);
            let entries = values.iter().map(|EnumValue { name, value, .. }| {
                let value = Literal::i32_unsuffixed(*value);
                quote!(#runtime::schema::EnumValue { name: #name, value: #value })
            });
            let count = values.len();
            items = quote! {
                static #list: [#runtime::schema::EnumValue; #count] = [#(#entries),*];
            };
            quote!(Enumeration(&#list))
        }
        (
            None,
            Type::LeafRef {
                path,
                require_instance,
                target,
            },
        ) => {
            let target = describe_as(scope, target, &format_ident!("{ident}Target"), own);
            items = target.items;
            leafref(path, *require_instance, &target.reference)
        }
        // A name for what has one: the same description again.
        (_, Type::Boolean) => quote!(BOOLEAN),
        (_, Type::Empty) => quote!(EMPTY),
        (Some(_), _) => {
            let unnamed = TypeUse {
                ty: ty.ty.clone(),
                typedef: None,
            };
            return define_as(scope, &unnamed, ident, own);
        }
    };
    Described {
        reference: quote!(&#name),
        items: quote! {
            #items
            #[doc(hidden)]
            pub static #name: #runtime::schema::Type = #runtime::schema::Type::#value;
        },
    }
}

fn length_parts(length: &[(u64, u64)]) -> TokenStream {
    let parts = length.iter().map(|&(min, max)| {
        let (min, max) = (Literal::u64_unsuffixed(min), Literal::u64_unsuffixed(max));
        quote!((#min, #max))
    });
    quote!(&[#(#parts),*])
}

/// The static list of an enumeration's values or of bits.
pub(super) fn values_static_ident(ident: &Ident) -> Ident {
    format_ident!("{}_VALUES", name::screaming(ident))
}

fn leafref(path: &LeafPath, require_instance: bool, target: &TokenStream) -> TokenStream {
    let steps = path
        .steps
        .iter()
        .map(|step| format!("{}:{}", step.module, step.name));
    let without = if require_instance {
        quote!()
    } else {
        quote!(.without_instance())
    };
    match path.ups {
        None => quote!(leafref(&[#(#steps),*], #target) #without),
        Some(ups) => quote!(relative_leafref(#ups, &[#(#steps),*], #target) #without),
    }
}

/// The reference to the patterns of a type, and their static: a pattern holds its automaton, once
/// it is used, so it needs a place of its own.
fn patterns_static(
    scope: &Scope<'_>,
    patterns: &[Pattern],
    ident: &Ident,
) -> (TokenStream, TokenStream) {
    if patterns.is_empty() {
        return (quote!(&[]), quote!());
    }
    let runtime = scope.runtime();
    let name = format_ident!("{}_PATTERNS", name::screaming(ident));
    let entries = patterns.iter().map(|pattern| {
        let source = &pattern.regex;
        let regex = &pattern.translated;
        let inverted = if pattern.inverted {
            quote!(.inverted())
        } else {
            quote!()
        };
        let message = pattern
            .error_message
            .as_ref()
            .map(|text| quote!(.with_message(#text)));
        quote!(#runtime::validate::pattern::Pattern::new(#source, #regex) #inverted #message)
    });
    let count = entries.len();
    let items = quote! {
        static #name: [#runtime::validate::pattern::Pattern; #count] = [#(#entries),*];
    };
    (quote!(&#name), items)
}

/// Whether instances of the leaf must have an instance elsewhere.
pub(super) fn has_constraint(node: &Node, ty: &TypeUse, leaf_list: bool) -> bool {
    matches!(
        ty.ty,
        Type::LeafRef {
            require_instance: true,
            ..
        }
    ) || (leaf_list && node.config)
}
