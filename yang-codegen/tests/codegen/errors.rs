//! Errors, and their text for the user.
#![allow(clippy::expect_used, reason = "a test states what must hold")]

use std::fs;

use crate::common::{Modules, module};
use yang_codegen::Generator;

/// The body of a module, the line at fault (the body starts on line 5), the path, the statement.
const UNSUPPORTED: &[(&str, usize, &str, &str)] = &[
    (
        "container a { leaf b { type string {\n pattern '(?=a)'; } } }",
        6,
        "/m:a/b",
        "pattern (?=a) (generated code does not look ahead or behind)",
    ),
    // What a node has from elsewhere is named where the node stands.
    (
        "typedef t { type string { pattern '(?=a)'; } }\ncontainer a { leaf b {\n type t; } }",
        6,
        "/m:a/b",
        "pattern (?=a) (generated code does not look ahead or behind)",
    ),
    (
        "grouping g {\n leaf b { type string { pattern '(?=a)'; } } }\ncontainer a { uses g; }",
        6,
        "/m:a/b",
        "pattern (?=a) (generated code does not look ahead or behind)",
    ),
];

#[test]
fn a_construct_without_a_form_stops_the_generation() {
    for (body, line, path, statement) in UNSUPPORTED {
        let expected = if path.is_empty() {
            format!(
                "DIR/m.yang:{line}: the generator does not support \"{statement}\" yet; \
                 it stands at the top of the module, where no setting reaches"
            )
        } else {
            format!(
                "DIR/m.yang:{line}: {path}: the generator does not support \"{statement}\" yet; \
                 leave_out(\"{path}\") or --leave-out {path} leaves the node out"
            )
        };
        assert_eq!(Modules::with_body(body).error(), expected, "{body}");
    }
}

#[test]
fn the_remedy_works() {
    let modules = Modules::with_body(
        "container a { leaf b { type string; } leaf c { type string { pattern '(?=a)'; } } }",
    );
    let generator = modules.generator().leave_out("/m:a/c");
    let source = generator.generate().expect("generates").source;
    assert!(source.contains("pub b:") && !source.contains("pub c:"));
}

#[test]
fn a_statement_in_a_submodule_is_found_there() {
    let modules = Modules::new(&[
        ("m.yang", &module("m", "include s;")),
        (
            "s.yang",
            "submodule s {\n belongs-to m { prefix m; }\n container a {\n leaf b { type string { pattern '(?=a)'; } } } }",
        ),
    ]);
    assert!(
        modules
            .error()
            .starts_with("DIR/s.yang:4: /m:a/b: the generator")
    );
}

/// The body of a module, and libyang's complaints.
const REFUSED_BY_LIBYANG: &[(&str, &[&str])] = &[
    (
        "container a {\n oops; }",
        &[
            "DIR/m.yang:6: Invalid character sequence \"oops\", expected a keyword.",
            "DIR/m.yang: Parsing module \"m\" failed.",
        ],
    ),
    (
        "container a {",
        &[
            "DIR/m.yang:7: Unexpected end-of-input.",
            "DIR/m.yang: Parsing module \"m\" failed.",
        ],
    ),
    (
        "import gone { prefix g; }",
        &[
            "DIR/m.yang: Data model \"gone\" not found in local searchdirs.",
            "DIR/m.yang: Loading \"gone\" module failed.",
            "DIR/m.yang: Parsing module \"m\" failed.",
        ],
    ),
    (
        "include gone;",
        &[
            "DIR/m.yang: Data model \"gone\" not found in local searchdirs.",
            "DIR/m.yang: Including \"gone\" submodule into \"m\" failed.",
            "DIR/m.yang: Parsing module \"m\" failed.",
        ],
    ),
    (
        "container a {\n leaf b { type strin; } }",
        &["DIR/m.yang:6: /m:a/b: Referenced type \"strin\" not found."],
    ),
];

#[test]
fn a_wrong_module_is_refused_in_libyangs_words() {
    for (body, complaints) in REFUSED_BY_LIBYANG {
        assert_eq!(
            Modules::with_body(body).error(),
            complaints.join("\n"),
            "{body}"
        );
    }
}

#[test]
fn a_wrong_import_is_named_before_its_importer() {
    let modules = Modules::new(&[
        ("m.yang", &module("m", "import i { prefix i; }")),
        ("i.yang", &module("i", "container {")),
    ]);
    assert_eq!(
        modules.error(),
        "DIR/i.yang:5: Invalid character sequence \"{\", expected an argument.\n\
         DIR/i.yang: Parsing module \"i\" failed.\n\
         DIR/m.yang: Loading \"i\" module failed.\n\
         DIR/m.yang: Parsing module \"m\" failed."
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
        "DIR/m.yang:6: /m:b: Invalid default - value does not fit the type (Invalid identityref \
         \"i:a\" value - identity found in non-implemented module \"i\".). It is only imported: \
         module(\"i\") or the argument i has its identities as values"
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
        "DIR/m.yang:1: Invalid identifier character ' ' (0x0020)."
    );
    fs::write(modules.path().join("m.yang"), [0xff]).expect("writes");
    assert_eq!(
        modules.error(),
        "DIR/m.yang: stream did not contain valid UTF-8"
    );
    let modules = Modules::new(&[("m.yang", "submodule m { belongs-to n { prefix n; } }")]);
    assert_eq!(
        modules.error(),
        "DIR/m.yang: Input data contains submodule which cannot be parsed directly without its main module."
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
