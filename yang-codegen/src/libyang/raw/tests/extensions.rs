//! The definitions in extensions, and what libyang's plugins make of them.

use super::*;

/// A module with the extensions of RFC 8341, which libyang hands down to the nodes below.
const ACM: &str = "module ietf-netconf-acm { namespace urn:acm; prefix nacm; revision 2018-02-14;
  extension default-deny-all; }";

const USER: &str = "module user { yang-version 1.1; namespace urn:user; prefix u;
  import ietf-netconf-acm { prefix nacm; }
  import ietf-yang-metadata { prefix md; }
  import ietf-yang-structure-ext { prefix sx; }
  md:annotation hint { type int8; }
  sx:structure told { description Said.; must 1; leaf text { type string; } container more; }
  sx:structure empty { leaf x { type int8; } }
  container top { nacm:default-deny-all; leaf a { type int8; }
    leaf b { nacm:default-deny-all; type int8; } }
}";

fn loaded() -> (TempDir, Context) {
    let folder = tempfile::tempdir().expect("makes a folder");
    let write = |name: &str, text: &str| fs::write(folder.path().join(name), text).expect("writes");
    write("ietf-netconf-acm.yang", ACM);
    write("user.yang", USER);
    let mut context = Context::new(&[folder.path()]).expect("makes a context");
    let loaded = context
        .load(&folder.path().join("user.yang"), &[])
        .and_then(|()| context.compile());
    assert_eq!(loaded, Ok(()));
    (folder, context)
}

fn user(context: &Context) -> Module<'_> {
    let mut modules = context.modules().into_iter();
    modules
        .find(|module| module.name() == "user")
        .expect("is loaded")
}

#[test]
fn what_is_handed_down_is_not_the_nodes_own() {
    let (_folder, context) = loaded();
    let top = user(&context).data()[0];
    let is_own = |node: Node<'_>| {
        let found = node.extensions();
        found
            .iter()
            .any(|found| found.is("ietf-netconf-acm", "default-deny-all"))
    };
    assert!(is_own(top));
    assert_eq!(
        top.children().into_iter().map(is_own).collect::<Vec<_>>(),
        [false, true]
    );
}

#[test]
fn annotations_and_structures() {
    let (_folder, context) = loaded();
    let found = user(&context).extensions();
    let names: Vec<_> = found.iter().map(|found| found.argument()).collect();
    assert_eq!(names, [Some("hint"), Some("told"), Some("empty")]);
    let (hint, told, empty) = (found[0], found[1], found[2]);
    let int8 = Base::Int {
        bits: 8,
        signed: true,
    };
    assert_eq!(hint.annotation_type().map(Type::base), Some(int8));
    assert!(!hint.is_structure() && hint.nodes().is_empty());
    assert!(told.is_structure() && !told.is_template() && told.annotation_type().is_none());
    // libyang compiles the kinds of nodes one after another.
    assert_eq!(names_of(&told.nodes()), ["more", "text"]);
    assert!(told.musts().len() == 1 && empty.musts().is_empty());
    assert_eq!(told.description(), Some("Said."));
    assert_eq!(empty.description(), None);
}

fn names_of<'c>(nodes: &[Node<'c>]) -> Vec<&'c str> {
    nodes.iter().map(|node| node.name()).collect()
}
