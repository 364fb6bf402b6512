//! Decides which nodes exist by their conditions (RFC 7950 sections 7.21.5 and 8.2): data with a
//! false `when` are a fault; nodes that are not in the message are removed.

use super::accessible::{Item, State, Tree};
use super::report::Report;
use super::xpath::{Evaluation, Stop};
use crate::fault::{Abort, FaultKind};
use crate::schema::When;

/// Evaluates all conditions, those first on which others depend.
///
/// Nodes are removed at the end of a round, so that within it nothing that was found is forgotten:
/// what depends on them waits for the next round. There are as many rounds as conditions that
/// depend on each other, one after the other, in the schema. Schemas have no circles of conditions;
/// if there is one all the same, its nodes are taken to be there.
pub(super) fn resolve(tree: &mut Tree<'_>, report: &mut Report<'_>) -> Result<(), Abort> {
    let is_unresolved =
        |tree: &Tree<'_>, at: usize| tree.get(at).map(|item| item.state) == Some(State::Unresolved);
    // In a part of a datastore, the nodes that a condition looks at may be absent.
    let options = report.options;
    let takes_part_of = |schema| options.takes_part_of(schema);
    let mut pending = Vec::new();
    for at in 0..tree.len() {
        if !is_unresolved(tree, at) {
            continue;
        }
        if tree.schema(at).is_some_and(takes_part_of) {
            tree.set(at, State::There);
        } else {
            pending.push(at);
        }
    }
    let mut eager = false;
    while !pending.is_empty() {
        let before = pending.len();
        let mut gone = Vec::new();
        for at in std::mem::take(&mut pending) {
            let whens = tree.schema(at).map_or(&[][..], |schema| schema.rules.when);
            match first_false(tree, at, tree.parent(at), whens, eager) {
                Ok(None) => tree.set(at, State::There),
                Ok(Some(_)) if tree.get(at).is_some_and(Item::is_explicit) => {
                    tree.set(at, State::Refused);
                }
                Ok(Some(_)) => gone.push(at),
                Err(Stop::Unresolved) => pending.push(at),
                Err(Stop::TooCostly) => return Err(report.too_costly()),
            }
        }
        eager = pending.len() == before;
        for at in gone {
            tree.remove(at);
        }
        pending.retain(|at| is_unresolved(tree, *at));
    }
    (0..tree.len()).try_for_each(|at| refuse(tree, at, report))
}

/// Records that a condition is false of a node that the message has.
fn refuse(tree: &Tree<'_>, at: usize, report: &mut Report<'_>) -> Result<(), Abort> {
    if tree.get(at).is_none_or(|item| item.state != State::Refused) {
        return Ok(());
    }
    let whens = tree.schema(at).map_or(&[][..], |schema| schema.rules.when);
    // A condition false then is false now, unless nodes that it looked at have gone since.
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

/// The first condition that is false of the node `at`, which is below `parent`.
pub(super) fn first_false<'s>(
    tree: &Tree<'_>,
    at: usize,
    parent: usize,
    whens: &'s [When<'s>],
    eager: bool,
) -> Result<Option<&'s When<'s>>, Stop> {
    for when in whens {
        let context = if when.of_parent { parent } else { at };
        let mut evaluation = Evaluation::new(tree, context).with_unresolved(eager);
        if tree
            .schema(context)
            .is_none_or(crate::schema::Node::is_data)
        {
            // The root is neither configuration nor state: the node with the condition decides.
            let config = tree.schema(at).is_some_and(|schema| schema.config);
            evaluation = evaluation.with_config(config);
        }
        if !evaluation.is_true(when.expr)? {
            return Ok(Some(when));
        }
    }
    Ok(None)
}
