//! Runs the examples and checks their output.
#![allow(missing_docs, reason = "a test file")]
#![allow(
    clippy::unwrap_used,
    clippy::panic,
    clippy::indexing_slicing,
    reason = "a test states what must hold"
)]

use std::io::Write;
use std::process::{Command, Output, Stdio};

fn run(program: &str, input: &str) -> (bool, String) {
    let mut process = Command::new(program)
        .stdin(Stdio::piped())
        .stdout(Stdio::piped())
        .spawn()
        .unwrap();
    process
        .stdin
        .take()
        .unwrap()
        .write_all(input.as_bytes())
        .unwrap();
    let Output { status, stdout, .. } = process.wait_with_output().unwrap();
    (status.success(), String::from_utf8(stdout).unwrap())
}

#[test]
fn own_modules() {
    let (success, out) = run(env!("CARGO_BIN_EXE_own-modules"), "");
    assert!(success, "{out}");
    assert_eq!(
        out,
        "JSON: {\"acme-power:power-report\":{\"eventTime\":\"2026-11-24T05:00:00Z\",\"supply\":[\
         {\"slot\":1,\"state\":\"ok\",\"output-power\":412500}]}}\n\
         XML:  <power-report xmlns=\"https://acme.example/yang/power\"><eventTime>2026-11-24T05:00:00Z</eventTime>\
         <supply><slot>1</slot><state>ok</state><output-power>412500</output-power></supply></power-report>\n\
         refused: duplicate-entry: /acme-power:power-report/supply[slot='1']: \
         expected each entry of the list \"supply\" with other keys\n"
    );
}

#[test]
fn embed() {
    let report = include_str!("../data/power-report.json");
    let (success, out) = run(env!("CARGO_BIN_EXE_embed"), report);
    assert!(success, "{out}");
    assert_eq!(
        out,
        "acme-power:power-report at 2026-11-24T05:00:00Z\n\
         /acme-power:power-report/eventTime = 2026-11-24T05:00:00Z \n\
         /acme-power:power-report/supply[slot='1']/slot = 1 \n\
         /acme-power:power-report/supply[slot='1']/state = ok \n\
         /acme-power:power-report/supply[slot='1']/output-power = 412500 milliwatts\n\
         /acme-power:power-report/supply[slot='2']/slot = 2 \n\
         /acme-power:power-report/supply[slot='2']/state = failed \n"
    );
    let (success, out) = run(
        env!("CARGO_BIN_EXE_embed"),
        &report.replace("412500", "\"412500\""),
    );
    assert!(!success);
    assert!(
        out.contains("/acme-power:power-report/supply[slot='1']/output-power: expected "),
        "{out}"
    );
    assert!(out.ends_with("(invalid-value)\n"), "{out}");
}

#[test]
fn new_module() {
    let (success, out) = run(env!("CARGO_BIN_EXE_new-module"), "");
    assert!(success, "{out}");
    assert_eq!(
        out,
        "north opened by 00C0FFEE\n\
         held open for 0.0 s\n\
         4:12: pattern: /acme-door:access-event/badge: expected a string that matches the pattern \
         [0-9A-F]{8}, found \"coffee\"\n\
         5:44: range: /acme-door:access-event/reader[side='outside']/signal: expected an int8 in \
         -120..0, found -121\n\
         6:3: unknown-element: /acme-door:access-event/color: expected a member of the notification \
         \"access-event\": eventTime, door, badge, outcome, held-open, reader\n\
         1:28: missing-mandatory: /acme-door:access-event/outcome: expected the mandatory leaf \
         \"outcome\"\n"
    );
}
