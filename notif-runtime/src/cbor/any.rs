//! The content of anydata and anyxml in CBOR (RFC 9254 sections 4.5 and 4.6).
//!
//! No schema tells the types of the values. So they are kept in the kinds of JSON: an integer is a
//! number, a decimal fraction and a byte string are what RFC 7951 has for decimal64 and binary; and
//! they are written in those kinds again.

use std::collections::HashSet;

use compact_str::CompactString;
use foldhash::quality::RandomState;

use super::item::Item;
use super::reader::{ARRAY, CborReader, Key, MAP};
use super::typed;
use super::writer::{Writer, Written};
use crate::decode::{Abort, Context, yang_text};
use crate::fault::FaultKind;
use crate::schema::Module;
use crate::types::{AnyMember, AnyValue};

impl CborReader<'_> {
    /// The value at the cursor, which is data without a schema. `None` if it has a fault, which has
    /// been recorded.
    pub(super) fn any_value(&mut self, cx: &mut Context) -> Result<Option<AnyValue>, Abort> {
        cx.take_memory(size_of::<AnyMember>(), self.at())?;
        match self.initial().map(|initial| initial >> 5) {
            Some(MAP) => self.any_object(cx),
            Some(ARRAY) => self.any_array(cx),
            _ => self.any_scalar(cx),
        }
    }

    fn any_object(&mut self, cx: &mut Context) -> Result<Option<AnyValue>, Abort> {
        let mut members = Vec::new();
        let mut names: HashSet<CompactString, RandomState> = HashSet::default();
        let mut good = self.enter_map(cx)?;
        while self.advance(cx)? {
            let start = self.at();
            let Some((name, module)) = self.any_key(cx)? else {
                good = false;
                self.step_over(cx)?;
                continue;
            };
            if !names.insert(name.clone()) {
                let expected = "each member only once";
                cx.fault_at(&name, FaultKind::Duplicate, start, None, expected)?;
                good = false;
            }
            let before = cx.faults();
            let value = self.any_value(cx);
            cx.leave_member(before, &name);
            match value? {
                Some(value) => members.push(AnyMember::new(name, module, value)),
                None => good = false,
            }
        }
        Ok(good.then_some(AnyValue::Object(members)))
    }

    /// The name of the member at the cursor, and the known module in it. `None` if it has none: that
    /// has been recorded.
    fn any_key(
        &mut self,
        cx: &mut Context,
    ) -> Result<Option<(CompactString, Option<&'static Module>)>, Abort> {
        let start = self.at();
        let Some(key) = self.key(cx)? else {
            return Ok(None);
        };
        self.enter(&key);
        let node = match &key {
            Key::Name(name) => {
                let module = name.split_once(':').map(|(module, _)| module);
                let mut modules = self.modules().iter().copied();
                let known = modules.find(|known| Some(known.name) == module);
                return Ok(Some((CompactString::from(&**name), known)));
            }
            Key::Sid(sid) => self.by_sid(*sid),
        };
        let Some(node) = node else {
            let (kind, expected) = (
                FaultKind::UnknownElement,
                "the SID of a node of the modules",
            );
            cx.fault_at(&key.shown(), kind, start, None, expected)?;
            return Ok(None);
        };
        let name = format!("{}:{}", node.module.name, node.name);
        Ok(Some((name.into(), Some(node.module))))
    }

    fn any_array(&mut self, cx: &mut Context) -> Result<Option<AnyValue>, Abort> {
        let mut values = Vec::new();
        let mut good = self.enter_array(cx)?;
        while self.advance(cx)? {
            match self.any_value(cx)? {
                Some(value) => values.push(value),
                None => good = false,
            }
        }
        Ok(good.then_some(AnyValue::Array(values)))
    }

    fn any_scalar(&mut self, cx: &mut Context) -> Result<Option<AnyValue>, Abort> {
        let start = self.at();
        let item = self.item(cx)?;
        let tags = [typed::BITS, typed::ENUMERATION];
        let tags = tags
            .into_iter()
            .chain([typed::IDENTITYREF, typed::INSTANCE_IDENTIFIER]);
        let inner = { tags }.find_map(|tag| item.tagged(tag)).unwrap_or(item);
        if let Some(text) = inner.text() {
            let text = yang_text(text, start, cx)?;
            return Ok(text.map(|text| AnyValue::String(text.into())));
        }
        let value = any_number(item);
        if value.is_none() {
            let expected = "a map, an array, or a value of a YANG type";
            cx.fault(FaultKind::WrongKind, start, Some(&item.shown()), expected)?;
        }
        Ok(value)
    }
}

/// A value that is neither text nor has values in it.
fn any_number(item: Item<'_>) -> Option<AnyValue> {
    if let Some(number) = item.integer() {
        return Some(AnyValue::Number(number.to_string().into()));
    }
    if let Some(octets) = item.octets() {
        let mut text = CompactString::default();
        // Writing to a string cannot fail.
        let _ = crate::types::binary::write(&octets, &mut text);
        return Some(AnyValue::String(text));
    }
    if let Some(decimal) = item.decimal_text() {
        return Some(AnyValue::String(decimal.into()));
    }
    if let Some(number) = item.float().filter(|number| number.is_finite()) {
        return Some(AnyValue::Number(number.to_string().into()));
    }
    let null = item.is_null().then_some(AnyValue::Null);
    null.or_else(|| item.boolean().map(AnyValue::Boolean))
}

impl Writer<'_> {
    /// Writes data that no schema describes: by names, and in the kinds of JSON.
    pub(super) fn any(&mut self, value: &AnyValue) -> Written {
        match value {
            AnyValue::Object(members) => {
                self.out.map(members.len() as u64)?;
                for member in members {
                    self.out.str(member.name())?;
                    self.any(member.value())?;
                }
            }
            AnyValue::Array(values) => {
                self.out.array(values.len() as u64)?;
                values.iter().try_for_each(|value| self.any(value))?;
            }
            AnyValue::Number(text) => self.number(text)?,
            AnyValue::Boolean(value) => drop(self.out.bool(*value)?),
            AnyValue::Null => drop(self.out.null()?),
            AnyValue::String(text) => drop(self.out.str(text)?),
            AnyValue::Prefixed(value) => drop(self.out.str(value.text())?),
            #[cfg(feature = "xml")]
            AnyValue::Mixed(content) => drop(self.out.str(&content.to_xml())?),
        }
        Ok(())
    }

    fn number(&mut self, text: &str) -> Written {
        let integer = text.parse::<i128>().ok();
        let integer = integer.and_then(|number| minicbor::data::Int::try_from(number).ok());
        match (integer, text.parse::<f64>()) {
            (Some(integer), _) => drop(self.out.int(integer)?),
            (None, Ok(number)) if number.is_finite() => drop(self.out.f64(number)?),
            // Beyond both: its digits are kept.
            _ => drop(self.out.str(text)?),
        }
        Ok(())
    }
}
