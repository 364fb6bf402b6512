//! Mandatory nodes that are absent.

use super::seen::{Members, Seen};
use super::{Abort, Context};
use crate::fault::FaultKind;
use crate::schema::{Kind, Node};

/// Records the mandatory children that are absent, and whether the keys are known.
#[cold]
pub(super) fn missing<S: Seen>(
    node: &Node<'_>,
    Members { seen, bad, .. }: &Members<S>,
    start: usize,
    cx: &mut Context,
    result: Result<(), Abort>,
) -> Result<(), Abort> {
    let keys_known = node
        .keys()
        .iter()
        .all(|&key| seen.contains(key) && !bad.contains(key));
    // The nodes around an operation only say where it is: their keys do.
    let keys_only = cx.is_around_operation();
    let result = result.and_then(|()| {
        let absent = node.children().iter().enumerate();
        absent
            .filter(|(index, child)| child.mandatory && !seen.contains(*index))
            .filter(|(index, _)| !keys_only || node.keys().contains(index))
            .try_for_each(|(index, child)| {
                absent_node(child, node.keys().contains(&index), start, cx)
            })
    });
    cx.keys_known = keys_known;
    result
}

/// Records that a mandatory node is absent: of a container, the mandatory nodes in it, since a
/// container without presence counts as there (RFC 7950 section 7.5.1).
#[cold]
pub(super) fn absent_node(
    child: &Node<'_>,
    is_key: bool,
    start: usize,
    cx: &mut Context,
) -> Result<(), Abort> {
    if !is_key && cx.options().takes_part_of(child) {
        return Ok(());
    }
    if let Kind::Container { children, .. } = child.kind {
        let before = cx.faults();
        let mut mandatory = children.iter().filter(|below| below.mandatory);
        let result = mandatory.try_for_each(|below| absent_node(below, false, start, cx));
        cx.leave(before, child);
        return result;
    }
    let (kind, what) = if is_key {
        (FaultKind::MissingKey, "the key")
    } else {
        (FaultKind::MissingMandatory, "the mandatory")
    };
    let expected = format!("{what} {} \"{}\"", child.keyword(), child.name);
    cx.fault_at(child.qualified_name(), kind, start, None, expected)
}
