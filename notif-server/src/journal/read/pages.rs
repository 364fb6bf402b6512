//! Reads rows directly from leaf pages that no other page leads to any more: a damaged interior
//! page hides everything below it.
//!
//! See <https://sqlite.org/fileformat2.html>, sections 1.6 and 2.1.

use std::fs::File;
use std::io;
use std::os::unix::fs::FileExt;
use std::path::Path;

use rusqlite::types::Value;

/// SQLite's page size.
const PAGE: usize = 4096;

/// The first byte of a leaf page of a table.
const LEAF: u8 = 0x0d;

/// The size of a row in bytes, at most: more than any message has.
const LARGEST: usize = 1 << 30;

/// The pages of a file.
#[derive(Debug)]
pub(crate) struct Leaves {
    file: File,
    pages: u64,
}

/// A row: its number, and its columns as in the file, where that of the number has no value.
pub(crate) type Raw = (i64, Vec<Value>);

impl Leaves {
    pub(crate) fn open(path: &Path) -> io::Result<Self> {
        let file = File::open(path)?;
        let pages = file.metadata()?.len() / PAGE as u64;
        Ok(Self { file, pages })
    }

    /// The numbers of the pages, without the first, which has no rows of a journal.
    pub(crate) fn pages(&self) -> impl Iterator<Item = u32> + use<> {
        2..=u32::try_from(self.pages).unwrap_or(u32::MAX)
    }

    /// The rows on a page; on a damaged page, or one of another kind, those that look like rows.
    pub(crate) fn rows(&self, number: u32) -> Vec<Raw> {
        self.page(number)
            .filter(|page| page.first() == Some(&LEAF))
            .map_or_else(Vec::new, |page| {
                let count = page.get(3..5).map_or(0, number16);
                let places = page
                    .get(8..)
                    .unwrap_or_default()
                    .chunks_exact(2)
                    .take(count);
                places
                    .filter_map(|place| self.row(&page, number16(place)))
                    .collect()
            })
    }

    fn page(&self, number: u32) -> Option<Vec<u8>> {
        let mut page = vec![0; PAGE];
        let at = u64::from(number.checked_sub(1)?) * PAGE as u64;
        self.file.read_exact_at(&mut page, at).ok()?;
        Some(page)
    }

    fn row(&self, page: &[u8], at: usize) -> Option<Raw> {
        let mut input = page.get(at..)?;
        let size = usize::try_from(varint(&mut input)?).ok()?;
        let number = varint(&mut input)?;
        if size > LARGEST {
            return None;
        }
        let here = on_leaf(size);
        let mut record = input.get(..here)?.to_vec();
        let mut next = input.get(here..here + 4).map_or(0, number32);
        while record.len() < size {
            let page = self.page(next)?;
            next = page.get(..4).map_or(0, number32);
            let more = (size - record.len()).min(PAGE - 4);
            record.extend(page.get(4..4 + more)?);
        }
        Some((number, columns(&record)?))
    }
}

/// The bytes of a row of this size that are on its leaf page.
const fn on_leaf(size: usize) -> usize {
    let most = PAGE - 35;
    if size <= most {
        return size;
    }
    let least = (PAGE - 12) * 32 / 255 - 23;
    let here = least + (size - least) % (PAGE - 4);
    if here <= most { here } else { least }
}

fn columns(record: &[u8]) -> Option<Vec<Value>> {
    let mut head = record;
    let length = usize::try_from(varint(&mut head)?).ok()?;
    let before = record.len() - head.len();
    let (mut head, mut body) = (record.get(before..length)?, record.get(length..)?);
    let mut columns = Vec::new();
    while !head.is_empty() {
        let kind = varint(&mut head)?;
        let size = match kind {
            0 | 8 | 9 => 0,
            1..=4 => usize::try_from(kind).ok()?,
            5 => 6,
            6 | 7 => 8,
            12.. => usize::try_from(kind - 12).ok()? / 2,
            _ => return None,
        };
        let bytes = body.get(..size)?;
        body = body.get(size..)?;
        columns.push(match kind {
            0 => Value::Null,
            8 | 9 => Value::Integer(kind - 8),
            7 => Value::Real(f64::from_be_bytes(bytes.try_into().ok()?)),
            1..=6 => Value::Integer(signed(bytes)),
            kind if kind % 2 == 0 => Value::Blob(bytes.to_vec()),
            _ => Value::Text(String::from_utf8(bytes.to_vec()).ok()?),
        });
    }
    Some(columns)
}

/// An integer of up to nine bytes.
fn varint(input: &mut &[u8]) -> Option<i64> {
    let mut number: u64 = 0;
    for at in 0..9 {
        let (byte, rest) = input.split_first()?;
        *input = rest;
        if at == 8 {
            return Some((number << 8 | u64::from(*byte)).cast_signed());
        }
        number = number << 7 | u64::from(byte & 0x7f);
        if byte & 0x80 == 0 {
            break;
        }
    }
    Some(number.cast_signed())
}

/// A number in two's complement, the most significant byte first.
fn signed(bytes: &[u8]) -> i64 {
    let first = bytes
        .first()
        .map_or(0, |byte| i64::from(byte.cast_signed()));
    let rest = bytes.iter().skip(1);
    rest.fold(first, |number, byte| number << 8 | i64::from(*byte))
}

fn number16(bytes: &[u8]) -> usize {
    bytes
        .iter()
        .take(2)
        .fold(0, |number, byte| number << 8 | usize::from(*byte))
}

fn number32(bytes: &[u8]) -> u32 {
    bytes
        .iter()
        .take(4)
        .fold(0, |number, byte| number << 8 | u32::from(*byte))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn every_row_is_found_with_its_columns_whatever_its_size() {
        let dir = tempfile::tempdir().unwrap();
        let path = dir.path().join("file.db");
        let file = rusqlite::Connection::open(&path).unwrap();
        file.execute_batch("CREATE TABLE t (n INTEGER PRIMARY KEY, a, b, c)")
            .unwrap();
        let sizes = [0, 1, 500, 4000, 4060, 4061, 4062, 5000, 8200, 20_000];
        let numbers = [
            0,
            1,
            -1,
            127,
            -200,
            40_000,
            -9_000_000,
            1 << 40,
            i64::MIN,
            i64::MAX,
        ];
        for (size, number) in sizes.iter().zip(numbers) {
            file.execute(
                "INSERT INTO t (a, b, c) VALUES (?, ?, ?)",
                rusqlite::params![vec![7_u8; *size], number, "é".repeat(*size / 9)],
            )
            .unwrap();
        }
        drop(file);
        let leaves = Leaves::open(&path).unwrap();
        let mut rows: Vec<_> = leaves.pages().flat_map(|page| leaves.rows(page)).collect();
        rows.sort_by_key(|row| row.0);
        assert_eq!(rows.len(), sizes.len());
        for ((row, size), number) in rows.iter().zip(sizes).zip(numbers) {
            let expected = [
                Value::Null,
                Value::Blob(vec![7; size]),
                Value::Integer(number),
                Value::Text("é".repeat(size / 9)),
            ];
            assert_eq!(row.1, expected, "{size}");
        }
    }
}
