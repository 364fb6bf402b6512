//! Operations in the data around them: how they are met, and where they stand.

use super::context::{Met, Operations};
use super::{Abort, Context, Reader, Root};
use crate::fault::FaultKind;
use crate::operation::Turn;
use crate::schema::Node;
use crate::tree;

/// What [`Reader::next_member`] gives for an operation if it is not to be read.
pub(super) const OPERATION: usize = usize::MAX;

/// Reads an operation with a reader at its value.
pub(crate) type Read<R> =
    fn(&'static Root, &mut R, &mut Context) -> Result<Box<dyn tree::Node>, Abort>;

/// Takes the operation whose value is at the cursor, if operations are to be read. `Some` if the
/// walk over the data stops there.
#[cold]
pub(crate) fn meet<'de, R: Reader<'de>>(
    root: &'static Root,
    reader: &mut R,
    read: Read<R>,
    cx: &mut Context,
) -> Result<Option<usize>, Abort> {
    let (node, offset) = (root.node(), reader.offset());
    let mut met = Met { node, data: None };
    let form = match cx.operations {
        Operations::Stop(_) | Operations::Unknown => {
            cx.operation = Some(met);
            return Ok(Some(OPERATION));
        }
        Operations::Read(form) => form,
    };
    if cx.operation.is_some() {
        let expected = format!("only one {} in the document", form.described());
        cx.fault_at(
            node.qualified_name(),
            FaultKind::Duplicate,
            offset,
            None,
            expected,
        )?;
        return reader.skip(cx).map(|()| None);
    }
    // An operation holds no other.
    cx.operations = Operations::Unknown;
    let data = read(root, reader, cx);
    cx.operations = Operations::Read(form);
    met.data = Some(data?);
    cx.operation = Some(met);
    Ok(None)
}

/// The way from the top of a document, which was read without a fault, to its operation: the last
/// turn first. The reader is at the value of `node`, the instance with this ordinal.
pub(super) fn way(
    reader: &mut dyn Reader<'_>,
    node: &'static Node,
    cx: &mut Context,
) -> Result<Option<Vec<Turn>>, Abort> {
    if !reader.open_object(node, cx)? {
        return Ok(None);
    }
    let mut present = vec![false; node.children().len()];
    let mut found = None;
    let mut counts = vec![0; node.children().len()];
    while let Some(index) = reader.next_member(node, 0, cx)? {
        let child = node.children().get(index);
        let (Some(child), Some(count), Some(there)) =
            (child, counts.get_mut(index), present.get_mut(index))
        else {
            found = Some((Vec::new(), 0, 0));
            reader.skip(cx)?;
            continue;
        };
        *there = true;
        let mut visit = |reader: &mut dyn Reader<'_>, cx: &mut Context| {
            // Neither a leaf nor data without a schema has an operation in it.
            if child.is_value() {
                return reader.skip(cx);
            }
            if let Some(below) = way(reader, child, cx)? {
                found = Some((below, index, *count));
            }
            *count += 1;
            Ok(())
        };
        if child.repeats() && !reader.repeats() {
            reader.open_array(child, cx)?;
            let mut first = true;
            while reader.next_element(first, cx)? {
                first = false;
                visit(reader, cx)?;
            }
        } else {
            visit(reader, cx)?;
        }
    }
    Ok(found.map(|(mut turns, index, ordinal)| {
        turns.push(Turn {
            index,
            ordinal,
            present,
        });
        turns
    }))
}
