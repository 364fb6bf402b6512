//! From the model to Rust source.
//!
//! One Rust module a YANG module. The type of the node at `a/b/c` is `a::b::C`: names follow from
//! a node's own path alone, so a module that gains a node changes no other name. After the types of
//! a module stand the descriptions of its nodes, and one block with a call of one of the runtime's
//! macros for each type, so that what a type can do is written once, in the runtime.

mod default;
mod describe;
mod docs;
mod extension;
mod form;
mod idents;
mod items;
mod leaf;
mod node;
mod pattern;
mod rules;
mod scope;
mod shared;
mod typedef;
mod union;
mod values;
mod xpath;

use proc_macro2::{Ident, Literal, TokenStream};
use quote::{format_ident, quote};

use crate::model::{Identity, Model, Module, Submodule};
use crate::name::table::Table;
use crate::settings::Parsed;
use crate::sid::Sids;
use items::{FORM, Items, Texts, source};
use scope::Scope;
use shared::Shared;

/// The source of all modules.
pub(crate) struct Emitted {
    /// The items above the modules.
    top: TokenStream,
    modules: Vec<Item>,
    /// The comments and layout of the source, which are no tokens.
    texts: Texts,
}

/// A module's Rust module.
struct Item {
    docs: TokenStream,
    ident: Ident,
    body: TokenStream,
}

impl Emitted {
    /// Printed source with what is no token of it.
    pub(crate) fn complete(&self, printed: &str) -> String {
        self.texts.fill_in(printed)
    }

    /// All in one file.
    pub(crate) fn in_one(&self) -> TokenStream {
        let top = &self.top;
        let modules = self.modules.iter().map(|Item { docs, ident, body }| {
            quote! { #docs pub mod #ident { #body } }
        });
        quote! { #top #(#modules)* }
    }

    /// The file above those of the modules.
    pub(crate) fn declarations(&self) -> TokenStream {
        let top = &self.top;
        let modules = self.modules.iter().map(|Item { docs, ident, .. }| {
            quote! { #docs pub mod #ident; }
        });
        quote! { #top #(#modules)* }
    }

    /// The files of the modules, by their names.
    pub(crate) fn files(&self) -> Vec<(String, TokenStream)> {
        let modules = self.modules.iter();
        modules
            .map(|Item { ident, body, .. }| (format!("{ident}.rs"), body.clone()))
            .collect()
    }
}

/// The source of all modules of `model` but those that another crate has.
pub(crate) fn emit(model: &Model, settings: &Parsed, sids: &Sids) -> Emitted {
    let names = Table::new(model, settings);
    let shared = Shared::default();
    let top = Scope::new(&names, settings, sids, &shared);
    let runtime = top.runtime();
    let mut modules = Vec::new();
    let mut statics = Vec::new();
    let mut decoders = Vec::new();
    let mut checks = TokenStream::new();
    let mut roots = node::Roots::default();
    for module in &model.modules {
        let ident = names.module(&module.name);
        let scope = top.of_module(module);
        let first = roots.width();
        let path = settings.extern_path(&module.name);
        let path = path.cloned().unwrap_or_else(|| quote!(#ident));
        roots.add((&top, &scope), module, &path);
        statics.push(quote!(&#path::MODULE));
        decoders.push(quote!(#path::ROOTS));
        if settings.extern_path(&module.name).is_some() {
            checks.extend(check_revision(module, &path));
            continue;
        }
        modules.push(Item {
            docs: module_docs(module),
            ident,
            body: emit_module(&scope, module, first),
        });
    }
    let Items {
        types,
        statics: described,
        calls,
    } = node::emit_data(&top, roots);
    let described = top.statics(&described);
    let (calls, lints) = {
        let mut texts = shared.texts.borrow_mut();
        (texts.calls(&runtime, &calls), texts.lints())
    };
    let in_common = shared.module(&runtime, &lints);
    let form = Literal::u32_unsuffixed(FORM);
    let top = quote! {
        #runtime::generated::check_version!(#form);

        /// The modules that this code was generated from.
        #[allow(unreachable_pub)]
        pub static MODULES: &[&#runtime::schema::Module] = &[#(#statics),*];

        /// The schema of these modules with its generated types.
        #[allow(unreachable_pub, dead_code)]
        pub static SCHEMA: #runtime::registry::Compiled = #runtime::registry::Compiled::new(
            #runtime::schema::Schema { modules: MODULES },
            &[#(#decoders),*],
            #runtime::registry::root::<Data>(),
        );

        #checks

        #types
        #described
        #calls

        #in_common
    };
    Emitted {
        top,
        modules,
        texts: shared.texts.into_inner(),
    }
}

/// The types of another crate are those of the same revision.
fn check_revision(module: &Module, path: &TokenStream) -> TokenStream {
    let revision = optional(module.revision.as_ref());
    quote! {
        const _: () = #path::MODULE.require_revision(#revision);
    }
}

fn optional(value: Option<&String>) -> TokenStream {
    value.map_or_else(
        || quote!(::core::option::Option::None),
        |value| quote!(::core::option::Option::Some(#value)),
    )
}

/// `first` is the place of the module's nodes among those of whole data.
fn emit_module(scope: &Scope<'_>, module: &Module, first: usize) -> TokenStream {
    let mut items = Items::default();
    for typedef in &module.typedefs {
        items.extend(typedef::emit(scope, typedef));
    }
    let (nodes, operations) = node::emit_roots(scope, module, first);
    items.extend(nodes);
    let (annotations, annotation_types) = extension::annotations(scope, module);
    let description = describe_module(scope, module, first, (&operations, &annotations));
    let Items {
        types,
        statics,
        calls,
    } = items;
    let mut statics = statics;
    statics.extend(annotation_types);
    let statics = scope.statics(&statics);
    let mut texts = scope.shared().texts.borrow_mut();
    let (lints, calls) = (texts.lints(), texts.calls(&scope.runtime(), &calls));
    let imports = scope.imports();
    quote! {
        #lints
        #imports
        #types
        #description
        #statics
        #calls
    }
}

fn module_docs(module: &Module) -> TokenStream {
    let revision = module
        .revision
        .as_deref()
        .map_or(String::new(), |at| format!("@{at}"));
    let fact = format!(
        "YANG module `{}{revision}`, namespace `{}`.",
        module.name, module.namespace
    );
    docs::attributes(&module.docs, &[fact])
}

/// The static that describes the module.
fn describe_module(
    scope: &Scope<'_>,
    module: &Module,
    first: usize,
    (operations, annotations): (&[TokenStream], &[TokenStream]),
) -> TokenStream {
    let runtime = scope.runtime();
    let Module {
        name,
        namespace,
        prefix,
        ..
    } = module;
    let revision = optional(module.revision.as_ref());
    let mut fields = TokenStream::new();
    if module.revision.is_some() {
        fields.extend(quote!(revision: #revision,));
    }
    if module.implemented {
        fields.extend(quote!(implemented: true,));
    }
    if module.partial {
        fields.extend(quote!(partial: true,));
    }
    let mut list = |field: &str, entries: Vec<TokenStream>| {
        if !entries.is_empty() {
            let field = format_ident!("{field}");
            fields.extend(quote!(#field: &[#(#entries),*],));
        }
    };
    let deviated_by = module.deviated_by.iter();
    list(
        "deviated_by",
        deviated_by.map(|name| quote!(#name)).collect(),
    );
    let submodules = module
        .submodules
        .iter()
        .map(|Submodule { name, revision }| {
            let revision = optional(revision.as_ref());
            quote!(#runtime::schema::Submodule { name: #name, revision: #revision })
        });
    list("submodules", submodules.collect());
    let features = module
        .features
        .iter()
        .filter(|feature| feature.enabled)
        .map(|feature| {
            let name = &feature.name;
            quote!(#name)
        });
    list("features", features.collect());
    let structures = module.structures.iter().map(|node| scope.names(node).ty);
    let extensions = extension::list(scope, &module.extensions);
    let identities = module
        .identities
        .iter()
        .map(|Identity { name, bases, .. }| {
            let bases = bases
                .iter()
                .map(|base| format!("{}:{}", base.module, base.name));
            quote!(#runtime::schema::Identity { name: #name, bases: &[#(#bases),*] })
        });
    list("identities", identities.collect());
    let operations = operations.iter();
    let operations = operations.map(|of| quote!(#runtime::schema::Operation::#of));
    list("operations", operations.collect());
    let structures = structures.map(|ty| quote!(|| <#ty as #runtime::decode::Object>::NODE));
    list("structures", structures.collect());
    list("annotations", annotations.to_vec());
    list("extensions", extensions);
    let width: usize = module.roots.iter().map(node::width).sum();
    if width > 0 {
        let data = scope.range_of_data(first..first + width);
        fields.extend(quote!(data: || #data,));
    }
    let roots = node::root_types(scope, module);
    quote! {
        /// The types that a document can start with.
        #[doc(hidden)]
        pub static ROOTS: &[#runtime::registry::Root] = &[#(#runtime::registry::root::<#roots>()),*];

        /// The description of the module.
        pub static MODULE: #runtime::schema::Module = #runtime::schema::Module {
            name: #name,
            namespace: #namespace,
            prefix: #prefix,
            #fields
            ..#runtime::schema::Module::EMPTY
        };
    }
}
