//! Random data without a schema, through both encodings; and random text, which must not panic.
#![allow(clippy::expect_used, reason = "a test states what must hold")]

use crate::common::metadata::MODULES;
use crate::common::metadata::metadata::Top;
use std::collections::HashSet;

use notif_runtime::Options;
use notif_runtime::cbor::{self, Mapping};
use notif_runtime::fault::ErrorTag;
use notif_runtime::restconf::Errors;
use notif_runtime::types::AnyData;
use notif_runtime::{json, xml};
use proptest::collection::{btree_map, vec};
use proptest::prelude::*;
use proptest::sample::select;

fn quoted(text: &str) -> String {
    let mut quoted = String::from("\"");
    for character in text.chars() {
        if "\"\\".contains(character) {
            quoted.push('\\');
        }
        quoted.push(character);
    }
    quoted + "\""
}

fn scalar() -> impl Strategy<Value = String> {
    let plain = select(vec![
        "null",
        "true",
        "false",
        "0",
        "-1.5e+3",
        "18446744073709551616",
    ]);
    prop_oneof![
        plain.prop_map(ToOwned::to_owned),
        "[ -~é中]{0,6}".prop_map(|text| quoted(&text)),
        "metadata:[a-z]{1,3}".prop_map(|text| quoted(&text)),
    ]
}

fn name() -> impl Strategy<Value = String> {
    prop_oneof![
        "[a-z]{1,2}",
        "metadata:[a-z]",
        "far:[a-z]",
        r"\{urn:[xy]\}[a-z]",
        r"\{\}[a-z]",
        "[ -~é]{1,3}",
    ]
}

fn object(value: impl Strategy<Value = String>) -> impl Strategy<Value = String> {
    // `@` alone stands for annotations of the node.
    let name = name().prop_filter("is the node's own", |name| name != "@");
    btree_map(name, value, 0..5).prop_map(|members| {
        let members = members.iter();
        let members: Vec<String> = members
            .map(|(name, value)| format!("{}:{value}", quoted(name)))
            .collect();
        format!("{{{}}}", members.join(","))
    })
}

fn value() -> impl Strategy<Value = String> {
    scalar().prop_recursive(4, 24, 4, |inner| {
        prop_oneof![
            vec(inner.clone(), 0..4).prop_map(|values| format!("[{}]", values.join(","))),
            object(inner),
        ]
    })
}

fn restconf_errors(message: &str) -> Errors {
    Errors::of_request(ErrorTag::TooBig, message)
}

/// A message whose anydata is known.
fn with_known(known: AnyData) -> Top {
    let message = br#"{"metadata:top":{}}"#;
    let mut top: Top = json::from_slice(message, &Options::default()).expect("is valid");
    top.any = Some(known);
    top
}

#[test]
fn known_data_are_compared_and_hashed_by_what_they_hold() {
    let known = AnyData::known(restconf_errors("x"));
    let same = AnyData::known(restconf_errors("x"));
    let other = AnyData::known(restconf_errors("y"));
    let raw = AnyData::from_json(&known.to_json(), MODULES).expect("is JSON");
    assert_eq!(known, same);
    assert_eq!(known.clone(), known);
    assert_ne!(known, other);
    assert_ne!(known, raw);
    let all = HashSet::from([known.clone(), same, other, raw]);
    assert_eq!(all.len(), 3);
    let node = known.node().expect("is known");
    assert_eq!(node.downcast_ref(), Some(&restconf_errors("x")));
    assert!(known.raw().is_none() && known.get("error").is_none());
}

#[test]
fn known_data_are_written_as_members_in_every_encoding() {
    let top = with_known(AnyData::known(restconf_errors("a<b")));
    let options = Options::default();
    let text = json::to_string(&top);
    assert_eq!(
        text,
        format!(
            r#"{{"metadata:top":{{"any":{}}}}}"#,
            json::to_string(&restconf_errors("a<b"))
        )
    );
    let read: Top = json::from_slice(text.as_bytes(), &options).expect(&text);
    assert_eq!(json::to_string(&read), text);
    let text = xml::to_string(&top);
    let inside = xml::to_string(&restconf_errors("a<b"));
    assert!(text.contains(&format!("<any>{inside}</any>")), "{text}");
    for mapping in [Mapping::Yang, Mapping::Json] {
        let bytes = cbor::to_vec(&top, mapping);
        let read: Top = cbor::from_slice(&bytes, mapping, &options).expect("is valid");
        assert!(json::to_string(&read).contains(r#""error-message":"a<b""#));
    }
}

proptest! {
    #![proptest_config(ProptestConfig { failure_persistence: None, ..ProptestConfig::default() })]

    #[test]
    fn json_stays_and_goes_to_xml_and_back(any in object(value()), xml in value()) {
        let options = Options::default();
        let message = format!(r#"{{"metadata:top":{{"any":{any},"xml":{xml}}}}}"#);
        let data: Top = json::from_slice(message.as_bytes(), &options).expect(&message);
        prop_assert_eq!(json::to_string(&data), message);
        let text = xml::to_string(&data);
        let through: Top = xml::from_slice(text.as_bytes(), &options).expect(&text);
        let again = xml::to_string(&through);
        let still: Top = xml::from_slice(again.as_bytes(), &options).expect(&again);
        prop_assert_eq!(&still, &through);
        let text = json::to_string(&through);
        let back: Top = json::from_slice(text.as_bytes(), &options).expect(&text);
        prop_assert_eq!(json::to_string(&back), text);
    }

    #[test]
    fn any_text_has_a_verdict(text in "[\\[\\]{}\",:@a0n<>/= &;x\\-!?]{0,40}") {
        if let Ok(data) = AnyData::from_json(&text, MODULES) {
            let json = data.to_json();
            let again = AnyData::from_json(&json, MODULES);
            prop_assert_eq!(again.as_ref(), Ok(&data));
        }
        let _ = AnyData::from_xml(&format!("<a>{text}</a>"), MODULES);
        let _ = AnyData::from_xml(&text, MODULES);
    }
}
