//! What a struct can do: the constructor, the defaults, and the traits that the runtime asks for.

use proc_macro2::{Ident, Literal, TokenStream};
use quote::{format_ident, quote};

use super::super::default;
use super::super::scope::Scope;
use super::{Held, Member, mandatory};

pub(super) fn emit(
    scope: &Scope<'_>,
    ident: &Ident,
    table: &TokenStream,
    members: &[Member<'_>],
    reference: &TokenStream,
) -> TokenStream {
    let inherent = emit_inherent(scope, ident, members);
    let object = emit_object(scope, ident, table, members, reference);
    let view = emit_view(scope, ident, members);
    quote! {
        #inherent
        #object
        #view
    }
}

/// The constructor, and what answers for absent leafs with a default.
fn emit_inherent(scope: &Scope<'_>, ident: &Ident, members: &[Member<'_>]) -> TokenStream {
    let runtime = scope.runtime();
    let text = quote!(#runtime::types::CompactString).to_string();
    let required = |member: &&Member<'_>| is_required(member);
    let parameters = members
        .iter()
        .filter(required)
        .map(|Member { field, ty, .. }| {
            if ty.to_string() == text {
                quote!(#field: impl ::core::convert::Into<#ty>)
            } else {
                quote!(#field: #ty)
            }
        });
    let values = members.iter().map(
        |Member {
             field, ty, held, ..
         }| match held {
            Held::Leaf if ty.to_string() == text => quote!(#field: #field.into()),
            Held::Leaf | Held::Container => quote!(#field),
            Held::OptionalLeaf | Held::OptionalContainer => {
                quote!(#field: ::core::option::Option::None)
            }
            Held::LeafList | Held::List => quote!(#field: ::std::vec::Vec::new()),
        },
    );
    let defaults = members
        .iter()
        .filter(|member| matches!(member.held, Held::OptionalLeaf))
        .filter_map(
            |Member {
                 node, field, ty, ..
             }| default::emit(scope, node, field, ty),
        );
    let none = members.iter().find(required).is_none();
    let default = none.then(|| {
        quote! {
            impl ::core::default::Default for #ident {
                fn default() -> Self {
                    Self::new()
                }
            }
        }
    });
    quote! {
        impl #ident {
            /// The data with what is mandatory and nothing else.
            #[must_use]
            pub fn new(#(#parameters),*) -> Self {
                Self { #(#values),* }
            }

            #(#defaults)*
        }

        #default
    }
}

/// Whether the member must be there.
const fn is_required(member: &Member<'_>) -> bool {
    matches!(member.held, Held::Leaf | Held::Container)
}

/// Whether a member that may be absent is demanded of whole data.
fn is_missed(member: &Member<'_>) -> bool {
    member.node.partial && mandatory(member.node)
}

/// How many children one word of a set holds.
const WORD: usize = 64;

/// The set of the mandatory children, and its type.
fn mandatory_set(members: &[Member<'_>]) -> (TokenStream, TokenStream) {
    let words: Vec<Literal> = members
        .chunks(WORD)
        .map(|chunk| {
            let bits = chunk
                .iter()
                .enumerate()
                .filter(|(_, member)| is_required(member) || is_missed(member));
            Literal::u64_unsuffixed(bits.fold(0, |set, (at, _)| set | 1 << at))
        })
        .collect();
    match words.as_slice() {
        [] => (quote!(u64), quote!(0)),
        [word] => (quote!(u64), quote!(#word)),
        words => {
            let count = words.len();
            (quote!([u64; #count]), quote!([#(#words),*]))
        }
    }
}

fn emit_object(
    scope: &Scope<'_>,
    ident: &Ident,
    table: &TokenStream,
    members: &[Member<'_>],
    reference: &TokenStream,
) -> TokenStream {
    let runtime = scope.runtime();
    let top = scope.top();
    let (seen, mandatory) = mandatory_set(members);
    let blanks = members.iter().map(|Member { field, held, .. }| match held {
        Held::Leaf => quote!(#field: #runtime::decode::FromScalar::blank()),
        Held::Container => quote!(#field: #runtime::decode::Object::blank()),
        Held::OptionalLeaf | Held::OptionalContainer => {
            quote!(#field: ::core::option::Option::None)
        }
        Held::LeafList | Held::List => quote!(#field: ::std::vec::Vec::new()),
    });
    let arms = members.iter().enumerate().map(|(at, Member { field, held, .. })| {
        let at = Literal::usize_unsuffixed(at);
        let of_table = |function: &str| {
            let function = format_ident!("{function}");
            quote!(#at => #runtime::decode::#function(&mut self.#field, &#table[#at], reader, cx))
        };
        let of_type = |function: &str| {
            let function = format_ident!("{function}");
            quote!(#at => #runtime::decode::#function(&mut self.#field, reader, cx))
        };
        match held {
            Held::Leaf => of_table("read_leaf"),
            Held::OptionalLeaf => of_table("read_optional_leaf"),
            Held::LeafList => of_table("read_leaf_list"),
            Held::Container => of_type("read_container"),
            Held::OptionalContainer => of_type("read_optional_container"),
            Held::List => of_type("read_list"),
        }
    });
    quote! {
        impl #runtime::decode::Object for #ident {
            const NODE: &'static #runtime::schema::Node = #reference;
            const MODULES: &'static [&'static #runtime::schema::Module] = #top MODULES;
            type Seen = #seen;
            const MANDATORY: #seen = #mandatory;

            fn blank() -> Self {
                Self { #(#blanks),* }
            }

            #[inline]
            fn read_member<'de, R: #runtime::decode::Reader<'de> + ?Sized>(
                &mut self,
                index: usize,
                reader: &mut R,
                cx: &mut #runtime::decode::Context,
            ) -> ::core::result::Result<bool, #runtime::decode::Abort> {
                match index {
                    #(#arms,)*
                    _ => reader.skip(cx).map(|()| false),
                }
            }
        }
    }
}

fn emit_view(scope: &Scope<'_>, ident: &Ident, members: &[Member<'_>]) -> TokenStream {
    let runtime = scope.runtime();
    let child = quote!(#runtime::tree::Child);
    let arms = members
        .iter()
        .enumerate()
        .map(|(at, Member { field, held, .. })| {
            let at = Literal::usize_unsuffixed(at);
            match held {
                Held::Leaf => quote!(#at => #child::leaf(&self.#field)),
                Held::OptionalLeaf => quote!(#at => #child::optional_leaf(&self.#field)),
                Held::LeafList => quote!(#at => #child::Leaves(&self.#field)),
                Held::Container => quote!(#at => #child::Node(&self.#field)),
                Held::OptionalContainer => quote!(#at => #child::optional_node(&self.#field)),
                Held::List => quote!(#at => #child::Entries(&self.#field)),
            }
        });
    quote! {
        impl #runtime::tree::Node for #ident {
            fn schema(&self) -> &'static #runtime::schema::Node {
                <Self as #runtime::decode::Object>::NODE
            }

            fn child(&self, index: usize) -> #child<'_> {
                match index {
                    #(#arms,)*
                    _ => #child::None,
                }
            }
        }
    }
}
