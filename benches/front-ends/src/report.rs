//! The report: the differences, and a table of the sets.

use std::collections::BTreeMap;
use std::io::{self, Write};

use comfy_table::{CellAlignment, Table, presets};

use crate::compare::{Difference, VERDICT};
use crate::explained::Explanations;
use crate::opinion::{Opinion, Outcome};
use crate::run::{Args, Asked};

/// The number of characters of a value that are shown.
const SHOWN: usize = 200;

/// The number of equal characters that are shown before those that differ.
const BEFORE: usize = 40;

/// The cases of a set.
pub(crate) struct Row {
    pub(crate) name: String,
    pub(crate) cases: Vec<Asked>,
}

/// The sums over the sets so far.
pub(crate) struct Report<'e> {
    explanations: &'e Explanations,
    args: &'e Args,
    rows: Vec<[String; 11]>,
    /// For each kind of node, the numbers of nodes that are equal and that differ.
    nodes: BTreeMap<String, (usize, usize)>,
    /// The number of differences of each explanation.
    explained: BTreeMap<String, usize>,
    unexplained: usize,
    cases: usize,
}

/// The cost of a front end over several cases.
#[derive(Default)]
struct Cost {
    seconds: f64,
    peak: u64,
}

impl Cost {
    fn add(&mut self, opinion: &Opinion) {
        self.seconds += opinion.seconds;
        self.peak = self.peak.max(opinion.peak);
    }
}

impl<'e> Report<'e> {
    pub(crate) fn new(explanations: &'e Explanations, args: &'e Args) -> Self {
        Self {
            explanations,
            args,
            rows: Vec::new(),
            nodes: BTreeMap::new(),
            explained: BTreeMap::new(),
            unexplained: 0,
            cases: 0,
        }
    }

    /// True if every difference is explained.
    pub(crate) const fn is_fine(&self) -> bool {
        self.unexplained == 0
    }

    /// Takes a set in, and prints its differences.
    pub(crate) fn add(&mut self, row: &Row, out: &mut impl Write) -> io::Result<()> {
        let (mut valid, mut refused, mut verdicts) = (0, 0, 0);
        let (mut equal, mut different) = (0, 0);
        let (mut explained, mut unexplained) = (0, 0);
        let (mut own, mut libyang) = (Cost::default(), Cost::default());
        let mut shown: BTreeMap<&str, usize> = BTreeMap::new();
        for case in &row.cases {
            valid += usize::from(case.comparison.both_valid);
            refused += usize::from(both_refuse(case).is_some());
            own.add(&case.own);
            libyang.add(&case.libyang);
            for (kind, (of_kind, not)) in &case.comparison.nodes {
                let nodes = self.nodes.entry(kind.clone()).or_default();
                *nodes = (nodes.0 + of_kind, nodes.1 + not);
                equal += of_kind;
                different += not;
            }
            let name = format!("{}: {}", row.name, case.name);
            if let (true, Some((own, libyang))) = (self.args.refused, both_refuse(case)) {
                writeln!(out, "{name}\n  both refuse it")?;
                writeln!(out, "    own:     {}", excerpt(Some(own), 0))?;
                writeln!(out, "    libyang: {}", excerpt(Some(libyang), 0))?;
            }
            for difference in &case.comparison.differences {
                verdicts += usize::from(difference.aspect == VERDICT);
                let explanation = self.explanations.find(&name, difference);
                if let Some(explanation) = explanation {
                    explained += 1;
                    *self.explained.entry(explanation.name.clone()).or_default() += 1;
                } else {
                    unexplained += 1;
                }
                if explanation.is_none() || self.args.explained {
                    let shown = shown.entry(&difference.aspect).or_default();
                    *shown += 1;
                    if *shown <= self.args.show {
                        let reason = explanation.map(|known| known.name.as_str());
                        print_difference(&name, difference, reason, out)?;
                    }
                }
            }
        }
        for (aspect, shown) in shown {
            if shown > self.args.show {
                let more = shown - self.args.show;
                writeln!(out, "{}: {more} more differences of {aspect}", row.name)?;
            }
        }
        self.unexplained += unexplained;
        self.cases += row.cases.len();
        self.rows.push([
            row.name.clone(),
            row.cases.len().to_string(),
            valid.to_string(),
            refused.to_string(),
            verdicts.to_string(),
            format!("{equal}+{different}"),
            explained.to_string(),
            unexplained.to_string(),
            format!("{:.2}/{:.2}", own.seconds, libyang.seconds),
            (own.peak >> 10).to_string(),
            (libyang.peak >> 10).to_string(),
        ]);
        out.flush()
    }

    /// Prints the tables.
    pub(crate) fn print(&self, out: &mut impl Write) -> io::Result<()> {
        let header = [
            "set",
            "cases",
            "both valid",
            "both refuse",
            "verdicts differ",
            "nodes =+≠",
            "explained",
            "unexplained",
            "s own/libyang",
            "MiB own",
            "MiB libyang",
        ];
        writeln!(out)?;
        print_table(&header, &self.rows, out)?;
        let rows = self.nodes.iter().map(|(kind, (equal, different))| {
            [kind.clone(), equal.to_string(), different.to_string()]
        });
        writeln!(out)?;
        print_table(
            &["node", "equal", "different"],
            &rows.collect::<Vec<_>>(),
            out,
        )?;
        let rows = self
            .explained
            .iter()
            .map(|(name, count)| [name.clone(), count.to_string()]);
        writeln!(out)?;
        print_table(
            &["explained by", "differences"],
            &rows.collect::<Vec<_>>(),
            out,
        )?;
        let (equal, different) = self
            .nodes
            .values()
            .fold((0, 0), |sum, nodes| (sum.0 + nodes.0, sum.1 + nodes.1));
        let (cases, unexplained) = (self.cases, self.unexplained);
        writeln!(
            out,
            "\n{cases} cases, {equal} nodes equal, {different} different; {unexplained} differences are not explained"
        )
    }
}

/// The messages of both, if both refuse.
fn both_refuse(case: &Asked) -> Option<(&str, &str)> {
    match (&case.own.outcome, &case.libyang.outcome) {
        (Outcome::Refused(own), Outcome::Refused(libyang)) => Some((own, libyang)),
        _ => None,
    }
}

fn print_table<const N: usize>(
    header: &[&str; N],
    rows: &[[String; N]],
    out: &mut impl Write,
) -> io::Result<()> {
    let mut table = Table::new();
    table.load_style(presets::NOTHING);
    table.set_header(header.iter());
    for row in rows {
        table.add_row(row.iter());
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
    Ok(())
}

fn print_difference(
    case: &str,
    difference: &Difference,
    explanation: Option<&str>,
    out: &mut impl Write,
) -> io::Result<()> {
    let (own, libyang) = (difference.own.as_deref(), difference.libyang.as_deref());
    let equal = equal_characters(own.unwrap_or_default(), libyang.unwrap_or_default());
    let skipped = equal.saturating_sub(BEFORE);
    writeln!(out, "{case}")?;
    if let Some(explanation) = explanation {
        writeln!(out, "  ({explanation})")?;
    }
    let Difference { path, aspect, .. } = difference;
    writeln!(out, "  {path} {aspect}")?;
    writeln!(out, "    own:     {}", excerpt(own, skipped))?;
    writeln!(out, "    libyang: {}", excerpt(libyang, skipped))
}

/// The number of characters at the start that are the same in both.
fn equal_characters(one: &str, other: &str) -> usize {
    let pairs = one.chars().zip(other.chars());
    pairs.take_while(|(one, other)| one == other).count()
}

/// A value as one line, from some character on, shortened.
fn excerpt(value: Option<&str>, skipped: usize) -> String {
    let Some(value) = value else {
        return "nothing".to_owned();
    };
    let before = if skipped > 0 { "…" } else { "" };
    let shown: String = value.chars().skip(skipped).take(SHOWN).collect();
    let after = if value.chars().count() > skipped + SHOWN {
        "…"
    } else {
        ""
    };
    format!("{before}{}{after}", shown.replace('\n', "; "))
}
