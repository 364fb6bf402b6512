//! What a decoding run carries: its limits and the faults found so far.

use std::borrow::Cow;
use std::collections::HashMap;

use crate::Options;
use crate::fault::{Fault, FaultKind, Faults, InstancePath, Position, Predicate, Step};
use crate::schema::{Form, Node, OnError};
use crate::text::{SHOWN, shortened};
use crate::tree;
use crate::types::AnyData;

/// The rest of the message is not to be read: what is wrong has been recorded.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Abort;

/// A decoding run: its limits, and the faults found so far.
#[derive(Debug)]
pub struct Context {
    options: Options,
    faults: Vec<Recorded>,
    truncated: bool,
    /// How much of the memory is left that the data may take.
    memory: usize,
    /// Whether the keys of the list entry that was read last are known; see [`Context::leave`].
    pub(super) keys_known: bool,
    /// Of the values of unions at these offsets: how many members are passed over.
    pub(super) skips: HashMap<usize, usize>,
    /// The top-level node that is to be read, if only one is.
    pub(super) wanted: Option<&'static Node>,
    /// What becomes of operations in the data.
    pub(super) operations: Operations,
    /// The operation that was met.
    pub(super) operation: Option<Met>,
}

/// What becomes of operations in the data.
#[derive(Debug, Clone, Copy, Default)]
pub(super) enum Operations {
    /// They are unknown members.
    #[default]
    Unknown,
    /// Those of a form are read beside the data.
    Read(Form),
    /// Those of a form are handed out as [`super::OPERATION`].
    Stop(Form),
}

/// An operation that was met in the data.
#[derive(Debug)]
pub(super) struct Met {
    pub(super) node: &'static Node,
    /// What was read of it.
    pub(super) data: Option<Box<dyn tree::Node>>,
}

/// A fault whose path still grows and whose offset is not yet a line.
#[derive(Debug)]
struct Recorded {
    fault: Fault,
    offset: Option<usize>,
}

/// The longest text of what would have been right, in characters: the names of an enumeration can be
/// hundreds.
const EXPECTED: usize = 1_000;

impl Context {
    /// A run with these limits.
    #[must_use]
    pub fn new(options: Options) -> Self {
        Self {
            options,
            faults: Vec::new(),
            truncated: false,
            memory: options.memory(),
            keys_known: false,
            skips: HashMap::new(),
            wanted: None,
            operations: Operations::Unknown,
            operation: None,
        }
    }

    /// The same run where the top-level node is to be this one.
    pub(super) const fn wanting(mut self, wanted: Option<&'static Node>) -> Self {
        self.wanted = wanted;
        self
    }

    /// How many members of the union are passed over whose value stands at `offset`.
    pub(super) fn skip(&self, offset: usize) -> usize {
        self.skips.get(&offset).copied().unwrap_or(0)
    }

    /// The limits.
    #[must_use]
    pub const fn options(&self) -> &Options {
        &self.options
    }

    /// How many faults were found so far.
    #[must_use]
    pub fn faults(&self) -> usize {
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
        let fault = Fault {
            kind,
            path: InstancePath::default(),
            position: None,
            // Room for the quotes and the ellipsis of a value that was shortened in them.
            value: value.map(|value| shortened(value, SHOWN + 3).into_owned()),
            app_tag: kind.error_app_tag(),
            message: None,
            expected: expected.into(),
        };
        self.fault_in_tree(fault, Some(offset))
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

    /// Of a document that is to be an operation: its form.
    pub(crate) const fn form(&self) -> Option<Form> {
        match self.operations {
            Operations::Read(form) | Operations::Stop(form) => Some(form),
            Operations::Unknown => None,
        }
    }

    /// Records that the document, which starts at `start`, has no operation.
    #[cold]
    pub(super) fn no_operation(&mut self, start: usize) -> Abort {
        let wanted = self.form().map_or("operation", Form::described);
        self.abort(FaultKind::Empty, start, format!("one {wanted}"))
    }

    /// Whether what is read is not the operation itself, but where it stands or beside that.
    pub(super) const fn is_around_operation(&self) -> bool {
        matches!(self.operations, Operations::Read(_))
    }

    /// Puts `step` around the paths of the faults from number `before` on.
    #[cold]
    pub fn wrap(&mut self, before: usize, step: &Step) {
        for recorded in self.faults.iter_mut().skip(before) {
            recorded.fault.path.push_outer(step.clone());
        }
    }

    /// Puts the step of a member that no schema describes around the faults from number `before` on.
    pub(crate) fn leave_member(&mut self, before: usize, name: &str) {
        if self.faults() != before {
            self.wrap(before, &Step::plain(&shortened(name, SHOWN)));
        }
    }

    /// Puts the step of a container, leaf or leaf-list around the faults from number `before` on.
    #[cold]
    pub(super) fn leave(&mut self, before: usize, node: &'static Node) {
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

    /// Gives the faults from number `before` on what the module says of the restriction at fault.
    #[cold]
    pub(crate) fn tag(&mut self, before: usize, on_error: OnError) {
        for Recorded { fault, .. } in self.faults.iter_mut().skip(before) {
            fault.app_tag = on_error.app_tag.or(fault.app_tag);
            fault.message = on_error.message;
        }
    }

    /// Records a fault as it is; those of the finished tree know their path. [`Abort`] if there are
    /// enough.
    pub(crate) fn fault_in_tree(
        &mut self,
        mut fault: Fault,
        offset: Option<usize>,
    ) -> Result<(), Abort> {
        if self.faults.len() >= self.options.faults {
            self.truncated = true;
            return Err(Abort);
        }
        if let Cow::Owned(short) = shortened(&fault.expected, EXPECTED) {
            fault.expected = short;
        }
        self.faults.push(Recorded { fault, offset });
        Ok(())
    }

    /// Lets there be this many faults more, for now.
    pub(super) fn allow_more(&mut self, faults: usize) {
        self.options.faults = self.options.faults.saturating_add(faults);
    }

    /// Takes back [`allow_more`](Self::allow_more): [`Abort`] if there are too many faults then.
    pub(super) fn allow_less(&mut self, faults: usize) -> Result<(), Abort> {
        self.options.faults = self.options.faults.saturating_sub(faults);
        if self.faults.len() > self.options.faults {
            self.faults.truncate(self.options.faults);
            self.truncated = true;
            return Err(Abort);
        }
        Ok(())
    }

    /// Whether the faults from number `before` on are this many mandatory nodes that are absent.
    pub(super) fn lacks(&self, before: usize, count: usize) -> bool {
        let mut since = self.faults.iter().skip(before);
        let is_absent = |it: &Recorded| it.fault.kind == FaultKind::MissingMandatory;
        self.faults.len() == before + count && since.all(is_absent)
    }

    /// Takes back the faults from number `before` on.
    pub(super) fn forget(&mut self, before: usize) {
        self.faults.truncate(before);
    }

    /// Ends the run: the faults with their places, if there are any. `locate` tells the place of an
    /// offset in the message.
    pub fn finish(self, locate: impl Fn(usize) -> Position) -> Result<(), Faults> {
        if self.faults.is_empty() {
            return Ok(());
        }
        let list = self
            .faults
            .into_iter()
            .map(|Recorded { mut fault, offset }| {
                fault.position = offset.map(&locate);
                fault
            })
            .collect();
        Err(Faults {
            list,
            truncated: self.truncated,
        })
    }
}

/// What `read` makes of all of `text`: the content of anydata or anyxml.
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
