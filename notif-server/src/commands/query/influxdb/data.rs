//! Puts messages together again from their points.

use std::cmp::Ordering;

use notif_runtime::schema::{Integer, Kind, Node, Type};
use notif_runtime::tree::{self, Child, Value, View};
use notif_runtime::types::Decimal;
use serde_json::Value as Json;

use super::ask::Row;
use crate::sink::influxdb::layout::{Column, Table};
use crate::sink::influxdb::text;

/// The largest position in a list without keys that is filled up to.
const MAX_POSITION: usize = 1 << 20;

/// A container, an entry or a message, as far as its points have been read.
#[derive(Debug)]
pub(super) struct Data {
    schema: &'static Node<'static>,
    children: Vec<Slot>,
    /// The key values of an entry, if its list has keys.
    keys: Vec<String>,
}

#[derive(Debug)]
enum Slot {
    Empty,
    Leaf(Leaf),
    Leaves(Vec<Leaf>),
    Container(Box<Data>),
    /// Sorted by key.
    Entries(Vec<Data>),
}

/// A leaf's value.
#[derive(Debug)]
enum Leaf {
    Fixed(Value<'static>),
    Text(String),
}

impl Data {
    pub(super) fn new(schema: &'static Node<'static>) -> Self {
        Self {
            schema,
            children: schema.children().iter().map(|_| Slot::Empty).collect(),
            keys: Vec::new(),
        }
    }

    /// Adds a point, of this message.
    pub(super) fn add(&mut self, table: &Table, row: &Row) {
        let Some(node) = self.reach(table, row) else {
            return;
        };
        for field in &table.fields {
            if let Some(value) = row.get(&field.name) {
                node.set(below(field, table), value);
            }
        }
        for tag in &table.tags {
            if let Some(value) = row.get(&tag.name) {
                node.set(below(tag, table), &tag_text(value).into());
            }
        }
    }

    /// The entry or message that a point belongs to, created along with its ancestors if missing.
    fn reach(&mut self, table: &Table, row: &Row) -> Option<&mut Self> {
        let mut at = self;
        for depth in 1..table.trail.len() {
            let schema = *table.trail.get(depth)?;
            at = match schema.kind {
                Kind::List { .. } => at.entry(schema, table, row, depth)?,
                _ => at.container(schema)?,
            };
        }
        Some(at)
    }

    fn slot(&mut self, schema: &'static Node<'static>) -> Option<&mut Slot> {
        let children = self.schema.children();
        let at = children
            .iter()
            .position(|child| std::ptr::eq(child, schema))?;
        self.children.get_mut(at)
    }

    fn container(&mut self, schema: &'static Node<'static>) -> Option<&mut Self> {
        let slot = self.slot(schema)?;
        if !matches!(slot, Slot::Container(_)) {
            *slot = Slot::Container(Box::new(Self::new(schema)));
        }
        match slot {
            Slot::Container(data) => Some(data),
            _ => None,
        }
    }

    fn entry(
        &mut self,
        schema: &'static Node<'static>,
        table: &Table,
        row: &Row,
        depth: usize,
    ) -> Option<&mut Self> {
        let slot = self.slot(schema)?;
        if !matches!(slot, Slot::Entries(_)) {
            *slot = Slot::Entries(Vec::new());
        }
        let Slot::Entries(entries) = slot else {
            return None;
        };
        // The tags of this list: its keys, or the position of the entry.
        let own = |column: &&Column| {
            let list = column.trail.get(depth);
            list.is_some_and(|list| std::ptr::eq(*list, schema)) && is_key(column, depth)
        };
        let mut tags = table.tags.iter().filter(own);
        if schema.keys().is_empty() {
            let position = tags
                .next()
                .and_then(|tag| row.get(&tag.name)?.as_str()?.parse().ok());
            let position: usize = position.filter(|&at| at > 0 && at <= MAX_POSITION)?;
            while entries.len() < position {
                entries.push(Self::new(schema));
            }
            return entries.get_mut(position - 1);
        }
        let columns: Vec<_> = tags.collect();
        // InfluxDB has no tag for an empty key.
        let key = |tag: &&Column| row.get(&tag.name).map(tag_text).unwrap_or_default();
        let keys: Vec<_> = columns.iter().map(key).collect();
        let at = entries.binary_search_by(|entry| in_order(&entry.keys, &keys));
        let at = at.unwrap_or_else(|at| {
            let mut entry = Self::new(schema);
            for (tag, value) in columns.iter().zip(&keys) {
                let below = tag.trail.get(depth + 1..).unwrap_or_default();
                entry.set(below, &value.as_str().into());
            }
            entry.keys = keys;
            entries.insert(at, entry);
            at
        });
        entries.get_mut(at)
    }

    /// Sets the leaf at the end of `below`.
    fn set(&mut self, below: &[&'static Node<'static>], value: &Json) {
        let Some((schema, deeper)) = below.split_first() else {
            return;
        };
        if !deeper.is_empty() {
            if let Some(container) = self.container(schema) {
                container.set(deeper, value);
            }
            return;
        }
        let new = match &schema.kind {
            // The field says only that the container is present.
            Kind::Container { .. } => {
                self.container(schema);
                return;
            }
            Kind::Leaf(leaf) => Leaf::of(leaf.ty, value).map(Slot::Leaf),
            Kind::LeafList(leaf) => leaves(leaf.ty, value).map(Slot::Leaves),
            _ => None,
        };
        if let (Some(slot), Some(new)) = (self.slot(schema), new) {
            *slot = new;
        }
    }
}

/// The text that a tag's value encodes.
fn tag_text(value: &Json) -> String {
    text::decode(value.as_str().unwrap_or_default()).into_owned()
}

/// The nodes from below the table's node down to the column's; empty if the column is elsewhere.
fn below<'t>(column: &'t Column, table: &Table) -> &'t [&'static Node<'static>] {
    let Some((above, below)) = column.trail.split_at_checked(table.trail.len()) else {
        return &[];
    };
    let same = above
        .iter()
        .zip(&table.trail)
        .all(|(a, b)| std::ptr::eq(*a, *b));
    if same { below } else { &[] }
}

/// True if the column is a key of the list at `depth`, or the position of its entry.
fn is_key(column: &Column, depth: usize) -> bool {
    let list = column.trail.get(depth);
    let leaf = column.trail.get(depth + 1);
    match (list, leaf) {
        (Some(_), None) => true,
        (Some(list), Some(leaf)) if column.trail.len() == depth + 2 => list
            .keys()
            .iter()
            .filter_map(|&at| list.children().get(at))
            .any(|key| std::ptr::eq(key, *leaf)),
        _ => false,
    }
}

/// Orders entries by their keys, and numbers by value.
fn in_order(a: &[String], b: &[String]) -> Ordering {
    let number = |text: &String| text.parse::<i128>().ok();
    let numbers = |keys: &[String]| keys.iter().map(number).collect::<Vec<_>>();
    numbers(a).cmp(&numbers(b)).then_with(|| a.cmp(b))
}

/// The values of a leaf-list, from the JSON in its field.
fn leaves(ty: &'static Type<'static>, value: &Json) -> Option<Vec<Leaf>> {
    let values: Vec<Json> = serde_json::from_str(value.as_str()?).ok()?;
    Some(
        values
            .iter()
            .filter_map(|value| Leaf::of(ty, value))
            .collect(),
    )
}

impl Leaf {
    /// A value of this type from a field, a tag or a member of an array; none if it does not fit
    /// the type.
    fn of(ty: &'static Type<'static>, value: &Json) -> Option<Self> {
        let text = match value {
            Json::String(text) => text.clone(),
            Json::Number(_) | Json::Bool(_) => value.to_string(),
            // A leaf-list of the type empty.
            Json::Array(_) => String::new(),
            _ => return None,
        };
        Some(Self::Fixed(match ty.value_type() {
            Type::Integer { kind, .. } => match kind {
                Integer::Int8 => Value::Int8(text.parse().ok()?),
                Integer::Int16 => Value::Int16(text.parse().ok()?),
                Integer::Int32 => Value::Int32(text.parse().ok()?),
                Integer::Int64 => Value::Int64(text.parse().ok()?),
                Integer::Uint8 => Value::Uint8(text.parse().ok()?),
                Integer::Uint16 => Value::Uint16(text.parse().ok()?),
                Integer::Uint32 => Value::Uint32(text.parse().ok()?),
                Integer::Uint64 => Value::Uint64(text.parse().ok()?),
            },
            Type::Boolean => Value::Boolean(text.parse().ok()?),
            Type::Decimal64 {
                fraction_digits, ..
            } => Value::Decimal64(Decimal::parse(&decimal(value, text), *fraction_digits).ok()?),
            Type::Empty => Value::Empty,
            Type::Enumeration(values) => {
                Value::Enumeration(values.iter().find(|value| value.name == text)?)
            }
            _ => return Some(Self::Text(text)),
        }))
    }
}

/// A float as a decimal, without the exponent that JSON uses for very large and small numbers.
fn decimal(value: &Json, text: String) -> String {
    value.as_f64().map_or(text, |number| number.to_string())
}

impl View for Leaf {
    fn view(&self) -> Value<'_> {
        match self {
            Self::Fixed(value) => *value,
            Self::Text(text) => Value::String(text),
        }
    }
}

impl tree::Node for Data {
    fn schema(&self) -> &'static Node<'static> {
        self.schema
    }

    fn child(&self, index: usize) -> Child<'_> {
        match self.children.get(index) {
            None | Some(Slot::Empty) => Child::None,
            Some(Slot::Leaf(leaf)) => Child::leaf(leaf),
            Some(Slot::Leaves(leaves)) => Child::Leaves(leaves),
            Some(Slot::Container(data)) => Child::Node(&**data),
            Some(Slot::Entries(entries)) => Child::Entries(entries),
        }
    }
}

#[cfg(test)]
mod tests {
    use serde_json::json;

    use super::*;

    #[test]
    fn values_of_every_kind_come_back() {
        static PRICE: Type<'_> = Type::decimal64(9, &[]);
        let read = |ty, value: Json| Leaf::of(ty, &value).map(|leaf| leaf.view().to_string());
        for (value, text) in [
            (json!(0.000_000_001), "0.000000001"),
            (json!(-8), "-8.0"),
            (json!("1.5"), "1.5"),
        ] {
            assert_eq!(read(&PRICE, value).as_deref(), Some(text));
        }
        assert_eq!(read(&PRICE, json!("x")), None);
        assert_eq!(read(&Type::EMPTY, json!(true)).as_deref(), Some(""));
        let flags = leaves(&Type::EMPTY, &json!("[[null],[null]]")).map(|flags| flags.len());
        assert_eq!(flags, Some(2));
        assert_eq!(read(&Type::BINARY, json!("YQ==")).as_deref(), Some("YQ=="));
    }
}
