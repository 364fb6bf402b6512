//! Recording faults between nodes.

use std::borrow::Cow;

use crate::fault::{Abort, Fault, FaultKind, InstancePath, Recorder};
use crate::options::Options;
use crate::schema::{self, Must};
use crate::text::{SHOWN, excerpt};
use crate::tree::Value;

/// A level of the way to a node: its description, and the one of several instances (from 0).
pub(crate) type Place<'s> = (&'s schema::Node<'s>, usize);

/// Finds the offset in the message of the node at a place.
pub(crate) type Locate<'a> = &'a mut dyn FnMut(&[Place<'_>]) -> Option<usize>;

/// The recorder of faults between nodes.
pub(super) struct Report<'c> {
    pub(super) faults: &'c mut Recorder,
    pub(super) options: Options,
    /// `None` for data that was not decoded.
    pub(super) locate: Option<Locate<'c>>,
}

impl Report<'_> {
    /// Records a fault at the node with this path, which is at `places` in the message. [`Abort`] if
    /// there are enough.
    #[cold]
    pub(super) fn fault(
        &mut self,
        kind: FaultKind,
        path: InstancePath,
        places: &[Place<'_>],
        value: Option<Value<'_>>,
        expected: String,
    ) -> Result<(), Abort> {
        let offset = self.locate.as_mut().and_then(|locate| locate(places));
        let value = value.map(|value| format!("\"{}\"", excerpt(value, SHOWN)));
        self.faults.push(
            Fault {
                kind,
                path,
                position: None,
                value,
                app_tag: kind.error_app_tag().map(Cow::Borrowed),
                message: None,
                expected,
            },
            offset,
        )
    }

    /// Records that a `must` is false.
    #[cold]
    pub(super) fn violated(
        &mut self,
        must: &Must<'_>,
        path: InstancePath,
        places: &[Place<'_>],
    ) -> Result<(), Abort> {
        let expected = format!("data of which \"{}\" is true", must.source);
        let before = self.faults.len();
        let result = self.fault(FaultKind::Must, path, places, None, expected);
        self.faults.tag(before, must.message, must.app_tag);
        result
    }

    /// Records that the message takes more work than is allowed.
    #[cold]
    pub(super) fn too_costly(&mut self) -> Abort {
        let expected = "a message of which \"when\" and \"must\" take less work to evaluate";
        let (path, expected) = (InstancePath::default(), expected.to_owned());
        let (Ok(()) | Err(Abort)) = self.fault(FaultKind::TooCostly, path, &[], None, expected);
        Abort
    }
}
