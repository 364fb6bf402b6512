//! The grammar of statements: arguments, sub-statements and their numbers (RFC 7950 sections 7, 9
//! and 14). What is in instances of extensions is left to those who know the extension.

mod argument;
mod table;

use super::{Keyword, Statement};
use crate::error::most_similar;
use crate::fault::{Fault, Faults};
use argument::Malformed;
pub(super) use argument::is_identifier;
pub(crate) use table::Instance;
use table::{InYang1, Rule, Substatement};

/// The section that tells what is new in YANG 1.1.
const NEW: &str = "RFC 7950 section 1.1";

/// Checks all statements of a text.
pub(super) fn check(root: Statement<'_>, faults: &mut Faults) {
    check_order(root, faults);
    check_statement(root, faults);
    for statement in root.known_descendants() {
        if faults.are_full() {
            return;
        }
        check_statement(statement, faults);
    }
}

/// Checks an instance of an extension with all statements in it.
pub(crate) fn check_instance(instance: Statement<'_>, kind: Instance, faults: &mut Faults) {
    let rule = kind.rule();
    check_argument(instance, &rule, faults);
    check_substatements(instance, &rule, rule.substatements, faults);
    for statement in instance.known_descendants() {
        check_statement(statement, faults);
    }
}

fn check_statement(statement: Statement<'_>, faults: &mut Faults) {
    let Some(rule) = table::rule(statement.keyword()) else {
        return;
    };
    check_argument(statement, &rule, faults);
    let substatements = match statement.keyword() {
        Keyword::Deviate => table::deviate(statement.argument()),
        _ => Some(rule.substatements),
    };
    if let Some(substatements) = substatements {
        check_substatements(statement, &rule, substatements, faults);
    }
    if statement.keyword() == Keyword::Deviation {
        check_deviates(statement, &rule, faults);
    }
}

fn check_argument(statement: Statement<'_>, rule: &Rule, faults: &mut Faults) {
    let fault = |message| {
        let words = rule.argument.words().iter().copied();
        let nearest = most_similar(statement.argument(), words);
        Fault::of(statement, rule.section, message).nearest(nearest)
    };
    match rule.argument.check(statement) {
        Ok(()) => {}
        Err(Malformed::Fault(message)) => faults.malformed(fault(message)),
        Err(Malformed::Tolerable(message)) => faults.tolerable(fault(message)),
    }
}

fn check_substatements(
    statement: Statement<'_>,
    rule: &Rule,
    parts: &[&[Substatement]],
    faults: &mut Faults,
) {
    let allowed = || parts.iter().copied().flatten();
    let mut found: Vec<Keyword> = Vec::new();
    for child in statement.children() {
        let keyword = child.keyword();
        if keyword == Keyword::Extension || faults.are_full() {
            continue;
        }
        let is_again = found.contains(&keyword);
        let substatement = allowed().find(|allowed| allowed.keyword == keyword);
        if let Some((section, message)) = refusal(statement, rule, substatement, is_again) {
            faults.at(child, section, message);
        }
        if !is_again {
            found.push(keyword);
        }
    }
    for missing in allowed().filter(|allowed| allowed.is_mandatory) {
        if !found.contains(&missing.keyword) {
            let message = format!("it has no {}; add one", missing.keyword);
            faults.at(statement, rule.section, message);
        }
    }
    let mut needed = rule.needed.iter().copied().flatten();
    if !rule.needed.is_empty() && !needed.any(|needed| found.contains(&needed.keyword)) {
        let message = "it defines no node; define one in it";
        faults.tolerable(Fault::of(statement, rule.section, message));
    }
}

/// The section and the reason why a statement may not be in another. `is_again` is true if one with
/// the same keyword is before it.
fn refusal(
    parent: Statement<'_>,
    rule: &Rule,
    substatement: Option<&Substatement>,
    is_again: bool,
) -> Option<(&'static str, String)> {
    let name = match parent.extension() {
        Some((prefix, name)) => format!("{prefix}:{name}"),
        None => parent.keyword().to_string(),
    };
    let Some(substatement) = substatement else {
        return Some((rule.section, format!("it has no place in {name}")));
    };
    let is_yang11 = parent.text().is_yang11;
    if !is_yang11 && substatement.in_yang1 == InYang1::Absent {
        let message = format!(
            "YANG 1 does not have it in {name}; write yang-version 1.1 for that of YANG 1.1"
        );
        return Some((NEW, message));
    }
    if is_again && !substatement.is_repeated {
        let message = format!("{name} has one before it already; keep one of them");
        return Some((rule.section, message));
    }
    if is_again && !is_yang11 && substatement.in_yang1 == InYang1::Single {
        let message = format!("in YANG 1, {name} has one at most; write yang-version 1.1 for more");
        return Some((NEW, message));
    }
    None
}

/// A node is not supported, or has other deviations (RFC 7950 section 14, `deviation-stmt`).
fn check_deviates(deviation: Statement<'_>, rule: &Rule, faults: &mut Faults) {
    let deviates: Vec<_> = deviation.all(Keyword::Deviate).collect();
    let alone = deviates
        .iter()
        .find(|deviate| deviate.argument() == "not-supported");
    if let Some(alone) = alone.filter(|_| deviates.len() > 1) {
        let message = "a node that is not supported has no other deviations; remove the others";
        faults.at(*alone, rule.section, message);
    }
}

/// The sections of a module stand in their order (RFC 7950 section 14, `module-stmt`).
fn check_order(root: Statement<'_>, faults: &mut Faults) {
    let mut reached: Option<Statement<'_>> = None;
    for child in root.children() {
        let Some(place) = place(child.keyword()) else {
            continue;
        };
        match reached.filter(|reached| Some(place) < self::place(reached.keyword())) {
            Some(reached) => {
                let message = format!(
                    "it stands behind {} in line {}; move it before that",
                    reached.keyword(),
                    reached.position().line
                );
                faults.at(child, "RFC 7950 section 14", message);
            }
            None => reached = Some(child),
        }
    }
}

/// The section of a module in which a statement stands.
const fn place(keyword: Keyword) -> Option<Place> {
    use Keyword::{
        BelongsTo, Contact, Description, Import, Include, Namespace, Organization, Prefix,
        Reference, Revision, YangVersion,
    };
    Some(match keyword {
        YangVersion | Namespace | Prefix | BelongsTo => Place::Header,
        Import | Include => Place::Linkage,
        Organization | Contact | Description | Reference => Place::Meta,
        Revision => Place::Revision,
        Keyword::Extension => return None,
        _ => Place::Body,
    })
}

/// The sections of a module, in their order.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
enum Place {
    Header,
    Linkage,
    Meta,
    Revision,
    Body,
}

#[cfg(test)]
mod tests;
