//! Random types: built-in ones with restrictions, and typedefs that narrow each other.

use super::choices::Choices;
use super::scope::Scope;
use super::statement::Statement;

/// The known values of a type.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(crate) enum Values {
    /// Integers from one to another.
    Int {
        kind: &'static str,
        from: i64,
        to: i64,
    },
    /// Decimals with two fraction digits, from one number of hundredths to another.
    Decimal { from: i64, to: i64 },
    /// Letters a, so many of them.
    String { from: u32, to: u32 },
    /// Octets, so many of them.
    Binary { from: u32, to: u32 },
    /// These names; bits if more than one of them may stand in a value.
    Names { bits: bool, names: Vec<String> },
    /// true and false.
    Boolean,
    /// Those of the members.
    Union(Vec<Values>),
    /// No value is known.
    Unknown,
}

/// A typedef, by its name with a prefix where it is another module's.
#[derive(Debug, Clone)]
pub(crate) struct Typedef {
    pub(crate) name: String,
    pub(crate) values: Values,
}

const INTS: [(&str, i64, i64); 6] = [
    ("int8", -128, 127),
    ("uint8", 0, 255),
    ("int32", -2_147_483_648, 2_147_483_647),
    ("uint16", 0, 65_535),
    ("int64", i64::MIN, i64::MAX),
    ("uint64", 0, i64::MAX),
];

/// Patterns that every text of letters a matches.
const PATTERNS: [&str; 4] = ["[a-z]*", r"\p{L}*", "[^b-z]*", "(a|b)*"];

/// A type that may have what the scope has: a statement, and what is known of its values.
pub(crate) fn any(choices: &mut Choices<'_>, scope: &Scope) -> (Statement, Values) {
    match choices.below(14) {
        0 | 1 => string(choices),
        2 | 3 => int(choices),
        4 => decimal(choices),
        5 => names(choices, scope, false),
        6 => names(choices, scope, true),
        7 => (Statement::new("type", "boolean"), Values::Boolean),
        8 => binary(choices),
        9 => identityref(choices, scope),
        10 => union(choices, scope),
        11 => leafref(choices, scope),
        _ => derived(choices, scope),
    }
}

/// Two numbers in order, within bounds.
fn within(choices: &mut Choices<'_>, from: i64, to: i64) -> (i64, i64) {
    let width = to.saturating_sub(from);
    let step = |number: usize| (width / 64).saturating_mul(i64::try_from(number).unwrap_or(0));
    let low = from + step(choices.below(24));
    let high = to - step(choices.below(24));
    (low, high)
}

fn bounds<T: ToString>(from: &T, to: &T, whole: (bool, bool)) -> String {
    let from = if whole.0 {
        "min".to_owned()
    } else {
        from.to_string()
    };
    let to = if whole.1 {
        "max".to_owned()
    } else {
        to.to_string()
    };
    if from == to {
        from
    } else {
        format!("{from} .. {to}")
    }
}

fn restriction(choices: &mut Choices<'_>, keyword: &str, argument: String) -> Statement {
    let statement = Statement::new(keyword, argument);
    if choices.once_in(4) {
        return statement
            .with(Statement::new("error-message", "not this one"))
            .with(Statement::new("error-app-tag", "off"));
    }
    statement
}

fn int(choices: &mut Choices<'_>) -> (Statement, Values) {
    let (kind, from, to) = INTS[0];
    let (kind, from, to) = *choices.one_of(&INTS).unwrap_or(&(kind, from, to));
    let values = Values::Int { kind, from, to };
    narrowed(choices, Statement::new("type", kind), values)
}

fn decimal(choices: &mut Choices<'_>) -> (Statement, Values) {
    let ty = Statement::new("type", "decimal64").with(Statement::new("fraction-digits", "2"));
    let (from, to) = (i64::MIN, i64::MAX);
    narrowed(choices, ty, Values::Decimal { from, to })
}

fn string(choices: &mut Choices<'_>) -> (Statement, Values) {
    let (from, to) = (0, 100);
    narrowed(
        choices,
        Statement::new("type", "string"),
        Values::String { from, to },
    )
}

fn binary(choices: &mut Choices<'_>) -> (Statement, Values) {
    let (from, to) = (0, 100);
    narrowed(
        choices,
        Statement::new("type", "binary"),
        Values::Binary { from, to },
    )
}

/// Hundredths as a decimal.
fn hundredths(number: i64) -> String {
    let sign = if number < 0 { "-" } else { "" };
    let number = number.unsigned_abs();
    format!("{sign}{}.{:02}", number / 100, number % 100)
}

fn names(choices: &mut Choices<'_>, scope: &Scope, bits: bool) -> (Statement, Values) {
    let (ty, keyword, number) = if bits {
        ("bits", "bit", "position")
    } else {
        ("enumeration", "enum", "value")
    };
    let mut statement = Statement::new("type", ty);
    let mut names = Vec::new();
    let mut next = 0;
    for at in 0..=choices.below(4) {
        let name = format!("n{at}");
        let mut value = Statement::new(keyword, name.as_str());
        if choices.once_in(3) {
            next += choices.below(5);
            value = value.with(Statement::new(number, next.to_string()));
        }
        next += 1;
        value = value.with_all(scope.docs(choices));
        // The first has no condition, so that a value is left.
        if at > 0 && choices.once_in(4) {
            value = value.with_all(scope.if_feature(choices));
        } else {
            names.push(name);
        }
        statement = statement.with(value);
    }
    (statement, Values::Names { bits, names })
}

fn identityref(choices: &mut Choices<'_>, scope: &Scope) -> (Statement, Values) {
    let Some(base) = choices.one_of(&scope.identities) else {
        return string(choices);
    };
    let mut ty = Statement::new("type", "identityref").with(Statement::new("base", base.as_str()));
    if choices.once_in(4)
        && let Some(other) = choices.one_of(&scope.identities)
        && other != base
    {
        ty = ty.with(Statement::new("base", other.as_str()));
    }
    (ty, Values::Unknown)
}

fn union(choices: &mut Choices<'_>, scope: &Scope) -> (Statement, Values) {
    let mut ty = Statement::new("type", "union");
    let mut values = Vec::new();
    for _ in 0..=choices.below(3) {
        let (member, of_member) = match choices.below(5) {
            0 => string(choices),
            1 => int(choices),
            2 => names(choices, scope, false),
            3 => (Statement::new("type", "boolean"), Values::Boolean),
            _ => derived(choices, scope),
        };
        ty = ty.with(member);
        values.push(of_member);
    }
    (ty, Values::Union(values))
}

fn leafref(choices: &mut Choices<'_>, scope: &Scope) -> (Statement, Values) {
    let Some(path) = choices.one_of(&scope.leafs) else {
        return string(choices);
    };
    let mut ty = Statement::new("type", "leafref").with(Statement::new("path", path.as_str()));
    if choices.once_in(2) {
        ty = ty.with(Statement::new(
            "require-instance",
            choices.word(&["true", "false"]),
        ));
    }
    (ty, Values::Unknown)
}

fn derived(choices: &mut Choices<'_>, scope: &Scope) -> (Statement, Values) {
    let Some(typedef) = choices.one_of(&scope.typedefs).cloned() else {
        return string(choices);
    };
    narrowed(
        choices,
        Statement::new("type", typedef.name),
        typedef.values,
    )
}

/// A type with more restrictions, or without.
fn narrowed(choices: &mut Choices<'_>, ty: Statement, values: Values) -> (Statement, Values) {
    if !choices.once_in(2) {
        return (ty, values);
    }
    match values {
        Values::Int { kind, from, to } => {
            let (low, high) = within(choices, from, to);
            let range = bounds(&low, &high, (low == from, high == to && kind != "uint64"));
            let range = restriction(choices, "range", range);
            let values = Values::Int {
                kind,
                from: low,
                to: high,
            };
            (ty.with(range), values)
        }
        Values::Decimal { from, to } => {
            let (low, high) = within(choices, from, to);
            let range = bounds(
                &hundredths(low),
                &hundredths(high),
                (low == from, high == to),
            );
            let range = restriction(choices, "range", range);
            (
                ty.with(range),
                Values::Decimal {
                    from: low,
                    to: high,
                },
            )
        }
        Values::String { from, to } => {
            let (mut ty, mut values) = (ty, Values::String { from, to });
            if choices.once_in(2) {
                let (low, high) = lengths(choices, from, to);
                values = Values::String {
                    from: low,
                    to: high,
                };
                let length = bounds(&low, &high, (from == 0 && low == 0, false));
                ty = ty.with(restriction(choices, "length", length));
            }
            for _ in 0..choices.below(3) {
                let pattern = choices.word(&PATTERNS).to_owned();
                ty = ty.with(restriction(choices, "pattern", pattern));
            }
            if choices.once_in(6) {
                let inverted = Statement::new("pattern", "[0-9]+");
                ty = ty.with(inverted.with(Statement::new("modifier", "invert-match")));
            }
            (ty, values)
        }
        Values::Binary { from, to } => {
            let (low, high) = lengths(choices, from, to);
            let length = restriction(choices, "length", bounds(&low, &high, (false, false)));
            (
                ty.with(length),
                Values::Binary {
                    from: low,
                    to: high,
                },
            )
        }
        Values::Names { bits, names } if !names.is_empty() => {
            let kept = 1 + choices.below(names.len());
            let keyword = if bits { "bit" } else { "enum" };
            let names: Vec<String> = names.into_iter().take(kept).collect();
            let inside = names
                .iter()
                .map(|name| Statement::new(keyword, name.as_str()));
            (ty.with_all(inside), Values::Names { bits, names })
        }
        values => (ty, values),
    }
}

fn lengths(choices: &mut Choices<'_>, from: u32, to: u32) -> (u32, u32) {
    let (low, high) = within(choices, i64::from(from) * 64, i64::from(to) * 64);
    let length = |number: i64| u32::try_from(number / 64).unwrap_or_default();
    (length(low), length(high))
}

/// A value of a type.
pub(crate) fn value(choices: &mut Choices<'_>, values: &Values) -> Option<String> {
    match values {
        Values::Int { kind, from, to } => {
            let number = if choices.once_in(2) { to } else { from };
            Some(match number {
                // The notations that defaults may have beside decimal (section 9.2.1).
                0.. if *kind != "uint64" && choices.once_in(4) => format!("0x{number:x}"),
                _ => number.to_string(),
            })
        }
        Values::Decimal { from, to } => {
            Some(hundredths(*if choices.once_in(2) { to } else { from }))
        }
        Values::String { from, to } => {
            let count = if choices.once_in(4) { to } else { from };
            Some("a".repeat(usize::try_from(*count).unwrap_or_default()))
        }
        // Three octets are four characters.
        Values::Binary { from, to } if *from <= 3 && *to >= 3 => Some("AAAA".to_owned()),
        Values::Names { bits: false, names } => choices.one_of(names).cloned(),
        Values::Names { bits: true, names } => {
            let count = choices.below(names.len() + 1);
            Some(
                names
                    .get(..count)?
                    .iter()
                    .rev()
                    .cloned()
                    .collect::<Vec<_>>()
                    .join(" "),
            )
        }
        Values::Boolean => Some(choices.word(&["true", "false"]).to_owned()),
        Values::Union(members) => {
            let member = choices.one_of(members)?;
            value(choices, member)
        }
        Values::Binary { .. } | Values::Unknown => None,
    }
}
