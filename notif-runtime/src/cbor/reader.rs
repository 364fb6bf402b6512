//! The CBOR reader: a pull parser over minicbor's decoder, with bounds on the input and the checks
//! that minicbor leaves out.

use std::borrow::Cow;

use minicbor::Decoder;
use minicbor::decode::Error;

use super::Mapping;
use super::item::{self, Bad, Item};
use super::typed;
use crate::decode::{
    Abort, Context, ReadNode, Reader, meet, not_compiled_in, operation_by_name, operation_by_sid,
    root_by_name, root_by_sid, unknown_member, unknown_root, yang_text,
};
use crate::fault::FaultKind;
use crate::schema::{Form, Module, Node, Sids};
use crate::types::{AnyData, must_be_object};
use crate::value::{Declared, Scalar};

/// Reads one message of CBOR.
///
/// RFC 8949's freedoms that RFC 9254 leaves open are accepted: items of indefinite length, and
/// integers and lengths in more bytes than they need.
#[derive(Debug)]
pub struct CborReader<'de> {
    decoder: Decoder<'de>,
    modules: &'de [&'static Module],
    mapping: Mapping,
    /// The maps and arrays that are open, outermost first.
    levels: Vec<Level>,
    sids: Sids,
    /// The function that reads operations in the data.
    read_operation: Option<ReadNode<'de, Self>>,
}

/// An open map or array.
#[derive(Debug)]
struct Level {
    /// The number of members or elements yet to come; unknown if the length is indefinite.
    left: Option<u64>,
    /// The reference of the deltas of a map's keys (RFC 9254 section 3.2).
    reference: u64,
    /// The same for the maps in the present member or element.
    inner: u64,
}

/// The key of a member.
#[derive(Debug)]
pub(super) enum Key<'de> {
    Name(Cow<'de, str>),
    Sid(u64),
}

impl Key<'_> {
    /// The key as a path shows it.
    pub(super) fn shown(&self) -> Cow<'_, str> {
        match self {
            Self::Name(name) => Cow::Borrowed(name),
            Self::Sid(sid) => Cow::Owned(sid.to_string()),
        }
    }
}

impl<'de> CborReader<'de> {
    /// A reader at the start of `bytes`, whose values may name definitions of `modules`.
    #[must_use]
    pub fn new(bytes: &'de [u8], modules: &'de [&'static Module], mapping: Mapping) -> Self {
        Self {
            decoder: Decoder::new(bytes),
            modules,
            mapping,
            levels: Vec::new(),
            sids: Sids::default(),
            read_operation: None,
        }
    }

    /// Reads operations in the data with `read`.
    #[must_use]
    pub(crate) fn with_operations(mut self, read: ReadNode<'de, Self>) -> Self {
        self.read_operation = Some(read);
        self
    }

    /// The byte that the next item starts with.
    pub(super) fn initial(&self) -> Option<u8> {
        item::peek(&self.decoder).ok()
    }

    pub(super) fn at(&self) -> usize {
        self.decoder.position()
    }

    pub(super) const fn modules(&self) -> &'de [&'static Module] {
        self.modules
    }

    /// The node with this SID.
    pub(super) fn by_sid(&self, sid: u64) -> Option<&Node<'_>> {
        self.sids.path(sid, self.modules)?.pop()
    }

    /// Enters the map at the cursor.
    pub(super) fn enter_map(&mut self, cx: &mut Context) -> Result<bool, Abort> {
        self.open(MAP, Decoder::map, || "a map".to_owned(), cx)
    }

    /// Enters the array at the cursor.
    pub(super) fn enter_array(&mut self, cx: &mut Context) -> Result<bool, Abort> {
        self.open(ARRAY, Decoder::array, || "an array".to_owned(), cx)
    }

    /// Skips a value.
    pub(super) fn step_over(&mut self, cx: &mut Context) -> Result<(), Abort> {
        self.item(cx).map(drop)
    }

    fn at_end(&self) -> bool {
        self.decoder.position() >= self.decoder.input().len()
    }

    #[cold]
    fn malformed(&self, error: &Error, cx: &mut Context) -> Abort {
        let (at, expected) = if error.is_end_of_input() {
            let at = self.decoder.input().len();
            (at, "more bytes before the end of the message".to_owned())
        } else {
            let at = error.position().unwrap_or(self.decoder.position());
            (at, format!("well-formed CBOR ({error})"))
        };
        cx.abort(FaultKind::Malformed, at, expected)
    }

    #[cold]
    fn too_deep(&self, cx: &mut Context) -> Abort {
        let expected = format!("at most {} levels of nesting", cx.options().depth);
        cx.abort(FaultKind::TooDeep, self.decoder.position(), expected)
    }

    pub(super) fn item(&mut self, cx: &mut Context) -> Result<Item<'de>, Abort> {
        let depth = cx.options().depth.saturating_sub(self.levels.len());
        Item::read(&mut self.decoder, depth).map_err(|bad| match bad {
            Bad::Malformed(error) => self.malformed(&error, cx),
            Bad::TooDeep => self.too_deep(cx),
        })
    }

    /// Returns true if another member or element follows; leaves the map or array if not.
    pub(super) fn advance(&mut self, cx: &mut Context) -> Result<bool, Abort> {
        let Some(level) = self.levels.last_mut() else {
            return Ok(false);
        };
        let more = item::advance(&mut self.decoder, &mut level.left);
        let more = more.map_err(|error| self.malformed(&error, cx))?;
        if !more {
            self.levels.pop();
        }
        Ok(more)
    }

    /// A member's key. `None` if it is no valid key: that has been recorded.
    pub(super) fn key(&mut self, cx: &mut Context) -> Result<Option<Key<'de>>, Abort> {
        let start = self.decoder.position();
        let item = self.item(cx)?;
        if let Some(name) = item.text() {
            return Ok(Some(Key::Name(name)));
        }
        let reference = self.levels.last().map_or(0, |level| level.reference);
        let sid = match item.tagged(typed::SID) {
            Some(sid) => sid.unsigned(),
            None => item
                .integer()
                .and_then(|delta| u64::try_from(delta + i128::from(reference)).ok()),
        };
        if let (Some(sid), Mapping::Yang) = (sid, self.mapping) {
            return Ok(Some(Key::Sid(sid)));
        }
        let expected = match self.mapping {
            Mapping::Yang => "a member's name, the delta of its SID, or its SID in tag 47",
            Mapping::Json => "a member's name as a text string",
        };
        let shown = item.shown();
        cx.fault(FaultKind::WrongKind, start, Some(&shown), expected)?;
        Ok(None)
    }

    /// Makes a key the reference of the maps in its member.
    pub(super) fn enter(&mut self, key: &Key<'_>) {
        if let Some(level) = self.levels.last_mut() {
            level.inner = match key {
                Key::Name(_) => 0,
                Key::Sid(sid) => *sid,
            };
        }
    }

    #[cold]
    fn wrong_kind(&mut self, expected: String, cx: &mut Context) -> Result<bool, Abort> {
        let start = self.decoder.position();
        let found = self.item(cx)?.kind();
        cx.fault(FaultKind::WrongKind, start, Some(found), expected)?;
        Ok(false)
    }

    /// Enters the map or array that a node has, if that is what `major` says; `open` reads its
    /// length.
    fn open(
        &mut self,
        major: u8,
        open: fn(&mut Decoder<'de>) -> Result<Option<u64>, Error>,
        expected: impl FnOnce() -> String,
        cx: &mut Context,
    ) -> Result<bool, Abort> {
        match item::peek(&self.decoder) {
            Ok(initial) if initial >> 5 == major => {
                if self.levels.len() >= cx.options().depth {
                    return Err(self.too_deep(cx));
                }
                let left = open(&mut self.decoder);
                let left = left.map_err(|error| self.malformed(&error, cx))?;
                let reference = self.levels.last().map_or(0, |level| level.inner);
                self.levels.push(Level {
                    left,
                    reference,
                    inner: reference,
                });
                Ok(true)
            }
            Ok(_) => self.wrong_kind(expected(), cx),
            Err(error) => Err(self.malformed(&error, cx)),
        }
    }

    /// A value of the JSON data.
    fn json_scalar(
        item: Item<'de>,
        start: usize,
        cx: &mut Context,
    ) -> Result<Option<Scalar<'de>>, Abort> {
        let is_empty = || {
            let mut elements = item.elements()?;
            let first = elements.next()?;
            (first.is_null() && elements.next().is_none()).then_some(Scalar::Empty)
        };
        let null = || item.is_null().then_some(Scalar::Null);
        let scalar = item
            .whole()
            .or_else(|| item.boolean().map(Scalar::Boolean))
            .or_else(null)
            .or_else(is_empty);
        if scalar.is_none() {
            let expected = "what JSON can hold: a text string, an integer, true, false or [null]";
            cx.fault(FaultKind::WrongKind, start, Some(item.kind()), expected)?;
        }
        Ok(scalar)
    }
}

/// The major types of maps and arrays.
pub(super) const MAP: u8 = 5;
pub(super) const ARRAY: u8 = 4;

impl<'de> Reader<'de> for CborReader<'de> {
    fn repeats(&self) -> bool {
        false
    }

    fn offset(&self) -> usize {
        self.decoder.position()
    }

    fn open_root(
        &mut self,
        modules: &[&'static Module],
        form: Form,
        cx: &mut Context,
    ) -> Result<&'static Node<'static>, Abort> {
        if self.at_end() {
            return Err(cx.abort(FaultKind::Empty, 0, "one notification"));
        }
        let expected = || "a map with one notification".to_owned();
        if !self.open(MAP, Decoder::map, expected, cx)? {
            return Err(Abort);
        }
        let start = self.decoder.position();
        if !self.advance(cx)? {
            let expected = "one notification in the message's map";
            return Err(cx.abort(FaultKind::Empty, start, expected));
        }
        let key = self.key(cx)?.ok_or(Abort)?;
        let root = match &key {
            Key::Name(name) => root_by_name(modules, form, name, cx),
            Key::Sid(sid) => root_by_sid(modules, form, *sid),
        };
        self.enter(&key);
        root.ok_or_else(|| unknown_root(modules, form, &key.shown(), start, cx))
    }

    fn close_root(&mut self, cx: &mut Context) -> Result<(), Abort> {
        loop {
            let start = self.decoder.position();
            if !self.advance(cx)? {
                break;
            }
            let expected = "only one notification in a message";
            if let Some(key) = self.key(cx)? {
                let name = key.shown();
                let kind = FaultKind::UnknownElement;
                cx.fault_at(&name, kind, start, Some(&name), expected)?;
            }
            self.skip(cx)?;
        }
        if self.at_end() {
            return Ok(());
        }
        let expected = "nothing after the message's map";
        Err(cx.abort(FaultKind::TrailingData, self.decoder.position(), expected))
    }

    fn open_document(&mut self, cx: &mut Context) -> Result<(), Abort> {
        match item::peek(&self.decoder) {
            Err(_) => Err(cx.abort(FaultKind::Empty, 0, "a map")),
            Ok(initial) if initial >> 5 == MAP => Ok(()),
            Ok(_) => {
                let (Ok(_) | Err(Abort)) = self.wrong_kind("a map".to_owned(), cx);
                Err(Abort)
            }
        }
    }

    fn close_document(&mut self, cx: &mut Context) -> Result<(), Abort> {
        if self.at_end() {
            return Ok(());
        }
        let expected = "nothing after the document's map";
        Err(cx.abort(FaultKind::TrailingData, self.decoder.position(), expected))
    }

    fn open_object(&mut self, node: &Node<'_>, cx: &mut Context) -> Result<bool, Abort> {
        let expected = || format!("a map for {}", node.described());
        self.open(MAP, Decoder::map, expected, cx)
    }

    fn next_member(
        &mut self,
        node: &Node<'_>,
        expected: usize,
        cx: &mut Context,
    ) -> Result<Option<usize>, Abort> {
        while self.advance(cx)? {
            let start = self.decoder.position();
            let Some(key) = self.key(cx)? else {
                self.skip(cx)?;
                continue;
            };
            self.enter(&key);
            let children = node.children();
            let is_it = |child: &Node<'_>| match &key {
                Key::Name(name) => child.qualified_name() == name,
                Key::Sid(sid) => child.sid == Some(*sid),
            };
            if children.get(expected).is_some_and(is_it) {
                return Ok(Some(expected));
            }
            let found = match &key {
                Key::Name(name) => node.member_index(name),
                Key::Sid(_) => children.iter().position(is_it),
            };
            if found.is_some() {
                return Ok(found);
            }
            let operation = match &key {
                Key::Name(name) => operation_by_name(node, self.modules, name, cx),
                Key::Sid(sid) => operation_by_sid(node, self.modules, *sid, cx),
            };
            if let Some(operation) = operation {
                match meet(operation, self, self.read_operation, cx)? {
                    None => continue,
                    stop => return Ok(stop),
                }
            }
            let name = key.shown();
            let cause = not_compiled_in(self.modules, &name);
            unknown_member(node, &name, &cause, start, cx)?;
            self.skip(cx)?;
        }
        Ok(None)
    }

    fn open_array(&mut self, node: &Node<'_>, cx: &mut Context) -> Result<bool, Abort> {
        let expected = || format!("an array for {}", node.described());
        self.open(ARRAY, Decoder::array, expected, cx)
    }

    fn next_element(&mut self, _first: bool, cx: &mut Context) -> Result<bool, Abort> {
        self.advance(cx)
    }

    fn scalar(&mut self, cx: &mut Context) -> Result<Option<Scalar<'de>>, Abort> {
        let start = self.decoder.position();
        let item = self.item(cx)?;
        let tags = [typed::BITS, typed::ENUMERATION, typed::IDENTITYREF];
        let tagged = tags.iter().find_map(|tag| item.tagged(*tag));
        let tagged = tagged.or_else(|| item.tagged(typed::INSTANCE_IDENTIFIER));
        match (self.mapping, item.text(), tagged.and_then(Item::text)) {
            (Mapping::Json, Some(text), _) => Ok(yang_text(text, start, cx)?.map(Scalar::String)),
            (Mapping::Json, None, _) => Self::json_scalar(item, start, cx),
            (Mapping::Yang, Some(text), _) | (Mapping::Yang, None, Some(text)) => {
                Ok(yang_text(text, start, cx)?.map(|_| item.untyped()))
            }
            (Mapping::Yang, None, None) => Ok(Some(item.untyped())),
        }
    }

    fn any(&mut self, node: &Node<'_>, cx: &mut Context) -> Result<Option<AnyData>, Abort> {
        let major = self.initial().map(|initial| initial >> 5);
        if must_be_object(node) && major.is_some_and(|major| major != MAP) {
            let expected = format!("a map for the {} \"{}\"", node.keyword(), node.name);
            return self.wrong_kind(expected, cx).map(|_| None);
        }
        Ok(self.any_value(cx)?.map(AnyData::new))
    }

    fn declared(&self) -> Declared<'de> {
        Declared {
            modules: self.modules,
            prefixes: None,
            sids: Some(self.sids.clone()),
        }
    }

    fn skip(&mut self, cx: &mut Context) -> Result<(), Abort> {
        self.item(cx).map(drop)
    }
}
