//! `.sid` files: what they must fit, and what the user reads if they do not.
#![allow(clippy::expect_used, reason = "a test states what must hold")]

use fixtures::folder;
use std::fs;

use yang_codegen::Generator;

fn generator() -> Generator {
    Generator::new()
        .search_path(folder())
        .module("example-system")
}

/// The fixture's file with its one occurrence of `from` replaced.
fn edited(from: &str, to: &str) -> String {
    let text = fs::read_to_string(folder().join("example-system.sid")).expect("reads");
    assert_eq!(text.matches(from).count(), 1, "{from} stands once");
    text.replace(from, to)
}

/// The error for a file with this text, without its path.
fn refused(text: &str) -> String {
    let folder = tempfile::tempdir().expect("makes a folder");
    let file = folder.path().join("m.sid");
    fs::write(&file, text).expect("writes");
    let error = generator().sid_file(&file).generate();
    let error = error.expect_err("is refused").to_string();
    let (path, reason) = error.split_once(": ").expect("names the file");
    assert_eq!(path, file.display().to_string());
    reason.to_owned()
}

#[test]
fn a_file_must_fit_the_modules() {
    let item = |name: &str, sid: &str| {
        format!("\"identifier\": \"/example-system:{name}\",\n        \"sid\": \"{sid}\"")
    };
    for (from, to, expected) in [
        (
            "\"module-name\": \"example-system\"".to_owned(),
            "\"module-name\": \"example-sytem\"".to_owned(),
            "module \"example-sytem\" is not compiled; did you mean \"example-system\"?",
        ),
        (
            "\"module-revision\": \"2026-01-01\"".to_owned(),
            "\"module-revision\": \"2025-01-01\"".to_owned(),
            "it is of revision 2025-01-01 of \"example-system\", and revision 2026-01-01 is compiled",
        ),
        (
            item("system/contact", "1741"),
            item("system/contacts", "1741"),
            "/example-system:system/contacts: no module defines \"contacts\"; did you mean \"contact\"?",
        ),
        (
            item("system/contact", "1741"),
            item("system/hidden", "1741"),
            "it has no SID for /example-system:system/contact; make it again from the module that is compiled",
        ),
        (
            "\"identifier\": \"ethernetCsmacd\"".to_owned(),
            "\"identifier\": \"off\"".to_owned(),
            "it has no SID for the identity ethernetCsmacd; make it again from the module that is compiled",
        ),
        (
            item("system/contact", "1741"),
            item("system/contact", "1740"),
            "1740 is the SID of both /example-system:system and /example-system:system/contact; each item has its own",
        ),
        (
            "\"identifier\": \"/example-system:system\"".to_owned(),
            "\"identifier\": \"system\"".to_owned(),
            "system is no path of a node: it starts with /MODULE:NODE",
        ),
    ] {
        assert_eq!(refused(&edited(&from, &to)), expected);
    }
}

#[test]
fn a_file_must_be_one() {
    for (text, told) in [
        (String::new(), "EOF"),
        ("{}".to_owned(), "missing field `ietf-sid-file:sid-file`"),
        (edited("\"1741\"", "\"x\""), "a SID is a number of 63 bits"),
        (edited("\"1741\"", "-1"), "did not match"),
        (
            edited("\"1741\"", "\"9223372036854775808\""),
            "a SID is a number of 63 bits",
        ),
        (
            edited("\"namespace\": \"feature\"", "\"namespace\": \"extension\""),
            "unknown variant",
        ),
    ] {
        let reason = refused(&text);
        assert!(
            reason.starts_with("it is no .sid file (RFC 9595 section 4): ")
                && reason.contains(told),
            "{reason}"
        );
    }
    let error = generator().sid_file("none.sid").generate();
    let error = error.expect_err("is refused").to_string();
    assert!(error.starts_with("none.sid: "), "{error}");
}

#[test]
fn sids_are_there_only_if_asked_for() {
    let plain = generator().generate().expect("generates").source;
    assert!(!plain.contains(".sid("));
    let with = generator().sid_file(folder().join("example-system.sid"));
    let with = with.generate().expect("generates").source;
    assert!(with.contains(".sid(1741)") && with.contains(".sid(1880)"));
    // SIDs as numbers, of files from before the RFC.
    let scratch = tempfile::tempdir().expect("makes a folder");
    let file = scratch.path().join("m.sid");
    fs::write(&file, edited("\"1741\"", "1741")).expect("writes");
    let numbers = generator().sid_file(&file).generate();
    assert_eq!(numbers.expect("generates").source, with);
}
