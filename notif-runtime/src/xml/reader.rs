//! The XML reader: events of quick-xml, with the strictness that a non-validating parser leaves to
//! its user.

use std::borrow::Cow;
use std::collections::HashSet;
use std::io::BufRead as _;

use foldhash::quality::RandomState;
use quick_xml::XmlVersion;
use quick_xml::errors::{Error, IllFormedError};
use quick_xml::events::attributes::Attribute;
use quick_xml::events::{BytesEnd, BytesStart, Event};

use super::document::{characters, document_type, misplaced_declaration};
use super::names::{self, Name};
use super::namespaces::{MOST, Namespaces, Space};
use super::syntax::{
    are_spaced, attributes_of, behind_space, check_declaration, check_name, declared_prefix,
    is_blank, is_space, is_target, may_declare, referenced,
};
use crate::decode::{Abort, Annotated, Context, ReadNode, Reader};
use crate::fault::FaultKind;
use crate::schema::{Form, Module, Node};
use crate::text::{SHOWN, excerpt, shortened};
use crate::types::{AnyData, must_be_object};
use crate::value::{Declared, Scalar};

/// The most characters of a message of quick-xml that a fault repeats: it can have names.
const MESSAGE: usize = 200;

/// Reads one message of XML text.
#[derive(Debug)]
pub struct XmlReader<'de> {
    pub(super) text: &'de str,
    events: quick_xml::Reader<&'de [u8]>,
    pub(super) namespaces: Namespaces<'de>,
    /// The names of the open elements, as they are written.
    open: Vec<&'de str>,
    /// The offset of the start of the element that was entered last.
    element: usize,
    /// The annotations that were met and not asked for.
    pub(super) notes: Vec<Annotated>,
    /// The function that reads operations in the data.
    read_operation: Option<ReadNode<'de, Self>>,
}

impl<'de> XmlReader<'de> {
    /// A reader at the start of `text`, which may use the names of `modules` as prefixes.
    #[must_use]
    pub fn new(text: &'de str, modules: &'de [&'static Module]) -> Self {
        let mut events = quick_xml::Reader::from_str(text);
        let config = events.config_mut();
        config.expand_empty_elements = true;
        config.check_comments = true;
        // `leave` does it: `plain_text` takes end tags that quick-xml does not see.
        config.check_end_names = false;
        Self {
            text,
            events,
            namespaces: Namespaces::new(modules),
            open: Vec::new(),
            element: 0,
            notes: Vec::new(),
            read_operation: None,
        }
    }

    /// Reads operations in the data with `read`.
    #[must_use]
    pub(crate) fn with_operations(mut self, read: ReadNode<'de, Self>) -> Self {
        self.read_operation = Some(read);
        self
    }

    pub(super) fn position(&self) -> usize {
        usize::try_from(self.events.buffer_position()).unwrap_or(self.text.len())
    }

    /// The next event and where it starts.
    #[inline]
    pub(super) fn event(&mut self, cx: &mut Context) -> Result<(Event<'de>, usize), Abort> {
        let start = self.position();
        match self.events.read_event() {
            Ok(Event::PI(instruction)) if !is_target(instruction.target()) => {
                let expected = "a processing instruction with a name, other than xml";
                Err(cx.abort(FaultKind::Malformed, start, expected))
            }
            Ok(event) => Ok((event, start)),
            Err(error) => Err(self.ill_formed(&error, cx)),
        }
    }

    #[cold]
    fn ill_formed(&self, error: &Error, cx: &mut Context) -> Abort {
        let at = usize::try_from(self.events.error_position()).unwrap_or(self.text.len());
        let expected = match error {
            Error::IllFormed(IllFormedError::UnmatchedEndTag(name)) => {
                format!(
                    "a start tag before the end tag </{}>",
                    shortened(name, SHOWN)
                )
            }
            other => excerpt(format_args!("well-formed XML ({other})"), MESSAGE),
        };
        cx.abort(FaultKind::Malformed, at, expected)
    }

    /// Takes in the start tag whose event begins at `start`: its declarations and its name.
    #[inline]
    pub(super) fn enter(
        &mut self,
        tag: &BytesStart<'de>,
        start: usize,
        cx: &mut Context,
    ) -> Result<Name<'de>, Abort> {
        self.element = start;
        if self.open.len() >= cx.options().depth {
            let expected = format!("at most {} levels of nesting", cx.options().depth);
            return Err(cx.abort(FaultKind::TooDeep, start, expected));
        }
        let length = tag.name().as_ref().len();
        let qualified = self
            .text
            .get(start + 1..start + 1 + length)
            .unwrap_or_default();
        self.open.push(qualified);
        if !tag.attributes_raw().is_empty() {
            self.declarations(tag, start, cx)?;
        }
        // Names are too short for a search that has to be set up.
        let colon = qualified.bytes().position(|byte| byte == b':');
        let parts = colon.and_then(|at| Some((qualified.get(..at)?, qualified.get(at + 1..)?)));
        let (space, local) = match parts {
            None => (self.namespaces.resolve("", self.open.len()), qualified),
            Some(("", _)) => (Space::Undeclared, qualified),
            Some((prefix, local)) => (self.namespaces.resolve(prefix, self.open.len()), local),
        };
        Ok(Name {
            qualified,
            local,
            space,
        })
    }

    /// Checks the syntax of a start tag's attributes and takes in its declarations.
    #[cold]
    fn declarations(
        &mut self,
        tag: &BytesStart<'de>,
        start: usize,
        cx: &mut Context,
    ) -> Result<(), Abort> {
        if !are_spaced(tag.attributes_raw()) {
            let expected = "white space between attributes";
            return Err(cx.abort(FaultKind::Malformed, start, expected));
        }
        let mut keys: HashSet<&str, RandomState> = HashSet::default();
        for attribute in attributes_of(tag) {
            let attribute = attribute.map_err(|error| {
                let expected = format!("well-formed attributes ({error})");
                cx.abort(FaultKind::Malformed, start, expected)
            })?;
            let key = attribute.key.into_inner();
            if !keys.insert(key) {
                let expected = format!("the attribute {} only once", shortened(key, SHOWN));
                return Err(cx.abort(FaultKind::Malformed, start, expected));
            }
            if let Some(prefix) = declared_prefix(key) {
                self.declaration(&attribute, (key, prefix), start, cx)?;
            }
        }
        Ok(())
    }

    /// Takes in a declaration.
    fn declaration(
        &mut self,
        attribute: &Attribute<'_>,
        (key, prefix): (&str, &str),
        start: usize,
        cx: &mut Context,
    ) -> Result<(), Abort> {
        let raw_has_tag = attribute.value.contains('<');
        let namespace = match attribute.normalized_value(XmlVersion::Explicit1_0) {
            Ok(namespace) if !raw_has_tag && may_declare(prefix, &namespace) => namespace,
            _ => {
                let expected = format!("a namespace that {} may declare", shortened(key, SHOWN));
                return Err(cx.abort(FaultKind::Malformed, start, expected));
            }
        };
        let (prefix, depth) = (self.in_text(prefix), self.open.len());
        if self.namespaces.declare(prefix, &namespace, depth) {
            return Ok(());
        }
        let expected = format!("at most {MOST} declarations of namespaces");
        Err(cx.abort(FaultKind::TooLarge, start, expected))
    }

    /// A part of an event as one of the message, which lives longer than the event.
    fn in_text(&self, part: &str) -> &'de str {
        let start = self.text.as_ptr().addr();
        let at = part.as_ptr().addr().wrapping_sub(start);
        let found = self.text.get(at..at.saturating_add(part.len()));
        found.unwrap_or_default()
    }

    /// Takes in an end tag.
    #[inline]
    pub(super) fn leave(
        &mut self,
        tag: &BytesEnd<'de>,
        start: usize,
        cx: &mut Context,
    ) -> Result<(), Abort> {
        if self.open.last().copied() != Some(tag.name().as_ref()) {
            return Err(self.mismatched(tag, start, cx));
        }
        self.leave_element();
        Ok(())
    }

    #[inline]
    fn leave_element(&mut self) {
        self.namespaces.leave(self.open.len());
        self.open.pop();
    }

    #[cold]
    pub(super) fn mismatched(&self, tag: &BytesEnd<'de>, start: usize, cx: &mut Context) -> Abort {
        let name = tag.name();
        let found = shortened(name.as_ref(), SHOWN);
        let open = self.open.last().map(|open| shortened(open, SHOWN));
        let expected = match open {
            Some(open) => format!("the end tag </{open}>, not </{found}>"),
            None => format!("a start tag before the end tag </{found}>"),
        };
        cx.abort(FaultKind::Malformed, start, expected)
    }

    /// The text of the element that was entered last, if that is plain and the end tag follows, as
    /// in most leafs. Both are taken past quick-xml's events, which cost more than all the rest.
    #[inline]
    fn plain_text(&mut self) -> Option<&'de str> {
        let start = self.position();
        // After an empty-element tag, quick-xml still has the end tag to give.
        if self.text.as_bytes().get(start.checked_sub(2)?) == Some(&b'/') {
            return None;
        }
        let rest = self.text.get(start..)?;
        let (text, tag) = rest.split_at_checked(memchr::memchr(b'<', rest.as_bytes())?)?;
        // No reference, no `]]>`, no line end to normalize, nothing beyond ASCII to check.
        let plain = |byte: u8| matches!(byte, b' '..=b'~') && !matches!(byte, b'&' | b']');
        if !text.bytes().all(plain) {
            return None;
        }
        let behind = tag.strip_prefix("</")?.strip_prefix(self.open.last()?)?;
        let length = rest.len() - behind.strip_prefix('>')?.len();
        self.events.stream().consume(length);
        self.leave_element();
        Some(text)
    }

    /// The end of the message where an element should end.
    #[cold]
    pub(super) fn unfinished(&self, cx: &mut Context) -> Abort {
        cx.abort(
            FaultKind::Malformed,
            self.text.len(),
            "an end tag before the end of the message",
        )
    }

    /// Goes on to the next tag if there is only white space before it: most text between elements,
    /// which need not become an event.
    #[inline]
    fn skip_indentation(&mut self) {
        let rest = self.text.get(self.position()..).unwrap_or_default();
        let length = rest.bytes().take_while(|&byte| is_space(byte)).count();
        if length > 0 && rest.as_bytes().get(length) == Some(&b'<') {
            self.events.stream().consume(length);
        }
    }

    /// Skips the element that was entered last, which must be well-formed.
    #[cold]
    pub(super) fn skip_element(&mut self, cx: &mut Context) -> Result<(), Abort> {
        let floor = self.open.len();
        while self.open.len() >= floor {
            match self.event(cx)? {
                (Event::Start(tag), start) => {
                    let name = self.enter(&tag, start, cx)?;
                    check_name(name.qualified, start, cx)?;
                }
                (Event::End(tag), start) => self.leave(&tag, start, cx)?,
                (Event::GeneralRef(reference), start) => {
                    let _: char = referenced(&reference, start, cx)?;
                }
                (Event::DocType(_), start) => return Err(document_type(start, cx)),
                (Event::Eof, _) => return Err(self.unfinished(cx)),
                _ => {}
            }
        }
        Ok(())
    }
}

impl<'de> Reader<'de> for XmlReader<'de> {
    fn repeats(&self) -> bool {
        true
    }

    fn offset(&self) -> usize {
        self.element
    }

    fn open_root(
        &mut self,
        modules: &[&'static Module],
        form: Form,
        cx: &mut Context,
    ) -> Result<&'static Node<'static>, Abort> {
        self.open_document(cx)?;
        let (tag, start) = self.prolog(cx)?;
        let name = self.enter(&tag, start, cx)?;
        check_name(name.qualified, start, cx)?;
        let root = names::root(modules, form, &name, start, cx)?;
        if !tag.attributes_raw().is_empty() {
            self.attributes(&tag, root, None, start, cx)?;
        }
        Ok(root)
    }

    fn close_root(&mut self, cx: &mut Context) -> Result<(), Abort> {
        self.epilog(cx)
    }

    fn open_document(&mut self, cx: &mut Context) -> Result<(), Abort> {
        self.check_text(cx)
    }

    /// The last member was followed by the end of the message.
    fn close_document(&mut self, _: &mut Context) -> Result<(), Abort> {
        Ok(())
    }

    fn open_object(&mut self, _: &Node<'_>, _: &mut Context) -> Result<bool, Abort> {
        Ok(true)
    }

    fn next_member(
        &mut self,
        node: &Node<'_>,
        expected: usize,
        cx: &mut Context,
    ) -> Result<Option<usize>, Abort> {
        loop {
            self.skip_indentation();
            match self.event(cx)? {
                (Event::Start(tag), start) => {
                    let name = self.enter(&tag, start, cx)?;
                    if let Some(operation) =
                        names::operation(node, self.namespaces.modules(), &name, cx)
                    {
                        if !tag.attributes_raw().is_empty() {
                            self.attributes(&tag, operation, Some(node.module), start, cx)?;
                        }
                        match crate::decode::meet(operation, self, self.read_operation, cx)? {
                            None => continue,
                            stop => return Ok(stop),
                        }
                    }
                    if let Some(index) = names::child(node, expected, &name, start, cx)? {
                        if !tag.attributes_raw().is_empty()
                            && let Some(child) = node.children().get(index)
                        {
                            self.attributes(&tag, child, Some(node.module), start, cx)?;
                        }
                        return Ok(Some(index));
                    }
                    self.skip(cx)?;
                }
                (Event::End(tag), start) => {
                    self.leave(&tag, start, cx)?;
                    return Ok(None);
                }
                (Event::Text(text), start) => {
                    let text = text.into_inner();
                    if !is_blank(&text) {
                        names::stray_text(node, &text, behind_space(&text, start), cx)?;
                    }
                }
                (Event::CData(text), start) => {
                    names::stray_text(node, &text.into_inner(), start, cx)?;
                }
                (Event::GeneralRef(reference), start) => {
                    let character = referenced(&reference, start, cx)?;
                    names::stray_text(node, character.encode_utf8(&mut [0; 4]), start, cx)?;
                }
                (Event::Comment(_) | Event::PI(_), _) => {}
                (Event::DocType(_), start) => return Err(document_type(start, cx)),
                // The end of whole data.
                (Event::Eof, _) if self.open.is_empty() => return Ok(None),
                (Event::Eof, _) => return Err(self.unfinished(cx)),
                (Event::Decl(declaration), start) if self.open.is_empty() => {
                    check_declaration(&declaration, start, cx)?;
                }
                (Event::Decl(_) | Event::Empty(_), start) => {
                    return Err(misplaced_declaration(start, cx));
                }
            }
        }
    }

    fn open_array(&mut self, _: &Node<'_>, _: &mut Context) -> Result<bool, Abort> {
        Ok(true)
    }

    fn next_element(&mut self, first: bool, _: &mut Context) -> Result<bool, Abort> {
        Ok(first)
    }

    fn scalar(&mut self, cx: &mut Context) -> Result<Option<Scalar<'de>>, Abort> {
        if let Some(text) = self.plain_text() {
            return Ok(Some(Scalar::Text(Cow::Borrowed(text))));
        }
        let element = self.element;
        let mut value: Cow<'de, str> = Cow::Borrowed("");
        let mut good = true;
        loop {
            let (event, start) = self.event(cx)?;
            let part: Cow<'de, str> = match event {
                Event::End(tag) => {
                    self.leave(&tag, start, cx)?;
                    break;
                }
                // No part of the text, which goes on behind them (XML 1.0 sections 2.5 and 2.6).
                Event::Comment(_) | Event::PI(_) => continue,
                Event::Start(tag) => {
                    let name = self.enter(&tag, start, cx)?;
                    check_name(name.qualified, start, cx)?;
                    let found = format!("<{}>", shortened(name.qualified, SHOWN));
                    cx.fault(
                        FaultKind::WrongKind,
                        start,
                        Some(&found),
                        "only text in a leaf's element",
                    )?;
                    self.skip(cx)?;
                    good = false;
                    continue;
                }
                Event::DocType(_) => return Err(document_type(start, cx)),
                Event::Eof => return Err(self.unfinished(cx)),
                Event::Decl(_) | Event::Empty(_) => {
                    return Err(misplaced_declaration(start, cx));
                }
                other => characters(other, start, cx)?,
            };
            if value.is_empty() {
                value = part;
            } else {
                value.to_mut().push_str(&part);
            }
        }
        self.element = element;
        if !good {
            return Ok(None);
        }
        if !value.bytes().all(|byte| (b' '..0x80).contains(&byte)) {
            return Ok(crate::decode::yang_text(value, element, cx)?.map(Scalar::Text));
        }
        Ok(Some(Scalar::Text(value)))
    }

    fn declared(&self) -> Declared<'de> {
        self.namespaces.declared()
    }

    fn annotations(&mut self) -> Vec<Annotated> {
        std::mem::take(&mut self.notes)
    }

    #[cold]
    fn any(&mut self, node: &Node<'_>, cx: &mut Context) -> Result<Option<AnyData>, Abort> {
        let element = self.element;
        let content = self.any_content(must_be_object(node), cx);
        self.element = element;
        content
    }

    #[cold]
    fn skip(&mut self, cx: &mut Context) -> Result<(), Abort> {
        self.skip_element(cx)
    }
}
