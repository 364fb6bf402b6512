//! Statics that nodes have in common: the constraints and expressions of a grouping are there once,
//! however often it is used.

use std::cell::RefCell;
use std::collections::{BTreeSet, HashMap};

use proc_macro2::{Ident, TokenStream};
use quote::{format_ident, quote};

use super::items::Texts;

/// The statics of the source.
#[derive(Default)]
pub(super) struct Shared {
    names: RefCell<HashMap<String, Ident>>,
    items: RefCell<TokenStream>,
    kinds: RefCell<BTreeSet<Kind>>,
    /// The texts that stand in the source as they are.
    pub(super) texts: RefCell<Texts>,
}

/// The kinds of shared statics.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
pub(super) enum Kind {
    /// `x::Expr`, where `x` is the runtime's module of expressions.
    Expr,
    /// `Pattern`, which holds its automaton, so that it needs a place of its own.
    Pattern,
    /// `s::Rules`, where `s` is the runtime's module of the schema.
    Rules,
}

impl Shared {
    /// The name of the static with this value; others refer to it by its name alone.
    pub(super) fn name(&self, kind: Kind, value: &TokenStream) -> Ident {
        let (prefix, ty) = match kind {
            Kind::Expr => ("EXPR", quote!(x::Expr)),
            Kind::Pattern => ("PATTERN", quote!(Pattern)),
            Kind::Rules => ("RULES", quote!(s::Rules)),
        };
        self.kinds.borrow_mut().insert(kind);
        let mut names = self.names.borrow_mut();
        let next = names.len();
        let name = names.entry(value.to_string()).or_insert_with(|| {
            let name = format_ident!("{prefix}_{next}");
            let item = quote!(pub(super) static #name: #ty = #value;);
            self.items.borrow_mut().extend(item);
            name
        });
        name.clone()
    }

    /// The Rust module with all that was asked for, at the top of the source. No YANG module's has
    /// an underscore at its end.
    pub(super) fn module(&self, runtime: &TokenStream, lints: &TokenStream) -> TokenStream {
        let items = &*self.items.borrow();
        if items.is_empty() {
            return TokenStream::new();
        }
        let kinds = self.kinds.borrow();
        let imports = kinds.iter().map(|kind| match kind {
            Kind::Expr => quote!(schema::xpath as x),
            Kind::Pattern => quote!(schema::Pattern),
            Kind::Rules => quote!(schema as s),
        });
        quote! {
            /// The constraints and expressions of all modules.
            mod shared_ {
                #lints
                #(use #runtime::#imports;)*

                #items
            }
        }
    }
}
