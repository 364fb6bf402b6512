//! A folder of modules that is compiled as a whole, with settings of its own and without.
#![allow(clippy::expect_used, reason = "a test states what must hold")]

use std::fs;
use std::path::Path;

use yang_codegen::Generator;

/// A folder with the modules and SIDs of the fixture, and these settings.
fn folder(settings: Option<&str>) -> tempfile::TempDir {
    let from = fixtures::folder().join("folder");
    let folder = tempfile::tempdir().expect("makes a folder");
    for file in ["acme-event.yang", "acme-types.yang", "acme-event.sid"] {
        fs::copy(from.join(file), folder.path().join(file)).expect("copies");
    }
    if let Some(settings) = settings {
        fs::write(folder.path().join("yang-codegen.toml"), settings).expect("writes");
    }
    folder
}

/// The source of the folder's modules, or why there is none.
fn generate(folder: &Path) -> Result<String, String> {
    let generator = Generator::from_folder(folder).map_err(|error| error.to_string())?;
    let output = generator.generate().map_err(|error| error.to_string())?;
    Ok(output.source)
}

/// True for each that is in the source: the container, a feature's leaf, the debug leaf, SIDs.
fn parts(source: &str) -> [bool; 4] {
    ["struct Inventory", "origin:", "debug:", "60011"].map(|part| source.contains(part))
}

#[test]
fn everything_in_a_folder_is_compiled_unless_its_settings_say_otherwise() {
    let all = [true; 4];
    let sids = "sid-files = [\"sub/acme-event.sid\"]";
    for (settings, expected) in [
        (None, all),
        (Some(""), all),
        (
            Some("modules = [\"acme-event\"]"),
            [false, true, true, true],
        ),
        (
            Some("leave-out = [\"/acme-event:event/debug\"]\n[features]\nacme-event = []"),
            [true, false, false, true],
        ),
        (Some(sids), all),
    ] {
        let folder = folder(settings);
        if settings == Some(sids) {
            // A file that is named stands for those that are not.
            let (from, to) = (
                folder.path().join("acme-event.sid"),
                folder.path().join("sub"),
            );
            fs::create_dir(&to).expect("makes a folder");
            fs::copy(&from, to.join("acme-event.sid")).expect("copies");
            fs::write(from, "not taken").expect("writes");
        }
        let source = generate(folder.path()).expect("generates");
        assert_eq!(parts(&source), expected, "{settings:?}");
    }
}

#[test]
fn submodules_come_with_their_modules() {
    let folder = folder(None);
    let file = folder.path().join("acme-event.yang");
    let text = fs::read_to_string(&file).expect("reads");
    let text = text.replacen(
        "organization",
        "include acme-event-more;\n\n  organization",
        1,
    );
    fs::write(&file, text).expect("writes");
    let submodule = "submodule acme-event-more { yang-version 1.1; belongs-to acme-event { prefix ev; } \
                     typedef more { type string; } }";
    fs::write(folder.path().join("acme-event-more.yang"), submodule).expect("writes");
    assert!(generate(folder.path()).is_ok());
}

#[test]
fn what_is_wrong_in_a_folder_is_told_with_its_file() {
    let told = |settings| {
        let folder = folder(Some(settings));
        let error = generate(folder.path()).expect_err("is refused");
        error.replace(&folder.path().display().to_string(), "")
    };
    assert!(told("moduls = []").starts_with("/yang-codegen.toml: "));
    assert!(told("modules = [\"acme-evnt\"]").contains("did you mean \"acme-event\"?"));
    let unused = told("modules = [\"acme-types\"]");
    assert!(
        unused.starts_with("/acme-event.sid: module \"acme-event\" is not compiled"),
        "{unused}"
    );
    assert!(Generator::from_folder("/no/such").is_err());
}

#[test]
fn the_fixture_leaves_out_what_it_says() {
    let fixture = fixtures::folder().join("folder");
    let source = generate(&fixture).expect("generates");
    assert_eq!(parts(&source), [false, false, false, true]);
}
