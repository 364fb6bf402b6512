//! Errors, and their text for the user.
#![allow(clippy::expect_used, reason = "a test states what must hold")]

use std::fs;

use crate::common::{Modules, module};
use yang_codegen::Generator;

/// The body of a module with a pattern that cannot be used, and the pattern's line (the body starts
/// on line 5) and column.
const UNSUPPORTED: &[(&str, &str)] = &[
    (
        "container a { leaf b { type string {\n pattern '(?=a)'; } } }",
        "6:2",
    ),
    (
        "typedef t { type string { pattern '(?=a)'; } }\ncontainer a { leaf b {\n type t; } }",
        "5:27",
    ),
    (
        "grouping g {\n leaf b { type string { pattern '(?=a)'; } } }\ncontainer a { uses g; }",
        "6:25",
    ),
];

#[test]
fn a_construct_without_a_form_stops_the_generation() {
    for (body, place) in UNSUPPORTED {
        let expected = format!(
            "DIR/m.yang:{place}: pattern \"(?=a)\": the pattern cannot be used: generated code does \
             not look ahead or behind; write it in XML Schema's syntax (RFC 7950 section 9.4.5)"
        );
        assert_eq!(Modules::with_body(body).error(), expected, "{body}");
    }
}

#[test]
fn the_remedy_works() {
    let modules = Modules::with_body(
        "container a { leaf b { type string; } leaf c { type string { pattern '(?=a)'; } } }",
    );
    let lenient = modules.generator().lenient(true);
    assert!(modules.error_of(&lenient).starts_with("DIR/m.yang:5:"));
    let output = lenient.leave_out("/m:a/c").generate().expect("generates");
    assert!(output.source.contains("pub b:") && !output.source.contains("pub c:"));
    assert_eq!(output.warnings.len(), 1);
}

#[test]
fn a_statement_in_a_submodule_is_found_there() {
    let modules = Modules::new(&[
        ("m.yang", &module("m", "include s;")),
        (
            "s.yang",
            "submodule s { yang-version 1.1;\n belongs-to m { prefix m; }\n container a {\n leaf b { type string { pattern '(?=a)'; } } } }",
        ),
    ]);
    assert!(
        modules
            .error()
            .starts_with("DIR/s.yang:4:25: pattern \"(?=a)\": ")
    );
}

/// The body of a module, and its faults.
const REFUSED: &[(&str, &[&str])] = &[
    (
        "container a {\n oops; }",
        &[
            "6:2: oops: YANG has no such statement; that of an extension begins with a prefix (RFC 7950 section 6.3)",
        ],
    ),
    (
        "container a {",
        &["1:1: the closing brace of module is missing (RFC 7950 section 6.3)"],
    ),
    (
        "import gone { prefix g; }",
        &[
            "5:1: import \"gone\": the module \"gone\" is not in the sources; add its file (RFC 7950 section 7.1.5)",
        ],
    ),
    (
        "include gone;",
        &[
            "5:1: include \"gone\": the submodule \"gone\" is not in the sources; add its file (RFC 7950 section 7.1.6)",
        ],
    ),
    (
        "container a {\n leaf b { type strin; } leaf c { type int9; } }",
        &[
            "6:11: type \"strin\": no such type is there; it is no built-in type, and no typedef that can be seen here; did you mean \"string\"? (RFC 7950 section 7.4)",
            "6:34: type \"int9\": no such type is there; it is no built-in type, and no typedef that can be seen here; did you mean \"int8\"? (RFC 7950 section 7.4)",
        ],
    ),
];

#[test]
fn all_faults_are_told_with_their_places() {
    for (body, faults) in REFUSED {
        let faults: Vec<String> = faults
            .iter()
            .map(|fault| format!("DIR/m.yang:{fault}"))
            .collect();
        assert_eq!(
            Modules::with_body(body).error(),
            faults.join("\n"),
            "{body}"
        );
    }
}

#[test]
fn a_wrong_import_is_named() {
    let modules = Modules::new(&[
        ("m.yang", &module("m", "import i { prefix i; }")),
        ("i.yang", &module("i", "container {")),
    ]);
    assert_eq!(
        modules.error(),
        "DIR/i.yang:1:1: the closing brace of module is missing (RFC 7950 section 6.3)"
    );
}

/// As the modules of OpenConfig have it, whose identities are in modules of their own.
#[test]
fn a_default_of_a_module_that_is_imported_only() {
    let leaf = "import i { prefix i; }\nleaf b { type identityref { base i:kind; } default i:a; }";
    let modules = Modules::new(&[
        ("m.yang", &module("m", leaf)),
        (
            "i.yang",
            &module("i", "identity kind; identity a { base kind; }"),
        ),
    ]);
    assert_eq!(
        modules.error(),
        "DIR/m.yang:6:44: default \"i:a\": \"i:a\" is no value: module i is only imported; ask for it \
         too (RFC 7950 section 9.10.2)"
    );
    modules
        .generator()
        .module("i")
        .generate()
        .expect("generates");
}

#[test]
fn a_file_that_is_no_module() {
    let modules = Modules::new(&[("m.yang", "module \"m {\n")]);
    assert_eq!(
        modules.error(),
        "DIR/m.yang:1:8: the string that begins here has no end; its closing quote is missing (RFC \
         7950 section 6.1.3)"
    );
    fs::write(modules.path().join("m.yang"), [0xff]).expect("writes");
    assert_eq!(
        modules.error(),
        "DIR/m.yang: line 1 is not UTF-8, in which YANG is written; convert the file"
    );
    let modules = Modules::new(&[("m.yang", "submodule m { belongs-to n { prefix n; } }")]);
    assert_eq!(
        modules.error(),
        "DIR/m.yang: this is a submodule of \"n\"; ask for the module \"n\" instead (RFC 7950 section 7.2)"
    );
}

#[test]
fn a_module_that_is_not_there() {
    let (one, other) = (Modules::new(&[]), Modules::with_body(""));
    let generator = Generator::new()
        .search_path(one.path())
        .search_path(other.path());
    let folders = format!("({}, {})", one.path().display(), other.path().display());
    let error = |module| {
        generator
            .clone()
            .module(module)
            .generate()
            .expect_err("lacks it")
            .to_string()
    };
    assert_eq!(
        error("gone"),
        format!(
            "module \"gone\": no file gone.yang or gone@REVISION.yang in the search path {folders}"
        )
    );
    assert_eq!(
        error("m@2024-01-01"),
        format!("module \"m\": no file with its revision 2024-01-01 in the search path {folders}")
    );
    assert_eq!(
        Generator::new()
            .module("m")
            .generate()
            .expect_err("lacks it")
            .to_string(),
        "module \"m\": no file m.yang or m@REVISION.yang in the search path \
         (which is empty: add a folder with search_path or --search-path)"
    );
    let named = Modules::new(&[(
        "acme-rack.yang",
        "module acme-rack { namespace a; prefix a; }",
    )]);
    assert_eq!(
        named.error_of(
            &Generator::new()
                .search_path(named.path())
                .module("acme-rak")
        ),
        "module \"acme-rak\": no file acme-rak.yang or acme-rak@REVISION.yang in the search path \
         (DIR); did you mean \"acme-rack\"?"
    );
    let nowhere = one.path().join("nowhere");
    assert_eq!(
        one.error_of(&Generator::new().search_path(nowhere).module("m")),
        "DIR/nowhere: No such file or directory (os error 2)"
    );
}

#[test]
fn an_unknown_feature() {
    let modules = Modules::with_body("feature first; feature second;");
    for (module, feature, expected) in [
        (
            "m",
            "frist",
            "module \"m\" has no feature \"frist\"; did you mean \"first\"?",
        ),
        ("m", "zzz", "module \"m\" has no feature \"zzz\""),
        (
            "n",
            "first",
            "setting for features of n: the module is not one of those to generate types for",
        ),
    ] {
        let generator = modules.generator().features(module, [feature]);
        assert_eq!(modules.error_of(&generator), expected);
    }
}

#[test]
fn a_wrong_setting() {
    let modules = Modules::with_body(
        "container top { leaf name { type string; } leaf sort { type enumeration { enum x; } } }\n\
         notification news; rpc go { input { leaf name { type string; } } }",
    );
    let g = || modules.generator();
    let cases = [
        (
            g().rename("/m:top/nam", "N"),
            "/m:top/nam: no node has this path; did you mean \"/m:top/name\"?",
        ),
        (g().rename("/zzz", "N"), "/zzz: no node has this path"),
        (
            g().rename("/m:top", "2"),
            "rename of /m:top: \"2\" is no name of Rust, such as Report",
        ),
        (
            g().rename("/m:top/name", "N"),
            "/m:top/name: the node has no type of its own",
        ),
        (
            g().type_attribute("/m:to", "#[x]"),
            "/m:to: no node has this path; did you mean \"/m:top\"?",
        ),
        (
            g().type_attribute("/m:top/name", "#[x]"),
            "/m:top/name: the node has no type of its own",
        ),
        (
            g().type_attribute("/m:top", "junk"),
            "type_attribute of /m:top: \"junk\" is no attribute, such as #[derive(Eq)]",
        ),
        (
            g().type_attribute("/m:top", "#[x"),
            "type_attribute of /m:top: \"#[x\" is no attribute, such as #[derive(Eq)]",
        ),
        (
            g().field_attribute("/m:news", "#[x]"),
            "/m:news: an operation is no field",
        ),
        (
            g().type_attribute("/m:go", "#[x]"),
            "/m:go: the node has no type of its own",
        ),
        (
            g().field_attribute("/m:top/sor", "#[x]"),
            "/m:top/sor: no node has this path; did you mean \"/m:top/sort\"?",
        ),
        (
            g().runtime_path("a b"),
            "runtime_path of the generator: \"a b\" is no path of Rust, such as base::yang::types",
        ),
        (
            g().rename("/m:news", "Top"),
            "rename of /m:news: another type beside it is called \"Top\"",
        ),
        (
            g().leave_out("/m:top/nam"),
            "/m:top/nam: no node has this path; did you mean \"/m:top/name\"?",
        ),
    ];
    for (generator, expected) in cases {
        assert_eq!(
            modules.error_of(&generator),
            format!("setting for {expected}")
        );
    }
    g().rename("/m:top/sort", "Kind")
        .generate()
        .expect("an enumeration has a type");
    let source = g()
        .rename("/m:news", "Told")
        .type_attribute("/m:go/input", "#[doc = \"An input.\"]")
        .field_attribute("/m:go/input/name", "#[doc = \"A field of one.\"]")
        .field_attribute("/m:top", "#[doc = \"A field of whole data.\"]")
        .generate()
        .expect("operations and whole data have types and fields")
        .source;
    for part in [
        "pub struct Told",
        "An input.",
        "A field of one.",
        "A field of whole data.",
    ] {
        assert!(source.contains(part), "{part}");
    }
}
