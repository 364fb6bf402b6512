//! Places in the bytes of a message.

use serde::Serialize;

/// A place in a message. One that is no text is a single line, whose columns are bytes.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize)]
pub struct Position {
    /// Bytes from the start of the message.
    pub offset: usize,
    /// The line, from 1.
    pub line: usize,
    /// The column in characters, from 1.
    pub column: usize,
}

impl Position {
    /// The place of `offset` in a message that is no text.
    #[must_use]
    pub const fn in_bytes(offset: usize) -> Self {
        Self {
            offset,
            line: 1,
            column: offset + 1,
        }
    }

    /// The place that `offset` has in `input`.
    #[must_use]
    pub fn locate(input: &[u8], offset: usize) -> Self {
        let before = input.get(..offset).unwrap_or(input);
        let line_start = memchr::memrchr(b'\n', before).map_or(0, |at| at + 1);
        let line = memchr::memchr_iter(b'\n', before).count() + 1;
        let tail = before.get(line_start..).unwrap_or_default();
        // Each character has one byte that continues none. A message can be one line of megabytes,
        // and this is asked for each fault: no more than the bytes are looked at.
        let starts = tail.iter().filter(|&&byte| byte & 0xc0 != 0x80);
        Self {
            offset: before.len(),
            line,
            column: starts.count() + 1,
        }
    }
}
