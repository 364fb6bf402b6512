//! The JSON reader: a pull parser at a cursor, with the schema's order as its guess.

use std::borrow::Cow;

use super::lex;
use crate::decode::{Abort, Annotated, Context, ReadNode, Reader};
use crate::fault::FaultKind;
use crate::schema::{Form, Module, Node};
use crate::types::{AnyData, must_be_object};
use crate::value::{Declared, Scalar};

/// The number of members beyond the expected one that are tried as literals before the name is
/// looked up: senders leave optional nodes out, in order.
const LOOK_AHEAD: usize = 4;

/// Reads one message of JSON text.
#[derive(Debug)]
pub struct JsonReader<'de> {
    text: &'de str,
    pub(super) modules: &'de [&'static Module],
    bytes: &'de [u8],
    at: usize,
    depth: usize,
    /// True if the object or array was just opened, so that no comma is due.
    fresh: bool,
    /// The annotations that were met and not asked for.
    pub(super) notes: Vec<Annotated>,
    /// The function that reads operations in the data.
    read_operation: Option<ReadNode<'de, Self>>,
}

impl<'de> JsonReader<'de> {
    /// A reader at the start of `text`, whose values may name definitions of `modules`.
    #[must_use]
    pub const fn new(text: &'de str, modules: &'de [&'static Module]) -> Self {
        Self {
            text,
            modules,
            bytes: text.as_bytes(),
            at: 0,
            depth: 0,
            fresh: false,
            notes: Vec::new(),
            read_operation: None,
        }
    }

    /// Reads operations in the data with `read`.
    #[must_use]
    pub(crate) const fn with_operations(mut self, read: ReadNode<'de, Self>) -> Self {
        self.read_operation = Some(read);
        self
    }

    #[inline]
    pub(super) fn peek(&self) -> Option<u8> {
        self.bytes.get(self.at).copied()
    }

    #[inline]
    fn rest(&self) -> &'de [u8] {
        self.bytes.get(self.at..).unwrap_or_default()
    }

    #[inline]
    pub(super) fn skip_space(&mut self) {
        // Without white space there is nothing to set up.
        if self.peek().is_some_and(|byte| byte <= b' ') {
            self.at += lex::space_run(self.rest());
        }
    }

    #[cold]
    fn malformed(&self, cx: &mut Context, at: usize, expected: &str) -> Abort {
        if at >= self.bytes.len() {
            return cx.abort(
                FaultKind::Malformed,
                at,
                format!("{expected}, before the end of the message"),
            );
        }
        cx.abort(FaultKind::Malformed, at, expected)
    }

    pub(super) fn descend(&mut self, cx: &mut Context) -> Result<(), Abort> {
        self.depth += 1;
        if self.depth > cx.options().depth {
            let expected = format!("at most {} levels of nesting", cx.options().depth);
            return Err(cx.abort(FaultKind::TooDeep, self.at, expected));
        }
        self.at += 1;
        self.fresh = true;
        Ok(())
    }

    /// Steps over the comma before the next member or element. `false` at the end, behind `end`.
    #[inline]
    pub(super) fn advance(
        &mut self,
        end: u8,
        expected: &str,
        cx: &mut Context,
    ) -> Result<bool, Abort> {
        self.skip_space();
        let fresh = std::mem::take(&mut self.fresh);
        match self.peek() {
            Some(byte) if byte == end => {
                self.at += 1;
                self.depth -= 1;
                Ok(false)
            }
            Some(b',') if !fresh => {
                self.at += 1;
                self.skip_space();
                Ok(true)
            }
            Some(_) if fresh => Ok(true),
            _ => Err(self.malformed(cx, self.at, expected)),
        }
    }

    /// The string at the cursor, if it is ASCII without escapes.
    #[inline]
    fn plain_string(&mut self) -> Option<&'de str> {
        let start = self.at + 1;
        let end = start + lex::plain_run(self.bytes.get(start..)?);
        if self.bytes.get(end) != Some(&b'"') {
            return None;
        }
        self.at = end + 1;
        self.text.get(start..end)
    }

    /// The string at the cursor.
    #[cold]
    pub(super) fn string(&mut self, cx: &mut Context) -> Result<Cow<'de, str>, Abort> {
        let start = self.at + 1;
        match lex::string(self.text.get(start..).unwrap_or_default()) {
            Ok((value, length)) => {
                self.at = start + length;
                Ok(value)
            }
            Err(bad) => Err(self.malformed(cx, start + bad.at, bad.expected)),
        }
    }

    /// A leaf's string with escapes or beyond ASCII, which may hold characters that YANG excludes.
    #[cold]
    fn unusual_scalar(&mut self, cx: &mut Context) -> Result<Option<Scalar<'de>>, Abort> {
        let start = self.at;
        let value = self.string(cx)?;
        Ok(crate::decode::yang_text(value, start, cx)?.map(Scalar::String))
    }

    /// A member's name, with the cursor at its value.
    #[cold]
    pub(super) fn name(&mut self, cx: &mut Context) -> Result<Cow<'de, str>, Abort> {
        if self.peek() != Some(b'"') {
            return Err(self.malformed(cx, self.at, "a member's name in quotes"));
        }
        let name = self.string(cx)?;
        self.skip_space();
        if self.peek() != Some(b':') {
            return Err(self.malformed(cx, self.at, "a colon after the member's name"));
        }
        self.at += 1;
        self.skip_space();
        Ok(name)
    }

    /// The child that the name at the cursor means. An unknown one is recorded and skipped.
    #[cold]
    fn look_up(&mut self, node: &Node<'_>, cx: &mut Context) -> Result<Option<usize>, Abort> {
        let start = self.at;
        let name = self.name(cx)?;
        if let Some(index) = node.member_index(&name) {
            return Ok(Some(index));
        }
        if let Some(operation) = crate::decode::operation_by_name(node, self.modules, &name, cx) {
            return crate::decode::meet(operation, self, self.read_operation, cx);
        }
        if let Some(annotated) = name.strip_prefix('@') {
            return self.annotation(node, annotated, start, cx).map(|()| None);
        }
        let cause = crate::decode::not_compiled_in(self.modules, &name);
        crate::decode::unknown_member(node, &name, &cause, start, cx)?;
        self.skip(cx)?;
        Ok(None)
    }

    /// The rest of a literal word at the cursor.
    #[inline]
    pub(super) fn word(&mut self, word: &str, cx: &mut Context) -> Result<(), Abort> {
        if !self.rest().starts_with(word.as_bytes()) {
            return Err(self.malformed(cx, self.at, "a JSON value"));
        }
        self.at += word.len();
        Ok(())
    }

    #[inline]
    pub(super) fn number(&mut self, cx: &mut Context) -> Result<&'de str, Abort> {
        match lex::number(self.rest()) {
            Ok(length) => {
                let start = self.at;
                self.at += length;
                Ok(self.text.get(start..self.at).unwrap_or_default())
            }
            Err(bad) => Err(self.malformed(cx, self.at + bad.at, bad.expected)),
        }
    }

    /// The array where a leaf's value is due: `[null]`, or a fault.
    #[cold]
    fn array_as_scalar(&mut self, cx: &mut Context) -> Result<Option<Scalar<'de>>, Abort> {
        let start = self.at;
        let inner = self.rest().get(1..).unwrap_or_default().trim_ascii_start();
        if let Some(rest) = inner.strip_prefix(b"null")
            && let Some(rest) = rest.trim_ascii_start().strip_prefix(b"]")
        {
            self.at = self.bytes.len() - rest.len();
            return Ok(Some(Scalar::Empty));
        }
        cx.fault(FaultKind::WrongKind, start, Some("an array"), "one value")?;
        self.skip(cx)?;
        Ok(None)
    }

    /// Nothing but white space follows.
    pub(super) fn finish(&mut self, cx: &mut Context) -> Result<(), Abort> {
        self.skip_space();
        if self.at < self.bytes.len() {
            let expected = "nothing after the message's object";
            return Err(cx.abort(FaultKind::TrailingData, self.at, expected));
        }
        Ok(())
    }

    /// The known module that a member's name has.
    pub(super) fn module_of(&self, name: &str) -> Option<&'static Module> {
        let (module, _) = name.strip_prefix('@').unwrap_or(name).split_once(':')?;
        let mut modules = self.modules.iter().copied();
        modules.find(|known| known.name == module)
    }

    /// The kind of the value at the cursor, for a message.
    fn kind(&self) -> Option<&'static str> {
        Some(match self.peek()? {
            b'{' => "an object",
            b'[' => "an array",
            b'"' => "a string",
            b'-' | b'0'..=b'9' => "a number",
            b't' | b'f' => "a boolean",
            b'n' => "null",
            _ => return None,
        })
    }

    #[cold]
    pub(super) fn wrong_kind(&mut self, expected: String, cx: &mut Context) -> Result<bool, Abort> {
        let at = self.at;
        let Some(found) = self.kind() else {
            return Err(self.malformed(cx, at, "a JSON value"));
        };
        cx.fault(FaultKind::WrongKind, at, Some(found), expected)?;
        self.skip(cx)?;
        Ok(false)
    }
}

impl<'de> Reader<'de> for JsonReader<'de> {
    #[inline]
    fn repeats(&self) -> bool {
        false
    }

    #[inline]
    fn offset(&self) -> usize {
        self.at
    }

    fn open_root(
        &mut self,
        modules: &[&'static Module],
        form: Form,
        cx: &mut Context,
    ) -> Result<&'static Node<'static>, Abort> {
        self.skip_space();
        if self.rest().is_empty() {
            return Err(cx.abort(FaultKind::Empty, self.at, "one notification"));
        }
        if self.peek() != Some(b'{') {
            return Err(self.malformed(cx, self.at, "an object with one notification"));
        }
        self.descend(cx)?;
        let start = self.at;
        if !self.advance(b'}', "a member's name in quotes", cx)? {
            return Err(cx.abort(
                FaultKind::Empty,
                start,
                "one notification in the message's object",
            ));
        }
        let start = self.at;
        let name = self.name(cx)?;
        crate::decode::root_by_name(modules, form, &name, cx)
            .ok_or_else(|| crate::decode::unknown_root(modules, form, &name, start, cx))
    }

    fn close_root(&mut self, cx: &mut Context) -> Result<(), Abort> {
        while self.advance(b'}', "the end of the message's object", cx)? {
            let start = self.at;
            let name = self.name(cx)?;
            let expected = "only one notification in a message";
            cx.fault_at(
                &name,
                FaultKind::UnknownElement,
                start,
                Some(&name),
                expected,
            )?;
            self.skip(cx)?;
        }
        self.finish(cx)
    }

    fn open_document(&mut self, cx: &mut Context) -> Result<(), Abort> {
        self.skip_space();
        match self.peek() {
            Some(b'{') => Ok(()),
            None => Err(cx.abort(FaultKind::Empty, self.at, "an object")),
            Some(_) => Err(self.malformed(cx, self.at, "an object")),
        }
    }

    fn close_document(&mut self, cx: &mut Context) -> Result<(), Abort> {
        self.skip_space();
        if self.at < self.bytes.len() {
            let expected = "nothing after the document's object";
            return Err(cx.abort(FaultKind::TrailingData, self.at, expected));
        }
        Ok(())
    }

    #[inline]
    fn open_object(&mut self, node: &Node<'_>, cx: &mut Context) -> Result<bool, Abort> {
        if self.peek() == Some(b'{') {
            self.descend(cx)?;
            return Ok(true);
        }
        self.wrong_kind(format!("an object for {}", node.described()), cx)
    }

    #[inline]
    fn next_member(
        &mut self,
        node: &Node<'_>,
        expected: usize,
        cx: &mut Context,
    ) -> Result<Option<usize>, Abort> {
        while self.advance(b'}', "a comma or the end of the object", cx)? {
            let rest = self.rest();
            let likely = node
                .children()
                .iter()
                .enumerate()
                .skip(expected)
                .take(LOOK_AHEAD);
            for (index, child) in likely {
                if rest.starts_with(child.member.as_bytes()) {
                    self.at += child.member.len();
                    self.skip_space();
                    return Ok(Some(index));
                }
            }
            if let Some(index) = self.look_up(node, cx)? {
                return Ok(Some(index));
            }
        }
        Ok(None)
    }

    #[inline]
    fn open_array(&mut self, node: &Node<'_>, cx: &mut Context) -> Result<bool, Abort> {
        if self.peek() == Some(b'[') {
            self.descend(cx)?;
            return Ok(true);
        }
        self.wrong_kind(format!("an array for {}", node.described()), cx)
    }

    #[inline]
    fn next_element(&mut self, _first: bool, cx: &mut Context) -> Result<bool, Abort> {
        self.advance(b']', "a comma or the end of the array", cx)
    }

    #[inline]
    fn scalar(&mut self, cx: &mut Context) -> Result<Option<Scalar<'de>>, Abort> {
        let start = self.at;
        match self.peek() {
            Some(b'"') => match self.plain_string() {
                Some(value) => Ok(Some(Scalar::String(Cow::Borrowed(value)))),
                None => self.unusual_scalar(cx),
            },
            Some(b'-' | b'0'..=b'9') => self.number(cx).map(|number| Some(Scalar::Number(number))),
            Some(b't') => self.word("true", cx).map(|()| Some(Scalar::Boolean(true))),
            Some(b'f') => self
                .word("false", cx)
                .map(|()| Some(Scalar::Boolean(false))),
            Some(b'n') => self.word("null", cx).map(|()| Some(Scalar::Null)),
            Some(b'[') => self.array_as_scalar(cx),
            Some(b'{') => self.wrong_kind("one value".to_owned(), cx).map(|_| None),
            _ => Err(self.malformed(cx, start, "a JSON value")),
        }
    }

    fn annotations(&mut self) -> Vec<Annotated> {
        std::mem::take(&mut self.notes)
    }

    #[cold]
    fn any(&mut self, node: &Node<'_>, cx: &mut Context) -> Result<Option<AnyData>, Abort> {
        if must_be_object(node) && self.peek() != Some(b'{') {
            let expected = format!("an object for the {} \"{}\"", node.keyword(), node.name);
            return self.wrong_kind(expected, cx).map(|_| None);
        }
        if self.kind().is_none() {
            return Err(self.malformed(cx, self.at, "a JSON value"));
        }
        Ok(self.any_value(Some(node), cx)?.map(AnyData::new))
    }

    fn declared(&self) -> Declared<'de> {
        Declared {
            modules: self.modules,
            prefixes: None,
            sids: None,
        }
    }

    #[cold]
    fn skip(&mut self, cx: &mut Context) -> Result<(), Abort> {
        match self.peek() {
            Some(b'{') => {
                self.descend(cx)?;
                while self.advance(b'}', "a comma or the end of the object", cx)? {
                    self.name(cx)?;
                    self.skip(cx)?;
                }
                Ok(())
            }
            Some(b'[') => {
                self.descend(cx)?;
                while self.advance(b']', "a comma or the end of the array", cx)? {
                    self.skip(cx)?;
                }
                Ok(())
            }
            Some(b'"') => self.string(cx).map(drop),
            Some(b'-' | b'0'..=b'9') => self.number(cx).map(drop),
            Some(b't') => self.word("true", cx),
            Some(b'f') => self.word("false", cx),
            Some(b'n') => self.word("null", cx),
            _ => Err(self.malformed(cx, self.at, "a JSON value")),
        }
    }
}
