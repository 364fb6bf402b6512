//! Random module sets, most of them valid: typedefs that narrow each other, groupings with refine and
//! augment, augments and deviations of other modules, choices, features, identities, leafrefs.

mod choices;
mod nodes;
mod scope;
mod statement;
mod types;

use std::fmt::{self, Debug};

use proptest::prelude::*;

use choices::Choices;
use nodes::{Around, Made, Place};
use scope::{Grouping, Kind, Presence, Scope, Step};
use statement::Statement;
use types::{Typedef, Values};

/// The most numbers that a set is made from.
const LONGEST: usize = 600;

/// Modules by their names.
#[derive(Clone, PartialEq, Eq)]
pub struct Modules(pub Vec<(String, String)>);

impl Debug for Modules {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        self.0.iter().try_for_each(|(_, text)| f.write_str(text))
    }
}

/// Random sets of one to three modules, each of which imports those before it. They become smaller
/// as `proptest` simplifies them.
pub fn modules() -> impl Strategy<Value = Modules> {
    prop::collection::vec(any::<u16>(), 0..LONGEST).prop_map(|numbers| {
        let mut choices = Choices::new(&numbers);
        let count = 1 + choices.below(3);
        let names = ["one", "two", "three"];
        let mut scope = Scope::default();
        let mut modules = Vec::new();
        for (at, name) in names.into_iter().take(count).enumerate() {
            let imported = names.get(..at).unwrap_or_default();
            let module = module(&mut choices, &mut scope, name, imported);
            modules.push((name.to_owned(), module.to_string()));
        }
        Modules(modules)
    })
}

fn module(
    choices: &mut Choices<'_>,
    scope: &mut Scope,
    name: &str,
    imported: &[&str],
) -> Statement {
    name.clone_into(&mut scope.module);
    let prefix =
        |name: &&str| Statement::new("import", *name).with(Statement::new("prefix", *name));
    let mut module = Statement::new("module", name)
        .with(Statement::new("yang-version", "1.1"))
        .with(Statement::new("namespace", format!("urn:{name}")))
        .with(Statement::new("prefix", name))
        .with_all(imported.iter().map(prefix));
    for _ in 0..choices.below(3) {
        module = module.with(feature(choices, scope));
    }
    for _ in 0..choices.below(4) {
        module = module.with(identity(choices, scope));
    }
    for _ in 0..choices.below(4) {
        module = module.with(typedef(choices, scope));
    }
    for _ in 0..choices.below(3) {
        module = module.with(grouping(choices, scope));
    }
    let top = Place {
        steps: Vec::new(),
        around: Around::Data,
        config: true,
        no_mandatory: false,
        deprecated: false,
    };
    for _ in 0..=choices.below(4) {
        let made = nodes::any(choices, scope, &top);
        module = module.with(keep(scope, made));
    }
    if choices.once_in(3) {
        let made = nodes::call(choices, scope, &top, "rpc");
        module = module.with(keep(scope, made));
    }
    if choices.once_in(3) {
        let made = nodes::notification(choices, scope, &top);
        module = module.with(keep(scope, made));
    }
    if !imported.is_empty() && choices.are_left() {
        for _ in 0..choices.below(4) {
            module = module.with_all(augment(choices, scope));
        }
        for _ in 0..choices.below(3) {
            module = module.with_all(deviation(choices, scope));
        }
    }
    module
}

/// Keeps what is known of nodes in mind.
fn keep(scope: &mut Scope, made: Made) -> Statement {
    made.known.into_iter().for_each(|node| scope.add(node));
    made.statement
}

fn feature(choices: &mut Choices<'_>, scope: &mut Scope) -> Statement {
    let name = scope.name("f");
    // With all features on, this one has to be too.
    let other = choices.one_of(&scope.features);
    let condition = other
        .filter(|_| choices.once_in(3))
        .map(|other| Statement::new("if-feature", other.as_str()));
    let statement = Statement::new("feature", name.as_str())
        .with_all(condition)
        .with_all(scope.docs(choices));
    scope.features.push(scope.own(&name));
    statement
}

fn identity(choices: &mut Choices<'_>, scope: &mut Scope) -> Statement {
    let name = scope.name("i");
    let mut statement =
        Statement::new("identity", name.as_str()).with_all(scope.condition(choices));
    let mut bases: Vec<&String> = Vec::new();
    for _ in 0..choices.below(3) {
        if let Some(base) = choices.one_of(&scope.identities)
            && !bases.contains(&base)
        {
            statement = statement.with(Statement::new("base", base.as_str()));
            bases.push(base);
        }
    }
    scope.identities.push(scope.own(&name));
    statement.with_all(scope.docs(choices))
}

fn typedef(choices: &mut Choices<'_>, scope: &mut Scope) -> Statement {
    let name = scope.name("t");
    let (ty, values) = types::any(choices, scope);
    let mut statement = Statement::new("typedef", name.as_str()).with(ty);
    if choices.once_in(3) {
        let default = types::value(choices, &values);
        statement = statement.with_all(default.map(|value| Statement::new("default", value)));
    }
    if choices.once_in(4) {
        statement = statement.with(Statement::new("units", "pears"));
    }
    let name = scope.own(&name);
    scope.typedefs.push(Typedef { name, values });
    statement.with_all(scope.docs(choices))
}

fn grouping(choices: &mut Choices<'_>, scope: &mut Scope) -> Statement {
    let name = scope.name("g");
    let place = Place {
        steps: Vec::new(),
        around: Around::Grouping,
        config: true,
        no_mandatory: false,
        deprecated: false,
    };
    let mut statement = Statement::new("grouping", name.as_str());
    let mut nodes = Vec::new();
    for _ in 0..=choices.below(3) {
        let made = nodes::any(choices, scope, &place);
        statement = statement.with(made.statement);
        nodes.extend(made.known);
    }
    let name = scope.own(&name);
    scope.groupings.push(Grouping { name, nodes });
    statement
}

/// An augment of a node, if there is one.
fn augment(choices: &mut Choices<'_>, scope: &mut Scope) -> Option<Statement> {
    let is_open = |node: &&scope::Known| !matches!(node.kind, Kind::Leaf | Kind::LeafList);
    let open: Vec<&scope::Known> = scope.nodes.iter().filter(is_open).collect();
    let target = (*choices.one_of(&open)?).clone();
    let place = Place {
        steps: target.steps.clone(),
        around: if target.in_operation {
            Around::Operation
        } else {
            Around::Data
        },
        config: target.config,
        no_mandatory: true,
        deprecated: target.deprecated,
    };
    let mut statement =
        Statement::new("augment", target.path(false)).with_all(scope.condition(choices));
    if choices.once_in(4) {
        statement = statement.with(Statement::new("when", "true()"));
    }
    for _ in 0..=choices.below(2) {
        let made = if target.kind == Kind::Choice {
            short_case(choices, scope, &place)
        } else {
            nodes::any(choices, scope, &place)
        };
        statement = statement.with(keep(scope, made));
    }
    Some(statement)
}

/// A leaf in the place of a case.
fn short_case(choices: &mut Choices<'_>, scope: &mut Scope, place: &Place) -> Made {
    let mut made = nodes::leaf(choices, scope, place);
    for node in &mut made.known {
        let last = node.steps.last().cloned();
        node.steps.extend(last);
        if let [.., case, _] = node.steps.as_mut_slice() {
            case.is_hidden = true;
        }
    }
    made
}

/// A deviation of another module's leaf, if there is one.
fn deviation(choices: &mut Choices<'_>, scope: &mut Scope) -> Option<Statement> {
    let is_foreign = |step: &Step| step.module != scope.module;
    let leafs = scope.nodes.iter().filter(|node| {
        node.kind == Kind::Leaf
            && node.presence != Presence::Key
            && node.steps.iter().all(is_foreign)
            && !scope.deviated.contains(&node.path(false))
    });
    let leafs: Vec<&scope::Known> = leafs.collect();
    let leaf = (*choices.one_of(&leafs)?).clone();
    let path = leaf.path(false);
    let (how, property) = match (choices.below(6), leaf.default) {
        (0, _) => ("not-supported", None),
        (1, Some(default)) => ("delete", Some(Statement::new("default", default))),
        (1, None) if leaf.presence == Presence::Optional && leaf.values != Values::Unknown => {
            let value = types::value(choices, &leaf.values)?;
            // A typedef or a refinement may have given it one: then this is a fault.
            ("add", Some(Statement::new("default", value)))
        }
        (2, Some(_)) => {
            let value = types::value(choices, &leaf.values)?;
            ("replace", Some(Statement::new("default", value)))
        }
        (3, None) => ("replace", Some(types::any(choices, scope).0)),
        (4, _) => ("add", Some(Statement::new("must", "true()"))),
        _ => ("replace", Some(Statement::new("config", "false"))),
    };
    scope.deviated.push(path.clone());
    let deviate = Statement::new("deviate", how).with_all(property);
    Some(Statement::new("deviation", path).with(deviate))
}
