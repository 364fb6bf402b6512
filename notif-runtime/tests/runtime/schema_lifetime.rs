//! A schema need not live as long as the program: what reads and checks borrows it for as long as
//! it works.

use notif_runtime::Options;
use notif_runtime::decode::{Context, Reader as _};
use notif_runtime::json::JsonReader;
use notif_runtime::schema::{Module, Node, Type};
use notif_runtime::value::{FromScalar as _, Names};

static MODULE: Module = Module {
    name: "m",
    namespace: "urn:m",
    prefix: "m",
    ..Module::EMPTY
};

/// The values of the leafs of an object, read with a schema that is made here and dropped here.
fn read(leafs: &[&str], message: &str) -> Vec<(String, u8)> {
    let names: Vec<(String, String)> = leafs
        .iter()
        .map(|name| ((*name).to_owned(), format!("\"{name}\":")))
        .collect();
    let range = vec![(1, 9)];
    let ty = Type::integer_in(notif_runtime::schema::Integer::Uint8, &range);
    let children: Vec<Node<'_>> = names
        .iter()
        .map(|(name, member)| Node::leaf_node(&MODULE, name, member, &ty))
        .collect();
    let node = Node::container(&MODULE, "top", "\"m:top\":", &children);

    let mut cx = Context::new(Options::default());
    let mut reader = JsonReader::new(message, &[]);
    assert_eq!(reader.open_object(&node, &mut cx), Ok(true));
    let mut found = Vec::new();
    while let Ok(Some(at)) = reader.next_member(&node, 0, &mut cx) {
        let leaf = &node.children()[at];
        let scalar = reader.scalar(&mut cx).ok().flatten().expect("a value");
        let names = Names::new(leaf.module, None);
        if let Ok(value) = u8::from_scalar(&scalar, &ty, &names) {
            found.push((leaf.name.to_owned(), value));
        }
    }
    found
}

#[test]
fn a_schema_is_dropped_when_it_is_done_with() {
    let found = read(&["a", "b"], r#"{"b":3,"a":10,"c":1}"#);
    // `a` is out of the range, and `c` is no member.
    assert_eq!(found, [("b".to_owned(), 3)]);
    assert_eq!(read(&["c"], r#"{"c":9}"#), [("c".to_owned(), 9)]);
}
