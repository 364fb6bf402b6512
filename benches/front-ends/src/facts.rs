//! A model as a flat list of facts, so that two models can be compared and their differences named.

use std::fmt::Debug;

use serde::{Deserialize, Serialize};
use yang_codegen::model::{Call, Docs, Model, Module, Node, NodeKind, Operation, QName, Rules};

/// One property of one thing in a model. Properties that have their default are not stated.
#[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord, Serialize, Deserialize)]
pub struct Fact {
    /// The thing: a node by its schema path, choices and cases included, or `module NAME`, and what
    /// it defines behind that.
    pub path: String,
    /// The property; of nodes, `kind` is always stated.
    pub aspect: String,
    /// Its value.
    pub value: String,
}

/// All that a model says.
#[must_use]
pub fn facts(model: &Model) -> Vec<Fact> {
    let mut facts = Facts(Vec::new());
    for module in &model.modules {
        facts.module(module);
    }
    facts.0.sort();
    facts.0
}

struct Facts(Vec<Fact>);

fn names<'n>(names: impl Iterator<Item = &'n String>) -> String {
    names.map(String::as_str).collect::<Vec<_>>().join(" ")
}

/// The names of nodes, each with its module.
fn steps<'n>(nodes: impl Iterator<Item = &'n Node>) -> String {
    let steps = nodes.map(|node| format!("{}:{}", node.module, node.name));
    steps.collect::<Vec<_>>().join(" ")
}

impl Facts {
    fn add(&mut self, path: &str, aspect: &str, value: &str) {
        self.0.push(Fact {
            path: path.to_owned(),
            aspect: aspect.to_owned(),
            value: value.to_owned(),
        });
    }

    /// States a value unless it is the default of its type.
    fn state<T: Debug + Default + PartialEq>(&mut self, path: &str, aspect: &str, value: &T) {
        if *value != T::default() {
            self.add(path, aspect, &format!("{value:?}"));
        }
    }

    fn docs(&mut self, path: &str, docs: &Docs) {
        self.state(path, "description", &docs.description);
        self.state(path, "reference", &docs.reference);
        self.state(path, "status", &docs.status);
    }

    fn module(&mut self, module: &Module) {
        let path = format!("module {}", module.name);
        self.state(&path, "revision", &module.revision);
        self.add(&path, "namespace", &module.namespace);
        self.add(&path, "prefix", &module.prefix);
        self.state(&path, "implemented", &module.implemented);
        self.docs(&path, &module.docs);
        for submodule in &module.submodules {
            let path = format!("{path} submodule {}", submodule.name);
            self.add(&path, "revision", &format!("{:?}", submodule.revision));
        }
        self.state(&path, "deviated-by", &module.deviated_by);
        self.add(
            &path,
            "features",
            &names(module.features.iter().map(|feature| &feature.name)),
        );
        for feature in &module.features {
            let path = format!("{path} feature {}", feature.name);
            self.add(&path, "enabled", &feature.enabled.to_string());
            self.docs(&path, &feature.docs);
        }
        let identities = module.identities.iter().map(|identity| &identity.name);
        self.add(&path, "identities", &names(identities));
        for identity in &module.identities {
            let path = format!("{path} identity {}", identity.name);
            self.state(
                &path,
                "bases",
                &identity.bases.iter().map(qname).collect::<Vec<_>>(),
            );
            self.docs(&path, &identity.docs);
        }
        self.state(&path, "typedef-names", &module.typedef_names);
        let typedefs = module.typedefs.iter().map(|typedef| &typedef.name);
        self.add(&path, "typedefs", &names(typedefs));
        for typedef in &module.typedefs {
            let path = format!("{path} typedef {}", typedef.name);
            self.docs(&path, &typedef.docs);
            self.state(&path, "units", &typedef.units);
            self.state(&path, "default", &typedef.default);
            self.add(&path, "type", &format!("{:?}", typedef.ty));
        }
        for annotation in &module.annotations {
            let path = format!("{path} annotation {}", annotation.name);
            self.add(&path, "type", &format!("{:?}", annotation.ty));
        }
        self.state(&path, "extensions", &module.extensions);
        self.add(&path, "structures", &steps(module.structures.iter()));
        for node in &module.structures {
            let path = format!("structure /{}:{}", node.module, node.name);
            self.node(&path, &node.module, node);
        }
        self.below(&path, "", "", &module.roots, &module.operations);
    }

    /// The nodes and operations below a node.
    fn below(
        &mut self,
        parent: &str,
        prefix: &str,
        module: &str,
        nodes: &[Node],
        operations: &[Operation],
    ) {
        if !nodes.is_empty() {
            self.add(parent, "children", &steps(nodes.iter()));
        }
        for node in nodes {
            self.node(&step(prefix, module, node), &node.module, node);
        }
        if !operations.is_empty() {
            self.add(
                parent,
                "operations",
                &steps(operations.iter().map(Operation::node)),
            );
        }
        for operation in operations {
            let path = step(prefix, module, operation.node());
            match operation {
                Operation::Notification(node) => self.node(&path, &node.module, node),
                Operation::Rpc(Call { input, output })
                | Operation::Action(Call { input, output }) => {
                    self.node(&format!("{path}/input"), &input.module, input);
                    self.node(&format!("{path}/output"), &output.module, output);
                }
            }
        }
    }

    fn node(&mut self, path: &str, module: &str, node: &Node) {
        self.docs(path, &node.docs);
        self.add(path, "config", &node.config.to_string());
        self.rules(path, &node.rules);
        self.state(path, "extensions", &node.extensions);
        self.kind(path, &node.kind);
        self.below(path, path, module, node.children(), &node.operations);
    }

    fn rules(&mut self, path: &str, rules: &Rules) {
        self.state(path, "when", &rules.when);
        self.state(path, "must", &rules.must);
        self.state(path, "min-elements", &rules.min_elements);
        self.state(path, "max-elements", &rules.max_elements);
        self.state(path, "unique", &rules.unique);
        self.state(path, "ordered-by-user", &rules.ordered_by_user);
    }

    fn kind(&mut self, path: &str, kind: &NodeKind) {
        let name = match kind {
            NodeKind::Container { presence, .. } => {
                self.state(path, "presence", presence);
                "container"
            }
            NodeKind::List { keys, .. } => {
                self.state(path, "keys", keys);
                "list"
            }
            NodeKind::Leaf {
                ty,
                mandatory,
                default,
                units,
            } => {
                self.add(path, "type", &format!("{ty:?}"));
                self.state(path, "mandatory", mandatory);
                self.state(path, "default", default);
                self.state(path, "units", units);
                "leaf"
            }
            NodeKind::LeafList {
                ty,
                defaults,
                units,
            } => {
                self.add(path, "type", &format!("{ty:?}"));
                self.state(path, "default", defaults);
                self.state(path, "units", units);
                "leaf-list"
            }
            NodeKind::Choice {
                mandatory, default, ..
            } => {
                self.state(path, "mandatory", mandatory);
                self.state(path, "default", default);
                "choice"
            }
            NodeKind::Case { .. } => "case",
            NodeKind::Any { xml, mandatory } => {
                self.state(path, "mandatory", mandatory);
                if *xml { "anyxml" } else { "anydata" }
            }
            NodeKind::Notification { .. } => "notification",
            NodeKind::Input { .. } => "input",
            NodeKind::Output { .. } => "output",
        };
        self.add(path, "kind", name);
    }
}

fn qname(name: &QName) -> String {
    format!("{}:{}", name.module, name.name)
}

/// The path of a node below one of a module: with the node's module where it is another.
fn step(prefix: &str, module: &str, node: &Node) -> String {
    if node.module == module {
        format!("{prefix}/{}", node.name)
    } else {
        format!("{prefix}/{}:{}", node.module, node.name)
    }
}
