//! The table.

use std::io::{self, Write};
use std::time::Duration;

use comfy_table::{CellAlignment, Table, presets};
use instances::runner::Outcome;

/// What became of a module.
#[derive(Debug, Default)]
pub struct Row {
    /// Its name.
    pub module: String,
    /// How many data nodes it has.
    pub nodes: usize,
    /// How many lines were generated.
    pub lines: usize,
    /// How long the generator took.
    pub generated: Duration,
    /// How long the compiler took to check it.
    pub checked: Duration,
    /// What became of its documents.
    pub documents: Outcome,
    /// What stands in the way.
    pub fault: Option<String>,
}

impl Row {
    /// The first thing that is wrong.
    #[must_use]
    pub fn fault(&self) -> Option<&str> {
        self.fault.as_deref().or(self.documents.fault.as_deref())
    }
}

/// How much of a fault is shown in the table's last lines.
const SHOWN: usize = 300;

pub(crate) fn print(rows: &[Row], out: &mut impl Write) -> io::Result<()> {
    let mut table = Table::new();
    table.load_style(presets::NOTHING);
    table.set_header([
        "module",
        "nodes",
        "lines",
        "generated s",
        "check s",
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
            let shown: String = fault.chars().take(SHOWN).collect();
            writeln!(out, "{}: {}", row.module, shown.replace('\n', "; "))?;
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
