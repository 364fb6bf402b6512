//! A line of the log: the content of an event, within limits, and its text.
//!
//! Text from outside cannot make a line long, end it, or control a terminal: it is cut at
//! [`LONGEST`], quoted, and control characters are escaped.

use std::fmt::{self, Write};

use jiff::Timestamp;
use notif_runtime::text;
use serde::ser::{SerializeMap, Serializer};
use serde_json::{Number, Value};
use tracing::callsite::Identifier;
use tracing::field::{Field, Visit};
use tracing::{Event, Level};

use crate::config::LogFormat;

/// The longest text in a line, in characters; the rest becomes `…`.
const LONGEST: usize = 2048;

/// The fields that tell kinds of events apart, with values chosen by the program.
const KINDS: [&str; 3] = ["kind", "status", "sink"];

/// The field with the publisher that caused an event.
const PUBLISHER: &str = "publisher";

/// The publisher in a line that sums up events of many.
const MANY: &str = "many";

/// An event, ready to be written.
#[derive(Debug, Clone)]
pub(super) struct Line {
    time: Timestamp,
    pub(super) level: Level,
    target: String,
    message: String,
    fields: Vec<(&'static str, Value)>,
    /// The number of similar events that this line sums up, beside its own.
    more: u64,
}

/// The kind of an event: its place in the program and its kind fields, without the publisher.
#[derive(Debug, Clone, PartialEq, Eq, Hash)]
pub(super) struct Kind {
    place: Identifier,
    named: String,
}

impl Kind {
    /// The kind by its place in the program alone.
    pub(super) fn coarse(self) -> Self {
        Self {
            named: String::new(),
            ..self
        }
    }
}

impl Line {
    /// The line of an event at this moment.
    pub(super) fn new(event: &Event<'_>) -> Self {
        let metadata = event.metadata();
        let mut line = Self::plain(*metadata.level(), metadata.target(), String::new());
        event.record(&mut line);
        line
    }

    /// A line that the log itself writes.
    pub(super) fn plain(level: Level, target: &str, message: String) -> Self {
        Self {
            time: Timestamp::now(),
            level,
            target: target.to_owned(),
            message,
            fields: Vec::new(),
            more: 0,
        }
    }

    /// The kind of the event.
    pub(super) fn kind(&self, event: &Event<'_>) -> Kind {
        let mut named = self.target.clone();
        for name in KINDS {
            if let Some(value) = self.field(name) {
                let _ = write!(named, " {value}");
            }
        }
        Kind {
            place: event.metadata().callsite(),
            named,
        }
    }

    /// The publisher that caused the event; empty if none did.
    pub(super) fn publisher(&self) -> &str {
        self.field(PUBLISHER)
            .and_then(Value::as_str)
            .unwrap_or_default()
    }

    /// The line, summing up `more` similar events, perhaps of many publishers.
    pub(super) fn with_more(mut self, more: u64, of_many: bool) -> Self {
        self.more = more;
        if of_many && more > 0 {
            let publisher = self.fields.iter_mut().find(|(name, _)| *name == PUBLISHER);
            if let Some((_, value)) = publisher {
                *value = MANY.into();
            }
        }
        self
    }

    fn field(&self, name: &str) -> Option<&Value> {
        let field = self.fields.iter().find(|(field, _)| *field == name);
        field.map(|(_, value)| value)
    }

    /// The text of the line, with its line feed.
    pub(super) fn text(&self, format: LogFormat, colours: bool) -> String {
        let mut out = match format {
            LogFormat::Text => self.for_people(colours),
            LogFormat::Json => self.json(),
        };
        out.push('\n');
        out
    }

    fn for_people(&self, colours: bool) -> String {
        let (time, level) = (self.time, self.level);
        let mut out = if colours {
            let colour = match level {
                Level::ERROR => 31,
                Level::WARN => 33,
                Level::INFO => 32,
                Level::DEBUG => 34,
                Level::TRACE => 35,
            };
            format!("\x1b[2m{time:.6}\x1b[0m \x1b[{colour}m{level:>5}\x1b[0m ")
        } else {
            format!("{time:.6} {level:>5} ")
        };
        out.push_str(&text::visible(&self.message));
        for (name, value) in &self.fields {
            // Writing to a string cannot fail.
            let _ = match value {
                Value::String(text) => write!(out, " {name}={text:?}"),
                other => write!(out, " {name}={other}"),
            };
        }
        if self.more > 0 {
            let _ = write!(out, ", and {} more like this", self.more);
        }
        out
    }

    fn json(&self) -> String {
        let mut bytes = Vec::new();
        let mut json = serde_json::Serializer::new(&mut bytes);
        let mut write = || {
            let mut map = json.serialize_map(None)?;
            map.serialize_entry("timestamp", &format_args!("{:.6}", self.time))?;
            map.serialize_entry("level", self.level.as_str())?;
            map.serialize_entry("message", &self.message)?;
            for (name, value) in &self.fields {
                map.serialize_entry(name, value)?;
            }
            if self.more > 0 {
                map.serialize_entry("more", &self.more)?;
            }
            map.serialize_entry("target", &self.target)?;
            map.end()
        };
        // None of it can fail.
        let written: Result<(), serde_json::Error> = write();
        drop(written);
        let mut out = String::with_capacity(bytes.len());
        for character in String::from_utf8_lossy(&bytes).chars() {
            if !text::acts(character) {
                out.push(character);
                continue;
            }
            for unit in character.encode_utf16(&mut [0; 2]) {
                let _ = write!(out, "\\u{unit:04x}");
            }
        }
        out
    }

    fn add(&mut self, field: &Field, value: Value) {
        match field.name() {
            // Events from crates that use the crate `log`.
            "log.target" => value
                .as_str()
                .unwrap_or_default()
                .clone_into(&mut self.target),
            name if name.starts_with("log.") => {}
            name => self.fields.push((name, value)),
        }
    }
}

impl Visit for Line {
    fn record_debug(&mut self, field: &Field, value: &dyn fmt::Debug) {
        let text = text::excerpt(format_args!("{value:?}"), LONGEST);
        if field.name() == "message" {
            self.message = text;
        } else {
            self.add(field, text.into());
        }
    }

    fn record_str(&mut self, field: &Field, value: &str) {
        self.record_debug(field, &format_args!("{value}"));
    }

    fn record_u64(&mut self, field: &Field, value: u64) {
        self.add(field, value.into());
    }

    fn record_i64(&mut self, field: &Field, value: i64) {
        self.add(field, value.into());
    }

    fn record_bool(&mut self, field: &Field, value: bool) {
        self.add(field, value.into());
    }

    fn record_f64(&mut self, field: &Field, value: f64) {
        let number = Number::from_f64(value);
        self.add(field, number.map_or(Value::Null, Value::Number));
    }
}
