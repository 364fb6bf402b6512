//! The tree to the model.

mod rules;

use std::collections::BTreeSet;

use super::attributes;
use super::docs::docs;
use super::structure;
use super::tree::{Kind, Node, NodeId, Tree};
use super::types::Types;
use crate::fault::Faults;
use crate::model::{
    self, Annotation, Call, Docs, Extension, Feature, Identity, Model, NodeKind, Operation, QName,
    Rules, TypeUse, When,
};
use crate::modules::{self, ModuleId, Modules};
use crate::parse::{Instance, Keyword, Statement};

/// The conversion of a tree.
pub(super) struct Conversion<'c, 'm> {
    pub(super) modules: &'m Modules,
    pub(super) tree: &'c Tree<'m>,
    pub(super) types: &'c Types<'m>,
    pub(super) faults: &'c mut Faults,
    /// The typedefs that were met.
    pub(super) used: BTreeSet<QName>,
}

impl<'m> Conversion<'_, 'm> {
    /// The model of the `wanted` modules and of all that they import. Of a module in several
    /// revisions, it has the implemented one.
    pub(super) fn model(mut self, wanted: &[ModuleId]) -> Model {
        let converted: Vec<_> = wanted.iter().map(|id| self.content(*id)).collect();
        self.types.close_over(&mut self.used);
        let mut modules = Vec::new();
        for (id, content) in wanted.iter().zip(converted) {
            let Some(named) = self.module(*id) else {
                continue;
            };
            modules.push(model::Module {
                implemented: true,
                roots: content.roots,
                operations: content.operations,
                structures: content.structures,
                annotations: content.annotations,
                extensions: content.extensions,
                ..named
            });
        }
        for id in self.imported(wanted) {
            modules.extend(self.module(id));
        }
        modules.sort_by(|one, other| one.name.cmp(&other.name));
        Model { modules }
    }

    /// The imports of these modules, and theirs in turn, without these.
    fn imported(&self, wanted: &[ModuleId]) -> Vec<ModuleId> {
        let mut all: Vec<ModuleId> = wanted.to_vec();
        let mut seen: BTreeSet<ModuleId> = all.iter().copied().collect();
        let mut next = 0;
        while let Some(id) = all.get(next).copied() {
            let imports = self.modules.imports(id);
            all.extend(imports.filter(|import| seen.insert(*import)));
            next += 1;
        }
        let is_held = |id: &ModuleId| {
            let module = self.modules.module(*id);
            module.is_some_and(|module| self.modules.by_name(&module.name) == Some(*id))
        };
        all.split_off(wanted.len().min(all.len()))
            .into_iter()
            .filter(is_held)
            .collect()
    }

    /// A module without its nodes.
    fn module(&mut self, id: ModuleId) -> Option<model::Module> {
        let (modules, module) = (self.modules, self.modules.module(id)?);
        let statement = modules.statement(id)?;
        let submodules = modules.submodules(id);
        let name = |id: ModuleId| modules.name(id).to_owned();
        let typedefs = modules.all(id, Keyword::Typedef);
        Some(model::Module {
            name: module.name.clone(),
            revision: module.revision.clone(),
            namespace: module.namespace.clone(),
            prefix: module.prefix.clone(),
            implemented: false,
            partial: false,
            submodules: submodules
                .map(|(name, revision)| model::Submodule {
                    name: name.to_owned(),
                    revision: revision.map(ToOwned::to_owned),
                })
                .collect(),
            deviated_by: modules.deviated_by(id).map(name).collect(),
            docs: docs(statement),
            features: modules
                .all(id, Keyword::Feature)
                .map(|feature| Feature {
                    name: feature.argument().to_owned(),
                    enabled: module.features.get(feature.argument()) == Some(&true),
                    docs: docs(feature),
                })
                .collect(),
            identities: modules
                .identities(id)
                .map(|identity| self.identity(identity))
                .collect(),
            typedef_names: typedefs
                .map(|typedef| typedef.argument().to_owned())
                .collect(),
            typedefs: self.types.typedefs(self.tree, id, &self.used, self.faults),
            roots: Vec::new(),
            operations: Vec::new(),
            structures: Vec::new(),
            annotations: Vec::new(),
            extensions: Vec::new(),
        })
    }

    fn identity(&self, identity: modules::Identity<'m>) -> Identity {
        let bases = self.modules.bases(identity);
        Identity {
            name: identity.name().to_owned(),
            bases: bases
                .map(|base| self.qualified(base.module, base.name()))
                .collect(),
            docs: docs(identity.statement),
        }
    }

    fn qualified(&self, module: ModuleId, name: &str) -> QName {
        QName {
            module: self.modules.name(module).to_owned(),
            name: name.to_owned(),
        }
    }

    /// The top of a module.
    fn content(&mut self, id: ModuleId) -> Content {
        let mut content = Content::default();
        let mut operations = Vec::new();
        for top in self.tree.top(id) {
            match self.tree.get(*top) {
                Some(node) if node.kind.is_operation() => operations.push((*top, node)),
                Some(node) => content.roots.extend(self.node(*top, node)),
                None => {}
            }
        }
        operations.sort_by_key(|(_, node)| node.kind == Kind::Notification);
        for (id, node) in operations {
            content.operations.extend(self.operation(id, node));
        }
        self.extensions(id, &mut content);
        content
    }

    /// The extensions at the top of a module, structures and annotations among them.
    fn extensions(&mut self, id: ModuleId, content: &mut Content) {
        let mut structures = self.tree.structures(id).iter().copied();
        for instance in self.modules.all(id, Keyword::Extension) {
            match structure::known(self.modules, instance) {
                Some(Instance::Structure) => {
                    let structure = structures.next();
                    content
                        .structures
                        .extend(structure.and_then(|id| self.structure(id)));
                }
                Some(Instance::YangData) => {
                    if let Some(id) = structures.next() {
                        self.template(id, &mut content.structures);
                    }
                }
                Some(Instance::Annotation) => content.annotations.extend(self.annotation(instance)),
                _ => content.extensions.extend(self.extension(instance)),
            }
        }
        let module = self.modules.module(id);
        let attributes = module.map(attributes::of_module).unwrap_or_default();
        content.annotations.extend(attributes);
    }

    /// A structure is encoded as a container of its name (RFC 8791 section 4).
    fn structure(&mut self, id: NodeId) -> Option<model::Node> {
        let node = self.tree.get(id)?;
        let description = node.description.map(|text| text.argument().to_owned());
        let rules = Rules {
            must: self.musts(id, node),
            ..Rules::default()
        };
        let kind = NodeKind::Container {
            presence: true,
            children: self.nodes(&node.children),
        };
        Some(model::Node {
            docs: Docs {
                description,
                ..Docs::default()
            },
            config: true,
            extensions: Vec::new(),
            ..self.converted(node, rules, kind)
        })
    }

    /// The containers that a data template can be, of which a choice has several (RFC 8040 section 8).
    fn template(&mut self, id: NodeId, found: &mut Vec<model::Node>) {
        let Some(node) = self.tree.get(id) else {
            return;
        };
        for child in &node.children {
            match self.tree.get(*child) {
                Some(node) if node.kind.is_hidden() => self.template(*child, found),
                Some(node) => found.extend(self.node(*child, node)),
                None => {}
            }
        }
    }

    fn annotation(&mut self, instance: Statement<'m>) -> Option<Annotation> {
        if !self.modules.is_enabled(instance) {
            return None;
        }
        let ty = instance.child(Keyword::Type)?;
        let ty = self
            .types
            .type_use(self.tree, None, ty, &mut self.used, self.faults)?;
        Some(Annotation {
            name: instance.argument().to_owned(),
            ty,
        })
    }

    fn extension(&self, instance: Statement<'m>) -> Option<Extension> {
        let (module, name) = self.modules.extension(instance)?;
        Some(Extension {
            name: self.qualified(module, name),
            argument: instance.argument_if_any().map(ToOwned::to_owned),
        })
    }

    fn operation(&mut self, id: NodeId, node: &Node<'m>) -> Option<Operation> {
        if node.kind == Kind::Notification {
            return self.node(id, node).map(Operation::Notification);
        }
        let [input, output] = *node.children.as_slice() else {
            return None;
        };
        // The conditions are the action's, the constraints those of its input and output. When the
        // reply comes, the conditions may have changed: what counts is that the action was called.
        let when = self.whens(id, node);
        let call = Call {
            input: self.part(node, input, when)?,
            output: self.part(node, output, Vec::new())?,
        };
        Some(match node.kind {
            Kind::Action => Operation::Action(call),
            _ => Operation::Rpc(call),
        })
    }

    /// The input or output of an rpc or action, under the name of that.
    fn part(&mut self, call: &Node<'m>, id: NodeId, when: Vec<When>) -> Option<model::Node> {
        let part = self.tree.get(id)?;
        let children = self.nodes(&part.children);
        let rules = Rules {
            when,
            must: self.musts(id, part),
            ..Rules::default()
        };
        let kind = match part.kind {
            Kind::Input => NodeKind::Input { children },
            _ => NodeKind::Output { children },
        };
        Some(self.converted(call, rules, kind))
    }

    fn nodes(&mut self, ids: &[NodeId]) -> Vec<model::Node> {
        let mut nodes = Vec::with_capacity(ids.len());
        for id in ids {
            if let Some(node) = self.tree.get(*id) {
                nodes.extend(self.node(*id, node));
            }
        }
        nodes
    }

    fn node(&mut self, id: NodeId, node: &Node<'m>) -> Option<model::Node> {
        let rules = self.rules(id, node);
        let kind = self.kind(id, node)?;
        let operations = node.operations.iter().filter_map(|operation| {
            let node = self.tree.get(*operation)?;
            self.operation(*operation, node)
        });
        Some(model::Node {
            operations: operations.collect(),
            ..self.converted(node, rules, kind)
        })
    }

    fn kind(&mut self, id: NodeId, node: &Node<'m>) -> Option<NodeKind> {
        Some(match node.kind {
            Kind::Container | Kind::Structure => NodeKind::Container {
                presence: node.presence.is_some(),
                children: self.nodes(&node.children),
            },
            Kind::List => NodeKind::List {
                keys: self.keys(node),
                children: self.nodes(&node.children),
            },
            Kind::Leaf => NodeKind::Leaf {
                ty: self.type_use(id, node)?,
                mandatory: node.is_mandatory() || node.is_key,
                default: self.defaults(id, node).pop(),
                units: self.units(node),
            },
            Kind::LeafList => NodeKind::LeafList {
                ty: self.type_use(id, node)?,
                defaults: self.defaults(id, node),
                units: self.units(node),
            },
            Kind::Choice => NodeKind::Choice {
                mandatory: node.is_mandatory(),
                default: self.default_case(node),
                cases: self.nodes(&node.children),
            },
            Kind::Case => NodeKind::Case {
                children: self.nodes(&node.children),
            },
            Kind::Anydata | Kind::Anyxml => NodeKind::Any {
                xml: node.kind == Kind::Anyxml,
                mandatory: node.is_mandatory(),
            },
            Kind::Notification => NodeKind::Notification {
                children: self.nodes(&node.children),
            },
            Kind::Rpc | Kind::Action | Kind::Input | Kind::Output => return None,
        })
    }

    fn converted(&self, node: &Node<'m>, rules: Rules, kind: NodeKind) -> model::Node {
        let text =
            |statement: Option<Statement<'m>>| statement.map(|text| text.argument().to_owned());
        let extensions = node.extensions.iter();
        model::Node {
            name: node.name.to_owned(),
            module: self.modules.name(node.module).to_owned(),
            docs: Docs {
                description: text(node.description),
                reference: text(node.reference),
                status: node.status,
            },
            config: node.config,
            partial: false,
            rules,
            extensions: extensions
                .filter_map(|instance| self.extension(*instance))
                .collect(),
            operations: Vec::new(),
            kind,
        }
    }

    fn keys(&self, node: &Node<'m>) -> Vec<String> {
        let children = node.children.iter().filter_map(|id| self.tree.get(*id));
        let keys = children.take_while(|child| child.is_key);
        keys.map(|key| key.name.to_owned()).collect()
    }

    fn type_use(&mut self, id: NodeId, node: &Node<'m>) -> Option<TypeUse> {
        self.types
            .type_use(self.tree, Some(id), node.ty?, &mut self.used, self.faults)
    }

    fn units(&self, node: &Node<'m>) -> Option<String> {
        let units = node
            .units
            .or_else(|| self.types.units_of_typedefs(node.ty?));
        units.map(|units| units.argument().to_owned())
    }

    /// The defaults that count, those of typedefs included, in canonical form (RFC 7950 sections 7.6.1
    /// and 7.7.2).
    fn defaults(&mut self, id: NodeId, node: &Node<'m>) -> Vec<String> {
        let (Some(ty), false) = (node.ty, node.is_key) else {
            return Vec::new();
        };
        let mut defaults = node.defaults.clone();
        let must_exist = node.is_mandatory() || node.fewest() > 0;
        if defaults.is_empty() && !must_exist {
            defaults.extend(self.types.default_of_typedefs(ty));
        }
        let (mut values, mut seen) = (Vec::new(), BTreeSet::new());
        for statement in defaults {
            let value = self
                .types
                .default(self.tree, Some(id), ty, statement, self.faults);
            let Some(value) = value else { continue };
            if node.config && !seen.insert(value.clone()) {
                let message = format!(
                    "the leaf-list has the default \"{value}\" already, and its values are unique, \
                     as it is configuration; take one away"
                );
                self.faults.at(statement, "RFC 7950 section 7.7", message);
            }
            values.push(value);
        }
        values
    }

    /// The place of a choice's default case.
    fn default_case(&self, node: &Node<'m>) -> Option<usize> {
        let default = *node.defaults.first()?;
        let case = super::check::default_case(self.modules, self.tree, node, default)?;
        node.children.iter().position(|id| *id == case)
    }
}

/// The top of a module in the model.
#[derive(Default)]
struct Content {
    roots: Vec<model::Node>,
    operations: Vec<Operation>,
    structures: Vec<model::Node>,
    annotations: Vec<Annotation>,
    extensions: Vec<Extension>,
}
