//! Notifications on their way through the server: from a request to the journal, and on to the
//! sinks.

use std::sync::Arc;

use jiff::Timestamp;
use notif_runtime::fault::Faults;
use notif_runtime::notification::Notification;
use notif_runtime::registry::Registry;
use notif_runtime::{Encoding, Options};
use serde_json::Value;
use uuid::Uuid;

/// A notification that was checked and is ready to be kept.
#[derive(Debug, Clone)]
pub struct Entry {
    /// The time of its receipt.
    pub received: Timestamp,
    /// The time of the event, according to the publisher.
    pub event_time: Option<String>,
    /// The publisher.
    pub publisher: String,
    /// The encoding of the body.
    pub encoding: Encoding,
    /// The name of the top-level node, `module:name`.
    pub name: String,
    /// The message as it came in.
    pub body: Vec<u8>,
    /// The rules by which the body was read; none in rows from before the journal recorded them.
    pub reading: Option<Reading>,
    /// The metadata of the message.
    pub envelope: Envelope,
}

/// The rules by which a body was read: every later reader has to apply the same.
#[derive(Debug, Clone, PartialEq, Eq, Hash)]
pub struct Reading {
    /// The policy: `strict`.
    pub policy: Arc<str>,
    /// The set of modules, by the `content-id` of its YANG library (RFC 8525).
    pub schemas: Arc<str>,
}

impl Reading {
    /// Strict, with these modules.
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

/// The metadata that a message carries beside its data.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Envelope {
    /// The number of notifications in the message, at least 1.
    pub notifications: u32,
    /// The host named in the message.
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
    /// Decodes the body without limits: it was within them when it was accepted.
    ///
    /// # Errors
    /// The faults, if it does not fit these modules, or no longer does.
    pub fn decode(&self, registry: &Registry) -> Result<Notification, Faults> {
        let options = Options::default()
            .with_max_size(usize::MAX)
            .with_max_depth(usize::MAX);
        registry.decode(self.encoding, &self.body, &options)
    }
}

/// The position of a notification in the journal, and its id.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Stored {
    /// Its number in the journal; later ones have greater numbers.
    pub seq: u64,
    /// Its id, unique everywhere (UUIDv7).
    pub id: Uuid,
}

/// A notification read back from the journal.
#[derive(Debug, Clone)]
pub struct Record {
    /// Its position and id.
    pub stored: Stored,
    /// The notification as it was kept.
    pub entry: Entry,
}

/// A notification that was answered with 400, kept for the operator.
#[derive(Debug, Clone)]
pub struct Rejection {
    /// The time of its receipt.
    pub received: Timestamp,
    /// The publisher.
    pub publisher: String,
    /// The encoding that the request claimed.
    pub encoding: Encoding,
    /// The faults, in the JSON of the answer.
    pub faults: String,
    /// The message as it came in.
    pub body: Vec<u8>,
}

/// A rejected notification read back from the journal.
#[derive(Debug, Clone)]
pub struct Rejected {
    /// Its number among the rejected ones, and its id.
    pub stored: Stored,
    /// The notification as it was kept.
    pub rejection: Rejection,
}

/// The notifications that a sink receives.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Source {
    /// The accepted ones.
    Notifications,
    /// The rejected ones.
    Rejected,
}

/// A sink's name, and the notifications that it receives.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct SinkName {
    /// The name of its account in the journal; it never changes.
    pub name: &'static str,
    /// The notifications that it receives.
    pub source: Source,
}
