//! Messages that a sender makes to cost much more than their bytes.
#![allow(missing_docs, reason = "a test file")]
#![allow(
    clippy::expect_used,
    clippy::panic,
    reason = "a test states what must hold"
)]

use std::fmt::Write as _;

use notif_runtime::Options;
use notif_runtime::fault::{FaultKind, Faults};
use notif_runtime::{Encoding, json, xml};

use crate::common::metadata::metadata::Top;
use crate::common::{decode_as, encode};

const XMLNS: &str = "xmlns=\"urn:example:metadata\"";

/// The only fault's kind and what would have been right.
fn only(faults: &Faults) -> (FaultKind, &str) {
    match faults.list.as_slice() {
        [fault] => (fault.kind, &fault.expected),
        _ => panic!("{faults}"),
    }
}

#[test]
fn entries_take_no_more_memory_than_is_allowed() {
    let mut items = String::new();
    for id in 0..200 {
        let _ = write!(items, "{}{{\"id\":{id}}}", if id > 0 { "," } else { "" });
    }
    let text = format!("{{\"metadata:top\":{{\"item\":[{items}]}}}}");
    let data: Top = json::from_slice(text.as_bytes(), &Options::default()).expect("is valid");
    let entry = size_of_val(data.item.first().expect("is there"));
    for encoding in Encoding::ALL {
        let message = encode(*encoding, &data);
        let enough = Options::default().with_max_memory(200 * entry);
        assert_eq!(
            decode_as::<Top>(*encoding, &message, &enough).as_ref(),
            Ok(&data)
        );
        let scarce = Options::default().with_max_memory(200 * entry - 1);
        let faults = decode_as::<Top>(*encoding, &message, &scarce).expect_err("is too large");
        let expected = format!("data that take at most {} bytes of memory", 200 * entry - 1);
        assert_eq!(only(&faults), (FaultKind::TooLarge, &*expected));
        let path = faults.list.first().map(|fault| fault.path.to_string());
        assert_eq!(path.as_deref(), Some("/metadata:top/item"));
    }
}

#[test]
fn namespaces_are_not_repeated_in_anydata_without_end() {
    let namespace = "n".repeat(10_000);
    let options = Options::default().with_max_memory(1 << 20);
    let document = |element: &str, times: usize| {
        let elements = element.repeat(times);
        format!("<top {XMLNS}><any xmlns:p=\"{namespace}\">{elements}</any></top>")
    };
    let long = "x".repeat(200);
    for element in ["<p:a/>", "<b p:a=\"\"/>", "<c>p:a</c>"] {
        let few = xml::from_slice::<Top>(document(element, 50).as_bytes(), &options);
        assert!(few.is_ok(), "{element}");
        let many = xml::from_slice::<Top>(document(element, 500).as_bytes(), &options);
        let faults = many.expect_err("is too large");
        assert_eq!(only(&faults).0, FaultKind::TooLarge, "{element}");
    }
    let plain = format!("<c>{long}</c>");
    let many = xml::from_slice::<Top>(document(&plain, 500).as_bytes(), &options);
    assert!(many.is_ok());
}

#[test]
fn prefixes_are_found_and_bounded() {
    let declarations = |many: usize| {
        let mut text = String::new();
        for at in 0..many {
            let _ = write!(text, " xmlns:p{at}=\"urn:{at}\"");
        }
        text
    };
    let document = |many: usize, inner: &str| {
        let declared = declarations(many);
        format!("<top {XMLNS}{declared}>{inner}</top>")
    };
    // Of many prefixes, each is that of the innermost declaration, and the outer ones come back.
    let inner = "<any><p7:a xmlns:p7=\"urn:x\"><p7:b/></p7:a><p7:c/></any>";
    let text = document(100, inner);
    let data: Top = xml::from_slice(text.as_bytes(), &Options::default()).expect("is valid");
    let any = json::to_string(&data);
    assert!(
        any.contains("{\"{urn:x}a\":{\"b\":\"\"},\"{urn:7}c\":\"\"}"),
        "{any}"
    );
    let most = xml::from_slice::<Top>(document(1023, "").as_bytes(), &Options::default());
    assert!(most.is_ok());
    let faults = xml::from_slice::<Top>(document(1024, "").as_bytes(), &Options::default())
        .expect_err("are too many");
    let expected = "at most 1024 declarations of namespaces";
    assert_eq!(only(&faults), (FaultKind::TooLarge, expected));
    let twice = document(0, "<any a=\"1\" b=\"2\" a=\"3\"/>");
    let faults =
        xml::from_slice::<Top>(twice.as_bytes(), &Options::default()).expect_err("is malformed");
    let expected = "the attribute a only once";
    assert_eq!(only(&faults), (FaultKind::Malformed, expected));
}
