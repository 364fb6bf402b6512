//! Definitions and uses.

use super::{compiler, faults, model, shape};
use crate::Features;
use crate::model::{NodeKind, Status};

/// The body of a module, and the shape of its nodes.
const VALID: &[(&str, &str)] = &[
    // The keys come first, in the order of the statement.
    (
        "list l { key \"b a\"; leaf x { type int8; } leaf a { type int8; } leaf b { type int8; } }",
        "l(b a x)",
    ),
    // A key may have a prefix.
    ("list l { key m:a; leaf a { type int8; } }", "l(a)"),
    (
        "choice c { container a { } case b { leaf x { type int8; } leaf y { type int8; } } }",
        "c(a(a) b(x y))",
    ),
    (
        "grouping g { leaf x { type int8; } container y { } } container a { uses g; leaf z { type int8; } }",
        "a(x y z)",
    ),
    // A grouping in a grouping, with what is added on both levels: the outer augment comes first.
    (
        "grouping g { container c { } } grouping h { uses g { augment c { leaf in { type int8; } } } }
         container a { uses h { augment c { leaf out { type int8; } } } }",
        "a(c(out in))",
    ),
    // An augment into what another augment of the same uses brings.
    (
        "grouping g { container c { } } container a { uses g {
           augment c/d { leaf e { type int8; } } augment c { container d { } } } }",
        "a(c(d(e)))",
    ),
    // A grouping in an augment of its own uses is no circle.
    (
        "grouping g { container l { } } container c { uses g { augment l { container m { uses g; } } } }",
        "c(l(m(l)))",
    ),
    // Conditions of uses and augments are those of the nodes that they bring.
    (
        "grouping g { leaf x { type int8; } choice y { leaf z { type int8; } } }
         container a { leaf t { type int8; } uses g { when \"t = 1\"; } }",
        "a(t x? y?(z(z)))",
    ),
    // A condition on a child of its own container.
    ("container c { when \"m:a = 1\"; leaf a { type int8; } }", "c?(a)"),
    // Actions come before notifications, and those of groupings before the list's own.
    (
        "grouping g { action b { input { leaf i { type int8; } } } }
         list l { key k; leaf k { type int8; } notification n; action a; uses g; }",
        "l(k b(i) b a a n)",
    ),
    ("rpc r { output { leaf o { type int8; } } } notification n { leaf x { type int8; } }", "r r(o) n(x)"),
];

#[test]
fn definitions_become_nodes() {
    for (body, expected) in VALID {
        assert_eq!(shape(&model(&[("m", body)])), *expected, "{body}");
    }
}

#[test]
fn nodes_of_a_grouping_are_in_the_namespace_of_its_user() {
    let grouping = "grouping g { leaf x { type int8; } container y { leaf z { type int8; } } }";
    let model = model(&[
        ("n", grouping),
        (
            "m",
            "import n { prefix p; } container a { uses p:g { refine y/z { mandatory true; } } }",
        ),
    ]);
    let module = model
        .modules
        .iter()
        .find(|module| module.name == "m")
        .unwrap();
    let y = &module.roots[0].children()[1];
    assert_eq!(
        (y.module.as_str(), y.children()[0].module.as_str()),
        ("m", "m")
    );
    assert!(matches!(
        y.children()[0].kind,
        NodeKind::Leaf {
            mandatory: true,
            ..
        }
    ));
}

#[test]
fn what_depends_on_a_feature_that_is_off_is_left_out() {
    let body = "feature f; grouping g { leaf x { type int8; } }
        container a { if-feature f; } container b { uses g { if-feature f; } }
        container c { uses g { refine x { if-feature f; } } }
        augment /m:b { if-feature f; leaf y { type int8; } }
        choice d { leaf e { if-feature f; type int8; } case h { if-feature f; } }
        list l { key k; unique \"u v\"; leaf k { type int8; } leaf u { type int8; }
          leaf v { if-feature f; type int8; } }";
    let off = compiler(&[("m", body)]);
    let on = off
        .clone()
        .features("m", Features::All)
        .compile()
        .unwrap()
        .model;
    let off = off.compile().unwrap().model;
    assert_eq!(shape(&off), "b c d(e) l(k u)");
    assert_eq!(shape(&on), "a b(x y) c(x) d(e(e) h) l(k u v)");
    let unique = |model: &crate::model::Model| {
        let module = model
            .modules
            .iter()
            .find(|module| module.name == "m")
            .unwrap();
        module.roots.last().unwrap().rules.unique[0].len()
    };
    assert_eq!((unique(&off), unique(&on)), (1, 2));
}

#[test]
fn refinements_replace_and_add() {
    let body = "grouping g { leaf x { type int8; default 1; must \"1\"; } list l { key k; leaf k { type int8; } } }
        grouping h { uses g { refine x { default 2; description inner; } } }
        container a { uses h { refine x { default 3; must \"2\"; config false; }
          refine l { min-elements 1; max-elements 4; } } }";
    let model = model(&[("m", body)]);
    let module = model
        .modules
        .iter()
        .find(|module| module.name == "m")
        .unwrap();
    let [x, l] = module.roots[0].children() else {
        panic!("a has two nodes")
    };
    let NodeKind::Leaf { default, .. } = &x.kind else {
        panic!("x is a leaf")
    };
    assert_eq!(default.as_deref(), Some("3"));
    assert_eq!(x.docs.description.as_deref(), Some("inner"));
    assert_eq!((x.rules.must.len(), x.config), (2, false));
    assert_eq!((l.rules.min_elements, l.rules.max_elements), (1, Some(4)));
}

#[test]
fn config_and_status_come_from_above() {
    let body = "container a { config false; status deprecated;
          leaf x { type int8; } leaf y { status obsolete; type int8; } }
        rpc r { input { leaf i { type int8; } } }
        choice c { status deprecated; case d { status current; leaf e { type int8; } } }";
    let model = model(&[("m", body)]);
    let module = model
        .modules
        .iter()
        .find(|module| module.name == "m")
        .unwrap();
    let [x, y] = module.roots[0].children() else {
        panic!("a has two nodes")
    };
    assert_eq!((x.config, x.docs.status), (false, Status::Deprecated));
    assert_eq!((y.config, y.docs.status), (false, Status::Obsolete));
    assert!(!module.operations[0].node().children()[0].config);
    assert_eq!(module.roots[1].children()[0].docs.status, Status::Current);
}

#[test]
fn typedefs_and_leaving_out_are_settings() {
    let body =
        "typedef unused { type int8; } container a { leaf x { type int8; } leaf y { type int8; } }";
    let compiler = compiler(&[("m", body)]).typedefs("m").leave_out("/m:a/x");
    let model = compiler.compile().unwrap().model;
    assert_eq!(shape(&model), "a(y)");
    assert_eq!(model.modules[0].typedefs[0].name, "unused");
    let referred = "container a { leaf x { type int8; } leaf y { type leafref { path ../x; } } }";
    let compiler = super::compiler(&[("m", referred)]).leave_out("/m:a/x");
    assert_eq!(
        faults(&compiler),
        ["m:2: path \"../x\" (RFC 7950 section 9.9.2)"]
    );
}
