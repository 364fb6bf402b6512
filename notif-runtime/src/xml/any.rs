//! The content of anydata and anyxml in XML (RFC 7950 sections 7.10 and 7.11).

use std::borrow::Cow;
use std::collections::HashMap;

use compact_str::{CompactString, format_compact};
use quick_xml::XmlVersion;
use quick_xml::events::attributes::Attribute;
use quick_xml::events::{BytesStart, Event};

use super::any_name::XML_NAMESPACE;
use super::document::{characters, document_type, misplaced_declaration};
use super::namespaces::Space;
use super::reader::XmlReader;
use super::syntax::{attributes_of, behind_space, check_name, declared_prefix, is_blank};
use crate::decode::whole;
use crate::decode::{Abort, Context};
use crate::fault::{FaultKind, Faults};
use crate::schema::Module;
use crate::text::{SHOWN, shortened};
use crate::types::{AnyData, AnyMember, AnyValue, Mixed, Part, Prefixed};

/// An element that is being read.
struct Open<'de> {
    /// Its name as a member, and the module in that.
    name: CompactString,
    module: Option<&'static Module>,
    space: Space,
    attributes: Vec<AnyMember>,
    parts: Vec<OpenPart<'de>>,
    /// True if there are elements among the parts.
    has_elements: bool,
    /// True if there is text among them that is more than white space.
    has_text: bool,
}

/// The content of an element. Comments and processing instructions are no part of the text around
/// them (XML 1.0 sections 2.5 and 2.6).
enum OpenPart<'de> {
    Text(Cow<'de, str>),
    Element(AnyMember, Vec<AnyMember>),
}

/// The elements in an element, those of one name together.
#[derive(Default)]
struct Elements {
    groups: Vec<Group>,
    known: HashMap<CompactString, usize, foldhash::quality::RandomState>,
}

struct Group {
    name: CompactString,
    module: Option<&'static Module>,
    /// Each with the attributes that its value does not hold.
    values: Vec<(AnyValue, Vec<AnyMember>)>,
}

impl Elements {
    fn add(&mut self, member: AnyMember, attributes: Vec<AnyMember>) {
        let next = self.groups.len();
        let (name, module, value) = member.into_parts();
        let at = *self.known.entry(name.clone()).or_insert(next);
        let value = (value, attributes);
        match self.groups.get_mut(at) {
            Some(group) => group.values.push(value),
            None => self.groups.push(Group {
                name,
                module,
                values: vec![value],
            }),
        }
    }

    /// The members that the elements are, those with attributes followed by their annotations.
    fn into_members(self) -> impl Iterator<Item = AnyMember> {
        self.groups.into_iter().flat_map(Group::into_members)
    }
}

impl Group {
    fn into_members(self) -> impl Iterator<Item = AnyMember> {
        let Self {
            name,
            module,
            values,
        } = self;
        let annotated = values.iter().any(|(_, attributes)| !attributes.is_empty());
        let (values, attributes): (Vec<_>, Vec<_>) = values.into_iter().unzip();
        let annotation = annotated.then(|| {
            let note = |attributes: Vec<_>| match attributes.as_slice() {
                [] => AnyValue::Null,
                _ => AnyValue::Object(attributes),
            };
            let notes = attributes.into_iter().map(note).collect();
            AnyMember::new(format_compact!("@{name}"), module, one_or_array(notes))
        });
        std::iter::once(AnyMember::new(name, module, one_or_array(values))).chain(annotation)
    }
}

fn one_or_array(mut values: Vec<AnyValue>) -> AnyValue {
    match (values.len(), values.pop()) {
        (1, Some(only)) => only,
        (_, last) => {
            values.extend(last);
            AnyValue::Array(values)
        }
    }
}

impl AnyData {
    /// The content of `element`, an XML document; `modules` are those whose namespaces it may use.
    ///
    /// # Errors
    /// All faults of the document.
    pub fn from_xml(element: &str, modules: &[&'static Module]) -> Result<Self, Faults> {
        whole(element, |cx| {
            XmlReader::new(element, modules).whole_element(cx)
        })
    }
}

impl<'de> XmlReader<'de> {
    /// The content of the element that was entered last, whose attributes have been looked at.
    /// `None` if it has a fault, which has been recorded.
    pub(super) fn any_content(
        &mut self,
        must_be_object: bool,
        cx: &mut Context,
    ) -> Result<Option<AnyData>, Abort> {
        let mut good = true;
        let mut above: Vec<Open<'de>> = Vec::new();
        // The names of the elements right inside always have their modules.
        let mut open = Open::new(
            CompactString::default(),
            None,
            Space::Undeclared,
            Vec::new(),
        );
        loop {
            let (event, start) = self.event(cx)?;
            match event {
                Event::Start(tag) => {
                    if must_be_object && open.has_text {
                        good = false;
                        mixed(&open.text(), start, cx)?;
                    }
                    let inner = self.any_element(&tag, start, &open.space, cx)?;
                    good &= inner.is_some();
                    match inner {
                        Some(inner) => above.push(std::mem::replace(&mut open, inner)),
                        None => self.skip_element(cx)?,
                    }
                }
                Event::End(tag) => {
                    let is_top = above.is_empty();
                    let value = self.any_value(&mut open, is_top, cx)?;
                    self.leave(&tag, start, cx)?;
                    good &= value.is_some();
                    let Some(mut outer) = above.pop() else {
                        return Ok(value.filter(|_| good).map(AnyData::new));
                    };
                    open.end(value, &mut outer);
                    open = outer;
                }
                Event::Comment(_) | Event::PI(_) => {}
                Event::DocType(_) => return Err(document_type(start, cx)),
                Event::Eof => return Err(self.unfinished(cx)),
                Event::Decl(_) | Event::Empty(_) => return Err(misplaced_declaration(start, cx)),
                other => {
                    let text = characters(other, start, cx)?;
                    let has_place = !above.is_empty() && !open.has_elements;
                    if must_be_object && !has_place && !is_blank(&text) {
                        good = false;
                        mixed(&text, behind_space(&text, start), cx)?;
                    } else {
                        open.add_text(text);
                    }
                }
            }
        }
    }

    /// The element whose start tag is `tag`, inside one of the namespace `outer`.
    fn any_element(
        &mut self,
        tag: &BytesStart<'de>,
        start: usize,
        outer: &Space,
        cx: &mut Context,
    ) -> Result<Option<Open<'de>>, Abort> {
        let name = self.enter(tag, start, cx)?;
        check_name(name.qualified, start, cx)?;
        take_memory(&name.space, start, cx)?;
        let Some((text, module)) = member_name(&name.space, name.local, Some(outer)) else {
            undeclared(name.local, name.qualified, start, cx)?;
            return Ok(None);
        };
        let mut attributes = Vec::new();
        for attribute in attributes_of(tag).flatten() {
            if declared_prefix(attribute.key.as_ref()).is_none() {
                match self.any_attribute(&attribute, start, cx)? {
                    Some(attribute) => attributes.push(attribute),
                    None => return Ok(None),
                }
            }
        }
        Ok(Some(Open::new(text, module, name.space, attributes)))
    }

    fn any_attribute(
        &self,
        attribute: &Attribute<'_>,
        start: usize,
        cx: &mut Context,
    ) -> Result<Option<AnyMember>, Abort> {
        let key = attribute.key.as_ref();
        let (space, local) = self.attribute_space(key);
        check_name(key, start, cx)?;
        take_memory(&space, start, cx)?;
        let Some((name, module)) = member_name(&space, local, None) else {
            return undeclared(local, key, start, cx).map(|()| None);
        };
        let value = attribute_value(attribute, start, cx)?;
        let text = crate::decode::yang_text(value, start, cx)?;
        Ok(text.map(|text| AnyMember::new(name, module, AnyValue::String(text.into()))))
    }

    /// The meaning of an attribute's prefix, and its local name.
    pub(super) fn attribute_space<'k>(&self, key: &'k str) -> (Space, &'k str) {
        match key.split_once(':') {
            None => (Space::None, key),
            Some(("xml", local)) => (Space::Unknown(XML_NAMESPACE.into()), local),
            Some((prefix, local)) => (self.namespaces.of_attribute(prefix), local),
        }
    }

    /// The value that an element is, of which the attributes are taken where they are a part of that;
    /// `None` if its text has characters that are not to be.
    fn any_value(
        &self,
        open: &mut Open<'de>,
        is_top: bool,
        cx: &mut Context,
    ) -> Result<Option<AnyValue>, Abort> {
        let parts = std::mem::take(&mut open.parts);
        if !open.has_elements {
            if is_top && !open.has_text {
                return Ok(Some(AnyValue::Object(Vec::new())));
            }
            // There is one part, or none.
            let text = parts.into_iter().find_map(OpenPart::into_text);
            return self.any_text(text.unwrap_or_default(), cx);
        }
        if !open.has_text {
            let mut elements = Elements::default();
            for part in parts {
                if let OpenPart::Element(member, attributes) = part {
                    elements.add(member, attributes);
                }
            }
            let attributes = std::mem::take(&mut open.attributes);
            let note = (!attributes.is_empty())
                .then(|| AnyMember::new("@".into(), None, AnyValue::Object(attributes)));
            let members = note.into_iter().chain(elements.into_members());
            return Ok(Some(AnyValue::Object(members.collect())));
        }
        let mut mixed = Vec::with_capacity(parts.len());
        for part in parts {
            mixed.push(match part {
                OpenPart::Element(member, attributes) => Part::Element(member, attributes),
                OpenPart::Text(text) => match self.any_text(text, cx)? {
                    Some(text) => Part::Text(text),
                    None => return Ok(None),
                },
            });
        }
        Ok(Some(AnyValue::Mixed(Mixed::new(mixed))))
    }

    /// A text, with the namespaces of the prefixes in it.
    fn any_text(&self, text: Cow<'de, str>, cx: &mut Context) -> Result<Option<AnyValue>, Abort> {
        let start = self.position();
        let Some(text) = crate::decode::yang_text(text, start, cx)? else {
            return Ok(None);
        };
        let prefixes = self.namespaces.used_in(&text);
        if prefixes.is_empty() {
            return Ok(Some(AnyValue::String(text.into())));
        }
        let length = |(prefix, namespace): &(&str, &str)| prefix.len() + namespace.len();
        cx.take_memory(prefixes.iter().map(length).sum(), start)?;
        let value = Prefixed::new(text.clone().into(), &prefixes);
        Ok(Some(AnyValue::Prefixed(value)))
    }

    /// The content of the one element that the document is.
    pub(crate) fn whole_element(&mut self, cx: &mut Context) -> Result<Option<AnyData>, Abort> {
        self.check_text(cx)?;
        let (tag, start) = self.prolog(cx)?;
        self.enter(&tag, start, cx)?;
        let content = self.any_content(false, cx)?;
        self.epilog(cx)?;
        Ok(content)
    }
}

impl<'de> Open<'de> {
    const fn new(
        name: CompactString,
        module: Option<&'static Module>,
        space: Space,
        attributes: Vec<AnyMember>,
    ) -> Self {
        Self {
            name,
            module,
            space,
            attributes,
            parts: Vec::new(),
            has_elements: false,
            has_text: false,
        }
    }

    /// Adds text, to that right before it if there is some.
    fn add_text(&mut self, text: Cow<'de, str>) {
        self.has_text |= !is_blank(&text);
        match self.parts.last_mut() {
            Some(OpenPart::Text(before)) => before.to_mut().push_str(&text),
            _ if text.is_empty() => {}
            _ => self.parts.push(OpenPart::Text(text)),
        }
    }

    /// The first text that is more than white space.
    fn text(&self) -> Cow<'de, str> {
        let texts = self.parts.iter().filter_map(|part| match part {
            OpenPart::Text(text) => Some(text),
            OpenPart::Element(..) => None,
        });
        texts
            .filter(|text| !is_blank(text))
            .map(Cow::clone)
            .next()
            .unwrap_or_default()
    }

    /// Puts the element, which has this value, into the one around it.
    fn end(self, value: Option<AnyValue>, outer: &mut Self) {
        let Some(value) = value else { return };
        let member = AnyMember::new(self.name, self.module, value);
        outer.has_elements = true;
        outer.parts.push(OpenPart::Element(member, self.attributes));
    }
}

impl<'de> OpenPart<'de> {
    fn into_text(self) -> Option<Cow<'de, str>> {
        match self {
            Self::Text(text) => Some(text),
            Self::Element(..) => None,
        }
    }
}

/// Counts the memory of a member, whose name can have its namespace in it.
fn take_memory(space: &Space, start: usize, cx: &mut Context) -> Result<(), Abort> {
    let namespace = match space {
        Space::Unknown(namespace) => namespace.len(),
        _ => 0,
    };
    cx.take_memory(size_of::<AnyMember>() + namespace, start)
}

/// The name of the member that an element or attribute is, with its module where that is not the
/// one of the element around it, and the known module in it.
fn member_name(
    space: &Space,
    local: &str,
    outer: Option<&Space>,
) -> Option<(CompactString, Option<&'static Module>)> {
    Some(match (space, outer) {
        (Space::Undeclared, _) => return None,
        (Space::Module(module), Some(Space::Module(outer))) if std::ptr::eq(*module, *outer) => {
            (local.into(), None)
        }
        (Space::Module(module), _) => (format_compact!("{}:{local}", module.name), Some(*module)),
        (Space::Unknown(namespace), Some(Space::Unknown(outer))) if namespace == outer => {
            (local.into(), None)
        }
        (Space::Unknown(namespace), _) => (format_compact!("{{{namespace}}}{local}"), None),
        (Space::None, None | Some(Space::None)) => (local.into(), None),
        (Space::None, Some(_)) => (format_compact!("{{}}{local}"), None),
    })
}

/// The value of an attribute (XML 1.0 section 3.3.3).
pub(super) fn attribute_value<'a>(
    attribute: &'a Attribute<'_>,
    start: usize,
    cx: &mut Context,
) -> Result<Cow<'a, str>, Abort> {
    let has_tag = attribute.value.contains('<');
    match attribute.normalized_value(XmlVersion::Explicit1_0) {
        Ok(value) if !has_tag => Ok(value),
        _ => {
            let name = shortened(attribute.key.as_ref(), SHOWN);
            let expected = format!("a value that {name} may have");
            Err(cx.abort(FaultKind::Malformed, start, expected))
        }
    }
}

fn undeclared(local: &str, qualified: &str, start: usize, cx: &mut Context) -> Result<(), Abort> {
    let found = format!("the undeclared prefix of {}", shortened(qualified, SHOWN));
    let expected = "a prefix that is declared";
    cx.fault_at(
        local,
        FaultKind::UnknownNamespace,
        start,
        Some(&found),
        expected,
    )
}

#[cold]
fn mixed(text: &str, start: usize, cx: &mut Context) -> Result<(), Abort> {
    let found = format!("\"{}\"", shortened(text.trim(), SHOWN));
    let expected = "only elements beside elements, or only text";
    cx.fault(FaultKind::WrongKind, start, Some(&found), expected)
}
