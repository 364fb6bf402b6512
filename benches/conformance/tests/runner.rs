//! The answers of the generated program.
#![allow(missing_docs, reason = "a test file")]
#![allow(
    clippy::unwrap_used,
    clippy::panic,
    clippy::indexing_slicing,
    reason = "a test states what must hold"
)]

use conformance::runner::{Answer, Question, answer};
use fixtures::forms;

fn ask(encoding: &str, kind: &str, doc: &str) -> Answer {
    let question = serde_json::json!({"encoding": encoding, "type": kind, "doc": doc});
    let question: Question = serde_json::from_value(question).unwrap();
    answer(&forms::SCHEMA, &question)
}

const VALID: &str = r#"{"forms:top":{"state":{"when":"2025-01-01T00:00:00Z"}}}"#;

#[test]
fn one_top_level_container_is_judged() {
    assert_eq!(ask("json", "data", VALID), Answer::Accept);
    let Answer::Reject(faults) = ask("json", "data", &VALID.replace("00:00Z", "")) else {
        panic!("accepted");
    };
    assert_eq!(faults[0].fault, "pattern");
    assert!(
        faults[0].text.contains("/forms:top/state/when"),
        "{faults:?}"
    );
}

#[test]
fn documents_of_every_type_are_judged() {
    let several = VALID.replace("}}}", "}},\"forms-more:more\":{}}");
    let xml =
        "<top xmlns=\"urn:example:forms\"><state><when>2025-01-01T00:00:00Z</when></state></top>";
    assert_eq!(ask("json", "data", "{}"), Answer::Accept);
    assert_eq!(ask("xml", "data", ""), Answer::Accept);
    assert_eq!(ask("xml", "data", xml), Answer::Accept);
    for (encoding, kind, doc, fault) in [
        ("json", "data", several.as_str(), "unknown-element"),
        ("xml", "data", &format!("{xml}{xml}"), "duplicate"),
        ("json", "rpc", VALID, "empty"),
        ("json", "reply", VALID, "empty"),
        ("json", "notification", VALID, "empty"),
        ("xml", "notification", xml, "empty"),
    ] {
        let Answer::Reject(faults) = ask(encoding, kind, doc) else {
            panic!("accepted: {doc}");
        };
        assert_eq!(faults[0].fault, fault, "{faults:?}");
    }
    assert_eq!(
        ask("yaml", "data", VALID),
        Answer::NoEntryPoint("the encoding yaml".to_owned())
    );
}
