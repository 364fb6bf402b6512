//! Turns messages into points: one for each list entry, and one for the leafs outside lists.

use std::borrow::Cow;

use notif_runtime::schema::Type;
use notif_runtime::tree::{Child, Entries, Leaves, Node, Value};

use super::layout::{Layout, Place, Table};
use super::line::{Field, Lines};
use super::names::PUBLISHER;
use super::{text, time};
use crate::sink::Item;
use crate::values::json_value;

/// The bytes of points for each byte of a message, at most. A key is repeated in the points of all
/// lists below its own, so the points of a message can take the square of its size.
const FOLD: usize = 64;

/// The bytes of points that any message may have, whatever its size.
const LEAST: usize = 64 << 20;

/// Appends the points of `item`.
///
/// # Errors
/// If some or all of it cannot be written as points; its other points are appended.
pub(super) fn append(
    layout: &Layout,
    item: &Item,
    unsigned: bool,
    lines: &mut Lines,
) -> Result<(), String> {
    let notification = item.notification.as_ref().map_err(|faults| {
        let fault = faults.first_line();
        format!("it does not fit this server's modules: {fault}")
    })?;
    let Some(table) = layout.message(notification.name())? else {
        return Ok(());
    };
    let most = item.record.entry.body.len().saturating_mul(FOLD).max(LEAST);
    let mut writer = Writer {
        most: lines.size().saturating_add(most),
        publisher: text::encode(&item.record.entry.publisher),
        time: time::of(item)?,
        unsigned,
        lines,
        problem: None,
    };
    writer.node(table, notification.root(), 1, &[]);
    writer.problem.map_or(Ok(()), Err)
}

/// The parts that the points of one message share.
struct Writer<'a> {
    publisher: Cow<'a, str>,
    time: i64,
    /// The server takes unsigned integers.
    unsigned: bool,
    lines: &'a mut Lines,
    /// The largest size of the lines, in bytes.
    most: usize,
    /// The reason for leaving out a point, if there is one.
    problem: Option<String>,
}

/// The value of a tag; none if the leaf is missing.
type Tag = Option<String>;

/// An entry or a message while it is read.
struct Row<'t, 'a> {
    table: &'t Table,
    tags: Vec<Tag>,
    fields: Vec<(&'t str, Field<'a>)>,
    lists: Vec<(&'t Table, &'a dyn Entries)>,
    problem: Option<String>,
}

impl Writer<'_> {
    /// The points of an entry or a message, and of the lists in it.
    fn node(&mut self, table: &Table, node: &dyn Node, position: usize, inherited: &[Tag]) {
        if self.lines.size() > self.most {
            let problem = "its points are many times its size: its keys are very long";
            self.problem.get_or_insert_with(|| problem.to_owned());
            return;
        }
        let mut tags = inherited.to_vec();
        tags.resize(table.tags.len(), None);
        if let Some(tag) = tags
            .get_mut(inherited.len())
            .filter(|_| table.has_position())
        {
            *tag = Some(position.to_string());
        }
        let mut row = Row {
            table,
            tags,
            fields: Vec::with_capacity(table.fields.len()),
            lists: Vec::new(),
            problem: None,
        };
        row.read(&table.places, node, self.unsigned);
        if row.fields.is_empty() || table.trail.len() == 1 {
            row.fields.push((&table.marker, Field::Boolean(true)));
        }
        self.write(&row);
        for (table, entries) in row.lists {
            for (position, entry) in (1..).zip(entries.iter()) {
                self.node(table, entry, position, &row.tags);
            }
        }
    }

    fn write(&mut self, row: &Row<'_, '_>) {
        if let Some(problem) = &row.problem {
            self.problem.get_or_insert_with(|| problem.clone());
            return;
        }
        let names = row.table.tags.iter().map(|tag| tag.name.as_str());
        let values = row.tags.iter().map(Option::as_deref);
        // InfluxDB has no empty tags: an empty value is the same as none.
        let tags = names
            .zip(values)
            .filter_map(|(name, value)| Some((name, value.filter(|value| !value.is_empty())?)));
        let publisher = Some((PUBLISHER, self.publisher.as_ref()));
        let publisher = publisher.filter(|(_, value)| !value.is_empty());
        let tags = publisher.into_iter().chain(tags);
        self.lines
            .push(&row.table.measurement, tags, &row.fields, self.time);
    }
}

impl<'t, 'a> Row<'t, 'a> {
    fn read(&mut self, places: &'t [Place], node: &'a dyn Node, unsigned: bool) {
        for (at, place) in places.iter().enumerate() {
            match (place, node.child(at)) {
                (Place::Tag(at), Child::Leaf(value)) => {
                    if let Some(tag) = self.tags.get_mut(*at) {
                        *tag = Some(text::encode(&value.to_text()).into_owned());
                    }
                }
                (Place::Field(at), Child::Leaf(value)) => match self.value(*at, value, unsigned) {
                    Ok(value) => self.field(*at, value),
                    Err(problem) => {
                        let name = self.table.fields.get(*at).map(|field| field.name.as_str());
                        let name = name.unwrap_or_default();
                        self.problem
                            .get_or_insert_with(|| format!("{name}: {problem}"));
                    }
                },
                (Place::Field(at), Child::Leaves(leaves)) if !leaves.is_empty() => {
                    self.field(*at, Field::Text(array(leaves).into()));
                }
                (Place::Field(at), Child::Any(data)) => {
                    self.field(*at, Field::Text(data.to_json().into()));
                }
                (Place::Container { presence, places }, Child::Node(node)) => {
                    if let Some(at) = presence {
                        self.field(*at, Field::Boolean(true));
                    }
                    self.read(places, node, unsigned);
                }
                (Place::List(at), Child::Entries(entries)) => {
                    let list = self.table.lists.get(*at);
                    self.lists.extend(list.map(|table| (table, entries)));
                }
                _ => {}
            }
        }
    }

    /// A leaf's value as a field. A union becomes text, whatever its member: a field has one type
    /// in all points.
    fn value(&self, at: usize, value: Value<'a>, unsigned: bool) -> Result<Field<'a>, String> {
        let leaf = self
            .table
            .fields
            .get(at)
            .and_then(|field| field.trail.last()?.leaf());
        match leaf.map(|leaf| leaf.ty.value_type()) {
            Some(Type::Union(_)) => Ok(Field::Text(value.to_text().into_string().into())),
            _ => field(value, unsigned),
        }
    }

    fn field(&mut self, at: usize, value: Field<'a>) {
        let column = self.table.fields.get(at);
        self.fields
            .extend(column.map(|column| (column.name.as_str(), value)));
    }
}

/// A leaf's value as a field.
fn field(value: Value<'_>, unsigned: bool) -> Result<Field<'_>, String> {
    Ok(match value {
        Value::Int8(number) => Field::Integer(number.into()),
        Value::Int16(number) => Field::Integer(number.into()),
        Value::Int32(number) => Field::Integer(number.into()),
        Value::Int64(number) => Field::Integer(number),
        Value::Uint8(number) => count(number.into(), unsigned)?,
        Value::Uint16(number) => count(number.into(), unsigned)?,
        Value::Uint32(number) => count(number.into(), unsigned)?,
        Value::Uint64(number) => count(number, unsigned)?,
        Value::Decimal64(number) => Field::Float(number.to_f64()),
        Value::Boolean(truth) => Field::Boolean(truth),
        // The field says only that the leaf is present.
        Value::Empty => Field::Boolean(true),
        Value::String(text) => Field::Text(text.into()),
        Value::Enumeration(value) => Field::Text(value.name.into()),
        other => Field::Text(other.to_text().into_string().into()),
    })
}

/// An unsigned number, or a signed one if the server has no unsigned ones.
fn count(number: u64, unsigned: bool) -> Result<Field<'static>, String> {
    if unsigned {
        return Ok(Field::Unsigned(number));
    }
    let signed = i64::try_from(number).map_err(|_| {
        format!(
            "version 1 of InfluxDB holds integers up to {}, not {number}",
            i64::MAX
        )
    })?;
    Ok(Field::Integer(signed))
}

/// The values of a leaf-list in RFC 7951 JSON.
fn array(leaves: &dyn Leaves) -> String {
    let values: serde_json::Value = leaves.iter().map(json_value).collect();
    values.to_string()
}

#[cfg(test)]
mod tests {
    use notif_runtime::types::{Decimal64, Empty};

    use super::*;

    #[test]
    fn values_are_fields_of_their_kind() {
        let price: Decimal64<2> = "1.25".parse().unwrap();
        assert_eq!(
            field(Value::Binary(b"a"), true),
            Ok(Field::Text("YQ==".into()))
        );
        assert_eq!(field(Value::Empty, true), Ok(Field::Boolean(true)));
        let price = Child::leaf(&price);
        assert!(
            matches!(price, Child::Leaf(value) if field(value, true) == Ok(Field::Float(1.25)))
        );
        assert_eq!(array(&vec![Empty, Empty]), "[[null],[null]]");
    }
}
