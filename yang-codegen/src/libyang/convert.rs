//! From libyang's compiled schema to the model. What has no form in the model is an error.

mod structure;

use std::collections::BTreeSet;

use super::docs::docs;
use super::own;
use super::place::Places;
use super::problem::Problem;
use super::raw::{Context, Keyword, Module, Node};
use super::rules;
use super::types;
use crate::error::Error;
use crate::model::{self, Call, Feature, Identity, Model, NodeKind, Operation, QName, Rules};

/// The model of the modules that are `wanted`, with the typedefs that they use from others, and
/// the typedefs in `all_of` whether they are used or not.
pub(super) fn model(
    context: &Context,
    wanted: impl Fn(&Module<'_>) -> bool + Copy,
    all_of: &[QName],
) -> Result<Model, Error> {
    let mut used = BTreeSet::new();
    let mut modules = Vec::new();
    for module in context
        .modules()
        .into_iter()
        .filter(|module| wanted(module))
    {
        let walk = Walk {
            context,
            module,
            used: &mut used,
            path: Vec::new(),
        };
        let top = walk.top()?;
        let extensions = structure::at_top(context, module, &mut used)?;
        modules.push((module, top, extensions));
    }
    used.extend(all_of.iter().cloned());
    types::close_over_typedefs(context, &mut used);
    with_imported(context, modules, wanted, &used)
}

/// The modules without nodes, for a list of modules.
pub(super) fn library(
    context: &Context,
    wanted: impl Fn(&Module<'_>) -> bool + Copy,
) -> Result<Model, Error> {
    let modules = context.modules().into_iter();
    let modules = modules
        .filter(|module| wanted(module))
        .map(|module| (module, Default::default(), structure::AtTop::default()));
    with_imported(context, modules.collect(), wanted, &BTreeSet::new())
}

/// The top-level data nodes of a module, and its rpcs and notifications.
type Top = (Vec<model::Node>, Vec<Operation>);

/// The modules with their nodes, and their imports.
fn with_imported(
    context: &Context,
    modules: Vec<(Module<'_>, Top, structure::AtTop)>,
    wanted: impl Fn(&Module<'_>) -> bool,
    used: &BTreeSet<QName>,
) -> Result<Model, Error> {
    let mut result: Vec<model::Module> = modules
        .into_iter()
        .map(|(module, (roots, operations), extensions)| {
            let converted = convert_module(context, module, true, used)?;
            Ok(model::Module {
                roots,
                operations,
                structures: extensions.structures,
                annotations: extensions.annotations,
                extensions: extensions.others,
                ..converted
            })
        })
        .collect::<Result<_, Error>>()?;
    for module in imported(context, wanted) {
        if context.holds(module) && !result.iter().any(|known| known.name == module.name()) {
            result.push(convert_module(context, module, false, used)?);
        }
    }
    result.sort_by(|one, other| one.name.cmp(&other.name));
    Ok(Model { modules: result })
}

/// The imports of the `wanted` modules, and theirs in turn. Of a module in several revisions, the
/// one that the model has.
pub(super) fn imported<'c>(
    context: &'c Context,
    wanted: impl Fn(&Module<'_>) -> bool,
) -> Vec<Module<'c>> {
    let mut all: Vec<Module<'c>> = context.modules();
    all.retain(|module| wanted(module));
    let mut next = 0;
    while let Some(module) = all.get(next).copied() {
        for import in module.imports() {
            if !all.iter().any(|known| known.is(import)) {
                all.push(import);
            }
        }
        next += 1;
    }
    all.retain(|module| context.holds(*module));
    all
}

fn submodules(module: Module<'_>) -> Vec<model::Submodule> {
    let submodules = module.submodule_revisions().into_iter();
    submodules
        .map(|(name, revision)| model::Submodule {
            name: name.to_owned(),
            revision: revision.map(ToOwned::to_owned),
        })
        .collect()
}

/// A module without its nodes.
fn convert_module(
    context: &Context,
    module: Module<'_>,
    implemented: bool,
    used: &BTreeSet<QName>,
) -> Result<model::Module, Error> {
    let identity = |identity: super::raw::Identity<'_>| Identity {
        name: identity.name.to_owned(),
        bases: identity
            .bases
            .iter()
            .map(|base| resolve(module, base))
            .collect(),
        docs: docs(identity.docs),
    };
    let feature = |feature: super::raw::Feature<'_>| Feature {
        name: feature.name.to_owned(),
        enabled: feature.enabled,
        docs: docs(feature.docs),
    };
    Ok(model::Module {
        name: module.name().to_owned(),
        revision: module.revision().map(ToOwned::to_owned),
        namespace: module.namespace().to_owned(),
        prefix: module.prefix().to_owned(),
        implemented,
        partial: false,
        submodules: submodules(module),
        deviated_by: names_of(module.deviated_by().into_iter()),
        docs: docs(module.docs()),
        features: module.features().into_iter().map(feature).collect(),
        identities: module.identities().into_iter().map(identity).collect(),
        typedef_names: names_of(module.typedefs().into_iter().map(super::raw::Typedef::name)),
        typedefs: types::typedefs(context, module, used)?,
        roots: Vec::new(),
        operations: Vec::new(),
        structures: Vec::new(),
        annotations: Vec::new(),
        extensions: Vec::new(),
    })
}

fn names_of<'n>(names: impl Iterator<Item = &'n str>) -> Vec<String> {
    names.map(ToOwned::to_owned).collect()
}

/// The name that a reference in a module's text means.
fn resolve(module: Module<'_>, reference: &str) -> QName {
    let (owner, name) = match reference.split_once(':') {
        Some((prefix, name)) => (module.by_prefix(prefix).unwrap_or(module), name),
        None => (module, reference),
    };
    QName {
        module: owner.name().to_owned(),
        name: name.to_owned(),
    }
}

/// A walk over a module's nodes.
pub(super) struct Walk<'c, 'u> {
    context: &'c Context,
    module: Module<'c>,
    /// The typedefs that were met.
    used: &'u mut BTreeSet<QName>,
    /// The names from the top to the node.
    path: Vec<&'c str>,
}

impl<'c> Walk<'c, '_> {
    /// The top-level data nodes, and the top-level rpcs and notifications.
    fn top(mut self) -> Result<Top, Error> {
        let data = self.nodes(self.module.data())?;
        let operations = self.operations(self.module.operations())?;
        Ok((data, operations))
    }

    /// The walk below a node of this name.
    fn below(mut self, name: &'c str) -> Self {
        self.path.push(name);
        self
    }

    fn operations(&mut self, nodes: Vec<Node<'c>>) -> Result<Vec<Operation>, Error> {
        nodes.into_iter().map(|node| self.operation(node)).collect()
    }

    fn operation(&mut self, node: Node<'c>) -> Result<Operation, Error> {
        let Some((input, output)) = node.call() else {
            return self.node(node).map(Operation::Notification);
        };
        self.path.push(node.name());
        let (sent, answered) = (self.children(input)?, self.children(output)?);
        let (sent, answered) = (
            NodeKind::Input { children: sent },
            NodeKind::Output { children: answered },
        );
        // The conditions are the action's, the constraints those of its input and output. When the
        // reply comes, the conditions may have changed: what counts is that the action was called.
        let Rules { when, .. } = self.rules(node)?;
        let rules = Rules {
            when,
            ..self.rules(input)?
        };
        let call = Call {
            input: self.converted(node, rules, sent),
            output: self.converted(node, self.rules(output)?, answered),
        };
        self.path.pop();
        Ok(match node.keyword() {
            Keyword::Action => Operation::Action(call),
            _ => Operation::Rpc(call),
        })
    }

    fn node(&mut self, node: Node<'c>) -> Result<model::Node, Error> {
        self.path.push(node.name());
        let rules = self.rules(node)?;
        let kind = match node.keyword() {
            Keyword::Container => NodeKind::Container {
                presence: node.has_presence(),
                children: self.children(node)?,
            },
            Keyword::List => {
                let children = node.children();
                let keys: Vec<String> = children
                    .iter()
                    .filter(|child| child.is_key())
                    .map(|child| child.name().to_owned())
                    .collect();
                NodeKind::List {
                    keys,
                    children: self.children(node)?,
                }
            }
            Keyword::Leaf => NodeKind::Leaf {
                ty: self.type_use(node)?,
                mandatory: node.is_mandatory(),
                default: node.default(self.context).map(ToOwned::to_owned),
                units: node.units().map(ToOwned::to_owned),
            },
            Keyword::LeafList => NodeKind::LeafList {
                ty: self.type_use(node)?,
                defaults: node
                    .defaults(self.context)
                    .into_iter()
                    .map(ToOwned::to_owned)
                    .collect(),
                units: node.units().map(ToOwned::to_owned),
            },
            Keyword::Choice => NodeKind::Choice {
                mandatory: node.is_mandatory(),
                default: node.default_case(),
                cases: self.children(node)?,
            },
            Keyword::Case => NodeKind::Case {
                children: self.children(node)?,
            },
            Keyword::AnyData | Keyword::AnyXml => NodeKind::Any {
                xml: node.keyword() == Keyword::AnyXml,
                mandatory: node.is_mandatory(),
            },
            Keyword::Notification => NodeKind::Notification {
                children: self.children(node)?,
            },
            Keyword::Rpc | Keyword::Action | Keyword::Other(_) => {
                return Err(self.unsupported(node));
            }
        };
        let operations = self.operations(node.operations())?;
        self.path.pop();
        Ok(model::Node {
            operations,
            ..self.converted(node, rules, kind)
        })
    }

    fn converted(&self, node: Node<'c>, rules: Rules, kind: NodeKind) -> model::Node {
        model::Node {
            name: node.name().to_owned(),
            module: node
                .module()
                .map_or(self.module.name(), Module::name)
                .to_owned(),
            docs: docs(node.docs()),
            config: node.is_config(),
            partial: false,
            rules,
            extensions: node
                .extensions()
                .into_iter()
                .map(structure::extension)
                .collect(),
            operations: Vec::new(),
            kind,
        }
    }

    fn children(&mut self, node: Node<'c>) -> Result<Vec<model::Node>, Error> {
        self.nodes(node.children())
    }

    fn nodes(&mut self, nodes: Vec<Node<'c>>) -> Result<Vec<model::Node>, Error> {
        nodes.into_iter().map(|node| self.node(node)).collect()
    }

    fn rules(&self, node: Node<'c>) -> Result<Rules, Error> {
        rules::of_node(self.context, node).map_err(|problem| self.problem(node, problem))
    }

    fn type_use(&mut self, node: Node<'c>) -> Result<model::TypeUse, Error> {
        types::of_node(self.context, node, self.used).map_err(|problem| self.problem(node, problem))
    }

    fn problem(&self, node: Node<'c>, problem: Problem) -> Error {
        let module = node.module().unwrap_or(self.module);
        problem.error(self.context, module, (&self.path, own::setting_path(node)))
    }

    /// The error that no form exists for a node.
    fn unsupported(&self, node: Node<'c>) -> Error {
        let module = node.module().unwrap_or(self.module);
        Error::Unsupported {
            place: Places::new(self.context).of_node(module.name(), &self.path, None),
            path: own::setting_path(node),
            statement: format!("{} {}", node.keyword().as_str(), node.name()),
        }
    }
}
