//! Typedefs: aliases of types without restrictions, validated newtypes of those with, and types of
//! their own.

use proc_macro2::{Ident, Literal, TokenStream};
use quote::quote;

use super::scope::{Scope, type_static_ident};
use super::{describe, docs, leaf, values};
use crate::model::{Pattern, QName, Type, TypeUse, Typedef};

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

/// The items of a typedef of the scope's module.
pub(super) fn emit(scope: &Scope<'_>, typedef: &Typedef) -> TokenStream {
    let Typedef { name, ty, .. } = typedef;
    let qualified = QName {
        module: scope.module_name().unwrap_or_default().to_owned(),
        name: name.clone(),
    };
    let ident = scope.typedef_ident(&qualified);
    let docs = docs::attributes(&typedef.docs, &facts(typedef));
    if leaf::is_date_and_time(&qualified) {
        return emit_date_and_time(scope, ty, &ident, &docs);
    }
    let described = describe::define(scope, ty, &ident).items;
    let own = match (&ty.typedef, &ty.ty) {
        (None, Type::Int { kind, range, .. }) if !range.is_empty() => {
            let (number, plain) = (leaf::integer_type(*kind), quote!(value));
            emit_number(scope, &docs, &ident, (&number, &plain), name)
        }
        (
            None,
            Type::Decimal64 {
                fraction_digits,
                range,
                ..
            },
        ) if !range.is_empty() => {
            let number = leaf::decimal_type(scope, *fraction_digits);
            emit_number(
                scope,
                &docs,
                &ident,
                (&number, &quote!(value.unscaled())),
                name,
            )
        }
        (
            None,
            Type::String {
                length, patterns, ..
            },
        ) if !(length.is_empty() && patterns.is_empty()) => emit_text(scope, &docs, &ident, name),
        (None, Type::Binary { length, .. }) if !length.is_empty() => {
            emit_octets(scope, &docs, &ident, name)
        }
        _ => emit_own_or_alias(scope, &docs, &ident, ty),
    };
    quote! {
        #own
        #described
    }
}

/// The type itself of values that need one, also if a leafref leads to it; else an alias.
fn emit_own_or_alias(
    scope: &Scope<'_>,
    docs: &TokenStream,
    ident: &Ident,
    ty: &TypeUse,
) -> TokenStream {
    if let Some(own) = leaf::inline_type(ty) {
        return values::emit(scope, docs, ident, own, &[]);
    }
    let target = leaf::rust_type(scope, ty, &quote!(#ident));
    quote! {
        #docs
        pub type #ident = #target;
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

/// The pattern of RFC 6991 for times, all of which the runtime checks itself.
const DATE_AND_TIME: &str = r"\d{4}-\d{2}-\d{2}T\d{2}:\d{2}:\d{2}(\.\d+)?(Z|[\+\-]\d{2}:\d{2})";

/// The typedef that the runtime has a type for, with the pattern as the runtime checks it.
fn emit_date_and_time(
    scope: &Scope<'_>,
    ty: &TypeUse,
    ident: &Ident,
    docs: &TokenStream,
) -> TokenStream {
    let runtime = scope.runtime();
    let pattern = match &ty.ty {
        Type::String { patterns, .. } => patterns.first(),
        _ => None,
    };
    let source = pattern.map_or("", |pattern| pattern.regex.as_str());
    // What later revisions restrict beyond that.
    let own = pattern.filter(|_| source != DATE_AND_TIME).map(
        |Pattern { translated, .. }| quote!(#runtime::schema::Pattern::new(#source, #translated)),
    );
    let count = Literal::usize_unsuffixed(1 + usize::from(own.is_some()));
    let described = type_static_ident(ident);
    quote! {
        #docs
        pub type #ident = #runtime::types::DateAndTime;
        static DATE_AND_TIME_PATTERNS: [#runtime::schema::Pattern; #count] = [
            #runtime::schema::Pattern::function(#source, #runtime::types::DateAndTime::is_valid),
            #own
        ];
        #[doc(hidden)]
        pub static #described: #runtime::schema::Type =
            #runtime::schema::Type::string(&[], &DATE_AND_TIME_PATTERNS);
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
            /// The value of `text`, in its canonical form, if the type takes it.
            pub fn new(text: &str) -> ::core::result::Result<Self, #runtime::types::InvalidValue> {
                match #runtime::value::canonical_text(text, &#described) {
                    ::core::result::Result::Ok(text) => ::core::result::Result::Ok(Self(text)),
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

/// What all kinds of newtype hand on to the value in them: reading and viewing.
fn transparent(runtime: &TokenStream, ident: &Ident) -> TokenStream {
    quote! {
        impl #runtime::value::FromScalar for #ident {
            fn blank() -> Self {
                Self(#runtime::value::FromScalar::blank())
            }

            #[inline]
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
                self.0.view()
            }
        }
    }
}

fn emit_octets(scope: &Scope<'_>, docs: &TokenStream, ident: &Ident, name: &str) -> TokenStream {
    let runtime = scope.runtime();
    let transparent = transparent(&runtime, ident);
    let described = type_static_ident(ident);
    quote! {
        #docs
        #[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord, Hash)]
        pub struct #ident(#runtime::types::Binary);

        impl #ident {
            /// The octets, if the type takes so many.
            pub fn new(
                octets: impl ::core::convert::Into<#runtime::types::Binary>,
            ) -> ::core::result::Result<Self, #runtime::types::InvalidValue> {
                let octets = octets.into();
                match #runtime::types::check_octets(&octets, &#described) {
                    ::core::result::Result::Ok(()) => ::core::result::Result::Ok(Self(octets)),
                    ::core::result::Result::Err(error) => ::core::result::Result::Err(
                        #runtime::types::InvalidValue::of_type(
                            #name,
                            &::std::string::ToString::to_string(&octets),
                            error,
                            &#described,
                        ),
                    ),
                }
            }

            /// The octets.
            #[must_use]
            pub fn as_bytes(&self) -> &[u8] {
                &self.0
            }
        }

        impl ::core::fmt::Display for #ident {
            fn fmt(&self, f: &mut ::core::fmt::Formatter<'_>) -> ::core::fmt::Result {
                ::core::fmt::Display::fmt(&self.0, f)
            }
        }

        #transparent
    }
}

/// A newtype of a number: its type, and the expression that `in_range` takes of a `value`.
fn emit_number(
    scope: &Scope<'_>,
    docs: &TokenStream,
    ident: &Ident,
    (number, plain): (&TokenStream, &TokenStream),
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
                if #described.in_range(#plain.into()) {
                    return ::core::result::Result::Ok(Self(value));
                }
                ::core::result::Result::Err(#runtime::types::InvalidValue::of_type(
                    #name,
                    &::std::string::ToString::to_string(&value),
                    #runtime::types::ValueError::Range,
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
