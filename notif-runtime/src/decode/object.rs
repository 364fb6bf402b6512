//! Reading generated structs, and the lists and containers that hold them.

use super::leaf::read_value;
use super::members::{self, ReadMember};
use super::seen::Seen;
use super::{Abort, Context, Reader};
use crate::schema::{Module, Node};
use crate::tree;
use crate::types::AnyData;
use crate::value::FromScalar;

/// A generated struct, as the decoder sees it. Users call
/// [`json::from_slice`](crate::json::from_slice) and similar functions, never this.
pub trait Object: tree::Node + Sized {
    /// The description of the node.
    const NODE: &'static Node<'static>;

    /// The modules whose nodes can stand in the data.
    const MODULES: &'static [&'static Module];

    /// The set of child indexes: an integer of as many bits as there are children.
    #[doc(hidden)]
    type Seen: Seen;

    /// The children that must be present, as a set.
    #[doc(hidden)]
    const MANDATORY: Self::Seen;

    /// A value to start from: mandatory members hold any value until they are read.
    #[doc(hidden)]
    fn blank() -> Self;

    /// Reads the member with this index. `true` if it was stored, `false` if a fault was recorded
    /// in its place, or if it is an empty container that counts as absent.
    #[doc(hidden)]
    fn read_member<'de, R: ObjectReader<'de> + ?Sized>(
        &mut self,
        index: usize,
        reader: &mut R,
        cx: &mut Context,
    ) -> Result<bool, Abort>;
}

impl<'de, R: ObjectReader<'de> + ?Sized, T: Object> ReadMember<R> for T {
    #[inline]
    fn read_member(
        &mut self,
        index: usize,
        reader: &mut R,
        cx: &mut Context,
    ) -> Result<bool, Abort> {
        Object::read_member(self, index, reader, cx)
    }

    fn as_node(&self) -> &dyn tree::Node {
        self
    }
}

/// A reader that generated structs are read with. Each struct has a loop over its members, in which
/// all inlines, but of `dyn Reader` there is one loop for all: a call for each member costs little
/// beside those of the reader, and a loop for each struct takes long to compile.
pub trait ObjectReader<'de>: Reader<'de> {
    /// Reads the object at the cursor into `value`. Faults get paths from below this node.
    #[doc(hidden)]
    fn read_object<T: Object>(&mut self, value: &mut T, cx: &mut Context) -> Result<(), Abort> {
        members::read_object(value, (T::NODE, &T::MANDATORY), self, cx)
    }
}

impl<'de> ObjectReader<'de> for dyn Reader<'de> + '_ {
    fn read_object<T: Object>(&mut self, value: &mut T, cx: &mut Context) -> Result<(), Abort> {
        let value: &mut dyn ReadMember<Self> = value;
        members::read_object(value, (T::NODE, &T::MANDATORY), self, cx)
    }
}

/// Reads the node at the cursor, or whole data, as the generated type `T`.
pub(crate) fn read_boxed<'de, R: ObjectReader<'de> + ?Sized, T: Object>(
    reader: &mut R,
    cx: &mut Context,
) -> Result<Box<dyn tree::Node>, Abort> {
    let mut value = Box::new(T::blank());
    if T::NODE.is_data() {
        super::data::read_data(&mut *value, T::NODE, reader, cx)?;
        return Ok(value);
    }
    read_root(&mut *value, reader, cx)?;
    Ok(value)
}

/// Reads the node at the cursor into `value`.
pub fn read_root<'de, R: ObjectReader<'de> + ?Sized, T: Object>(
    value: &mut T,
    reader: &mut R,
    cx: &mut Context,
) -> Result<(), Abort> {
    let before = cx.faults();
    let result = reader.read_object(value, cx);
    if cx.faults() != before {
        cx.leave(before, T::NODE);
    }
    result
}

/// Reads a leaf-list: all its values from an array, or one more where members repeat.
pub fn read_leaf_list<'de, R: Reader<'de> + ?Sized, V: FromScalar>(
    target: &mut Vec<V>,
    node: &Node<'_>,
    reader: &mut R,
    cx: &mut Context,
) -> Result<bool, Abort> {
    if reader.repeats() {
        read_value(|value| target.push(value), node, reader, cx)?;
        return Ok(true);
    }
    read_array(node, reader, cx, &mut |reader: &mut R, cx: &mut Context| {
        read_value(|value| target.push(value), node, reader, cx).map(|_| ())
    })
}

/// Reads a list: all its entries from an array, or one more where members repeat.
pub fn read_list<'de, R: ObjectReader<'de> + ?Sized, T: Object>(
    target: &mut Vec<T>,
    reader: &mut R,
    cx: &mut Context,
) -> Result<bool, Abort> {
    if reader.repeats() {
        read_entry(target, reader, cx)?;
        return Ok(true);
    }
    // One instance serves all lists.
    let element: &mut ReadElement<'_, R> = &mut |reader, cx| read_entry(target, reader, cx);
    read_array(T::NODE, reader, cx, element)
}

/// Reads an element of an array.
type ReadElement<'a, R> = dyn FnMut(&mut R, &mut Context) -> Result<(), Abort> + 'a;

fn read_array<'de, R, F>(
    node: &Node<'_>,
    reader: &mut R,
    cx: &mut Context,
    element: &mut F,
) -> Result<bool, Abort>
where
    R: Reader<'de> + ?Sized,
    F: FnMut(&mut R, &mut Context) -> Result<(), Abort> + ?Sized,
{
    let before = cx.faults();
    // Faults of the elements already carry this node's step; those of the array itself do not.
    let array_step = |result: Result<bool, Abort>, before: usize, cx: &mut Context| {
        if cx.faults() != before {
            cx.leave(before, node);
        }
        result
    };
    let opened = reader.open_array(node, cx);
    if !array_step(opened, before, cx)? {
        return Ok(false);
    }
    let mut first = true;
    loop {
        let before = cx.faults();
        let more = reader.next_element(first, cx);
        if !array_step(more, before, cx)? {
            return Ok(true);
        }
        first = false;
        element(reader, cx)?;
    }
}

fn read_entry<'de, R: ObjectReader<'de> + ?Sized, T: Object>(
    target: &mut Vec<T>,
    reader: &mut R,
    cx: &mut Context,
) -> Result<(), Abort> {
    let before = cx.faults();
    if let Err(Abort) = cx.take_memory(size_of::<T>(), reader.offset()) {
        cx.leave(before, T::NODE);
        return Err(Abort);
    }
    target.push(T::blank());
    let position = target.len();
    let Some(entry) = target.last_mut() else {
        return Ok(());
    };
    let result = reader.read_object(entry, cx);
    if cx.faults() != before {
        cx.leave_entry(before, entry, position);
    }
    result
}

/// Reads a container that is always there.
pub fn read_container<'de, R: ObjectReader<'de> + ?Sized, T: Object>(
    target: &mut T,
    reader: &mut R,
    cx: &mut Context,
) -> Result<bool, Abort> {
    let before = cx.faults();
    let result = reader.read_object(target, cx);
    if cx.faults() != before {
        cx.leave(before, T::NODE);
    }
    result.map(|()| true)
}

/// Reads a container that may be absent.
pub fn read_optional_container<'de, R: ObjectReader<'de> + ?Sized, T: Object>(
    target: &mut Option<T>,
    reader: &mut R,
    cx: &mut Context,
) -> Result<bool, Abort> {
    read_container(target.insert(T::blank()), reader, cx)
}

/// Reads anydata or anyxml that is always there.
pub fn read_any<'de, R: Reader<'de> + ?Sized>(
    target: &mut AnyData,
    node: &Node<'_>,
    reader: &mut R,
    cx: &mut Context,
) -> Result<bool, Abort> {
    let mut read = None;
    let result = read_optional_any(&mut read, node, reader, cx);
    if let Some(value) = read {
        *target = value;
    }
    result
}

/// Reads anydata or anyxml that may be absent.
pub fn read_optional_any<'de, R: Reader<'de> + ?Sized>(
    target: &mut Option<AnyData>,
    node: &Node<'_>,
    reader: &mut R,
    cx: &mut Context,
) -> Result<bool, Abort> {
    let before = cx.faults();
    let result = reader.any(node, cx);
    if cx.faults() != before {
        cx.leave(before, node);
    }
    *target = result?;
    Ok(target.is_some())
}
