//! Random nodes of the schema tree.

use super::choices::Choices;
use super::scope::{Kind, Known, Presence, Scope, Step};
use super::statement::Statement;
use super::types::{self, Values};

/// The surroundings of a place.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Around {
    Data,
    Grouping,
    /// An input, an output or a notification.
    Operation,
}

/// A place where nodes can stand.
#[derive(Debug, Clone)]
pub(crate) struct Place {
    /// The steps from the top, or from the grouping.
    pub(crate) steps: Vec<Step>,
    pub(crate) around: Around,
    pub(crate) config: bool,
    /// True where a mandatory node would be one of another module's data (RFC 7950 section 7.17).
    pub(crate) no_mandatory: bool,
    pub(crate) deprecated: bool,
}

/// The levels of nodes.
const DEEPEST: usize = 5;

/// Expressions that hold everywhere.
const EXPRESSIONS: [&str; 5] = [
    "true()",
    "count(*) >= 0",
    "not(false()) and 1 < 2",
    "string-length(concat('a', \"b\")) = 2",
    "../* or not(../*)",
];

/// Those that do not look at nodes which depend on them.
const CONDITIONS: [&str; 2] = ["true()", "not(false()) and 1 < 2"];

impl Place {
    /// The place below a node here.
    pub(crate) fn below(&self, scope: &Scope, name: &str, is_hidden: bool) -> Self {
        let mut place = self.clone();
        let module = if self.around == Around::Grouping {
            ""
        } else {
            scope.module.as_str()
        };
        place.steps.push(Step {
            module: module.to_owned(),
            name: name.to_owned(),
            is_hidden,
        });
        place
    }

    /// The node that this is the place below of.
    fn known(&self, kind: Kind) -> Known {
        Known {
            steps: self.steps.clone(),
            kind,
            config: self.config,
            in_operation: self.around == Around::Operation,
            deprecated: self.deprecated,
            presence: Presence::Optional,
            default: None,
            values: Values::Unknown,
        }
    }
}

/// A node, and all nodes that it consists of.
pub(crate) struct Made {
    pub(crate) statement: Statement,
    pub(crate) known: Vec<Known>,
}

/// A node of any kind.
pub(crate) fn any(choices: &mut Choices<'_>, scope: &mut Scope, place: &Place) -> Made {
    if place.steps.len() >= DEEPEST {
        return leaf(choices, scope, place);
    }
    match choices.below(14) {
        0..=4 => leaf(choices, scope, place),
        5 | 6 => container(choices, scope, place),
        7 => leaf_list(choices, scope, place),
        8 | 9 => list(choices, scope, place),
        10 => choice(choices, scope, place),
        11 => any_data(choices, scope),
        _ => user(choices, scope, place),
    }
}

fn and(mut made: Made, other: Made) -> Made {
    made.statement = made.statement.with(other.statement);
    made.known.extend(other.known);
    made
}

/// Some nodes inside of one.
fn inside(choices: &mut Choices<'_>, scope: &mut Scope, place: &Place, made: Made) -> Made {
    let count = choices.below(4);
    (0..count).fold(made, |made, _| and(made, any(choices, scope, place)))
}

/// The statements that nodes of all kinds can have.
fn common(choices: &mut Choices<'_>, scope: &Scope, statement: Statement) -> Statement {
    let mut statement = statement.with_all(scope.condition(choices));
    if choices.once_in(9) {
        statement = statement.with(Statement::new("when", choices.word(&CONDITIONS)));
    }
    statement.with_all(scope.docs(choices))
}

/// A status, sometimes, which holds for what is below too.
fn status(choices: &mut Choices<'_>, place: &mut Place) -> Option<Statement> {
    if place.deprecated || !choices.once_in(12) {
        return None;
    }
    place.deprecated = true;
    Some(Statement::new("status", "deprecated"))
}

fn must(choices: &mut Choices<'_>) -> Option<Statement> {
    choices.once_in(8).then(|| {
        let must = Statement::new("must", choices.word(&EXPRESSIONS));
        match choices.below(2) {
            0 => must,
            _ => must
                .with(Statement::new("error-message", "wrong"))
                .with(Statement::new("error-app-tag", "tag")),
        }
    })
}

/// A config statement, sometimes, and what holds then.
fn config(choices: &mut Choices<'_>, place: &mut Place) -> Option<Statement> {
    if place.around != Around::Data || !choices.once_in(8) {
        return None;
    }
    place.config = place.config && choices.once_in(2);
    Some(Statement::new("config", place.config.to_string()))
}

pub(crate) fn leaf(choices: &mut Choices<'_>, scope: &mut Scope, place: &Place) -> Made {
    let name = scope.name("l");
    let (ty, values) = types::any(choices, scope);
    let mut statement = common(choices, scope, Statement::new("leaf", name.as_str())).with(ty);
    statement = statement.with_all(must(choices));
    let mut place = place.below(scope, &name, false);
    statement = statement.with_all(config(choices, &mut place));
    statement = statement.with_all(status(choices, &mut place));
    let mut known = place.known(Kind::Leaf);
    if choices.once_in(4) {
        known.default = types::value(choices, &values);
        let default = known.default.clone();
        statement = statement.with_all(default.map(|value| Statement::new("default", value)));
    } else if !place.no_mandatory && choices.once_in(5) {
        known.presence = Presence::Mandatory;
        statement = statement.with(Statement::new("mandatory", "true"));
    }
    if choices.once_in(8) {
        statement = statement.with(Statement::new("units", "apples"));
    }
    known.values = values;
    Made {
        statement,
        known: vec![known],
    }
}

fn leaf_list(choices: &mut Choices<'_>, scope: &mut Scope, place: &Place) -> Made {
    let name = scope.name("s");
    let (ty, values) = types::any(choices, scope);
    let statement = common(choices, scope, Statement::new("leaf-list", name.as_str())).with(ty);
    let mut statement = statement.with_all(must(choices));
    let mut place = place.below(scope, &name, false);
    statement = statement.with_all(config(choices, &mut place));
    statement = statement.with_all(status(choices, &mut place));
    if choices.once_in(3) {
        let default = types::value(choices, &values);
        statement = statement.with_all(default.map(|value| Statement::new("default", value)));
    } else if !place.no_mandatory {
        statement = statement.with_all(bounds(choices));
    }
    if choices.once_in(5) {
        statement = statement.with(Statement::new("ordered-by", "user"));
    }
    Made {
        statement,
        known: vec![place.known(Kind::LeafList)],
    }
}

fn bounds(choices: &mut Choices<'_>) -> Vec<Statement> {
    let mut bounds = Vec::new();
    if choices.once_in(4) {
        bounds.push(Statement::new("min-elements", choices.word(&["0", "1"])));
    }
    if choices.once_in(4) {
        bounds.push(Statement::new(
            "max-elements",
            choices.word(&["unbounded", "1", "7"]),
        ));
    }
    bounds
}

fn container(choices: &mut Choices<'_>, scope: &mut Scope, place: &Place) -> Made {
    let name = scope.name("c");
    let statement = common(choices, scope, Statement::new("container", name.as_str()));
    let mut statement = statement.with_all(must(choices));
    if choices.once_in(3) {
        statement = statement.with(Statement::new("presence", "it is there"));
    }
    let mut place = place.below(scope, &name, false);
    statement = statement.with_all(config(choices, &mut place));
    statement = statement.with_all(status(choices, &mut place));
    let known = vec![place.known(Kind::Container)];
    let made = inside(choices, scope, &place, Made { statement, known });
    operations(choices, scope, &place, made)
}

fn list(choices: &mut Choices<'_>, scope: &mut Scope, place: &Place) -> Made {
    let name = scope.name("e");
    let statement = common(choices, scope, Statement::new("list", name.as_str()));
    let mut statement = statement.with_all(must(choices));
    let mut place = place.below(scope, &name, false);
    statement = statement.with_all(config(choices, &mut place));
    statement = statement.with_all(status(choices, &mut place));
    if !place.no_mandatory {
        statement = statement.with_all(bounds(choices));
    }
    if choices.once_in(4) {
        statement = statement.with(Statement::new(
            "ordered-by",
            choices.word(&["system", "user"]),
        ));
    }
    let mut known = vec![place.known(Kind::List)];
    let mut keys = Vec::new();
    for _ in 0..=choices.below(2) {
        let key = scope.name("k");
        let (ty, _) = types::any(choices, scope);
        statement = statement.with(Statement::new("leaf", key.as_str()).with(ty));
        let mut of_key = place.below(scope, &key, false).known(Kind::Leaf);
        of_key.presence = Presence::Key;
        known.push(of_key);
        keys.push(key);
    }
    statement = statement.with(Statement::new("key", keys.join(" ")));
    let made = inside(choices, scope, &place, Made { statement, known });
    let mut made = operations(choices, scope, &place, made);
    if choices.once_in(3) {
        let unique = scope.name("u");
        let leaf = Statement::new("leaf", unique.as_str()).with(Statement::new("type", "string"));
        made.statement = made
            .statement
            .with(leaf)
            .with(Statement::new("unique", unique));
    }
    made
}

fn choice(choices: &mut Choices<'_>, scope: &mut Scope, place: &Place) -> Made {
    let name = scope.name("h");
    let mut made = Made {
        statement: common(choices, scope, Statement::new("choice", name.as_str())),
        known: Vec::new(),
    };
    let mut place = place.below(scope, &name, true);
    made.known.push(place.known(Kind::Choice));
    let has_default = choices.once_in(3);
    place.no_mandatory = place.no_mandatory || has_default;
    let mut default = None;
    for _ in 0..=choices.below(3) {
        let (case, name) = case(choices, scope, &place);
        // One with a condition cannot be the default.
        default = default.or(name);
        made = and(made, case);
    }
    match default {
        Some(name) if has_default => {
            made.statement = made.statement.with(Statement::new("default", name));
        }
        _ if !place.no_mandatory && choices.once_in(4) => {
            made.statement = made.statement.with(Statement::new("mandatory", "true"));
        }
        _ => {}
    }
    made
}

/// A case, or a leaf in the place of one; and its name, if it has no condition.
fn case(choices: &mut Choices<'_>, scope: &mut Scope, place: &Place) -> (Made, Option<String>) {
    let name = scope.name("a");
    if choices.once_in(3) {
        let (ty, _) = types::any(choices, scope);
        let statement = Statement::new("leaf", name.as_str()).with(ty);
        let place = place.below(scope, &name, true).below(scope, &name, false);
        let known = vec![place.known(Kind::Leaf)];
        return (Made { statement, known }, Some(name));
    }
    let place = place.below(scope, &name, true);
    let statement = Statement::new("case", name.as_str());
    let condition = scope.condition(choices);
    let default = condition.is_none().then(|| name.clone());
    let made = Made {
        statement: statement.with_all(condition).with_all(scope.docs(choices)),
        known: vec![place.known(Kind::Case)],
    };
    (inside(choices, scope, &place, made), default)
}

fn any_data(choices: &mut Choices<'_>, scope: &mut Scope) -> Made {
    let name = scope.name("x");
    let keyword = choices.word(&["anydata", "anyxml"]);
    Made {
        statement: common(choices, scope, Statement::new(keyword, name)),
        known: Vec::new(),
    }
}

/// Actions and notifications in a container or list, sometimes.
fn operations(choices: &mut Choices<'_>, scope: &mut Scope, place: &Place, made: Made) -> Made {
    if place.around != Around::Data || !choices.once_in(6) {
        return made;
    }
    let operation = if choices.once_in(2) {
        notification(choices, scope, place)
    } else {
        call(choices, scope, place, "action")
    };
    and(made, operation)
}

pub(crate) fn notification(choices: &mut Choices<'_>, scope: &mut Scope, place: &Place) -> Made {
    let name = scope.name("n");
    let mut place = place.below(scope, &name, false);
    (place.around, place.config, place.no_mandatory) = (Around::Operation, false, false);
    let made = Made {
        statement: Statement::new("notification", name)
            .with_all(scope.condition(choices))
            .with_all(scope.docs(choices)),
        known: vec![place.known(Kind::Message)],
    };
    inside(choices, scope, &place, made)
}

pub(crate) fn call(
    choices: &mut Choices<'_>,
    scope: &mut Scope,
    place: &Place,
    keyword: &str,
) -> Made {
    let name = scope.name("r");
    let mut made = Made {
        statement: Statement::new(keyword, name.as_str()).with_all(scope.docs(choices)),
        known: Vec::new(),
    };
    let mut place = place.below(scope, &name, false);
    (place.around, place.config, place.no_mandatory) = (Around::Operation, false, false);
    for part in ["input", "output"] {
        if choices.once_in(3) {
            continue;
        }
        let place = place.below(scope, part, false);
        let node = leaf(choices, scope, &place);
        let part = Made {
            statement: Statement::new(part, "").with(node.statement),
            known: [vec![place.known(Kind::Message)], node.known].concat(),
        };
        made = and(made, inside(choices, scope, &place, part));
    }
    made
}

/// A container that uses a grouping, with refinements and augments.
fn user(choices: &mut Choices<'_>, scope: &mut Scope, place: &Place) -> Made {
    let Some(grouping) = choices.one_of(&scope.groupings).cloned() else {
        return container(choices, scope, place);
    };
    let name = scope.name("g");
    let place = place.below(scope, &name, false);
    let mut known = vec![place.known(Kind::Container)];
    let mut uses = Statement::new("uses", grouping.name).with_all(scope.condition(choices));
    if choices.once_in(6) {
        uses = uses.with(Statement::new("when", choices.word(&CONDITIONS)));
    }
    let mut refined = Vec::new();
    for _ in 0..choices.below(3) {
        let Some(node) = choices.one_of(&grouping.nodes) else {
            break;
        };
        if !refined.contains(&node.descendant()) {
            uses = uses.with_all(refine(choices, scope, &place, node));
            refined.push(node.descendant());
        }
    }
    let is_open = |node: &&Known| matches!(node.kind, Kind::Container | Kind::List | Kind::Case);
    let open: Vec<&Known> = grouping.nodes.iter().filter(is_open).collect();
    if choices.once_in(3)
        && let Some(node) = choices.one_of(&open)
    {
        let steps = node.steps.iter().fold(place.clone(), |place, step| {
            place.below(scope, &step.name, step.is_hidden)
        });
        let added = leaf(choices, scope, &steps);
        let augment = Statement::new("augment", node.descendant());
        uses = uses.with(augment.with(added.statement));
        known.extend(added.known);
    }
    for node in &grouping.nodes {
        let mut here = node.steps.iter().fold(place.clone(), |place, step| {
            place.below(scope, &step.name, step.is_hidden)
        });
        here.config = place.config;
        let mut copy = node.clone();
        (copy.steps, copy.config, copy.in_operation) =
            (here.steps, place.config, place.around == Around::Operation);
        copy.deprecated = node.deprecated || place.deprecated;
        // A refinement may have changed them.
        copy.default = None;
        if refined.contains(&node.descendant()) && copy.presence == Presence::Optional {
            copy.presence = Presence::Mandatory;
        }
        known.push(copy);
    }
    Made {
        statement: Statement::new("container", name).with(uses),
        known,
    }
}

fn refine(
    choices: &mut Choices<'_>,
    scope: &Scope,
    place: &Place,
    node: &Known,
) -> Option<Statement> {
    let refinement = match (node.kind, choices.below(4)) {
        (Kind::Leaf, 0 | 1) if node.presence == Presence::Optional => {
            Statement::new("default", types::value(choices, &node.values)?)
        }
        (Kind::Leaf, 2)
            if node.presence != Presence::Key && node.default.is_none() && !place.no_mandatory =>
        {
            Statement::new("mandatory", "true")
        }
        (Kind::Container, 0) => Statement::new("presence", "now it means something"),
        (Kind::List, 0) => Statement::new("max-elements", "9"),
        (Kind::Container | Kind::List, 1) if place.around != Around::Operation => {
            Statement::new("must", choices.word(&EXPRESSIONS))
        }
        (Kind::Container | Kind::Leaf | Kind::List, 3) if node.presence != Presence::Key => {
            scope.if_feature(choices)?
        }
        _ => Statement::new("description", "Refined."),
    };
    Some(Statement::new("refine", node.descendant()).with(refinement))
}
