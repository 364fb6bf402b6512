//! Methods that give the default of an absent leaf (RFC 7950 section 7.6.1).

use base64::Engine as _;
use base64::engine::general_purpose::STANDARD;
use proc_macro2::{Ident, Literal, TokenStream};
use quote::{format_ident, quote};

use super::form::{Form, form};
use super::idents::identity_variants;
use super::scope::Scope;
use super::{source, values};
use crate::model::{IdentityValue, Node, NodeKind, Type, TypeUse};
use crate::name::{self, Style};

/// A default as Rust has it.
struct Answer {
    /// The type of the function's result.
    result: TokenStream,
    value: TokenStream,
    /// The way the runtime's macro gets the same from a value that is present.
    held: &'static str,
}

/// The line of a call for the method of a leaf with the Rust type `ty`, which is seen from where
/// macros are called, as `calls` is.
///
/// There is none for date-and-time, unions and instance-identifiers.
pub(super) fn line(calls: &Scope<'_>, node: &Node, field: &Ident, ty: &str) -> Option<String> {
    let NodeKind::Leaf {
        default: Some(default),
        ty: use_of_type,
        ..
    } = &node.kind
    else {
        return None;
    };
    let own: TokenStream = ty.parse().ok()?;
    let Answer {
        result,
        value,
        held,
    } = answer(calls, use_of_type, default, &own)?;
    let held = match form(calls, use_of_type) {
        Form::Plain | Form::Text => held,
        Form::Number => "number",
        Form::Octets => "octets",
        Form::DateAndTime => return None,
    };
    let (plain, result, value) = (name::unkeyword(field), source(&result), source(&value));
    Some(format!(
        "default {plain}_or_default({held} {field}) -> {result} = {value};"
    ))
}

/// `own` is the path of the type that was generated for the values.
fn answer(scope: &Scope<'_>, ty: &TypeUse, default: &str, own: &TokenStream) -> Option<Answer> {
    let copy = |result, value| Answer {
        result,
        value,
        held: "value",
    };
    let lent = |result, value| Answer {
        result,
        value,
        held: "deref",
    };
    Some(match &ty.ty {
        Type::Int { kind, .. } => {
            let number: Literal = default.parse().ok()?;
            copy(super::leaf::integer_type(*kind), quote!(#number))
        }
        Type::Boolean => {
            let ident = format_ident!("{}", if default == "true" { "true" } else { "false" });
            copy(quote!(bool), quote!(#ident))
        }
        Type::Decimal64 {
            fraction_digits, ..
        } => {
            let runtime = scope.runtime();
            let number = Literal::i64_unsuffixed(unscaled(default, *fraction_digits)?);
            let number = quote!(#runtime::types::Decimal64::from_unscaled(#number));
            copy(super::leaf::decimal_type(scope, *fraction_digits), number)
        }
        Type::String { .. } => lent(quote!(&str), quote!(#default)),
        Type::Binary { .. } => {
            let octets = STANDARD
                .decode(default)
                .ok()?
                .into_iter()
                .map(Literal::u8_unsuffixed);
            lent(quote!(&[u8]), quote!(&[#(#octets),*]))
        }
        Type::Enumeration(values) => {
            let names: Vec<&str> = values.iter().map(|value| value.name.as_str()).collect();
            let at = names.iter().position(|name| *name == default)?;
            let variant = name::assign(&names, Style::Variant, &[])
                .into_iter()
                .nth(at)?;
            copy(own.clone(), quote!(#own::#variant))
        }
        Type::Bits(bits) => copy(own.clone(), values::bits_literal(own, bits, default)),
        Type::Identityref(identities) => {
            let at = identities
                .iter()
                .position(|IdentityValue { identity, .. }| {
                    default.split_once(':') == Some((&identity.module, &identity.name))
                })?;
            let variant = identity_variants(identities).into_iter().nth(at)?;
            copy(own.clone(), quote!(#own::#variant))
        }
        Type::LeafRef { target, .. } => answer(scope, target, default, own)?,
        // RFC 7950 section 9.11.3 has none for empty; what a union's or an instance-identifier's
        // means is known only when it is read.
        Type::Empty | Type::Union(_) | Type::InstanceIdentifier { .. } => return None,
    })
}

/// A decimal number in canonical form without its point.
fn unscaled(text: &str, fraction_digits: u8) -> Option<i64> {
    let (whole, fraction) = text.split_once('.')?;
    let width = usize::from(fraction_digits);
    format!("{whole}{fraction:0<width$}").parse().ok()
}
