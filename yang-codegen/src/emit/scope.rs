//! Where in the generated source an item stands, and how it names what stands elsewhere.

use std::collections::{BTreeMap, BTreeSet};
use std::rc::Rc;

use proc_macro2::{Ident, TokenStream};
use quote::{format_ident, quote};

use crate::model::{Model, Module, Node, NodeKind, QName, Typedef};
use crate::name::{self, Style};
use crate::settings::Parsed;

/// The place of the items of one node's children: the Rust module that holds them.
pub(super) struct Scope<'m> {
    model: &'m Model,
    module_idents: &'m [Ident],
    settings: &'m Parsed,
    module: &'m Module,
    runtime: TokenStream,
    typedefs: Rc<Typedefs<'m>>,
    /// The names of the types of the typedefs and nodes that stand here.
    types: Rc<BTreeSet<String>>,
    /// How many Rust modules below the YANG module's own this is.
    depth: usize,
    /// The schema path of the node whose children stand here; empty at the top.
    path: String,
}

/// The typedefs of all modules with their Rust names, by module and name.
type Typedefs<'m> = BTreeMap<(&'m str, &'m str), (Ident, &'m Typedef)>;

impl<'m> Scope<'m> {
    pub(super) fn new(
        model: &'m Model,
        module_idents: &'m [Ident],
        settings: &'m Parsed,
        module: &'m Module,
        runtime: TokenStream,
    ) -> Self {
        let mut scope = Self {
            model,
            module_idents,
            settings,
            module,
            runtime,
            typedefs: Rc::new(model.modules.iter().flat_map(typedefs).collect()),
            types: Rc::default(),
            depth: 0,
            path: String::new(),
        };
        let mut types = names_of(&scope.root_types());
        types.extend(typedefs(module).map(|(_, (ident, _))| ident.to_string()));
        scope.types = Rc::new(types);
        scope
    }

    /// The place of the children of `node`, which itself stands here.
    pub(super) fn below(&self, node: &Node) -> Self {
        let mut scope = Self {
            runtime: self.runtime.clone(),
            typedefs: Rc::clone(&self.typedefs),
            types: Rc::default(),
            depth: self.depth + 1,
            path: self.path_of(node),
            ..*self
        };
        if let NodeKind::Container { children, .. } | NodeKind::List { children, .. } = &node.kind {
            scope.types = Rc::new(names_of(&scope.type_idents(children)));
        }
        scope
    }

    /// The name of a type that the node or typedef called `of` needs beside its own. It yields to the
    /// types of the nodes and typedefs that stand here.
    pub(super) fn inner_ident(&self, of: &Ident, inner: &str) -> Ident {
        let mut name = format!("{of}{inner}");
        while self.types.contains(&name) {
            name.push('2');
        }
        format_ident!("{name}")
    }

    pub(super) const fn module(&self) -> &'m Module {
        self.module
    }

    pub(super) const fn settings(&self) -> &'m Parsed {
        self.settings
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
    pub(super) fn find_typedef(&self, name: &QName) -> Option<&'m Typedef> {
        let found = self.typedefs.get(&(&*name.module, &*name.name));
        found.map(|(_, typedef)| *typedef)
    }

    /// The Rust name of a typedef.
    pub(super) fn typedef_ident(&self, name: &QName) -> Ident {
        let found = self.typedefs.get(&(&*name.module, &*name.name));
        found.map_or_else(
            || name::ident(&name.name, Style::Type),
            |(ident, _)| ident.clone(),
        )
    }

    /// The types of the module's top-level nodes.
    pub(super) fn root_types(&self) -> Vec<Ident> {
        self.type_idents(&self.module.roots)
    }

    /// The type names of sibling nodes, settings included.
    pub(super) fn type_idents(&self, nodes: &[Node]) -> Vec<Ident> {
        let reserved: Vec<String> = if self.is_top() {
            typedefs(self.module)
                .map(|(_, (ident, _))| ident.to_string())
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

/// The typedefs and the top-level nodes of a module share one Rust module; the typedefs come first,
/// so that a node's arrival does not rename a typedef.
fn typedefs(module: &Module) -> impl Iterator<Item = ((&str, &str), (Ident, &Typedef))> {
    let names: Vec<&str> = (module.typedefs.iter())
        .map(|typedef| typedef.name.as_str())
        .collect();
    let idents = name::assign(&names, Style::Type, &[]);
    (module.typedefs.iter().zip(idents))
        .map(|(typedef, ident)| ((&*module.name, &*typedef.name), (ident, typedef)))
}

fn names_of(idents: &[Ident]) -> BTreeSet<String> {
    idents.iter().map(ToString::to_string).collect()
}

/// The static that describes the type with this Rust name.
pub(super) fn type_static_ident(ident: &Ident) -> Ident {
    format_ident!("{}_TYPE", name::screaming(ident))
}

/// The static table of the children of the struct with this Rust name.
pub(super) fn children_static_ident(ident: &Ident) -> Ident {
    format_ident!("{}_CHILDREN", name::screaming(ident))
}
