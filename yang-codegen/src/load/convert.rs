//! From libyang's compiled schema to the model. What has no form in the model is an error.

use std::collections::BTreeSet;

use super::files;
use super::raw::{Context, Described, Keyword, Module, Node};
use super::statement;
use super::types;
use crate::error::{Error, Place};
use crate::model::{
    self, Call, Docs, Feature, Identity, Model, NodeKind, Operation, QName, Rules, Status,
};

/// The model of the modules that are `wanted`, with the typedefs that they use from others.
pub(super) fn model(
    context: &Context,
    wanted: impl Fn(&Module<'_>) -> bool,
) -> Result<Model, Error> {
    let mut used = BTreeSet::new();
    let mut modules = Vec::new();
    for module in context
        .modules()
        .into_iter()
        .filter(|module| wanted(module))
    {
        refuse_unsupported(module)?;
        let walk = Walk {
            context,
            module,
            used: &mut used,
            path: Vec::new(),
        };
        let (roots, operations) = walk.top()?;
        modules.push((module, roots, operations));
    }
    types::close_over_typedefs(context, &mut used);
    let mut result: Vec<model::Module> = modules
        .into_iter()
        .map(|(module, roots, operations)| {
            let converted = convert_module(context, module, true, &used)?;
            Ok(model::Module {
                roots,
                operations,
                ..converted
            })
        })
        .collect::<Result<_, Error>>()?;
    for module in context.modules() {
        let known = result.iter().any(|known| known.name == module.name());
        if !known && used.iter().any(|name| name.module == module.name()) {
            result.push(convert_module(context, module, false, &used)?);
        }
    }
    result.sort_by(|one, other| one.name.cmp(&other.name));
    Ok(Model { modules: result })
}

pub(super) fn docs(described: Described<'_>) -> Docs {
    let status = if described.is_obsolete() {
        Status::Obsolete
    } else if described.is_deprecated() {
        Status::Deprecated
    } else {
        Status::Current
    };
    Docs {
        description: described.description.map(ToOwned::to_owned),
        reference: described.reference.map(ToOwned::to_owned),
        status,
    }
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
        docs: docs(module.docs()),
        features: module.features().into_iter().map(feature).collect(),
        identities: module.identities().into_iter().map(identity).collect(),
        typedefs: types::typedefs(context, module, used)?,
        roots: Vec::new(),
        operations: Vec::new(),
    })
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

/// What stands at the top of a module beside its data.
fn refuse_unsupported(module: Module<'_>) -> Result<(), Error> {
    if let Some(extension) = module.extensions().first() {
        return Err(unsupported(
            module,
            &[],
            Some(extension),
            (*extension).to_owned(),
        ));
    }
    Ok(())
}

/// The error that no form exists for a statement; `keyword` is the statement inside the node at
/// `path`, or `None` for the node itself.
fn unsupported(
    module: Module<'_>,
    path: &[&str],
    keyword: Option<&str>,
    statement: String,
) -> Error {
    let mut sources = module.file().into_iter().chain(module.submodule_files());
    let found = sources.find_map(|file| {
        let text = files::text(file)?;
        let line = statement::parse(&text)?.locate(path, keyword)?;
        Some((file.to_path_buf(), line))
    });
    let (file, line) = match found {
        Some((file, line)) => (Some(file), Some(line)),
        None => (module.file().map(ToOwned::to_owned), None),
    };
    Error::Unsupported {
        place: Place {
            file,
            line,
            module: module.name().to_owned(),
        },
        path: if path.is_empty() {
            String::new()
        } else {
            format!("/{}:{}", module.name(), path.join("/"))
        },
        statement,
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
    fn top(mut self) -> Result<(Vec<model::Node>, Vec<Operation>), Error> {
        let data = self.nodes(self.module.data())?;
        let operations = self.operations(self.module.operations())?;
        Ok((data, operations))
    }

    fn operations(&mut self, nodes: Vec<Node<'c>>) -> Result<Vec<Operation>, Error> {
        nodes.into_iter().map(|node| self.operation(node)).collect()
    }

    fn operation(&mut self, node: Node<'c>) -> Result<Operation, Error> {
        let Some((input, output)) = node.call() else {
            return self.node(node).map(Operation::Notification);
        };
        self.path.push(node.name());
        self.refuse_unsupported(node)?;
        self.refuse_unsupported(input)?;
        self.refuse_unsupported(output)?;
        let (sent, answered) = (self.children(input)?, self.children(output)?);
        self.path.pop();
        let call = Call {
            input: self.converted(node, NodeKind::Input { children: sent }),
            output: self.converted(node, NodeKind::Output { children: answered }),
        };
        Ok(match node.keyword() {
            Keyword::Action => Operation::Action(call),
            _ => Operation::Rpc(call),
        })
    }

    fn node(&mut self, node: Node<'c>) -> Result<model::Node, Error> {
        self.path.push(node.name());
        self.refuse_unsupported(node)?;
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
                units: node.units().map(ToOwned::to_owned),
            },
            Keyword::Notification => NodeKind::Notification {
                children: self.children(node)?,
            },
            keyword @ (Keyword::Rpc | Keyword::Action) => {
                let statement = format!("{} {}", keyword.as_str(), node.name());
                return Err(self.unsupported(node, None, statement));
            }
            Keyword::Other(word) => {
                return Err(self.unsupported(node, None, format!("{word} {}", node.name())));
            }
        };
        let operations = self.operations(node.operations())?;
        self.path.pop();
        Ok(model::Node {
            operations,
            ..self.converted(node, kind)
        })
    }

    fn converted(&self, node: Node<'c>, kind: NodeKind) -> model::Node {
        model::Node {
            name: node.name().to_owned(),
            module: node
                .module()
                .map_or(self.module.name(), Module::name)
                .to_owned(),
            docs: docs(node.docs()),
            config: node.is_config(),
            rules: Rules::default(),
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

    fn type_use(&mut self, node: Node<'c>) -> Result<model::TypeUse, Error> {
        types::of_node(self.context, node, self.used)
            .map_err(|problem| self.unsupported(node, Some(problem.keyword), problem.statement))
    }

    fn refuse_unsupported(&self, node: Node<'c>) -> Result<(), Error> {
        let (min, max) = node.elements();
        let statements = [
            (node.has_must(), "must"),
            (node.has_when(), "when"),
            (node.has_unique(), "unique"),
            (min > 0, "min-elements"),
            (max < u32::MAX, "max-elements"),
            (node.has_defaults(), "default"),
        ];
        if let Some((_, keyword)) = statements.into_iter().find(|(present, _)| *present) {
            return Err(self.unsupported(node, Some(keyword), keyword.to_owned()));
        }
        match node.extensions().first() {
            Some(extension) => {
                Err(self.unsupported(node, Some(extension), (*extension).to_owned()))
            }
            None => Ok(()),
        }
    }

    fn unsupported(&self, node: Node<'c>, keyword: Option<&str>, statement: String) -> Error {
        let module = node.module().unwrap_or(self.module);
        unsupported(module, &self.path, keyword, statement)
    }
}
