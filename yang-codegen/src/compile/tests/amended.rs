//! Augments, deviations and structures, across modules.

use super::{compiler, faults, model, shape};

const M: &str =
    "container c { leaf x { type int8; } choice d { case e { leaf f { type int8; } } } }
    rpc r { input { leaf i { type int8; } } }";

/// The bodies of modules that amend `m`, and its shape.
const VALID: &[(&[(&str, &str)], &str)] = &[
    // The nodes of others stand behind the module's own, by the names of the modules.
    (
        &[
            (
                "z",
                "import m { prefix m; } augment /m:c { leaf z { type int8; } }",
            ),
            (
                "b",
                "import m { prefix m; } augment /m:c { leaf b { type int8; } leaf a { type int8; } }",
            ),
        ],
        "c(x d(e(f)) b a z) r(i) r",
    ),
    // An augment into what another module brings, which is named first.
    (
        &[
            (
                "b",
                "import m { prefix m; } import z { prefix z; } augment /m:c/z:y { leaf b { type int8; } }",
            ),
            (
                "z",
                "import m { prefix m; } augment /m:c { container y { } }",
            ),
        ],
        "c(x d(e(f)) y(b)) r(i) r",
    ),
    // Two cases of one name, from two modules; a case in a case; and what an rpc sends and gets.
    (
        &[(
            "b",
            "import m { prefix m; }
             augment /m:c/m:d { leaf e { type int8; } }
             augment /m:c/m:d/m:e { when \"true()\"; leaf g { type int8; } }
             augment /m:r/m:input { leaf j { type int8; } }
             augment /m:r/m:output { leaf o { type int8; } }",
        )],
        "c(x d(e(f g?) e(e))) r(i j) r(o)",
    ),
    // What is not supported goes with all below it, augments of others too.
    (
        &[
            (
                "b",
                "import m { prefix m; } deviation /m:c/m:d { deviate not-supported; }",
            ),
            (
                "z",
                "import m { prefix m; } augment /m:c/m:d/m:e { leaf z { type int8; } }",
            ),
        ],
        "c(x) r(i) r",
    ),
    // An rpc has an input also if none of it is supported.
    (
        &[(
            "b",
            "import m { prefix m; } deviation /m:r/m:input { deviate not-supported; }",
        )],
        "c(x d(e(f))) r r",
    ),
];

#[test]
fn augments_of_other_modules_reach_all_kinds_of_nodes() {
    for (others, expected) in VALID {
        let mut modules = vec![("m", M)];
        modules.extend(*others);
        let one = model(&modules);
        assert_eq!(shape(&one), *expected);
        modules.reverse();
        assert_eq!(model(&modules), one, "the order of modules says nothing");
    }
}

#[test]
fn deviations_change_properties() {
    let deviations = "import m { prefix m; }
        deviation /m:a { deviate replace { type int16; default 5; units V; } deviate add { must 1; } }
        deviation /m:b { deviate delete { default 2; must \"2\"; } deviate add { mandatory true; } }
        deviation /m:l { deviate add { unique x; max-elements 3; } }";
    let body =
        "leaf a { type int8; default 1; units A; } leaf b { type int8; default 2; must \"2\"; }
        list l { key k; leaf k { type int8; } leaf x { type int8; } }";
    let model = model(&[("m", body), ("v", deviations)]);
    let module = model
        .modules
        .iter()
        .find(|module| module.name == "m")
        .unwrap();
    assert_eq!(module.deviated_by, ["v"]);
    let text = format!("{:?}", module.roots);
    for part in [
        "kind: I16",
        "default: Some(\"5\")",
        "units: Some(\"V\")",
        "mandatory: true, default: None",
        "max_elements: Some(3), unique: [[[QName { module: \"m\", name: \"x\" }]]]",
    ] {
        assert!(text.contains(part), "{part}: {text}");
    }
}

/// A deviating module's body, and its faults.
const WRONG: &[(&str, &[&str])] = &[
    (
        "deviation /m:c/m:y {\n deviate not-supported; }",
        &["v:2: deviation \"/m:c/m:y\" (RFC 7950 section 6.5)"],
    ),
    (
        "deviation /m:c/m:x {\n deviate replace {\n default 1; } }",
        &["v:4: default \"1\" (RFC 7950 section 7.20.3.2)"],
    ),
    (
        "deviation /m:c/m:x { deviate delete { must 1; } }",
        &["v:2: must \"1\" (RFC 7950 section 7.20.3.2)"],
    ),
    (
        "deviation /m:c { deviate add { default 1; } }",
        &["v:2: default \"1\" (RFC 7950 section 7.20.3.2)"],
    ),
    (
        "deviation /m:c/m:x { deviate add { mandatory true; }\n deviate add { default 1; } }",
        &["v:2: mandatory \"true\" (RFC 7950 section 7.6.5)"],
    ),
    (
        "augment /m:c { leaf y { mandatory true; type int8; } }",
        &["v:2: augment \"/m:c\" (RFC 7950 section 7.17)"],
    ),
    (
        "augment /m:c { container y { leaf z { mandatory true; type int8; } } }",
        &["v:2: augment \"/m:c\" (RFC 7950 section 7.17)"],
    ),
    (
        "augment /m:c/m:x { leaf y { type int8; } }",
        &["v:2: augment \"/m:c/m:x\" (RFC 7950 section 7.17)"],
    ),
    (
        "augment /m:c { case y { leaf z { type int8; } } }",
        &["v:2: case \"y\" (RFC 7950 section 7.17)"],
    ),
];

#[test]
fn faults_of_amendments_are_told_where_they_are_written() {
    for (body, expected) in WRONG {
        let body = format!("import m {{ prefix m; }}{body}");
        let compiler = compiler(&[("m", M), ("v", &body)]);
        assert_eq!(faults(&compiler), *expected, "{body}");
    }
}

#[test]
fn what_an_augment_may_make_mandatory() {
    for body in [
        "augment /m:c { when 1; leaf y { mandatory true; type int8; } }",
        "augment /m:c { container y { presence p; leaf z { mandatory true; type int8; } } }",
        "augment /m:c { leaf y { config false; mandatory true; type int8; } }",
        "augment /m:c/m:d { case y { leaf z { mandatory true; type int8; } } }",
        "augment /m:r/m:input { leaf y { mandatory true; type int8; } }",
    ] {
        let body = format!("import m {{ prefix m; }} {body}");
        assert_eq!(
            faults(&compiler(&[("m", M), ("v", &body)])),
            [""; 0],
            "{body}"
        );
    }
}

#[test]
fn structures_are_nodes_of_their_own() {
    let m = "import ietf-yang-structure-ext { prefix sx; } import ietf-restconf { prefix rc; }
        feature f;
        grouping g { container c { leaf x { type int8; } } }
        leaf top { type int8; }
        sx:structure s { leaf b { type leafref { path /m:top; } } container a { config false; }
          leaf off { if-feature f; type int8; } }
        rc:yang-data t { uses g { augment c { leaf y { if-feature f; type int8; } } } }";
    let other = "import ietf-yang-structure-ext { prefix sx; } import m { prefix m; }
        grouping h { leaf z { type int8; } }
        sx:augment-structure /m:s { uses h; }
        sx:augment-structure /m:s/m:a { leaf w { type int8; } }";
    let model = model(&[("m", m), ("n", other)]);
    assert_eq!(shape(&model), "top s(b a(w) z) c(x y)");
}

#[test]
fn a_leafref_makes_its_module_implemented() {
    let mut sources = crate::Sources::new();
    let texts = [
        (
            "a",
            "import b { prefix b; } leaf x { type leafref { path /b:y; } }",
        ),
        (
            "b",
            "import c { prefix c; } leaf y { type leafref { path /c:z; } }",
        ),
        ("c", "import d { prefix d; } leaf z { type d:t; }"),
        ("d", "typedef t { type int8; } leaf unwanted { type int8; }"),
    ];
    for (name, body) in texts {
        sources.add(format!("{name}.yang"), super::module(name, body));
    }
    let model = crate::Compiler::new(sources)
        .module("a")
        .compile()
        .unwrap()
        .model;
    let implemented: Vec<_> = model
        .modules
        .iter()
        .map(|module| module.implemented)
        .collect();
    assert_eq!(implemented, [true, true, true, false]);
}
