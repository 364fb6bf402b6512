//! The JSON encoder: the canonical form of the data, in schema order.

use std::fmt::Write as _;

use super::lex;
use crate::annotation::{Annotations, Entry, Notes, leaf_step};
use crate::fault::Step;
use crate::schema::{self, Type};
use crate::tree::{Child, Node, Value};
use crate::types::{AnyData, must_be_object};

/// The message with `root` as its top-level node, or the document if `root` is whole data.
///
/// ```
/// use examples::yang::acme_power::PowerReport;
/// use notif_runtime::json;
///
/// # fn main() -> Result<(), Box<dyn std::error::Error>> {
/// let report = PowerReport::new("2026-11-24T05:00:00Z".parse()?);
/// assert_eq!(
///     json::to_string(&report),
///     r#"{"acme-power:power-report":{"eventTime":"2026-11-24T05:00:00Z"}}"#
/// );
/// # Ok(())
/// # }
/// ```
#[must_use]
pub fn to_string(root: &dyn Node) -> String {
    to_string_annotated(root, &Annotations::default())
}

/// As [`to_string`], with a line for each member and element.
///
/// ```
/// use notif_runtime::json;
/// use notif_runtime::restconf::Errors;
///
/// let text = "{\n  \"ietf-restconf:errors\": {}\n}";
/// assert_eq!(json::to_string_pretty(&Errors::default()), text);
/// ```
#[must_use]
pub fn to_string_pretty(root: &dyn Node) -> String {
    super::pretty::indented(&to_string(root))
}

/// As [`to_string`], with annotations beside the data (RFC 7952 section 5.2).
#[must_use]
pub fn to_string_annotated(root: &dyn Node, annotations: &Annotations) -> String {
    if root.schema().is_data() {
        let mut out = String::new();
        Writer {
            out: &mut out,
            notes: Notes::new(annotations),
        }
        .members(root);
        return out;
    }
    let mut out = String::from("{");
    out.push_str(root.schema().member);
    Writer {
        out: &mut out,
        notes: Notes::new(annotations),
    }
    .node(root, 0);
    out.push('}');
    out
}

/// Writes the object of a container or a list entry.
pub fn write_node(out: &mut String, node: &dyn Node) {
    Writer { out, notes: None }.node(node, 0);
}

struct Writer<'o, 'a> {
    out: &'o mut String,
    notes: Option<Notes<'a>>,
}

impl Writer<'_, '_> {
    /// Writes a container, or the entry at `at` of a list.
    fn node(&mut self, node: &dyn Node, at: usize) {
        if let Some(notes) = &mut self.notes {
            notes.enter(node, at);
        }
        self.members(node);
        if let Some(notes) = &mut self.notes {
            notes.leave();
        }
    }

    fn members(&mut self, node: &dyn Node) {
        self.out.push('{');
        let mut separator = "";
        if let Some(notes) = &self.notes {
            let own = notes.here();
            if !own.is_empty() {
                self.out.push_str("\"@\":");
                write_notes(self.out, own);
                separator = ",";
            }
        }
        for (schema, child) in node.children() {
            self.out.push_str(separator);
            separator = ",";
            self.out.push_str(schema.member);
            self.child(schema, &child);
        }
        if let Some(operation) = node.operation() {
            self.out.push_str(separator);
            self.out.push_str(operation.schema().member);
            self.node(operation, 0);
        }
        self.out.push('}');
    }

    fn child(&mut self, schema: &schema::Node<'_>, child: &Child<'_>) {
        match child {
            Child::None => self.out.push_str("null"),
            Child::Leaf(value) => write_value(self.out, value),
            Child::Node(node) => self.node(*node, 0),
            Child::Leaves(leaves) => self.array(leaves.iter(), |writer, value, _| {
                write_value(writer.out, &value);
            }),
            Child::Entries(entries) => self.array(entries.iter(), Self::node),
            Child::Any(data) => self.any(schema, data),
        }
        if self.notes.is_some() {
            self.beside(schema, child);
        }
    }

    fn array<T>(&mut self, items: impl Iterator<Item = T>, write: fn(&mut Self, T, usize)) {
        self.out.push('[');
        for (at, item) in items.enumerate() {
            if at > 0 {
                self.out.push(',');
            }
            write(self, item, at);
        }
        self.out.push(']');
    }

    /// Anydata has its annotations inside.
    fn any(&mut self, schema: &schema::Node<'_>, data: &AnyData) {
        let start = self.out.len();
        super::write_any(self.out, data);
        let notes = self.notes.as_ref().filter(|_| must_be_object(schema));
        let own = notes.map(|notes| notes.of_child(&Step::plain(schema.qualified_name())));
        if let Some(own) = own.filter(|own| !own.is_empty()) {
            let is_empty = self.out.get(start..) == Some("{}");
            let mut inside = String::from("\"@\":");
            write_notes(&mut inside, own);
            inside.push_str(if is_empty { "" } else { "," });
            self.out.insert_str(start + 1, &inside);
        }
    }

    /// Writes the annotations of leafs, leaf-lists and anyxml as a member beside them.
    #[cold]
    fn beside(&mut self, schema: &schema::Node<'_>, child: &Child<'_>) {
        let Some(notes) = &self.notes else { return };
        let steps: Vec<_> = match child {
            Child::Leaf(value) => vec![leaf_step(schema, *value, 0)],
            Child::Leaves(leaves) => leaves
                .iter()
                .enumerate()
                .map(|(at, value)| leaf_step(schema, value, at))
                .collect(),
            Child::Any(_) if !must_be_object(schema) => vec![Step::plain(schema.qualified_name())],
            _ => return,
        };
        let found: Vec<_> = steps
            .iter()
            .map(|step| notes.of_child(step).to_vec())
            .collect();
        if found.iter().all(Vec::is_empty) {
            return;
        }
        self.out
            .extend([",\"@", schema.member.strip_prefix('"').unwrap_or_default()]);
        if schema.repeats() {
            self.array(found.into_iter(), |writer, found, _| {
                if found.is_empty() {
                    writer.out.push_str("null");
                } else {
                    write_notes(writer.out, &found);
                }
            });
        } else {
            for found in &found {
                write_notes(self.out, found);
            }
        }
    }
}

/// Writes the annotations of one node.
fn write_notes(out: &mut String, notes: &[&Entry]) {
    out.push('{');
    for (at, note) in notes.iter().enumerate() {
        if at > 0 {
            out.push(',');
        }
        write_quoted(out, &note.name);
        out.push(':');
        match note.ty {
            Type::Empty => out.push_str("[null]"),
            Type::Boolean => out.push_str(&note.value.json),
            Type::Integer { kind, .. } if !kind.is_64_bit() => out.push_str(&note.value.json),
            _ => write_string(out, &note.value.json),
        }
    }
    out.push('}');
}

/// Writes a leaf's value in the JSON kind of its type (RFC 7951 section 6).
pub fn write_value(out: &mut String, value: &Value<'_>) {
    let mut digits = itoa::Buffer::new();
    match value {
        Value::Int8(value) => out.push_str(digits.format(*value)),
        Value::Int16(value) => out.push_str(digits.format(*value)),
        Value::Int32(value) => out.push_str(digits.format(*value)),
        Value::Uint8(value) => out.push_str(digits.format(*value)),
        Value::Uint16(value) => out.push_str(digits.format(*value)),
        Value::Uint32(value) => out.push_str(digits.format(*value)),
        Value::Int64(value) => write_quoted(out, digits.format(*value)),
        Value::Uint64(value) => write_quoted(out, digits.format(*value)),
        Value::Boolean(value) => out.push_str(if *value { "true" } else { "false" }),
        Value::String(value) => write_string(out, value),
        Value::InstanceIdentifier(value) => write_string(out, &value.to_string()),
        Value::Enumeration(value) => write_string(out, value.name),
        Value::Empty => out.push_str("[null]"),
        Value::DateAndTime(_)
        | Value::Decimal64(_)
        | Value::Bits(_)
        | Value::Binary(_)
        | Value::Identityref(_) => {
            // None has characters to escape, and writing to a string cannot fail.
            let _ = write!(out, "\"{value}\"");
        }
    }
}

/// Writes text that needs no escapes.
fn write_quoted(out: &mut String, text: &str) {
    out.push('"');
    out.push_str(text);
    out.push('"');
}

pub(crate) fn write_string(out: &mut String, text: &str) {
    out.push('"');
    let mut rest = text;
    loop {
        let (plain, special) = rest
            .split_at_checked(lex::plain_run(rest.as_bytes()))
            .unwrap_or((rest, ""));
        out.push_str(plain);
        let mut characters = special.chars();
        match characters.next() {
            None => break,
            Some('"') => out.push_str("\\\""),
            Some('\\') => out.push_str("\\\\"),
            Some('\n') => out.push_str("\\n"),
            Some('\r') => out.push_str("\\r"),
            Some('\t') => out.push_str("\\t"),
            Some(control @ '\0'..='\x1f') => {
                let _ = write!(out, "\\u{:04x}", u32::from(control));
            }
            Some(other) => out.push(other),
        }
        rest = characters.as_str();
    }
    out.push('"');
}
