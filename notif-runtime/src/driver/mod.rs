//! The driver: from the bytes of a message to valid data or the list of its faults.

mod annotations;
mod cause;
mod members;
mod places;
mod way;

use std::collections::HashMap;

pub(crate) use cause::explained;

use crate::annotation::Annotations;
use crate::decode::{
    Abort, Context, Document, Met, Object, ObjectReader, Operations, ReadNode, Reader, read_data,
    read_root,
};
use crate::fault::{FaultKind, Faults, Position};
use crate::operation::Operation;
use crate::options::Options;
use crate::schema::{Form, Kind, Module, Node};
use crate::tree;
use crate::validate::{check, unions};

/// The form in which an encoding takes a message: text or bytes.
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

/// The top of a document.
#[derive(Clone, Copy)]
enum Top {
    /// One top-level container, or one top-level operation of this form.
    Message(Form),
    /// Whole data, or the data around an operation of this form.
    Data(&'static Node<'static>, Option<Form>),
}

/// The parts of decoded data that the checks need: the nodes around the checked one, from the top
/// and each with its ordinal; and the checked node.
type Checked<'a> = (Vec<(&'a dyn tree::Node, usize)>, &'a dyn tree::Node);

/// Decodes a document whose top is the type `T`.
pub(crate) fn decode<'a, T: Object, I: Input<'a>, R: ObjectReader<'a>>(
    input: &'a [u8],
    options: &Options,
    new: NewReader<'a, I, R>,
) -> Result<(T, Annotations), Faults> {
    let run = Run {
        input,
        options,
        modules: T::MODULES,
        wanted: Some(T::NODE),
        new,
        top: match T::NODE.kind {
            Kind::Data { .. } => Top::Data(T::NODE, None),
            Kind::Input { .. } => Top::Message(Form::Rpc),
            Kind::Output { .. } => Top::Message(Form::Reply),
            _ => Top::Message(Form::Notification),
        },
    };
    let read = |_: I, reader: &mut R, cx: &mut Context| {
        let mut value = T::blank();
        let Top::Message(form) = run.top else {
            reader.open_document(cx)?;
            read_data(&mut value, T::NODE, reader, cx)?;
            reader.close_document(cx)?;
            return Ok(value);
        };
        let root = reader.open_root(T::MODULES, form, cx)?;
        if !std::ptr::eq(root, T::NODE) {
            let name = root.qualified_name();
            let expected = format!("the message \"{}\"", T::NODE.qualified_name());
            let offset = reader.offset();
            cx.fault_at(name, FaultKind::UnknownElement, offset, None, expected)?;
            return Err(Abort);
        }
        read_root(&mut value, reader, cx)?;
        reader.close_root(cx)?;
        Ok(value)
    };
    run.run(read, |value| (Vec::new(), value))
}

/// Decodes a message whose root is any of the modules'.
pub(crate) fn decode_any<'a, I: Input<'a>, R: Reader<'a>>(
    input: &'a [u8],
    options: &Options,
    modules: &'a [&'static Module],
    new: NewReader<'a, I, R>,
    read: ReadNode<'_, R>,
) -> Result<(Box<dyn tree::Node>, Annotations), Faults> {
    let form = Form::Notification;
    let run = Run {
        input,
        options,
        modules,
        wanted: None,
        new,
        top: Top::Message(form),
    };
    run.run(
        |_, reader, cx| {
            let root = reader.open_root(modules, form, cx)?;
            let value = read.0(root, reader, cx)?;
            reader.close_root(cx)?;
            Ok(value)
        },
        |value| (Vec::new(), &**value),
    )
}

/// Decodes whole data of any of the modules.
pub(crate) fn decode_data<'a, I: Input<'a>, R: Reader<'a>>(
    input: &'a [u8],
    options: &Options,
    modules: &'a [&'static Module],
    data: &'static Node<'static>,
    new: NewReader<'a, I, R>,
    read: ReadNode<'_, R>,
) -> Result<(Box<dyn tree::Node>, Annotations), Faults> {
    let run = Run {
        input,
        options,
        modules,
        wanted: None,
        new,
        top: Top::Data(data, None),
    };
    run.run(
        |_, reader, cx| read_whole(data, reader, read, cx),
        |value| (Vec::new(), &**value),
    )
}

/// Decodes an operation of any of the modules, with the data around it.
pub(crate) fn decode_operation<'a, I: Input<'a>, R: Reader<'a>>(
    input: &'a [u8],
    options: &Options,
    modules: &'a [&'static Module],
    (data, form): (&'static Node<'static>, Form),
    new: NewReader<'a, I, R>,
    read: ReadNode<'_, R>,
) -> Result<(Operation, Annotations), Faults> {
    let run = Run {
        input,
        options,
        modules,
        wanted: None,
        new,
        top: Top::Data(data, Some(form)),
    };
    run.run(
        |message, reader, cx| {
            cx.document.operations = Operations::Read(form);
            let around = read_whole(data, reader, read, cx)?;
            let Some(Met {
                data: Some(operation),
                ..
            }) = cx.operation.take()
            else {
                return Err(cx.no_operation(0));
            };
            // There is a way only through data without a fault.
            let mut again = Context::new(*options);
            let mut reader = new(message, modules);
            let node = run.enter(&mut reader, &mut again)?;
            let mut turns = match cx.faults() {
                0 => way::way(&mut reader, node, &mut again)?.unwrap_or_default(),
                _ => Vec::new(),
            };
            turns.reverse();
            Ok(Operation::new(around, turns, operation))
        },
        Operation::levels,
    )
}

/// Reads a document whose top is an object of any number of members.
fn read_whole<'a, R: Reader<'a>>(
    data: &'static Node<'static>,
    reader: &mut R,
    read: ReadNode<'_, R>,
    cx: &mut Context,
) -> Result<Box<dyn tree::Node>, Abort> {
    reader.open_document(cx)?;
    let value = read.0(data, reader, cx)?;
    reader.close_document(cx)?;
    Ok(value)
}

struct Run<'a, 'o, I, R> {
    input: &'a [u8],
    options: &'o Options,
    modules: &'a [&'static Module],
    /// The top-level node that is to be read, if only one is.
    wanted: Option<&'static Node<'static>>,
    new: NewReader<'a, I, R>,
    top: Top,
}

impl<'a, I: Input<'a>, R: Reader<'a>> Run<'a, '_, I, R> {
    fn run<T>(
        &self,
        read: impl Fn(I, &mut R, &mut Context) -> Result<T, Abort>,
        checked: fn(&T) -> Checked<'_>,
    ) -> Result<(T, Annotations), Faults> {
        let mut again = unions::Retries::default();
        loop {
            let mut cx = self.context();
            let value = message(self.input, &mut cx).and_then(|message: I| {
                if let Some(places) = again.places() {
                    cx.document.skips = self.offsets(message, places);
                }
                let mut reader = (self.new)(message, self.modules);
                let value = read(message, &mut reader, &mut cx)?;
                let mut found = Annotations::default();
                if cx.faults() == 0 {
                    let (around, node) = checked(&value);
                    if !reader.annotations().is_empty() {
                        let top = around.first().map_or(node, |(top, _)| *top);
                        let mut reader = (self.new)(message, self.modules);
                        self.enter(&mut reader, &mut cx)?;
                        found = annotations::collect(&mut reader, top, &mut cx)?;
                    }
                    if node.schema().constrained {
                        let mut locate = |place: &[check::Place<'_>]| self.locate(message, place);
                        // An abort means that there are enough faults; they are in the context.
                        let report = (&mut cx.faults, self.options);
                        let _ = check::constraints(around, node, report, &mut locate, &mut again);
                    }
                }
                Ok((value, found))
            });
            // A value of a union was taken for a reference to a missing node.
            if again.is_due() {
                continue;
            }
            cx.finish(|offset| I::position(self.input, offset))?;
            return value.map_err(|Abort| Faults {
                list: Vec::new(),
                truncated: true,
            });
        }
    }

    /// Goes to the value of the document's top, for a walk that stops at operations.
    fn enter(&self, reader: &mut R, cx: &mut Context) -> Result<&'static Node<'static>, Abort> {
        match self.top {
            Top::Message(form) => reader.open_root(self.modules, form, cx),
            Top::Data(node, form) => {
                cx.document.operations = form.map_or(Operations::Unknown, Operations::Stop);
                reader.open_document(cx).map(|()| node)
            }
        }
    }

    /// A run over the document.
    fn context(&self) -> Context {
        let document = Document {
            root: self.wanted,
            ..Document::default()
        };
        Context::of(document, *self.options)
    }

    /// The offset of a node in a message that decodes without a fault.
    #[cold]
    fn locate(&self, message: I, place: &[check::Place<'_>]) -> Option<usize> {
        let mut cx = self.context();
        let mut reader = (self.new)(message, self.modules);
        let node = self.enter(&mut reader, &mut cx).ok()?;
        let ((first, _), below) = place.split_first()?;
        first.is(node).then_some(())?;
        places::offset(&mut reader, node, below, &mut cx)
    }

    /// The offsets of the values at `places`, in one walk, with what each place has.
    #[cold]
    fn offsets(&self, message: I, places: &unions::Places) -> HashMap<usize, usize> {
        let mut cx = self.context();
        let mut reader = (self.new)(message, self.modules);
        match self.enter(&mut reader, &mut cx) {
            Ok(node) => places::offsets(&mut reader, node, places, &mut cx),
            Err(Abort) => HashMap::new(),
        }
    }
}

/// The message, if its size is within the limit and its encoding accepts it.
fn message<'a, I: Input<'a>>(input: &'a [u8], cx: &mut Context) -> Result<I, Abort> {
    let limit = cx.options().size;
    if input.len() > limit {
        return Err(cx.abort(FaultKind::TooLarge, limit, format!("at most {limit} bytes")));
    }
    I::of(input, cx)
}
