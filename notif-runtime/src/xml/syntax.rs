//! The rules of XML that quick-xml leaves to its user.

use quick_xml::events::attributes::Attributes;
use quick_xml::events::{BytesDecl, BytesRef, BytesStart};

use crate::decode::{Abort, Context};
use crate::fault::FaultKind;

pub(super) const fn is_space(byte: u8) -> bool {
    matches!(byte, b' ' | b'\t' | b'\n' | b'\r')
}

/// XML 1.0 section 2.2.
const fn is_xml_character(character: char) -> bool {
    !matches!(character, '\0'..='\x08' | '\x0b' | '\x0c' | '\x0e'..='\x1f' | '\u{fffe}' | '\u{ffff}')
}

/// The offset of the first control character that XML does not have.
pub(super) fn control_character(text: &str) -> Option<usize> {
    /// So many bytes are looked at together, without a branch.
    const CHUNK: usize = 64;
    let control = |byte: u8| byte < b' ' && !is_space(byte);
    let any = |chunk: &[u8]| chunk.iter().fold(false, |any, &byte| any | control(byte));
    let chunk = text.as_bytes().chunks(CHUNK).position(any)?;
    let start = chunk * CHUNK;
    let rest = text.as_bytes().get(start..)?;
    Some(start + rest.iter().position(|&byte| control(byte))?)
}

pub(super) fn is_blank(text: &str) -> bool {
    text.bytes().all(is_space)
}

/// The attributes of a start tag. quick-xml would compare the name of each with all before it.
pub(super) fn attributes_of<'a>(tag: &'a BytesStart<'_>) -> Attributes<'a> {
    let mut attributes = tag.attributes();
    attributes.with_checks(false);
    attributes
}

/// The prefix that an attribute declares; empty for the default namespace.
pub(super) fn declared_prefix(key: &str) -> Option<&str> {
    match key.strip_prefix("xmlns")? {
        "" => Some(""),
        rest => rest.strip_prefix(':').filter(|prefix| !prefix.is_empty()),
    }
}

/// True if `name` is one without a colon (Namespaces in XML 1.0, section 3), as far as ASCII goes.
pub(super) fn is_name(name: &str) -> bool {
    let starts = |byte: u8| byte.is_ascii_alphabetic() || byte == b'_' || !byte.is_ascii();
    name.bytes().next().is_some_and(starts)
        && name
            .bytes()
            .all(|byte| starts(byte) || byte.is_ascii_digit() || matches!(byte, b'-' | b'.'))
}

/// True for a name that a processing instruction may have (XML 1.0 section 2.6).
pub(super) fn is_target(name: &str) -> bool {
    is_name(name) && !name.eq_ignore_ascii_case("xml")
}

/// Aborts at an element whose name is not valid, or has more than one prefix.
#[cold]
pub(super) fn check_name(qualified: &str, start: usize, cx: &mut Context) -> Result<(), Abort> {
    let (prefix, local) = qualified.split_once(':').unwrap_or(("_", qualified));
    if is_name(prefix) && is_name(local) {
        return Ok(());
    }
    let expected = "a start tag with an element's name";
    Err(cx.abort(FaultKind::Malformed, start, expected))
}

/// The offset of the first character from `start` on that is no white space.
pub(super) fn behind_space(text: &str, start: usize) -> usize {
    start + text.bytes().take_while(|byte| is_space(*byte)).count()
}

/// True if white space stands between a start tag's attributes (XML 1.0 section 3.1), which
/// quick-xml does not check.
pub(super) fn are_spaced(attributes: &str) -> bool {
    let mut quote = None;
    let mut ended = false;
    attributes.bytes().all(|byte| {
        let spaced = !std::mem::take(&mut ended) || is_space(byte);
        if quote == Some(byte) {
            quote = None;
            ended = true;
        } else if quote.is_none() && matches!(byte, b'"' | b'\'') {
            quote = Some(byte);
        }
        spaced
    })
}

/// True if `prefix` may stand for `namespace`: the prefixes xml and xmlns and their namespaces are
/// reserved, and only the default namespace can be undeclared (Namespaces in XML 1.0, section 3).
pub(super) fn may_declare(prefix: &str, namespace: &str) -> bool {
    const XML: &str = "http://www.w3.org/XML/1998/namespace";
    const XMLNS: &str = "http://www.w3.org/2000/xmlns/";
    match prefix {
        _ if !(prefix.is_empty() || is_name(prefix)) => false,
        "xmlns" => false,
        "xml" => namespace == XML,
        _ if namespace == XML || namespace == XMLNS => false,
        "" => true,
        _ => !namespace.is_empty(),
    }
}

/// The text that an entity or character reference stands for.
pub(super) fn referenced(
    reference: &BytesRef<'_>,
    start: usize,
    cx: &mut Context,
) -> Result<char, Abort> {
    if let Ok(Some(character)) = reference.resolve_char_ref()
        && is_xml_character(character)
    {
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

/// XML 1.0 in UTF-8, declared at the very start of the message (XML 1.0 section 2.8).
pub(super) fn check_declaration(
    declaration: &BytesDecl<'_>,
    start: usize,
    cx: &mut Context,
) -> Result<(), Abort> {
    const VERSION: &str = "an XML declaration of version 1.0, at the start";
    let mut expected = (start != 0 || !are_spaced(declaration)).then_some(VERSION);
    let mut due = ["version", "encoding", "standalone"].iter();
    for attribute in Attributes::new(declaration, "xml".len()) {
        let attribute = attribute.ok();
        let key = attribute.as_ref().map(|attribute| attribute.key.as_ref());
        let value = attribute.as_ref().map(|attribute| &*attribute.value);
        let in_order = due.any(|due| Some(*due) == key);
        match (key, value) {
            (Some("version"), Some("1.0")) | (Some("standalone"), Some("yes" | "no"))
                if in_order => {}
            (Some("encoding"), Some(name)) if in_order => {
                if !name.eq_ignore_ascii_case("utf-8") {
                    expected = expected.or(Some("the encoding UTF-8"));
                }
            }
            _ => expected = Some(VERSION),
        }
    }
    if !declaration.version().is_ok_and(|version| version == "1.0") {
        expected = Some(VERSION);
    }
    match expected {
        Some(expected) => Err(cx.abort(FaultKind::Malformed, start, expected)),
        None => Ok(()),
    }
}
