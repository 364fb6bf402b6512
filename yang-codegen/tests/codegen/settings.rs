//! The generator's settings, set by the library and from a file.
#![allow(clippy::expect_used, reason = "a test states what must hold")]

use std::fs;

use crate::common::{Modules, fixtures, module};
use yang_codegen::{Features, Generator};

const BODY: &str = "typedef unused { type uint8 { range 1..2; } }
typedef link { type leafref { path /m:a/m:b; } }
container a {
  leaf b { type string; }
  container inner { leaf v { type string; } list l { key k; leaf k { type string; } } }
}
container other { leaf y { type string; } }
rpc go { input { leaf x { type string; } leaf z { type string; } } }
notification happened { leaf w { type string; } }";

fn source(generator: &Generator) -> String {
    generator.generate().expect("generates").source
}

#[test]
fn what_is_left_out_is_not_generated() {
    let more = module(
        "more",
        "import m { prefix m; }\naugment /m:a { leaf added { type string; } }",
    );
    let modules = Modules::new(&[("m.yang", &module("m", BODY)), ("more.yang", &more)]);
    let generator = modules.generator().module("more");
    let whole = source(&generator);
    assert!(whole.contains("pub added:") && whole.contains("pub struct Inner"));
    for (path, gone) in [
        ("/m:a/inner", "pub struct Inner"),
        ("/m:a/more:added", "pub added:"),
        ("/m:other", "pub struct Other"),
        ("/m:go/input/x", "pub x:"),
        ("/m:happened", "pub struct Happened"),
        ("more", "pub added:"),
    ] {
        let left = source(&generator.clone().leave_out(path));
        assert!(whole.contains(gone) && !left.contains(gone), "{path}");
        assert!(left.contains("pub b:"), "{path}");
    }
    // A module of its own that leaves out its own nodes, and what is below one that is left out.
    let none = generator.leave_out("m").leave_out("/m:a/inner");
    assert!(source(&none).contains("pub struct Data {}"));
}

#[test]
fn what_cannot_be_left_out_is_an_error() {
    let modules = Modules::with_body(BODY);
    for (path, error) in [
        ("/m:a/c/x", "setting for /m:a/c/x: no node has this path"),
        (
            "/m:a/iner",
            "setting for /m:a/iner: no node has this path; did you mean \"/m:a/inner\"?",
        ),
        (
            "/a/b",
            "setting for /a/b: the first step needs its module: /module:node",
        ),
        (
            "mm",
            "setting for leave_out of mm: the module is neither asked for nor imported; did you mean \"m\"?",
        ),
    ] {
        let generator = modules.generator().leave_out(path);
        assert_eq!(modules.error_of(&generator), error);
    }
    let key = modules.generator().leave_out("/m:a/inner/l/k");
    assert_eq!(
        modules.error_of(&key),
        "setting for /m:a/inner/l/k: it is a key of its list, which has to be left out as a whole: \
         /m:a/inner/l"
    );
}

#[test]
fn typedefs_that_no_node_uses_can_be_had() {
    let modules = Modules::with_body(BODY);
    let has = |generator: &Generator| source(generator).contains("pub struct Unused");
    assert!(!has(&modules.generator()));
    assert!(has(&modules.generator().typedefs("m")));
    assert_eq!(
        modules.error_of(&modules.generator().typedefs("mm")),
        "setting for typedefs of mm: the module is neither asked for nor imported; did you mean \"m\"?"
    );
}

#[test]
fn stars_in_paths_name_many_nodes() {
    let modules = Modules::with_body(BODY);
    let marked = |path: &str| {
        let generator = modules
            .generator()
            .type_attribute(path, "#[derive(Eq, PartialOrd)]");
        source(&generator)
            .matches("#[derive(Debug, Clone, PartialEq, Eq, Hash, PartialOrd)]")
            .count()
    };
    assert_eq!(marked("/m:a"), 1);
    assert_eq!(marked("/*"), 3);
    assert_eq!(marked("/m:a/**"), 2);
    assert_eq!(marked("/**"), 7);
    let fields = modules
        .generator()
        .field_attribute("/m:a/*", "#[doc(alias = \"z\")]");
    assert_eq!(source(&fields).matches("#[doc(alias").count(), 2);
    let nothing = modules
        .generator()
        .type_attribute("/m:a/b/**", "#[derive(Eq)]");
    assert_eq!(
        modules.error_of(&nothing),
        "setting for /m:a/b/**: no node has this path; did you mean \"/m:a/b\"?"
    );
}

#[test]
fn a_file_has_all_that_the_library_has() {
    let modules = Modules::with_body(BODY);
    let file = modules.path().join("yang-codegen.toml");
    fs::write(
        &file,
        r##"
search-path = ["."]
modules = ["m"]
typedefs = ["m"]
leave-out = ["/m:other"]
partial = ["m"]
runtime-path = "crate::rt"

[features]
"*" = "*"

[type-attribute]
"/m:a/**" = ["#[derive(Eq)]", "#[derive(Hash)]"]

[field-attribute]
"/m:a/b" = "#[doc(hidden)]"

[rename]
"/m:a/inner" = "Within"
"##,
    )
    .expect("writes");
    let from_file = Generator::from_toml(&file).expect("reads");
    let built = modules
        .generator()
        .typedefs("m")
        .leave_out("/m:other")
        .partial("m")
        .runtime_path("crate::rt")
        .features(Features::EVERY_MODULE, Features::All)
        .type_attribute("/m:a/**", "#[derive(Eq)]")
        .type_attribute("/m:a/**", "#[derive(Hash)]")
        .field_attribute("/m:a/b", "#[doc(hidden)]")
        .rename("/m:a/inner", "Within");
    assert_eq!(source(&from_file), source(&built));
}

#[test]
fn a_wrong_file_says_where() {
    let modules = Modules::with_body(BODY);
    let file = modules.path().join("c.toml");
    for (text, parts) in [
        (
            "modules = [\"m\"]\nmodule = [\"m\"]\n",
            [
                "DIR/c.toml: ",
                "line 2",
                "unknown field `module`, expected one of ",
            ],
        ),
        (
            "[features]\nm = 1\n",
            [
                "DIR/c.toml: ",
                "line 2",
                "expected \"*\" for all features, or a list of features",
            ],
        ),
    ] {
        fs::write(&file, text).expect("writes");
        let error = Generator::from_toml(&file)
            .expect_err("is wrong")
            .to_string();
        let error = error.replace(&modules.path().display().to_string(), "DIR");
        assert!(parts.iter().all(|part| error.contains(part)), "{error}");
    }
    let absent = Generator::from_toml(modules.path().join("no.toml"));
    assert!(
        absent
            .expect_err("is absent")
            .to_string()
            .contains("no.toml: No such file")
    );
}

#[test]
fn a_folder_has_a_file_for_each_module() {
    let modules = Modules::with_body(BODY);
    let folder = modules.path().join("out");
    let generator = modules.generator().per_module(true);
    assert_eq!(
        generator.write().expect_err("has no output").to_string(),
        "setting for output: it is not set; output or --output says where to write"
    );
    generator.output(&folder).write().expect("writes");
    let top = fs::read_to_string(folder.join("mod.rs")).expect("reads");
    assert!(
        top.contains("pub static MODULES") && top.contains("pub mod m;"),
        "{top}"
    );
    let file = fs::read_to_string(folder.join("m.rs")).expect("reads");
    assert!(
        file.contains("pub struct Inner") && file.starts_with("// @generated"),
        "{file}"
    );
}

#[test]
fn nothing_to_generate_is_an_error() {
    let none = Generator::new().search_path(fixtures()).generate();
    assert_eq!(
        none.expect_err("names no module").to_string(),
        "setting for modules: name those that types are wanted for"
    );
    let two = Generator::new()
        .search_path(fixtures())
        .module("forms-more")
        .output("a.rs");
    assert_eq!(
        two.compile("b.rs")
            .expect_err("has two outputs")
            .to_string(),
        "setting for output a.rs: compile is given another file; take one of them away"
    );
}

/// A module whose default is an identity of the module that it imports, as OpenConfig has them.
const TYPES: &str = "identity kind; identity known { base kind; }";
const USER: &str = "import t { prefix t; }
container a { leaf b { type identityref { base t:kind; } default t:known; } }";

#[test]
fn what_is_imported_can_be_generated_too() {
    let modules = Modules::new(&[
        ("m.yang", &module("m", USER)),
        ("t.yang", &module("t", TYPES)),
    ]);
    let error = modules.error();
    assert!(error.contains("t:known"), "{error}");
    let generator = modules.generator().implement_imports(true);
    let output = generator.generate().expect("generates");
    assert!(output.model.modules.iter().all(|module| module.implemented));
    assert!(output.source.contains("Known,"), "{}", output.source);
    let file = modules.path().join("c.toml");
    let settings = "search-path = [\".\"]\nmodules = [\"m\"]\nimplement-imports = true\n";
    fs::write(&file, settings).expect("writes");
    let from_file = Generator::from_toml(&file).expect("reads");
    assert!(source(&from_file) == output.source);
}

#[test]
fn attributes_reach_typedefs() {
    let modules = Modules::with_body(
        "typedef level { type uint8 { range 1..9; } }
         typedef state { type enumeration { enum on; } }
         container a { leaf b { type level; } leaf c { type state; } }",
    );
    let attribute = "#[cfg_attr(any(), marked)]";
    let marked = |path: &str| {
        let source = source(&modules.generator().type_attribute(path, attribute));
        source.matches(attribute).count()
    };
    assert_eq!(marked("/**"), 3);
    assert_eq!(marked("m:level"), 1);
    assert_eq!(marked("/m:a"), 1);
}
