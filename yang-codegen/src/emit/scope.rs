//! Where in the generated source an item stands, and how it names what stands elsewhere.

use proc_macro2::{Ident, TokenStream};
use quote::{format_ident, quote};

use crate::model::{Model, Module, Node, QName};
use crate::name::{self, Style};
use crate::settings::Parsed;
use crate::sid::Sids;

/// The place of the items of one node's children: the Rust module that holds them.
pub(super) struct Scope<'m> {
    model: &'m Model,
    module_idents: &'m [Ident],
    settings: &'m Parsed,
    sids: &'m Sids,
    module: &'m Module,
    runtime: TokenStream,
    /// How many Rust modules below the YANG module's own this is.
    depth: usize,
    /// The schema path of the node whose children stand here; empty at the top.
    path: String,
}

impl<'m> Scope<'m> {
    pub(super) const fn new(
        model: &'m Model,
        module_idents: &'m [Ident],
        settings: &'m Parsed,
        sids: &'m Sids,
        module: &'m Module,
        runtime: TokenStream,
    ) -> Self {
        Self {
            model,
            module_idents,
            settings,
            sids,
            module,
            runtime,
            depth: 0,
            path: String::new(),
        }
    }

    /// The place of the children of `node`, which itself stands here.
    pub(super) fn below(&self, node: &Node) -> Self {
        Self {
            runtime: self.runtime.clone(),
            depth: self.depth + 1,
            path: self.path_of(node),
            ..*self
        }
    }

    pub(super) const fn module(&self) -> &'m Module {
        self.module
    }

    pub(super) const fn settings(&self) -> &'m Parsed {
        self.settings
    }

    /// The SID of a child, if a .sid file has it.
    pub(super) fn sid_of(&self, node: &Node) -> Option<u64> {
        self.sids.node(&self.path_of(node))
    }

    /// The SID of an identity, if a .sid file has it.
    pub(super) fn identity_sid(&self, name: &QName) -> Option<u64> {
        self.sids.identity(name)
    }

    pub(super) const fn is_top(&self) -> bool {
        self.depth == 0
    }

    pub(super) fn runtime(&self) -> TokenStream {
        self.runtime.clone()
    }

    /// The schema path of a child: with the module where it changes (RFC 7951 section 6.11).
    pub(super) fn path_of(&self, node: &Node) -> String {
        format!("{}/{}", self.path, self.member_name(node))
    }

    /// The name that JSON has for a child.
    pub(super) fn member_name(&self, node: &Node) -> String {
        if self.path_module() == Some(node.module.as_str()) {
            node.name.clone()
        } else {
            format!("{}:{}", node.module, node.name)
        }
    }

    /// The module of the innermost node of the path.
    fn path_module(&self) -> Option<&str> {
        let named = self.path.rsplit('/').find_map(|step| step.split_once(':'));
        named.map(|(module, _)| module)
    }

    /// The way from here to the Rust module that holds all YANG modules.
    pub(super) fn top(&self) -> TokenStream {
        let ups = std::iter::repeat_n(quote!(super::), self.depth + 1);
        quote!(#(#ups)*)
    }

    /// The way from here to a YANG module's Rust module.
    fn to_module(&self, name: &str) -> TokenStream {
        if name == self.module.name {
            let ups = std::iter::repeat_n(quote!(super::), self.depth);
            return quote!(#(#ups)*);
        }
        let top = self.top();
        let at = self
            .model
            .modules
            .iter()
            .position(|module| module.name == name);
        let ident = at.and_then(|at| self.module_idents.get(at));
        quote!(#top #ident ::)
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
    pub(super) fn find_typedef(&self, name: &QName) -> Option<&'m crate::model::Typedef> {
        let module = self
            .model
            .modules
            .iter()
            .find(|module| module.name == name.module)?;
        module
            .typedefs
            .iter()
            .find(|typedef| typedef.name == name.name)
    }

    /// The typedefs and the top-level nodes of a module share one Rust module; the typedefs come
    /// first, so that a node's arrival does not rename a typedef.
    pub(super) fn typedef_ident(&self, name: &QName) -> Ident {
        let typedefs = typedef_idents(
            self.model
                .modules
                .iter()
                .find(|module| module.name == name.module),
        );
        typedefs
            .into_iter()
            .find(|(known, _)| *known == name.name)
            .map_or_else(|| name::ident(&name.name, Style::Type), |(_, ident)| ident)
    }

    /// The types of the module's top-level nodes.
    pub(super) fn root_types(&self) -> Vec<Ident> {
        self.type_idents(&self.module.roots)
    }

    /// The type names of sibling nodes, settings included.
    pub(super) fn type_idents(&self, nodes: &[Node]) -> Vec<Ident> {
        let reserved: Vec<String> = if self.is_top() {
            typedef_idents(Some(self.module))
                .into_iter()
                .map(|(_, ident)| ident.to_string())
                .collect()
        } else {
            Vec::new()
        };
        let reserved: Vec<&str> = reserved.iter().map(String::as_str).collect();
        let idents = self.idents(nodes, Style::Type, &reserved);
        nodes
            .iter()
            .zip(idents)
            .map(|(node, ident)| self.settings.renamed(&self.path_of(node)).unwrap_or(ident))
            .collect()
    }

    /// The names of the Rust modules for the types below sibling nodes.
    pub(super) fn module_idents_of(&self, nodes: &[Node]) -> Vec<Ident> {
        self.idents(nodes, Style::Module, &[])
    }

    /// The field names of sibling nodes.
    pub(super) fn field_idents(&self, nodes: &[Node]) -> Vec<Ident> {
        self.idents(nodes, Style::Field, &[])
    }

    /// The names of sibling nodes whose parent is that of this place.
    fn idents(&self, nodes: &[Node], style: Style, reserved: &[&str]) -> Vec<Ident> {
        let names = nodes.iter().map(|node| (&*node.module, &*node.name));
        let names = name::distinct(&names.collect::<Vec<_>>(), self.path_module());
        let names: Vec<&str> = names.iter().map(String::as_str).collect();
        name::assign(&names, style, reserved)
    }
}

fn typedef_idents(module: Option<&Module>) -> Vec<(&str, Ident)> {
    let names: Vec<&str> = module
        .map(|module| {
            module
                .typedefs
                .iter()
                .map(|typedef| typedef.name.as_str())
                .collect()
        })
        .unwrap_or_default();
    let idents = name::assign(&names, Style::Type, &[]);
    names.into_iter().zip(idents).collect()
}

/// The static that describes the type with this Rust name.
pub(super) fn type_static_ident(ident: &Ident) -> Ident {
    format_ident!("{}_TYPE", name::screaming(ident))
}

/// The static table of the children of the struct with this Rust name.
pub(super) fn children_static_ident(ident: &Ident) -> Ident {
    format_ident!("{}_CHILDREN", name::screaming(ident))
}
