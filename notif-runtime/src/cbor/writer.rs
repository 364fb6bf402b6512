//! The CBOR encoder: the canonical form of the data, in schema order and of definite lengths.

use std::convert::Infallible;

use minicbor::Encoder;
use minicbor::encode::Error;

use super::{Mapping, bits, typed};
use crate::schema::{self, IdentityValue, Type};
use crate::tree::{Child, Node, Value};
use crate::types::Decimal;

/// Writing to a vector cannot fail.
pub(super) type Written = Result<(), Error<Infallible>>;

/// The message with `root` as its top-level node, or the document if `root` is whole data. Nodes and
/// identities go by their names: with [`Mapping::Yang`] it is `application/yang-data+cbor; id=name`.
///
/// ```
/// use notif_runtime::cbor::{self, Mapping};
/// use notif_runtime::restconf::Errors;
///
/// let body = cbor::to_vec(&Errors::default(), Mapping::Yang);
/// assert_eq!(cbor::from_slice(&body, Mapping::Yang, &notif_runtime::Options::default()), Ok(Errors::default()));
/// ```
#[must_use]
pub fn to_vec(root: &dyn Node, mapping: Mapping) -> Vec<u8> {
    write(root, mapping, false)
}

/// As [`to_vec`] with [`Mapping::Yang`], with the SIDs of nodes and identities (RFC 9595):
/// `application/yang-data+cbor; id=sid`. A node or identity without a SID goes by its name, and so
/// does what an instance-identifier names.
#[must_use]
pub fn to_vec_with_sids(root: &dyn Node) -> Vec<u8> {
    write(root, Mapping::Yang, true)
}

fn write(root: &dyn Node, mapping: Mapping, with_sids: bool) -> Vec<u8> {
    let mut out = Vec::new();
    let mut writer = Writer {
        out: Encoder::new(&mut out),
        mapping,
        with_sids,
    };
    let (Ok(()) | Err(_)) = writer.document(root, 0);
    out
}

pub(super) struct Writer<'o> {
    pub(super) out: Encoder<&'o mut Vec<u8>>,
    mapping: Mapping,
    /// True if SIDs are used in place of names where there are any.
    with_sids: bool,
}

impl Writer<'_> {
    /// Writes a message or whole data, in a map with this reference SID.
    fn document(&mut self, root: &dyn Node, reference: u64) -> Written {
        if root.schema().is_data() {
            return self.node(root, reference);
        }
        self.out.map(1)?;
        let reference = self.key(root.schema(), reference)?;
        self.node(root, reference)
    }

    /// Writes the key of a member in a map with this reference SID, and gives that of the maps in
    /// the member (RFC 9254 section 3.2).
    fn key(&mut self, schema: &schema::Node<'_>, reference: u64) -> Result<u64, Error<Infallible>> {
        // A SID has 63 bits (RFC 9595 section 3).
        let signed = |sid: u64| i64::try_from(sid).ok();
        let sid = schema.sid.filter(|_| self.with_sids);
        let delta = sid.and_then(signed).zip(signed(reference));
        if let (Some(sid), Some((own, reference))) = (sid, delta) {
            self.out.i64(own - reference)?;
            return Ok(sid);
        }
        self.out.str(schema.qualified_name())?;
        Ok(0)
    }

    fn node(&mut self, node: &dyn Node, reference: u64) -> Written {
        let operation = node.operation();
        let members = node.children().count() + usize::from(operation.is_some());
        self.out.map(members as u64)?;
        for (schema, child) in node.children() {
            let reference = self.key(schema, reference)?;
            self.child(schema, child, reference)?;
        }
        if let Some(operation) = operation {
            let reference = self.key(operation.schema(), reference)?;
            self.node(operation, reference)?;
        }
        Ok(())
    }

    fn child(&mut self, schema: &schema::Node<'_>, child: Child<'_>, reference: u64) -> Written {
        match child {
            Child::None => drop(self.out.null()?),
            Child::Leaf(value) => self.value(schema, value)?,
            Child::Any(data) => match (data.raw(), data.node()) {
                (Some(value), _) => self.any(value)?,
                (None, Some(node)) => self.document(node, reference)?,
                (None, None) => drop(self.out.null()?),
            },
            Child::Node(node) => self.node(node, reference)?,
            Child::Leaves(leaves) => {
                self.out.array(leaves.len() as u64)?;
                leaves
                    .iter()
                    .try_for_each(|value| self.value(schema, value))?;
            }
            Child::Entries(entries) => {
                self.out.array(entries.len() as u64)?;
                entries
                    .iter()
                    .try_for_each(|entry| self.node(entry, reference))?;
            }
        }
        Ok(())
    }

    fn value(&mut self, schema: &schema::Node<'_>, value: Value<'_>) -> Written {
        if self.mapping == Mapping::Json {
            return self.json(value);
        }
        let ty = schema.leaf().map(|leaf| leaf.ty.value_type());
        let in_union = matches!(ty, Some(Type::Union(_)));
        let out = &mut self.out;
        match value {
            Value::Int64(value) => out.i64(value)?,
            Value::Uint64(value) => out.u64(value)?,
            Value::Empty => out.null()?,
            Value::Binary(octets) => out.bytes(octets)?,
            Value::Enumeration(value) if in_union => {
                out.tag(tag(typed::ENUMERATION))?.str(value.name)?
            }
            Value::Enumeration(value) => out.i32(value.value)?,
            Value::Bits(value) if in_union => out.tag(tag(typed::BITS))?.str(&value.to_string())?,
            Value::Bits(value) => return bits::write(out, value),
            Value::Decimal64(value) => return self.decimal(value),
            Value::Identityref(value) => return self.identity(value, in_union),
            Value::InstanceIdentifier(value) if in_union => {
                let path = value.to_string();
                out.tag(tag(typed::INSTANCE_IDENTIFIER))?.str(&path)?
            }
            other => return self.plain(other),
        };
        Ok(())
    }

    /// A value that both mappings write alike.
    fn plain(&mut self, value: Value<'_>) -> Written {
        let out = &mut self.out;
        match value {
            Value::Int8(value) => out.i8(value)?,
            Value::Int16(value) => out.i16(value)?,
            Value::Int32(value) => out.i32(value)?,
            Value::Uint8(value) => out.u8(value)?,
            Value::Uint16(value) => out.u16(value)?,
            Value::Uint32(value) => out.u32(value)?,
            Value::Boolean(value) => out.bool(value)?,
            Value::String(value) => out.str(value)?,
            other => out.str(&other.to_text())?,
        };
        Ok(())
    }

    /// A value as RFC 7951 has it.
    fn json(&mut self, value: Value<'_>) -> Written {
        match value {
            Value::Empty => drop(self.out.array(1)?.null()?),
            value => self.plain(value)?,
        }
        Ok(())
    }

    fn decimal(&mut self, value: Decimal) -> Written {
        self.out.tag(tag(typed::DECIMAL))?.array(2)?;
        let exponent = -i64::from(value.fraction_digits);
        self.out.i64(exponent)?.i64(value.unscaled)?;
        Ok(())
    }

    fn identity(&mut self, value: &IdentityValue<'_>, in_union: bool) -> Written {
        if in_union {
            self.out.tag(tag(typed::IDENTITYREF))?;
        }
        match value.sid.filter(|_| self.with_sids) {
            Some(sid) => self.out.u64(sid)?,
            None => self.out.str(&value.to_string())?,
        };
        Ok(())
    }
}

const fn tag(number: u64) -> minicbor::data::Tag {
    minicbor::data::Tag::new(number)
}
