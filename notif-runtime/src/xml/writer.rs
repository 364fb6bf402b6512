//! The XML encoder: the canonical form of the data, in schema order.

use std::fmt::Write as _;

use super::any_writer::{Prefixes, write_content};
use super::escape::escape;
use crate::annotation::{Annotations, Entry, Notes, leaf_step};
use crate::fault::Step;
use crate::schema::{self, Module};
use crate::tree::{Child, Node, Value};

/// The message with `root` as its top-level element, or the elements of whole data.
#[must_use]
pub fn to_string(root: &dyn Node) -> String {
    to_string_annotated(root, &Annotations::default())
}

/// As [`to_string`], with a line for each element. An element with text of its own stays as it is.
///
/// ```
/// use notif_runtime::fault::ErrorTag;
/// use notif_runtime::restconf::Errors;
///
/// let errors = Errors::of_request(ErrorTag::TooBig, "too large");
/// let text = notif_runtime::xml::to_string_pretty(&errors);
/// assert!(text.contains("\n  <error>\n    <error-type>protocol</error-type>\n"));
/// ```
#[must_use]
pub fn to_string_pretty(root: &dyn Node) -> String {
    super::pretty::indented(&to_string(root))
}

/// As [`to_string`], with annotations as attributes (RFC 7952 section 5.1).
#[must_use]
pub fn to_string_annotated(root: &dyn Node, annotations: &Annotations) -> String {
    let mut out = String::new();
    write_document(&mut out, root, Notes::new(annotations));
    out
}

fn write_document(out: &mut String, root: &dyn Node, notes: Option<Notes<'_>>) {
    let mut writer = Writer { out, notes };
    if root.schema().is_data() {
        writer.members(root);
    } else {
        writer.node(root, 0, None);
    }
}

struct Writer<'o, 'a> {
    out: &'o mut String,
    notes: Option<Notes<'a>>,
}

impl Writer<'_, '_> {
    /// Writes a container, or the entry at `at` of a list.
    fn node(&mut self, node: &dyn Node, at: usize, inside: Option<&'static Module>) {
        let schema = node.schema();
        self.open(schema, inside);
        if let Some(notes) = &mut self.notes {
            notes.enter(node, at);
            write_notes(self.out, notes.here(), &mut Prefixes::default());
        }
        self.out.push('>');
        self.members(node);
        if let Some(notes) = &mut self.notes {
            notes.leave();
        }
        self.close(schema);
    }

    fn members(&mut self, node: &dyn Node) {
        let module = node.schema().module;
        for (schema, child) in node.children() {
            self.child(schema, &child, module);
        }
        if let Some(operation) = node.operation() {
            self.node(operation, 0, Some(module));
        }
    }

    /// Writes the start tag without its end; the namespace is declared where it is not the parent's.
    fn open(&mut self, schema: &schema::Node<'_>, inside: Option<&'static Module>) {
        self.out.push('<');
        self.out.push_str(schema.name);
        if !inside.is_some_and(|module| std::ptr::eq(module, schema.module)) {
            self.out.push_str(" xmlns=\"");
            escape(self.out, schema.module.namespace);
            self.out.push('"');
        }
    }

    fn close(&mut self, schema: &schema::Node<'_>) {
        self.out.push_str("</");
        self.out.push_str(schema.name);
        self.out.push('>');
    }

    fn child(&mut self, schema: &schema::Node<'_>, child: &Child<'_>, inside: &'static Module) {
        match child {
            Child::None => {}
            Child::Leaf(value) => self.leaf(schema, value, 0, inside),
            Child::Leaves(leaves) => leaves
                .iter()
                .enumerate()
                .for_each(|(at, value)| self.leaf(schema, &value, at, inside)),
            Child::Node(node) => self.node(*node, 0, Some(inside)),
            Child::Entries(entries) => entries
                .iter()
                .enumerate()
                .for_each(|(at, entry)| self.node(entry, at, Some(inside))),
            Child::Any(data) => {
                self.open(schema, Some(inside));
                let mut prefixes = Prefixes::default();
                if let Some(notes) = &self.notes {
                    write_notes(
                        self.out,
                        notes.of_child(&Step::plain(schema.qualified_name())),
                        &mut prefixes,
                    );
                }
                if let Some(value) = data.raw() {
                    return write_content(self.out, value, prefixes, schema);
                }
                self.out.push('>');
                if let Some(node) = data.node() {
                    write_document(self.out, node, None);
                }
                self.close(schema);
            }
        }
    }

    fn leaf(
        &mut self,
        schema: &schema::Node<'_>,
        value: &Value<'_>,
        at: usize,
        inside: &'static Module,
    ) {
        self.open(schema, Some(inside));
        let modules: &[&'static Module] = match value {
            Value::Identityref(identity) => &[identity.module],
            Value::InstanceIdentifier(path) => path.as_xml().1,
            _ => &[],
        };
        for module in modules {
            write_declaration(self.out, module);
        }
        if let Some(notes) = &self.notes {
            let mut prefixes = Prefixes::declared(modules);
            let step = leaf_step(schema, *value, at);
            write_notes(self.out, notes.of_child(&step), &mut prefixes);
        }
        self.out.push('>');
        self.value(value);
        self.close(schema);
    }

    fn value(&mut self, value: &Value<'_>) {
        let mut digits = itoa::Buffer::new();
        match value {
            Value::String(text) => escape(self.out, text),
            Value::InstanceIdentifier(path) => escape(self.out, path.as_xml().0),
            Value::Uint64(value) => self.out.push_str(digits.format(*value)),
            Value::Uint32(value) => self.out.push_str(digits.format(*value)),
            Value::Enumeration(value) => escape(self.out, value.name),
            other => {
                // Writing to a string cannot fail; the others need no escapes.
                let _ = write!(self.out, "{other}");
            }
        }
    }
}

/// Declares the name of a module as the prefix for its namespace.
fn write_declaration(out: &mut String, module: &Module) {
    out.extend([" xmlns:", module.name, "=\""]);
    escape(out, module.namespace);
    out.push('"');
}

/// Writes annotations as attributes, with the prefixes that they and their values need.
fn write_notes<'a>(out: &mut String, notes: &[&'a Entry], prefixes: &mut Prefixes<'a>) {
    for note in notes {
        let module = note.module;
        for used in note.value.modules.iter().chain([&module]) {
            prefixes.declare(out, used.name, used.namespace);
        }
        let namespace = Some(module.namespace.into());
        prefixes.attribute(out, namespace, note.local_name(), &note.value.xml);
    }
}
