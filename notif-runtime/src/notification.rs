//! The envelope: the properties of any message, whatever its body.

use std::any::Any;
use std::mem;

use crate::annotation::Annotations;
use crate::decode::Object;
use crate::tree::{Child, Node, Value};
use crate::types::DateAndTime;

/// A decoded and valid message.
#[derive(Debug)]
pub struct Notification {
    root: Box<dyn Node>,
    annotations: Annotations,
}

/// The names of the leaf with the time of the event: RFC 5277's, and that of
/// draft-ietf-netconf-notif-envelope.
const EVENT_TIME: [&str; 2] = ["eventTime", "event-time"];

impl Notification {
    /// A message with this top-level node.
    #[must_use]
    pub fn new(root: Box<dyn Node>) -> Self {
        Self {
            root,
            annotations: Annotations::default(),
        }
    }

    /// The message with these annotations beside its data.
    #[must_use]
    pub fn with_annotations(mut self, annotations: Annotations) -> Self {
        self.annotations = annotations;
        self
    }

    /// The annotations that stand beside the data (RFC 7952).
    #[must_use]
    pub const fn annotations(&self) -> &Annotations {
        &self.annotations
    }

    /// The top-level node.
    #[must_use]
    pub fn root(&self) -> &dyn Node {
        &*self.root
    }

    /// The top-level node's name, `module:name`.
    #[must_use]
    pub fn name(&self) -> &str {
        self.root.schema().qualified_name()
    }

    /// The time of the event, as the publisher says, in nanoseconds at the finest: a bounded text,
    /// whatever the message has.
    #[must_use]
    pub fn event_time(&self) -> Option<DateAndTime> {
        EVENT_TIME
            .iter()
            .find_map(|name| match self.root.get(name) {
                Some((_, Child::Leaf(Value::DateAndTime(time)))) => Some(time.in_nanoseconds()),
                _ => None,
            })
    }

    /// The data as the generated type `T`, without a copy.
    ///
    /// ```
    /// use examples::yang::{self, acme_power::PowerReport};
    /// use notif_runtime::{Encoding, Options, Registry};
    ///
    /// let body = br#"{"acme-power:power-report":{"eventTime":"2026-11-24T05:00:00Z"}}"#;
    /// let registry = Registry::new(&yang::SCHEMA);
    /// let message = registry.decode(Encoding::Json, body, &Options::default())?;
    /// if let Ok(report) = message.into_root::<PowerReport>() {
    ///     assert!(report.supply.is_empty());
    /// }
    /// # Ok::<(), notif_runtime::Faults>(())
    /// ```
    ///
    /// # Errors
    /// The message, if its top-level node is of another type.
    pub fn into_root<T: Object>(mut self) -> Result<T, Self> {
        let root: &mut dyn Any = &mut *self.root;
        match root.downcast_mut() {
            Some(data) => Ok(mem::replace(data, T::blank())),
            None => Err(self),
        }
    }

    /// The data as the generated type `T`, if it is one.
    #[must_use]
    pub fn downcast_ref<T: Node>(&self) -> Option<&T> {
        self.root.downcast_ref()
    }
}
