//! The table.

use std::io::{self, Write};
use std::time::Duration;

use comfy_table::{CellAlignment, Table, presets};
use instances::runner::Outcome;

/// The result of a module.
#[derive(Debug, Default)]
pub struct Row {
    /// Its name.
    pub module: String,
    /// The number of its data nodes.
    pub nodes: usize,
    /// The number of generated lines.
    pub lines: usize,
    /// The time of the generator.
    pub generated: Duration,
    /// The time of the compiler to check it.
    pub checked: Duration,
    /// The results of its documents.
    pub documents: Outcome,
    /// The obstacle, if there is one.
    pub fault: Option<String>,
}

impl Row {
    /// The first fault.
    #[must_use]
    pub fn fault(&self) -> Option<&str> {
        self.fault.as_deref().or(self.documents.fault.as_deref())
    }
}

/// The number of characters of a fault that the table shows.
const SHOWN: usize = 300;

/// A text as one line, shortened.
fn one_line(text: &str) -> String {
    let shown: String = text.chars().take(SHOWN).collect();
    shown.replace('\n', "; ")
}

pub(crate) fn print(rows: &[Row], out: &mut impl Write) -> io::Result<()> {
    let mut table = Table::new();
    table.load_style(presets::NOTHING);
    table.set_header([
        "module",
        "nodes",
        "lines",
        "generated s",
        "check s",
        "meant valid",
        "valid",
        "both take",
        "both refuse",
        "explained",
        "faults",
    ]);
    for row in rows {
        let seconds = |time: Duration| format!("{:.2}", time.as_secs_f64());
        table.add_row([
            row.module.clone(),
            row.nodes.to_string(),
            row.lines.to_string(),
            seconds(row.generated),
            seconds(row.checked),
            row.documents.meant.to_string(),
            row.documents.valid.to_string(),
            row.documents.accepted.to_string(),
            row.documents.refused.to_string(),
            row.documents.explained.to_string(),
            usize::from(row.fault().is_some()).to_string(),
        ]);
    }
    for (at, column) in table.column_iter_mut().enumerate() {
        column.set_padding((0, 2));
        if at > 0 {
            column.set_cell_alignment(CellAlignment::Right);
        }
    }
    for line in table.lines() {
        writeln!(out, "{}", line.trim_end())?;
    }
    writeln!(out)?;
    for row in rows {
        if let Some(fault) = row.fault() {
            writeln!(out, "{}: {}", row.module, one_line(fault))?;
        } else if row.documents.valid < row.documents.meant / 2 {
            let complaint = row.documents.complaint.as_deref().unwrap_or_default();
            let complaint = one_line(complaint);
            writeln!(out, "{}: few valid documents: {complaint}", row.module)?;
        }
    }
    let faults = rows.iter().filter(|row| row.fault().is_some()).count();
    let nodes: usize = rows.iter().map(|row| row.nodes).sum();
    let lines: usize = rows.iter().map(|row| row.lines).sum();
    let count = rows.len();
    writeln!(
        out,
        "{count} modules, {nodes} nodes, {lines} lines, {faults} with a fault"
    )
}
