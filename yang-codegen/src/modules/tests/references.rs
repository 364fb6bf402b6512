//! The status of definitions and of what refers to them.

use super::*;

#[test]
fn a_current_definition_refers_to_current_ones_of_its_module() {
    let texts = [
        module(
            "m",
            "import n { prefix n; } include s;
             typedef t { type string; status deprecated; }
             grouping g { leaf x { type string; } status obsolete; }
             feature f { status deprecated; } identity i { status obsolete; }
             extension e { status deprecated; }
leaf a { type t; }
uses g;
leaf b { if-feature 'f or not f'; type n:t; }
identity j { base i; status deprecated; }
m:e;
typedef u { type union { type int8;
type m:t; } }",
        ),
        submodule("s", "m", "leaf c { type t; }"),
        module("n", "typedef t { type string; status obsolete; }"),
    ];
    let told = |place: &str, what: &str, status: &str| {
        format!(
            "{place}: the {what} is {status}, and what refers to it is not; give this the status \
             {status} too, or refer to another (RFC 7950 section 7.21.2)"
        )
    };
    assert_eq!(
        faults(&texts, &["m"]),
        [
            told("m.yang:7:10: type \"t\"", "typedef", "deprecated"),
            told("m.yang:8:1: uses \"g\"", "grouping", "obsolete"),
            told(
                "m.yang:9:10: if-feature \"f or not f\"",
                "feature",
                "deprecated"
            ),
            told("m.yang:10:14: base \"i\"", "identity", "obsolete"),
            told("m.yang:11:1: m:e", "extension", "deprecated"),
            told("m.yang:13:1: type \"m:t\"", "typedef", "deprecated"),
            told("s.yang:2:10: type \"t\"", "typedef", "deprecated"),
        ]
    );
}

#[test]
fn deprecated_statements_refer_to_deprecated_ones() {
    let texts = [module(
        "m",
        "typedef t { type string; status deprecated; } typedef o { type t; status obsolete; }
         leaf a { type t; status deprecated; } leaf b { type o; status obsolete; }
         container c { status deprecated; leaf d { type t; } }
         grouping g { status deprecated; leaf e { type t; } } uses g { status deprecated; }
         identity i { status deprecated; } identity j { base i; status obsolete; }",
    )];
    load(&texts, &["m"]);
}
