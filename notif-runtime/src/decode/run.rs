//! A whole run: from the bytes of a message to valid data or the list of its faults.

use std::collections::HashMap;

use super::{Abort, Context, Object, Options, Reader, Root};
use crate::schema::{Module, Node};
use crate::tree;
use crate::validate::{FaultKind, Faults, Position, check, retries};

/// What an encoding takes a message as: text or bytes.
pub(crate) trait Input<'a>: Copy {
    /// The message, if it is that.
    fn of(message: &'a [u8], cx: &mut Context) -> Result<Self, Abort>;

    /// The place of an offset.
    fn position(message: &[u8], offset: usize) -> Position;
}

impl<'a> Input<'a> for &'a str {
    fn of(message: &'a [u8], cx: &mut Context) -> Result<Self, Abort> {
        simdutf8::compat::from_utf8(message)
            .map_err(|error| cx.abort(FaultKind::Malformed, error.valid_up_to(), "text in UTF-8"))
    }

    fn position(message: &[u8], offset: usize) -> Position {
        Position::locate(message, offset)
    }
}

impl<'a> Input<'a> for &'a [u8] {
    fn of(message: &'a [u8], _: &mut Context) -> Result<Self, Abort> {
        Ok(message)
    }

    fn position(message: &[u8], offset: usize) -> Position {
        Position::in_bytes(offset.min(message.len()))
    }
}

/// Makes a reader of a message, given the modules whose names it may use.
pub(crate) type NewReader<'a, I, R> = &'a dyn Fn(I, &'a [&'static Module]) -> R;

/// Reads the value of a root with the reader at it.
type ReadRoot<R> = fn(&'static Root, &mut R, &mut Context) -> Result<Box<dyn tree::Node>, Abort>;

/// Decodes a message whose root is the type `T`.
pub(crate) fn decode<'a, T: Object, I: Input<'a>, R: Reader<'a>>(
    input: &'a [u8],
    options: &Options,
    new: NewReader<'a, I, R>,
) -> Result<T, Faults> {
    let modules: &'a [&'static Module] = T::MODULES;
    run(
        input,
        options,
        modules,
        new,
        |root, reader, cx| {
            let mut value = T::blank();
            if !std::ptr::eq(root.node(), T::NODE) {
                let name = root.node().qualified_name();
                let expected = format!("the message \"{}\"", T::NODE.qualified_name());
                cx.fault_at(
                    name,
                    FaultKind::UnknownElement,
                    reader.offset(),
                    None,
                    expected,
                )?;
                return Err(Abort);
            }
            super::read_root(&mut value, reader, cx)?;
            Ok(value)
        },
        |value| value as &dyn tree::Node,
    )
}

/// Decodes a message whose root is any of the modules'.
pub(crate) fn decode_any<'a, I: Input<'a>, R: Reader<'a>>(
    input: &'a [u8],
    options: &Options,
    modules: &'a [&'static Module],
    new: NewReader<'a, I, R>,
    read: ReadRoot<R>,
) -> Result<Box<dyn tree::Node>, Faults> {
    run(input, options, modules, new, read, |value| &**value)
}

fn run<'a, T, I: Input<'a>, R: Reader<'a>>(
    input: &'a [u8],
    options: &Options,
    modules: &'a [&'static Module],
    new: NewReader<'a, I, R>,
    read: impl Fn(&'static Root, &mut R, &mut Context) -> Result<T, Abort>,
    view: fn(&T) -> &dyn tree::Node,
) -> Result<T, Faults> {
    let mut again = retries::Retries::default();
    loop {
        let mut cx = Context::new(*options);
        let value = message(input, &mut cx).and_then(|message: I| {
            if let Some(places) = again.places() {
                cx.skips = offsets(new(message, modules), modules, places, options);
            }
            let mut reader = new(message, modules);
            let root = reader.open_root(modules, &mut cx)?;
            let value = read(root, &mut reader, &mut cx)?;
            reader.close_root(&mut cx)?;
            if cx.faults() == 0 && root.node().constrained {
                let mut locate =
                    |place: &[check::Place]| locate(new(message, modules), modules, place, options);
                // An abort means that there are enough faults; they are in the context.
                let _ = check::constraints(view(&value), &mut cx, &mut locate, &mut again);
            }
            Ok(value)
        });
        // A value of a union was taken for a reference to what is not there.
        if again.is_due() {
            continue;
        }
        cx.finish(|offset| I::position(input, offset))?;
        return value.map_err(|Abort| Faults {
            list: Vec::new(),
            truncated: true,
        });
    }
}

/// The message, if its size is within the limit and it is what its encoding takes.
fn message<'a, I: Input<'a>>(input: &'a [u8], cx: &mut Context) -> Result<I, Abort> {
    let limit = cx.options().size;
    if input.len() > limit {
        return Err(cx.abort(FaultKind::TooLarge, limit, format!("at most {limit} bytes")));
    }
    I::of(input, cx)
}

/// The offset of a node in a message that decodes without a fault.
///
/// Only a fault between nodes needs it, so the message is walked again rather than remembered.
#[cold]
fn locate<'a>(
    mut reader: impl Reader<'a>,
    modules: &[&'static Module],
    place: &[check::Place],
    options: &Options,
) -> Option<usize> {
    let mut cx = Context::new(*options);
    let root = reader.open_root(modules, &mut cx).ok()?;
    let ((first, _), below) = place.split_first()?;
    std::ptr::eq(*first, root.node()).then_some(())?;
    descend(&mut reader, root.node(), below, &mut cx)
        .ok()
        .flatten()
}

fn descend(
    reader: &mut dyn Reader<'_>,
    node: &'static Node,
    place: &[check::Place],
    cx: &mut Context,
) -> Result<Option<usize>, Abort> {
    let Some(((child, ordinal), below)) = place.split_first() else {
        return Ok(Some(reader.offset()));
    };
    if !reader.open_object(node, cx)? {
        return Ok(None);
    }
    let mut seen = 0;
    while let Some(index) = reader.next_member(node, 0, cx)? {
        if !node
            .children()
            .get(index)
            .is_some_and(|found| std::ptr::eq(found, *child))
        {
            reader.skip(cx)?;
        } else if child.repeats() && !reader.repeats() {
            reader.open_array(child, cx)?;
            while reader.next_element(seen == 0, cx)? {
                if seen == *ordinal {
                    return descend(reader, child, below, cx);
                }
                seen += 1;
                reader.skip(cx)?;
            }
        } else if seen == *ordinal {
            return descend(reader, child, below, cx);
        } else {
            seen += 1;
            reader.skip(cx)?;
        }
    }
    Ok(None)
}

/// The offsets of the values at `places`, in one walk, with what each place has.
#[cold]
fn offsets<'a>(
    mut reader: impl Reader<'a>,
    modules: &[&'static Module],
    places: &retries::Places,
    options: &Options,
) -> HashMap<usize, usize> {
    let mut cx = Context::new(*options);
    let mut found = HashMap::new();
    if let Ok(root) = reader.open_root(modules, &mut cx) {
        let mut visit = |place: &retries::Key, offset| {
            found.extend(places.get(place).map(|skip| (offset, *skip)));
        };
        let mut place = vec![retries::key(root.node(), 0)];
        // The message was read without a fault before.
        let _ = walk(&mut reader, root.node(), &mut place, &mut visit, &mut cx);
    }
    found
}

/// Shows the places and the offsets of all leafs below `node`.
fn walk(
    reader: &mut dyn Reader<'_>,
    node: &'static Node,
    place: &mut retries::Key,
    visit: &mut dyn FnMut(&retries::Key, usize),
    cx: &mut Context,
) -> Result<(), Abort> {
    if node.leaf().is_some() {
        visit(place, reader.offset());
        return reader.skip(cx);
    }
    if !reader.open_object(node, cx)? {
        return Ok(());
    }
    let mut seen = vec![0; node.children().len()];
    while let Some(index) = reader.next_member(node, 0, cx)? {
        let (Some(child), Some(seen)) = (node.children().get(index), seen.get_mut(index)) else {
            continue;
        };
        if child.repeats() && !reader.repeats() {
            reader.open_array(child, cx)?;
            while reader.next_element(*seen == 0, cx)? {
                place.push(retries::key(child, *seen));
                *seen += 1;
                walk(reader, child, place, visit, cx)?;
                place.pop();
            }
        } else {
            place.push(retries::key(child, *seen));
            *seen += 1;
            walk(reader, child, place, visit, cx)?;
            place.pop();
        }
    }
    Ok(())
}
