//! The state of a decoding run: its limits and the faults found so far.

use std::collections::HashMap;

use crate::fault::{Abort, FaultKind, Faults, Position, Predicate, Recorder, Step};
use crate::options::Options;
use crate::schema::{Form, Node};
use crate::text::{SHOWN, shortened};
use crate::tree;
use crate::types::AnyData;

/// A decoding run: its document and limits, and what was found so far.
#[derive(Debug)]
pub struct Context {
    options: Options,
    /// The faults.
    pub(crate) faults: Recorder,
    /// The memory that the data may still take, in bytes.
    memory: usize,
    /// True if the keys of the list entry that was read last are known; see [`Context::leave`].
    pub(super) keys_known: bool,
    /// The document to read, as the caller describes it.
    pub(crate) document: Document,
    /// The operation that was met.
    pub(crate) operation: Option<Met>,
}

/// A document to be read.
#[derive(Debug, Default)]
pub(crate) struct Document {
    /// Its top-level node, if only one is allowed.
    pub(crate) root: Option<&'static Node<'static>>,
    /// The treatment of operations in its data.
    pub(crate) operations: Operations,
    /// For the values of unions at these offsets, the number of members that are passed over.
    pub(crate) skips: HashMap<usize, usize>,
}

/// The treatment of operations in the data.
#[derive(Debug, Clone, Copy, Default)]
pub(crate) enum Operations {
    /// They are unknown members.
    #[default]
    Unknown,
    /// Operations of a form are read beside the data.
    Read(Form),
    /// Operations of a form are handed out as [`OPERATION`](super::OPERATION).
    Stop(Form),
}

/// An operation that was met in the data.
#[derive(Debug)]
pub(crate) struct Met {
    pub(crate) node: &'static Node<'static>,
    /// Its data, if it was read.
    pub(crate) data: Option<Box<dyn tree::Node>>,
}

impl Context {
    /// A run with these limits.
    #[must_use]
    pub fn new(options: Options) -> Self {
        Self::of(Document::default(), options)
    }

    /// A run over a document with these limits.
    pub(crate) const fn of(document: Document, options: Options) -> Self {
        Self {
            options,
            faults: Recorder::new(options.faults),
            memory: options.memory(),
            keys_known: false,
            document,
            operation: None,
        }
    }

    /// The number of members that are passed over for the value of a union at `offset`.
    pub(super) fn skip(&self, offset: usize) -> usize {
        self.document.skips.get(&offset).copied().unwrap_or(0)
    }

    /// The limits.
    #[must_use]
    pub const fn options(&self) -> &Options {
        &self.options
    }

    /// The number of faults found so far.
    #[must_use]
    pub const fn faults(&self) -> usize {
        self.faults.len()
    }

    /// Counts memory before data take it.
    #[inline]
    pub(crate) fn take_memory(&mut self, bytes: usize, offset: usize) -> Result<(), Abort> {
        match self.memory.checked_sub(bytes) {
            Some(left) => {
                self.memory = left;
                Ok(())
            }
            None => Err(self.out_of_memory(offset)),
        }
    }

    #[cold]
    fn out_of_memory(&mut self, offset: usize) -> Abort {
        let limit = self.options.memory();
        let expected = format!("data that take at most {limit} bytes of memory");
        self.abort(FaultKind::TooLarge, offset, expected)
    }

    /// Records a fault at the node that is being read and returns [`Abort`].
    #[cold]
    pub fn abort(&mut self, kind: FaultKind, offset: usize, expected: impl Into<String>) -> Abort {
        let (Ok(()) | Err(Abort)) = self.fault(kind, offset, None, expected);
        Abort
    }

    /// Records a fault at the node that is being read. [`Abort`] if there are enough.
    #[cold]
    pub fn fault(
        &mut self,
        kind: FaultKind,
        offset: usize,
        value: Option<&str>,
        expected: impl Into<String>,
    ) -> Result<(), Abort> {
        self.faults.add(kind, offset, value, expected.into())
    }

    /// Records a fault at a member called `name` of the node that is being read.
    #[cold]
    pub fn fault_at(
        &mut self,
        name: &str,
        kind: FaultKind,
        offset: usize,
        value: Option<&str>,
        expected: impl Into<String>,
    ) -> Result<(), Abort> {
        let before = self.faults();
        let result = self.fault(kind, offset, value, expected);
        self.leave_member(before, name);
        result
    }

    /// The form of operation that the document has to be, if it has to be one.
    pub(crate) const fn form(&self) -> Option<Form> {
        match self.document.operations {
            Operations::Read(form) | Operations::Stop(form) => Some(form),
            Operations::Unknown => None,
        }
    }

    /// Records that the document, which starts at `start`, has no operation.
    #[cold]
    pub(crate) fn no_operation(&mut self, start: usize) -> Abort {
        let wanted = self.form().map_or("operation", Form::described);
        self.abort(FaultKind::Empty, start, format!("one {wanted}"))
    }

    /// Returns true if the node being read is not the operation itself, but around or beside it.
    pub(super) const fn is_around_operation(&self) -> bool {
        matches!(self.document.operations, Operations::Read(_))
    }

    /// Puts `step` around the paths of the faults from number `before` on.
    pub fn wrap(&mut self, before: usize, step: &Step) {
        self.faults.wrap(before, step);
    }

    /// Puts the step of a member that no schema describes around the faults from number `before` on.
    pub(crate) fn leave_member(&mut self, before: usize, name: &str) {
        if self.faults() != before {
            self.wrap(before, &Step::plain(&shortened(name, SHOWN)));
        }
    }

    /// Puts the step of a container, leaf or leaf-list around the faults from number `before` on.
    #[cold]
    pub(super) fn leave(&mut self, before: usize, node: &Node<'_>) {
        if node.is_data() {
            return;
        }
        self.wrap(before, &Step::plain(node.qualified_name()));
    }

    /// Puts the step of a list entry around the faults from number `before` on: with its keys if
    /// they could be read, else with its position (from 1).
    #[cold]
    pub(super) fn leave_entry(&mut self, before: usize, entry: &dyn tree::Node, position: usize) {
        let step = if self.keys_known {
            entry.shown_step(position)
        } else {
            Step {
                name: entry.schema().qualified_name().into(),
                predicate: Predicate::Position(position),
            }
        };
        self.wrap(before, &step);
    }

    /// Ends the run: the faults with their places, if there are any. `locate` tells the place of an
    /// offset in the message.
    ///
    /// # Errors
    /// The faults.
    pub fn finish(self, locate: impl Fn(usize) -> Position) -> Result<(), Faults> {
        self.faults.finish(locate)
    }
}

/// Reads all of `text` with `read`, as the content of anydata or anyxml.
pub(crate) fn whole(
    text: &str,
    read: impl FnOnce(&mut Context) -> Result<Option<AnyData>, Abort>,
) -> Result<AnyData, Faults> {
    let mut cx = Context::new(Options::default());
    let value = read(&mut cx);
    cx.finish(|offset| Position::locate(text.as_bytes(), offset))?;
    // Without a fault there is a value.
    Ok(value.ok().flatten().unwrap_or_default())
}
