//! The XML reader: events of quick-xml, with the strictness that a non-validating parser leaves to
//! its user.

use std::borrow::Cow;

use quick_xml::XmlVersion;
use quick_xml::errors::{Error, IllFormedError};
use quick_xml::events::{BytesDecl, BytesRef, BytesStart, Event};

use super::namespaces::{Namespaces, Space};
use crate::decode::{Abort, Context, Reader, Root, Scalar};
use crate::schema::{Module, Node};
use crate::validate::FaultKind;

/// How many children beyond the expected one are tried before the name is looked up.
const LOOK_AHEAD: usize = 4;

/// Reads one message of XML text.
#[derive(Debug)]
pub struct XmlReader<'de> {
    text: &'de str,
    events: quick_xml::Reader<&'de [u8]>,
    namespaces: Namespaces<'de>,
    /// How many elements are open.
    depth: usize,
    /// Where the element that was entered last starts.
    element: usize,
}

/// An element's name as it is written, and what its prefix stands for.
struct Name<'de> {
    qualified: &'de str,
    local: &'de str,
    space: Space<'de>,
}

const fn is_space(byte: u8) -> bool {
    matches!(byte, b' ' | b'\t' | b'\n' | b'\r')
}

fn is_blank(text: &str) -> bool {
    text.bytes().all(is_space)
}

impl<'de> XmlReader<'de> {
    /// A reader at the start of `text`, which may use the names of `modules` as prefixes.
    #[must_use]
    pub fn new(text: &'de str, modules: &'de [&'static Module]) -> Self {
        let mut events = quick_xml::Reader::from_str(text);
        let config = events.config_mut();
        config.expand_empty_elements = true;
        config.check_comments = true;
        Self {
            text,
            events,
            namespaces: Namespaces::new(modules),
            depth: 0,
            element: 0,
        }
    }

    fn position(&self) -> usize {
        usize::try_from(self.events.buffer_position()).unwrap_or(self.text.len())
    }

    /// The next event and where it starts.
    #[inline]
    fn event(&mut self, cx: &mut Context) -> Result<(Event<'de>, usize), Abort> {
        let start = self.position();
        match self.events.read_event() {
            Ok(event) => Ok((event, start)),
            Err(error) => Err(self.ill_formed(&error, cx)),
        }
    }

    #[cold]
    fn ill_formed(&self, error: &Error, cx: &mut Context) -> Abort {
        let at = usize::try_from(self.events.error_position()).unwrap_or(self.text.len());
        let expected = match error {
            Error::IllFormed(IllFormedError::MismatchedEndTag { expected, found }) => {
                format!("the end tag </{expected}>, not </{found}>")
            }
            Error::IllFormed(IllFormedError::UnmatchedEndTag(name)) => {
                format!("a start tag before the end tag </{name}>")
            }
            other => format!("well-formed XML ({other})"),
        };
        cx.abort(FaultKind::Malformed, at, expected)
    }

    /// Takes in the start tag whose event begins at `start`: its declarations and its name. Other
    /// attributes are recorded.
    #[inline]
    fn enter(
        &mut self,
        tag: &BytesStart<'de>,
        start: usize,
        cx: &mut Context,
    ) -> Result<Name<'de>, Abort> {
        self.depth += 1;
        self.element = start;
        if self.depth > cx.options().depth {
            let expected = format!("at most {} levels of nesting", cx.options().depth);
            return Err(cx.abort(FaultKind::TooDeep, start, expected));
        }
        let length = tag.name().as_ref().len();
        let qualified = self
            .text
            .get(start + 1..start + 1 + length)
            .unwrap_or_default();
        if !tag.attributes_raw().is_empty() {
            self.attributes(tag, qualified, start, cx)?;
        }
        let (prefix, local) = qualified.split_once(':').unwrap_or(("", qualified));
        let space = self.namespaces.resolve(prefix, self.depth);
        Ok(Name {
            qualified,
            local,
            space,
        })
    }

    #[cold]
    fn attributes(
        &mut self,
        tag: &BytesStart<'de>,
        element: &str,
        start: usize,
        cx: &mut Context,
    ) -> Result<(), Abort> {
        for attribute in tag.attributes() {
            let attribute = attribute.map_err(|error| {
                cx.abort(
                    FaultKind::Malformed,
                    start,
                    format!("well-formed attributes ({error})"),
                )
            })?;
            let key = attribute.key.as_ref();
            let Some(prefix) = declared_prefix(key) else {
                let expected = "no attribute but declarations of namespaces";
                cx.fault_at(
                    element,
                    FaultKind::UnknownAttribute,
                    start,
                    Some(key),
                    expected,
                )?;
                continue;
            };
            let raw_has_tag = attribute.value.contains('<');
            let value = attribute.normalized_value(XmlVersion::Explicit1_0);
            let reserved = matches!(prefix, "xml" | "xmlns");
            match value {
                Ok(namespace)
                    if !(raw_has_tag
                        || reserved
                        || (namespace.is_empty() && !prefix.is_empty())) =>
                {
                    let prefix = self.in_text(prefix, start);
                    self.namespaces
                        .declare(prefix, namespace.into_owned().into(), self.depth);
                }
                _ => {
                    let expected = format!("a namespace that {key} may declare");
                    return Err(cx.abort(FaultKind::Malformed, start, expected));
                }
            }
        }
        Ok(())
    }

    /// The same characters as a part of the message, which lives longer than the event.
    fn in_text(&self, part: &str, from: usize) -> &'de str {
        let tail = self.text.get(from..).unwrap_or_default();
        let at = tail.find(part).unwrap_or(0);
        tail.get(at..at + part.len()).unwrap_or_default()
    }

    /// An end tag was read.
    #[inline]
    fn leave(&mut self) {
        self.namespaces.leave(self.depth);
        self.depth -= 1;
    }

    /// What an entity or character reference stands for.
    fn reference(
        &self,
        reference: &BytesRef<'de>,
        start: usize,
        cx: &mut Context,
    ) -> Result<char, Abort> {
        if let Ok(Some(character)) = reference.resolve_char_ref() {
            return Ok(character);
        }
        let name = reference.borrow().into_inner();
        match name.as_ref() {
            "lt" => Ok('<'),
            "gt" => Ok('>'),
            "amp" => Ok('&'),
            "apos" => Ok('\''),
            "quot" => Ok('"'),
            _ if reference.is_char_ref() => Err(cx.abort(
                FaultKind::Malformed,
                start,
                "a reference to a character that XML allows",
            )),
            _ => {
                let expected = "no entities but lt, gt, amp, apos and quot";
                Err(cx.abort(FaultKind::Entity, start, expected))
            }
        }
    }

    /// The end of the message where an element should end.
    #[cold]
    fn unfinished(&self, cx: &mut Context) -> Abort {
        cx.abort(
            FaultKind::Malformed,
            self.text.len(),
            "an end tag before the end of the message",
        )
    }

    #[cold]
    fn document_type(start: usize, cx: &mut Context) -> Abort {
        cx.abort(FaultKind::Entity, start, "no document type declaration")
    }

    /// Text between elements, where only white space may be.
    #[cold]
    fn stray_text(
        node: &'static Node,
        text: &str,
        start: usize,
        cx: &mut Context,
    ) -> Result<(), Abort> {
        let expected = format!("only elements in the {} \"{}\"", node.keyword(), node.name);
        cx.fault(
            FaultKind::WrongKind,
            start,
            Some(&format!("\"{}\"", text.trim())),
            expected,
        )
    }

    /// What comes before the top-level element; gives its start tag.
    fn prolog(&mut self, cx: &mut Context) -> Result<(BytesStart<'de>, usize), Abort> {
        loop {
            match self.event(cx)? {
                (Event::Start(tag), start) => return Ok((tag, start)),
                (Event::Decl(declaration), start) => check_declaration(&declaration, start, cx)?,
                (Event::Comment(_) | Event::PI(_), _) => {}
                (Event::Text(text), _) if is_blank(&text.borrow().into_inner()) => {}
                (Event::DocType(_), start) => return Err(Self::document_type(start, cx)),
                (Event::Eof, start) if is_blank(self.text) => {
                    return Err(cx.abort(FaultKind::Empty, start, "one notification"));
                }
                (_, start) => {
                    return Err(cx.abort(FaultKind::Malformed, start, "a start tag"));
                }
            }
        }
    }

    /// The child that an element is. An unknown one is recorded.
    #[inline]
    fn look_up(
        &self,
        node: &'static Node,
        expected: usize,
        name: &Name<'de>,
        cx: &mut Context,
    ) -> Result<Option<usize>, Abort> {
        let children = node.children();
        if let Space::Module(module) = name.space {
            let is_it =
                |child: &Node| child.name == name.local && std::ptr::eq(child.module, module);
            let likely = children.iter().enumerate().skip(expected).take(LOOK_AHEAD);
            for (index, child) in likely {
                if is_it(child) {
                    return Ok(Some(index));
                }
            }
            if let Some(index) = children.iter().position(is_it) {
                return Ok(Some(index));
            }
        }
        self.unknown(node, name, cx).map(|()| None)
    }

    #[cold]
    fn unknown(
        &self,
        node: &'static Node,
        name: &Name<'de>,
        cx: &mut Context,
    ) -> Result<(), Abort> {
        let namesake = node
            .children()
            .iter()
            .find(|child| child.name == name.local);
        let module = namesake.unwrap_or(node).module;
        match &name.space {
            Space::Module(known) if namesake.is_none() => {
                let member = if std::ptr::eq(*known, node.module) {
                    name.local.to_owned()
                } else {
                    format!("{}:{}", known.name, name.local)
                };
                crate::decode::unknown_member(node, &member, self.element, cx)
            }
            space => wrong_namespace(space, name, module, self.element, cx),
        }
    }
}

/// Records that an element is not in the namespace of `module`.
#[cold]
fn wrong_namespace(
    space: &Space<'_>,
    name: &Name<'_>,
    module: &Module,
    start: usize,
    cx: &mut Context,
) -> Result<(), Abort> {
    let expected = format!(
        "the namespace {} of the module {}",
        module.namespace, module.name
    );
    let found = match space {
        Space::Module(known) => known.namespace.to_owned(),
        Space::Unknown(namespace) => namespace.to_string(),
        Space::None => "no namespace".to_owned(),
        Space::Undeclared => format!("the undeclared prefix of <{}>", name.qualified),
    };
    cx.fault_at(
        name.local,
        FaultKind::UnknownNamespace,
        start,
        Some(&found),
        expected,
    )
}

/// The prefix that an attribute declares; empty for the default namespace.
fn declared_prefix(key: &str) -> Option<&str> {
    match key.strip_prefix("xmlns")? {
        "" => Some(""),
        rest => rest.strip_prefix(':').filter(|prefix| !prefix.is_empty()),
    }
}

/// XML 1.0 in UTF-8, declared at the very start of the message.
fn check_declaration(
    declaration: &BytesDecl<'_>,
    start: usize,
    cx: &mut Context,
) -> Result<(), Abort> {
    let version = declaration.version();
    if start != 0 || !version.is_ok_and(|version| version == "1.0") {
        return Err(cx.abort(
            FaultKind::Malformed,
            start,
            "an XML declaration of version 1.0, at the start",
        ));
    }
    match declaration.encoding() {
        None => Ok(()),
        Some(Ok(encoding)) if encoding.eq_ignore_ascii_case("utf-8") => Ok(()),
        Some(_) => Err(cx.abort(FaultKind::Malformed, start, "the encoding UTF-8")),
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
        cx: &mut Context,
    ) -> Result<&'static Root, Abort> {
        let control = |byte: u8| byte < b' ' && !is_space(byte);
        if let Some(at) = self.text.bytes().position(control) {
            return Err(cx.abort(
                FaultKind::Malformed,
                at,
                "no control character but tab and line ends",
            ));
        }
        if self.text.starts_with('\u{feff}') {
            return Err(cx.abort(FaultKind::Malformed, 0, "no byte order mark"));
        }
        let (tag, start) = self.prolog(cx)?;
        let name = self.enter(&tag, start, cx)?;
        let roots = || modules.iter().flat_map(|module| module.roots);
        if let Space::Module(module) = name.space {
            let found = module
                .roots
                .iter()
                .find(|root| root.node().name == name.local);
            let qualified = format!("{}:{}", module.name, name.local);
            return found
                .ok_or_else(|| crate::decode::unknown_root(modules, &qualified, start, cx));
        }
        let likely = roots()
            .find(|root| root.node().name == name.local)
            .or_else(|| roots().next());
        match likely {
            Some(root) => {
                let (Ok(()) | Err(Abort)) =
                    wrong_namespace(&name.space, &name, root.node().module, start, cx);
                Err(Abort)
            }
            None => Err(crate::decode::unknown_root(modules, name.local, start, cx)),
        }
    }

    fn close_root(&mut self, cx: &mut Context) -> Result<(), Abort> {
        loop {
            match self.event(cx)? {
                (Event::Eof, _) => return Ok(()),
                (Event::Comment(_) | Event::PI(_), _) => {}
                (Event::Text(text), _) if is_blank(&text.borrow().into_inner()) => {}
                (Event::DocType(_), start) => return Err(Self::document_type(start, cx)),
                (_, start) => {
                    return Err(cx.abort(
                        FaultKind::TrailingData,
                        start,
                        "nothing after the message's element",
                    ));
                }
            }
        }
    }

    fn open_object(&mut self, _: &'static Node, _: &mut Context) -> Result<bool, Abort> {
        Ok(true)
    }

    fn next_member(
        &mut self,
        node: &'static Node,
        expected: usize,
        cx: &mut Context,
    ) -> Result<Option<usize>, Abort> {
        loop {
            match self.event(cx)? {
                (Event::Start(tag), start) => {
                    let name = self.enter(&tag, start, cx)?;
                    if let Some(index) = self.look_up(node, expected, &name, cx)? {
                        return Ok(Some(index));
                    }
                    self.skip(cx)?;
                }
                (Event::End(_), _) => {
                    self.leave();
                    return Ok(None);
                }
                (Event::Text(text), start) => {
                    let text = text.into_inner();
                    if !is_blank(&text) {
                        Self::stray_text(node, &text, start, cx)?;
                    }
                }
                (Event::CData(text), start) => {
                    Self::stray_text(node, &text.into_inner(), start, cx)?
                }
                (Event::GeneralRef(reference), start) => {
                    let character = self.reference(&reference, start, cx)?;
                    Self::stray_text(node, character.encode_utf8(&mut [0; 4]), start, cx)?;
                }
                (Event::Comment(_) | Event::PI(_), _) => {}
                (Event::DocType(_), start) => return Err(Self::document_type(start, cx)),
                (Event::Eof, _) => return Err(self.unfinished(cx)),
                (Event::Decl(_) | Event::Empty(_), start) => {
                    return Err(cx.abort(
                        FaultKind::Malformed,
                        start,
                        "an XML declaration only at the start",
                    ));
                }
            }
        }
    }

    fn open_array(&mut self, _: &'static Node, _: &mut Context) -> Result<bool, Abort> {
        Ok(true)
    }

    fn next_element(&mut self, first: bool, _: &mut Context) -> Result<bool, Abort> {
        Ok(first)
    }

    fn scalar(&mut self, cx: &mut Context) -> Result<Option<Scalar<'de>>, Abort> {
        let element = self.element;
        let mut value: Cow<'de, str> = Cow::Borrowed("");
        let mut interrupted = false;
        let mut good = true;
        loop {
            let (event, start) = self.event(cx)?;
            let part: Cow<'de, str> = match event {
                Event::End(_) => {
                    self.leave();
                    break;
                }
                Event::Text(text) => {
                    let raw = text.borrow().into_inner();
                    if raw.contains("]]>") {
                        return Err(cx.abort(
                            FaultKind::Malformed,
                            start,
                            "]]&gt; for ]]> in text",
                        ));
                    }
                    // XML 1.0 section 2.11: line ends are line feeds.
                    if raw.contains('\r') {
                        text.xml10_content()
                    } else {
                        text.into_inner()
                    }
                }
                Event::CData(text) => text.xml10_content(),
                Event::GeneralRef(reference) => {
                    self.reference(&reference, start, cx)?.to_string().into()
                }
                Event::Comment(_) | Event::PI(_) => {
                    interrupted = true;
                    continue;
                }
                Event::Start(tag) => {
                    self.enter(&tag, start, cx)?;
                    let found = format!("<{}>", tag.name().as_ref());
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
                Event::DocType(_) => return Err(Self::document_type(start, cx)),
                Event::Eof => return Err(self.unfinished(cx)),
                Event::Decl(_) | Event::Empty(_) => {
                    return Err(cx.abort(
                        FaultKind::Malformed,
                        start,
                        "an XML declaration only at the start",
                    ));
                }
            };
            if interrupted && good {
                let expected = "no comment or processing instruction before or in a leaf's text";
                cx.fault(FaultKind::WrongKind, start, None, expected)?;
                good = false;
            }
            if value.is_empty() {
                value = part
            } else {
                value.to_mut().push_str(&part)
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

    #[cold]
    fn skip(&mut self, cx: &mut Context) -> Result<(), Abort> {
        let floor = self.depth;
        while self.depth >= floor {
            match self.event(cx)? {
                (Event::Start(tag), start) => {
                    let _: Name<'_> = self.enter(&tag, start, cx)?;
                }
                (Event::End(_), _) => self.leave(),
                (Event::GeneralRef(reference), start) => {
                    let _: char = self.reference(&reference, start, cx)?;
                }
                (Event::DocType(_), start) => return Err(Self::document_type(start, cx)),
                (Event::Eof, _) => return Err(self.unfinished(cx)),
                _ => {}
            }
        }
        Ok(())
    }
}
