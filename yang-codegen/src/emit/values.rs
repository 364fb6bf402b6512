//! The types that are generated for values: enums of enumerations, identities
//! and unions, sets of bits.

use proc_macro2::{Ident, Literal, TokenStream};
use quote::{format_ident, quote};

use super::describe::values_static_ident;
use super::scope::Scope;
use super::{docs, union};
use crate::model::{Bit, EnumValue, IdentityValue, Type};
use crate::name::{self, Style};

/// Whether a type is one that is generated for its leaf or typedef.
pub(super) fn is_own(ty: &Type) -> bool {
    match ty {
        Type::Enumeration(_) | Type::Bits(_) | Type::Union(_) => true,
        Type::Identityref(values) => !values.is_empty(),
        _ => false,
    }
}

/// The type of its own that a leaf or typedef has; the static list of its values comes with its
/// description.
pub(super) fn emit(
    scope: &Scope<'_>,
    docs: &TokenStream,
    ident: &Ident,
    ty: &Type,
    attributes: &[TokenStream],
) -> TokenStream {
    match ty {
        Type::Enumeration(values) => emit_enumeration(scope, docs, ident, values, attributes),
        Type::Bits(bits) => emit_bits(scope, docs, ident, bits, attributes),
        Type::Union(members) => union::emit(scope, docs, ident, members, attributes),
        Type::Identityref(values) => emit_identities(scope, docs, ident, values, attributes),
        _ => TokenStream::new(),
    }
}

/// The enum of an enumeration; the static list of its values comes with its description.
fn emit_enumeration(
    scope: &Scope<'_>,
    docs: &TokenStream,
    ident: &Ident,
    values: &[EnumValue],
    attributes: &[TokenStream],
) -> TokenStream {
    let runtime = scope.runtime();
    let list = values_static_ident(ident);
    let names: Vec<&str> = values.iter().map(|value| value.name.as_str()).collect();
    let variants = name::assign(&names, Style::Variant, &[]);
    let first = variants.first().map(|variant| quote!(Self::#variant));
    let definitions = values.iter().zip(&variants).map(|(value, variant)| {
        let docs = docs::attributes(&value.docs, &[format!("`{}`", value.name)]);
        let number = Literal::i32_unsuffixed(value.value);
        quote!(#docs #variant = #number)
    });
    let indexes: Vec<Literal> = (0..values.len()).map(Literal::usize_unsuffixed).collect();
    let described = format_ident!("entry");
    quote! {
        #docs
        #[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
        #[repr(i32)]
        #(#attributes)*
        pub enum #ident {
            #(#definitions),*
        }

        impl #ident {
            fn #described(self) -> &'static #runtime::schema::EnumValue {
                match self {
                    #(Self::#variants => &#list[#indexes]),*
                }
            }

            /// The name that YANG has for the value.
            #[must_use]
            pub fn as_str(self) -> &'static str {
                self.entry().name
            }

            fn from_name(name: &str) -> ::core::result::Result<Self, #runtime::types::ValueError> {
                match name {
                    #(#names => ::core::result::Result::Ok(Self::#variants),)*
                    _ => ::core::result::Result::Err(#runtime::types::ValueError::Enumeration),
                }
            }
        }

        impl ::core::fmt::Display for #ident {
            fn fmt(&self, f: &mut ::core::fmt::Formatter<'_>) -> ::core::fmt::Result {
                f.write_str(self.as_str())
            }
        }

        impl #runtime::value::FromScalar for #ident {
            fn blank() -> Self {
                #first
            }

            #[inline]
            fn from_scalar(
                scalar: &#runtime::value::Scalar<'_>,
                _: &'static #runtime::schema::Type,
                _: &#runtime::value::Names<'_>,
            ) -> ::core::result::Result<Self, #runtime::types::ValueError> {
                Self::from_name(#runtime::value::enumeration_name(scalar)?)
            }
        }

        impl #runtime::tree::View for #ident {
            fn view(&self) -> #runtime::tree::Value<'_> {
                #runtime::tree::Value::Enumeration(self.entry())
            }
        }
    }
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

fn constants(bits: &[Bit]) -> Vec<Ident> {
    let names: Vec<&str> = bits.iter().map(|bit| bit.name.as_str()).collect();
    name::assign(&names, Style::Constant, &[])
}

/// The set with the bits of these names, as an expression.
pub(super) fn bits_literal(ty: &TokenStream, bits: &[Bit], names: &str) -> TokenStream {
    let is_set = |bit: &Bit| names.split(' ').any(|name| name == bit.name);
    let set = bits.iter().zip(constants(bits));
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
fn emit_bits(
    scope: &Scope<'_>,
    docs: &TokenStream,
    ident: &Ident,
    bits: &[Bit],
    attributes: &[TokenStream],
) -> TokenStream {
    let runtime = scope.runtime();
    let list = values_static_ident(ident);
    let count = Literal::usize_unsuffixed(bits.len().div_ceil(64));
    let set = quote!(#runtime::types::BitSet<#count>);
    let constants = constants(bits);
    let constants = (0..).zip(bits).zip(&constants).map(|((number, bit), constant)| {
        let docs = docs::attributes(&bit.docs, &[format!("`{}`", bit.name)]);
        let words = words(bits.len(), std::iter::once(number));
        quote!(#docs pub const #constant: Self = Self(#runtime::types::BitSet::from_words(#words));)
    });
    let methods = emit_bits_methods(&runtime, &list);
    quote! {
        #docs
        #[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
        #(#attributes)*
        pub struct #ident(#set);

        impl #ident {
            #(#constants)*

            #methods
        }

        /// No bit.
        impl ::core::default::Default for #ident {
            fn default() -> Self {
                Self(#runtime::types::BitSet::EMPTY)
            }
        }

        /// The bits of both.
        impl ::core::ops::BitOr for #ident {
            type Output = Self;

            fn bitor(mut self, other: Self) -> Self {
                self.insert(other);
                self
            }
        }

        /// The names of the bits, in the order of their positions.
        impl ::core::fmt::Display for #ident {
            fn fmt(&self, f: &mut ::core::fmt::Formatter<'_>) -> ::core::fmt::Result {
                ::core::fmt::Display::fmt(&self.0.bits(&#list), f)
            }
        }

        impl #runtime::value::FromScalar for #ident {
            fn blank() -> Self {
                Self::default()
            }

            fn from_scalar(
                scalar: &#runtime::value::Scalar<'_>,
                ty: &'static #runtime::schema::Type,
                names: &#runtime::value::Names<'_>,
            ) -> ::core::result::Result<Self, #runtime::types::ValueError> {
                #runtime::value::FromScalar::from_scalar(scalar, ty, names).map(Self)
            }
        }

        impl #runtime::tree::View for #ident {
            fn view(&self) -> #runtime::tree::Value<'_> {
                #runtime::tree::Value::Bits(self.0.bits(&#list))
            }
        }
    }
}

/// What a set of bits can do.
fn emit_bits_methods(runtime: &TokenStream, list: &Ident) -> TokenStream {
    quote! {
        /// Whether no bit is set.
        #[must_use]
        pub fn is_empty(self) -> bool {
            self.0.is_empty()
        }

        /// Whether all bits of `other` are set.
        #[must_use]
        pub fn contains(self, other: Self) -> bool {
            self.0.contains(&other.0)
        }

        /// Sets the bits of `other`.
        pub fn insert(&mut self, other: Self) {
            self.0.insert(&other.0);
        }

        /// Clears the bits of `other`.
        pub fn remove(&mut self, other: Self) {
            self.0.remove(&other.0);
        }

        /// The bits that are set, in the order of their positions.
        pub fn iter(&self) -> impl ::core::iter::Iterator<Item = &'static #runtime::schema::Bit> + use<'_> {
            self.0.bits(&#list).iter()
        }
    }
}

/// The variants of identities.
pub(super) fn identity_variants(values: &[IdentityValue]) -> Vec<Ident> {
    let names = values.iter().map(|IdentityValue { identity, .. }| identity);
    let names: Vec<(&str, &str)> = names.map(|name| (&*name.module, &*name.name)).collect();
    let names = name::distinct(&names, None);
    let names: Vec<&str> = names.iter().map(String::as_str).collect();
    name::assign(&names, Style::Variant, &[])
}

/// The enum of an identityref's identities.
fn emit_identities(
    scope: &Scope<'_>,
    docs: &TokenStream,
    ident: &Ident,
    values: &[IdentityValue],
    attributes: &[TokenStream],
) -> TokenStream {
    let runtime = scope.runtime();
    let list = values_static_ident(ident);
    let variants = identity_variants(values);
    let first = variants.first().map(|variant| quote!(Self::#variant));
    let qualified: Vec<String> = values
        .iter()
        .map(|IdentityValue { identity, .. }| format!("{}:{}", identity.module, identity.name))
        .collect();
    let names = values.iter().map(|IdentityValue { identity, .. }| {
        let (module, name) = (&identity.module, &identity.name);
        quote!((#module, #name))
    });
    let definitions = values.iter().zip(&variants).zip(&qualified);
    let definitions = definitions.map(|((value, variant), name)| {
        let docs = docs::attributes(&value.docs, &[format!("`{name}`")]);
        quote!(#docs #variant)
    });
    let indexes = (0..values.len()).map(Literal::usize_unsuffixed);
    quote! {
        #docs
        #[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
        #(#attributes)*
        pub enum #ident {
            #(#definitions),*
        }

        impl #ident {
            /// The identity's name with that of its module, `module:name`.
            #[must_use]
            pub const fn as_str(self) -> &'static str {
                match self {
                    #(Self::#variants => #qualified),*
                }
            }
        }

        impl ::core::fmt::Display for #ident {
            fn fmt(&self, f: &mut ::core::fmt::Formatter<'_>) -> ::core::fmt::Result {
                f.write_str(self.as_str())
            }
        }

        impl #runtime::value::FromScalar for #ident {
            const NAMES: bool = true;

            fn blank() -> Self {
                #first
            }

            fn from_scalar(
                scalar: &#runtime::value::Scalar<'_>,
                _: &'static #runtime::schema::Type,
                names: &#runtime::value::Names<'_>,
            ) -> ::core::result::Result<Self, #runtime::types::ValueError> {
                match #runtime::value::identity_name(scalar, names)? {
                    #(#names => ::core::result::Result::Ok(Self::#variants),)*
                    _ => ::core::result::Result::Err(#runtime::types::ValueError::Lexical),
                }
            }
        }

        impl #runtime::tree::View for #ident {
            fn view(&self) -> #runtime::tree::Value<'_> {
                #runtime::tree::Value::Identityref(match self {
                    #(Self::#variants => &#list[#indexes]),*
                })
            }
        }
    }
}
