//! Rejected notifications, and those that a sink has in quarantine.

use std::fmt;
use std::io::Write;

use jiff::Timestamp;
use notif_runtime::Encoding;
use serde_json::Value;
use serde_json::value::RawValue;
use uuid::Uuid;

use super::args::Args;
use super::error::QueryError;
use super::notes::newest;
use super::output::{Printer, Row, display};
use crate::journal::{Filter, Parked, Reader};
use crate::notification::Rejected;

/// A line about a rejected notification.
#[derive(Debug, serde::Serialize)]
pub(super) struct RejectedLine {
    seq: u64,
    #[serde(serialize_with = "display")]
    received: Timestamp,
    publisher: String,
    #[serde(serialize_with = "display")]
    id: Uuid,
    encoding: &'static str,
    bytes: usize,
    /// The faults reported to the publisher.
    faults: Option<Box<RawValue>>,
    #[serde(serialize_with = "display")]
    body: Body,
}

/// A body, shown as text: CBOR in hexadecimal; invalid UTF-8 is replaced.
#[derive(Debug)]
struct Body {
    is_text: bool,
    bytes: Vec<u8>,
}

impl fmt::Display for Body {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        if self.is_text {
            return f.write_str(&String::from_utf8_lossy(&self.bytes));
        }
        let mut bytes = self.bytes.iter();
        bytes.try_for_each(|byte| write!(f, "{byte:02x}"))
    }
}

impl From<Rejected> for RejectedLine {
    fn from(Rejected { stored, rejection }: Rejected) -> Self {
        Self {
            seq: stored.seq,
            received: rejection.received,
            publisher: rejection.publisher,
            id: stored.id,
            encoding: rejection.encoding.as_str(),
            bytes: rejection.body.len(),
            faults: RawValue::from_string(rejection.faults).ok(),
            body: Body {
                is_text: matches!(rejection.encoding, Encoding::Json | Encoding::Xml),
                bytes: rejection.body,
            },
        }
    }
}

impl RejectedLine {
    /// The first fault, and the number of further ones.
    fn first_fault(&self) -> String {
        let faults = self.faults.as_ref().map_or("null", |faults| faults.get());
        let faults: Value = serde_json::from_str(faults).unwrap_or_default();
        let list = faults.pointer("/ietf-restconf:errors/error");
        let list = list
            .and_then(Value::as_array)
            .map_or(&[][..], Vec::as_slice);
        let Some(first) = list.first() else {
            return String::new();
        };
        let text = |name: &str| first.get(name).and_then(Value::as_str).unwrap_or_default();
        let path = match text("error-path") {
            "" => String::new(),
            path => format!("{path}: "),
        };
        let more = match list.len() {
            1 => String::new(),
            several => format!(" (and {} more)", several - 1),
        };
        format!("{path}{}{more}", text("error-message"))
    }
}

impl Row for RejectedLine {
    fn csv(&self) -> Vec<(&'static str, String)> {
        vec![
            ("seq", self.seq.to_string()),
            ("received", self.received.to_string()),
            ("publisher", self.publisher.clone()),
            ("id", self.id.to_string()),
            ("encoding", self.encoding.to_owned()),
            ("bytes", self.bytes.to_string()),
            ("fault", self.first_fault()),
            ("body", self.body.to_string()),
        ]
    }

    fn table(&self) -> Vec<(&'static str, String)> {
        vec![
            ("SEQ", self.seq.to_string()),
            ("RECEIVED", format!("{:.3}", self.received)),
            ("PUBLISHER", self.publisher.clone()),
            ("ENCODING", self.encoding.to_owned()),
            ("BYTES", self.bytes.to_string()),
            ("FAULT", self.first_fault()),
        ]
    }
}

/// A line about a notification in quarantine.
#[derive(Debug, serde::Serialize)]
struct Quarantined {
    sink: String,
    seq: u64,
    #[serde(serialize_with = "display")]
    received: Timestamp,
    publisher: String,
    name: Option<String>,
    #[serde(serialize_with = "display")]
    at: Timestamp,
    reason: String,
}

impl From<Parked> for Quarantined {
    fn from(parked: Parked) -> Self {
        Self {
            sink: parked.sink,
            seq: parked.seq,
            received: parked.received,
            publisher: parked.publisher,
            name: parked.name,
            at: parked.at,
            reason: parked.reason,
        }
    }
}

impl Row for Quarantined {
    fn csv(&self) -> Vec<(&'static str, String)> {
        vec![
            ("sink", self.sink.clone()),
            ("seq", self.seq.to_string()),
            ("received", self.received.to_string()),
            ("publisher", self.publisher.clone()),
            ("name", self.name.clone().unwrap_or_default()),
            ("at", self.at.to_string()),
            ("reason", self.reason.clone()),
        ]
    }

    fn table(&self) -> Vec<(&'static str, String)> {
        vec![
            ("SINK", self.sink.clone()),
            ("SEQ", self.seq.to_string()),
            ("RECEIVED", format!("{:.3}", self.received)),
            ("PUBLISHER", self.publisher.clone()),
            ("REASON", self.reason.clone()),
        ]
    }
}

/// Prints the notifications that sinks have in quarantine.
pub(super) fn quarantined(
    args: &Args,
    reader: &Reader,
    filter: &Filter,
    out: impl Write,
    notes: &mut impl Write,
) -> Result<(), QueryError> {
    let most = if args.all {
        usize::MAX
    } else {
        args.limit.get()
    };
    let mut parked = reader.quarantined(filter, most.saturating_add(1))?;
    let are_more = parked.len() > most;
    if are_more {
        parked.remove(0);
    }
    let rows: Vec<_> = parked.into_iter().map(Quarantined::from).collect();
    Printer::new(out, args.style).print(&rows)?;
    if rows.is_empty() {
        writeln!(notes, "nothing is in quarantine, or nothing matches")?;
    } else if are_more {
        newest(args.limit.get(), notes)?;
    }
    Ok(())
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn bodies_are_shown_as_text() {
        let shown = |is_text, bytes: &[u8]| {
            let bytes = bytes.to_vec();
            Body { is_text, bytes }.to_string()
        };
        assert_eq!(shown(true, b"{\xff"), "{\u{fffd}");
        assert_eq!(shown(false, b"\xa1\x00"), "a100");
    }
}
