//! The constraints of nodes, and the meaning of the names in their expressions.

use super::place::Places;
use super::problem::Problem;
use super::raw::{self, Context, Expression, Module, Node};
use crate::error::Warning;
use crate::model::{LeafrefPath, Model, Must, QName, Rules, When};
use crate::xpath::resolve::{Missing, Nowhere};
use crate::xpath::{self, Invalid, Names};

/// The constraints of a node, choice or case.
pub(super) fn of_node(context: &Context, node: Node<'_>) -> Result<Rules, Problem> {
    let when = |when: raw::When<'_>| {
        let source = when.condition.text();
        let names = Meaning::new(context, Some(node), when.condition);
        Ok(When {
            source: source.to_owned(),
            expr: xpath::parse(source, &names).map_err(|reason| invalid("when", source, reason))?,
            of_parent: !when.of_node,
        })
    };
    let (min_elements, max_elements) = node.elements();
    Ok(Rules {
        when: node
            .whens()
            .into_iter()
            .map(when)
            .collect::<Result<_, _>>()?,
        must: musts(context, Some(node), node.musts())?,
        min_elements,
        max_elements,
        unique: node.uniques().into_iter().map(unique).collect(),
        ordered_by_user: node.is_ordered_by_user(),
    })
}

/// The `must` statements of a node, or of a structure.
pub(super) fn musts(
    context: &Context,
    node: Option<Node<'_>>,
    statements: Vec<raw::Must<'_>>,
) -> Result<Vec<Must>, Problem> {
    let must = |must: raw::Must<'_>| {
        let source = must.condition.text();
        let names = Meaning::new(context, node, must.condition);
        Ok(Must {
            source: source.to_owned(),
            expr: xpath::parse(source, &names).map_err(|reason| invalid("must", source, reason))?,
            message: must.message.map(ToOwned::to_owned),
            app_tag: must.app_tag.map(ToOwned::to_owned),
        })
    };
    statements.into_iter().map(must).collect()
}

/// The leafs of a `unique` statement, each as the steps from the entry.
fn unique(leafs: Vec<Vec<Node<'_>>>) -> Vec<Vec<QName>> {
    let step = |node: Node<'_>| QName {
        module: node.module().map_or("", Module::name).to_owned(),
        name: node.name().to_owned(),
    };
    let steps = |way: Vec<Node<'_>>| way.into_iter().map(step).collect();
    leafs.into_iter().map(steps).collect()
}

/// The path of a leafref; `node` is the leaf that has it, if there is one.
pub(super) fn leafref(
    context: &Context,
    node: Option<Node<'_>>,
    path: Expression<'_>,
) -> Result<LeafrefPath, Problem> {
    xpath::leafref(path.text(), &Meaning::new(context, node, path))
        .map_err(|reason| invalid("path", path.text(), reason))
}

fn invalid(keyword: &'static str, source: &str, reason: Invalid) -> Problem {
    Problem {
        keyword,
        statement: source.to_owned(),
        reason: Some(reason.0),
    }
}

/// The meaning of the names in one expression. Names of nodes without a prefix are of the module of
/// the node, even if the expression is in a grouping or a deviation of another module; those of
/// identities are of the module of the text.
struct Meaning<'c> {
    context: &'c Context,
    expression: Expression<'c>,
    current: &'c str,
    written_in: &'c str,
}

impl<'c> Meaning<'c> {
    fn new(context: &'c Context, node: Option<Node<'c>>, expression: Expression<'c>) -> Self {
        let written_in = expression.module_of(None).map_or("", Module::name);
        let of_node = node.and_then(Node::module).map(Module::name);
        Self {
            context,
            expression,
            current: of_node.unwrap_or(written_in),
            written_in,
        }
    }
}

impl Names for Meaning<'_> {
    fn current(&self) -> &str {
        self.current
    }

    fn written_in(&self) -> &str {
        self.written_in
    }

    fn prefix(&self, prefix: &str) -> Option<&str> {
        self.expression.module_of(Some(prefix)).map(Module::name)
    }

    fn derived(&self, identity: &QName) -> Option<Vec<QName>> {
        let modules = self.context.modules();
        let module = modules
            .into_iter()
            .find(|module| module.name() == identity.module)?;
        let named = module.derived(&identity.name)?.into_iter();
        let named = named.map(|(module, name)| QName {
            module: module.name().to_owned(),
            name: name.to_owned(),
        });
        Some(named.collect())
    }
}

/// Warnings of names in the model's expressions that its schema does not have.
pub(super) fn warnings(context: &Context, model: &Model) -> Vec<Warning> {
    let mut places = Places::new(context);
    let warning = |found: Nowhere| {
        let names: Vec<&str> = found.node.iter().map(|step| &*step.name).collect();
        let module = found.node.last().map_or("", |step| &*step.module);
        let place = places.of_statement(module, &names, found.keyword, &found.source);
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
    };
    xpath::resolve::nowhere(model)
        .into_iter()
        .map(warning)
        .collect()
}

/// A schema path, with the module where it changes.
pub(super) fn path(names: &[QName]) -> String {
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
