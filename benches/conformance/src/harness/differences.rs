//! The known differences, in which an RFC decides for our verdict against libyang's.

use std::fs;
use std::path::Path;

use serde::Deserialize;

use super::Error;
use super::vectors::{Document, Verdict};
use crate::runner::{Answer, DocumentKind};

/// A class of documents on which the verdicts differ. It holds where all that it names holds.
#[derive(Debug, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Difference {
    /// The common trait of these documents.
    pub name: String,
    /// The RFC and the section that decide it.
    pub rfc: String,
    /// The explanation.
    pub why: String,
    /// Our verdict.
    verdict: Verdict,
    /// The encoding, if it is of one alone.
    encoding: Option<String>,
    /// The kind of document, if it is of one alone.
    #[serde(rename = "type")]
    kind: Option<DocumentKind>,
    /// The kind of one of our faults.
    fault: Option<String>,
    /// A part of that fault's text.
    text: Option<String>,
    /// Parts of libyang's reasons, one of which its reason has.
    #[serde(default)]
    libyang: Vec<String>,
    /// Parts of the document, one of which it has.
    #[serde(default)]
    document: Vec<String>,
    /// The documents, if nothing that is said of them tells them apart.
    #[serde(default)]
    documents: Vec<String>,
}

#[derive(Debug, Deserialize)]
#[serde(deny_unknown_fields)]
struct File {
    #[serde(default)]
    difference: Vec<Difference>,
}

/// Reads the list.
///
/// # Errors
/// The list cannot be read, or an entry would explain every difference.
pub fn read(file: &Path) -> Result<Vec<Difference>, Error> {
    let text = fs::read_to_string(file).map_err(Error::io(file))?;
    let refused = |reason: String| Error::Differences {
        file: file.to_path_buf(),
        reason,
    };
    let list: File = toml::from_str(&text).map_err(|error| refused(error.to_string()))?;
    match list.difference.iter().find(|entry| !entry.is_narrow()) {
        Some(entry) => Err(refused(format!(
            "{:?} takes every difference; say which, with fault, libyang or documents",
            entry.name
        ))),
        None => Ok(list.difference),
    }
}

impl Difference {
    fn is_narrow(&self) -> bool {
        self.fault.is_some() || !self.libyang.is_empty() || !self.documents.is_empty()
    }

    /// Returns true if it explains the answer about a document, which is not the expected one.
    #[must_use]
    pub fn explains(&self, document: &Document, answer: &Answer) -> bool {
        let of_encoding = |encoding: &String| document.question.encoding == *encoding;
        let of_kind = |kind: &DocumentKind| document.question.kind == *kind;
        let stands = |part: &String| document.question.doc.contains(part);
        let said = |reason: &String| document.reason.contains(reason);
        let ours = match answer {
            Answer::Accept => self.verdict == Verdict::Accept && self.fault.is_none(),
            Answer::Reject(faults) => {
                self.verdict == Verdict::Reject
                    && faults.iter().any(|found| {
                        let is_kind = |fault: &String| found.fault == *fault;
                        let holds = |text: &String| found.text.contains(text);
                        self.fault.as_ref().is_none_or(is_kind)
                            && self.text.as_ref().is_none_or(holds)
                    })
            }
            Answer::NoEntryPoint(_) | Answer::Died(_) => false,
        };
        ours && self.encoding.as_ref().is_none_or(of_encoding)
            && self.kind.as_ref().is_none_or(of_kind)
            && (self.libyang.is_empty() || self.libyang.iter().any(said))
            && (self.document.is_empty() || self.document.iter().any(stands))
            && (self.documents.is_empty() || self.documents.contains(&document.id))
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn differences(text: &str) -> Result<Vec<Difference>, Error> {
        let file = tempfile::NamedTempFile::new().unwrap();
        fs::write(file.path(), text).unwrap();
        read(file.path())
    }

    fn entry(more: &str) -> Difference {
        let text = format!("[[difference]]\nname = 'n'\nrfc = 'r'\nwhy = 'w'\n{more}");
        differences(&text).unwrap().pop().unwrap()
    }

    fn document(reason: &str) -> Document {
        let text = format!(
            r#"{{"id":"s/1","set":"s","encoding":"xml","type":"data","doc":"","verdict":"accept","reason":"{reason}"}}"#
        );
        serde_json::from_str(&text).unwrap()
    }

    fn reject(fault: &str, text: &str) -> Answer {
        let (fault, text) = (fault.to_owned(), text.to_owned());
        Answer::Reject(vec![
            crate::runner::Reason {
                fault: "range".to_owned(),
                text: "another".to_owned(),
            },
            crate::runner::Reason { fault, text },
        ])
    }

    #[test]
    fn all_that_an_entry_names_must_hold() {
        let wanted = entry("verdict = 'reject'\nencoding = 'xml'\nfault = 'lexical'\ntext = 'hex'");
        let document = document("");
        assert!(wanted.explains(&document, &reject("lexical", "no hex")));
        assert!(!wanted.explains(&document, &reject("lexical", "octal")));
        assert!(!wanted.explains(&document, &reject("range", "no hex too large")));
        assert!(!wanted.explains(&document, &Answer::Accept));
        assert!(!wanted.explains(&document, &Answer::Died("hex".to_owned())));
        let json = entry("verdict = 'reject'\nencoding = 'json'\nfault = 'lexical'");
        assert!(!json.explains(&document, &reject("lexical", "no hex")));
    }

    #[test]
    fn a_part_of_the_document_may_be_asked_for() {
        let entry = entry("verdict = 'accept'\nlibyang = ['empty']\ndocument = ['<!--', '<?']");
        let mut document = document("empty value");
        assert!(!entry.explains(&document, &Answer::Accept));
        document.question.doc = "<a><!-- b -->1</a>".to_owned();
        assert!(entry.explains(&document, &Answer::Accept));
    }

    #[test]
    fn what_we_accept_is_known_by_what_libyang_says_or_by_name() {
        let said = entry("verdict = 'accept'\nlibyang = ['hexadecimal', 'octal']");
        assert!(said.explains(&document("an octal number"), &Answer::Accept));
        assert!(!said.explains(&document("another"), &Answer::Accept));
        assert!(!said.explains(&document("an octal number"), &reject("range", "")));
        let named = entry("verdict = 'accept'\ndocuments = ['s/1']");
        assert!(named.explains(&document(""), &Answer::Accept));
        let other = entry("verdict = 'accept'\ndocuments = ['s/2']");
        assert!(!other.explains(&document(""), &Answer::Accept));
    }

    #[test]
    fn an_entry_says_what_it_is_about() {
        let all = "[[difference]]\nname = 'n'\nrfc = 'r'\nwhy = 'w'\nverdict = 'reject'";
        let error = differences(all).unwrap_err().to_string();
        assert!(error.contains("\"n\" takes every difference"), "{error}");
        let misspelt = format!("{all}\nfaults = 'lexical'");
        assert!(differences(&misspelt).is_err());
        assert!(differences("").unwrap().is_empty());
    }
}
