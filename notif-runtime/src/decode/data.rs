//! Reads documents without a single root: whole data, and the data around an operation.

use super::choice::absent_from_cases;
use super::members::read_members;
use super::missing::absent_node;
use super::seen::{Members, Seen as _};
use super::{Abort, Context, Object, ObjectReader};
use crate::fault::FaultKind;
use crate::schema::{Module, Node};

/// Reads whole data, or the data around an operation.
pub(crate) fn read_data<'de, R: ObjectReader<'de> + ?Sized, T: Object>(
    value: &mut T,
    node: &Node<'_>,
    reader: &mut R,
    cx: &mut Context,
) -> Result<(), Abort> {
    if cx.form().is_some() {
        return read_around(value, node, reader, cx);
    }
    let start = reader.offset();
    let mut members = Members::none(node);
    let nothing = T::Seen::none(node.children().len());
    read_members(value, (node, &nothing), reader, cx, &mut members)?;
    absent_from_cases(value, &members, start, cx)?;
    let seen = members.seen;
    let top = || node.children().iter().enumerate();
    // Nothing is demanded of a module that the data have no node of; an empty container is one, though
    // it is no data of its case.
    let is_used = |module: &Module| {
        let is_there = |at, node: &Node<'_>| !value.child(at).is_none() || node.is_always_there();
        let mut there = top().filter(|(at, node)| seen.contains(*at) && is_there(*at, node));
        there.any(|(_, node)| std::ptr::eq(node.module, module))
    };
    top()
        .filter(|(at, node)| node.mandatory && !seen.contains(*at) && is_used(node.module))
        .try_for_each(|(_, node)| absent_node(node, false, start, cx))
}

/// Reads the one top-level node that is an operation, or the data around one.
fn read_around<'de, R: ObjectReader<'de> + ?Sized, T: Object>(
    value: &mut T,
    node: &Node<'_>,
    reader: &mut R,
    cx: &mut Context,
) -> Result<(), Abort> {
    let start = reader.offset();
    if !reader.open_object(node, cx)? {
        return Ok(());
    }
    // An operation at the top is read on the way to the next member.
    let mut next = reader.next_member(node, 0, cx)?;
    if let Some(index) = next
        && cx.operation.is_none()
    {
        value.read_member(index, reader, cx)?;
        if cx.operation.is_some() {
            next = reader.next_member(node, 0, cx)?;
        }
    }
    if cx.operation.is_none() {
        return Err(match cx.faults() {
            0 => cx.no_operation(start),
            _ => Abort,
        });
    }
    while let Some(index) = next {
        let name = node.children().get(index).map_or("", Node::qualified_name);
        let expected = "only one top-level node, the operation or what is around it";
        cx.fault_at(
            name,
            FaultKind::UnknownElement,
            reader.offset(),
            None,
            expected,
        )?;
        reader.skip(cx)?;
        next = reader.next_member(node, 0, cx)?;
    }
    Ok(())
}
