//! The types that are generated for values: enums of enumerations, identities
//! and unions, sets of bits.

use proc_macro2::{Ident, Literal, Span, TokenStream};
use quote::quote;

use super::idents::{bit_constants, identity_variants, values_static_ident};
use super::items::{Call, Items, fill, separated};
use super::scope::Scope;
use super::{docs, union};
use crate::model::{Bit, EnumValue, IdentityValue, QName, Type};
use crate::name::{self, Style};

/// The type of its own that a leaf or typedef has; the static list of its values comes with its
/// description. `name` is that of the leaf or typedef, for messages.
pub(super) fn emit(
    scope: &Scope<'_>,
    docs: &TokenStream,
    (ident, name): (&Ident, &str),
    ty: &Type,
    attributes: &[TokenStream],
) -> Items {
    let attributes = quote!(#(#attributes)*);
    if let Type::Identityref(values) = ty {
        let head = quote! {
            #docs
            #[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord, Hash)]
            #[non_exhaustive]
            #attributes
        };
        return emit_identities(scope, &head, (ident, name), values);
    }
    let head = quote!(#docs #[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]);
    match ty {
        Type::Enumeration(values) => {
            let head = quote!(#head #[repr(i32)] #attributes);
            emit_enumeration(scope, &head, (ident, name), values)
        }
        Type::Bits(bits) => emit_bits(scope, &quote!(#head #attributes), ident, bits),
        Type::Union(members) => union::emit(scope, docs, (ident, name), members, &attributes),
        _ => Items::default(),
    }
}

/// The way from where macros are called to a type and to the list of its values.
fn paths(scope: &Scope<'_>, ident: &Ident) -> (String, String) {
    let (way, list) = (scope.rust_path(), values_static_ident(ident));
    (format!("{way}{ident}"), format!("{way}{list}"))
}

/// An enum whose values have names, with the call for it.
fn named(
    scope: &Scope<'_>,
    head: &TokenStream,
    (ident, name): (&Ident, &str),
    variants: impl Iterator<Item = TokenStream>,
    (call, more, entries): (&'static str, &str, impl Iterator<Item = String>),
) -> Items {
    let (path, list) = paths(scope, ident);
    let mut lines = vec![format!("{path}, {name:?}, {list}{more};")];
    let entries: Vec<String> = entries.collect();
    lines.extend(fill(separated(&entries)));
    Items {
        types: quote! {
            #head
            pub enum #ident {
                #(#variants),*
            }
        },
        calls: vec![Call::new(call, lines)],
        ..Items::default()
    }
}

/// The enum of an enumeration.
fn emit_enumeration(
    scope: &Scope<'_>,
    head: &TokenStream,
    names: (&Ident, &str),
    values: &[EnumValue],
) -> Items {
    let texts: Vec<&str> = values.iter().map(|value| value.name.as_str()).collect();
    let idents = name::assign(&texts, Style::Variant, &[]);
    let variants = values.iter().zip(&idents).map(|(value, variant)| {
        let docs = docs::attributes(&value.docs, &[format!("`{}`", value.name)]);
        let number = Literal::i32_unsuffixed(value.value);
        quote!(#docs #variant = #number)
    });
    let entries = (0..).zip(&idents).zip(&texts);
    let entries = entries.map(|((at, variant), text): ((usize, _), _)| {
        format!("{at} {variant} {}", Literal::string(text))
    });
    named(scope, head, names, variants, ("enumeration", "", entries))
}

/// The words of the set of the bits with these numbers, of so many.
fn words(count: usize, numbers: impl Iterator<Item = usize>) -> TokenStream {
    let mut words = vec![0u64; count.div_ceil(64)];
    for number in numbers {
        if let Some(word) = words.get_mut(number / 64) {
            *word |= 1 << (number % 64);
        }
    }
    let words = words.into_iter().map(Literal::u64_unsuffixed);
    quote!([#(#words),*])
}

/// The set with the bits of these names, as an expression.
pub(super) fn bits_literal(ty: &TokenStream, bits: &[Bit], names: &str) -> TokenStream {
    let is_set = |bit: &Bit| names.split(' ').any(|name| name == bit.name);
    let set = bits.iter().zip(bit_constants(bits));
    let set: Vec<Ident> = set
        .filter(|(bit, _)| is_set(bit))
        .map(|(_, constant)| constant)
        .collect();
    if set.is_empty() {
        return quote!(#ty::default());
    }
    quote!(#(#ty::#set)|*)
}

/// The set of bits, each a constant that can be joined to others.
fn emit_bits(scope: &Scope<'_>, head: &TokenStream, ident: &Ident, bits: &[Bit]) -> Items {
    let count = Literal::usize_unsuffixed(bits.len().div_ceil(64));
    let (set, visible) = (scope.runtime_type("BitSet"), scope.visible_to_calls());
    let constants = bit_constants(bits);
    let constants = (0..)
        .zip(bits)
        .zip(&constants)
        .map(|((number, bit), constant)| {
            let docs = docs::attributes(&bit.docs, &[format!("`{}`", bit.name)]);
            let words = words(bits.len(), std::iter::once(number));
            quote!(#docs pub const #constant: Self = Self(#set::from_words(#words));)
        });
    let types = quote! {
        #head
        pub struct #ident(#visible #set<#count>);

        impl #ident {
            #(#constants)*
        }
    };
    let (path, list) = paths(scope, ident);
    Items {
        types,
        calls: vec![Call::new("bits", vec![format!("{path}, {list}")])],
        ..Items::default()
    }
}

/// The variant of an identity that the compiled modules do not have. An identity that would be
/// called so keeps its name.
fn unknown_variant(identities: &[Ident]) -> Ident {
    let mut name = "UnknownIdentity".to_owned();
    while identities.iter().any(|ident| *ident == name) {
        name.push('_');
    }
    Ident::new(&name, Span::call_site())
}

/// The enum of an identityref's identities.
fn emit_identities(
    scope: &Scope<'_>,
    head: &TokenStream,
    names: (&Ident, &str),
    values: &[IdentityValue],
) -> Items {
    let idents = identity_variants(values);
    let unknown = unknown_variant(&idents);
    let text = scope.runtime_type("CompactString");
    let variants = values.iter().zip(&idents).map(|(value, variant)| {
        let QName { module, name } = &value.identity;
        let docs = docs::attributes(&value.docs, &[format!("`{module}:{name}`")]);
        quote!(#docs #variant)
    });
    let variants = variants.chain([quote! {
        /// Any other, as `module:name`, never one of those above. Strict decoding gives none.
        #unknown(#text)
    }]);
    let entries = (0..).zip(values).zip(&idents);
    let entries = entries.map(|((at, value), variant): ((usize, _), _)| {
        let QName { module, name } = &value.identity;
        format!("{at} {variant} {module:?} {name:?}")
    });
    let more = format!(", {unknown}");
    named(scope, head, names, variants, ("identities", &more, entries))
}
