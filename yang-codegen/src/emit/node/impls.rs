//! What a struct can do: the constructor, the defaults, and the traits that the runtime asks for.

use proc_macro2::{Ident, Literal, TokenStream};
use quote::{format_ident, quote};

use super::super::default;
use super::super::scope::Scope;
use super::choice::pattern;
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
pub(super) fn emit_inherent(
    scope: &Scope<'_>,
    ident: &Ident,
    members: &[Member<'_>],
) -> TokenStream {
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
            Held::Leaf | Held::Container | Held::Any => quote!(#field),
            Held::OptionalLeaf | Held::OptionalContainer | Held::OptionalAny | Held::Choice => {
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
    matches!(member.held, Held::Leaf | Held::Container | Held::Any)
}

/// Whether a member that may be absent is demanded of whole data.
fn is_missed(member: &Member<'_>) -> bool {
    member.node.partial && mandatory(member.node)
}

/// How many children one word of a set holds.
const WORD: usize = 64;

/// The set of the mandatory children, and its type.
fn mandatory_set(members: &[Member<'_>]) -> (TokenStream, TokenStream) {
    let children: Vec<bool> = members
        .iter()
        .flat_map(|member| {
            std::iter::repeat_n(is_required(member) || is_missed(member), member.at.len())
        })
        .collect();
    let words: Vec<Literal> = children
        .chunks(WORD)
        .map(|chunk| {
            let bits = chunk.iter().enumerate().filter(|(_, required)| **required);
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
    let blank = blank_struct(scope, members);
    let arms = members.iter().map(|member| {
        let (at, field) = (pattern(&member.at), &member.field);
        let read = read(
            scope,
            member,
            &quote!(&mut self.#field),
            table,
            &quote!(Self::NODE),
        );
        quote!(#at => #read)
    });
    quote! {
        impl #runtime::decode::Object for #ident {
            const NODE: &'static #runtime::schema::Node = #reference;
            const MODULES: &'static [&'static #runtime::schema::Module] = #top MODULES;
            type Seen = #seen;
            const MANDATORY: #seen = #mandatory;

            fn blank() -> Self {
                #blank
            }

            #[inline]
            fn read_member<'de, R: #runtime::decode::Reader<'de> + ?::core::marker::Sized>(
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

/// What a struct holds before it is read.
fn blank_struct(scope: &Scope<'_>, members: &[Member<'_>]) -> TokenStream {
    if !members.iter().any(is_required) {
        return quote!(Self::new());
    }
    let fields = members.iter().map(|member| &member.field);
    let blanks = members.iter().map(|member| blank(scope, member));
    quote!(Self { #(#fields: #blanks),* })
}

/// What a member holds before it is read.
pub(super) fn blank(scope: &Scope<'_>, member: &Member<'_>) -> TokenStream {
    let runtime = scope.runtime();
    match member.held {
        Held::Leaf => quote!(#runtime::value::FromScalar::blank()),
        Held::Container => quote!(#runtime::decode::Object::blank()),
        Held::OptionalLeaf | Held::OptionalContainer | Held::OptionalAny | Held::Choice => {
            quote!(::core::option::Option::None)
        }
        Held::LeafList | Held::List => quote!(::std::vec::Vec::new()),
        Held::Any => quote!(#runtime::types::AnyData::default()),
    }
}

/// The call that reads a member into `target`. `table` holds the children of `node`, which is the
/// data node around.
pub(super) fn read(
    scope: &Scope<'_>,
    member: &Member<'_>,
    target: &TokenStream,
    table: &TokenStream,
    node: &TokenStream,
) -> TokenStream {
    let runtime = scope.runtime();
    let at = Literal::usize_unsuffixed(member.at.start);
    let call = |function: &str, of: TokenStream| {
        let function = format_ident!("{function}");
        quote!(#runtime::decode::#function(#target, #of reader, cx))
    };
    let of_table = quote!(&#table[#at],);
    match member.held {
        Held::Leaf => call("read_leaf", of_table),
        Held::OptionalLeaf => call("read_optional_leaf", of_table),
        Held::LeafList => call("read_leaf_list", of_table),
        Held::Any => call("read_any", of_table),
        Held::OptionalAny => call("read_optional_any", of_table),
        Held::Container => call("read_container", quote!()),
        Held::OptionalContainer => call("read_optional_container", quote!()),
        Held::List => call("read_list", quote!()),
        Held::Choice => call("read_choice", quote!(#node, index,)),
    }
}

/// What the tree shows of a member, to which `target` refers.
pub(super) fn show(scope: &Scope<'_>, member: &Member<'_>, target: &TokenStream) -> TokenStream {
    let runtime = scope.runtime();
    let child = quote!(#runtime::tree::Child);
    match member.held {
        Held::Leaf => quote!(#child::leaf(#target)),
        Held::OptionalLeaf => quote!(#child::optional_leaf(#target)),
        Held::LeafList => quote!(#child::Leaves(#target)),
        Held::Container => quote!(#child::Node(#target)),
        Held::OptionalContainer => quote!(#child::optional_node(#target)),
        Held::List => quote!(#child::Entries(#target)),
        Held::Any => quote!(#child::Any(#target)),
        Held::OptionalAny => quote!(#child::optional_any(#target)),
        Held::Choice => quote!(#child::choice(#target, index)),
    }
}

fn emit_view(scope: &Scope<'_>, ident: &Ident, members: &[Member<'_>]) -> TokenStream {
    let runtime = scope.runtime();
    let child = quote!(#runtime::tree::Child);
    let arms = members.iter().map(|member| {
        let (at, field) = (pattern(&member.at), &member.field);
        let show = show(scope, member, &quote!(&self.#field));
        quote!(#at => #show)
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
