//! What the generated program does: answers questions about documents of the sets that it was
//! compiled with.

use std::io::{self, BufRead as _, Write as _};
use std::process::ExitCode;

use notif_runtime::Encoding;
use notif_runtime::decode::Options;
use notif_runtime::registry::Registry;
use notif_runtime::schema::{Kind, Module};
use notif_runtime::validate::{Fault, FaultKind, Faults};
use serde::{Deserialize, Serialize};

/// A document, and as what it is to be read.
#[derive(Debug, Clone, Serialize, Deserialize)]
pub struct Question {
    /// The short name of the encoding.
    pub encoding: String,
    /// What the document is.
    #[serde(rename = "type")]
    pub kind: DocumentKind,
    /// Its text.
    pub doc: String,
}

/// What a document can be.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "kebab-case")]
pub enum DocumentKind {
    /// Top-level data nodes, any number of them.
    Data,
    /// A notification, with the nodes around it if it is nested in data.
    Notification,
    /// The call of an rpc or action.
    Rpc,
    /// What an rpc or action gives back.
    Reply,
}

impl DocumentKind {
    /// The word that vectors have for it.
    #[must_use]
    pub const fn as_str(self) -> &'static str {
        match self {
            Self::Data => "data",
            Self::Notification => "notification",
            Self::Rpc => "rpc",
            Self::Reply => "reply",
        }
    }
}

/// What became of a document.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "kebab-case")]
pub enum Answer {
    /// It is valid.
    Accept,
    /// It is not.
    Reject(Vec<Reason>),
    /// The runtime has no function to ask: for what.
    NoEntryPoint(String),
    /// The decoder ended the process, and its last words. Said by those who asked.
    Died(String),
}

/// A fault as others show it.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Reason {
    /// The fault's kind.
    pub fault: String,
    /// The whole fault.
    pub text: String,
}

impl From<&Fault> for Reason {
    fn from(fault: &Fault) -> Self {
        Self {
            fault: fault.kind.to_string(),
            text: fault.to_string(),
        }
    }
}

/// Answers a question with the modules of a set.
#[must_use]
pub fn answer(registry: &Registry, question: &Question) -> Answer {
    let Some(encoding) = Encoding::from_name(&question.encoding) else {
        return Answer::NoEntryPoint(format!("the encoding {}", question.encoding));
    };
    match question.kind {
        DocumentKind::Data => data(registry, encoding, &question.doc),
        kind @ (DocumentKind::Notification | DocumentKind::Rpc | DocumentKind::Reply) => {
            Answer::NoEntryPoint(kind.as_str().to_owned())
        }
    }
}

fn data(registry: &Registry, encoding: Encoding, text: &str) -> Answer {
    let result = registry.decode(encoding, text.as_bytes(), &Options::default());
    let Err(faults) = result else {
        return Answer::Accept;
    };
    match beyond_a_message(registry, text, &faults) {
        Some(what) => Answer::NoEntryPoint(what.to_owned()),
        None => Answer::Reject(faults.list.iter().map(Reason::from).collect()),
    }
}

/// Data that is refused as a message only because a message is one top-level container.
fn beyond_a_message(registry: &Registry, text: &str, faults: &Faults) -> Option<&'static str> {
    let rest = |fault: &Fault| text.get(fault.position.map_or(0, |position| position.offset)..);
    let is_list = |name: &str| {
        registry
            .roots()
            .any(|root| root.qualified_name() == name && matches!(root.kind, Kind::List { .. }))
    };
    faults.list.iter().find_map(|fault| match fault.kind {
        FaultKind::Empty => Some("data without a node"),
        FaultKind::UnknownElement if fault.expected == "only one notification in a message" => {
            Some("data with several top-level nodes")
        }
        FaultKind::TrailingData if rest(fault)?.starts_with('<') => {
            Some("data with several top-level nodes")
        }
        FaultKind::WrongKind if rest(fault)?.starts_with('[') => {
            let mut steps = fault.path.steps();
            let (root, below) = (steps.next()?, steps.next());
            (below.is_none() && is_list(&root.name)).then_some("a list at the top")
        }
        _ => None,
    })
}

/// The whole of the generated program: reads questions about the documents of the set that its one
/// argument names, a line each, and writes an answer to each before it reads the next.
#[must_use]
pub fn main(sets: &[(&str, &'static [&'static Module])]) -> ExitCode {
    let name = std::env::args().nth(1).unwrap_or_default();
    let Some((_, modules)) = sets.iter().find(|(known, _)| *known == name) else {
        let _ = writeln!(io::stderr(), "there is no set {name:?}");
        return ExitCode::from(2);
    };
    match answer_all(&Registry::new(modules)) {
        Ok(()) => ExitCode::SUCCESS,
        Err(error) => {
            let _ = writeln!(io::stderr(), "{error}");
            ExitCode::FAILURE
        }
    }
}

fn answer_all(registry: &Registry) -> io::Result<()> {
    let mut out = io::stdout().lock();
    for line in io::stdin().lock().lines() {
        let question: Question = serde_json::from_str(&line?)?;
        serde_json::to_writer(&mut out, &answer(registry, &question))?;
        // Standard output is flushed at each line's end.
        out.write_all(b"\n")?;
    }
    Ok(())
}
