//! Merges the derives of a type: an attribute that a user adds to many types can name traits that
//! some of them have already.

use std::collections::BTreeSet;

use quote::ToTokens as _;
use syn::punctuated::Punctuated;
use syn::{Attribute, File, Item, Path, Token, parse_quote};

type Paths = Punctuated<Path, Token![,]>;

/// Puts the derives of each type of a file into one, each trait once.
///
/// # Errors
/// A `derive` cannot be parsed.
pub(crate) fn merge(file: &mut File) -> syn::Result<()> {
    file.items.iter_mut().try_for_each(merge_item)
}

fn merge_item(item: &mut Item) -> syn::Result<()> {
    match item {
        Item::Struct(item) => merge_attributes(&mut item.attrs),
        Item::Enum(item) => merge_attributes(&mut item.attrs),
        Item::Mod(module) => {
            let mut items = module.content.iter_mut().flat_map(|(_, items)| items);
            items.try_for_each(merge_item)
        }
        _ => Ok(()),
    }
}

fn merge_attributes(attributes: &mut Vec<Attribute>) -> syn::Result<()> {
    let is_derive = |attribute: &Attribute| attribute.path().is_ident("derive");
    if attributes
        .iter()
        .filter(|attribute| is_derive(attribute))
        .count()
        < 2
    {
        return Ok(());
    }
    let mut traits = Paths::new();
    let mut seen = BTreeSet::new();
    for attribute in attributes.iter().filter(|attribute| is_derive(attribute)) {
        let paths = attribute.parse_args_with(Paths::parse_terminated)?;
        let new = paths
            .into_iter()
            .filter(|path| seen.insert(path.to_token_stream().to_string()));
        traits.extend(new);
    }
    let mut merged: Option<Attribute> = Some(parse_quote!(#[derive(#traits)]));
    *attributes = attributes
        .drain(..)
        .filter_map(|attribute| {
            if is_derive(&attribute) {
                merged.take()
            } else {
                Some(attribute)
            }
        })
        .collect();
    Ok(())
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn each_trait_once() {
        let mut file: File = parse_quote! {
            mod m {
                #[derive(Debug, Eq)]
                #[allow(dead_code)]
                #[derive(Eq, Hash, serde::Serialize)]
                enum A {}
            }
            #[derive(Debug)]
            struct B;
        };
        let merged: File = parse_quote! {
            mod m {
                #[derive(Debug, Eq, Hash, serde::Serialize)]
                #[allow(dead_code)]
                enum A {}
            }
            #[derive(Debug)]
            struct B;
        };
        assert!(merge(&mut file).is_ok());
        let text = |file: &File| file.to_token_stream().to_string();
        assert_eq!(text(&file), text(&merged));
    }
}
