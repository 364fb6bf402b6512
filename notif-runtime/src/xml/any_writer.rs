//! The content of anydata and anyxml as XML.

use std::borrow::Cow;
use std::collections::HashMap;

use super::writer::escape;
use crate::schema::{Module, Node};
use crate::types::{AnyData, AnyMember, AnyValue, XML_NAMESPACE, xml_name};

/// The prefixes that a start tag declares, each with its namespace.
#[derive(Default)]
pub(super) struct Prefixes<'a>(Vec<(Cow<'a, str>, Cow<'a, str>)>);

impl<'a> Prefixes<'a> {
    /// Those of modules, by their names, as they have been declared.
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
    data: &'a AnyData,
    mut prefixes: Prefixes<'a>,
    schema: &Node,
) {
    let element = (schema.name, schema.module.namespace);
    write_rest(out, data.value(), &[], &mut prefixes, element);
}

/// Writes the attributes, the value and the end tag of an element, of which the name and the
/// namespace are given.
fn write_rest<'a>(
    out: &mut String,
    value: &'a AnyValue,
    attributes: &'a [AnyMember],
    prefixes: &mut Prefixes<'a>,
    (name, inside): (&str, &str),
) {
    let members: &[AnyMember] = match value {
        AnyValue::Object(members) => members,
        _ => &[],
    };
    if let AnyValue::Prefixed(text) = value {
        for (prefix, namespace) in text.namespaces() {
            prefixes.declare(out, prefix, namespace);
        }
    }
    let own = members.iter().filter(|member| member.name() == "@");
    let own = own.filter_map(|member| as_note(member.value()));
    for attribute in own.flatten().chain(attributes) {
        let (namespace, local) = attribute.expanded();
        prefixes.attribute(out, namespace, local, &text(attribute.value()));
    }
    out.push('>');
    match value {
        AnyValue::Object(members) => write_members(out, members, inside),
        other => escape(out, &text(other)),
    }
    out.extend(["</", name, ">"]);
}

/// The attributes in an annotation, if it is an object.
fn as_note(value: &AnyValue) -> Option<&[AnyMember]> {
    match value {
        AnyValue::Object(attributes) => Some(attributes),
        _ => None,
    }
}

/// Whether a member annotates a sibling or what is around it, rather than being data.
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

fn write_members(out: &mut String, members: &[AnyMember], inside: &str) {
    let annotations = members.iter().filter(|member| is_annotation(member));
    let annotations: HashMap<&str, &AnyValue> = annotations
        .filter_map(|member| Some((member.annotates()?, member.value())))
        .collect();
    for member in members.iter().filter(|member| !is_annotation(member)) {
        let note = annotations.get(member.name()).copied();
        match (member.value(), note) {
            (AnyValue::Array(values), Some(AnyValue::Array(notes))) => {
                let notes = notes.iter().map(Some).chain(std::iter::repeat(None));
                for (value, note) in values.iter().zip(notes) {
                    write_element(out, (member, value), note, inside);
                }
            }
            (AnyValue::Array(values), _) => values
                .iter()
                .for_each(|value| write_element(out, (member, value), None, inside)),
            (value, note) => write_element(out, (member, value), note, inside),
        }
    }
}

/// `inside` is the namespace of the element around.
fn write_element(
    out: &mut String,
    (member, value): (&AnyMember, &AnyValue),
    note: Option<&AnyValue>,
    inside: &str,
) {
    let (namespace, local) = member.expanded();
    let name = xml_name(local);
    out.extend(["<", &*name]);
    // No element can be in the namespace of the prefix xml without that.
    let namespace = namespace.filter(|namespace| namespace != XML_NAMESPACE);
    let own = namespace.as_deref().unwrap_or(inside);
    if own != inside {
        out.push_str(" xmlns=\"");
        escape_value(out, own);
        out.push('"');
    }
    let attributes = note.and_then(as_note).unwrap_or_default();
    let mut prefixes = Prefixes::default();
    write_rest(out, value, attributes, &mut prefixes, (&name, own));
}

/// The text of a scalar; of an array or object where XML has none, its JSON.
fn text(value: &AnyValue) -> Cow<'_, str> {
    match value.as_text() {
        Some(text) => text.into(),
        None => crate::json::any_to_string(value).into(),
    }
}

/// Writes the value of an attribute, in which white space other than blanks goes as references
/// (XML 1.0 section 3.3.3).
fn escape_value(out: &mut String, text: &str) {
    for part in text.split_inclusive(['\n', '\t']) {
        let plain = part.trim_end_matches(['\n', '\t']);
        escape(out, plain);
        match part.as_bytes().last() {
            Some(b'\n') => out.push_str("&#xA;"),
            Some(b'\t') => out.push_str("&#x9;"),
            _ => {}
        }
    }
}
