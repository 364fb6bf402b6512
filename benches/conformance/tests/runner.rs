//! What the generated program answers.
#![allow(missing_docs, reason = "a test file")]
#![allow(
    clippy::unwrap_used,
    clippy::panic,
    clippy::indexing_slicing,
    reason = "a test states what must hold"
)]

use conformance::runner::{Answer, Question, answer};
use notif_runtime::registry::Registry;

#[rustfmt::skip]
#[path = "../../../yang-codegen/tests/golden/forms.rs"]
#[allow(clippy::module_inception, reason = "the YANG module has the name of its file")]
mod forms;

fn ask(encoding: &str, kind: &str, doc: &str) -> Answer {
    let question = serde_json::json!({"encoding": encoding, "type": kind, "doc": doc});
    let question: Question = serde_json::from_value(question).unwrap();
    answer(&Registry::new(forms::MODULES), &question)
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
fn what_the_runtime_has_no_function_for_is_no_verdict() {
    let several = VALID.replace("}}}", "}},\"forms:more\":{}}");
    let xml =
        "<top xmlns=\"urn:example:forms\"><state><when>2025-01-01T00:00:00Z</when></state></top>";
    for (encoding, kind, doc, what) in [
        ("json", "data", "{}", "data without a node"),
        (
            "json",
            "data",
            several.as_str(),
            "data with several top-level nodes",
        ),
        (
            "xml",
            "data",
            &format!("{xml}{xml}"),
            "data with several top-level nodes",
        ),
        ("json", "rpc", VALID, "rpc"),
        ("json", "reply", VALID, "reply"),
        ("json", "notification", VALID, "notification"),
        ("cbor", "data", VALID, "the encoding cbor"),
    ] {
        assert_eq!(
            ask(encoding, kind, doc),
            Answer::NoEntryPoint(what.to_owned()),
            "{doc}"
        );
    }
}
