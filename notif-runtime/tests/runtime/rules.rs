//! The rules between nodes, over a schema that is written by hand and data of any shape.
#![allow(
    clippy::expect_used,
    clippy::indexing_slicing,
    clippy::panic,
    reason = "a test states what must hold"
)]

use crate::double::Data;
use notif_runtime::Options;
use notif_runtime::fault::FaultKind;
use notif_runtime::schema::xpath::{Axis, Comparison, Expr, Function, Literal, Path, Step, Test};
use notif_runtime::schema::{Case, Choice, Module, Must, Node, Rules, Type, When};
use notif_runtime::validate::{validate, validate_with};
use serde_json::{Value, json};

static MODULE: Module = Module {
    name: "m",
    namespace: "urn:m",
    prefix: "m",
    implemented: true,
    ..Module::EMPTY
};

const UP: Step<'_> = Step {
    axis: Axis::Parent,
    test: Test::Node,
    predicates: &[],
};

const fn named(name: &'static str) -> Step<'static> {
    Step {
        axis: Axis::Child,
        test: Test::Name { module: "m", name },
        predicates: &[],
    }
}

const fn relative(steps: &'static [Step<'static>]) -> Expr<'static> {
    Expr::Path(Path {
        absolute: false,
        steps,
    })
}

const fn when(
    source: &'static str,
    expr: &'static Expr<'static>,
    of_parent: bool,
) -> When<'static> {
    When {
        source,
        expr,
        of_parent,
    }
}

const ON: Expr<'_> = Expr::Literal(Literal {
    text: "on",
    name: Some("m:on"),
});
static MODE: Expr<'_> = relative(&[named("mode")]);
static UP_MODE: Expr<'_> = relative(&[UP, named("mode")]);
static MODE_ON: Expr<'_> = Expr::Compare(Comparison::Equal, &MODE, &ON);
static UP_MODE_ON: Expr<'_> = Expr::Compare(Comparison::Equal, &UP_MODE, &ON);

const fn leaf(name: &'static str, member: &'static str) -> Node<'static> {
    Node::leaf_node(&MODULE, name, member, &Type::STRING)
}

static ITEM: [Node<'_>; 3] = [
    leaf("id", "\"id\":").mandatory(),
    leaf("kind", "\"kind\":").default_value("plain"),
    Node::container(&MODULE, "place", "\"place\":", &PLACE),
];
static PLACE: [Node<'_>; 1] = [leaf("room", "\"room\":")];
static ITEM_RULES: Rules<'_> = Rules {
    min_elements: 1,
    max_elements: Some(3),
    unique: &[&[&["m:kind"], &["m:place", "m:room"]]],
    ..Rules::new()
};

static PAIRS: [Node<'_>; 1] = [leaf("id", "\"id\":")
    .mandatory()
    .constrained()
    .rules(&PAIR_RULES)];
/// No two entries of which one comes after the other in some order: each looks at all others.
static PAIR_RULES: Rules<'_> = Rules {
    must: &[Must {
        source: "not(../../pair[id < current()])",
        expr: &Expr::Call(
            Function::Not,
            &[relative(&[
                UP,
                UP,
                Step {
                    axis: Axis::Child,
                    test: Test::Name {
                        module: "m",
                        name: "pair",
                    },
                    predicates: &[Expr::Compare(
                        Comparison::Less,
                        &relative(&[named("id")]),
                        &Expr::Call(Function::Current, &[]),
                    )],
                },
            ])],
        ),
        message: Some("No pair is before another."),
        app_tag: Some("order"),
    }],
    ..Rules::new()
};

/// `../../link[id = current()]` and `count(../../link) > 1`.
static LINK_RULES: Rules<'_> = Rules {
    must: &[
        Must {
            source: "../../link[id = current()]",
            expr: &relative(&[
                UP,
                UP,
                Step {
                    axis: Axis::Child,
                    test: LINK,
                    predicates: &[Expr::Compare(
                        Comparison::Equal,
                        &relative(&[named("id")]),
                        &Expr::Call(Function::Current, &[]),
                    )],
                },
            ]),
            message: None,
            app_tag: None,
        },
        Must {
            source: "count(../../link) > 1",
            expr: &Expr::Compare(
                Comparison::Greater,
                &Expr::Call(Function::Count, &[relative(&[UP, UP, named("link")])]),
                &Expr::Number(1.0),
            ),
            message: None,
            app_tag: None,
        },
    ],
    ..Rules::new()
};
const LINK: Test<'_> = Test::Name {
    module: "m",
    name: "link",
};
static LINKS: [Node<'_>; 2] = [
    leaf("id", "\"id\":").mandatory(),
    leaf("peer", "\"peer\":").constrained().rules(&LINK_RULES),
];

static TUNED: [Node<'_>; 1] = [leaf("depth", "\"depth\":").mandatory()];

static TOP: [Node<'_>; 13] = [
    leaf("mode", "\"mode\":").default_value("off"),
    Node::list(&MODULE, "item", "\"item\":", &[0], &ITEM)
        .constrained()
        .rules(&ITEM_RULES),
    Node::list(&MODULE, "pair", "\"pair\":", &[0], &PAIRS).constrained(),
    // Cases of `transport`.
    leaf("port", "\"port\":").default_value("830"),
    leaf("host", "\"host\":"),
    leaf("file", "\"file\":").default_value("/dev/null"),
    leaf("inline", "\"inline\":"),
    leaf("nested", "\"nested\":"),
    // What is there with the cases.
    leaf("uses-port", "\"uses-port\":")
        .constrained()
        .rules(&Rules {
            when: &[when(
                "../port = 'x' or ../port",
                &relative(&[UP, named("port")]),
                false,
            )],
            ..Rules::new()
        }),
    leaf("uses-file", "\"uses-file\":")
        .constrained()
        .rules(&Rules {
            when: &[when("../file", &relative(&[UP, named("file")]), false)],
            ..Rules::new()
        }),
    leaf("detail", "\"detail\":").constrained().rules(&Rules {
        when: &[when("mode = 'on'", &MODE_ON, true)],
        mandatory: true,
        ..Rules::new()
    }),
    Node::container(&MODULE, "tuned", "\"tuned\":", &TUNED)
        .constrained()
        .rules(&Rules {
            when: &[when("../mode = 'on'", &UP_MODE_ON, false)],
            ..Rules::new()
        }),
    Node::list(&MODULE, "link", "\"link\":", &[0], &LINKS).constrained(),
];

static TOP_NODE: Node<'_> = Node::container(&MODULE, "top", "\"m:top\":", &TOP)
    .constrained()
    .rules(&Rules {
        choices: &[&Choice {
            name: "transport",
            when: &[],
            mandatory: false,
            default: Some(1),
            cases: &[
                Case {
                    name: "network",
                    when: &[],
                    nodes: &[3, 4],
                    mandatory: &[],
                    choices: &[],
                },
                Case {
                    name: "local",
                    when: &[],
                    nodes: &[5],
                    mandatory: &[],
                    choices: &[&Choice {
                        name: "content",
                        when: &[when("mode = 'on'", &MODE_ON, true)],
                        mandatory: true,
                        default: None,
                        cases: &[
                            Case {
                                name: "inline",
                                when: &[],
                                nodes: &[6],
                                mandatory: &[],
                                choices: &[],
                            },
                            Case {
                                name: "nested",
                                when: &[],
                                nodes: &[7],
                                mandatory: &[],
                                choices: &[],
                            },
                        ],
                    }],
                },
            ],
        }],
        ..Rules::new()
    });

/// The faults of these members and one item, each as its kind and path.
fn faults(members: Value) -> Vec<String> {
    let mut members = members;
    let all = members.as_object_mut().expect("is an object");
    all.entry("item").or_insert_with(|| json!([{"id": "a"}]));
    let data = Data::new(&TOP_NODE, &members);
    match validate(&data) {
        Ok(()) => Vec::new(),
        Err(faults) => faults
            .list
            .iter()
            .map(|fault| format!("{} {}", fault.kind, fault.path))
            .collect(),
    }
}

#[test]
fn lists_have_as_many_entries_as_they_may() {
    let item = |id: &str| json!({ "id": id, "kind": id, "place": {"room": id} });
    let none: [&str; 0] = [];
    assert_eq!(
        faults(json!({ "item": [] })),
        ["too-few-elements /m:top/item"]
    );
    let three = [item("a"), item("b"), item("c")];
    assert_eq!(faults(json!({ "item": three })), none);
    let four = [item("a"), item("b"), item("c"), item("d")];
    assert_eq!(
        faults(json!({ "item": four })),
        ["too-many-elements /m:top/item[id='d']"]
    );
}

#[test]
fn unique_counts_defaults_and_passes_over_what_is_absent() {
    let room = |id: &str, room: &str| json!({ "id": id, "place": {"room": room} });
    let none: [&str; 0] = [];
    assert_eq!(
        faults(
            json!({ "item": [room("a", "r"), {"id": "b", "kind": "plain", "place": {"room": "r"}}] })
        ),
        ["not-unique /m:top/item[id='b']"]
    );
    assert_eq!(
        faults(json!({ "item": [room("a", "r"), room("b", "s")] })),
        none
    );
    assert_eq!(faults(json!({ "item": [{"id": "a"}, {"id": "b"}] })), none);
}

#[test]
fn defaults_are_in_use_with_their_case() {
    let none: [&str; 0] = [];
    // The default case is in use while there is no data of another.
    assert_eq!(faults(json!({ "uses-file": "x" })), none);
    assert_eq!(
        faults(json!({ "uses-port": "x" })),
        ["when /m:top/uses-port"]
    );
    // Data of a case bring that case's defaults, and end the others'.
    assert_eq!(faults(json!({ "host": "h", "uses-port": "x" })), none);
    assert_eq!(
        faults(json!({ "host": "h", "uses-file": "x" })),
        ["when /m:top/uses-file"]
    );
    assert_eq!(faults(json!({ "inline": "i", "uses-file": "x" })), none);
}

#[test]
fn a_choice_is_demanded_in_its_case_and_on_its_condition() {
    let none: [&str; 0] = [];
    let on = |other: Value| {
        let mut members = json!({ "mode": "on", "detail": "d", "tuned": {"depth": "1"} });
        let all = members.as_object_mut().expect("is an object");
        all.extend(other.as_object().expect("is an object").clone());
        faults(members)
    };
    assert_eq!(on(json!({})), none);
    assert_eq!(on(json!({ "host": "h" })), none);
    assert_eq!(on(json!({ "file": "f" })), ["missing-choice /m:top"]);
    assert_eq!(on(json!({ "file": "f", "nested": "n" })), none);
    assert_eq!(faults(json!({ "file": "f" })), none);
}

#[test]
fn mandatory_nodes_are_demanded_on_their_condition() {
    assert_eq!(
        faults(json!({ "mode": "on" })),
        [
            "missing-mandatory /m:top/detail",
            "missing-mandatory /m:top/tuned/depth"
        ]
    );
    assert_eq!(faults(json!({ "detail": "d" })), ["when /m:top/detail"]);
    assert_eq!(
        faults(json!({ "tuned": {"depth": "1"} })),
        ["when /m:top/tuned"]
    );
}

#[test]
fn a_must_says_what_the_module_says() {
    let members = json!({ "item": [{"id": "a"}], "pair": [{"id": "1"}, {"id": "2"}] });
    let faults = validate(&Data::new(&TOP_NODE, &members)).expect_err("breaks a must");
    let [fault] = faults.list.as_slice() else {
        panic!("{faults}");
    };
    assert_eq!(fault.kind, FaultKind::Must);
    assert_eq!(fault.path.to_string(), "/m:top/pair[id='2']/id");
    assert_eq!(fault.app_tag.as_deref(), Some("order"));
    assert_eq!(fault.message.as_deref(), Some("No pair is before another."));
    let told = faults.to_string();
    assert!(told.ends_with("/id: No pair is before another."), "{told}");
}

#[test]
fn entries_are_found_without_looking_at_each() {
    let link = |at: usize| json!({ "id": format!("x{at}"), "peer": format!("x{}", 1_999 - at) });
    let mut links: Vec<Value> = (0..2_000).map(link).collect();
    let options = Options::default().with_max_work(2_000 * 100);
    let data =
        |links: &[Value]| Data::new(&TOP_NODE, &json!({ "item": [{"id": "a"}], "link": links }));
    assert_eq!(validate_with(&data(&links), &options), Ok(()));
    links[7]["peer"] = json!("y");
    let faults = validate_with(&data(&links), &options).expect_err("breaks a must");
    let [fault] = faults.list.as_slice() else {
        panic!("{faults}");
    };
    assert_eq!(fault.path.to_string(), "/m:top/link[id='x7']/peer");
}

#[test]
fn an_expression_that_looks_at_all_pairs_has_an_end() {
    let pair = |at: usize| json!({ "id": format!("x{at}") });
    let pairs: Vec<Value> = (0..300).map(pair).collect();
    let members = json!({ "item": [{"id": "a"}], "pair": pairs });
    let data = Data::new(&TOP_NODE, &members);
    assert_eq!(validate(&data), Ok(()));
    let options = Options::default().with_max_work(50_000);
    let faults = validate_with(&data, &options).expect_err("takes too long");
    let [fault] = faults.list.as_slice() else {
        panic!("{faults}");
    };
    assert_eq!(fault.kind, FaultKind::TooCostly);
    assert_eq!(fault.kind.error_tag().as_str(), "resource-denied");
}
