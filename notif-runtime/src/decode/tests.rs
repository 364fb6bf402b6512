//! Objects without a struct, which the decoder's loop reads as it reads generated ones.

use compact_str::CompactString;

use super::members::{ReadMember, read_object};
use super::{Abort, Context, Reader, Seen, read_optional_leaf};
use crate::fault::Position;
use crate::json::{self, JsonReader};
use crate::options::Options;
use crate::schema::{Module, Node, Type};
use crate::tree::{self, Child};

static MODULE: Module = Module {
    name: "m",
    namespace: "urn:m",
    prefix: "m",
    ..Module::EMPTY
};

static CHILDREN: [Node<'static>; 3] = [
    Node::leaf_node(&MODULE, "id", "\"id\":", &Type::STRING).mandatory(),
    Node::leaf_node(&MODULE, "name", "\"name\":", &Type::STRING),
    Node::leaf_node(&MODULE, "kind", "\"kind\":", &Type::STRING).mandatory(),
];

static NODE: Node<'static> = Node::container(&MODULE, "top", "\"m:top\":", &CHILDREN);

/// An object that has only a description.
#[derive(Debug)]
struct Loose {
    node: &'static Node<'static>,
    leafs: Vec<Option<CompactString>>,
}

impl tree::Node for Loose {
    fn schema(&self) -> &'static Node<'static> {
        self.node
    }

    fn child(&self, index: usize) -> Child<'_> {
        self.leafs
            .get(index)
            .map_or(Child::None, Child::optional_leaf)
    }
}

/// A set of as many indexes as a node has children.
impl Seen for Vec<bool> {
    fn none(children: usize) -> Self {
        vec![false; children]
    }

    fn insert(&mut self, index: usize) -> bool {
        !std::mem::replace(&mut self[index], true)
    }

    fn contains(&self, index: usize) -> bool {
        self[index]
    }

    fn contains_all(&self, other: &Self) -> bool {
        self.iter().zip(other).all(|(own, other)| *own || !other)
    }
}

impl<'de, R: Reader<'de> + ?Sized> ReadMember<R> for Loose {
    fn read_member(
        &mut self,
        index: usize,
        reader: &mut R,
        cx: &mut Context,
    ) -> Result<bool, Abort> {
        let node = &self.node.children()[index];
        read_optional_leaf(&mut self.leafs[index], node, reader, cx)
    }

    fn as_node(&self) -> &dyn tree::Node {
        self
    }
}

fn read(text: &str) -> Result<Loose, String> {
    let node: &'static Node<'static> = &NODE;
    let mut cx = Context::new(Options::default());
    let mut value = Loose {
        node,
        leafs: vec![None; node.children().len()],
    };
    let mandatory: Vec<bool> = node
        .children()
        .iter()
        .map(|child| child.mandatory)
        .collect();
    let mut reader = JsonReader::new(text, &[]);
    let _ = read_object(&mut value, (node, &mandatory), &mut reader, &mut cx);
    cx.finish(Position::in_bytes)
        .map_err(|faults| faults.to_string())?;
    Ok(value)
}

#[test]
fn an_object_without_a_struct_is_read_by_its_description() {
    let text = r#"{"id":"1","kind":"x"}"#;
    let mut written = String::new();
    json::write_node(&mut written, &read(text).expect("is valid"));
    assert_eq!(written, text);
}

#[test]
fn its_faults_are_those_of_any_object() {
    let faults = read(r#"{"id":"1","id":"2","name":3,"more":null}"#).expect_err("has faults");
    let expected = "1:16: duplicate: /id: expected the leaf only once\n\
                    1:27: wrong-kind: /name: expected a JSON string for string, found 3\n\
                    1:29: unknown-element: /more: expected a member of the container \"top\": id, name, kind\n\
                    1:1: missing-mandatory: /kind: expected the mandatory leaf \"kind\"";
    assert_eq!(faults, expected);
}
