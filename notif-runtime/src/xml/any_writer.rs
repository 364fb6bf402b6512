//! The content of anydata and anyxml as XML.

use std::borrow::Cow;
use std::collections::HashMap;

use super::any_name::{XML_NAMESPACE, xml_name};
use super::escape::{escape, escape_value};
use crate::schema::{Module, Node};
use crate::types::{AnyMember, AnyValue, Mixed, Part};

/// The prefixes that a start tag declares, each with its namespace.
#[derive(Default)]
pub(super) struct Prefixes<'a>(Vec<(Cow<'a, str>, Cow<'a, str>)>);

impl<'a> Prefixes<'a> {
    /// The prefixes of modules that have been declared, by the modules' names.
    pub(super) fn declared(modules: &[&'static Module]) -> Self {
        let names = modules.iter();
        Self(
            names
                .map(|module| (module.name.into(), module.namespace.into()))
                .collect(),
        )
    }

    /// Declares a prefix that a value uses, if it was not.
    pub(super) fn declare(&mut self, out: &mut String, prefix: &'a str, namespace: &'a str) {
        if !self.0.iter().any(|(known, _)| known == prefix) {
            self.write(out, prefix.into(), namespace.into());
        }
    }

    fn write(&mut self, out: &mut String, prefix: Cow<'a, str>, namespace: Cow<'a, str>) {
        out.extend([" xmlns:", &*prefix, "=\""]);
        escape(out, &namespace);
        out.push('"');
        self.0.push((prefix, namespace));
    }

    /// Writes an attribute; its prefix is declared if it was not.
    pub(super) fn attribute(
        &mut self,
        out: &mut String,
        namespace: Option<Cow<'a, str>>,
        local: &str,
        value: &str,
    ) {
        let prefix = match namespace.filter(|namespace| !namespace.is_empty()) {
            None => String::new(),
            Some(namespace) if namespace == XML_NAMESPACE => "xml:".to_owned(),
            Some(namespace) => format!("{}:", self.prefix(out, namespace)),
        };
        out.extend([" ", &prefix, &*xml_name(local), "=\""]);
        escape_value(out, value);
        out.push('"');
    }

    fn prefix(&mut self, out: &mut String, namespace: Cow<'a, str>) -> String {
        let mut declared = self.0.iter();
        if let Some((prefix, _)) = declared.find(|(_, known)| *known == namespace) {
            return prefix.to_string();
        }
        let is_free = |prefix: &str| self.0.iter().all(|(known, _)| known != prefix);
        let mut number = self.0.len();
        let mut prefix = format!("a{number}");
        while !is_free(&prefix) {
            number += 1;
            prefix = format!("a{number}");
        }
        self.write(out, prefix.clone().into(), namespace);
        prefix
    }
}

/// Writes the rest of the element of an anydata or anyxml node: what follows its name, and the
/// declaration of its namespace.
pub(super) fn write_content<'a>(
    out: &mut String,
    value: &'a AnyValue,
    mut prefixes: Prefixes<'a>,
    schema: &Node<'_>,
) {
    let element = (schema.name, Some(schema.module.namespace));
    write_rest(out, value, &[], &mut prefixes, element);
}

impl Mixed {
    /// The content as XML text. An element that names no namespace is in that of the element around.
    #[must_use]
    pub fn to_xml(&self) -> String {
        let mut out = String::new();
        write_mixed(&mut out, self, None);
        out
    }
}

/// Writes the attributes, the value and the end tag of an element, of which the name and the
/// namespace, if that is known, are given. Elements in elements are written by calls in calls, whose
/// frames are to be small: what writes no element is in functions of its own.
fn write_rest<'a>(
    out: &mut String,
    value: &'a AnyValue,
    attributes: &'a [AnyMember],
    prefixes: &mut Prefixes<'a>,
    (name, inside): (&str, Option<&str>),
) {
    write_attributes(out, value, attributes, prefixes);
    match value {
        AnyValue::Object(members) => write_members(out, members, inside),
        AnyValue::Mixed(content) => write_mixed(out, content, inside),
        other => escape(out, &text(other)),
    }
    out.extend(["</", name, ">"]);
}

/// Writes the attributes of a start tag.
fn write_attributes<'a>(
    out: &mut String,
    value: &'a AnyValue,
    attributes: &'a [AnyMember],
    prefixes: &mut Prefixes<'a>,
) {
    let members: &[AnyMember] = match value {
        AnyValue::Object(members) => members,
        _ => &[],
    };
    let parts = match value {
        AnyValue::Mixed(content) => content.parts(),
        _ => &[],
    };
    let texts = parts.iter().filter_map(|part| match part {
        Part::Text(text) => Some(text),
        Part::Element(..) => None,
    });
    for text in texts.chain([value]) {
        if let AnyValue::Prefixed(text) = text {
            for (prefix, namespace) in text.namespaces() {
                prefixes.declare(out, prefix, namespace);
            }
        }
    }
    let own = members.iter().filter(|member| member.name() == "@");
    let own = own.filter_map(|member| as_note(member.value()));
    for attribute in own.flatten().chain(attributes) {
        let (namespace, local) = attribute.expanded();
        prefixes.attribute(out, namespace, local, &text(attribute.value()));
    }
    out.push('>');
}

/// The attributes in an annotation, if it is an object.
fn as_note(value: &AnyValue) -> Option<&[AnyMember]> {
    match value {
        AnyValue::Object(attributes) => Some(attributes),
        _ => None,
    }
}

/// Returns true if a member annotates a sibling or the node around it, rather than being data.
fn is_annotation(member: &AnyMember) -> bool {
    let well_formed = match member.value() {
        AnyValue::Object(_) => true,
        AnyValue::Array(notes) => notes
            .iter()
            .all(|note| matches!(note, AnyValue::Object(_) | AnyValue::Null)),
        _ => false,
    };
    well_formed && member.annotates().is_some()
}

fn write_mixed(out: &mut String, content: &Mixed, inside: Option<&str>) {
    for part in content.parts() {
        match part {
            Part::Text(value) => escape(out, &text(value)),
            Part::Element(member, attributes) => {
                write_element(out, (member, member.value()), attributes, inside);
            }
        }
    }
}

fn write_members(out: &mut String, members: &[AnyMember], inside: Option<&str>) {
    let notes = notes(members);
    for member in members.iter().filter(|member| !is_annotation(member)) {
        let note = notes.get(member.name()).copied();
        for at in 0..occurrences(member.value()) {
            let (value, attributes) = occurrence(member.value(), note, at);
            write_element(out, (member, value), attributes, inside);
        }
    }
}

/// The annotations of members, by the members' names.
fn notes(members: &[AnyMember]) -> HashMap<&str, &AnyValue> {
    let annotations = members.iter().filter(|member| is_annotation(member));
    annotations
        .filter_map(|member| Some((member.annotates()?, member.value())))
        .collect()
}

/// The number of elements that a value is.
fn occurrences(value: &AnyValue) -> usize {
    match value {
        AnyValue::Array(values) => values.len(),
        _ => 1,
    }
}

/// One of the elements that a value is, with its attributes.
fn occurrence<'a>(
    value: &'a AnyValue,
    note: Option<&'a AnyValue>,
    at: usize,
) -> (&'a AnyValue, &'a [AnyMember]) {
    let (value, note) = match (value, note) {
        (AnyValue::Array(values), Some(AnyValue::Array(notes))) => (values.get(at), notes.get(at)),
        (AnyValue::Array(values), _) => (values.get(at), None),
        (value, note) => (Some(value), note),
    };
    let attributes = note.and_then(as_note).unwrap_or_default();
    (value.unwrap_or(&AnyValue::Null), attributes)
}

/// `inside` is the namespace of the element around, if that is known.
fn write_element(
    out: &mut String,
    (member, value): (&AnyMember, &AnyValue),
    attributes: &[AnyMember],
    inside: Option<&str>,
) {
    let (namespace, local) = member.expanded();
    let name = xml_name(local);
    // No element can be in the namespace of the prefix xml without that.
    let namespace = namespace.filter(|namespace| namespace != XML_NAMESPACE);
    let own = namespace.as_deref().or(inside);
    write_name(out, &name, own.filter(|_| own != inside));
    let mut prefixes = Prefixes::default();
    write_rest(out, value, attributes, &mut prefixes, (&name, own));
}

/// Writes the start of a start tag, with the declaration of a namespace.
fn write_name(out: &mut String, name: &str, namespace: Option<&str>) {
    out.extend(["<", name]);
    if let Some(namespace) = namespace {
        out.push_str(" xmlns=\"");
        escape_value(out, namespace);
        out.push('"');
    }
}

/// The text of a scalar; the JSON of an array or object, where XML has no form for it.
fn text(value: &AnyValue) -> Cow<'_, str> {
    match value.as_text() {
        Some(text) => text.into(),
        None => crate::json::any_to_string(value).into(),
    }
}
