//! The generated source: small sets that show every form as files that are reviewed, and what
//! holds of all sets.
//!
//! `UPDATE_GOLDEN=1 cargo test --workspace --test codegen -- golden` writes the files.
#![allow(clippy::expect_used, reason = "a test states what must hold")]

use std::path::Path;
use std::{fs, iter};

use proc_macro2::{TokenStream, TokenTree};
use yang_codegen::{Generator, Output};

use crate::common::generator_of;

fn generate(set: &str) -> Output {
    generator_of(set).generate().expect("generates")
}

/// Compares the source of a set with its file in `golden/`.
fn check(set: &str) {
    let source = generate(set).source;
    let folder = Path::new(env!("CARGO_MANIFEST_DIR")).join("tests/codegen/golden");
    let file = folder.join(set).with_extension("rs");
    if std::env::var_os("UPDATE_GOLDEN").is_some() {
        fs::write(&file, &source).expect("writes");
    }
    let golden = fs::read_to_string(&file).expect("reads");
    assert!(
        golden == source,
        "{set}.rs differs from what is generated; UPDATE_GOLDEN=1 writes it, git diff shows it"
    );
}

#[test]
fn every_form_of_node_and_setting() {
    check("forms");
}

#[test]
fn most_types_choices_conditions_and_operations() {
    check("alarms");
}

#[test]
fn a_folder_with_settings_and_sids() {
    check("event");
}

#[test]
fn the_types_that_the_runtime_has_from_yang() {
    let runtime = Path::new(env!("CARGO_MANIFEST_DIR")).join("../notif-runtime");
    let generator = Generator::new()
        .search_path(runtime.join("yang"))
        .runtime_path("crate")
        .module("ietf-restconf");
    let source = generator.generate().expect("generates").source;
    let file = runtime.join("src/restconf/generated.rs");
    assert!(
        fs::read_to_string(file).expect("reads") == source,
        "the types of ietf-restconf differ from what is generated; make generate writes them"
    );
}

#[test]
fn the_source_is_the_same_each_time() {
    for set in fixtures::SETS {
        let (first, again) = (generate(set), generate(set));
        assert!(first.source == again.source, "{set}");
        assert_eq!(first.modules, again.modules, "{set}");
    }
}

/// A line break that a formatter puts into a literal changes a name, a pattern or an expression.
#[test]
fn literals_stay_in_their_lines() {
    for set in fixtures::SETS {
        let source = generate(set).source;
        let tokens: TokenStream = source.parse().expect("is Rust");
        let broken = literals(tokens).find(|literal| literal.contains('\n'));
        assert_eq!(broken, None, "{set}");
    }
}

/// The literals of a source, those of its doc comments too.
fn literals(tokens: TokenStream) -> Box<dyn Iterator<Item = String>> {
    Box::new(tokens.into_iter().flat_map(|token| match token {
        TokenTree::Group(group) => literals(group.stream()),
        TokenTree::Literal(literal) => Box::new(iter::once(literal.to_string())),
        TokenTree::Ident(_) | TokenTree::Punct(_) => Box::new(iter::empty()),
    }))
}

#[test]
fn features_that_are_off_leave_their_nodes_out() {
    let modules = Path::new(env!("CARGO_MANIFEST_DIR")).join("../yang_modules");
    let output = Generator::new()
        .search_path(modules)
        .module("ietf-https-notif")
        .generate();
    let source = output.expect("generates").source;
    assert!(!source.contains("admin_status") && !source.contains("if_index"));
    assert!(source.contains("oper_status"));
}
