//! Typedefs: aliases of types without restrictions, validated newtypes of those with, and types of
//! their own.

use std::iter;

use proc_macro2::{Ident, TokenStream};
use quote::{format_ident, quote};

use super::form::has_own_type;
use super::items::{Call, Items, Statics};
use super::scope::{Scope, type_static_ident};
use super::{describe, docs, leaf, source, values};
use crate::model::{Pattern, QName, Type, TypeUse, Typedef};

/// The items of a typedef of the scope's module.
pub(super) fn emit(scope: &Scope<'_>, typedef: &Typedef) -> Items {
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
    let attributes = if has_own_type(ty) {
        let path = format!("{}:{name}", qualified.module);
        scope.settings().type_attributes(&path)
    } else {
        Vec::new()
    };
    let (call, number) = match (&ty.typedef, &ty.ty) {
        (None, Type::Int { kind, range, .. }) if !range.is_empty() => {
            ("number", Some(leaf::integer_type(*kind)))
        }
        (
            None,
            Type::Decimal64 {
                fraction_digits,
                range,
                ..
            },
        ) if !range.is_empty() => ("number", Some(leaf::decimal_type(scope, *fraction_digits))),
        (
            None,
            Type::String {
                length, patterns, ..
            },
        ) if !(length.is_empty() && patterns.is_empty()) => ("text", None),
        (None, Type::Binary { length, .. }) if !length.is_empty() => ("octets", None),
        _ => {
            let mut items = emit_own_or_alias(scope, &docs, (&ident, name), ty, &attributes);
            items.statics.extend(described);
            return items;
        }
    };
    let inner = match call {
        "text" => scope.runtime_type("CompactString"),
        "octets" => scope.runtime_type("Binary"),
        _ => quote!(#number),
    };
    let copy = number.as_ref().map(|_| quote!(Copy,));
    let types = quote! {
        #docs
        #[derive(Debug, Clone, #copy PartialEq, Eq, PartialOrd, Ord, Hash)]
        #(#attributes)*
        pub struct #ident(#inner);
    };
    let held = number.map_or_else(String::new, |number| format!(" {},", source(&number)));
    let line = format!("{ident},{held} {name:?}, &{}", type_static_ident(&ident));
    Items {
        types,
        statics: described,
        calls: vec![Call::new(call, vec![line])],
    }
}

/// The type itself of values that need one, also if a leafref leads to it; else an alias.
fn emit_own_or_alias(
    scope: &Scope<'_>,
    docs: &TokenStream,
    (ident, name): (&Ident, &str),
    ty: &TypeUse,
    attributes: &[TokenStream],
) -> Items {
    if let Some(own) = leaf::inline_type(ty) {
        return values::emit(scope, docs, (ident, name), own, attributes);
    }
    let target = leaf::rust_type(scope, ty, &quote!(#ident));
    Items {
        types: quote! {
            #docs
            pub type #ident = #target;
        },
        ..Items::default()
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
fn emit_date_and_time(scope: &Scope<'_>, ty: &TypeUse, ident: &Ident, docs: &TokenStream) -> Items {
    let runtime = scope.runtime();
    let pattern = match &ty.ty {
        Type::String { patterns, .. } => patterns.first(),
        _ => None,
    };
    let source = pattern.map_or("", |pattern| pattern.regex.as_str());
    // What later revisions restrict beyond that.
    let own = pattern
        .filter(|_| source != DATE_AND_TIME)
        .map(|Pattern { translated, .. }| quote!(new(#source, #translated)));
    let described = type_static_ident(ident);
    let alias = scope.runtime_type("DateAndTime");
    let types = quote! {
        #docs
        pub type #ident = #alias;
    };
    let mut statics = Statics::default();
    let name = format_ident!("DATE_AND_TIME_PATTERNS");
    let function = quote!(function(#source, #runtime::types::DateAndTime::is_valid));
    let patterns: Vec<TokenStream> = iter::once(function).chain(own).collect();
    statics.values(&name, "Pattern", &patterns);
    statics.value(&described, "Type", &quote!(string(&[], &#name)));
    Items {
        types,
        statics,
        calls: Vec::new(),
    }
}
