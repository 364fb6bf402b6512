//! The functions of XPath 1.0 section 4 and RFC 7950 section 10.

use super::{Invalid, Names};
use crate::error::{most_similar, suggestion};
use crate::model::xpath::{Expr, Function};
use crate::model::{OnError, Pattern, QName};
use crate::pattern;

/// The kind of a function's first argument.
#[derive(Clone, Copy, PartialEq)]
enum First {
    /// A set of nodes.
    Nodes,
    /// Any value.
    Value,
}

use First::{Nodes, Value};

/// A function with its name, the fewest and the most arguments, and the kind of the first.
type Signature = (&'static str, Function, usize, usize, First);

const SIGNATURES: &[Signature] = &[
    ("last", Function::Last, 0, 0, Value),
    ("position", Function::Position, 0, 0, Value),
    ("count", Function::Count, 1, 1, Nodes),
    ("local-name", Function::LocalName, 0, 1, Nodes),
    ("namespace-uri", Function::NamespaceUri, 0, 1, Nodes),
    ("name", Function::Name, 0, 1, Nodes),
    ("string", Function::String, 0, 1, Value),
    ("concat", Function::Concat, 2, usize::MAX, Value),
    ("starts-with", Function::StartsWith, 2, 2, Value),
    ("contains", Function::Contains, 2, 2, Value),
    ("substring-before", Function::SubstringBefore, 2, 2, Value),
    ("substring-after", Function::SubstringAfter, 2, 2, Value),
    ("substring", Function::Substring, 2, 3, Value),
    ("string-length", Function::StringLength, 0, 1, Value),
    ("normalize-space", Function::NormalizeSpace, 0, 1, Value),
    ("translate", Function::Translate, 3, 3, Value),
    ("boolean", Function::Boolean, 1, 1, Value),
    ("not", Function::Not, 1, 1, Value),
    ("true", Function::True, 0, 0, Value),
    ("false", Function::False, 0, 0, Value),
    ("lang", Function::Lang, 1, 1, Value),
    ("number", Function::Number, 0, 1, Value),
    ("sum", Function::Sum, 1, 1, Nodes),
    ("floor", Function::Floor, 1, 1, Value),
    ("ceiling", Function::Ceiling, 1, 1, Value),
    ("round", Function::Round, 1, 1, Value),
    ("id", Function::Id, 1, 1, Value),
    ("current", Function::Current, 0, 0, Value),
    ("deref", Function::Deref, 1, 1, Nodes),
    ("enum-value", Function::EnumValue, 1, 1, Nodes),
    ("bit-is-set", Function::BitIsSet, 2, 2, Nodes),
];

/// The functions whose second argument is used up when code is generated.
const RE_MATCH: &str = "re-match";
const DERIVED_FROM: &str = "derived-from";
const DERIVED_FROM_OR_SELF: &str = "derived-from-or-self";

/// The call of the function `name`.
pub(super) fn call(name: &str, arguments: Vec<Expr>, names: &dyn Names) -> Result<Expr, Invalid> {
    if let Some((_, function, least, most, first)) =
        SIGNATURES.iter().find(|(known, ..)| *known == name)
    {
        check(name, &arguments, (*least, *most), *first)?;
        return Ok(Expr::Call(function.clone(), arguments));
    }
    let (function, first) = match name {
        RE_MATCH => {
            check(name, &arguments, (2, 2), Value)?;
            let (first, pattern) = first_and_literal(name, arguments)?;
            (Function::ReMatch(translate(pattern)?), first)
        }
        DERIVED_FROM | DERIVED_FROM_OR_SELF => {
            check(name, &arguments, (2, 2), Nodes)?;
            let (first, identity) = first_and_literal(name, arguments)?;
            let or_self = name == DERIVED_FROM_OR_SELF;
            (derived_from(&identity, or_self, names)?, first)
        }
        _ => return Err(unknown(name)),
    };
    Ok(Expr::Call(function, vec![first]))
}

fn unknown(name: &str) -> Invalid {
    let special = [RE_MATCH, DERIVED_FROM, DERIVED_FROM_OR_SELF];
    let known = SIGNATURES.iter().map(|(known, ..)| *known).chain(special);
    let nearest = most_similar(name, known);
    Invalid(format!(
        "there is no function {name}(){}",
        suggestion(nearest.as_deref())
    ))
}

fn check(
    name: &str,
    arguments: &[Expr],
    (least, most): (usize, usize),
    first: First,
) -> Result<(), Invalid> {
    if !(least..=most).contains(&arguments.len()) {
        let wanted = match most {
            usize::MAX => format!("{least} or more"),
            _ if least == most => least.to_string(),
            _ => format!("{least} to {most}"),
        };
        let arguments = arguments.len();
        return Err(Invalid(format!(
            "{name}() takes {wanted} arguments, not {arguments}"
        )));
    }
    match arguments.first() {
        Some(expr) if first == Nodes && !expr.is_node_set() => Err(Invalid(format!(
            "the first argument of {name}() is no set of nodes"
        ))),
        _ => Ok(()),
    }
}

/// The first of two arguments, and the text of the second.
fn first_and_literal(name: &str, arguments: Vec<Expr>) -> Result<(Expr, String), Invalid> {
    let mut arguments = arguments.into_iter();
    match (arguments.next(), arguments.next()) {
        (Some(first), Some(Expr::Literal { text, .. })) => Ok((first, text)),
        _ => Err(Invalid(format!(
            "the second argument of {name}() has to be a literal, so that it is known when code is generated"
        ))),
    }
}

fn translate(regex: String) -> Result<Pattern, Invalid> {
    let translated = pattern::translate(&regex)
        .map_err(|reason| Invalid(format!("the pattern {regex}: {}", reason.0)))?;
    Ok(Pattern {
        regex,
        translated,
        inverted: false,
        on_error: OnError::default(),
    })
}

/// The function for the identities that are derived from the one that a literal names: without a
/// prefix one of the module in whose text it stands (RFC 7950 sections 7.12 and 10.4), wherever that
/// text is used.
fn derived_from(text: &str, or_self: bool, names: &dyn Names) -> Result<Function, Invalid> {
    let (module, name) = match text.split_once(':') {
        None => (names.written_in(), text),
        Some((prefix, name)) => (names.module_of(prefix)?, name),
    };
    let base = QName {
        module: module.to_owned(),
        name: name.to_owned(),
    };
    let Some(mut found) = names.derived(&base) else {
        return Ok(Function::DerivedFromNothing(base));
    };
    found.extend(or_self.then_some(base));
    found.sort();
    found.dedup();
    Ok(Function::DerivedFrom(found))
}
