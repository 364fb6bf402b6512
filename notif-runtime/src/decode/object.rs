//! Reading objects: the loop over the members, which is the same for every generated struct.

use std::fmt::Debug;

use super::choice::absent_from_cases;
use super::leaf::read_value;
use super::{Abort, Context, Reader};
use crate::fault::FaultKind;
use crate::schema::{Kind, Module, Node};
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
    fn read_member<'de, R: Reader<'de> + ?Sized>(
        &mut self,
        index: usize,
        reader: &mut R,
        cx: &mut Context,
    ) -> Result<bool, Abort>;
}

/// A set of child indexes.
pub trait Seen: Copy + Debug {
    /// No index.
    const EMPTY: Self;

    /// Adds `index`; false if it was there.
    fn insert(&mut self, index: usize) -> bool;

    /// Returns true if `index` is in the set.
    fn contains(&self, index: usize) -> bool;

    /// Returns true if all of `other` are in the set.
    fn contains_all(&self, other: &Self) -> bool;
}

impl Seen for u64 {
    const EMPTY: Self = 0;

    #[inline]
    fn insert(&mut self, index: usize) -> bool {
        let bit = 1u64.wrapping_shl(u32::try_from(index).unwrap_or(0));
        let new = *self & bit == 0;
        *self |= bit;
        new
    }

    #[inline]
    fn contains(&self, index: usize) -> bool {
        *self & 1u64.wrapping_shl(u32::try_from(index).unwrap_or(0)) != 0
    }

    #[inline]
    fn contains_all(&self, other: &Self) -> bool {
        *self & *other == *other
    }
}

impl<const WORDS: usize> Seen for [u64; WORDS] {
    const EMPTY: Self = [0; WORDS];

    fn insert(&mut self, index: usize) -> bool {
        self.get_mut(index / 64)
            .is_some_and(|word| word.insert(index % 64))
    }

    fn contains(&self, index: usize) -> bool {
        self.get(index / 64)
            .is_some_and(|word| word.contains(index % 64))
    }

    fn contains_all(&self, other: &Self) -> bool {
        self.iter()
            .zip(other)
            .all(|(mine, theirs)| mine.contains_all(theirs))
    }
}

/// Reads the node at the cursor, or whole data, as the generated type `T`.
pub(crate) fn read_boxed<'de, R: Reader<'de> + ?Sized, T: Object>(
    reader: &mut R,
    cx: &mut Context,
) -> Result<Box<dyn tree::Node>, Abort> {
    let mut value = Box::new(T::blank());
    if T::NODE.is_data() {
        super::data::read_data(&mut *value, reader, cx)?;
        return Ok(value);
    }
    read_root(&mut *value, reader, cx)?;
    Ok(value)
}

/// Reads the node at the cursor into `value`.
pub fn read_root<'de, R: Reader<'de> + ?Sized, T: Object>(
    value: &mut T,
    reader: &mut R,
    cx: &mut Context,
) -> Result<(), Abort> {
    let before = cx.faults();
    let result = read_object(value, reader, cx);
    if cx.faults() != before {
        cx.leave(before, T::NODE);
    }
    result
}

/// Reads the object at the cursor into `value`. Faults get paths from below this node.
fn read_object<'de, R: Reader<'de> + ?Sized, T: Object>(
    value: &mut T,
    reader: &mut R,
    cx: &mut Context,
) -> Result<(), Abort> {
    let start = reader.offset();
    let before = cx.faults();
    let mut members = Members::NONE;
    let mut result = read_members(value, reader, cx, &mut members);
    if !T::NODE.rules.choices.is_empty() && result.is_ok() {
        result = absent_from_cases(value, &members, start, cx);
    }
    if cx.faults() != before || !members.seen.contains_all(&T::MANDATORY) {
        return missing(T::NODE, &members, start, cx, result);
    }
    result
}

/// The members of an object that were read.
#[derive(Debug)]
pub(super) struct Members<S> {
    pub(super) seen: S,
    /// Those with a fault recorded in their place.
    bad: S,
    /// Those that are no data, although nothing is wrong with them: empty arrays, and containers
    /// that choose no case.
    pub(super) void: S,
}

impl<S: Seen> Members<S> {
    pub(super) const NONE: Self = Self {
        seen: S::EMPTY,
        bad: S::EMPTY,
        void: S::EMPTY,
    };
}

#[inline]
pub(super) fn read_members<'de, R: Reader<'de> + ?Sized, T: Object>(
    value: &mut T,
    reader: &mut R,
    cx: &mut Context,
    members: &mut Members<T::Seen>,
) -> Result<(), Abort> {
    if !reader.open_object(T::NODE, cx)? {
        // What is absent from something that is no object is no further fault; nor has it keys.
        members.seen = T::MANDATORY;
        members.bad = T::MANDATORY;
        return Ok(());
    }
    let mut expected = 0;
    while let Some(index) = reader.next_member(T::NODE, expected, cx)? {
        if index + 1 < expected && reader.repeats() {
            key_order(T::NODE, index, &members.seen, reader, cx)?;
        }
        expected = index + 1;
        if !members.seen.insert(index) && !repeatable(T::NODE, index, reader) {
            duplicate(T::NODE, index, reader, cx)?;
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

/// Records the mandatory children that are absent, and whether the keys are known.
#[cold]
fn missing<S: Seen>(
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
    read_array(node, reader, cx, |reader, cx| {
        read_value(|value| target.push(value), node, reader, cx).map(|_| ())
    })
}

/// Reads a list: all its entries from an array, or one more where members repeat.
pub fn read_list<'de, R: Reader<'de> + ?Sized, T: Object>(
    target: &mut Vec<T>,
    reader: &mut R,
    cx: &mut Context,
) -> Result<bool, Abort> {
    if reader.repeats() {
        read_entry(target, reader, cx)?;
        return Ok(true);
    }
    read_array(T::NODE, reader, cx, |reader, cx| {
        read_entry(target, reader, cx)
    })
}

fn read_array<'de, R: Reader<'de> + ?Sized>(
    node: &Node<'_>,
    reader: &mut R,
    cx: &mut Context,
    mut element: impl FnMut(&mut R, &mut Context) -> Result<(), Abort>,
) -> Result<bool, Abort> {
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

fn read_entry<'de, R: Reader<'de> + ?Sized, T: Object>(
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
    let result = read_object(entry, reader, cx);
    if cx.faults() != before {
        cx.leave_entry(before, entry, position);
    }
    result
}

/// Reads a container that is always there.
pub fn read_container<'de, R: Reader<'de> + ?Sized, T: Object>(
    target: &mut T,
    reader: &mut R,
    cx: &mut Context,
) -> Result<bool, Abort> {
    let before = cx.faults();
    let result = read_object(target, reader, cx);
    if cx.faults() != before {
        cx.leave(before, T::NODE);
    }
    result.map(|()| true)
}

/// Reads a container that may be absent.
pub fn read_optional_container<'de, R: Reader<'de> + ?Sized, T: Object>(
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
