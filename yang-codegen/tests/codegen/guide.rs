//! The examples and claims of the guide.
#![allow(clippy::expect_used, reason = "a test states what must hold")]

use std::collections::HashSet;
use std::fs;
use std::path::Path;

use crate::common::{Modules, generator_of, module};
use yang_codegen::Generator;

fn read(name: &str) -> String {
    let file = Path::new(env!("CARGO_MANIFEST_DIR")).join(name);
    fs::read_to_string(file).expect("reads")
}

fn guide() -> String {
    read("GUIDE.md")
}

/// The lines of a text without their comments, and each with single spaces.
fn lines(text: &str) -> impl Iterator<Item = String> {
    let plain = text.lines().map(|line| match line.split_once(" // ") {
        Some((code, _)) => code,
        None => line,
    });
    plain.map(|line| line.split_whitespace().collect::<Vec<_>>().join(" "))
}

/// Generated code that is shown, shortened; all other snippets are compiled.
#[test]
fn generated_code_is_as_it_is_shown() {
    let project = Path::new(env!("CARGO_MANIFEST_DIR")).join("..");
    let door = Generator::new()
        .search_path(project.join("examples/yang"))
        .search_path(project.join("yang_modules"))
        .module("acme-door");
    let generators = [door, generator_of("interfaces"), generator_of("choices")];
    let sources = generators.map(|generator| generator.generate().expect("generates").source);
    let generated: HashSet<String> = sources.iter().flat_map(|source| lines(source)).collect();
    let mut shown = 0;
    for text in [guide(), read("README.md")] {
        for block in text.split("```rust,ignore\n").skip(1) {
            let (block, _) = block.split_once("```").expect("ends");
            for line in lines(block) {
                assert!(line.is_empty() || generated.contains(&line), "{line}");
            }
            shown += 1;
        }
    }
    assert_eq!(shown, 3);
}

/// The statements of RFC 7950 section 14.
const STATEMENTS: &str = "action anydata anyxml argument augment base belongs-to bit case choice \
    config contact container default description deviate deviation enum error-app-tag \
    error-message extension feature fraction-digits grouping identity if-feature import include \
    input key leaf leaf-list length list mandatory max-elements min-elements modifier module must \
    namespace notification ordered-by organization output path pattern position prefix presence \
    range reference refine require-instance revision revision-date rpc status submodule type \
    typedef unique units uses value when yang-version yin-element";

#[test]
fn its_table_has_every_statement_once() {
    let guide = guide();
    let rows = guide.lines().filter_map(|line| line.strip_prefix("| `"));
    let mut named: Vec<&str> = rows
        .filter_map(|row| row.split(" | ").next())
        .flat_map(|names| names.split(", "))
        .map(|name| name.trim_matches('`'))
        .collect();
    named.sort_unstable();
    let statements: Vec<&str> = STATEMENTS.split_whitespace().collect();
    assert_eq!(named, statements);
}

#[test]
fn its_file_of_settings_is_taken() {
    let guide = guide();
    let (_, block) = guide.split_once("```toml\n").expect("has one");
    let (file, _) = block.split_once("```").expect("ends");
    let modules = Modules::new(&[("c.toml", file)]);
    let read = Generator::from_toml(modules.path().join("c.toml"));
    assert!(read.is_ok(), "{read:?}");
}

#[test]
fn its_errors_are_what_is_printed() {
    let body = "container access-event {
    leaf badge { type string; }
    leaf outcome { type strng; }
  }";
    let whole = module("acme-door", body).replacen("prefix acme-door;\n", "prefix d;", 1);
    let modules = Modules::new(&[("acme-door.yang", &whole)]);
    let generator = Generator::new()
        .search_path(modules.path())
        .module("acme-door");
    let first = |error: String| {
        error
            .replace("DIR", "yang")
            .lines()
            .next()
            .map(str::to_owned)
    };
    let shown = |error: Option<String>| guide().contains(&error.expect("has a line"));
    assert!(shown(first(modules.error_of(&generator))));

    let file = modules.path().join("acme-door.yang");
    let whole = whole.replace("strng", "string").replace(
        "type string; }\n    leaf outcome",
        "type string { pattern '(?=a)'; } }\n    leaf outcome",
    );
    fs::write(&file, &whole).expect("writes");
    assert!(
        shown(first(modules.error_of(&generator))),
        "{}",
        modules.error_of(&generator)
    );

    let project = Path::new(env!("CARGO_MANIFEST_DIR")).join("..");
    let renamed = Generator::new()
        .search_path(project.join("examples/yang"))
        .search_path(project.join("yang_modules"))
        .module("acme-door")
        .rename("/acme-door:access-event/readr", "X");
    assert!(shown(first(modules.error_of(&renamed))));
}
