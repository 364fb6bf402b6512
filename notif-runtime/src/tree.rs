//! One read-only view of generated data: a node's schema, its children by index, its leaf values.
//!
//! Encoders, constraint checks, queries and mappings to other systems are written against this
//! view, once for every generated type.

use std::any::Any;
use std::fmt::{self, Debug, Write as _};

use compact_str::CompactString;

use crate::decode::Choice;
use crate::schema::{self, EnumValue, IdentityValue};
use crate::text::{SHOWN, excerpt, shortened};
use crate::types::{AnyData, Bits, DateAndTime, Decimal, InstanceIdentifier};
use crate::validate::{Predicate, Step};

/// A container, a list entry, an operation or whole data. Implemented by every generated struct.
pub trait Node: Any + Debug + Send + Sync {
    /// The description of this node.
    fn schema(&self) -> &'static schema::Node;

    /// The child at `index` of `self.schema().children()`.
    fn child(&self, index: usize) -> Child<'_>;

    /// The notification or action that stands in this node, beside its children: only in a
    /// document that is one.
    fn operation(&self) -> Option<&dyn Node> {
        None
    }
}

impl dyn Node {
    /// The data as the generated type `T`, if it is one.
    #[must_use]
    pub fn downcast_ref<T: Node>(&self) -> Option<&T> {
        (self as &dyn Any).downcast_ref()
    }

    /// The child with this member name (`name` for one of the same module, or `module:name` for
    /// any), or the operation with this one, with its description.
    #[must_use]
    pub fn get(&self, name: &str) -> Option<(&'static schema::Node, Child<'_>)> {
        let schema = self.schema();
        if let Some(at) = crate::decode::child_by_name(schema, name) {
            return Some((schema.children().get(at)?, self.child(at)));
        }
        let operation = self.operation()?;
        let schema = operation.schema();
        crate::decode::has_name(schema, name).then_some((schema, Child::Node(operation)))
    }

    /// The children that are there, with their descriptions, in schema order.
    pub fn children(&self) -> impl Iterator<Item = (&'static schema::Node, Child<'_>)> {
        self.schema()
            .children()
            .iter()
            .enumerate()
            .filter_map(|(at, schema)| {
                let child = self.child(at);
                (!child.is_none()).then_some((schema, child))
            })
    }

    /// The values of a list entry's keys, in the order of the `key` statement.
    pub fn keys(&self) -> impl Iterator<Item = (&'static schema::Node, Value<'_>)> {
        let schema = self.schema();
        schema.keys().iter().filter_map(move |&at| {
            match (schema.children().get(at)?, self.child(at)) {
                (key, Child::Leaf(value)) => Some((key, value)),
                _ => None,
            }
        })
    }

    /// The step of an instance path that names this node: by its keys if it is a list entry, or
    /// by `position` (from 1) if the list has none.
    #[expect(
        clippy::redundant_closure_for_method_calls,
        reason = "the method itself is for one lifetime"
    )]
    #[must_use]
    pub fn step(&self, position: usize) -> Step {
        self.step_with(position, |value| value.to_text())
    }

    /// As `step`, with keys as [`Value::shown`] has them: for faults and other places
    /// of a bounded size. It may be the step of several entries.
    #[expect(
        clippy::redundant_closure_for_method_calls,
        reason = "the method itself is for one lifetime"
    )]
    #[must_use]
    pub fn shown_step(&self, position: usize) -> Step {
        self.step_with(position, |value| value.shown())
    }

    fn step_with(&self, position: usize, text: fn(&Value<'_>) -> CompactString) -> Step {
        let schema = self.schema();
        let predicate = match &schema.kind {
            schema::Kind::List { keys: [], .. } => Predicate::Position(position),
            schema::Kind::List { .. } => Predicate::Keys(
                self.keys()
                    .map(|(key, value)| (key.qualified_name().into(), text(&value)))
                    .collect(),
            ),
            _ => Predicate::None,
        };
        Step {
            name: schema.qualified_name().into(),
            predicate,
        }
    }
}

/// What stands at a place of the schema.
#[derive(Debug, Clone, Copy)]
#[non_exhaustive]
pub enum Child<'a> {
    /// Nothing.
    None,
    /// A leaf's value.
    Leaf(Value<'a>),
    /// A leaf-list's values; none if it is empty.
    Leaves(&'a dyn Leaves),
    /// A container.
    Node(&'a dyn Node),
    /// A list's entries; none if it is empty.
    Entries(&'a dyn Entries),
    /// The content of anydata or anyxml.
    Any(&'a AnyData),
}

impl<'a> Child<'a> {
    /// The value of a leaf that is always there.
    pub fn leaf(value: &'a impl View) -> Self {
        Self::Leaf(value.view())
    }

    /// The value of a leaf that may be absent.
    pub fn optional_leaf(value: &'a Option<impl View>) -> Self {
        value.as_ref().map_or(Self::None, Self::leaf)
    }

    /// A container that may be absent.
    pub fn optional_node(node: &'a Option<impl Node>) -> Self {
        node.as_ref().map_or(Self::None, |node| Self::Node(node))
    }

    /// A node of the case that a choice has, by its index among the children of the data node
    /// around the choice.
    pub fn choice(choice: &'a Option<impl Choice>, index: usize) -> Self {
        choice.as_ref().map_or(Self::None, |case| case.child(index))
    }

    /// Anydata or anyxml that may be absent.
    #[must_use]
    pub const fn optional_any(data: &'a Option<AnyData>) -> Self {
        match data {
            Some(data) => Self::Any(data),
            None => Self::None,
        }
    }

    /// Whether it is a container without presence that has no data in it, which means as much as none
    /// at all (RFC 7950 section 7.5.1).
    pub(crate) fn is_void(&self) -> bool {
        let Self::Node(node) = self else {
            return false;
        };
        let schema = node.schema();
        let mut below = (0..schema.children().len()).map(|index| node.child(index));
        schema.is_always_there()
            && node.operation().is_none()
            && below.all(|child| child.is_none() || child.is_void())
    }

    /// Whether nothing stands there: also true for a list or leaf-list without entries.
    #[must_use]
    pub fn is_none(&self) -> bool {
        match self {
            Self::None => true,
            Self::Leaf(_) | Self::Node(_) | Self::Any(_) => false,
            Self::Leaves(leaves) => leaves.is_empty(),
            Self::Entries(entries) => entries.is_empty(),
        }
    }
}

/// The values of a leaf-list.
pub trait Leaves: Debug {
    /// How many there are.
    fn len(&self) -> usize;

    /// The value at `index`.
    fn get(&self, index: usize) -> Option<Value<'_>>;

    /// Whether there are none.
    fn is_empty(&self) -> bool {
        self.len() == 0
    }
}

/// The entries of a list.
pub trait Entries: Debug {
    /// How many there are.
    fn len(&self) -> usize;

    /// The entry at `index`.
    fn get(&self, index: usize) -> Option<&dyn Node>;

    /// Whether there are none.
    fn is_empty(&self) -> bool {
        self.len() == 0
    }
}

impl dyn Leaves + '_ {
    /// The values in their order.
    pub fn iter(&self) -> impl Iterator<Item = Value<'_>> {
        (0..self.len()).filter_map(|at| self.get(at))
    }
}

impl dyn Entries + '_ {
    /// The entries in their order.
    pub fn iter(&self) -> impl Iterator<Item = &dyn Node> {
        (0..self.len()).filter_map(|at| self.get(at))
    }
}

impl<T: View + Debug> Leaves for Vec<T> {
    fn len(&self) -> usize {
        Vec::len(self)
    }

    fn get(&self, index: usize) -> Option<Value<'_>> {
        self.as_slice().get(index).map(View::view)
    }
}

impl<T: Node> Entries for Vec<T> {
    fn len(&self) -> usize {
        Vec::len(self)
    }

    fn get(&self, index: usize) -> Option<&dyn Node> {
        self.as_slice().get(index).map(|entry| entry as &dyn Node)
    }
}

/// A leaf's type, seen as a [`Value`].
pub trait View {
    /// The value.
    fn view(&self) -> Value<'_>;
}

/// The value of a leaf.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
#[non_exhaustive]
#[expect(missing_docs, reason = "the names are YANG's own")]
pub enum Value<'a> {
    Int8(i8),
    Int16(i16),
    Int32(i32),
    Int64(i64),
    Uint8(u8),
    Uint16(u16),
    Uint32(u32),
    Uint64(u64),
    Boolean(bool),
    String(&'a str),
    Enumeration(&'static EnumValue),
    DateAndTime(&'a DateAndTime),
    Decimal64(Decimal),
    Bits(Bits<'a>),
    Binary(&'a [u8]),
    Empty,
    Identityref(&'static IdentityValue),
    InstanceIdentifier(&'a InstanceIdentifier),
}

/// Access by kind. Each method answers for the kinds of YANG that its type of Rust holds:
///
/// ```
/// use notif_runtime::tree::Value;
///
/// let octets = Value::Uint64(10_222_658);
/// assert_eq!(octets.as_u64(), Some(10_222_658));
/// assert_eq!(octets.as_i64(), Some(10_222_658));
/// assert_eq!(octets.as_f64(), Some(10_222_658.0));
/// assert_eq!(octets.as_str(), None);
/// assert_eq!(octets.to_text(), "10222658");
/// ```
impl<'a> Value<'a> {
    /// The text of a string, or the name of an enumeration's value. [`to_text`](Self::to_text)
    /// gives the text of any value.
    #[must_use]
    pub const fn as_str(self) -> Option<&'a str> {
        match self {
            Self::String(text) => Some(text),
            Self::Enumeration(value) => Some(value.name),
            _ => None,
        }
    }

    /// The number, if it is an integer of any width that is not negative.
    #[must_use]
    pub fn as_u64(self) -> Option<u64> {
        u64::try_from(self.integer()?).ok()
    }

    /// The number, if it is an integer of any width up to [`i64::MAX`].
    #[must_use]
    pub fn as_i64(self) -> Option<i64> {
        i64::try_from(self.integer()?).ok()
    }

    /// The nearest number of binary floating point, if it is an integer or a decimal64.
    #[must_use]
    #[expect(
        clippy::cast_precision_loss,
        reason = "the nearest number is what is asked for"
    )]
    pub fn as_f64(self) -> Option<f64> {
        match self {
            Self::Decimal64(number) => Some(number.to_f64()),
            other => other.integer().map(|number| number as f64),
        }
    }

    /// The truth value of a boolean.
    #[must_use]
    pub const fn as_bool(self) -> Option<bool> {
        match self {
            Self::Boolean(value) => Some(value),
            _ => None,
        }
    }

    /// The time of a `date-and-time`.
    #[must_use]
    pub const fn as_date_and_time(self) -> Option<&'a DateAndTime> {
        match self {
            Self::DateAndTime(time) => Some(time),
            _ => None,
        }
    }

    /// The number of a decimal64.
    #[must_use]
    pub const fn as_decimal(self) -> Option<Decimal> {
        match self {
            Self::Decimal64(number) => Some(number),
            _ => None,
        }
    }

    /// The octets of a binary.
    #[must_use]
    pub const fn as_bytes(self) -> Option<&'a [u8]> {
        match self {
            Self::Binary(octets) => Some(octets),
            _ => None,
        }
    }

    /// The number of an integer of any width.
    fn integer(self) -> Option<i128> {
        Some(match self {
            Self::Int8(number) => number.into(),
            Self::Int16(number) => number.into(),
            Self::Int32(number) => number.into(),
            Self::Int64(number) => number.into(),
            Self::Uint8(number) => number.into(),
            Self::Uint16(number) => number.into(),
            Self::Uint32(number) => number.into(),
            Self::Uint64(number) => number.into(),
            _ => return None,
        })
    }
}

impl Value<'_> {
    /// The canonical text (RFC 7950 section 9), kept inline if it is short.
    #[must_use]
    pub fn to_text(&self) -> CompactString {
        let mut text = CompactString::default();
        // Writing to a string cannot fail.
        let _ = write!(text, "{self}");
        text
    }

    /// The first [`SHOWN`] characters of the canonical text, with an ellipsis if there are more.
    #[must_use]
    pub fn shown(&self) -> CompactString {
        match self {
            Self::String(text) => shortened(text, SHOWN).into(),
            value => excerpt(value, SHOWN).into(),
        }
    }

    /// Whether RFC 7951 writes the value as a JSON string.
    #[must_use]
    pub fn is_json_string(&self) -> bool {
        matches!(
            self,
            Self::Int64(_)
                | Self::Uint64(_)
                | Self::String(_)
                | Self::Enumeration(_)
                | Self::DateAndTime(_)
                | Self::Decimal64(_)
                | Self::Bits(_)
                | Self::Binary(_)
                | Self::Identityref(_)
                | Self::InstanceIdentifier(_)
        )
    }
}

impl fmt::Display for Value<'_> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::Int8(value) => fmt::Display::fmt(value, f),
            Self::Int16(value) => fmt::Display::fmt(value, f),
            Self::Int32(value) => fmt::Display::fmt(value, f),
            Self::Int64(value) => fmt::Display::fmt(value, f),
            Self::Uint8(value) => fmt::Display::fmt(value, f),
            Self::Uint16(value) => fmt::Display::fmt(value, f),
            Self::Uint32(value) => fmt::Display::fmt(value, f),
            Self::Uint64(value) => fmt::Display::fmt(value, f),
            Self::Boolean(value) => fmt::Display::fmt(value, f),
            Self::String(value) => f.write_str(value),
            Self::Enumeration(value) => f.write_str(value.name),
            Self::DateAndTime(value) => fmt::Display::fmt(value, f),
            Self::Decimal64(value) => fmt::Display::fmt(value, f),
            Self::Bits(value) => fmt::Display::fmt(value, f),
            Self::Binary(octets) => crate::types::binary::write(octets, f),
            Self::Empty => Ok(()),
            Self::Identityref(value) => fmt::Display::fmt(value, f),
            Self::InstanceIdentifier(value) => fmt::Display::fmt(value, f),
        }
    }
}

macro_rules! view {
    ($($type:ty => $variant:ident),*) => {
        $(impl View for $type {
            fn view(&self) -> Value<'_> {
                Value::$variant(*self)
            }
        })*
    };
}

view!(i8 => Int8, i16 => Int16, i32 => Int32, i64 => Int64, u8 => Uint8, u16 => Uint16, u32 => Uint32,
      u64 => Uint64, bool => Boolean);

impl View for CompactString {
    fn view(&self) -> Value<'_> {
        Value::String(self)
    }
}

impl View for DateAndTime {
    fn view(&self) -> Value<'_> {
        Value::DateAndTime(self)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn integers_of_all_widths_are_numbers_of_64_bits() {
        for (value, unsigned, signed) in [
            (Value::Int8(-1), None, Some(-1)),
            (Value::Int16(7), Some(7), Some(7)),
            (Value::Int32(i32::MIN), None, Some(i32::MIN.into())),
            (
                Value::Int64(i64::MAX),
                Some(i64::MAX as u64),
                Some(i64::MAX),
            ),
            (Value::Uint8(7), Some(7), Some(7)),
            (Value::Uint16(7), Some(7), Some(7)),
            (Value::Uint32(7), Some(7), Some(7)),
            (Value::Uint64(u64::MAX), Some(u64::MAX), None),
            (Value::String("7"), None, None),
            (Value::Boolean(true), None, None),
        ] {
            assert_eq!((value.as_u64(), value.as_i64()), (unsigned, signed));
        }
    }

    #[test]
    fn each_kind_answers_for_itself() {
        let time = DateAndTime::UNIX_EPOCH;
        let number = Decimal {
            unscaled: 215,
            fraction_digits: 1,
        };
        assert_eq!(Value::String("x").as_str(), Some("x"));
        assert_eq!(Value::Boolean(true).as_bool(), Some(true));
        assert_eq!(Value::DateAndTime(&time).as_date_and_time(), Some(&time));
        assert_eq!(Value::Decimal64(number).as_decimal(), Some(number));
        assert_eq!(Value::Decimal64(number).as_f64(), Some(21.5));
        assert_eq!(Value::Int8(-2).as_f64(), Some(-2.0));
        assert_eq!(Value::Binary(b"x").as_bytes(), Some(b"x".as_slice()));
        assert_eq!(Value::Empty.as_str(), None);
        assert_eq!(Value::Empty.as_bool(), None);
    }
}
