//! The YANG library documents: libyang takes them, and they say what was compiled in.
#![allow(
    clippy::expect_used,
    clippy::indexing_slicing,
    reason = "a test states what must hold"
)]

use crate::{command, fixtures, folder, module, path, text};
use fixtures::extern_user as user;
use notif_runtime::registry::Registry;
use serde_json::{Value, json};
use tempfile::TempDir;
use yang2::context::{Context, ContextFlags};
use yang2::data::{DataFormat, DataParserFlags, DataTree, DataValidationFlags};

/// The document, if libyang takes it as valid data of ietf-yang-library.
fn validated(document: &str) -> Value {
    let context = Context::new(ContextFlags::empty()).expect("makes a context");
    let terminated = format!("{document}\0");
    let strict = DataParserFlags::STRICT;
    let present = DataValidationFlags::PRESENT;
    let tree = DataTree::parse_string(&context, terminated, DataFormat::JSON, strict, present);
    if let Err(error) = tree {
        assert_eq!(error.to_string(), "", "{document}");
    }
    serde_json::from_str(document).expect("is JSON")
}

fn library(arguments: &[&str]) -> String {
    let output = command(&[&["library"], arguments].concat());
    assert!(output.status.success(), "{}", text(&output.stderr));
    text(&output.stdout).to_owned()
}

#[test]
fn the_registry_tells_what_was_compiled_in() {
    let registry = Registry::new(&user::SCHEMA);
    let document = validated(&registry.yang_library());
    let library = &document["ietf-yang-library:yang-library"];
    assert_eq!(
        library["module-set"],
        json!([{
            "name": "compiled-in",
            "module": [
                {
                    "name": "extern-base",
                    "revision": "2026-01-01",
                    "namespace": "urn:example:extern-base",
                    "feature": ["fast-lanes"],
                },
                {
                    "name": "extern-user",
                    "revision": "2026-02-02",
                    "namespace": "urn:example:extern-user",
                    "submodule": [{ "name": "extern-user-sub", "revision": "2026-02-01" }],
                },
            ],
        }])
    );
    assert_eq!(
        library["schema"],
        json!([{ "name": "compiled-in", "module-set": ["compiled-in"] }])
    );
}

#[test]
fn the_command_prints_what_the_registry_tells() {
    let printed = library(&[
        "-p",
        &fixtures(),
        "-f",
        "extern-base:fast-lanes",
        "extern-user",
        "extern-base",
    ]);
    assert_eq!(
        validated(&printed),
        validated(&Registry::new(&user::SCHEMA).yang_library())
    );
}

/// A folder with what a document can tell.
fn modules() -> TempDir {
    folder(&[
        (
            "m.yang",
            &module(
                "m",
                "import t { prefix t; }\nimport ietf-yang-types { prefix y; }\nrevision 2026-03-03;
                 container a { must 1; leaf b { type t:n; } leaf c { type y:counter32; } }",
            ),
        ),
        ("t.yang", &module("t", "typedef n { type string; }")),
        (
            "d.yang",
            &module(
                "d",
                "import m { prefix m; }\ndeviation /m:a/m:c { deviate not-supported; }",
            ),
        ),
    ])
}

#[test]
fn a_folder_is_listed_whole() {
    let modules = modules();
    let path = path(&modules);
    let document = validated(&library(&["-p", &path]));
    let set = &document["ietf-yang-library:yang-library"]["module-set"][0];
    assert_eq!(
        set["module"],
        json!([
            { "name": "d", "namespace": "urn:d" },
            { "name": "m", "namespace": "urn:m", "revision": "2026-03-03", "deviation": ["d"] },
        ])
    );
    let imported: Vec<(&str, &str)> = set["import-only-module"]
        .as_array()
        .expect("is a list")
        .iter()
        .filter_map(|module| Some((module["name"].as_str()?, module["revision"].as_str()?)))
        .collect();
    assert_eq!(imported, [("ietf-yang-types", "2013-07-15"), ("t", "")]);
    assert_eq!(library(&["-p", &path]), library(&["-p", &path]));
}

#[test]
fn the_older_form_is_there_too() {
    let modules = modules();
    let path = path(&modules);
    let document = validated(&library(&["-p", &path]));
    let list = document["ietf-yang-library:modules-state"]["module"].as_array();
    let types: Vec<(&str, &str)> = list
        .expect("is a list")
        .iter()
        .filter_map(|module| {
            Some((
                module["name"].as_str()?,
                module["conformance-type"].as_str()?,
            ))
        })
        .collect();
    assert_eq!(
        types,
        [
            ("d", "implement"),
            ("ietf-yang-types", "import"),
            ("m", "implement"),
            ("t", "import")
        ]
    );
}
