//! The XML encoder: the canonical form of the data, in schema order.

use std::fmt::Write as _;

use crate::schema::{self, Module};
use crate::tree::{Child, Node, Value};

/// The message with `root` as its top-level element, or the elements of whole data.
#[must_use]
pub fn to_string(root: &dyn Node) -> String {
    let mut out = String::new();
    if root.schema().is_data() {
        write_members(&mut out, root);
    } else {
        write_node(&mut out, root, None);
    }
    out
}

/// Writes the start tag; the namespace is declared where it is not the parent's.
fn open(out: &mut String, schema: &'static schema::Node, inside: Option<&'static Module>) {
    open_with(out, schema, inside, &[]);
}

/// As [`open`], with the names of `modules`, which a value uses, declared as prefixes.
fn open_with(
    out: &mut String,
    schema: &'static schema::Node,
    inside: Option<&'static Module>,
    modules: &[&'static Module],
) {
    out.push('<');
    out.push_str(schema.name);
    if !inside.is_some_and(|module| std::ptr::eq(module, schema.module)) {
        out.push_str(" xmlns=\"");
        escape(out, schema.module.namespace);
        out.push('"');
    }
    for module in modules {
        out.extend([" xmlns:", module.name, "=\""]);
        escape(out, module.namespace);
        out.push('"');
    }
    out.push('>');
}

fn close(out: &mut String, schema: &'static schema::Node) {
    out.push_str("</");
    out.push_str(schema.name);
    out.push('>');
}

fn write_node(out: &mut String, node: &dyn Node, inside: Option<&'static Module>) {
    let schema = node.schema();
    open(out, schema, inside);
    write_members(out, node);
    close(out, schema);
}

fn write_members(out: &mut String, node: &dyn Node) {
    let schema = node.schema();
    for (child_schema, child) in node.children() {
        match child {
            Child::None => {}
            Child::Leaf(value) => write_leaf(out, child_schema, value, schema.module),
            Child::Leaves(leaves) => {
                leaves
                    .iter()
                    .for_each(|value| write_leaf(out, child_schema, value, schema.module));
            }
            Child::Node(below) => write_node(out, below, Some(schema.module)),
            Child::Entries(entries) => {
                entries
                    .iter()
                    .for_each(|entry| write_node(out, entry, Some(schema.module)));
            }
        }
    }
    if let Some(operation) = node.operation() {
        write_node(out, operation, Some(schema.module));
    }
}

fn write_leaf(
    out: &mut String,
    schema: &'static schema::Node,
    value: Value<'_>,
    inside: &'static Module,
) {
    match value {
        Value::Identityref(identity) => open_with(out, schema, Some(inside), &[identity.module]),
        Value::InstanceIdentifier(path) => open_with(out, schema, Some(inside), path.as_xml().1),
        _ => open(out, schema, Some(inside)),
    }
    let mut digits = itoa::Buffer::new();
    match value {
        Value::String(text) => escape(out, text),
        Value::InstanceIdentifier(path) => escape(out, path.as_xml().0),
        Value::Uint64(value) => out.push_str(digits.format(value)),
        Value::Uint32(value) => out.push_str(digits.format(value)),
        Value::Enumeration(value) => escape(out, value.name),
        other => {
            // Writing to a string cannot fail; the others need no escapes.
            let _ = write!(out, "{other}");
        }
    }
    close(out, schema);
}

/// Writes text. A carriage return would be read back as a line feed (XML 1.0 section 2.11), so it
/// goes as a reference.
fn escape(out: &mut String, text: &str) {
    let mut rest = text;
    while let Some(at) = rest.find(['<', '>', '&', '"', '\r']) {
        let (plain, special) = rest.split_at(at);
        out.push_str(plain);
        let mut characters = special.chars();
        out.push_str(match characters.next() {
            Some('<') => "&lt;",
            Some('>') => "&gt;",
            Some('&') => "&amp;",
            Some('"') => "&quot;",
            _ => "&#xD;",
        });
        rest = characters.as_str();
    }
    out.push_str(rest);
}
