//! The offsets of nodes in a message. Only faults between nodes and unions that are read again need
//! them, so the message is walked again rather than remembered.

use std::collections::HashMap;

use super::members::each_member;
use crate::decode::{Abort, Context, Reader};
use crate::schema::Node;
use crate::validate::{check::Place, unions};

/// The offset of the node at `place` below `node`, at whose value the reader is.
pub(super) fn offset(
    reader: &mut dyn Reader<'_>,
    node: &Node<'_>,
    place: &[Place<'_>],
    cx: &mut Context,
) -> Option<usize> {
    let mut found = None;
    // The walk ends where it is found.
    let _ = find(reader, node, place, &mut found, cx);
    found
}

fn find(
    reader: &mut dyn Reader<'_>,
    node: &Node<'_>,
    place: &[Place<'_>],
    found: &mut Option<usize>,
    cx: &mut Context,
) -> Result<(), Abort> {
    let Some(((child, ordinal), below)) = place.split_first() else {
        *found = Some(reader.offset());
        return Err(Abort);
    };
    each_member(reader, node, cx, &mut |reader, instance, cx| {
        if instance.schema.is(child) && instance.ordinal == *ordinal {
            find(reader, child, below, found, cx)
        } else {
            reader.skip(cx)
        }
    })
}

/// The offsets of the values at `places` below `node`, at whose value the reader is, with what each
/// place has.
pub(super) fn offsets(
    reader: &mut dyn Reader<'_>,
    node: &Node<'_>,
    places: &unions::Places,
    cx: &mut Context,
) -> HashMap<usize, usize> {
    let mut found = HashMap::new();
    let mut visit = |place: &unions::Key, offset| {
        found.extend(places.get(place).map(|skip| (offset, *skip)));
    };
    let mut place = vec![unions::key(node, 0)];
    // The message was read without a fault before.
    let _ = leafs(reader, node, &mut place, &mut visit, cx);
    found
}

/// Shows the places and the offsets of all leafs below `node`.
fn leafs(
    reader: &mut dyn Reader<'_>,
    node: &Node<'_>,
    place: &mut unions::Key,
    visit: &mut dyn FnMut(&unions::Key, usize),
    cx: &mut Context,
) -> Result<(), Abort> {
    if node.is_value() {
        visit(place, reader.offset());
        return reader.skip(cx);
    }
    each_member(reader, node, cx, &mut |reader, instance, cx| {
        place.push(unions::key(instance.schema, instance.ordinal));
        leafs(reader, instance.schema, place, visit, cx)?;
        place.pop();
        Ok(())
    })
}
