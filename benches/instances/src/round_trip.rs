//! Data that is valid is the same in every encoding.

use notif_runtime::notification::Notification;
use notif_runtime::schema::{self, Type};
use notif_runtime::tree::{Child, Node, Value};
use notif_runtime::{Encoding, json, xml};

use crate::Document;
use crate::verdict::Subject;

/// The data in an encoding.
#[must_use]
pub fn encode(encoding: Encoding, data: &Notification) -> String {
    match encoding {
        Encoding::Xml => xml::to_string(data.root()),
        _ => json::to_string(data.root()),
    }
}

/// Decodes a valid document from each encoding of text, and again what is encoded of it in every
/// encoding: the data must stay the same.
///
/// # Errors
/// The faults that are found, or the texts that differ.
pub fn check(subject: &Subject<'_>, document: &Document) -> Result<(), String> {
    let decode = |encoding: Encoding, text: &str| {
        let decoded = subject.decode(encoding, text);
        decoded.map_err(|faults| format!("{encoding}: {faults}\n{text}"))
    };
    let mut first: Option<Notification> = None;
    for &from in Encoding::ALL {
        let data = decode(from, &document.print(from, subject.registry.modules()))?;
        for &through in Encoding::ALL {
            let again = decode(through, &encode(through, &data))?;
            if let Some(first) = &first
                && !is_same(first.root(), again.root())
            {
                let (one, other) = (encode(through, first), encode(through, &again));
                return Err(format!("from {from} through {through}:\n{one}\n{other}"));
            }
            first.get_or_insert(again);
        }
    }
    Ok(())
}

/// Whether both are the same data. Values of unions may differ: XML does not tell the number 1 from
/// the string, so another member can have it there (RFC 7951 section 6.10).
fn is_same(one: &dyn Node, other: &dyn Node) -> bool {
    let children = one.schema().children().iter().enumerate();
    children
        .into_iter()
        .all(|(at, schema)| match (one.child(at), other.child(at)) {
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
            (one, other) => one.is_none() && other.is_none(),
        })
}

fn is_same_value(schema: &'static schema::Node, one: Value<'_>, other: Value<'_>) -> bool {
    let ty = schema.leaf().map(|leaf| leaf.ty.value_type());
    one == other || matches!(ty, Some(Type::Union(_)))
}
