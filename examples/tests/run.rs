//! The examples do what they say.
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
         /eventTime = 2026-11-24T05:00:00Z \n\
         /supply[slot=1]/slot = 1 \n\
         /supply[slot=1]/state = ok \n\
         /supply[slot=1]/output-power = 412500 milliwatts\n\
         /supply[slot=2]/slot = 2 \n\
         /supply[slot=2]/state = failed \n"
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
