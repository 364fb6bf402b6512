//! Names follow from a node's own path: one that arrives changes no other's.
#![allow(clippy::expect_used, reason = "a test states what must hold")]

use std::collections::BTreeSet;

use crate::common::Modules;
use quote::ToTokens as _;
use syn::Item;

const BODY: &str = "
  typedef size { type uint8 { range \"1..9\"; } }
  identity shape;
  identity round { base shape; }
  grouping g { leaf size { type size; } choice way { leaf left { type empty; } leaf right { type empty; } } }
  container top {
    uses g;
    leaf type { type enumeration { enum one; enum two; } }
    leaf foo-bar { type bits { bit a; bit b; } }
    leaf foo_bar { type union { type int8; type enumeration { enum any; } } }
    leaf form { type identityref { base shape; } }
    list item { key name; leaf name { type string; } container inner { leaf x { type string; } } }
    /* top */
  }
  notification report { leaf size { type size; } /* report */ }
  rpc run { input { leaf size { type size; } /* input */ } }
  /* module */";

/// The statements that are added, each with its place.
const ARRIVING: &[(&str, &str)] = &[
    ("top", "leaf another { type enumeration { enum one; } }"),
    (
        "top",
        "container inner { container item { leaf size { type size; } } }",
    ),
    (
        "top",
        "choice choice { leaf size2 { type size; } container way2 { } }",
    ),
    ("top", "action run { input { leaf size { type string; } } }"),
    ("report", "container top { leaf size { type size; } }"),
    ("input", "container report { container report { } }"),
    ("module", "container item { leaf top { type string; } }"),
    (
        "module",
        "typedef another { type enumeration { enum one; } } leaf name { type another; }",
    ),
    ("module", "identity square { base round; }"),
    (
        "module",
        "notification run-report { leaf a { type string; } }",
    ),
];

/// Types, fields and variants by their paths, the fields with their types.
fn names(items: &[Item], path: &str, found: &mut BTreeSet<String>) {
    for item in items {
        let mut add = |name: String| found.insert(format!("{path}::{name}"));
        match item {
            Item::Struct(item) => {
                add(item.ident.to_string());
                for field in &item.fields {
                    let name = field.ident.to_token_stream();
                    let ty = field.ty.to_token_stream();
                    add(format!("{}.{name}: {ty}", item.ident));
                }
            }
            Item::Enum(item) => {
                add(item.ident.to_string());
                for variant in &item.variants {
                    add(format!("{}::{}", item.ident, variant.ident));
                }
            }
            Item::Type(item) => {
                add(item.to_token_stream().to_string());
            }
            Item::Mod(item) if item.ident != "shared_" => {
                let inner = item.content.as_ref().map_or(&[][..], |(_, items)| items);
                names(inner, &format!("{path}::{}", item.ident), found);
            }
            _ => {}
        }
    }
}

fn names_of(body: &str) -> BTreeSet<String> {
    let source = Modules::with_body(body).generator().generate();
    let source = source.expect("generates").source;
    let mut found = BTreeSet::new();
    let file = syn::parse_file(&source).expect("parses");
    names(&file.items, "", &mut found);
    found
}

#[test]
fn a_node_that_arrives_changes_no_other_name() {
    let before = names_of(BODY);
    assert!(before.contains("::m::top::item::Inner"));
    for (place, added) in ARRIVING {
        let mark = format!("/* {place} */");
        assert!(BODY.contains(&mark), "{mark}");
        let after = names_of(&BODY.replace(&mark, added));
        let lost: Vec<&String> = before.difference(&after).collect();
        assert_eq!(lost, [] as [&String; 0], "{added}");
        assert_ne!(before, after, "{added}");
    }
}
