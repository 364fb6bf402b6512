//! The command, on sets that are always there.
#![allow(clippy::expect_used, reason = "a test states what must hold")]

use std::fs;
use std::path::Path;
use std::time::Duration;

use clap::Parser as _;
use front_ends::{
    Args, Case, FeaturesOn, FrontEndName, Modules, Opinion, Outcome, compare, modules, run, sets,
};
use proptest::strategy::{Strategy as _, ValueTree as _};
use proptest::test_runner::TestRunner;
use tempfile::TempDir;

fn program() -> &'static Path {
    Path::new(env!("CARGO_BIN_EXE_front-ends"))
}

fn folder(modules: &Modules) -> TempDir {
    let folder = TempDir::new().expect("makes a folder");
    for (name, text) in &modules.0 {
        fs::write(folder.path().join(format!("{name}.yang")), text).expect("writes");
    }
    folder
}

fn libyang(modules: &Modules) -> Opinion {
    let folder = folder(modules);
    let case = Case {
        search_path: vec![folder.path().to_path_buf()],
        modules: modules.0.iter().map(|(name, _)| name.clone()).collect(),
        features: FeaturesOn::All,
        implement_imports: false,
        lenient: false,
    };
    Opinion::ask(
        program(),
        FrontEndName::Libyang,
        &case,
        Duration::from_secs(60),
    )
}

fn one(body: &str) -> Modules {
    let text = format!("module m {{ namespace urn:m; prefix m; {body} }}");
    Modules(vec![("m".to_owned(), text)])
}

#[test]
fn a_change_in_a_module_is_found() {
    let leaf = |inside: &str| libyang(&one(&format!("leaf a {{ type int8; {inside} }}"))).outcome;
    assert_eq!(compare(&leaf(""), &leaf("")).differences, []);
    for (change, aspect) in [
        ("default 1;", "default"),
        ("units s;", "units"),
        ("description d;", "description"),
        ("status obsolete;", "status"),
        ("config false;", "config"),
        ("mandatory true;", "mandatory"),
        ("must '1';", "must"),
        ("when '1';", "when"),
    ] {
        let found = compare(&leaf(change), &leaf("")).differences;
        let aspects: Vec<&str> = found.iter().map(|found| found.aspect.as_str()).collect();
        assert_eq!(aspects, [aspect], "{change}");
    }
}

#[test]
fn a_process_that_ends_is_an_opinion() {
    // The instance of an extension in a grouping that the module uses at its top ends libyang.
    let body = "extension x { argument a; } grouping g { m:x 1; leaf l { type string; } } uses g;";
    let opinion = libyang(&one(body));
    assert!(matches!(opinion.outcome, Outcome::Ended(_)), "{opinion:?}");
}

#[test]
fn random_sets_are_mostly_valid() {
    let mut runner = TestRunner::deterministic();
    let mut valid = 0;
    for _ in 0..20 {
        let set = modules().new_tree(&mut runner).expect("is made").current();
        valid += usize::from(matches!(libyang(&set).outcome, Outcome::Valid(_)));
    }
    assert!((16..=20).contains(&valid), "{valid}");
}

#[test]
fn folders_and_their_lists_are_found() {
    let folder = folder(&one(""));
    let manifest = r#"{"implement": ["m"], "features": {"m": ["f"]}, "origin": "here"}"#;
    fs::write(folder.path().join("manifest.json"), manifest).expect("writes");
    fs::write(folder.path().join("s.yang"), "submodule s { }").expect("writes");
    let found = sets(folder.path(), &[]).expect("reads");
    let [set] = found.as_slice() else {
        panic!("{found:?}");
    };
    assert_eq!(set.modules, ["m"]);
    let listed = set.listed.as_ref().map(|listed| listed.features.clone());
    let features = FeaturesOn::Listed(vec![("m".to_owned(), vec!["f".to_owned()])]);
    assert_eq!(listed, Some(features));
}

/// The folders of the workspace and, if it is there, of the shared vectors, each with its imports.
fn folders() -> Vec<String> {
    let root = Path::new(env!("CARGO_MANIFEST_DIR")).join("../..");
    let mut folders = vec![
        root.join("yang_modules").display().to_string(),
        root.join("yang-codegen/fixtures/yang")
            .display()
            .to_string(),
    ];
    let shared = root.join("../shared/conformance/schema-sets");
    if shared.is_dir() {
        folders.push(shared.display().to_string());
    }
    folders
}

#[derive(Debug, clap::Parser)]
struct Arguments {
    #[command(flatten)]
    run: Args,
}

#[test]
fn both_front_ends_make_the_same_model() {
    let together = ["front-ends", "--together"].map(str::to_owned);
    let arguments = Arguments::parse_from(together.into_iter().chain(folders()));
    let mut report = Vec::new();
    let fine = run(&arguments.run, program(), &mut report).expect("runs");
    assert!(fine, "{}", String::from_utf8_lossy(&report));
}

#[test]
fn both_front_ends_make_the_same_model_of_random_sets() {
    let arguments = Arguments::parse_from(["front-ends", "--random", "60", "--seed", "7"]);
    let mut report = Vec::new();
    let fine = run(&arguments.run, program(), &mut report).expect("runs");
    assert!(fine, "{}", String::from_utf8_lossy(&report));
}
