//! The project's own vectors: each verdict is the right one.
#![allow(clippy::unwrap_used, reason = "a test states what must hold")]

use std::fs;
use std::path::{Path, PathBuf};
use std::process::Command;

#[test]
fn every_verdict_is_right() {
    let vectors = Path::new(env!("CARGO_MANIFEST_DIR")).join("vectors");
    let documents = fs::read_to_string(vectors.join("vectors.jsonl")).unwrap();
    let work = PathBuf::from(env!("CARGO_TARGET_TMPDIR")).join("own");
    let output = Command::new(env!("CARGO_BIN_EXE_conformance"))
        .args(["--vectors".as_ref(), vectors.as_os_str()])
        .args(["--work".as_ref(), work.as_os_str()])
        .env("CARGO_TERM_QUIET", "true")
        .output()
        .unwrap();
    let out = String::from_utf8(output.stdout).unwrap();
    let errors = String::from_utf8(output.stderr).unwrap();
    let expected = format!(
        "\n{} equal, 0 explained, 0 unexplained\n",
        documents.lines().count()
    );
    assert!(out.ends_with(&expected), "{out}{errors}");
    assert!(output.status.success());
}
