//! The verdict of the generated types beside libyang's, and the classes of differences that are known.

use std::collections::BTreeMap;

use notif_runtime::Encoding;
use notif_runtime::Options;
use notif_runtime::fault::{FaultKind, Faults};
use notif_runtime::notification::Notification;
use notif_runtime::operation::Operation;
use notif_runtime::registry::Registry;
use notif_runtime::schema::{Form, Node};
use notif_runtime::tree;
use rand::RngExt as _;

use crate::libyang::{Libyang, terminated};
use crate::random::Random;
use crate::{Document, change, repair, round_trip};

/// The verdicts of both sides on a document.
#[derive(Debug)]
pub struct Verdicts<'a> {
    /// The encoding of the text.
    pub encoding: Encoding,
    /// The form of operation; `None` for whole data.
    pub form: Option<Form>,
    /// The document.
    pub text: &'a str,
    /// The verdict of the generated types.
    pub ours: Result<(), Faults>,
    /// libyang's verdict: its first complaint.
    pub libyang: Result<(), String>,
}

impl Verdicts<'_> {
    /// True if only we refuse it, with a fault of this kind.
    fn only_we_refuse(&self, kind: FaultKind) -> bool {
        let faults = self.ours.as_ref().err();
        let found = |faults: &Faults| faults.list.iter().any(|fault| fault.kind == kind);
        self.libyang.is_ok() && faults.is_some_and(found)
    }

    fn expected(&self, part: &str) -> bool {
        let faults = self.ours.as_ref().err();
        faults.is_some_and(|faults| {
            faults
                .list
                .iter()
                .any(|fault| fault.expected.contains(part))
        })
    }

    /// True if a fault of ours has a path with this part.
    fn ours_at(&self, part: &str) -> bool {
        let faults = self.ours.as_ref().err();
        faults.is_some_and(|faults| {
            faults
                .list
                .iter()
                .any(|fault| fault.path.to_string().contains(part))
        })
    }

    fn only_libyang_refuses(&self, complaint: &str) -> bool {
        let theirs = self.libyang.as_ref().err();
        self.ours.is_ok() && theirs.is_some_and(|theirs| theirs.contains(complaint))
    }

    /// True if a 64-bit number of the message is hexadecimal.
    fn has_hexadecimal(&self) -> bool {
        ["\"0x", "\"-0x", "\"+0x"]
            .iter()
            .any(|start| self.text.contains(start))
    }

    /// True if a fault of ours is a value that starts with a sign and no digit.
    fn has_bare_sign(&self) -> bool {
        let faults = self.ours.as_ref().err();
        let is_bare = |value: &str| {
            let text = value.trim_matches(['"', ' ', '\t', '\n']);
            let number = text.strip_prefix(['+', '-']);
            number.is_some_and(|number| !number.starts_with(|c: char| c.is_ascii_digit()))
        };
        faults.is_some_and(|faults| {
            let mut values = faults
                .list
                .iter()
                .filter_map(|fault| fault.value.as_deref());
            values.any(is_bare)
        })
    }

    /// True if a fault of ours is an identity behind a colon without a prefix.
    fn has_empty_prefix(&self) -> bool {
        let faults = self.ours.as_ref().err();
        faults.is_some_and(|faults| {
            faults.list.iter().any(|fault| {
                let value = fault.value.as_deref().unwrap_or_default();
                fault.expected.contains("one of the identities") && value.starts_with("\":")
            })
        })
    }

    /// True if a fault of ours is an instance-identifier with a number in it.
    fn has_loose_path(&self) -> bool {
        let faults = self.ours.as_ref().err();
        let loose = |value: &str| {
            let number = |(_, then): (&str, &str)| then.starts_with(|c: char| c.is_ascii_digit());
            value.split_once('=').is_some_and(number)
        };
        faults.is_some_and(|faults| {
            faults.list.iter().any(|fault| {
                fault
                    .expected
                    .starts_with("the path of a node of the schema")
                    && fault.value.as_deref().is_some_and(loose)
            })
        })
    }

    /// The class that a difference belongs to.
    #[must_use]
    pub fn class(&self) -> Option<&'static str> {
        let class = DIFFERENCES.iter().find(|(_, applies)| applies(self));
        class.map(|(name, _)| *name)
    }
}

/// The most repairs of a document before it is given up.
const REPAIRS: usize = 60;

type Applies = fn(&Verdicts<'_>) -> bool;

/// The classes of differences, by the names that benches/README.md explains.
pub const DIFFERENCES: &[(&str, Applies)] = &[
    ("bytes after the message", |v| {
        v.only_we_refuse(FaultKind::TrailingData)
    }),
    ("an empty message", |v| v.only_we_refuse(FaultKind::Empty)),
    ("a duplicate member", |v| {
        v.only_we_refuse(FaultKind::Duplicate)
    }),
    ("data of two cases in an output", |v| {
        v.form == Some(Form::Reply) && v.only_we_refuse(FaultKind::SeveralCases)
    }),
    ("a second notification", |v| {
        v.only_we_refuse(FaultKind::UnknownElement) && v.expected("only one notification")
    }),
    ("an empty prefix", |v| {
        (v.only_we_refuse(FaultKind::UnknownElement) && v.ours_at("/:"))
            || (v.only_we_refuse(FaultKind::Lexical) && v.has_empty_prefix())
    }),
    ("a comma before a closing bracket", |v| {
        v.only_we_refuse(FaultKind::Malformed)
            && [",}", ",]"].iter().any(|end| v.text.contains(end))
    }),
    ("XML that is not well-formed", |v| {
        let told = [
            "attributes",
            "the end tag </",
            "]]&gt; for ]]>",
            "a start tag with an element's name",
            "a processing instruction with a name",
            "may declare",
            "an XML declaration",
            "the encoding UTF-8",
            "a reference to a character",
        ];
        v.encoding == Encoding::Xml
            && v.only_we_refuse(FaultKind::Malformed)
            && told.iter().any(|told| v.expected(told))
    }),
    ("a time that RFC 3339 does not have", |v| {
        v.only_we_refuse(FaultKind::Pattern) && v.expected("\\d{4}-\\d{2}-\\d{2}T")
    }),
    ("a surrogate pair", |v| {
        v.only_libyang_refuses("Invalid character reference")
    }),
    ("a hexadecimal number", |v| {
        v.only_we_refuse(FaultKind::Lexical) && v.has_hexadecimal()
    }),
    ("a sign without a digit behind it", |v| {
        v.only_we_refuse(FaultKind::Lexical) && v.has_bare_sign()
    }),
    ("an instance-identifier as XPath writes it", |v| {
        v.only_we_refuse(FaultKind::Lexical) && v.has_loose_path()
    }),
    ("list keys in another order", |v| {
        v.encoding == Encoding::Xml && v.only_libyang_refuses("Invalid position of the key")
    }),
    ("an XPath expression that is none", |v| {
        v.only_libyang_refuses("Storing value failed")
            || v.only_libyang_refuses("Invalid node-instance-identifier")
    }),
    ("a node of a known schema inside anydata", |v| {
        v.only_libyang_refuses("is represented in input data as")
            || v.only_libyang_refuses("inside an anydata node")
    }),
    ("an empty array inside anydata", |v| {
        v.only_libyang_refuses("Unexpected input data array closed")
    }),
    ("a class that PCRE2 reads otherwise", |v| {
        [r"\w", r"\W", r"\s", r"\S", r"\p{Is", r"\P{Is"]
            .iter()
            .any(|class| {
                v.only_libyang_refuses(class)
                    || (v.only_we_refuse(FaultKind::Pattern) && v.expected(class))
            })
    }),
    ("an identity that a value cannot have", |v| {
        v.only_libyang_refuses("Unknown/non-implemented module")
            || v.only_libyang_refuses("\" not found in module")
    }),
    ("a number with leading zeros", |v| {
        v.only_libyang_refuses("Invalid type")
    }),
];

/// The means to judge documents.
#[derive(Debug, Clone, Copy)]
pub struct Subject<'s> {
    /// libyang, with the same modules.
    pub libyang: &'s Libyang,
    /// The modules.
    pub registry: &'s Registry,
    /// The description of whole data; without it a document is one message.
    pub data: Option<&'static Node<'static>>,
    /// The form of operation in a document; `None` for whole data.
    pub form: Option<Form>,
}

/// A decoded document.
#[derive(Debug)]
pub enum Decoded {
    /// A message, or whole data.
    Data(Notification),
    /// An operation, with the data around it.
    Operation(Operation),
}

impl Decoded {
    /// The top of the document.
    #[must_use]
    pub fn root(&self) -> &dyn tree::Node {
        match self {
            Self::Data(data) => data.root(),
            Self::Operation(operation) => operation.root(),
        }
    }
}

/// The results of documents.
#[derive(Debug, Default, Clone)]
pub struct Tally {
    /// Valid to both.
    pub both_accept: usize,
    /// Invalid to both.
    pub both_refuse: usize,
    /// Valid to one of them, by the class of the difference.
    pub classes: BTreeMap<&'static str, usize>,
    /// Documents that were meant to be valid.
    pub meant: usize,
    /// libyang's complaints about those that are not.
    pub complaints: BTreeMap<String, usize>,
}

impl Tally {
    /// Counts a document.
    ///
    /// # Errors
    /// Both verdicts and the text, if they differ for no known reason.
    pub fn count(&mut self, verdicts: &Verdicts<'_>) -> Result<(), String> {
        match (&verdicts.ours, &verdicts.libyang) {
            (Ok(()), Ok(())) => self.both_accept += 1,
            (Err(_), Err(_)) => self.both_refuse += 1,
            (ours, theirs) => {
                let Some(class) = verdicts.class() else {
                    let (encoding, text) = (verdicts.encoding, verdicts.text);
                    let ours = ours.as_ref().map_err(ToString::to_string);
                    return Err(format!(
                        "unexplained {encoding}: ours {ours:?}, libyang {theirs:?}\n{text}"
                    ));
                };
                *self.classes.entry(class).or_default() += 1;
            }
        }
        Ok(())
    }
}

impl Subject<'_> {
    /// Decodes a document.
    ///
    /// # Errors
    /// The faults of the document.
    pub fn decode(&self, encoding: Encoding, input: &[u8]) -> Result<Decoded, Faults> {
        let options = Options::default();
        match (self.data, self.form) {
            (None, _) => {
                let message = self.registry.decode(encoding, input, &options);
                message.map(Decoded::Data)
            }
            (Some(_), None) => {
                let data = self.registry.decode_data(encoding, input, &options);
                data.map(|(data, notes)| {
                    Decoded::Data(Notification::new(data).with_annotations(notes))
                })
            }
            (Some(_), Some(form)) => {
                let operation = (self.registry).decode_operation(form, encoding, input, &options);
                operation.map(Decoded::Operation)
            }
        }
    }

    /// Asks both sides.
    #[must_use]
    pub fn judge<'a>(&self, encoding: Encoding, text: &'a str) -> Verdicts<'a> {
        // libyang reads up to the first NUL byte.
        let theirs = self.libyang.parse(self.form, encoding, &terminated(text));
        Verdicts {
            encoding,
            form: self.form,
            text,
            ours: self.decode(encoding, text.as_bytes()).map(|_| ()),
            libyang: theirs.map(|_| ()),
        }
    }

    /// Compares the verdicts on `cases` random documents of a node and on changes of each, and lets
    /// those that are valid go through every encoding. The node is a top-level one, or an operation
    /// behind the data nodes around it. A document is also compared after each repair, until it is
    /// valid.
    ///
    /// # Errors
    /// The first difference that is not known, with its seed.
    pub fn compare(
        &self,
        way: &[&'static Node<'static>],
        (first_seed, cases): (u64, u64),
    ) -> Result<Tally, String> {
        let mut tally = Tally::default();
        let Some(root) = way.first() else {
            return Ok(tally);
        };
        // A module that has a node in the document must have those that are mandatory.
        let all = self.data.map_or(&[][..], |data| data.children());
        let needed = all.iter().filter(|other| {
            let is_other = self.form.is_none() && !std::ptr::eq(*other, *root);
            is_other && other.mandatory && other.module.name == root.module.name
        });
        let roots: Vec<&'static Node<'static>> = std::iter::once(*root).chain(needed).collect();
        let mut random = Random::new(first_seed);
        for seed in first_seed..first_seed.saturating_add(cases) {
            random.reseed(seed);
            let careless = seed % 3 == 0;
            random.set_careless(if careless { 0.02 } else { 0.0 });
            let mut document = match self.form {
                None => random.document(&roots),
                Some(_) => random.operation(way),
            };
            let wrong = |error: String| format!("seed {seed}: {error}");
            let mut valid = self.both(&document, &mut tally).map_err(wrong)?;
            if !careless {
                for _ in 0..REPAIRS {
                    if valid || !self.repair(&mut document, random.rng()) {
                        break;
                    }
                    valid = self.both(&document, &mut tally).map_err(wrong)?;
                }
            }
            if valid {
                round_trip::check(self, &document).map_err(wrong)?;
            }
            if !careless {
                self.count_meant(&document, &mut tally);
            }
            let mut changed = document;
            for _ in 0..random.rng().random_range(1..4) {
                change::node(&mut changed, random.rng());
                self.both(&changed, &mut tally).map_err(wrong)?;
            }
        }
        Ok(tally)
    }

    /// Removes the node at fault; returns true if there was something to remove.
    fn repair(&self, document: &mut Document, rng: &mut impl rand::Rng) -> bool {
        let text = document.print(Encoding::Json, self.registry.modules());
        let Err(faults) = self.decode(Encoding::Json, text.as_bytes()) else {
            return false;
        };
        let mut faults = faults.list.iter();
        faults.any(|fault| repair::repair(document, fault, rng))
    }

    fn count_meant(&self, document: &Document, tally: &mut Tally) {
        tally.meant += 1;
        let text = document.print(Encoding::Json, self.registry.modules());
        if let Err(complaint) = self
            .libyang
            .parse(self.form, Encoding::Json, &terminated(&text))
        {
            *tally.complaints.entry(complaint).or_default() += 1;
        }
    }

    /// Compares the verdicts on a document in each encoding that libyang reads; returns true if all
    /// are that it is valid.
    fn both(&self, document: &Document, tally: &mut Tally) -> Result<bool, String> {
        let mut valid = true;
        for encoding in [Encoding::Json, Encoding::Xml] {
            let text = document.print(encoding, self.registry.modules());
            let verdicts = self.judge(encoding, &text);
            tally.count(&verdicts)?;
            valid &= verdicts.ours.is_ok() && verdicts.libyang.is_ok();
        }
        Ok(valid)
    }
}
