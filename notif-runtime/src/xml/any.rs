//! The content of anydata and anyxml in XML (RFC 7950 sections 7.10 and 7.11).

use std::borrow::Cow;
use std::collections::HashMap;

use compact_str::{CompactString, format_compact};
use quick_xml::XmlVersion;
use quick_xml::events::attributes::Attribute;
use quick_xml::events::{BytesStart, Event};

use super::document::{characters, document_type, misplaced_declaration};
use super::namespaces::Space;
use super::reader::XmlReader;
use super::syntax::{attributes_of, behind_space, check_name, declared_prefix, is_blank};
use crate::decode::{Abort, Context};
use crate::schema::Module;
use crate::text::{SHOWN, shortened};
use crate::types::{AnyData, AnyMember, AnyValue, Prefixed, XML_NAMESPACE};
use crate::validate::FaultKind;

/// An element that is being read.
struct Open<'de> {
    /// Its name as a member, and the module in that.
    name: CompactString,
    module: Option<&'static Module>,
    space: Space,
    attributes: Vec<AnyMember>,
    elements: Elements,
    text: Cow<'de, str>,
    /// Whether a comment or processing instruction was met.
    interrupted: bool,
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
    fn add(
        &mut self,
        name: CompactString,
        module: Option<&'static Module>,
        value: (AnyValue, Vec<AnyMember>),
    ) {
        let next = self.groups.len();
        let at = *self.known.entry(name.clone()).or_insert(next);
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

impl<'de> XmlReader<'de> {
    /// The content of the element that was entered last, whose attributes have been looked at.
    /// `None` if something in it is not to be: that has been recorded.
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
                    let inner = self.any_element(&tag, start, &open.space, cx)?;
                    good &= inner.is_some();
                    match inner {
                        Some(inner) => above.push(std::mem::replace(&mut open, inner)),
                        None => self.skip_element(cx)?,
                    }
                    if let Some(outer) = above.last()
                        && !is_blank(&outer.text)
                    {
                        good = false;
                        mixed(&outer.text, start, cx)?;
                    }
                }
                Event::End(tag) => {
                    let value = self.any_value(&open, cx)?;
                    self.leave(&tag, start, cx)?;
                    let Some(mut outer) = above.pop() else {
                        return Ok(open.into_data(value).filter(|_| good));
                    };
                    good &= value.is_some();
                    open.end(value, &mut outer);
                    open = outer;
                }
                Event::Comment(_) | Event::PI(_) => open.interrupted = true,
                Event::DocType(_) => return Err(document_type(start, cx)),
                Event::Eof => return Err(self.unfinished(cx)),
                Event::Decl(_) | Event::Empty(_) => return Err(misplaced_declaration(start, cx)),
                other => {
                    let text = characters(other, start, cx)?;
                    let refused = must_be_object && above.is_empty();
                    good &= open.add_text(text, refused, start, cx)?;
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

    /// What the prefix of an attribute stands for, and its local name.
    pub(super) fn attribute_space<'k>(&self, key: &'k str) -> (Space, &'k str) {
        match key.split_once(':') {
            None => (Space::None, key),
            Some(("xml", local)) => (Space::Unknown(XML_NAMESPACE.into()), local),
            Some((prefix, local)) => (self.namespaces.of_attribute(prefix), local),
        }
    }

    /// The value of an element without elements, or what its elements are; `None` if its text has
    /// characters that are not to be.
    fn any_value(&self, open: &Open<'de>, cx: &mut Context) -> Result<Option<AnyValue>, Abort> {
        if !open.elements.groups.is_empty() {
            return Ok(Some(AnyValue::Null));
        }
        let start = self.position();
        let Some(text) = crate::decode::yang_text(open.text.clone(), start, cx)? else {
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
    fn new(
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
            elements: Elements::default(),
            text: Cow::Borrowed(""),
            interrupted: false,
        }
    }

    /// False if text is not to stand there: that has been recorded.
    fn add_text(
        &mut self,
        text: Cow<'de, str>,
        refused: bool,
        start: usize,
        cx: &mut Context,
    ) -> Result<bool, Abort> {
        if !is_blank(&text) {
            if refused || !self.elements.groups.is_empty() {
                mixed(&text, behind_space(&text, start), cx)?;
                return Ok(false);
            }
            if self.interrupted {
                let expected =
                    "no comment or processing instruction before or in an element's text";
                cx.fault(FaultKind::WrongKind, start, None, expected)?;
                return Ok(false);
            }
        }
        if self.text.is_empty() {
            self.text = text;
        } else {
            self.text.to_mut().push_str(&text);
        }
        Ok(true)
    }

    /// Puts the element, whose own text is `text`, into the one around it.
    fn end(self, text: Option<AnyValue>, outer: &mut Self) {
        let Some(text) = text else { return };
        let value = if self.elements.groups.is_empty() {
            (text, self.attributes)
        } else {
            let note = AnyMember::new("@".into(), None, AnyValue::Object(self.attributes.clone()));
            let note = (!self.attributes.is_empty()).then_some(note);
            let members = note.into_iter().chain(self.elements.into_members());
            (AnyValue::Object(members.collect()), Vec::new())
        };
        outer.elements.add(self.name, self.module, value);
    }

    /// What the element itself holds.
    fn into_data(self, text: Option<AnyValue>) -> Option<AnyData> {
        let text = text?;
        Some(AnyData::new(
            if self.elements.groups.is_empty() && !is_blank(&self.text) {
                text
            } else {
                AnyValue::Object(self.elements.into_members().collect())
            },
        ))
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
