//! The JSON encoder: the canonical form of the data, in schema order.

use std::fmt::Write as _;

use super::lex;
use crate::tree::{Child, Node, Value};

/// The message with `root` as its top-level node, or the document if `root` is whole data.
#[must_use]
pub fn to_string(root: &dyn Node) -> String {
    if root.schema().is_data() {
        let mut out = String::new();
        write_node(&mut out, root);
        return out;
    }
    let mut out = String::from("{");
    out.push_str(root.schema().member);
    write_node(&mut out, root);
    out.push('}');
    out
}

/// Writes the object of a container or a list entry.
pub fn write_node(out: &mut String, node: &dyn Node) {
    out.push('{');
    let mut separator = "";
    for (schema, child) in node.children() {
        out.push_str(separator);
        separator = ",";
        out.push_str(schema.member);
        write_child(out, child);
    }
    if let Some(operation) = node.operation() {
        out.push_str(separator);
        out.push_str(operation.schema().member);
        write_node(out, operation);
    }
    out.push('}');
}

fn write_child(out: &mut String, child: Child<'_>) {
    match child {
        Child::None => out.push_str("null"),
        Child::Leaf(value) => write_value(out, value),
        Child::Node(node) => write_node(out, node),
        Child::Leaves(leaves) => write_array(out, leaves.iter(), write_value),
        Child::Entries(entries) => write_array(out, entries.iter(), write_node),
    }
}

fn write_array<T>(out: &mut String, items: impl Iterator<Item = T>, write: fn(&mut String, T)) {
    out.push('[');
    for (at, item) in items.enumerate() {
        if at > 0 {
            out.push(',');
        }
        write(out, item);
    }
    out.push(']');
}

/// Writes a leaf's value in the JSON kind of its type (RFC 7951 section 6).
pub fn write_value(out: &mut String, value: Value<'_>) {
    let mut digits = itoa::Buffer::new();
    match value {
        Value::Int8(value) => out.push_str(digits.format(value)),
        Value::Int16(value) => out.push_str(digits.format(value)),
        Value::Int32(value) => out.push_str(digits.format(value)),
        Value::Uint8(value) => out.push_str(digits.format(value)),
        Value::Uint16(value) => out.push_str(digits.format(value)),
        Value::Uint32(value) => out.push_str(digits.format(value)),
        Value::Int64(value) => write_quoted(out, digits.format(value)),
        Value::Uint64(value) => write_quoted(out, digits.format(value)),
        Value::Boolean(value) => out.push_str(if value { "true" } else { "false" }),
        Value::String(value) => write_string(out, value),
        Value::InstanceIdentifier(value) => write_string(out, &value.to_string()),
        Value::Enumeration(value) => write_quoted(out, value.name),
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

fn write_string(out: &mut String, text: &str) {
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
