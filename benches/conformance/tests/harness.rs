//! The whole of it over a folder of vectors that the test makes: one document of each outcome.
#![allow(missing_docs, reason = "a test file")]
#![allow(
    clippy::unwrap_used,
    clippy::panic,
    clippy::indexing_slicing,
    reason = "a test states what must hold"
)]
#![cfg(unix)]

use std::fs;
use std::os::unix::fs::PermissionsExt as _;
use std::path::{Path, PathBuf};
use std::process::Command;
use std::sync::{Mutex, PoisonError};

use conformance::harness::ask::ask;
use conformance::harness::project::{ANSWERS, Project, Source};
use conformance::runner::{Answer, Question};
use yang_codegen::Generator;

/// One at a time has the folder in which the sources are compiled. It is kept between runs, so that
/// only the first has to compile the runtime.
static WORK: Mutex<()> = Mutex::new(());

fn work() -> PathBuf {
    Path::new(env!("CARGO_TARGET_TMPDIR")).join("conformance")
}

fn write(path: &Path, text: &str) {
    fs::create_dir_all(path.parent().unwrap()).unwrap();
    fs::write(path, text).unwrap();
}

const MANIFEST: &str = r#"{"implement":["m"],"features":{"m":["on"]},"origin":"this test"}"#;

/// A module with a node for each of two features.
const MODULE: &str = "module m { yang-version 1.1; namespace urn:m; prefix m;
    feature on; feature off;
    container top {
        leaf level { type uint8 { range 1..9; } }
        leaf there { if-feature on; type string; }
        leaf absent { if-feature off; type string; }
    }
}";

/// One that libyang does not take.
const BROKEN: &str = "module m { yang-version 1.1; namespace urn:m; prefix m;
    feature on;
    container top { leaf level { type nothing; } }
}";

/// A document: its id, its verdict, its text, and what libyang said.
type Line<'l> = (&'l str, &'l str, &'l str, &'l str);

fn lines(documents: &[Line<'_>]) -> String {
    let line = |(id, verdict, doc, reason): &Line<'_>| {
        let encoding = if doc.starts_with('<') { "xml" } else { "json" };
        let document = serde_json::json!({
            "id": id, "set": id.split('/').next(), "encoding": encoding, "type": "data",
            "doc": doc, "verdict": verdict, "reason": reason,
        });
        format!("{document}\n")
    };
    documents.iter().map(line).collect()
}

fn vectors(folder: &Path) {
    for (set, module) in [("agrees", MODULE), ("differs", MODULE), ("broken", BROKEN)] {
        let set = folder.join("schema-sets").join(set);
        write(&set.join("manifest.json"), MANIFEST);
        write(&set.join("m.yang"), module);
    }
    let documents = lines(&[
        (
            "agrees/1",
            "accept",
            r#"{"m:top":{"level":7,"there":"x"}}"#,
            "",
        ),
        (
            "agrees/2",
            "reject",
            r#"<top xmlns="urn:m"><absent>x</absent></top>"#,
            "no such node",
        ),
        ("agrees/3", "accept", r#"{"m:top":{"level":"7"}}"#, ""),
        ("differs/1", "accept", r#"{"m:top":{"level":10}}"#, ""),
        (
            "differs/2",
            "reject",
            r#"{"m:top":{"level":1}}"#,
            "libyang has its reasons",
        ),
        ("broken/1", "accept", r#"{"m:top":{"level":1}}"#, ""),
    ]);
    write(&folder.join("vectors.jsonl"), &documents);
    let lenient = lines(&[("agrees/4", "accept", r#"{"m:top":{"level":7},}"#, "")]);
    write(&folder.join("lenient.jsonl"), &lenient);
    write(
        &folder.join("differences.toml"),
        "[[difference]]\nname = 'a number in a string'\nrfc = 'RFC 7951 section 6.1'\n\
         why = 'a uint8 is a number'\nverdict = 'reject'\nfault = 'wrong-kind'\n",
    );
}

fn conformance(folder: &Path, sets: &[&str]) -> (Option<i32>, String) {
    let output = Command::new(env!("CARGO_BIN_EXE_conformance"))
        .args(sets)
        .arg("--vectors")
        .arg(folder)
        .arg("--differences")
        .arg(folder.join("differences.toml"))
        .arg("--work")
        .arg(work())
        .env("CARGO_TERM_QUIET", "true")
        .output()
        .unwrap();
    let errors = String::from_utf8(output.stderr).unwrap();
    let out = String::from_utf8(output.stdout).unwrap();
    (output.status.code(), out + &errors)
}

#[test]
fn every_outcome_is_told() {
    let _alone = WORK.lock().unwrap_or_else(PoisonError::into_inner);
    let folder = tempfile::tempdir().unwrap();
    vectors(folder.path());
    let (code, out) = conformance(folder.path(), &[]);
    let rows: Vec<String> = out
        .lines()
        .map(|line| line.split_whitespace().collect::<Vec<_>>().join(" "))
        .collect();
    let has = |start: &str| {
        assert!(
            rows.iter().any(|row| row.starts_with(start)),
            "no row {start:?} in\n{out}"
        );
    };
    assert_eq!(code, Some(1), "{out}");
    assert!(
        out.ends_with("\n3 equal, 1 explained, 3 unexplained\n"),
        "{out}"
    );
    // Accepted, rejected, explained, different, not asked.
    has("agrees 4 1 2 1 0 0 ");
    has("differs 2 0 0 0 2 0 ");
    has("broken 1 0.0");
    assert!(
        out.contains(" not generated: m.yang:3:34: type \"nothing\": "),
        "{out}"
    );

    has("differs/1: rejected: 1:19: range: /m:top/level: ");
    has("differs/2: accepted: libyang has its reasons");
    has("a number in a string RFC 7951 section 6.1 1");
    has("a module is not valid 1 1");
    has("rejected: range 1 1");
    has("accepted 1 1");

    let (code, out) = conformance(folder.path(), &["agrees"]);
    assert_eq!(code, Some(0), "{out}");
    assert!(
        out.ends_with("\n3 equal, 1 explained, 0 unexplained\n"),
        "{out}"
    );

    let (code, out) = conformance(folder.path(), &["agree"]);
    assert_eq!(code, Some(2), "{out}");
    assert!(
        out.contains("error: schema-sets has no set \"agree\""),
        "{out}"
    );
}

#[test]
fn without_vectors_nothing_is_done() {
    let (code, out) = conformance(Path::new("/nowhere/at/all"), &[]);
    assert_eq!(code, Some(0));
    assert!(
        out.starts_with("no vectors in /nowhere/at/all: passed over"),
        "{out}"
    );
}

#[test]
fn a_source_that_does_not_compile_is_told_and_left_out() {
    let _alone = WORK.lock().unwrap_or_else(PoisonError::into_inner);
    let source = |set: &str, text: &str| Source {
        set: set.to_owned(),
        text: text.to_owned(),
    };
    let modules = Path::new(env!("CARGO_MANIFEST_DIR")).join("vectors/schema-sets/plant");
    let generator = Generator::new().search_path(modules).module("plant-types");
    let fine = generator.generate().unwrap().source;
    let sources = vec![
        source("fine", &fine),
        source("wrong", "fn f() -> u8 { \"\" }"),
    ];
    let built = Project::new(&work(), ANSWERS).build(sources).unwrap();
    let broken: Vec<(&str, &str)> = built
        .broken
        .iter()
        .map(|(set, error)| (set.as_str(), error.as_str()))
        .collect();
    assert_eq!(
        broken,
        [("wrong", "sets/wrong/src/lib.rs:1: mismatched types")]
    );
    let question = question("{}");
    let absent = Answer::Died("exit status: 2: there is no set \"wrong\"".to_owned());
    assert_eq!(
        ask(&built.program, "wrong", &[&question]).unwrap(),
        [absent]
    );
    let answers = ask(&built.program, "fine", &[&question, &question]).unwrap();
    assert_eq!(answers, [Answer::Accept, Answer::Accept]);
}

fn question(doc: &str) -> Question {
    serde_json::from_value(serde_json::json!({"encoding": "json", "type": "data", "doc": doc}))
        .unwrap()
}

#[test]
fn a_document_that_ends_the_program_takes_no_other_with_it() {
    let folder = tempfile::tempdir().unwrap();
    let program = folder.path().join("program");
    let script = "#!/bin/sh\nwhile read -r line; do case $line in *bad*) echo 'too deep' >&2; exit 3;; \
                  *) echo '\"accept\"';; esac; done\n";
    write(&program, script);
    fs::set_permissions(&program, fs::Permissions::from_mode(0o755)).unwrap();
    let questions = ["bad", "good", "good", "bad", "bad", "good"].map(question);
    let questions: Vec<&Question> = questions.iter().collect();
    let died = || Answer::Died("exit status: 3: too deep".to_owned());
    assert_eq!(
        ask(&program, "set", &questions).unwrap(),
        [
            died(),
            Answer::Accept,
            Answer::Accept,
            died(),
            died(),
            Answer::Accept
        ]
    );
}
