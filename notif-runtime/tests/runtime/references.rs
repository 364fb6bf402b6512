//! References in data with many of them: each node is looked at a few times, however many refer to
//! it.
#![allow(missing_docs, reason = "a test file")]
#![allow(
    clippy::expect_used,
    clippy::panic,
    reason = "a test states what must hold"
)]

use crate::double::{Data, looks};
use notif_runtime::Options;
use notif_runtime::schema::{Module, Node, Type};
use notif_runtime::validate::validate_with;
use serde_json::{Value, json};

static MODULE: Module = Module {
    name: "m",
    namespace: "urn:m",
    prefix: "m",
    implemented: true,
    data: || std::slice::from_ref(&TOP_NODE),
    ..Module::EMPTY
};

const fn leaf(
    name: &'static str,
    member: &'static str,
    ty: &'static Type<'static>,
) -> Node<'static> {
    Node::leaf_node(&MODULE, name, member, ty)
}

static NEIGHBOUR: Type<'_> = Type::relative_leafref(2, &["item", "id"], &Type::STRING);
static ANYWHERE: Type<'_> = Type::leafref(&["m:top", "item", "id"], &Type::STRING);
static ITEM: [Node<'_>; 3] = [
    leaf("id", "\"id\":", &Type::STRING).mandatory(),
    leaf("neighbour", "\"neighbour\":", &NEIGHBOUR).constrained(),
    leaf("anywhere", "\"anywhere\":", &ANYWHERE).constrained(),
];
static INSTANCE: Type<'_> = Type::InstanceIdentifier {
    require_instance: true,
};
static ROW: [Node<'_>; 1] = [leaf("id", "\"id\":", &Type::STRING)];
static TOP: [Node<'_>; 4] = [
    Node::list(&MODULE, "item", "\"item\":", &[0], &ITEM).constrained(),
    Node::list(&MODULE, "row", "\"row\":", &[], &ROW).state(),
    Node::leaf_list(&MODULE, "tag", "\"tag\":", &Type::STRING),
    Node::leaf_list(&MODULE, "place", "\"place\":", &INSTANCE).constrained(),
];
static TOP_NODE: Node<'_> = Node::container(&MODULE, "top", "\"m:top\":", &TOP).constrained();

const MANY: usize = 3_000;

/// So many looks at each of many nodes are linear.
const EACH: usize = 40;

fn text(at: usize) -> String {
    format!("x{at}")
}

fn verdict(members: &Value, options: &Options) -> Vec<String> {
    let data = Data::new(&TOP_NODE, members);
    let faults = validate_with(&data, options).map_or_else(|faults| faults.list, |()| Vec::new());
    let faults = faults.iter();
    faults
        .map(|fault| format!("{} {}", fault.kind, fault.path))
        .collect()
}

#[test]
fn leafrefs_are_looked_up() {
    let none: Vec<String> = Vec::new();
    for name in ["neighbour", "anywhere"] {
        let item = |at: usize| json!({ "id": text(at), name: text(MANY - 1 - at) });
        let mut items: Vec<Value> = (0..MANY).map(item).collect();
        looks();
        let found = verdict(&json!({ "item": items }), &Options::default());
        assert_eq!(found, none);
        assert!(looks() < MANY * EACH, "{name}");
        if let Some(item) = items.get_mut(7) {
            *item = json!({ "id": "x7", name: "other" });
        }
        let found = verdict(&json!({ "item": items }), &Options::default());
        assert_eq!(
            found,
            [format!("dangling-leafref /m:top/item[id='x7']/{name}")]
        );
    }
}

#[test]
fn instances_are_looked_up() {
    let none: Vec<String> = Vec::new();
    let item = |at: usize| json!({ "id": text(at) });
    let items: Vec<Value> = (0..MANY).map(item).collect();
    let tags: Vec<String> = (0..MANY).map(text).collect();
    let place = |at: usize, step: &str| match step {
        "item" => format!("/m:top/item[id='x{at}']/id"),
        "row" => format!("/m:top/row[{}]/id", at + 1),
        _ => format!("/m:top/tag[.='x{at}']"),
    };
    // Keys are compared to look them up; the texts of leaf-lists as well.
    let options = Options::default().with_max_work(MANY * EACH);
    for step in ["item", "row", "tag"] {
        let mut places: Vec<String> = (0..MANY).rev().map(|at| place(at, step)).collect();
        let members = |places: &[String]| json!({ "item": items, "row": items, "tag": tags, "place": places });
        looks();
        assert_eq!(verdict(&members(&places), &options), none, "{step}");
        // Some are compared one by one, as long as that is cheaper.
        assert!(looks() < MANY * EACH + 200_000, "{step}");
        places.push(place(MANY, step));
        let found = verdict(&members(&places), &options);
        assert_eq!(found.len(), 1, "{found:?}");
        let is_missing = |fault: &String| fault.starts_with("missing-instance /m:top/place[");
        assert!(found.iter().all(is_missing), "{found:?}");
    }
}
