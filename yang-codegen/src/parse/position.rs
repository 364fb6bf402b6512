//! Places in texts, and what is wrong there.

use std::path::Path;

use crate::fault::{Fault, Faults};

/// A place in a text; both numbers count from 1, the column in characters.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
pub(crate) struct Position {
    pub(crate) line: u32,
    pub(crate) column: u32,
}

/// Finds the positions of offsets. It goes forwards only, so that a text of one long line takes no
/// longer than another.
pub(super) struct Locator<'t> {
    text: &'t str,
    offset: usize,
    position: Position,
}

impl<'t> Locator<'t> {
    pub(super) const fn new(text: &'t str) -> Self {
        Self {
            text,
            offset: 0,
            position: Position { line: 1, column: 1 },
        }
    }

    /// The position of an offset that is not before the one asked for last.
    pub(super) fn position(&mut self, offset: usize) -> Position {
        let passed = self.text.get(self.offset..offset).unwrap_or_default();
        for byte in passed.bytes() {
            if byte == b'\n' {
                self.position.line += 1;
                self.position.column = 1;
            } else if (byte & 0xC0) != 0x80 {
                // A byte that begins a character.
                self.position.column += 1;
            }
        }
        self.offset = self.offset.max(offset);
        self.position
    }
}

/// A fault of the characters of a text, by offset.
#[derive(Debug)]
pub(super) struct Complaint {
    pub(super) offset: usize,
    pub(super) applies: Applies,
    pub(super) statement: Option<String>,
    pub(super) message: String,
    pub(super) section: &'static str,
    pub(super) nearest: Option<String>,
}

/// The texts in which something is wrong.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Applies {
    Always,
    /// In texts of YANG 1.1, which are known as such when they have been read.
    Yang11,
    /// Always, but libyang takes it.
    Tolerable,
}

impl Complaint {
    /// Makes faults of complaints.
    pub(super) fn report(
        mut complaints: Vec<Self>,
        text: &str,
        path: &Path,
        yang11: bool,
        faults: &mut Faults,
    ) {
        complaints.sort_by_key(|complaint| complaint.offset);
        let mut locator = Locator::new(text);
        for complaint in complaints {
            if complaint.applies == Applies::Yang11 && !yang11 {
                continue;
            }
            let Position { line, column } = locator.position(complaint.offset);
            let fault = Fault {
                file: Some(path.to_path_buf()),
                line: Some(line),
                column: Some(column),
                statement: complaint.statement,
                message: complaint.message,
                section: Some(complaint.section),
                nearest: complaint.nearest,
                ..Fault::default()
            };
            if complaint.applies == Applies::Tolerable {
                faults.tolerable(fault);
            } else {
                faults.add(fault);
            }
        }
    }
}
