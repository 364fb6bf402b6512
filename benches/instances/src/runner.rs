//! The program that `make corpus` builds: compares a set's verdicts with libyang's.

use std::io::{self, Write as _};
use std::path::Path;
use std::process::ExitCode;

use notif_runtime::registry::{Compiled, Registry};
use notif_runtime::schema::{Form, Module, Node, Operation};

use crate::libyang::Libyang;
use crate::verdict::{Subject, Tally};

/// The results of a set's documents, as the program prints them.
#[derive(Debug, Default, serde::Serialize, serde::Deserialize)]
pub struct Outcome {
    /// The number of documents that both accept.
    pub accepted: usize,
    /// The number that both refuse.
    pub refused: usize,
    /// The number of known differences.
    pub explained: usize,
    /// The number of documents that were meant to be valid.
    pub meant: usize,
    /// The number of those that are.
    pub valid: usize,
    /// libyang's complaint about most others.
    pub complaint: Option<String>,
    /// The first difference that is not known.
    pub fault: Option<String>,
}

impl Outcome {
    fn add(&mut self, tally: Result<Tally, String>) {
        match tally {
            Ok(tally) => {
                self.accepted += tally.both_accept;
                self.refused += tally.both_refuse;
                self.explained += tally.classes.values().sum::<usize>();
                self.meant += tally.meant;
                self.valid += tally.meant - tally.complaints.values().sum::<usize>();
                let most = tally.complaints.into_iter().max_by_key(|(_, count)| *count);
                self.complaint = self.complaint.take().or(most.map(|(text, _)| text));
            }
            Err(fault) => self.fault = self.fault.take().or(Some(fault)),
        }
    }
}

/// The schema that was generated for a set: its modules, and the root of all data.
pub type Generated = &'static Compiled;

/// The whole of the program: its arguments are the set, which is called after its module, the number
/// of documents for each top-level node, and the folders with modules. It prints an [`Outcome`] as
/// JSON.
#[must_use]
pub fn main(sets: &[(&str, Generated)]) -> ExitCode {
    let arguments: Vec<String> = std::env::args().skip(1).collect();
    let outcome = match arguments.as_slice() {
        [set, cases, folders @ ..] => compare(sets, set, cases, folders),
        _ => Err("the arguments are SET CASES FOLDER...".to_owned()),
    };
    let printed = outcome.and_then(|outcome| {
        let text = serde_json::to_string(&outcome).map_err(|error| error.to_string())?;
        writeln!(io::stdout(), "{text}").map_err(|error| error.to_string())
    });
    if let Err(error) = printed {
        let _ = writeln!(io::stderr(), "{error}");
        return ExitCode::FAILURE;
    }
    ExitCode::SUCCESS
}

fn compare(
    sets: &[(&str, Generated)],
    set: &str,
    cases: &str,
    folders: &[String],
) -> Result<Outcome, String> {
    let known = sets.iter().find(|(known, _)| *known == set);
    let (_, schema) = known.ok_or_else(|| format!("there is no set {set:?}"))?;
    let cases = cases.parse().map_err(|_| format!("{cases} is no number"))?;
    let folders: Vec<&Path> = folders.iter().map(Path::new).collect();
    let libyang = Libyang::new(&folders, &[(set, &["*"])]);
    let libyang = libyang.map_err(|error| format!("libyang: {error}"))?;
    let registry = Registry::new(schema);
    let subject = |form| Subject {
        libyang: &libyang,
        registry: &registry,
        data: Some(schema.data()),
        form,
    };
    let mut outcome = Outcome::default();
    for root in schema.data().children() {
        outcome.add(subject(None).compare(&[root], (1, cases)));
    }
    for form in [Form::Notification, Form::Rpc, Form::Reply] {
        for way in operations(schema.data(), schema.schema().modules, form) {
            outcome.add(subject(Some(form)).compare(&way, (1, cases)));
        }
    }
    Ok(outcome)
}

/// The way from the top to each operation of this form: the data nodes around it, and the operation.
#[must_use]
pub fn operations(
    data: &'static Node<'static>,
    modules: &[&'static Module],
    form: Form,
) -> Vec<Vec<&'static Node<'static>>> {
    let of_form = |operation: &'static Operation| operation.of_form(form);
    let mut ways: Vec<Vec<&'static Node<'static>>> = modules
        .iter()
        .flat_map(|module| module.operations.iter().filter_map(of_form))
        .map(|node| vec![node])
        .collect();
    let mut open: Vec<Vec<&'static Node<'static>>> =
        data.children().iter().map(|node| vec![node]).collect();
    while let Some(way) = open.pop() {
        let Some(node) = way.last() else { continue };
        let with = |node: &'static Node<'static>| [way.as_slice(), &[node]].concat();
        ways.extend(node.operations.iter().filter_map(of_form).map(with));
        open.extend(node.children().iter().map(with));
    }
    ways
}
