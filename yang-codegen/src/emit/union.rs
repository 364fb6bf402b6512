//! Unions as enums with a variant for each member (RFC 7950 section 9.12).

use std::collections::BTreeMap;

use proc_macro2::{Ident, TokenStream};
use quote::quote;

use super::scope::Scope;
use super::{docs, leaf, values};
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
    ident: &Ident,
    members: &[TypeUse],
    attributes: &[TokenStream],
) -> TokenStream {
    let runtime = scope.runtime();
    let variants = variants(members);
    let mut types = Vec::new();
    let mut own_types = TokenStream::new();
    for (member, variant) in members.iter().zip(&variants) {
        let own = scope.inner_ident(ident, &variant.to_string());
        types.push(leaf::rust_type(scope, member, &quote!(#own)));
        if let Some(ty) = leaf::inline_type(member) {
            let docs = docs::lines(&format!("Values of a member of the union [`{ident}`]."));
            own_types.extend(values::emit(scope, &docs, &own, ty, &[]));
        }
    }
    let first = variants.first();
    let instances = members.iter().any(leaf::requires_instance).then(|| {
        quote!(
            const INSTANCES: bool = true;
        )
    });
    quote! {
        #docs
        #[derive(Debug, Clone, PartialEq, Eq, Hash)]
        #(#attributes)*
        pub enum #ident {
            #(#variants(#types)),*
        }

        impl ::core::fmt::Display for #ident {
            fn fmt(&self, f: &mut ::core::fmt::Formatter<'_>) -> ::core::fmt::Result {
                ::core::fmt::Display::fmt(&#runtime::tree::View::view(self), f)
            }
        }

        impl #runtime::value::FromScalar for #ident {
            const NAMES: bool = #(<#types as #runtime::value::FromScalar>::NAMES)||*;
            #instances

            fn blank() -> Self {
                Self::#first(#runtime::value::FromScalar::blank())
            }

            fn from_scalar(
                scalar: &#runtime::value::Scalar<'_>,
                ty: &'static #runtime::schema::Type,
                names: &#runtime::value::Names<'_>,
            ) -> ::core::result::Result<Self, #runtime::types::ValueError> {
                let mut members = #runtime::value::Members::new(ty);
                #(
                    if let ::core::option::Option::Some(value) = members.read(scalar, names) {
                        return ::core::result::Result::Ok(Self::#variants(value));
                    }
                )*
                ::core::result::Result::Err(members.error())
            }
        }

        impl #runtime::tree::View for #ident {
            fn view(&self) -> #runtime::tree::Value<'_> {
                match self {
                    #(Self::#variants(value) => #runtime::tree::View::view(value)),*
                }
            }
        }

        #own_types
    }
}
