//! The parts of a document around its elements and between their tags.

use std::borrow::Cow;

use quick_xml::events::{BytesStart, Event};

use super::reader::XmlReader;
use super::syntax::{behind_space, check_declaration, control_character, is_blank, referenced};
use crate::decode::{Abort, Context};
use crate::fault::FaultKind;

impl<'de> XmlReader<'de> {
    /// Checks the characters of the whole text.
    pub(super) fn check_text(&self, cx: &mut Context) -> Result<(), Abort> {
        if let Some(at) = control_character(self.text) {
            return Err(cx.abort(
                FaultKind::Malformed,
                at,
                "no control character but tab and line ends",
            ));
        }
        if self.text.starts_with('\u{feff}') {
            return Err(cx.abort(FaultKind::Malformed, 0, "no byte order mark"));
        }
        Ok(())
    }

    /// Reads to the end of the document, behind the top-level element.
    pub(super) fn epilog(&mut self, cx: &mut Context) -> Result<(), Abort> {
        loop {
            match self.event(cx)? {
                (Event::Eof, _) => return Ok(()),
                (Event::Comment(_) | Event::PI(_), _) => {}
                (Event::Text(text), _) if is_blank(&text.borrow().into_inner()) => {}
                (Event::DocType(_), start) => return Err(document_type(start, cx)),
                (Event::End(tag), start) => return Err(self.mismatched(&tag, start, cx)),
                (event, start) => {
                    let start = match event {
                        Event::Text(text) => behind_space(&text.into_inner(), start),
                        _ => start,
                    };
                    return Err(cx.abort(
                        FaultKind::TrailingData,
                        start,
                        "nothing after the message's element",
                    ));
                }
            }
        }
    }

    /// Reads to the top-level element, and gives its start tag.
    pub(super) fn prolog(&mut self, cx: &mut Context) -> Result<(BytesStart<'de>, usize), Abort> {
        loop {
            match self.event(cx)? {
                (Event::Start(tag), start) => return Ok((tag, start)),
                (Event::Decl(declaration), start) => check_declaration(&declaration, start, cx)?,
                (Event::Comment(_) | Event::PI(_), _) => {}
                (Event::Text(text), _) if is_blank(&text.borrow().into_inner()) => {}
                (Event::DocType(_), start) => return Err(document_type(start, cx)),
                (Event::Eof, start) => {
                    return Err(cx.abort(FaultKind::Empty, start, "one notification"));
                }
                (Event::End(tag), start) => return Err(self.mismatched(&tag, start, cx)),
                (_, start) => {
                    return Err(cx.abort(FaultKind::Malformed, start, "a start tag"));
                }
            }
        }
    }
}

/// The text that an event is: characters, a CDATA section or a reference.
pub(super) fn characters<'de>(
    event: Event<'de>,
    start: usize,
    cx: &mut Context,
) -> Result<Cow<'de, str>, Abort> {
    Ok(match event {
        Event::Text(text) => {
            let raw = text.borrow().into_inner();
            if raw.contains("]]>") {
                return Err(cx.abort(FaultKind::Malformed, start, "]]&gt; for ]]> in text"));
            }
            // XML 1.0 section 2.11: line ends are line feeds.
            if raw.contains('\r') {
                text.xml10_content()
            } else {
                text.into_inner()
            }
        }
        Event::CData(text) => text.xml10_content(),
        Event::GeneralRef(reference) => referenced(&reference, start, cx)?.to_string().into(),
        _ => Cow::Borrowed(""),
    })
}

#[cold]
pub(super) fn document_type(start: usize, cx: &mut Context) -> Abort {
    cx.abort(FaultKind::Entity, start, "no document type declaration")
}

#[cold]
pub(super) fn misplaced_declaration(start: usize, cx: &mut Context) -> Abort {
    let expected = "an XML declaration only at the start";
    cx.abort(FaultKind::Malformed, start, expected)
}
