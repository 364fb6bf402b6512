//! Which nodes their conditions let be there (RFC 7950 sections 7.21.5 and 8.2): data of which a
//! `when` is false are a fault; what is not in the message goes.

use super::FaultKind;
use super::accessible::{Item, State, Tree};
use super::report::Report;
use super::xpath::{Evaluation, Stop};
use crate::decode::Abort;
use crate::schema::When;

/// Evaluates all conditions, those first on which others depend.
///
/// Schemas have no circles of conditions. If there is one all the same, its nodes are taken to be
/// there, so that each message has an end.
pub(super) fn resolve(tree: &mut Tree<'_>, report: &mut Report<'_>) -> Result<(), Abort> {
    let is_unresolved = |tree: &Tree<'_>, at: usize| {
        tree.get(at)
            .is_some_and(|item| item.state == State::Unresolved)
    };
    // What is not in the message stands behind what is, and later nodes depend on earlier ones less
    // often than the other way round.
    let mut pending: Vec<usize> = (0..tree.len()).rev().collect();
    pending.retain(|at| is_unresolved(tree, *at));
    // Of a part of a datastore, the nodes that a condition looks at may be elsewhere.
    let options = *report.cx.options();
    for at in std::mem::take(&mut pending) {
        if tree
            .schema(at)
            .is_some_and(|schema| options.takes_part_of(schema))
        {
            tree.set(at, State::There);
        } else {
            pending.push(at);
        }
    }
    let mut eager = false;
    while !pending.is_empty() {
        let before = pending.len();
        let mut left = Vec::new();
        for at in pending {
            if is_unresolved(tree, at) && !resolve_one(tree, at, eager, report)? {
                left.push(at);
            }
        }
        eager = left.len() == before;
        pending = left;
    }
    (0..tree.len()).try_for_each(|at| refuse(tree, at, report))
}

/// Records that a condition is false of a node that the message has.
fn refuse(tree: &Tree<'_>, at: usize, report: &mut Report<'_>) -> Result<(), Abort> {
    if tree.get(at).is_none_or(|item| item.state != State::Refused) {
        return Ok(());
    }
    let whens = tree.schema(at).map_or(&[][..], |schema| schema.rules.when);
    // What was false then is so now, unless it has been seen together with what has gone since.
    let source = match first_false(tree, at, tree.parent(at), whens, false) {
        Ok(Some(when)) => when.source,
        Ok(None) => whens.first().map_or("", |when| when.source),
        Err(_) => return Err(report.too_costly()),
    };
    let expected = format!("no such node unless \"{source}\"");
    report.fault(
        FaultKind::When,
        tree.path(at),
        &tree.places(at),
        None,
        expected,
    )
}

/// Evaluates the conditions of a node; false if they depend on others that are yet to be evaluated.
fn resolve_one(
    tree: &mut Tree<'_>,
    at: usize,
    eager: bool,
    report: &mut Report<'_>,
) -> Result<bool, Abort> {
    let whens = tree.schema(at).map_or(&[][..], |schema| schema.rules.when);
    match first_false(tree, at, tree.parent(at), whens, eager) {
        Ok(None) => tree.set(at, State::There),
        Ok(Some(_)) if tree.get(at).is_some_and(Item::is_explicit) => tree.set(at, State::Refused),
        Ok(Some(_)) => tree.remove(at),
        Err(Stop::Unresolved) => return Ok(false),
        Err(Stop::TooCostly) => return Err(report.too_costly()),
    }
    Ok(true)
}

/// The first condition that is false of the node `at`, which is below `parent`.
pub(super) fn first_false(
    tree: &Tree<'_>,
    at: usize,
    parent: usize,
    whens: &'static [When],
    eager: bool,
) -> Result<Option<&'static When>, Stop> {
    for when in whens {
        let context = if when.of_parent { parent } else { at };
        let mut evaluation = Evaluation::new(tree, context).with_unresolved(eager);
        if tree
            .schema(context)
            .is_none_or(crate::schema::Node::is_data)
        {
            // The root is neither configuration nor state: what counts is whose condition it is.
            let config = tree.schema(at).is_some_and(|schema| schema.config);
            evaluation = evaluation.with_config(config);
        }
        if !evaluation.is_true(when.expr)? {
            return Ok(Some(when));
        }
    }
    Ok(None)
}
