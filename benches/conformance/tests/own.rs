//! The project's own vectors: each verdict is the right one, and libyang's but where they say another.
#![allow(
    clippy::unwrap_used,
    clippy::indexing_slicing,
    reason = "a test states what must hold"
)]

use std::fs;
use std::path::{Path, PathBuf};
use std::process::Command;

use conformance::harness::vectors::{self, Set, Verdict};
use conformance::runner::DocumentKind;
use instances::libyang::{Libyang, terminated};
use notif_runtime::Encoding;
use notif_runtime::schema::Form;

fn folder() -> PathBuf {
    Path::new(env!("CARGO_MANIFEST_DIR")).join("vectors")
}

#[test]
fn every_verdict_is_right() {
    let vectors = folder();
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

#[test]
fn libyang_has_the_verdicts_that_are_said() {
    for set in vectors::read(&folder(), &[]).unwrap() {
        let libyang = libyang(&set);
        for document in &set.documents {
            let known = match (document.libyang, document.verdict) {
                (Some(vectors::Libyang::Ends), _) => continue,
                (Some(known), _) => known,
                (None, Verdict::Accept) => vectors::Libyang::Accept,
                (None, Verdict::Reject) => vectors::Libyang::Reject,
            };
            let question = &document.question;
            let form = match question.kind {
                DocumentKind::Data => None,
                DocumentKind::Notification => Some(Form::Notification),
                DocumentKind::Rpc => Some(Form::Rpc),
                DocumentKind::Reply => Some(Form::Reply),
            };
            let encoding = match question.encoding.as_str() {
                "xml" => Encoding::Xml,
                _ => Encoding::Json,
            };
            let verdict = match libyang.parse(form, encoding, &terminated(&question.doc)) {
                Ok(_) => vectors::Libyang::Accept,
                Err(_) => vectors::Libyang::Reject,
            };
            assert_eq!(verdict, known, "{}", document.id);
        }
    }
}

/// libyang with the modules of a set, all features on.
fn libyang(set: &Set) -> Libyang {
    let file = fs::read(set.folder.join("manifest.json")).unwrap();
    let manifest: serde_json::Value = serde_json::from_slice(&file).unwrap();
    let modules = manifest["implement"].as_array().unwrap();
    let modules: Vec<(&str, &[&str])> = modules
        .iter()
        .map(|module| (module.as_str().unwrap(), ["*"].as_slice()))
        .collect();
    Libyang::new(&[&set.folder], &modules).unwrap()
}
