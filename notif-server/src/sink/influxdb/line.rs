//! Points in line protocol, and the items that they belong to.

use std::borrow::Cow;
use std::fmt;
use std::ops::Range;

use influxdb_line_protocol::builder::{FieldValue, LineProtocolBuilder};

/// A field's value.
#[derive(Debug, Clone, PartialEq)]
pub(super) enum Field<'a> {
    Integer(i64),
    Unsigned(u64),
    Float(f64),
    Boolean(bool),
    Text(Cow<'a, str>),
}

impl FieldValue for &Field<'_> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Field::Integer(number) => FieldValue::fmt(number, f),
            Field::Unsigned(number) => FieldValue::fmt(number, f),
            Field::Float(number) => FieldValue::fmt(number, f),
            Field::Boolean(truth) => FieldValue::fmt(truth, f),
            Field::Text(text) => FieldValue::fmt(&&**text, f),
        }
    }
}

/// Lines, one for each point; each belongs to the item that was current when it was written.
#[derive(Debug, Default)]
pub(super) struct Lines {
    bytes: Vec<u8>,
    points: Vec<Point>,
    /// The item that the next lines belong to.
    pub(super) item: usize,
}

#[derive(Debug)]
struct Point {
    item: usize,
    end: usize,
}

impl Lines {
    /// Appends a point, which must have a field.
    pub(super) fn push<'n>(
        &mut self,
        measurement: &str,
        tags: impl Iterator<Item = (&'n str, &'n str)>,
        fields: &[(&str, Field<'_>)],
        time: i64,
    ) {
        let Some(((name, value), others)) = fields.split_first() else {
            return;
        };
        let series = LineProtocolBuilder::new_with(std::mem::take(&mut self.bytes));
        let series = series.measurement(measurement);
        let series = tags.fold(series, |line, (name, value)| line.tag(name, value));
        let line = others
            .iter()
            .fold(series.field(name, value), |line, (name, value)| {
                line.field(name, value)
            });
        self.bytes = line.timestamp(time).close_line().build();
        self.points.push(Point {
            item: self.item,
            end: self.bytes.len(),
        });
    }

    /// The number of points.
    pub(super) fn len(&self) -> usize {
        self.points.len()
    }

    /// The size of all lines in bytes.
    pub(super) fn size(&self) -> usize {
        self.bytes.len()
    }

    /// The lines of some points.
    pub(super) fn text(&self, points: &[usize]) -> Vec<u8> {
        points
            .iter()
            .flat_map(|&point| self.line(point))
            .copied()
            .collect()
    }

    fn line(&self, point: usize) -> &[u8] {
        let bytes = self.start(point)..self.start(point + 1);
        self.bytes.get(bytes).unwrap_or_default()
    }

    /// The item that a point belongs to.
    pub(super) fn item_of(&self, point: usize) -> Option<usize> {
        self.points.get(point).map(|point| point.item)
    }

    /// A point's measurement and tags.
    pub(super) fn series(&self, point: usize) -> Cow<'_, str> {
        let line = self.line(point);
        let mut escaped = false;
        let end = line.iter().position(|&byte| {
            let ends = byte == b' ' && !escaped;
            escaped = byte == b'\\' && !escaped;
            ends
        });
        String::from_utf8_lossy(end.and_then(|end| line.get(..end)).unwrap_or(line))
    }

    /// Splits the points into pieces, in order, of at most `points` points and at most `bytes`
    /// bytes, unless a single point is larger.
    pub(super) fn pieces(&self, points: usize, bytes: usize) -> Vec<Range<usize>> {
        let mut pieces: Vec<Range<usize>> = Vec::new();
        for at in 0..self.points.len() {
            match pieces.last_mut() {
                Some(piece)
                    if piece.len() < points
                        && self.start(at + 1) - self.start(piece.start) <= bytes =>
                {
                    piece.end = at + 1;
                }
                _ => pieces.push(at..at + 1),
            }
        }
        pieces
    }

    /// Drops the first `points` points, and releases unused memory beyond `bytes`.
    pub(super) fn forget(&mut self, points: usize, bytes: usize) {
        let size = self.start(points);
        self.bytes.drain(..size);
        self.bytes.shrink_to(bytes);
        self.points.drain(..points);
        self.points.iter_mut().for_each(|point| point.end -= size);
    }

    fn start(&self, point: usize) -> usize {
        let before = point.checked_sub(1).and_then(|at| self.points.get(at));
        before.map_or(0, |point| point.end)
    }
}
