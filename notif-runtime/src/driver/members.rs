//! Walks again over a document that was read without a fault, without building its values.

use crate::decode::{Abort, Context, OPERATION, Reader};
use crate::schema::Node;

/// A member of an object, or one of several under one name.
#[derive(Clone, Copy)]
pub(super) struct Instance<'s> {
    /// The index among the children of the node around, or [`OPERATION`].
    pub(super) index: usize,
    pub(super) schema: &'s Node<'s>,
    /// The number of the instance among those of its node, from 0.
    pub(super) ordinal: usize,
}

/// Takes an instance, with the reader at its value, which it leaves behind it.
pub(super) type Visit<'v> =
    dyn FnMut(&mut dyn Reader<'_>, Instance<'_>, &mut Context) -> Result<(), Abort> + 'v;

/// Shows all members of the object at the cursor, which is an instance of `node`. An [`Abort`] of
/// `visit` ends the walk.
pub(super) fn each_member(
    reader: &mut dyn Reader<'_>,
    node: &Node<'_>,
    cx: &mut Context,
    visit: &mut Visit<'_>,
) -> Result<(), Abort> {
    if !reader.open_object(node, cx)? {
        return Ok(());
    }
    let mut seen = vec![0; node.children().len()];
    while let Some(index) = reader.next_member(node, 0, cx)? {
        let schema = match index {
            OPERATION => cx.operation.as_ref().map(|met| met.node),
            _ => node.children().get(index),
        };
        let Some(schema) = schema else { continue };
        let mut one = 0;
        let seen = seen.get_mut(index).unwrap_or(&mut one);
        let mut next = || {
            *seen += 1;
            Instance {
                index,
                schema,
                ordinal: *seen - 1,
            }
        };
        if !schema.repeats() || reader.repeats() {
            visit(reader, next(), cx)?;
            continue;
        }
        reader.open_array(schema, cx)?;
        let mut first = true;
        while reader.next_element(std::mem::take(&mut first), cx)? {
            visit(reader, next(), cx)?;
        }
    }
    Ok(())
}
