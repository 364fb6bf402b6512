//! The results, and how they are printed.

use std::collections::{BTreeMap, BTreeSet};
use std::io::{self, Write};
use std::ops::Range;
use std::time::Duration;

use comfy_table::{CellAlignment, Table, presets};

use super::differences::Difference;
use super::vectors::{Document, Verdict};
use crate::runner::Answer;

/// The most characters of a line that are printed.
const WIDTH: usize = 300;

/// The result of a set.
#[derive(Debug, Default)]
pub struct SetReport {
    /// Its name.
    pub name: String,
    /// The number of its documents.
    pub documents: usize,
    /// The number accepted as expected.
    pub accepted: usize,
    /// The number rejected as expected.
    pub rejected: usize,
    /// The number that differ for a reason on the list.
    pub explained: usize,
    /// The documents with another verdict for no reason on the list.
    pub differences: Vec<String>,
    /// The number that could not be asked about.
    pub unasked: usize,
    /// The reason that none could be asked about.
    pub obstacle: Option<String>,
    /// The time of the generator.
    pub generated: Duration,
    /// The time of the documents.
    pub asked: Duration,
}

/// The results of all documents.
#[derive(Debug, Default)]
pub struct Report {
    sets: Vec<SetReport>,
    /// The reasons for which documents count as unexplained, each with the number and the sets.
    reasons: BTreeMap<String, (usize, BTreeSet<String>)>,
    /// The number of documents that each known difference explains, in the order of the list.
    explained: Vec<usize>,
}

impl SetReport {
    const fn unexplained(&self) -> usize {
        self.differences.len() + self.unasked
    }
}

impl Report {
    /// An empty report.
    #[must_use]
    pub fn new(known: &[Difference]) -> Self {
        Self {
            explained: vec![0; known.len()],
            ..Self::default()
        }
    }

    /// Takes in a set about which nothing can be asked: why, as others with the same reason say it
    /// and in full.
    pub fn stopped(&mut self, mut set: SetReport, reason: String, obstacle: String) {
        self.count(reason, set.documents, &set.name);
        set.unasked = set.documents;
        set.obstacle = Some(obstacle);
        self.sets.push(set);
    }

    /// Takes in a set with an answer to each of its documents.
    pub fn answered(
        &mut self,
        mut set: SetReport,
        answers: &[(&Document, Answer)],
        known: &[Difference],
    ) {
        for (document, answer) in answers {
            match (document.verdict, answer) {
                (Verdict::Accept, Answer::Accept) => set.accepted += 1,
                (Verdict::Reject, Answer::Reject(_)) => set.rejected += 1,
                (_, Answer::NoEntryPoint(what)) => {
                    set.unasked += 1;
                    self.count(format!("no entry point: {what}"), 1, &set.name);
                }
                _ => self.differs(&mut set, document, answer, known),
            }
        }
        self.sets.push(set);
    }

    fn differs(
        &mut self,
        set: &mut SetReport,
        document: &Document,
        answer: &Answer,
        known: &[Difference],
    ) {
        let mut list = known.iter().zip(&mut self.explained);
        if let Some((_, count)) = list.find(|(entry, _)| entry.explains(document, answer)) {
            *count += 1;
            set.explained += 1;
            return;
        }
        let (reason, text) = match answer {
            Answer::Reject(faults) => {
                let first = faults.first();
                let kind = first.map_or("no fault", |fault| &fault.fault);
                let text = first.map_or("no fault", |fault| &fault.text);
                (format!("rejected: {kind}"), format!("rejected: {text}"))
            }
            Answer::Died(words) => ("the decoder died".to_owned(), words.clone()),
            _ => (
                "accepted".to_owned(),
                format!("accepted: {}", document.reason),
            ),
        };
        self.count(reason, 1, &set.name);
        set.differences.push(format!("{}: {text}", document.id));
    }

    fn count(&mut self, reason: String, documents: usize, set: &str) {
        let (count, sets) = self.reasons.entry(reason).or_default();
        *count += documents;
        sets.insert(set.to_owned());
    }

    /// The numbers of documents that were judged as expected, that differ and are explained, and
    /// that are neither.
    #[must_use]
    pub fn totals(&self) -> (usize, usize, usize) {
        self.sets
            .iter()
            .fold((0, 0, 0), |(equal, explained, unexplained), set| {
                (
                    equal + set.accepted + set.rejected,
                    explained + set.explained,
                    unexplained + set.unexplained(),
                )
            })
    }

    /// Prints the sets, the differences, the obstacles and the totals.
    ///
    /// # Errors
    /// The report cannot be written.
    pub fn print(&self, known: &[Difference], out: &mut impl Write) -> io::Result<()> {
        self.print_sets(out)?;
        self.print_obstacles(out)?;
        self.print_differences(out)?;
        self.print_known(known, out)?;
        self.print_reasons(out)?;
        let (equal, explained, unexplained) = self.totals();
        writeln!(
            out,
            "{equal} equal, {explained} explained, {unexplained} unexplained"
        )
    }

    fn print_sets(&self, out: &mut impl Write) -> io::Result<()> {
        let mut table = Table::new();
        table.set_header([
            "set",
            "documents",
            "accepted",
            "rejected",
            "explained",
            "different",
            "not asked",
            "seconds",
        ]);
        for set in self.sets.iter().filter(|set| set.obstacle.is_none()) {
            table.add_row([
                set.name.clone(),
                set.documents.to_string(),
                set.accepted.to_string(),
                set.rejected.to_string(),
                set.explained.to_string(),
                set.differences.len().to_string(),
                set.unasked.to_string(),
                seconds(set),
            ]);
        }
        print_table(table, 1..8, out)
    }

    fn print_obstacles(&self, out: &mut impl Write) -> io::Result<()> {
        let mut table = Table::new();
        table.set_header(["set without a program", "documents", "seconds", "why"]);
        for set in &self.sets {
            if let Some(obstacle) = &set.obstacle {
                let documents = set.documents.to_string();
                table.add_row([&set.name, &documents, &seconds(set), &one_line(obstacle)]);
            }
        }
        print_table(table, 1..3, out)
    }

    fn print_differences(&self, out: &mut impl Write) -> io::Result<()> {
        let mut differences = self.sets.iter().flat_map(|set| &set.differences).peekable();
        if differences.peek().is_some() {
            writeln!(out, "differences that are not on the list:")?;
            differences.try_for_each(|line| writeln!(out, "{}", one_line(line)))?;
            writeln!(out)?;
        }
        Ok(())
    }

    fn print_known(&self, known: &[Difference], out: &mut impl Write) -> io::Result<()> {
        let mut table = Table::new();
        table.set_header(["known difference", "decided by", "documents"]);
        for (entry, count) in known.iter().zip(&self.explained) {
            table.add_row([&entry.name, &entry.rfc, &count.to_string()]);
        }
        print_table(table, 2..3, out)
    }

    /// The reasons, that which stands before most documents first: what to build next.
    fn print_reasons(&self, out: &mut impl Write) -> io::Result<()> {
        let mut reasons: Vec<_> = self.reasons.iter().collect();
        reasons.sort_by_key(|(_, (documents, _))| std::cmp::Reverse(*documents));
        let mut table = Table::new();
        table.set_header(["unexplained because of", "documents", "sets"]);
        for (reason, (documents, sets)) in reasons {
            table.add_row([reason, &documents.to_string(), &sets.len().to_string()]);
        }
        print_table(table, 1..3, out)
    }
}

fn seconds(set: &SetReport) -> String {
    format!("{:.2}", (set.generated + set.asked).as_secs_f64())
}

/// Prints a table, in which these columns are numbers, and an empty line; nothing if it has no row.
fn print_table(mut table: Table, numbers: Range<usize>, out: &mut impl Write) -> io::Result<()> {
    if table.is_empty() {
        return Ok(());
    }
    table.load_style(presets::NOTHING);
    for (at, column) in table.column_iter_mut().enumerate() {
        column.set_padding((0, 2));
        if numbers.contains(&at) {
            column.set_cell_alignment(CellAlignment::Right);
        }
    }
    for line in table.lines() {
        writeln!(out, "{}", line.trim_end())?;
    }
    writeln!(out)
}

/// A text as one line, shortened.
fn one_line(text: &str) -> String {
    let line: String = text.trim().replace('\n', "; ");
    let shown: String = line.chars().take(WIDTH).collect();
    let more = if shown.len() < line.len() { "…" } else { "" };
    shown + more
}
