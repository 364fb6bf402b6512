//! The lines of an answer, as a table, JSON lines or CSV.

use std::borrow::Cow;
use std::io::{self, Write};

use comfy_table::{ColumnConstraint, Table, Width, presets};
use jiff::Timestamp;
use notif_runtime::path::Leaf;
use notif_runtime::text::{shortened, visible};
use serde_json::Serializer;
use serde_json::value::RawValue;
use uuid::Uuid;

use super::harmless::{self, Json};
use crate::values::json_value;

/// The format of an answer.
#[derive(Debug, Clone, Copy, PartialEq, Eq, clap::ValueEnum)]
pub(super) enum Format {
    /// Columns for a terminal
    Table,
    /// One JSON object a line
    Jsonl,
    /// RFC 4180, with a header
    Csv,
}

/// The treatment of CSV cells.
#[derive(Debug, Clone, Copy, PartialEq, Eq, clap::ValueEnum)]
pub(super) enum Cells {
    /// Controls are shown, and ' precedes text that a spreadsheet takes for a formula
    Safe,
    /// As it came in
    Exact,
}

/// The format of an answer, and the treatment of CSV cells.
#[derive(Debug, Clone, Copy, clap::Args)]
pub(super) struct Style {
    /// The output format
    #[arg(long, value_enum, default_value = "table")]
    pub(super) format: Format,
    /// With --format csv: safe shows controls, and puts ' before text that a spreadsheet takes for
    /// a formula; exact leaves what publishers sent as it is
    #[arg(long, value_name = "CELLS", value_enum, default_value = "safe")]
    csv_cells: Cells,
}

/// The longest cell of a table, in characters: a value can be of any length.
const CELL: usize = 500;

/// The cells of a line, by name. JSON lines show everything that is serialized.
pub(super) trait Row: serde::Serialize {
    /// All cells, for CSV.
    fn csv(&self) -> Vec<(&'static str, String)>;

    /// The cells for a table on a terminal.
    fn table(&self) -> Vec<(&'static str, String)>;
}

/// A line of an answer: a notification as a whole, or one value of it.
#[derive(Debug, serde::Serialize)]
#[serde(rename_all = "kebab-case")]
pub(super) struct Line {
    /// The place in the journal, if it comes from there.
    #[serde(flatten)]
    pub(super) place: Option<Place>,
    pub(super) event_time: Option<String>,
    pub(super) publisher: String,
    pub(super) name: String,
    #[serde(flatten)]
    pub(super) detail: Detail,
}

/// The place of a notification in the journal.
#[derive(Debug, serde::Serialize)]
pub(super) struct Place {
    pub(super) seq: u64,
    #[serde(serialize_with = "display")]
    pub(super) received: Timestamp,
}

/// The subject of a line.
#[derive(Debug, serde::Serialize)]
#[serde(untagged)]
pub(super) enum Detail {
    Message {
        #[serde(flatten)]
        origin: Option<Origin>,
        /// The message in RFC 7951 JSON, whatever its encoding; only for JSON lines.
        #[serde(skip_serializing_if = "Option::is_none")]
        notification: Option<Box<RawValue>>,
    },
    Value {
        path: String,
        #[serde(skip)]
        short_path: String,
        value: serde_json::Value,
    },
}

impl From<&Leaf<'_>> for Detail {
    fn from(leaf: &Leaf<'_>) -> Self {
        let short_path = leaf.named_path().to_string();
        Self::Value {
            path: leaf.shown_path().to_string(),
            short_path: short_path.trim_start_matches('/').to_owned(),
            value: json_value(leaf.value()),
        }
    }
}

/// The origin of a notification.
#[derive(Debug, serde::Serialize)]
pub(super) struct Origin {
    #[serde(serialize_with = "display")]
    pub(super) id: Uuid,
    pub(super) encoding: &'static str,
    pub(super) bytes: usize,
}

pub(super) fn display<S: serde::Serializer>(
    value: &impl std::fmt::Display,
    serializer: S,
) -> Result<S::Ok, S::Error> {
    serializer.collect_str(value)
}

impl Row for Line {
    fn csv(&self) -> Vec<(&'static str, String)> {
        let mut cells = Vec::new();
        if let Some(Place { seq, received }) = &self.place {
            cells.extend([("seq", seq.to_string()), ("received", received.to_string())]);
        }
        cells.extend([
            ("event-time", self.event_time.clone().unwrap_or_default()),
            ("publisher", self.publisher.clone()),
            ("name", self.name.clone()),
        ]);
        match &self.detail {
            Detail::Message { origin, .. } => {
                if let Some(origin) = origin {
                    cells.extend([
                        ("id", origin.id.to_string()),
                        ("encoding", origin.encoding.to_owned()),
                        ("bytes", origin.bytes.to_string()),
                    ]);
                }
            }
            Detail::Value { path, value, .. } => {
                cells.extend([("path", path.clone()), ("value", text(value))]);
            }
        }
        cells
    }

    fn table(&self) -> Vec<(&'static str, String)> {
        let event_time = ("EVENT TIME", self.event_time.clone().unwrap_or_default());
        let publisher = ("PUBLISHER", self.publisher.clone());
        let mut cells = match (&self.place, &self.detail) {
            (Some(Place { seq, received }), _) => vec![
                ("SEQ", seq.to_string()),
                ("RECEIVED", format!("{received:.3}")),
                publisher,
            ],
            (None, Detail::Value { .. }) => vec![event_time.clone(), publisher],
            (None, Detail::Message { .. }) => vec![publisher],
        };
        match &self.detail {
            Detail::Message { origin, .. } => {
                cells.extend([("NOTIFICATION", self.name.clone()), event_time]);
                if let Some(origin) = origin {
                    cells.extend([
                        ("ENCODING", origin.encoding.to_owned()),
                        ("BYTES", origin.bytes.to_string()),
                    ]);
                }
            }
            Detail::Value {
                short_path, value, ..
            } => {
                cells.extend([("PATH", short_path.clone()), ("VALUE", text(value))]);
            }
        }
        cells
    }
}

fn text(value: &serde_json::Value) -> String {
    match value {
        serde_json::Value::String(text) => text.clone(),
        other => other.to_string(),
    }
}

/// Prints lines as they come in.
pub(super) struct Printer<W> {
    out: W,
    style: Style,
    /// The widths of the table's columns so far; empty before the first lines.
    widths: Vec<u16>,
    printed: bool,
}

impl<W: Write> Printer<W> {
    pub(super) const fn new(out: W, style: Style) -> Self {
        Self {
            out,
            style,
            widths: Vec::new(),
            printed: false,
        }
    }

    pub(super) fn print(&mut self, lines: &[impl Row]) -> io::Result<()> {
        if lines.is_empty() {
            return Ok(());
        }
        match self.style.format {
            Format::Table => self.table(lines)?,
            Format::Jsonl => self.jsonl(lines)?,
            Format::Csv => self.csv(lines)?,
        }
        self.printed = true;
        self.out.flush()
    }

    fn jsonl(&mut self, lines: &[impl Row]) -> io::Result<()> {
        for line in lines {
            line.serialize(&mut Serializer::with_formatter(&mut self.out, Json))?;
            self.out.write_all(b"\n")?;
        }
        Ok(())
    }

    fn csv(&mut self, lines: &[impl Row]) -> io::Result<()> {
        let mut writer = csv::Writer::from_writer(&mut self.out);
        for line in lines {
            let cells = line.csv();
            if !self.printed {
                writer.write_record(cells.iter().map(|(name, _)| name))?;
                self.printed = true;
            }
            let shown = |cell| match self.style.csv_cells {
                Cells::Safe => harmless::cell(cell),
                Cells::Exact => Cow::Borrowed(cell),
            };
            let cells = cells.iter().map(|(_, cell)| shown(cell.as_str()));
            writer.write_record(cells.map(Cow::into_owned))?;
        }
        writer.flush()
    }

    /// A batch of lines in the columns of the previous ones, which change only if a line is wider
    /// than any before.
    fn table(&mut self, lines: &[impl Row]) -> io::Result<()> {
        let mut table = Table::new();
        table.load_style(presets::NOTHING);
        for line in lines {
            let cells = line.table();
            if !self.printed {
                table.set_header(cells.iter().map(|(name, _)| name));
                self.printed = true;
            }
            table.add_row(
                cells
                    .iter()
                    .map(|(_, cell)| visible(&shortened(cell, CELL)).into_owned()),
            );
        }
        for (column, width) in table.column_iter_mut().zip(&self.widths) {
            column.set_constraint(ColumnConstraint::LowerBoundary(Width::Fixed(*width)));
            column.set_padding((0, 2));
        }
        table.column_iter_mut().for_each(|column| {
            column.set_padding((0, 2));
        });
        let widths = table.column_max_content_widths();
        self.widths.resize(widths.len(), 0);
        for (kept, width) in self.widths.iter_mut().zip(widths) {
            *kept = width.saturating_add(2).max(*kept);
        }
        for line in table.lines() {
            writeln!(self.out, "{}", line.trim_end())?;
        }
        Ok(())
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn line(value: serde_json::Value) -> Line {
        Line {
            place: Some(Place {
                seq: 7,
                received: Timestamp::from_millisecond(1500).unwrap(),
            }),
            event_time: None,
            publisher: "192.0.2.1".to_owned(),
            name: "a:b".to_owned(),
            detail: Detail::Value {
                path: "/a:b/c/d".to_owned(),
                short_path: "c/d".to_owned(),
                value,
            },
        }
    }

    fn printed(format: Format, batches: &[&[Line]]) -> String {
        with_cells(format, Cells::Safe, batches)
    }

    fn with_cells(format: Format, csv_cells: Cells, batches: &[&[Line]]) -> String {
        let mut out = Vec::new();
        let mut printer = Printer::new(&mut out, Style { format, csv_cells });
        for lines in batches {
            printer.print(lines).unwrap();
        }
        String::from_utf8(out).unwrap()
    }

    #[test]
    fn each_format() {
        let lines = [line("1,5".into()), line(2.into())];
        assert_eq!(
            printed(Format::Jsonl, &[&lines[..1]]),
            "{\"seq\":7,\"received\":\"1970-01-01T00:00:01.5Z\",\"event-time\":null,\
             \"publisher\":\"192.0.2.1\",\"name\":\"a:b\",\"path\":\"/a:b/c/d\",\"value\":\"1,5\"}\n"
        );
        assert_eq!(
            printed(Format::Csv, &[&lines[..1], &lines[1..]]),
            "seq,received,event-time,publisher,name,path,value\n\
             7,1970-01-01T00:00:01.5Z,,192.0.2.1,a:b,/a:b/c/d,\"1,5\"\n\
             7,1970-01-01T00:00:01.5Z,,192.0.2.1,a:b,/a:b/c/d,2\n"
        );
        assert_eq!(
            printed(Format::Table, &[&lines[..1], &lines[1..]]),
            "SEQ  RECEIVED                  PUBLISHER  PATH  VALUE\n\
             7    1970-01-01T00:00:01.500Z  192.0.2.1  c/d   1,5\n\
             7    1970-01-01T00:00:01.500Z  192.0.2.1  c/d   2\n"
        );
    }

    #[test]
    fn a_terminal_gets_no_commands() {
        let sent = "=a\u{9b}31m\u{1b}\u{202e}\n";
        let lines = [line(sent.into())];
        let table = printed(Format::Table, &[&lines]);
        assert!(table.contains("=a\\u{9b}31m\\u{1b}\\u{202e}\\n"), "{table}");
        let csv = printed(Format::Csv, &[&lines]);
        assert!(csv.contains("\"'=a\\u{9b}31m\\u{1b}\\u{202e}\n\""), "{csv}");
        let jsonl = printed(Format::Jsonl, &[&lines]);
        assert!(jsonl.contains("=a\\u009b31m\\u001b\\u202e\\n"), "{jsonl}");
        let exact = with_cells(Format::Csv, Cells::Exact, &[&lines]);
        assert!(exact.contains(sent), "{exact}");
    }

    #[test]
    fn a_cell_of_a_table_is_cut() {
        let table = printed(Format::Table, &[&[line("x".repeat(1 << 20).into())]]);
        assert!(
            table.len() < 5_000 && table.contains("xxx…"),
            "{table:.300}"
        );
    }
}
