//! Types: what the command prints, writes and refuses.
#![allow(clippy::expect_used, reason = "a test states what must hold")]

use std::fs;

use yang_codegen::{Features, Generator};

use crate::{command, fixtures, folder, module, path, text};

#[test]
fn the_command_writes_what_the_library_generates() {
    let folder = folder(&[]);
    let file = folder.path().join("out.rs");
    let arguments = [
        "--search-path",
        &fixtures(),
        "--feature",
        "forms:extra",
        "--type-attribute",
        "/forms:top=#[derive(Eq)]",
        "--field-attribute",
        "/forms:top/level=#[doc(hidden)]",
        "--rename",
        "/forms:top/item/kind=Sort",
        "--runtime-path",
        "crate::runtime",
        "forms",
        "forms-more",
    ];
    let library = Generator::new()
        .search_path(fixtures())
        .module("forms")
        .module("forms-more")
        .features("forms", ["extra"])
        .type_attribute("/forms:top", "#[derive(Eq)]")
        .field_attribute("/forms:top/level", "#[doc(hidden)]")
        .rename("/forms:top/item/kind", "Sort")
        .runtime_path("crate::runtime")
        .generate()
        .expect("generates")
        .source;
    let printed = command(&arguments);
    assert!(printed.status.success());
    assert!(text(&printed.stdout) == library);
    let file_name = file.display().to_string();
    let written = command(&[&arguments[..], &["--output", &file_name]].concat());
    assert!(written.status.success());
    assert_eq!(text(&written.stdout), "");
    assert!(
        text(&written.stderr).contains(" nodes, "),
        "{}",
        text(&written.stderr)
    );
    assert!(fs::read_to_string(&file).expect("reads") == library);
}

#[test]
fn the_command_turns_all_features_on() {
    let all = command(&["-p", &fixtures(), "--all-features", "forms", "forms-more"]);
    let library = Generator::new()
        .search_path(fixtures())
        .module("forms")
        .module("forms-more")
        .features(Features::EVERY_MODULE, Features::All)
        .generate()
        .expect("generates");
    assert!(text(&all.stdout) == library.source);
}

#[test]
fn the_command_fails_with_an_error_a_line() {
    let modules = folder(&[("m.yang", &module("m", "oops;\nnope;"))]);
    let folder = path(&modules);
    let failed = command(&["-p", &folder, "m"]);
    assert_eq!(failed.status.code(), Some(1));
    assert_eq!(text(&failed.stdout), "");
    assert_eq!(
        text(&failed.stderr).replace(&folder, "DIR"),
        ["5:1: oops", "6:1: nope"]
            .map(|place| format!(
                "error: DIR/m.yang:{place}: YANG has no such statement; that of an extension begins \
                 with a prefix (RFC 7950 section 6.3)\n"
            ))
            .concat()
    );
    let unwritable = command(&[
        "-p",
        &fixtures(),
        "-o",
        &format!("{folder}/no/out.rs"),
        "forms",
        "forms-more",
    ]);
    assert_eq!(unwritable.status.code(), Some(1));
    assert_eq!(
        text(&unwritable.stderr).replace(&folder, "DIR"),
        "error: DIR/no/out.rs: No such file or directory (os error 2)\n"
    );
}

#[test]
fn the_command_explains_its_use() {
    let help = command(&["--help"]);
    assert!(help.status.success());
    for flag in [
        "--search-path",
        "--feature",
        "--all-features",
        "--type-attribute",
        "--field-attribute",
        "--rename",
        "--runtime-path",
        "--output",
        "Example:",
    ] {
        assert!(text(&help.stdout).contains(flag), "{flag}");
    }
    for (arguments, message) in [
        (
            &["--feature", "nonsense", "m"][..],
            "expected MODULE:FEATURE or MODULE:*",
        ),
        (&["--rename", "nonsense", "m"], "expected PATH=VALUE"),
    ] {
        let failed = command(arguments);
        assert_eq!(failed.status.code(), Some(2));
        assert!(text(&failed.stderr).contains(message), "{message}");
    }
}

#[test]
fn the_command_prints_warnings() {
    let modules = folder(&[("m.yang", &module("m", "container a {\n must \"b\"; }"))]);
    let folder = path(&modules);
    let out = command(&["-p", &folder, "m"]);
    assert!(out.status.success());
    assert_eq!(
        text(&out.stderr).replace(&folder, "DIR").lines().next(),
        Some(
            "warning: DIR/m.yang:6: /m:a: must \"b\": no node is where the step m:b leads, \
             so it gives no nodes"
        )
    );
}

#[test]
fn a_file_has_settings_to_which_flags_add() {
    let settings = "search-path = [\".\"]\nmodules = [\"m\"]\n";
    let body = "container a { leaf b { type string; } }";
    let modules = folder(&[("m.yang", &module("m", body)), ("c.toml", settings)]);
    let file = format!("{}/c.toml", path(&modules));
    let library = Generator::from_toml(&file).expect("reads").generate();
    let plain = command(&["--config", &file]);
    assert!(text(&plain.stdout) == library.expect("generates").source);
    let more = command(&["-c", &file, "--rename", "/m:a=Top"]);
    assert!(
        text(&more.stdout).contains("pub struct Top"),
        "{}",
        text(&more.stderr)
    );
}

#[test]
fn a_folder_needs_an_output() {
    let body = "container a { leaf b { type string; } }";
    let modules = folder(&[("m.yang", &module("m", body))]);
    let folder = path(&modules);
    let arguments = ["-p", &folder, "--per-module", "m"];
    let unsaid = command(&arguments);
    assert!(!unsaid.status.success());
    assert_eq!(
        text(&unsaid.stderr),
        "error: setting for output: it is not set; output or --output says where to write\n"
    );
    let output = format!("{folder}/out");
    let written = command(&[&arguments[..], &["--output", &output]].concat());
    assert!(written.status.success(), "{}", text(&written.stderr));
    let file = fs::read_to_string(modules.path().join("out/m.rs")).expect("reads");
    assert!(file.starts_with("// @generated"), "{file}");
}

#[test]
fn a_sid_file_gives_sids() {
    let file = fixtures::folder().join("example-system.sid");
    let library = Generator::new()
        .search_path(fixtures())
        .module("example-system")
        .sid_file(&file)
        .generate();
    let file = file.display().to_string();
    let printed = command(&["-p", &fixtures(), "--sid", &file, "example-system"]);
    assert_eq!(text(&printed.stdout), library.expect("generates").source);
}
