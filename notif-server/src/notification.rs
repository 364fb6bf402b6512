//! Notifications on their way through the server: from a request into the journal, and from there to
//! the sinks.

use std::sync::Arc;

use jiff::Timestamp;
use notif_runtime::Encoding;
use notif_runtime::Options;
use notif_runtime::fault::Faults;
use notif_runtime::notification::Notification;
use notif_runtime::registry::Registry;
use serde_json::Value;
use uuid::Uuid;

/// A notification that was checked and is to be kept.
#[derive(Debug, Clone)]
pub struct Entry {
    /// When it came in.
    pub received: Timestamp,
    /// When the event happened, as the publisher says.
    pub event_time: Option<String>,
    /// Who sent it.
    pub publisher: String,
    /// The encoding of the body.
    pub encoding: Encoding,
    /// The name of the top-level node, `module:name`.
    pub name: String,
    /// The message as it came in.
    pub body: Vec<u8>,
    /// The way that the body was read; none if that was before the journal kept it.
    pub reading: Option<Reading>,
    /// Facts about the message beside its data.
    pub envelope: Envelope,
}

/// The way that a body was read: whoever reads it again has to do it the same way.
#[derive(Debug, Clone, PartialEq, Eq, Hash)]
pub struct Reading {
    /// The policy: `strict`.
    pub policy: Arc<str>,
    /// The set of modules, by the `content-id` of its YANG library (RFC 8525).
    pub schemas: Arc<str>,
}

impl Reading {
    /// Strictly, by these modules.
    #[must_use]
    pub fn strict(registry: &Registry) -> Self {
        let library: Value = serde_json::from_str(&registry.yang_library()).unwrap_or_default();
        let id = library.pointer("/ietf-yang-library:yang-library/content-id");
        Self {
            policy: "strict".into(),
            schemas: id.and_then(Value::as_str).unwrap_or_default().into(),
        }
    }
}

/// Facts about a message beside its data.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Envelope {
    /// The number of notifications in the message, at least 1.
    pub notifications: u32,
    /// The host that it names.
    pub hostname: Option<String>,
    /// The publisher process, `message-publisher-id` (draft-ietf-netconf-distributed-notif).
    pub process: Option<u32>,
    /// The subscription (RFC 8639).
    pub subscription: Option<u32>,
    /// The sequence number within the publisher process.
    pub sequence: Option<u32>,
}

impl Default for Envelope {
    fn default() -> Self {
        Self {
            notifications: 1,
            hostname: None,
            process: None,
            subscription: None,
            sequence: None,
        }
    }
}

impl Entry {
    /// The notification's data. It was within the limits when it was accepted: there are none here.
    ///
    /// # Errors
    /// The faults, if it does not fit these modules (any more).
    pub fn decode(&self, registry: &Registry) -> Result<Notification, Faults> {
        let options = Options::default()
            .with_max_size(usize::MAX)
            .with_max_depth(usize::MAX);
        registry.decode(self.encoding, &self.body, &options)
    }
}

/// The place of a kept notification.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Stored {
    /// Its place in the journal: later ones have greater numbers.
    pub seq: u64,
    /// Its own name, for good and everywhere (UUIDv7).
    pub id: Uuid,
}

/// A notification that is read back.
#[derive(Debug, Clone)]
pub struct Record {
    /// Its place.
    pub stored: Stored,
    /// The notification as it was kept.
    pub entry: Entry,
}

/// A notification that was answered 400, to be kept for the operator.
#[derive(Debug, Clone)]
pub struct Rejection {
    /// The time of its receipt.
    pub received: Timestamp,
    /// Who sent it.
    pub publisher: String,
    /// The encoding that the request claimed.
    pub encoding: Encoding,
    /// The faults: the JSON of the answer.
    pub faults: String,
    /// The message as it came in.
    pub body: Vec<u8>,
}

/// A rejected notification that is read back.
#[derive(Debug, Clone)]
pub struct Rejected {
    /// Its place among the rejected ones, and its id.
    pub stored: Stored,
    /// The notification as it was kept.
    pub rejection: Rejection,
}

/// The notifications that a sink is given.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Source {
    /// Those that were accepted.
    Notifications,
    /// Those that were rejected.
    Rejected,
}

/// A sink's name, and what it is given.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct SinkName {
    /// The name under which the journal keeps its account; it never changes.
    pub name: &'static str,
    /// The notifications that it is given.
    pub source: Source,
}
