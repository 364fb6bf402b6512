//! The verdict of the generated types beside libyang's, over mutated messages in both encodings.
//!
//! Each difference belongs to a class of `DIFFERENCES`, which benches/README.md explains; one that
//! belongs to none fails the test. `AGREEMENT_CASES=100000 cargo test -p benches --release --test
//! agreement` looks further, with other messages each time.
#![allow(missing_docs, reason = "a test file")]
#![allow(
    clippy::unwrap_used,
    clippy::panic,
    clippy::indexing_slicing,
    reason = "a test states what must hold"
)]

mod message;

use std::collections::BTreeMap;

use benches::libyang::{Libyang, terminated};
use message::{Change, Message};
use notif_runtime::decode::Options;
use notif_runtime::registry::Registry;
use notif_runtime::validate::{FaultKind, Faults};
use notif_runtime::{Encoding, json, xml};
use proptest::prelude::*;
use proptest::test_runner::{Config, RngAlgorithm, TestRng, TestRunner};

/// Messages in each encoding that every run tries.
const CASES: u32 = 3000;

/// What each side says of a message.
struct Verdicts<'a> {
    encoding: Encoding,
    text: &'a str,
    ours: Result<(), Faults>,
    libyang: Result<(), String>,
}

impl Verdicts<'_> {
    /// Whether only we refuse it, with a fault of this kind.
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

    /// Whether a fault of ours is at such a path.
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
}

type Applies = fn(&Verdicts<'_>) -> bool;

/// The classes of differences, by the names that benches/README.md explains.
const DIFFERENCES: &[(&str, Applies)] = &[
    ("bytes after the message", |v| {
        v.only_we_refuse(FaultKind::TrailingData)
    }),
    ("an empty message", |v| v.only_we_refuse(FaultKind::Empty)),
    ("a duplicate member", |v| {
        v.only_we_refuse(FaultKind::Duplicate)
    }),
    ("a second notification", |v| {
        v.only_we_refuse(FaultKind::UnknownElement) && v.expected("only one notification")
    }),
    ("an empty prefix", |v| {
        v.only_we_refuse(FaultKind::UnknownElement) && v.ours_at("/:")
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
    ("a number with leading zeros", |v| {
        v.only_libyang_refuses("Invalid type")
    }),
];

fn judge<'a>(
    libyang: &Libyang,
    registry: &Registry,
    encoding: Encoding,
    text: &'a str,
) -> Verdicts<'a> {
    let ours = registry.decode(encoding, text.as_bytes(), &Options::default());
    // libyang reads up to the first NUL byte.
    let theirs = libyang.parse(encoding, &terminated(text));
    Verdicts {
        encoding,
        text,
        ours: ours.map(|_| ()),
        libyang: theirs.map(|_| ()),
    }
}

/// What became of the messages.
#[derive(Default)]
struct Tally {
    both_accept: usize,
    both_refuse: usize,
    classes: BTreeMap<&'static str, usize>,
}

fn compare(encoding: Encoding, bytes: bool) -> Tally {
    let libyang = Libyang::new().unwrap();
    let registry = Registry::new(notif_server::yang::MODULES);
    let wanted = std::env::var("AGREEMENT_CASES")
        .ok()
        .and_then(|cases| cases.parse().ok());
    let config = Config {
        cases: wanted.unwrap_or(CASES / 2),
        failure_persistence: None,
        ..Config::default()
    };
    let mut runner = match wanted {
        Some(_) => TestRunner::new(config),
        None => TestRunner::new_with_rng(config, TestRng::deterministic_rng(RngAlgorithm::ChaCha)),
    };
    let changes = proptest::collection::vec(any::<Change>(), 0..4);
    let tally = std::cell::RefCell::new(Tally::default());
    let outcome = runner.run(&changes, |changes| {
        let text = if bytes {
            message::change_bytes(&Message::base().print(encoding), &changes)
        } else {
            Message::base().changed(&changes).print(encoding)
        };
        let verdicts = judge(&libyang, &registry, encoding, &text);
        let tally = &mut *tally.borrow_mut();
        match (&verdicts.ours, &verdicts.libyang) {
            (Ok(()), Ok(())) => tally.both_accept += 1,
            (Err(_), Err(_)) => tally.both_refuse += 1,
            (ours, theirs) => {
                let class = DIFFERENCES.iter().find(|(_, applies)| applies(&verdicts));
                let Some((class, _)) = class else {
                    let ours = ours.as_ref().map_err(ToString::to_string);
                    return Err(TestCaseError::fail(format!(
                        "unexplained {encoding}: ours {ours:?}, libyang {theirs:?}\n{text}"
                    )));
                };
                *tally.classes.entry(class).or_default() += 1;
            }
        }
        Ok(())
    });
    outcome.unwrap_or_else(|error| panic!("{error}"));
    tally.into_inner()
}

#[test]
fn verdicts_agree_but_for_the_listed_differences() {
    let explained = include_str!("../README.md");
    for encoding in [Encoding::Json, Encoding::Xml] {
        for bytes in [false, true] {
            let tally = compare(encoding, bytes);
            println!(
                "{encoding}, {}: both accept {}, both refuse {}, differences {:?}",
                if bytes {
                    "changed bytes"
                } else {
                    "changed nodes"
                },
                tally.both_accept,
                tally.both_refuse,
                tally.classes
            );
            // Neither side has it easy.
            assert!(tally.both_accept > 50 && tally.both_refuse > 50);
        }
    }
    for (class, _) in DIFFERENCES {
        assert!(
            explained.contains(&format!("| {class} |")),
            "README.md does not explain: {class}"
        );
    }
}

#[test]
fn the_base_message_is_valid_and_means_the_same_in_both_encodings() {
    use notif_server::yang::ietf_https_notif::Notification;
    let (as_json, as_xml) = (
        Message::base().print(Encoding::Json),
        Message::base().print(Encoding::Xml),
    );
    let from_json: Notification =
        json::from_slice(as_json.as_bytes(), &Options::default()).unwrap();
    let from_xml: Notification = xml::from_slice(as_xml.as_bytes(), &Options::default()).unwrap();
    assert_eq!(from_json, from_xml);
    // What we print of it is to libyang the same data as the message itself.
    let libyang = Libyang::new().unwrap();
    let canonical = |encoding, text: &str| {
        let tree = libyang.parse(encoding, &terminated(text)).unwrap();
        libyang.print(Encoding::Json, &tree).unwrap()
    };
    let expected = canonical(Encoding::Json, &as_json);
    assert_eq!(canonical(Encoding::Xml, &as_xml), expected);
    assert_eq!(
        canonical(Encoding::Json, &json::to_string(&from_xml)),
        expected
    );
    assert_eq!(
        canonical(Encoding::Xml, &xml::to_string(&from_json)),
        expected
    );
}
