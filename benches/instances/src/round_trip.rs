//! Data that is valid is the same in every encoding.

use notif_runtime::cbor::Mapping;
use notif_runtime::schema::{self, Type};
use notif_runtime::tree::{Child, Node, Value};
use notif_runtime::{Encoding, cbor, json, xml};

use crate::Document;
use crate::verdict::{Decoded, Subject};

/// The data in an encoding.
#[must_use]
pub fn encode(encoding: Encoding, data: &Decoded) -> Vec<u8> {
    match encoding {
        Encoding::Xml => xml::to_string(data.root()).into_bytes(),
        Encoding::Cbor => cbor::to_vec(data.root(), Mapping::Yang),
        Encoding::JsonCbor => cbor::to_vec(data.root(), Mapping::Json),
        _ => json::to_string(data.root()).into_bytes(),
    }
}

/// Decodes a valid document from each encoding of text, and again what is encoded of it in every
/// encoding: the data must stay the same.
///
/// # Errors
/// The faults that are found, or the texts that differ.
pub fn check(subject: &Subject<'_>, document: &Document) -> Result<(), String> {
    let decode = |encoding: Encoding, input: &[u8]| {
        let decoded = subject.decode(encoding, input);
        let shown = String::from_utf8_lossy(input);
        decoded.map_err(|faults| format!("{encoding}: {faults}\n{shown}"))
    };
    let mut first: Option<Decoded> = None;
    for from in [Encoding::Json, Encoding::Xml] {
        let text = document.print(from, subject.registry.modules());
        let data = decode(from, text.as_bytes())?;
        for &through in Encoding::ALL {
            let again = decode(through, &encode(through, &data))?;
            if let Some(first) = &first
                && !is_same(first.root(), again.root())
            {
                let (one, other) = (json::to_string(first.root()), json::to_string(again.root()));
                return Err(format!("from {from} through {through}:\n{one}\n{other}"));
            }
            first.get_or_insert(again);
        }
    }
    Ok(())
}

/// Returns true if both are the same data. Values of unions may differ: XML does not tell the
/// number 1 from the string, so another member can have it there (RFC 7951 section 6.10).
fn is_same(one: &dyn Node, other: &dyn Node) -> bool {
    let operations = match (one.operation(), other.operation()) {
        (Some(one), Some(other)) => is_same(one, other),
        (one, other) => one.is_none() && other.is_none(),
    };
    let mut children = one.schema().children().iter().enumerate();
    operations
        && children.all(|(at, schema)| match (one.child(at), other.child(at)) {
            (Child::Leaf(one), Child::Leaf(other)) => is_same_value(schema, one, other),
            (Child::Leaves(one), Child::Leaves(other)) => {
                let mut pairs = one.iter().zip(other.iter());
                one.len() == other.len()
                    && pairs.all(|(one, other)| is_same_value(schema, one, other))
            }
            (Child::Node(one), Child::Node(other)) => is_same(one, other),
            (Child::Entries(one), Child::Entries(other)) => {
                let mut pairs = one.iter().zip(other.iter());
                one.len() == other.len() && pairs.all(|(one, other)| is_same(one, other))
            }
            (Child::Any(one), Child::Any(other)) => one == other,
            (one, other) => one.is_none() && other.is_none(),
        })
}

fn is_same_value(schema: &schema::Node<'_>, one: Value<'_>, other: Value<'_>) -> bool {
    let ty = schema.leaf().map(|leaf| leaf.ty.value_type());
    one == other || matches!(ty, Some(Type::Union(_)))
}
