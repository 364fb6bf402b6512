//! Likely mistakes that are no faults: names in expressions that the schema lacks, and leafs that no
//! value fits.

use std::slice::from_ref;

use super::leafref;
use super::tree::{Node, NodeId, Tree};
use crate::error::{Place, Warning};
use crate::model::{self, Model, NodeKind, Operation, QName, Type, TypeUse};
use crate::modules::Modules;
use crate::parse::Statement;
use crate::xpath;
use crate::xpath::resolve::{Missing, Nowhere};

/// The warnings of a model that was made of a tree.
pub(super) fn warnings(tree: &Tree<'_>, model: &Model) -> Vec<Warning> {
    let statements = Statements {
        modules: tree.modules(),
        tree,
    };
    let nowhere = xpath::resolve::nowhere(model).into_iter();
    let mut warnings: Vec<Warning> = nowhere.map(|found| statements.nowhere(found)).collect();
    let mut warned: Vec<Place> = Vec::new();
    for node in without_value(model) {
        let place = statements.type_of(&node);
        if !warned.contains(&place) {
            warned.push(place.clone());
            let path = path(&node);
            warnings.push(Warning::NoIdentity { place, path });
        }
    }
    warnings
}

/// The statements of the model's nodes.
struct Statements<'s, 'm> {
    modules: &'m Modules,
    tree: &'s Tree<'m>,
}

impl<'m> Statements<'_, 'm> {
    /// The warning of a name that the schema lacks.
    fn nowhere(&self, found: Nowhere) -> Warning {
        let nodes = self.nodes(&found.node);
        let statement = nodes
            .iter()
            .find_map(|id| self.expression(*id, found.keyword, &found.source));
        let defined = || {
            let first = nodes.first().and_then(|id| self.tree.get(*id));
            first.map(|node| node.statement)
        };
        let module = found.node.last().map_or("", |step| &*step.module);
        let place = self.place(statement.or_else(defined), module);
        let (path, keyword, expression) = (path(&found.node), found.keyword, found.source);
        match found.missing {
            Missing::Node(step) => Warning::NoSuchNode {
                place,
                path,
                keyword,
                expression,
                step,
            },
            Missing::Identity(identity) => Warning::NoSuchIdentity {
                place,
                path,
                keyword,
                expression,
                identity,
            },
        }
    }

    /// The place of the type of a leaf or leaf-list.
    fn type_of(&self, names: &[QName]) -> Place {
        let nodes = self.nodes(names);
        let node = nodes.first().and_then(|id| self.tree.get(*id));
        let module = names.last().map_or("", |step| &*step.module);
        self.place(node.and_then(|node| node.ty), module)
    }

    fn place(&self, statement: Option<Statement<'m>>, module: &str) -> Place {
        let id = statement.and_then(|statement| self.modules.module_of(statement));
        let of = id.and_then(|id| self.modules.module(id));
        let built_in = of.is_none_or(|module| module.built_in);
        let written = statement.filter(|_| !built_in);
        Place {
            file: written.map(|statement| statement.file().to_path_buf()),
            line: written.and_then(|statement| usize::try_from(statement.position().line).ok()),
            module: of.map_or(module, |module| &module.name).to_owned(),
        }
    }

    /// The nodes to which the names lead: an input and output have one name in the model.
    fn nodes(&self, names: &[QName]) -> Vec<NodeId> {
        let mut at: Vec<Option<NodeId>> = vec![None];
        for step in names {
            let Some(module) = self.modules.by_name(&step.module) else {
                return Vec::new();
            };
            let mut next: Vec<Option<NodeId>> = Vec::new();
            for parent in at {
                let mut around = vec![parent];
                match parent.and_then(|parent| self.tree.get(parent)) {
                    Some(node) if node.kind.is_operation() => {
                        around.extend(node.children.iter().copied().map(Some));
                    }
                    Some(_) => {}
                    None => {
                        let structures = self.tree.structures(module);
                        around.extend(structures.iter().copied().map(Some));
                        next.extend(self.tree.structure(module, &step.name).map(Some));
                    }
                }
                next.extend(around.into_iter().filter_map(|around| {
                    self.tree.data_child(around, module, &step.name).map(Some)
                }));
            }
            at = next;
        }
        at.into_iter().flatten().collect()
    }

    /// The statement of an expression of a node, of its choices and cases, or of its input or output.
    fn expression(&self, id: NodeId, keyword: &str, source: &str) -> Option<Statement<'m>> {
        let mut next = vec![id];
        while let Some(at) = next.pop() {
            let node = self.tree.get(at)?;
            let found = self.expressions(node, keyword).into_iter();
            let mut found = found.filter(|statement| statement.argument() == source);
            if let Some(found) = found.next() {
                return Some(found);
            }
            let is_part = |id: &NodeId| {
                let child = self.tree.get(*id);
                child.is_some_and(|child| child.kind.is_hidden() || node.kind.is_operation())
            };
            next.extend(node.children.iter().copied().filter(is_part));
        }
        None
    }

    fn expressions(&self, node: &Node<'m>, keyword: &str) -> Vec<Statement<'m>> {
        match keyword {
            "must" => node.must.clone(),
            "when" => node.when.iter().map(|when| when.statement).collect(),
            _ => node
                .ty
                .map(|ty| leafref::paths(self.modules, ty))
                .unwrap_or_default(),
        }
    }
}

/// The leafs and leaf-lists with an identityref that no identity of the model is for, each as the
/// names from the top.
fn without_value(model: &Model) -> Vec<Vec<QName>> {
    let mut found = Vec::new();
    for module in &model.modules {
        let operations = module.operations.iter().flat_map(Operation::parts);
        let tops = module.roots.iter().chain(&module.structures);
        for top in tops.chain(operations) {
            search(from_ref(top), &mut Vec::new(), &mut found);
        }
    }
    found
}

fn search(nodes: &[model::Node], above: &mut Vec<QName>, found: &mut Vec<Vec<QName>>) {
    for node in nodes {
        let depth = above.len();
        let part = match node.kind {
            NodeKind::Input { .. } => Some("input"),
            NodeKind::Output { .. } => Some("output"),
            _ => None,
        };
        let own = (!node.is_hidden()).then_some(&*node.name);
        above.extend(own.into_iter().chain(part).map(|name| QName {
            module: node.module.clone(),
            name: name.to_owned(),
        }));
        if let NodeKind::Leaf { ty, .. } | NodeKind::LeafList { ty, .. } = &node.kind
            && has_no_value(ty)
        {
            found.push(above.clone());
        }
        search(node.children(), above, found);
        for part in node.operations.iter().flat_map(Operation::parts) {
            search(from_ref(part), above, found);
        }
        above.truncate(depth);
    }
}

/// True for an identityref without identities. Not for a leafref to one: no remedy there.
fn has_no_value(ty: &TypeUse) -> bool {
    matches!(&ty.ty, Type::Identityref(identities) if identities.is_empty())
}

/// A schema path, with the module where it changes.
fn path(names: &[QName]) -> String {
    let mut text = String::new();
    let mut above = "";
    for QName { module, name } in names {
        text.push('/');
        if module != above {
            text.extend([module, ":"]);
            above = module;
        }
        text.push_str(name);
    }
    text
}
