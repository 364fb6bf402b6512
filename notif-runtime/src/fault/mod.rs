//! Faults: each has a kind, a place in the data, a place in the message and the error-tag of
//! RFC 8040.

mod kind;
mod path;
mod position;
mod recorder;

use std::borrow::Cow;
use std::fmt;

use crate::text::{excerpt, visible};
pub use kind::{ErrorTag, FaultKind};
pub(crate) use path::Quoted;
pub use path::{InstancePath, Predicate, Step};
pub use position::Position;
pub use recorder::Abort;
pub(crate) use recorder::Recorder;

/// One fault of a message.
///
/// ```
/// use examples::yang::acme_power::PowerReport;
/// use notif_runtime::fault::{ErrorTag, FaultKind};
/// use notif_runtime::{Options, json};
///
/// let body = br#"{"acme-power:power-report":{}}"#;
/// let faults = json::from_slice::<PowerReport>(body, &Options::default()).unwrap_err();
/// let fault = &faults.list[0];
/// assert_eq!(fault.kind, FaultKind::MissingMandatory);
/// assert_eq!(fault.kind.error_tag(), ErrorTag::DataMissing);
/// assert_eq!(fault.path.to_string(), "/acme-power:power-report/eventTime");
/// assert_eq!(fault.position.map(|at| (at.line, at.column)), Some((1, 28)));
/// assert_eq!(fault.expected, "the mandatory leaf \"eventTime\"");
/// ```
#[derive(Debug, Clone, PartialEq, Eq)]
#[non_exhaustive]
pub struct Fault {
    /// The kind of fault.
    pub kind: FaultKind,
    /// The path in the data tree, with list keys: each with its first [`SHOWN`](crate::text::SHOWN)
    /// characters, so that the paths of several nodes can be the same; their positions are not.
    pub path: InstancePath,
    /// The position in the message, if the data came as one.
    pub position: Option<Position>,
    /// The value at fault, shortened.
    pub value: Option<String>,
    /// The error-app-tag (RFC 7950 section 15): the module's own for the restriction at fault, or
    /// the one of the kind.
    pub app_tag: Option<Cow<'static, str>>,
    /// The module's own error-message for the restriction at fault (RFC 7950 section 7.5.4.1).
    pub message: Option<Cow<'static, str>>,
    /// The value or node that would have been right, for the sender's operator.
    pub expected: String,
}

impl Fault {
    /// The fault without its place: the module's own message, or what was expected; and what was
    /// found.
    #[must_use]
    pub fn problem(&self) -> String {
        let mut problem = match &self.message {
            Some(message) => message.clone().into_owned(),
            None => format!("expected {}", self.expected),
        };
        if let Some(value) = &self.value {
            problem.push_str(", found ");
            problem.push_str(value);
        }
        problem
    }
}

impl fmt::Display for Fault {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        if let Some(at) = self.position {
            write!(f, "{}:{}: ", at.line, at.column)?;
        }
        write!(f, "{}: {}: {}", self.kind, self.path, self.problem())
    }
}

/// All faults of one message; never empty.
///
/// ```
/// use examples::yang::acme_power::PowerReport;
/// use notif_runtime::{Options, json};
///
/// let body = br#"{"acme-power:power-report":{"color":"red"}}"#;
/// let faults = json::from_slice::<PowerReport>(body, &Options::default()).unwrap_err();
/// for fault in &faults.list {
///     println!("{fault}"); // a line each
/// }
/// assert_eq!(faults.list.len(), 2); // an unknown member, and no eventTime
/// ```
///
/// `Debug` prints the same lines as `Display`, so that `?` from `main` shows them as they are meant
/// to be read.
#[derive(Clone, PartialEq, Eq, thiserror::Error)]
pub struct Faults {
    /// The faults in the order of the message, those between nodes last.
    pub list: Vec<Fault>,
    /// True if there were more faults than the bound allows to list.
    pub truncated: bool,
}

/// The longest line that [`Faults::first_line`] gives, in characters.
const LINE: usize = 500;

impl Faults {
    /// The first fault in one line of a bounded length, for a note or a log.
    #[must_use]
    pub fn first_line(&self) -> String {
        let first = self.list.first();
        let line = first.map_or_else(String::new, |fault| excerpt(fault, LINE));
        visible(&line).into_owned()
    }
}

impl fmt::Debug for Faults {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        fmt::Display::fmt(self, f)
    }
}

impl fmt::Display for Faults {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        for (at, fault) in self.list.iter().enumerate() {
            if at > 0 {
                writeln!(f)?;
            }
            write!(f, "{fault}")?;
        }
        if self.truncated {
            write!(f, "\nand more")?;
        }
        Ok(())
    }
}
