//! The content of anydata and anyxml in JSON (RFC 7951 sections 5.5 and 5.6).

use std::collections::HashSet;
use std::fmt::Write as _;

use compact_str::CompactString;

use super::reader::JsonReader;
use super::writer::write_string;
use crate::decode::whole;
use crate::decode::{Abort, Context, Reader as _, Target};
use crate::fault::FaultKind;
use crate::fault::Faults;
use crate::schema::Module;
use crate::schema::Node;
use crate::types::{AnyData, AnyMember, AnyValue};

impl JsonReader<'_> {
    /// The value at the cursor, which is data without a schema. `None` if it has a fault, which has
    /// been recorded. The content of the node `own` may have its annotations.
    pub(super) fn any_value(
        &mut self,
        own: Option<&Node<'_>>,
        cx: &mut Context,
    ) -> Result<Option<AnyValue>, Abort> {
        cx.take_memory(size_of::<AnyMember>(), self.offset())?;
        Ok(Some(match self.peek() {
            Some(b'{') => return self.any_object(own, cx),
            Some(b'[') => return self.any_array(cx),
            Some(b'"') => {
                let start = self.offset();
                let text = self.string(cx)?;
                let text = crate::decode::yang_text(text, start, cx)?;
                return Ok(text.map(|text| AnyValue::String(text.into())));
            }
            Some(b'-' | b'0'..=b'9') => AnyValue::Number(self.number(cx)?.into()),
            Some(b't') => self.word("true", cx).map(|()| AnyValue::Boolean(true))?,
            Some(b'f') => self.word("false", cx).map(|()| AnyValue::Boolean(false))?,
            _ => self.word("null", cx).map(|()| AnyValue::Null)?,
        }))
    }

    fn any_object(
        &mut self,
        own: Option<&Node<'_>>,
        cx: &mut Context,
    ) -> Result<Option<AnyValue>, Abort> {
        let mut members: Vec<AnyMember> = Vec::new();
        let mut names: HashSet<CompactString, foldhash::quality::RandomState> = HashSet::default();
        let mut good = true;
        self.descend(cx)?;
        while self.advance(b'}', "a comma or the end of the object", cx)? {
            let start = self.offset();
            let name: CompactString = self.name(cx)?.into();
            if name.is_empty() {
                let expected = "a member's name with a character";
                cx.fault(FaultKind::UnknownElement, start, Some("\"\""), expected)?;
                good = false;
            }
            if !names.insert(name.clone()) {
                cx.fault_at(
                    &name,
                    FaultKind::Duplicate,
                    start,
                    None,
                    "each member only once",
                )?;
                good = false;
            }
            if let Some(node) = own.filter(|_| name == "@") {
                self.annotation_object(node, Target::Entered, cx)?;
                continue;
            }
            let before = cx.faults();
            let value = self.any_value(None, cx);
            cx.leave_member(before, &name);
            match value? {
                Some(value) => {
                    let module = self.module_of(&name);
                    members.push(AnyMember::new(name, module, value));
                }
                None => good = false,
            }
        }
        Ok(good.then_some(AnyValue::Object(members)))
    }

    fn any_array(&mut self, cx: &mut Context) -> Result<Option<AnyValue>, Abort> {
        let mut values = Vec::new();
        let mut good = true;
        self.descend(cx)?;
        while self.advance(b']', "a comma or the end of the array", cx)? {
            match self.any_value(None, cx)? {
                Some(value) => values.push(value),
                None => good = false,
            }
        }
        Ok(good.then_some(AnyValue::Array(values)))
    }

    /// Reads the text as one value.
    pub(crate) fn whole_value(&mut self, cx: &mut Context) -> Result<Option<AnyData>, Abort> {
        self.skip_space();
        let value = self.any_value(None, cx)?;
        self.finish(cx)?;
        Ok(value.map(AnyData::new))
    }
}

impl AnyData {
    /// Reads the content from `text`, a JSON value; `modules` are those whose names it may use.
    ///
    /// # Errors
    /// The faults of the text.
    pub fn from_json(text: &str, modules: &[&'static Module]) -> Result<Self, Faults> {
        whole(text, |cx| JsonReader::new(text, modules).whole_value(cx))
    }

    /// The content as JSON text.
    #[must_use]
    pub fn to_json(&self) -> String {
        let mut out = String::new();
        write_any(&mut out, self);
        out
    }
}

/// Writes the content of anydata or anyxml.
pub(crate) fn write_any(out: &mut String, data: &AnyData) {
    if let Some(value) = data.raw() {
        write_value(out, value);
    }
    if let Some(node) = data.node() {
        out.push_str(&super::to_string(node));
    }
}

/// A value as JSON text.
pub(crate) fn any_to_string(value: &AnyValue) -> String {
    let mut out = String::new();
    write_value(&mut out, value);
    out
}

fn write_value(out: &mut String, value: &AnyValue) {
    match value {
        AnyValue::Object(members) => {
            out.push('{');
            for (at, member) in members.iter().enumerate() {
                if at > 0 {
                    out.push(',');
                }
                write_string(out, member.name());
                out.push(':');
                write_value(out, member.value());
            }
            out.push('}');
        }
        AnyValue::Array(values) => {
            out.push('[');
            for (at, value) in values.iter().enumerate() {
                if at > 0 {
                    out.push(',');
                }
                write_value(out, value);
            }
            out.push(']');
        }
        AnyValue::String(text) => write_string(out, text),
        AnyValue::Prefixed(value) => write_string(out, value.text()),
        #[cfg(feature = "xml")]
        AnyValue::Mixed(content) => write_string(out, &content.to_xml()),
        AnyValue::Number(number) => out.push_str(number),
        AnyValue::Boolean(value) => {
            // Writing to a string cannot fail.
            let _ = write!(out, "{value}");
        }
        AnyValue::Null => out.push_str("null"),
    }
}
