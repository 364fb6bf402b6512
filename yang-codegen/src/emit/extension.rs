//! Extensions, and the annotations that they define.

use proc_macro2::TokenStream;
use quote::quote;

use super::describe;
use super::items::Statics;
use super::scope::Scope;
use crate::model::{Extension, Module};
use crate::name::{self, Style};

/// The extensions of a statement, as the runtime has them.
pub(super) fn list(scope: &Scope<'_>, extensions: &[Extension]) -> Vec<TokenStream> {
    let runtime = scope.runtime();
    let extensions = extensions.iter().map(|extension| {
        let name = format!("{}:{}", extension.name.module, extension.name.name);
        let argument = extension.argument.as_ref().map_or_else(
            || quote!(::core::option::Option::None),
            |argument| quote!(::core::option::Option::Some(#argument)),
        );
        quote!(#runtime::schema::Extension { name: #name, argument: #argument })
    });
    extensions.collect()
}

/// The lines about a node's extensions in the documentation.
pub(super) fn facts(extensions: &[Extension]) -> impl Iterator<Item = String> {
    extensions.iter().map(|Extension { name, argument }| {
        let argument = argument.as_ref().map(|text| format!(" {text}"));
        let argument = argument.unwrap_or_default().replace('`', "'");
        let argument: Vec<&str> = argument.lines().map(str::trim_end).collect();
        let name = format!("{}:{}", name.module, name.name);
        format!("Extension: `{name}{}`.", argument.join(" "))
    })
}

/// The annotations of the module, and the statics of their types.
pub(super) fn annotations(scope: &Scope<'_>, module: &Module) -> (Vec<TokenStream>, Statics) {
    let runtime = scope.runtime();
    let annotations = &module.annotations;
    let names = annotations
        .iter()
        .map(|known| format!("{}-annotation", known.name));
    let names: Vec<String> = names.collect();
    let names: Vec<&str> = names.iter().map(String::as_str).collect();
    let taken: Vec<&str> = scope.types().collect();
    let mut items = Statics::default();
    let mut entries = Vec::new();
    let idents = name::assign(&names, Style::Type, &taken);
    for (annotation, ident) in annotations.iter().zip(idents) {
        let described = describe::describe(scope, &annotation.ty, &ident);
        let (name, ty) = (&annotation.name, described.reference);
        items.extend(described.items);
        entries.push(quote!(#runtime::schema::Annotation::new(#name, || #ty)));
    }
    (entries, items)
}
