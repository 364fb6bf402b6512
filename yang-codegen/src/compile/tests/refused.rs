//! Modules that RFC 7950 forbids.

use super::{compiler, faults};

/// The body of a module, and its faults.
const REFUSED: &[(&str, &[&str])] = &[
    (
        "container a { uses h; } grouping g { }",
        &["m:2: uses \"h\" (RFC 7950 section 7.13)"],
    ),
    (
        "grouping g { container a { uses g; } }",
        &["m:2: uses \"g\" (RFC 7950 section 7.13)"],
    ),
    (
        "grouping g { leaf x { type int8; } }\ncontainer a { uses g {\n refine y { config false; } } }",
        &["m:4: refine \"y\" (RFC 7950 section 6.5)"],
    ),
    (
        "grouping g { leaf x { type int8; } }\ncontainer a { uses g { refine x { min-elements 1; } } }",
        &["m:3: min-elements \"1\" (RFC 7950 section 7.13.2)"],
    ),
    (
        "leaf a { type int8; }\ncontainer a { }",
        &["m:3: container \"a\" (RFC 7950 section 6.2.1)"],
    ),
    (
        "container a { choice b { leaf x { type int8; } case y {\n leaf x { type int8; } } } }",
        &["m:3: leaf \"x\" (RFC 7950 section 6.2.1)"],
    ),
    (
        "list l { leaf k { type int8; } }",
        &["m:2: list \"l\" (RFC 7950 section 7.8.2)"],
    ),
    (
        "list l { key j; leaf k { type int8; } }",
        &["m:2: key \"j\" (RFC 7950 section 7.8.2)"],
    ),
    (
        "list l { key \"k k\"; leaf k { type int8; } }",
        &["m:2: key \"k k\" (RFC 7950 section 7.8.2)"],
    ),
    (
        "list l { key k; container k { } }",
        &["m:2: key \"k\" (RFC 7950 section 7.8.2)"],
    ),
    (
        "list l { key k; leaf k { config false; type int8; } }",
        &["m:2: config \"false\" (RFC 7950 section 7.8.2)"],
    ),
    (
        "feature f; list l { key k; leaf k { if-feature f; type int8; } }",
        &["m:2: if-feature \"f\" (RFC 7950 section 7.20.2)"],
    ),
    (
        "list l { key k; leaf k { when 1; type int8; } }",
        &["m:2: when \"1\" (RFC 7950 section 7.21.5)"],
    ),
    (
        "list l { key k; unique c; leaf k { type int8; } container c { } }",
        &["m:2: unique \"c\" (RFC 7950 section 7.8.3)"],
    ),
    (
        "list l { key k; unique x; leaf k { type int8; } }",
        &["m:2: unique \"x\" (RFC 7950 section 6.5)"],
    ),
    (
        "list l { config false; leaf n { type int8; }\naction a { input { leaf i { type int8; } } } }",
        &["m:3: action \"a\" (RFC 7950 section 7.15)"],
    ),
    (
        "rpc r { input { container c {\naction a; } } }",
        &["m:3: action \"a\" (RFC 7950 section 7.15)"],
    ),
    (
        "notification n { container c {\nnotification o; } }",
        &["m:3: notification \"o\" (RFC 7950 section 7.16)"],
    ),
    (
        "container a { config false;\nleaf b { config true; type int8; } }",
        &["m:3: config \"true\" (RFC 7950 section 7.21.1)"],
    ),
    (
        "leaf a { mandatory true; default 1; type int8; }",
        &["m:2: default \"1\" (RFC 7950 section 7.6.5)"],
    ),
    (
        "leaf-list a { min-elements 1; default 1; type int8; }",
        &["m:2: default \"1\" (RFC 7950 section 7.7.4)"],
    ),
    (
        "leaf-list a { min-elements 2; max-elements 1; type int8; }",
        &["m:2: min-elements \"2\" (RFC 7950 section 7.7.6)"],
    ),
    (
        "choice a { mandatory true; default b; container b { } }",
        &["m:2: default \"b\" (RFC 7950 section 7.9.4)"],
    ),
    (
        "choice a { default c; container b { } }",
        &["m:2: default \"c\" (RFC 7950 section 7.9.3)"],
    ),
    (
        "choice a { default b; container b { leaf c { mandatory true; type int8; } } }",
        &["m:2: default \"b\" (RFC 7950 section 7.9.3)"],
    ),
    // What nothing uses is checked too.
    (
        "grouping g { list l { config true; leaf k { type int8; } } leaf a { mandatory true; default 1; type int8; } }",
        &[
            "m:2: list \"l\" (RFC 7950 section 7.8.2)",
            "m:2: default \"1\" (RFC 7950 section 7.6.5)",
        ],
    ),
];

#[test]
fn each_rule_has_its_fault() {
    for (body, expected) in REFUSED {
        assert_eq!(faults(&compiler(&[("m", body)])), *expected, "{body}");
    }
}

#[test]
fn all_faults_are_told_in_one_run() {
    let body = "container a { uses gone; leaf b { type gone; } }\nlist l { leaf k { type int8; } }
        augment /m:gone { leaf x { type int8; } }";
    let lines: Vec<_> = faults(&compiler(&[("m", body)]))
        .iter()
        .map(|fault| fault.split(": ").nth(1).unwrap().to_owned())
        .collect();
    assert_eq!(lines.len(), 4, "{lines:?}");
}

#[test]
fn the_nearest_name_is_told() {
    let body = "grouping colours { } container a { uses colors; }";
    let Err(crate::Error::Load(faults)) = compiler(&[("m", body)]).compile() else {
        panic!("there is no such grouping")
    };
    assert_eq!(faults[0].nearest.as_deref(), Some("colours"));
}
