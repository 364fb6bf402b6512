//! The definitions that a statement can refer to, by the names that they have where it stands.

use super::choices::Choices;
use super::statement::Statement;
use super::types::{Typedef, Values};

/// The kinds of nodes.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Kind {
    Container,
    List,
    Leaf,
    LeafList,
    Choice,
    Case,
    /// An input, an output or a notification.
    Message,
}

/// The degree to which a node must be there.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Presence {
    Optional,
    Mandatory,
    Key,
}

/// A node that others can refer to.
#[derive(Debug, Clone)]
pub(crate) struct Known {
    /// The steps of its schema path: module and name. In a grouping, the path from there without
    /// modules.
    pub(crate) steps: Vec<Step>,
    pub(crate) kind: Kind,
    pub(crate) config: bool,
    pub(crate) in_operation: bool,
    pub(crate) deprecated: bool,
    pub(crate) presence: Presence,
    pub(crate) default: Option<String>,
    pub(crate) values: Values,
}

#[derive(Debug, Clone, PartialEq, Eq)]
pub(crate) struct Step {
    pub(crate) module: String,
    pub(crate) name: String,
    /// True for a choice or a case, which are no level of the data.
    pub(crate) is_hidden: bool,
}

impl Known {
    /// The path from the top, through all schema nodes or through data nodes alone.
    pub(crate) fn path(&self, data: bool) -> String {
        let steps = self.steps.iter().filter(|step| !data || !step.is_hidden);
        let path = steps.map(|step| format!("/{}:{}", step.module, step.name));
        path.collect()
    }

    /// The path from the grouping that it is in.
    pub(crate) fn descendant(&self) -> String {
        let names: Vec<&str> = self.steps.iter().map(|step| step.name.as_str()).collect();
        names.join("/")
    }
}

/// A grouping with what is known of its nodes.
#[derive(Debug, Clone)]
pub(crate) struct Grouping {
    pub(crate) name: String,
    pub(crate) nodes: Vec<Known>,
}

/// All that can be referred to in one module; names have prefixes.
#[derive(Debug, Default)]
pub(crate) struct Scope {
    /// The module's name, which is its prefix too.
    pub(crate) module: String,
    pub(crate) features: Vec<String>,
    pub(crate) identities: Vec<String>,
    pub(crate) typedefs: Vec<Typedef>,
    pub(crate) groupings: Vec<Grouping>,
    /// The data paths of leafs that configuration can refer to.
    pub(crate) leafs: Vec<String>,
    pub(crate) nodes: Vec<Known>,
    /// The nodes that are deviated.
    pub(crate) deviated: Vec<String>,
    /// Makes names that no other node has.
    pub(crate) count: usize,
}

impl Scope {
    /// A new name.
    pub(crate) fn name(&mut self, start: &str) -> String {
        self.count += 1;
        format!("{start}{}", self.count)
    }

    /// A name of the module itself as its own statements may have it, with its prefix.
    pub(crate) fn own(&self, name: &str) -> String {
        format!("{}:{name}", self.module)
    }

    /// Keeps a node in mind.
    pub(crate) fn add(&mut self, node: Known) {
        if node.kind == Kind::Leaf && node.config && !node.in_operation && !node.deprecated {
            self.leafs.push(node.path(true));
        }
        self.nodes.push(node);
    }

    /// Description and reference, often neither.
    pub(crate) fn docs(&self, choices: &mut Choices<'_>) -> Vec<Statement> {
        let mut docs = Vec::new();
        if choices.once_in(5) {
            docs.push(Statement::new(
                "description",
                format!("Of {}.\n\n  More.", self.module),
            ));
        }
        if choices.once_in(9) {
            docs.push(Statement::new("reference", "RFC 7950"));
        }
        docs
    }

    /// An if-feature, if there is a feature.
    pub(crate) fn if_feature(&self, choices: &mut Choices<'_>) -> Option<Statement> {
        let one = choices.one_of(&self.features)?;
        let other = choices.one_of(&self.features)?;
        let expression = match choices.below(5) {
            0 => one.clone(),
            1 => format!("not {one}"),
            2 => format!("{one} and {other}"),
            3 => format!("not ({one} or {other})"),
            _ => format!("{one} or not {other} and {one}"),
        };
        Some(Statement::new("if-feature", expression))
    }

    /// An if-feature, sometimes.
    pub(crate) fn condition(&self, choices: &mut Choices<'_>) -> Option<Statement> {
        choices
            .once_in(8)
            .then(|| self.if_feature(choices))
            .flatten()
    }
}
