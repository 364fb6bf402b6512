//! The loop over the members of an object: the same for a generated struct and for an object that
//! has only a description.

use super::choice::absent_from_cases;
use super::missing::missing;
use super::seen::{Members, Seen};
use super::{Abort, Context, Reader};
use crate::fault::FaultKind;
use crate::schema::Node;
use crate::tree;

/// An object that members can be read into from the encoding of the reader `R`.
pub(crate) trait ReadMember<R: ?Sized> {
    /// As [`Object::read_member`](super::Object::read_member).
    fn read_member(
        &mut self,
        index: usize,
        reader: &mut R,
        cx: &mut Context,
    ) -> Result<bool, Abort>;

    /// The view of the object.
    fn as_node(&self) -> &dyn tree::Node;
}

/// Reads the object at the cursor, an instance of `node`, into `value`; `mandatory` are the
/// children that must be present. Faults get paths from below this node.
pub(crate) fn read_object<'de, R, V, S>(
    value: &mut V,
    (node, mandatory): (&Node<'_>, &S),
    reader: &mut R,
    cx: &mut Context,
) -> Result<(), Abort>
where
    R: Reader<'de> + ?Sized,
    V: ReadMember<R> + ?Sized,
    S: Seen,
{
    let start = reader.offset();
    let before = cx.faults();
    let mut members = Members::none(node);
    let mut result = read_members(value, (node, mandatory), reader, cx, &mut members);
    if !node.rules.choices.is_empty() && result.is_ok() {
        result = absent_from_cases(value.as_node(), &members, start, cx);
    }
    if cx.faults() != before || !members.seen.contains_all(mandatory) {
        return missing(node, &members, start, cx, result);
    }
    result
}

/// Reads the members of the object at the cursor.
#[inline]
pub(super) fn read_members<'de, R, V, S>(
    value: &mut V,
    (node, mandatory): (&Node<'_>, &S),
    reader: &mut R,
    cx: &mut Context,
    members: &mut Members<S>,
) -> Result<(), Abort>
where
    R: Reader<'de> + ?Sized,
    V: ReadMember<R> + ?Sized,
    S: Seen,
{
    if !reader.open_object(node, cx)? {
        // A value that is no object has no further faults: neither absent members nor keys.
        members.seen = mandatory.clone();
        members.bad = mandatory.clone();
        return Ok(());
    }
    let mut expected = 0;
    while let Some(index) = reader.next_member(node, expected, cx)? {
        if index + 1 < expected && reader.repeats() {
            key_order(node, index, &members.seen, reader, cx)?;
        }
        expected = index + 1;
        if !members.seen.insert(index) && !repeatable(node, index, reader) {
            duplicate(node, index, reader, cx)?;
            continue;
        }
        let before = cx.faults();
        match value.read_member(index, reader, cx) {
            Ok(true) => {}
            Ok(false) if cx.faults() == before => {
                members.void.insert(index);
            }
            other => {
                members.bad.insert(index);
                other?;
            }
        }
    }
    Ok(())
}

/// RFC 7950 section 7.8.5: in XML, keys stand in the order of the `key` statement.
#[cold]
fn key_order<'de, R: Reader<'de> + ?Sized, S: Seen>(
    node: &Node<'_>,
    index: usize,
    seen: &S,
    reader: &R,
    cx: &mut Context,
) -> Result<(), Abort> {
    let keys = node.keys();
    let is_late = |key: &usize| *key > index && seen.contains(*key);
    if let Some(key) = node.children().get(index)
        && keys.contains(&index)
        && keys.iter().any(is_late)
    {
        let expected = format!("the keys of {} in their order", node.described());
        let (kind, at) = (FaultKind::KeyOrder, reader.offset());
        cx.fault_at(key.qualified_name(), kind, at, None, expected)?;
    }
    Ok(())
}

/// Returns true if a member that is there a second time adds to a list.
#[cold]
fn repeatable<'de, R: Reader<'de> + ?Sized>(node: &Node<'_>, index: usize, reader: &R) -> bool {
    reader.repeats() && node.children().get(index).is_some_and(Node::repeats)
}

#[cold]
fn duplicate<'de, R: Reader<'de> + ?Sized>(
    node: &Node<'_>,
    index: usize,
    reader: &mut R,
    cx: &mut Context,
) -> Result<(), Abort> {
    if let Some(child) = node.children().get(index) {
        let expected = format!("the {} only once", child.keyword());
        cx.fault_at(
            child.qualified_name(),
            FaultKind::Duplicate,
            reader.offset(),
            None,
            expected,
        )?;
    }
    reader.skip(cx)
}
