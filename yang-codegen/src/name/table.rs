//! The Rust names of all modules, nodes and typedefs of a model, decided once.

use std::collections::{BTreeMap, HashMap};

use proc_macro2::Ident;

use super::{Style, assign, distinct, ident};
use crate::model::{Model, Module, Node, NodeKind, Operation, QName, Typedef};
use crate::settings::Parsed;

/// The names of a node, or of the rpc or action that its input node stands for.
#[derive(Clone)]
pub(crate) struct Names {
    /// The Rust module of what is below it.
    pub(crate) module: Ident,
    /// Its type.
    pub(crate) ty: Ident,
    /// Its field in the struct of its parent, or of whole data.
    pub(crate) field: Ident,
    /// Its variant in the enum of its choice.
    pub(crate) variant: Ident,
}

/// The names of a model.
pub(crate) struct Table<'m> {
    modules: BTreeMap<&'m str, Ident>,
    typedefs: BTreeMap<(&'m str, &'m str), (Ident, &'m Typedef)>,
    /// By the place of the node in memory: two structures may have the same path.
    nodes: HashMap<*const Node, Names>,
}

impl<'m> Table<'m> {
    /// Decides all names. A rename that takes the name of another type is noted in `settings`.
    pub(crate) fn new(model: &'m Model, settings: &Parsed) -> Self {
        let names: Vec<&str> = model.modules.iter().map(|module| &*module.name).collect();
        let modules = assign(&names, Style::Module, &[]);
        let mut walk = Walk {
            settings,
            nodes: HashMap::new(),
        };
        for module in &model.modules {
            walk.module(module);
        }
        walk.whole_data(model);
        Self {
            modules: names.into_iter().zip(modules).collect(),
            typedefs: model.modules.iter().flat_map(typedefs).collect(),
            nodes: walk.nodes,
        }
    }

    /// The Rust module of a YANG module.
    pub(crate) fn module(&self, name: &str) -> Ident {
        let known = self.modules.get(name);
        known.map_or_else(|| ident(name, Style::Module), Ident::clone)
    }

    /// The names of a node of the model.
    pub(crate) fn node(&self, node: &Node) -> Names {
        let known = self.nodes.get(&std::ptr::from_ref(node));
        known.map_or_else(|| plain(node), Names::clone)
    }

    /// The definition of a typedef.
    pub(crate) fn find_typedef(&self, name: &QName) -> Option<&'m Typedef> {
        let found = self.typedefs.get(&(&*name.module, &*name.name));
        found.map(|(_, typedef)| *typedef)
    }

    /// The type of a typedef.
    pub(crate) fn typedef(&self, name: &QName) -> Ident {
        let found = self.typedefs.get(&(&*name.module, &*name.name));
        found.map_or_else(
            || ident(&name.name, Style::Type),
            |(ident, _)| ident.clone(),
        )
    }
}

/// The names of a node with nothing beside it.
fn plain(node: &Node) -> Names {
    let name = |style| ident(&node.name, style);
    Names {
        module: name(Style::Module),
        ty: name(Style::Type),
        field: name(Style::Field),
        variant: name(Style::Variant),
    }
}

/// The types of a module's typedefs. They and the top-level nodes share one Rust module; the typedefs
/// come first, so that a node's arrival does not rename a typedef. The names of those that are not
/// used count too, so that their use does not rename others.
pub(crate) fn typedef_idents(module: &Module) -> BTreeMap<&str, Ident> {
    let names: Vec<&str> = module.typedef_names.iter().map(String::as_str).collect();
    let idents = assign(&names, Style::Type, &[]);
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

/// The walk over the nodes, a group of siblings at a time.
struct Walk<'s> {
    settings: &'s Parsed,
    nodes: HashMap<*const Node, Names>,
}

/// The names that are taken in a Rust module.
struct Taken {
    types: Vec<Ident>,
    modules: Vec<Ident>,
}

impl Walk<'_> {
    fn module(&mut self, module: &Module) {
        let types = typedef_idents(module).into_values().collect();
        let mut taken = self.group(&module.roots, &module.operations, types, "");
        // Their names come last, one after the other, since two templates may each have a node of the
        // same name.
        for node in &module.structures {
            self.siblings(&[node], "", &mut taken);
            self.below(node, "");
        }
    }

    /// The fields of whole data, which has the top-level nodes of all modules.
    fn whole_data(&mut self, model: &Model) {
        let nodes = model.modules.iter().flat_map(|module| &module.roots);
        let nodes: Vec<&Node> = nodes.collect();
        let fields = idents(&nodes, Style::Field, None, &[]);
        for (node, field) in nodes.into_iter().zip(fields) {
            if let Some(names) = self.nodes.get_mut(&std::ptr::from_ref(node)) {
                names.field = field;
            }
        }
    }

    /// Nodes with one parent and the operations beside them, in a Rust module in which `types` are
    /// taken. The nodes come first, so that an operation's arrival does not rename a node.
    fn group(
        &mut self,
        nodes: &[Node],
        operations: &[Operation],
        types: Vec<Ident>,
        path: &str,
    ) -> Taken {
        let home = last_module(path);
        let nodes: Vec<&Node> = nodes.iter().collect();
        let mut taken = Taken {
            types,
            modules: Vec::new(),
        };
        let unnamed = idents(&nodes, Style::Type, home, &taken.types);
        self.siblings(&nodes, path, &mut taken);
        // The name that a rename took from a node stays free.
        taken.types.extend(unnamed);
        let operations_of: Vec<&Node> = operations.iter().map(Operation::node).collect();
        self.siblings(&operations_of, path, &mut taken);
        for node in nodes
            .into_iter()
            .chain(operations.iter().flat_map(Operation::parts))
        {
            self.below(node, path);
        }
        taken
    }

    fn below(&mut self, node: &Node, path: &str) {
        let path = path_below(node, path_of(node, path));
        self.group(node.children(), &node.operations, Vec::new(), &path);
    }

    /// Names nodes that stand beside each other, and takes their names.
    fn siblings(&mut self, nodes: &[&Node], path: &str, taken: &mut Taken) {
        let home = last_module(path);
        let types = self.types(nodes, path, &taken.types);
        let modules = idents(nodes, Style::Module, home, &taken.modules);
        let fields = idents(nodes, Style::Field, home, &[]);
        let variants = idents(nodes, Style::Variant, home, &[]);
        taken.types.extend(types.iter().cloned());
        taken.modules.extend(modules.iter().cloned());
        let names = types.into_iter().zip(modules).zip(fields).zip(variants);
        for (node, (((ty, module), field), variant)) in nodes.iter().zip(names) {
            let names = Names {
                module,
                ty,
                field,
                variant,
            };
            self.nodes.insert(std::ptr::from_ref(*node), names);
        }
    }

    /// The types of siblings, settings included.
    fn types(&self, nodes: &[&Node], path: &str, reserved: &[Ident]) -> Vec<Ident> {
        let mut idents = idents(nodes, Style::Type, last_module(path), reserved);
        let mut renamed = Vec::new();
        for (at, (node, slot)) in nodes.iter().zip(&mut idents).enumerate() {
            let path = path_of(node, path);
            if let Some(ident) = self.settings.renamed(&path) {
                slot.clone_from(&ident);
                renamed.push((at, path, ident));
            }
        }
        for (at, path, ident) in renamed {
            let others = idents.iter().enumerate().filter(|(other, _)| *other != at);
            let mut others = others.map(|(_, other)| other).chain(reserved);
            if others.any(|other| *other == ident) {
                self.settings.refuse_name(path, &ident);
            }
        }
        idents
    }
}

/// The names of siblings of which `home` is the module of the parent.
fn idents(nodes: &[&Node], style: Style, home: Option<&str>, reserved: &[Ident]) -> Vec<Ident> {
    let names: Vec<_> = nodes
        .iter()
        .map(|node| (&*node.module, &*node.name))
        .collect();
    let names = distinct(&names, home);
    let names: Vec<&str> = names.iter().map(String::as_str).collect();
    let reserved: Vec<String> = reserved.iter().map(ToString::to_string).collect();
    let reserved: Vec<&str> = reserved.iter().map(String::as_str).collect();
    assign(&names, style, &reserved)
}

/// The module of the innermost node of a path.
pub(crate) fn last_module(path: &str) -> Option<&str> {
    let named = path.rsplit('/').find_map(|step| step.split_once(':'));
    named.map(|(module, _)| module)
}

/// The schema path of a node below that at `path`: with the module where it changes (RFC 7951
/// section 6.11).
pub(crate) fn path_of(node: &Node, path: &str) -> String {
    format!("{path}/{}", name_in(last_module(path), node))
}

/// The path of what is in the node at `path`.
pub(crate) fn path_below(node: &Node, path: String) -> String {
    match node.kind {
        NodeKind::Input { .. } => path + "/input",
        NodeKind::Output { .. } => path + "/output",
        _ => path,
    }
}

/// The name of a node below one of `module`: with its own module where that is another one.
pub(crate) fn name_in(module: Option<&str>, node: &Node) -> String {
    if module == Some(node.module.as_str()) {
        node.name.clone()
    } else {
        format!("{}:{}", node.module, node.name)
    }
}
