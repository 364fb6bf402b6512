//! The values of double-quoted strings (RFC 7950 section 6.1.3).

use std::borrow::Cow;

use crate::fault::Faults;

/// The columns that a tab is worth in the indentation of a line.
const TAB: usize = 8;

/// The length of a double-quoted string, of which `rest` is what stands behind the opening quote;
/// `None` if it has no end.
pub(super) fn length(rest: &str) -> Option<usize> {
    let mut escaped = false;
    rest.bytes().position(|byte| {
        let ends = byte == b'"' && !escaped;
        escaped = byte == b'\\' && !escaped;
        ends
    })
}

/// The value of a double-quoted string, with the offsets of the escapes that YANG 1.1 does not know;
/// they stand in the value as they were written, which is their meaning in YANG 1. `before` is the
/// text before the opening quote.
pub(super) fn value<'t>(raw: &'t str, before: &str) -> (Cow<'t, str>, Vec<(usize, char)>) {
    let mut unknown = Vec::new();
    if !raw.contains(['\n', '\\']) {
        return (Cow::Borrowed(raw), unknown);
    }
    let mut value = String::with_capacity(raw.len());
    let mut lines = raw.split('\n').peekable();
    let mut offset = 0;
    let mut indentation = None;
    while let Some(line) = lines.next() {
        let mut kept = line;
        if lines.peek().is_some() {
            kept = kept.strip_suffix('\r').unwrap_or(kept);
            kept = kept.trim_end_matches([' ', '\t']);
        }
        let mut skipped = 0;
        if offset > 0 {
            let indentation = *indentation.get_or_insert_with(|| column(before));
            let (leftover, rest) = dedent(kept, indentation);
            skipped = kept.len() - rest.len();
            value.extend(std::iter::repeat_n(' ', leftover));
            kept = rest;
        }
        unescape(kept, offset + skipped, &mut value, &mut unknown);
        if lines.peek().is_some() {
            value.push('\n');
        }
        offset += line.len() + 1;
    }
    (Cow::Owned(value), unknown)
}

/// The column, from 1, of what follows a text.
fn column(before: &str) -> usize {
    let line = before.rsplit('\n').next().unwrap_or_default();
    let width = |character| if character == '\t' { TAB } else { 1 };
    line.chars().map(width).sum::<usize>() + 1
}

/// Strips up to `width` columns of white space from a line. The columns of a tab beyond them are
/// given as a number of spaces.
fn dedent(line: &str, width: usize) -> (usize, &str) {
    let mut column = 0;
    let mut rest = line;
    while column < width {
        if let Some(behind) = rest.strip_prefix(' ') {
            column += 1;
            rest = behind;
        } else if let Some(behind) = rest.strip_prefix('\t') {
            column += TAB;
            rest = behind;
        } else {
            break;
        }
    }
    (column.saturating_sub(width), rest)
}

/// Adds a line to the value with its escapes replaced.
fn unescape(line: &str, offset: usize, value: &mut String, unknown: &mut Vec<(usize, char)>) {
    let mut rest = line;
    while let Some((plain, behind)) = rest.split_once('\\') {
        value.push_str(plain);
        let mut characters = behind.chars();
        match characters.next() {
            Some('n') => value.push('\n'),
            Some('t') => value.push('\t'),
            Some(same @ ('"' | '\\')) => value.push(same),
            other => {
                let other = other.unwrap_or('\n');
                if unknown.len() < Faults::MOST {
                    unknown.push((offset + line.len() - behind.len() - 1, other));
                }
                value.push('\\');
                if other != '\n' {
                    value.push(other);
                }
            }
        }
        rest = characters.as_str();
    }
    value.push_str(rest);
}
