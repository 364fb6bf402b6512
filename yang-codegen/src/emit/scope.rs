//! The places of items in the generated source, and the paths from one to another.

use std::cell::RefCell;
use std::collections::BTreeSet;
use std::ops::Range;
use std::rc::Rc;

use proc_macro2::{Ident, Literal, TokenStream};
use quote::{format_ident, quote};

use super::items::Statics;
use super::shared::Shared;
use crate::model::{Module, Node, NodeKind, Operation, QName, Typedef};
use crate::name;
use crate::name::table::{self, Names, Table, last_module, name_in, path_below};
use crate::settings::Parsed;
use crate::sid::Sids;

/// The place of the items of one node's children: the Rust module that holds them.
pub(super) struct Scope<'m> {
    names: &'m Table<'m>,
    settings: &'m Parsed,
    sids: &'m Sids,
    /// The YANG module whose items stand here; none at the top of the source.
    module: Option<&'m Module>,
    runtime: TokenStream,
    shared: &'m Shared,
    /// The names of the types of the typedefs, nodes and operations that stand here.
    types: Rc<BTreeSet<String>>,
    /// The names of the Rust modules that stand here.
    modules: Rc<BTreeSet<String>>,
    /// The imports of this place; none where all items have their paths.
    imports: Option<RefCell<Imports>>,
    /// The way from the YANG module's Rust module to here, with a `::` at its end.
    rust_path: String,
    /// The number of Rust modules around this place that are part of the source.
    depth: usize,
    /// The schema path of the node whose children stand here; empty at the top.
    path: String,
    /// The same without choices and cases, which are no data nodes.
    data_path: String,
}

/// The imports of a Rust module.
#[derive(Default)]
struct Imports {
    /// Types of the runtime.
    types: BTreeSet<&'static str>,
    /// The Rust modules of YANG modules.
    modules: BTreeSet<Ident>,
}

impl<'m> Scope<'m> {
    /// The top of the source, where the YANG modules stand.
    pub(super) fn new(
        names: &'m Table<'m>,
        settings: &'m Parsed,
        sids: &'m Sids,
        shared: &'m Shared,
    ) -> Self {
        Self {
            names,
            settings,
            sids,
            shared,
            module: None,
            runtime: settings.runtime_path(),
            types: Rc::default(),
            modules: Rc::default(),
            imports: None,
            rust_path: String::new(),
            depth: 0,
            path: String::new(),
            data_path: String::new(),
        }
    }

    /// The place of what stands at the top of `module`.
    pub(super) fn of_module(&self, module: &'m Module) -> Self {
        let mut scope = Self {
            module: Some(module),
            rust_path: String::new(),
            ..self.inside(&format_ident!("top"))
        };
        let structures = module.structures.iter();
        let operations = module.operations.iter().map(Operation::node);
        let nodes = module.roots.iter().chain(operations).chain(structures);
        scope.stand(nodes, table::typedef_idents(module).into_values());
        scope
    }

    /// Takes down what stands here: the types and Rust modules of nodes, and other types.
    fn stand<'n>(
        &mut self,
        nodes: impl Iterator<Item = &'n Node>,
        others: impl Iterator<Item = Ident>,
    ) {
        let mut types: BTreeSet<String> = others.map(|ty| ty.to_string()).collect();
        let mut modules = BTreeSet::new();
        for node in nodes {
            let names = self.names.node(node);
            types.insert(names.ty.to_string());
            modules.insert(names.module.to_string());
        }
        self.types = Rc::new(types);
        self.modules = Rc::new(modules);
    }

    /// The inside of a Rust module for an rpc or action, which stands here.
    pub(super) fn inside(&self, module: &Ident) -> Self {
        Self {
            runtime: self.runtime.clone(),
            types: Rc::new(BTreeSet::from(["Input".to_owned(), "Output".to_owned()])),
            modules: Rc::new(BTreeSet::from(["input".to_owned(), "output".to_owned()])),
            imports: Some(RefCell::default()),
            rust_path: format!("{}{module}::", self.rust_path),
            depth: self.depth + 1,
            path: self.path.clone(),
            data_path: self.data_path.clone(),
            ..*self
        }
    }

    /// The place of the children of `node`, which itself stands here: `module`.
    pub(super) fn below(&self, node: &Node, module: &Ident) -> Self {
        let mut scope = Self {
            runtime: self.runtime.clone(),
            types: Rc::default(),
            modules: Rc::default(),
            imports: Some(RefCell::default()),
            rust_path: format!("{}{module}::", self.rust_path),
            depth: self.depth + 1,
            path: path_below(node, self.path_of(node)),
            data_path: match node.kind {
                NodeKind::Choice { .. } | NodeKind::Case { .. } => self.data_path.clone(),
                _ => path_below(node, self.data_path_of(node)),
            },
            ..*self
        };
        let operations = node.operations.iter().map(Operation::node);
        let nodes = node.children().iter().chain(operations);
        scope.stand(nodes, std::iter::empty());
        scope
    }

    /// The place from which the runtime's macros are called: the top of the YANG module, or of the
    /// source.
    pub(super) fn of_calls(&self) -> Self {
        Self {
            runtime: self.runtime.clone(),
            types: Rc::default(),
            modules: Rc::default(),
            imports: None,
            rust_path: String::new(),
            depth: self.depth.min(1),
            path: String::new(),
            data_path: String::new(),
            ..*self
        }
    }

    /// A type of the runtime. Where types stand it is imported, unless one that stands there has its
    /// name.
    pub(super) fn runtime_type(&self, name: &'static str) -> TokenStream {
        let (runtime, ident) = (&self.runtime, format_ident!("{name}"));
        match &self.imports {
            Some(imports) if !self.types.contains(name) => {
                imports.borrow_mut().types.insert(name);
                quote!(#ident)
            }
            _ => quote!(#runtime::types::#ident),
        }
    }

    /// The imports of this place.
    pub(super) fn imports(&self) -> TokenStream {
        let Some(imports) = &self.imports else {
            return TokenStream::new();
        };
        let Imports { types, modules } = &*imports.borrow();
        let (runtime, top) = (&self.runtime, self.top());
        let types: Vec<Ident> = types.iter().map(|name| format_ident!("{name}")).collect();
        let types = match types.as_slice() {
            [] => TokenStream::new(),
            [ty] => quote!(use #runtime::types::#ty;),
            types => quote!(use #runtime::types::{#(#types),*};),
        };
        let modules = modules.iter();
        quote!(#types #(use #top #modules;)*)
    }

    /// A type of Rust's prelude around another, by its path where a type that stands here has its
    /// name.
    pub(super) fn wrapped(
        &self,
        name: &str,
        path: &TokenStream,
        inner: &TokenStream,
    ) -> TokenStream {
        if self.types.contains(name) {
            return quote!(#path<#inner>);
        }
        let ident = format_ident!("{name}");
        quote!(#ident<#inner>)
    }

    /// A name for a type here that no type of a node, typedef or operation has.
    pub(super) fn free_ident(&self, name: &str) -> Ident {
        let mut name = name.to_owned();
        while self.types.contains(&name) {
            name.push('2');
        }
        format_ident!("{name}")
    }

    /// The way here from where the runtime's macros are called, with a `::` at its end.
    pub(super) fn rust_path(&self) -> &str {
        &self.rust_path
    }

    /// The way from where the macros are called to a table that stands at this depth.
    pub(super) const fn to_table(&self, depth: usize) -> &'static str {
        if depth == 0 && self.depth > 0 {
            "super::"
        } else {
            ""
        }
    }

    /// The visibility of what the macros of the YANG module use of a type that stands here.
    pub(super) fn visible_to_calls(&self) -> TokenStream {
        match self.depth {
            0 | 1 => TokenStream::new(),
            2 => quote!(pub(super)),
            depth => {
                let ups = std::iter::repeat_n(quote!(super), depth - 1);
                quote!(pub(in #(#ups)::*))
            }
        }
    }

    /// The name of a type that the node or typedef called `of` needs beside its own. It yields to the
    /// types of the nodes and typedefs that stand here.
    pub(super) fn inner_ident(&self, of: &Ident, inner: &str) -> Ident {
        self.free_ident(&format!("{of}{inner}"))
    }

    /// The name of the YANG module whose items stand here.
    pub(super) fn module_name(&self) -> Option<&'m str> {
        self.module.map(|module| module.name.as_str())
    }

    pub(super) const fn settings(&self) -> &'m Parsed {
        self.settings
    }

    /// The SID of a child, if a .sid file has it.
    pub(super) fn sid_of(&self, node: &Node) -> Option<u64> {
        self.sids.node(&self.data_path_of(node))
    }

    /// The SID of an identity, if a .sid file has it.
    pub(super) fn identity_sid(&self, name: &QName) -> Option<u64> {
        self.sids.identity(name)
    }

    pub(super) fn runtime(&self) -> TokenStream {
        self.runtime.clone()
    }

    /// The schema path of a child: with the module where it changes (RFC 7951 section 6.11).
    pub(super) fn path_of(&self, node: &Node) -> String {
        table::path_of(node, &self.path)
    }

    /// The schema path of what is in a child: with `input` or `output` behind that of an operation's.
    pub(super) fn path_below(&self, node: &Node) -> String {
        path_below(node, self.path_of(node))
    }

    /// The same without choices and cases.
    fn data_path_of(&self, node: &Node) -> String {
        format!("{}/{}", self.data_path, self.member_name(node))
    }

    /// The name that JSON has for a child.
    pub(super) fn member_name(&self, node: &Node) -> String {
        name_in(last_module(&self.data_path), node)
    }

    /// Returns true if the items of this place belong to a data node.
    pub(super) const fn is_inside_data(&self) -> bool {
        !self.path.is_empty()
    }

    /// The way from here to the Rust module that holds all YANG modules.
    pub(super) fn top(&self) -> TokenStream {
        self.up_to(0)
    }

    /// The number of Rust modules around this place that are part of the source.
    pub(super) const fn depth(&self) -> usize {
        self.depth
    }

    /// The way from here to a place around it.
    pub(super) fn up_to(&self, depth: usize) -> TokenStream {
        let ups = std::iter::repeat_n(quote!(super::), self.depth.saturating_sub(depth));
        quote!(#(#ups)*)
    }

    /// The statics of the Rust module of this place, as they stand in the source.
    pub(super) fn statics(&self, statics: &Statics) -> TokenStream {
        let mut texts = self.shared.texts.borrow_mut();
        texts.statics(&self.runtime, statics)
    }

    /// The statics that nodes have in common.
    pub(super) const fn shared(&self) -> &'m Shared {
        self.shared
    }

    /// The descriptions of a module's top-level nodes, by their places in whole data.
    pub(super) fn range_of_data(&self, places: Range<usize>) -> TokenStream {
        let top = self.top();
        let start = Literal::usize_unsuffixed(places.start);
        let end = Literal::usize_unsuffixed(places.end);
        quote!(&#top DATA_CHILDREN[#start..#end])
    }

    /// The way from here to a YANG module's Rust module.
    fn to_module(&self, name: &str) -> TokenStream {
        if self.module_name() == Some(name) {
            let ups = std::iter::repeat_n(quote!(super::), self.depth - 1);
            return quote!(#(#ups)*);
        }
        if let Some(path) = self.settings.extern_path(name) {
            return quote!(#path ::);
        }
        let (top, ident) = (self.top(), self.names.module(name));
        match &self.imports {
            Some(imports) if !self.modules.contains(&ident.to_string()) => {
                imports.borrow_mut().modules.insert(ident.clone());
                quote!(#ident ::)
            }
            _ => quote!(#top #ident ::),
        }
    }

    /// The description of the module of a node.
    pub(super) fn module_static(&self, name: &str) -> TokenStream {
        let to = self.to_module(name);
        quote!(#to MODULE)
    }

    /// The Rust type of a typedef.
    pub(super) fn typedef(&self, name: &QName) -> TokenStream {
        let to = self.to_module(&name.module);
        let ident = self.typedef_ident(name);
        quote!(#to #ident)
    }

    /// The static that describes a typedef's type.
    pub(super) fn typedef_static(&self, name: &QName) -> TokenStream {
        let to = self.to_module(&name.module);
        let ident = type_static_ident(&self.typedef_ident(name));
        quote!(&#to #ident)
    }

    /// The definition of a typedef.
    pub(super) fn find_typedef(&self, name: &QName) -> Option<&'m Typedef> {
        self.names.find_typedef(name)
    }

    /// The Rust name of a typedef.
    pub(super) fn typedef_ident(&self, name: &QName) -> Ident {
        self.names.typedef(name)
    }

    /// The names of a node, or of an operation by its node.
    pub(super) fn names(&self, node: &Node) -> Names {
        self.names.node(node)
    }

    /// The names of all types that stand here.
    pub(super) fn types(&self) -> impl Iterator<Item = &str> {
        self.types.iter().map(String::as_str)
    }
}

/// The static that describes the type with this Rust name.
pub(super) fn type_static_ident(ident: &Ident) -> Ident {
    format_ident!("{}_TYPE", name::screaming(ident))
}

/// The static list of the operations in the struct with this Rust name.
pub(super) fn operations_static_ident(ident: &Ident) -> Ident {
    format_ident!("{}_OPERATIONS", name::screaming(ident))
}

/// The static table of the children of the struct with this Rust name.
pub(super) fn children_static_ident(ident: &Ident) -> Ident {
    format_ident!("{}_CHILDREN", name::screaming(ident))
}
