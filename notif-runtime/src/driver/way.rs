//! The way through a document to its operation.

use super::members::each_member;
use crate::decode::{Abort, Context, OPERATION, Reader};
use crate::operation::Turn;
use crate::schema::Node;

/// The way from the top of a document, which was read without a fault, to its operation: the last
/// turn first. The reader is at the value of `node`.
pub(super) fn way(
    reader: &mut dyn Reader<'_>,
    node: &Node<'_>,
    cx: &mut Context,
) -> Result<Option<Vec<Turn>>, Abort> {
    let mut present = vec![false; node.children().len()];
    let mut found = None;
    each_member(reader, node, cx, &mut |reader, instance, cx| {
        if instance.index == OPERATION {
            found = Some((Vec::new(), 0, 0));
            return reader.skip(cx);
        }
        if let Some(present) = present.get_mut(instance.index) {
            *present = true;
        }
        // Neither a leaf nor data without a schema has an operation in it.
        if instance.schema.is_value() {
            return reader.skip(cx);
        }
        if let Some(below) = way(reader, instance.schema, cx)? {
            found = Some((below, instance.index, instance.ordinal));
        }
        Ok(())
    })?;
    Ok(found.map(|(mut turns, index, ordinal)| {
        turns.push(Turn {
            index,
            ordinal,
            present,
        });
        turns
    }))
}
