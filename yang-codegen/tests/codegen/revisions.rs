//! The revision of a module that is taken, and faults in revisions.
#![allow(clippy::expect_used, reason = "a test states what must hold")]

use std::fs;

use crate::common::{Modules, container, module, revision_of};
use yang_codegen::Generator;

#[test]
fn the_newest_revision_is_compiled_unless_another_is_asked_for() {
    let old = revision_of("m", "2023-01-01", &container("old"));
    let new = revision_of("m", "2024-01-01", &container("new"));
    // The names of files say nothing that their texts do not say better.
    for (old_file, new_file) in [
        ("m@2023-01-01.yang", "m@2024-01-01.yang"),
        ("m@2023-01-01.yang", "m.yang"),
        ("m.yang", "m@2024-01-01.yang"),
        ("m-old.yang", "a.yang"),
    ] {
        let modules = Modules::new(&[(old_file, &old), (new_file, &new)]);
        for (asked, expected) in [
            ("m", "New"),
            ("m@2024-01-01", "New"),
            ("m@2023-01-01", "Old"),
        ] {
            let generator = Generator::new().search_path(modules.path()).module(asked);
            let source = generator.generate().expect("generates").source;
            assert!(
                source.contains(&format!("pub struct {expected} ")),
                "{asked} in {new_file}"
            );
        }
    }
}

#[test]
fn the_newest_revision_is_found_in_any_folder() {
    let old = Modules::new(&[("m.yang", &revision_of("m", "2023-01-01", &container("old")))]);
    let new = Modules::new(&[("m.yang", &revision_of("m", "2024-01-01", &container("new")))]);
    for folders in [[&old, &new], [&new, &old]] {
        let generator = Generator::new()
            .search_path(folders[0].path())
            .search_path(folders[1].path());
        let source = generator.module("m").generate().expect("generates").source;
        assert!(source.contains("pub struct New "));
    }
}

#[test]
fn an_import_gets_the_newest_revision() {
    let old = revision_of("n", "2023-01-01", "typedef t { type int8; }");
    let new = revision_of("n", "2024-01-01", "typedef t { type int16; }");
    let user = |import: &str| {
        let import = format!("import n {{ prefix n; {import} }}");
        module(
            "m",
            &format!("{import}\ncontainer a {{ leaf b {{ type n:t; }} }}"),
        )
    };
    let modules = Modules::new(&[
        ("m.yang", &user("")),
        ("n@2023-01-01.yang", &old),
        ("n@2024-01-01.yang", &new),
    ]);
    let source = || modules.generator().generate().expect("generates").source;
    assert!(source().contains("pub type T = i16;"));
    fs::rename(
        modules.path().join("n@2024-01-01.yang"),
        modules.path().join("n.yang"),
    )
    .expect("renames");
    assert!(source().contains("pub type T = i16;"));
    fs::write(
        modules.path().join("m.yang"),
        user("revision-date 2023-01-01;"),
    )
    .expect("writes");
    assert!(source().contains("pub type T = i8;"));
    fs::write(modules.path().join("m.yang"), user("")).expect("writes");
    let chosen = Generator::new()
        .search_path(modules.path())
        .module("n@2023-01-01")
        .module("m");
    assert!(
        chosen
            .generate()
            .expect("generates")
            .source
            .contains("pub type T = i8;")
    );
}

#[test]
fn an_error_names_the_revision_that_was_asked_for() {
    let modules = Modules::new(&[
        (
            "m@2023-01-01.yang",
            &revision_of("m", "2023-01-01", "oops;"),
        ),
        ("m@2024-01-01.yang", &revision_of("m", "2024-01-01", "")),
    ]);
    let generator = Generator::new()
        .search_path(modules.path())
        .module("m@2023-01-01");
    assert!(
        modules
            .error_of(&generator)
            .starts_with("DIR/m@2023-01-01.yang:6:1: ")
    );
}

fn yang_types(revision: &str) -> String {
    format!(
        "module ietf-yang-types {{\n namespace urn:ietf:params:xml:ns:yang:ietf-yang-types;\n \
         prefix yang;\n revision {revision};\n typedef counter32 {{ type uint8; }}\n}}\n"
    )
}

/// libyang 2 is built with the revision 2013-07-15, where counter32 is a uint32.
#[test]
fn the_search_path_wins_over_the_modules_that_libyang_is_built_with() {
    let user = module(
        "m",
        "import ietf-yang-types { prefix yang; }\ncontainer a { leaf b { type yang:counter32; } }",
    );
    for revision in ["2010-09-24", "2030-01-01"] {
        let modules = Modules::new(&[
            ("m.yang", &user),
            ("ietf-yang-types.yang", &yang_types(revision)),
        ]);
        let output = modules.generator().generate().expect("generates");
        assert!(
            output
                .source
                .contains(&format!("//   ietf-yang-types@{revision}\n"))
        );
        assert!(output.source.contains("pub type Counter32 = u8;"));
        assert!(
            output
                .files
                .contains(&modules.path().join("ietf-yang-types.yang"))
        );
    }
    let modules = Modules::new(&[("m.yang", &user)]);
    let source = modules.generator().generate().expect("generates").source;
    assert!(source.contains("pub type Counter32 = u32;"));
}

#[test]
fn a_revision_that_libyang_is_built_with_may_be_asked_for() {
    let modules = Modules::new(&[
        ("ietf-yang-types@2030-01-01.yang", &yang_types("2030-01-01")),
        ("ietf-yang-types@2013-07-15.yang", &yang_types("2013-07-15")),
    ]);
    for revision in ["2013-07-15", "2030-01-01"] {
        let output = Generator::new()
            .search_path(modules.path())
            .module(&format!("ietf-yang-types@{revision}"))
            .generate()
            .expect("generates");
        let header = format!("//   ietf-yang-types@{revision}\n");
        assert!(output.source.contains(&header));
    }
}

#[test]
fn a_typedef_of_another_revision_is_the_type_itself() {
    let user = module(
        "m",
        "import ietf-yang-types { prefix yang; revision-date 2013-07-15; }\n\
         container a { leaf b { type yang:counter32; } }",
    );
    let modules = Modules::new(&[
        ("m.yang", &user),
        ("ietf-yang-types.yang", &yang_types("2030-01-01")),
    ]);
    let generator = modules.generator().module("ietf-yang-types");
    let source = generator.generate().expect("generates").source;
    // The other revision's is a uint8.
    assert!(source.contains("pub b: Option<u32>"), "{source}");
}
