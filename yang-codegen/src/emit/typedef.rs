//! Typedefs: aliases of types without restrictions, validated newtypes of those with, and enums.

use proc_macro2::{Ident, Literal, TokenStream};
use quote::{format_ident, quote};

use super::docs;
use super::leaf::{self, values_static_ident};
use super::scope::{Scope, type_static_ident};
use crate::model::{Docs, EnumValue, QName, Type, TypeUse, Typedef};
use crate::name::{self, Style};

/// The form that the Rust type of a value has.
#[derive(Clone, Copy)]
pub(super) enum Form {
    /// A built-in type, an enumeration, or an alias of one.
    Plain,
    /// A newtype of a number.
    Number,
    /// A newtype of a string.
    Text,
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
        (
            None,
            Type::String {
                length, patterns, ..
            },
        ) if !(length.is_empty() && patterns.is_empty()) => Form::Text,
        _ => Form::Plain,
    }
}

/// The items of a typedef of the scope's module.
pub(super) fn emit(scope: &Scope<'_>, typedef: &Typedef) -> TokenStream {
    let Typedef { name, ty, .. } = typedef;
    let qualified = QName {
        module: scope.module().name.clone(),
        name: name.clone(),
    };
    let ident = scope.typedef_ident(&qualified);
    let docs = docs::attributes(&typedef.docs, &facts(typedef));
    if leaf::is_date_and_time(&qualified) {
        return emit_date_and_time(scope, ty, &ident, &docs);
    }
    let described = leaf::define(scope, ty, &ident).items;
    let own = match (&ty.typedef, &ty.ty) {
        (None, Type::Int { kind, range }) if !range.is_empty() => {
            emit_number(scope, &docs, &ident, &leaf::integer_type(*kind), name)
        }
        (
            None,
            Type::String {
                length, patterns, ..
            },
        ) if !(length.is_empty() && patterns.is_empty()) => emit_text(scope, &docs, &ident, name),
        (None, Type::Enumeration(values)) => {
            // The list of values comes with the type's own items.
            let items =
                emit_enumeration(scope, &typedef.docs, &facts(typedef), &ident, values, &[]);
            return quote!(#described #items);
        }
        _ => {
            let target = leaf::rust_type(scope, ty, &quote!(#ident));
            quote! {
                #docs
                pub type #ident = #target;
            }
        }
    };
    quote! {
        #own
        #described
    }
}

fn facts(typedef: &Typedef) -> Vec<String> {
    let mut facts = Vec::new();
    if let Some(units) = &typedef.units {
        facts.push(format!("Units: {units}."));
    }
    if let Some(default) = &typedef.default {
        facts.push(format!("Default: `{default}`."));
    }
    facts
}

/// The typedef that the runtime has a type for, with the pattern as the runtime checks it.
fn emit_date_and_time(
    scope: &Scope<'_>,
    ty: &TypeUse,
    ident: &Ident,
    docs: &TokenStream,
) -> TokenStream {
    let runtime = scope.runtime();
    let pattern = match &ty.ty {
        Type::String { patterns, .. } => patterns
            .first()
            .map_or("", |pattern| pattern.regex.as_str()),
        _ => "",
    };
    let described = type_static_ident(ident);
    quote! {
        #docs
        pub type #ident = #runtime::types::DateAndTime;
        static DATE_AND_TIME_PATTERNS: [#runtime::validate::pattern::Pattern; 1] =
            [#runtime::validate::pattern::Pattern::function(#pattern, #runtime::types::DateAndTime::is_valid)];
        #[doc(hidden)]
        pub static #described: #runtime::schema::Type =
            #runtime::schema::Type::String { length: &[], patterns: &DATE_AND_TIME_PATTERNS };
    }
}

fn emit_text(scope: &Scope<'_>, docs: &TokenStream, ident: &Ident, name: &str) -> TokenStream {
    let runtime = scope.runtime();
    let transparent = transparent(&runtime, ident);
    let described = type_static_ident(ident);
    quote! {
        #docs
        #[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord, Hash)]
        pub struct #ident(#runtime::types::CompactString);

        impl #ident {
            /// The value of `text`, if the type takes it.
            pub fn new(text: &str) -> ::core::result::Result<Self, #runtime::types::InvalidValue> {
                match #runtime::decode::check_text(text, &#described) {
                    ::core::result::Result::Ok(()) => {
                        ::core::result::Result::Ok(Self(#runtime::types::CompactString::new(text)))
                    }
                    ::core::result::Result::Err(error) => ::core::result::Result::Err(
                        #runtime::types::InvalidValue::of_type(#name, text, error, &#described),
                    ),
                }
            }

            /// The text.
            #[must_use]
            pub fn as_str(&self) -> &str {
                &self.0
            }
        }

        impl ::core::fmt::Display for #ident {
            fn fmt(&self, f: &mut ::core::fmt::Formatter<'_>) -> ::core::fmt::Result {
                f.write_str(&self.0)
            }
        }

        impl ::core::str::FromStr for #ident {
            type Err = #runtime::types::InvalidValue;

            fn from_str(text: &str) -> ::core::result::Result<Self, Self::Err> {
                Self::new(text)
            }
        }

        #transparent
    }
}

/// What both kinds of newtype hand on to the value in them: reading and viewing.
fn transparent(runtime: &TokenStream, ident: &Ident) -> TokenStream {
    quote! {
        impl #runtime::decode::FromScalar for #ident {
            fn blank() -> Self {
                Self(#runtime::decode::FromScalar::blank())
            }

            #[inline]
            fn from_scalar(
                scalar: &#runtime::decode::Scalar<'_>,
                ty: &'static #runtime::schema::Type,
            ) -> ::core::result::Result<Self, #runtime::decode::ValueError> {
                #runtime::decode::FromScalar::from_scalar(scalar, ty).map(Self)
            }
        }

        impl #runtime::tree::View for #ident {
            fn view(&self) -> #runtime::tree::Value<'_> {
                self.0.view()
            }
        }
    }
}

fn emit_number(
    scope: &Scope<'_>,
    docs: &TokenStream,
    ident: &Ident,
    number: &TokenStream,
    name: &str,
) -> TokenStream {
    let runtime = scope.runtime();
    let transparent = transparent(&runtime, ident);
    let described = type_static_ident(ident);
    quote! {
        #docs
        #[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
        pub struct #ident(#number);

        impl #ident {
            /// The value, if it is in the type's range.
            pub fn new(value: #number) -> ::core::result::Result<Self, #runtime::types::InvalidValue> {
                if #described.in_range(value.into()) {
                    return ::core::result::Result::Ok(Self(value));
                }
                ::core::result::Result::Err(#runtime::types::InvalidValue::of_type(
                    #name,
                    &::std::string::ToString::to_string(&value),
                    #runtime::decode::ValueError::Range,
                    &#described,
                ))
            }

            /// The number.
            #[must_use]
            pub const fn get(self) -> #number {
                self.0
            }
        }

        impl ::core::fmt::Display for #ident {
            fn fmt(&self, f: &mut ::core::fmt::Formatter<'_>) -> ::core::fmt::Result {
                ::core::fmt::Display::fmt(&self.0, f)
            }
        }

        impl ::core::convert::TryFrom<#number> for #ident {
            type Error = #runtime::types::InvalidValue;

            fn try_from(value: #number) -> ::core::result::Result<Self, Self::Error> {
                Self::new(value)
            }
        }

        #transparent
    }
}

/// The enum of an enumeration; the static list of its values comes with its description.
pub(super) fn emit_enumeration(
    scope: &Scope<'_>,
    docs: &Docs,
    facts: &[String],
    ident: &Ident,
    values: &[EnumValue],
    attributes: &[TokenStream],
) -> TokenStream {
    let runtime = scope.runtime();
    let docs = docs::attributes(docs, facts);
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

            fn from_name(name: &str) -> ::core::result::Result<Self, #runtime::decode::ValueError> {
                match name {
                    #(#names => ::core::result::Result::Ok(Self::#variants),)*
                    _ => ::core::result::Result::Err(#runtime::decode::ValueError::Enumeration),
                }
            }
        }

        impl ::core::fmt::Display for #ident {
            fn fmt(&self, f: &mut ::core::fmt::Formatter<'_>) -> ::core::fmt::Result {
                f.write_str(self.as_str())
            }
        }

        impl #runtime::decode::FromScalar for #ident {
            fn blank() -> Self {
                #first
            }

            #[inline]
            fn from_scalar(
                scalar: &#runtime::decode::Scalar<'_>,
                _: &'static #runtime::schema::Type,
            ) -> ::core::result::Result<Self, #runtime::decode::ValueError> {
                Self::from_name(#runtime::decode::enumeration_name(scalar)?)
            }
        }

        impl #runtime::tree::View for #ident {
            fn view(&self) -> #runtime::tree::Value<'_> {
                #runtime::tree::Value::Enumeration(self.entry())
            }
        }
    }
}
