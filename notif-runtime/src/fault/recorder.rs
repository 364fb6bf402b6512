//! Records faults: up to a bound, with paths that grow while the decoder returns.

use std::borrow::Cow;

use super::{Fault, FaultKind, Faults, InstancePath, Position, Step};
use crate::text::{SHOWN, shortened};

/// The rest of the message is not to be read: the reason has been recorded.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Abort;

/// The faults found so far.
#[derive(Debug)]
pub(crate) struct Recorder {
    faults: Vec<Recorded>,
    /// The most faults that are recorded.
    most: usize,
    truncated: bool,
}

/// A fault whose path still grows and whose offset is not yet a line.
#[derive(Debug)]
struct Recorded {
    fault: Fault,
    offset: Option<usize>,
}

/// The longest text of the expected value, in characters: the names of an enumeration can be
/// hundreds.
const EXPECTED: usize = 1_000;

impl Recorder {
    /// A recorder without faults; it takes `most`.
    pub(crate) const fn new(most: usize) -> Self {
        Self {
            faults: Vec::new(),
            most,
            truncated: false,
        }
    }

    /// The number of faults.
    pub(crate) const fn len(&self) -> usize {
        self.faults.len()
    }

    /// Records a fault with an empty path. [`Abort`] if there are enough.
    #[cold]
    pub(crate) fn add(
        &mut self,
        kind: FaultKind,
        offset: usize,
        value: Option<&str>,
        expected: String,
    ) -> Result<(), Abort> {
        let fault = Fault {
            kind,
            path: InstancePath::default(),
            position: None,
            // Room for the quotes and the ellipsis of a value that was shortened in them.
            value: value.map(|value| shortened(value, SHOWN + 3).into_owned()),
            app_tag: kind.error_app_tag().map(Cow::Borrowed),
            message: None,
            expected,
        };
        self.push(fault, Some(offset))
    }

    /// Records a fault as it is; those of the finished tree know their path. [`Abort`] if there are
    /// enough.
    pub(crate) fn push(&mut self, mut fault: Fault, offset: Option<usize>) -> Result<(), Abort> {
        if self.faults.len() >= self.most {
            self.truncated = true;
            return Err(Abort);
        }
        if let Cow::Owned(short) = shortened(&fault.expected, EXPECTED) {
            fault.expected = short;
        }
        self.faults.push(Recorded { fault, offset });
        Ok(())
    }

    /// Puts `step` around the paths of the faults from number `before` on.
    #[cold]
    pub(crate) fn wrap(&mut self, before: usize, step: &Step) {
        for recorded in self.faults.iter_mut().skip(before) {
            recorded.fault.path.push_outer(step.clone());
        }
    }

    /// Gives the faults from number `before` on the module's own message and error-app-tag for the
    /// restriction at fault.
    #[cold]
    pub(crate) fn tag(&mut self, before: usize, message: Option<&str>, app_tag: Option<&str>) {
        for Recorded { fault, .. } in self.faults.iter_mut().skip(before) {
            let owned = |text: &str| Cow::Owned(text.to_owned());
            fault.app_tag = app_tag.map(owned).or(fault.app_tag.take());
            fault.message = message.map(owned);
        }
    }

    /// Lets there be this many faults more, for now.
    pub(crate) const fn allow_more(&mut self, faults: usize) {
        self.most = self.most.saturating_add(faults);
    }

    /// Takes back [`allow_more`](Self::allow_more): [`Abort`] if there are too many faults then.
    pub(crate) fn allow_less(&mut self, faults: usize) -> Result<(), Abort> {
        self.most = self.most.saturating_sub(faults);
        if self.faults.len() > self.most {
            self.faults.truncate(self.most);
            self.truncated = true;
            return Err(Abort);
        }
        Ok(())
    }

    /// Returns true if the faults from number `before` on are `count` absent mandatory nodes.
    pub(crate) fn lacks(&self, before: usize, count: usize) -> bool {
        let mut since = self.faults.iter().skip(before);
        let is_absent = |it: &Recorded| it.fault.kind == FaultKind::MissingMandatory;
        self.faults.len() == before + count && since.all(is_absent)
    }

    /// Takes back the faults from number `before` on.
    pub(crate) fn forget(&mut self, before: usize) {
        self.faults.truncate(before);
    }

    /// The faults with their places, if there are any. `locate` tells the place of an offset in the
    /// message.
    pub(crate) fn finish(self, locate: impl Fn(usize) -> Position) -> Result<(), Faults> {
        if self.faults.is_empty() {
            return Ok(());
        }
        let faults = self.faults.into_iter();
        let list = faults.map(|Recorded { mut fault, offset }| {
            fault.position = offset.map(&locate);
            fault
        });
        Err(Faults {
            list: list.collect(),
            truncated: self.truncated,
        })
    }
}
