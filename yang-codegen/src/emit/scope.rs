//! The places of items in the generated source, and the paths from one to another.

use std::cell::RefCell;
use std::collections::{BTreeMap, BTreeSet};
use std::ops::Range;
use std::rc::Rc;

use proc_macro2::{Ident, Literal, TokenStream};
use quote::{format_ident, quote};

use super::items::Statics;
use super::shared::Shared;
use crate::model::{Model, Module, Node, NodeKind, Operation, QName, Typedef};
use crate::name::{self, Style};
use crate::settings::Parsed;
use crate::sid::Sids;

/// The place of the items of one node's children: the Rust module that holds them.
pub(super) struct Scope<'m> {
    model: &'m Model,
    module_idents: &'m [Ident],
    settings: &'m Parsed,
    sids: &'m Sids,
    /// The YANG module whose items stand here; none at the top of the source.
    module: Option<&'m Module>,
    runtime: TokenStream,
    shared: &'m Shared,
    typedefs: Rc<Typedefs<'m>>,
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

/// The typedefs of all modules with their Rust names, by module and name.
type Typedefs<'m> = BTreeMap<(&'m str, &'m str), (Ident, &'m Typedef)>;

impl<'m> Scope<'m> {
    /// The top of the source, where the YANG modules stand.
    pub(super) fn new(
        model: &'m Model,
        module_idents: &'m [Ident],
        settings: &'m Parsed,
        sids: &'m Sids,
        shared: &'m Shared,
    ) -> Self {
        Self {
            model,
            module_idents,
            settings,
            sids,
            shared,
            module: None,
            runtime: settings.runtime_path(),
            typedefs: Rc::new(model.modules.iter().flat_map(typedefs).collect()),
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
        let (mut types, mut modules) = scope.taken(module);
        for (ty, module) in scope.structure_idents(module) {
            types.push(ty);
            modules.push(module);
        }
        scope.types = Rc::new(names_of(&types));
        scope.modules = Rc::new(names_of(&modules));
        scope
    }

    /// The inside of a Rust module for an rpc or action, which stands here.
    pub(super) fn inside(&self, module: &Ident) -> Self {
        Self {
            runtime: self.runtime.clone(),
            typedefs: Rc::clone(&self.typedefs),
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
            typedefs: Rc::clone(&self.typedefs),
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
        let mut types = scope.type_idents(node.children());
        let mut modules = scope.module_idents_of(node.children());
        for (ty, module) in scope.operation_idents(node.children(), &node.operations) {
            types.push(ty);
            modules.push(module);
        }
        scope.types = Rc::new(names_of(&types));
        scope.modules = Rc::new(names_of(&modules));
        scope
    }

    /// The place from which the runtime's macros are called: the top of the YANG module, or of the
    /// source.
    pub(super) fn of_calls(&self) -> Self {
        Self {
            runtime: self.runtime.clone(),
            typedefs: Rc::clone(&self.typedefs),
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

    /// Returns true at the top of a YANG module.
    pub(super) const fn is_top(&self) -> bool {
        self.depth == 1
    }

    pub(super) fn runtime(&self) -> TokenStream {
        self.runtime.clone()
    }

    /// The schema path of a child: with the module where it changes (RFC 7951 section 6.11).
    pub(super) fn path_of(&self, node: &Node) -> String {
        format!("{}/{}", self.path, name_in(self.path_module(), node))
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

    /// The module of the innermost node of the path.
    fn path_module(&self) -> Option<&str> {
        last_module(&self.path)
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
        let top = self.top();
        let at = self
            .model
            .modules
            .iter()
            .position(|module| module.name == name);
        let ident = at.and_then(|at| self.module_idents.get(at));
        match (&self.imports, ident) {
            (Some(imports), Some(ident)) if !self.modules.contains(&ident.to_string()) => {
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

    /// The type names of sibling nodes, settings included.
    pub(super) fn type_idents(&self, nodes: &[Node]) -> Vec<Ident> {
        self.types(nodes, &self.typedefs_here())
    }

    fn types<'n>(
        &self,
        nodes: impl IntoIterator<Item = &'n Node> + Clone,
        reserved: &[Ident],
    ) -> Vec<Ident> {
        let mut idents = self.idents(nodes.clone(), Style::Type, reserved);
        let renamed: Vec<(usize, String, Ident)> = nodes
            .into_iter()
            .enumerate()
            .filter_map(|(at, node)| {
                let path = self.path_of(node);
                let ident = self.settings.renamed(&path)?;
                Some((at, path, ident))
            })
            .collect();
        for (at, _, ident) in &renamed {
            if let Some(slot) = idents.get_mut(*at) {
                slot.clone_from(ident);
            }
        }
        for (at, path, ident) in renamed {
            let others = idents.iter().enumerate().filter(|(other, _)| *other != at);
            if others
                .map(|(_, other)| other)
                .chain(reserved)
                .any(|other| *other == ident)
            {
                self.settings.refuse_name(path, &ident);
            }
        }
        idents
    }

    /// The types of typedefs that stand here.
    fn typedefs_here(&self) -> Vec<Ident> {
        let module = self.module.filter(|_| self.is_top());
        let typedefs = module.into_iter().flat_map(typedef_idents);
        typedefs.map(|(_, ident)| ident).collect()
    }

    /// The types and the Rust modules of operations beside `nodes`, which come first, so that an
    /// operation's arrival does not rename a node.
    pub(super) fn operation_idents(
        &self,
        nodes: &[Node],
        operations: &[Operation],
    ) -> Vec<(Ident, Ident)> {
        let mut types = self.typedefs_here();
        types.extend(self.idents(nodes, Style::Type, &types));
        types.extend(self.type_idents(nodes));
        let modules = self.module_idents_of(nodes);
        let operations = operations.iter().map(Operation::node);
        let types = self.types(operations.clone(), &types);
        let modules = self.idents(operations, Style::Module, &modules);
        types.into_iter().zip(modules).collect()
    }

    /// The types and the Rust modules of a module's structures, whose names come last: one after the
    /// other, since two templates may each have a node of the same name.
    pub(super) fn structure_idents(&self, module: &Module) -> Vec<(Ident, Ident)> {
        let (mut types, mut modules) = self.taken(module);
        let before = types.len();
        let modules_before = modules.len();
        for node in &module.structures {
            types.extend(self.types([node], &types));
            modules.extend(self.idents([node], Style::Module, &modules));
        }
        let modules = modules.into_iter().skip(modules_before);
        types.into_iter().skip(before).zip(modules).collect()
    }

    /// The names of all types at the top of a module.
    pub(super) fn taken_types(&self, module: &Module) -> Vec<String> {
        let (mut types, _) = self.taken(module);
        let structures = self.structure_idents(module).into_iter();
        types.extend(structures.map(|(ty, _)| ty));
        types.iter().map(ToString::to_string).collect()
    }

    /// The names of the types of a module's typedefs, nodes and operations, and those of the Rust
    /// modules.
    fn taken(&self, module: &Module) -> (Vec<Ident>, Vec<Ident>) {
        let operations = self.operation_idents(&module.roots, &module.operations);
        let (operation_types, operation_modules): (Vec<_>, Vec<_>) = operations.into_iter().unzip();
        let mut types = self.typedefs_here();
        types.extend(self.type_idents(&module.roots));
        types.extend(operation_types);
        let mut modules = self.module_idents_of(&module.roots);
        modules.extend(operation_modules);
        (types, modules)
    }

    /// The names of the Rust modules for the types below sibling nodes.
    pub(super) fn module_idents_of(&self, nodes: &[Node]) -> Vec<Ident> {
        self.idents(nodes, Style::Module, &[])
    }

    /// The variants of the cases of a choice.
    pub(super) fn variant_idents(&self, cases: &[Node]) -> Vec<Ident> {
        self.idents(cases, Style::Variant, &[])
    }

    /// The field names of sibling nodes.
    pub(super) fn field_idents<'n>(&self, nodes: impl IntoIterator<Item = &'n Node>) -> Vec<Ident> {
        self.idents(nodes, Style::Field, &[])
    }

    /// The names of sibling nodes whose parent is that of this place.
    fn idents<'n>(
        &self,
        nodes: impl IntoIterator<Item = &'n Node>,
        style: Style,
        reserved: &[Ident],
    ) -> Vec<Ident> {
        let nodes = nodes.into_iter();
        let names: Vec<_> = nodes.map(|node| (&*node.module, &*node.name)).collect();
        let names = name::distinct(&names, self.path_module());
        let names: Vec<&str> = names.iter().map(String::as_str).collect();
        let reserved: Vec<String> = reserved.iter().map(ToString::to_string).collect();
        let reserved: Vec<&str> = reserved.iter().map(String::as_str).collect();
        name::assign(&names, style, &reserved)
    }
}

/// The module of the innermost node of a path.
fn last_module(path: &str) -> Option<&str> {
    let named = path.rsplit('/').find_map(|step| step.split_once(':'));
    named.map(|(module, _)| module)
}

/// The path of what is in the node at `path`.
fn path_below(node: &Node, path: String) -> String {
    match node.kind {
        NodeKind::Input { .. } => path + "/input",
        NodeKind::Output { .. } => path + "/output",
        _ => path,
    }
}

/// The name of a node below one of `module`: with its own module where that is another one.
fn name_in(module: Option<&str>, node: &Node) -> String {
    if module == Some(node.module.as_str()) {
        node.name.clone()
    } else {
        format!("{}:{}", node.module, node.name)
    }
}

/// The typedefs and the top-level nodes of a module share one Rust module; the typedefs come first,
/// so that a node's arrival does not rename a typedef. The names of those that are not used count
/// too, so that their use does not rename others.
fn typedef_idents(module: &Module) -> BTreeMap<&str, Ident> {
    let names: Vec<&str> = module.typedef_names.iter().map(String::as_str).collect();
    let idents = name::assign(&names, Style::Type, &[]);
    names.into_iter().zip(idents).collect()
}

/// The typedefs that are used, with their Rust names.
fn typedefs(module: &Module) -> impl Iterator<Item = ((&str, &str), (Ident, &Typedef))> {
    let mut idents = typedef_idents(module);
    module.typedefs.iter().filter_map(move |typedef| {
        let ident = idents.remove(&*typedef.name)?;
        Some(((&*module.name, &*typedef.name), (ident, typedef)))
    })
}

fn names_of(idents: &[Ident]) -> BTreeSet<String> {
    idents.iter().map(ToString::to_string).collect()
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
