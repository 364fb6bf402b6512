//! The generated program: answers questions about documents of the sets that it was compiled with.

use std::io::{self, BufRead as _, Write as _};
use std::process::ExitCode;

use notif_runtime::Encoding;
use notif_runtime::Options;
use notif_runtime::fault::Fault;
use notif_runtime::registry::{Compiled, Registry};
use notif_runtime::schema::Form;
use serde::{Deserialize, Serialize};

/// A document, and the kind to read it as.
#[derive(Debug, Clone, Serialize, Deserialize)]
pub struct Question {
    /// The short name of the encoding.
    pub encoding: String,
    /// The kind of document.
    #[serde(rename = "type")]
    pub kind: DocumentKind,
    /// Its text.
    pub doc: String,
}

/// The kinds of documents.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "kebab-case")]
pub enum DocumentKind {
    /// Top-level data nodes, any number of them.
    Data,
    /// A notification, with the nodes around it if it is nested in data.
    Notification,
    /// The call of an rpc or action.
    Rpc,
    /// The reply of an rpc or action.
    Reply,
}

/// The result of a document.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "kebab-case")]
pub enum Answer {
    /// It is valid.
    Accept,
    /// It is not.
    Reject(Vec<Reason>),
    /// The runtime has no function for this question.
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

/// The schema that was generated for a set: its modules, and the root of all data.
pub type Generated = &'static Compiled;

/// Answers a question with what was generated for a set.
#[must_use]
pub fn answer(schema: Generated, question: &Question) -> Answer {
    let Some(encoding) = Encoding::from_name(&question.encoding) else {
        return Answer::NoEntryPoint(format!("the encoding {}", question.encoding));
    };
    let (registry, options) = (Registry::new(schema), Options::default());
    let text = question.doc.as_bytes();
    let form = match question.kind {
        DocumentKind::Data => None,
        DocumentKind::Notification => Some(Form::Notification),
        DocumentKind::Rpc => Some(Form::Rpc),
        DocumentKind::Reply => Some(Form::Reply),
    };
    let result = match form {
        None => registry.decode_data(encoding, text, &options).map(drop),
        Some(form) => registry
            .decode_operation(form, encoding, text, &options)
            .map(drop),
    };
    match result {
        Ok(()) => Answer::Accept,
        Err(faults) => Answer::Reject(faults.list.iter().map(Reason::from).collect()),
    }
}

/// The whole of the generated program: reads questions about the documents of the set that its one
/// argument names, a line each, and writes an answer to each before it reads the next.
#[must_use]
pub fn main(sets: &[(&str, Generated)]) -> ExitCode {
    let name = std::env::args().nth(1).unwrap_or_default();
    let Some((_, generated)) = sets.iter().find(|(known, _)| *known == name) else {
        let _ = writeln!(io::stderr(), "there is no set {name:?}");
        return ExitCode::from(2);
    };
    match answer_all(generated) {
        Ok(()) => ExitCode::SUCCESS,
        Err(error) => {
            let _ = writeln!(io::stderr(), "{error}");
            ExitCode::FAILURE
        }
    }
}

fn answer_all(generated: Generated) -> io::Result<()> {
    let mut out = io::stdout().lock();
    for line in io::stdin().lock().lines() {
        let question: Question = serde_json::from_str(&line?)?;
        serde_json::to_writer(&mut out, &answer(generated, &question))?;
        // Standard output is flushed at each line's end.
        out.write_all(b"\n")?;
    }
    Ok(())
}
