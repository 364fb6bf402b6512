//! What goes into the journal and what comes out.

use jiff::Timestamp;
use notif_runtime::Encoding;
use notif_runtime::decode::Options;
use notif_runtime::notification::Notification;
use notif_runtime::registry::Registry;
use notif_runtime::validate::Faults;
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
    /// What the body is in.
    pub encoding: Encoding,
    /// The name of the top-level node, `module:name`.
    pub name: String,
    /// The message as it came in.
    pub body: Vec<u8>,
}

impl Entry {
    /// The notification's data. It was within the limits when it was accepted: there are none here.
    ///
    /// # Errors
    /// What is wrong, if it does not fit these modules (any more).
    pub fn decode(&self, registry: &Registry) -> Result<Notification, Faults> {
        let options = Options::default()
            .with_max_size(usize::MAX)
            .with_max_depth(usize::MAX);
        registry.decode(self.encoding, &self.body, &options)
    }
}

/// Where a kept notification is.
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
    /// Where it is.
    pub stored: Stored,
    /// What was kept.
    pub entry: Entry,
}

/// A notification that was answered 400 and is kept for the operator.
#[derive(Debug, Clone)]
pub struct Rejected {
    /// Its place among the rejected ones: later ones have greater numbers.
    pub seq: u64,
    /// Its own name, for good and everywhere (UUIDv7).
    pub id: Uuid,
    /// When it came in.
    pub received: Timestamp,
    /// Who sent it.
    pub publisher: String,
    /// What the body is said to be in.
    pub encoding: Encoding,
    /// What is wrong with it: the JSON of the answer.
    pub faults: String,
    /// The message as it came in.
    pub body: Vec<u8>,
}
