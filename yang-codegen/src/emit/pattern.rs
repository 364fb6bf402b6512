//! Patterns, and what a module says of values that a restriction refuses.

use proc_macro2::TokenStream;
use quote::quote;

use crate::model::{OnError, Pattern};

/// The calls that give a type or pattern what the module says of values that it refuses.
pub(super) fn on_error(on_error: &OnError) -> TokenStream {
    let message = on_error.message.as_ref();
    let message = message.map(|text| quote!(.with_message(#text)));
    let app_tag = on_error.app_tag.as_ref();
    let app_tag = app_tag.map(|text| quote!(.with_app_tag(#text)));
    quote!(#message #app_tag)
}

/// A pattern as the call of a function of the runtime's type.
pub(super) fn pattern(pattern: &Pattern) -> TokenStream {
    let source = &pattern.regex;
    let regex = &pattern.translated;
    let inverted = pattern.inverted.then(|| quote!(.inverted()));
    let said = on_error(&pattern.on_error);
    quote!(new(#source, #regex) #inverted #said)
}
