//! Finds operations in the data around them, and keeps their places.

use std::fmt;

use super::context::{Met, Operations};
use super::{Abort, Context, Reader};
use crate::fault::FaultKind;
use crate::schema::Node;
use crate::tree;

/// The index that [`Reader::next_member`] returns for an operation that is not to be read.
pub(crate) const OPERATION: usize = usize::MAX;

/// Reads the node of a description, with a reader at its value.
pub(crate) struct ReadNode<'a, R>(pub(crate) &'a ReadFn<'a, R>);

/// A function that reads the node of a description.
pub(crate) type ReadFn<'a, R> =
    dyn Fn(&'static Node<'static>, &mut R, &mut Context) -> Result<Box<dyn tree::Node>, Abort> + 'a;

impl<R> Clone for ReadNode<'_, R> {
    fn clone(&self) -> Self {
        *self
    }
}

impl<R> Copy for ReadNode<'_, R> {}

impl<R> fmt::Debug for ReadNode<'_, R> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("ReadNode")
    }
}

/// Takes the operation `node` whose value is at the cursor: by `read`, if operations are to be read.
/// `Some` if the walk over the data stops there.
#[cold]
pub(crate) fn meet<'de, R: Reader<'de>>(
    node: &'static Node<'static>,
    reader: &mut R,
    read: Option<ReadNode<'_, R>>,
    cx: &mut Context,
) -> Result<Option<usize>, Abort> {
    let mut met = Met { node, data: None };
    let (Operations::Read(form), Some(read)) = (cx.document.operations, read) else {
        cx.operation = Some(met);
        return Ok(Some(OPERATION));
    };
    if cx.operation.is_some() {
        let expected = format!("only one {} in the document", form.described());
        cx.fault_at(
            node.qualified_name(),
            FaultKind::Duplicate,
            reader.offset(),
            None,
            expected,
        )?;
        return reader.skip(cx).map(|()| None);
    }
    // An operation holds no other.
    cx.document.operations = Operations::Unknown;
    let data = read.0(node, reader, cx);
    cx.document.operations = Operations::Read(form);
    met.data = Some(data?);
    cx.operation = Some(met);
    Ok(None)
}
