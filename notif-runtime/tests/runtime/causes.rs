//! The likely causes that faults name: another encoding, and modules that are not compiled in.
#![allow(clippy::expect_used, reason = "a test states what must hold")]

use notif_runtime::cbor::{self, Mapping};
use notif_runtime::{Encoding, Options, Registry, json, xml};

use crate::common::{CAPTURED_JSON, CAPTURED_XML, Notification, interfaces};

/// The first fault of a message.
fn first(encoding: Encoding, message: &[u8]) -> String {
    let registry = Registry::new(&interfaces::SCHEMA);
    let decoded = registry.decode(encoding, message, &Options::default());
    let faults = decoded.expect_err("is refused");
    faults.list.first().expect("has a fault").to_string()
}

fn captured() -> Notification {
    json::from_slice(CAPTURED_JSON, &Options::default()).expect("is valid")
}

#[test]
fn another_encoding_is_named() {
    let cbor = cbor::to_vec(&captured(), Mapping::Yang);
    let (json, xml) = (CAPTURED_JSON, CAPTURED_XML);
    for (encoding, message, told) in [
        (Encoding::Json, xml, "expected JSON, found '<': this is XML"),
        (
            Encoding::Json,
            &cbor,
            "expected JSON, found a map of CBOR: this is CBOR",
        ),
        (Encoding::Xml, json, "expected XML, found '{': this is JSON"),
        (
            Encoding::Xml,
            &cbor,
            "expected XML, found a map of CBOR: this is CBOR",
        ),
        (
            Encoding::Cbor,
            json,
            "expected CBOR, found '{': this is JSON",
        ),
        (
            Encoding::JsonCbor,
            xml,
            "expected CBOR, found '<': this is XML",
        ),
    ] {
        let fault = first(encoding, message);
        assert_eq!(fault, format!("1:1: malformed: /: {told}"), "{encoding}");
    }
    assert_eq!(
        first(Encoding::Json, b"\n  <a/>"),
        "2:3: malformed: /: expected JSON, found '<': this is XML"
    );
    let faults = xml::from_slice::<Notification>(b"{}", &Options::default());
    let told = faults.expect_err("is refused").to_string();
    assert_eq!(
        told,
        "1:1: malformed: /: expected XML, found '{': this is JSON"
    );
    // These are what they are called, and wrong in another way.
    for (encoding, message) in [
        (Encoding::Json, &b"{<"[..]),
        (Encoding::Json, b"[]"),
        (Encoding::Xml, b"<"),
        (Encoding::Cbor, &[0xa1]),
        (Encoding::Cbor, &[0x80]),
    ] {
        let fault = first(encoding, message);
        assert!(!fault.contains("this is"), "{fault}");
    }
}

#[test]
fn the_other_mapping_of_cbor_is_named() {
    let data = captured();
    let (yang, json) = (
        cbor::to_vec(&data, Mapping::Yang),
        cbor::to_vec(&data, Mapping::Json),
    );
    let fault = first(Encoding::Cbor, &json);
    assert!(fault.ends_with(": this is application/cbor"), "{fault}");
    let fault = first(Encoding::JsonCbor, &yang);
    assert!(
        fault.ends_with(": this is application/yang-data+cbor"),
        "{fault}"
    );
    let options = Options::default();
    let faults = cbor::from_slice::<Notification>(&json, Mapping::Yang, &options);
    let told = faults.expect_err("is refused").to_string();
    assert!(told.contains(": this is application/cbor"), "{told}");
    // Wrong in both.
    let fault = first(Encoding::Cbor, &json[..json.len() - 1]);
    assert!(!fault.contains("this is"), "{fault}");
}

/// The work of a refusal is bounded.
#[test]
fn only_small_messages_are_tried_with_the_other_mapping() {
    let described = |length: usize| {
        let mut data = captured();
        let interfaces = data.interface_data.as_mut().expect("is there");
        let interface = interfaces.interface.first_mut().expect("is there");
        interface.description = Some("x".repeat(length).into());
        cbor::to_vec(&data, Mapping::Json)
    };
    // The head of a text is as long from 256 bytes to 64 KiB.
    let rest = described(256).len() - 256;
    for (length, is_told) in [(64 << 10, true), ((64 << 10) + 1, false)] {
        let message = described(length - rest);
        assert_eq!(message.len(), length);
        let fault = first(Encoding::Cbor, &message);
        assert_eq!(
            fault.contains(": this is application/cbor"),
            is_told,
            "{fault}"
        );
    }
}

#[test]
fn a_module_that_is_not_compiled_in_is_named() {
    let note = "; the module \"acme-door\" is not compiled in: generate the types from it too";
    let fault = first(Encoding::Json, br#"{"acme-door:access":{}}"#);
    assert_eq!(
        fault,
        format!(
            "1:2: unknown-element: /acme-door:access: expected one of \
             ietf-https-notif:notification{note}"
        )
    );
    let inside = br#"{"ietf-https-notif:notification":{"acme-door:access":{}}}"#;
    let fault = first(Encoding::Json, inside);
    assert!(fault.ends_with(note), "{fault}");
    let fault = first(Encoding::Json, br#"{"ietf-https-notif:other":{}}"#);
    assert!(!fault.contains("not compiled in"), "{fault}");
    let fault = first(Encoding::Xml, b"<access xmlns=\"urn:acme\"/>");
    assert_eq!(
        fault,
        "1:1: unknown-namespace: /access: expected the namespace \
         urn:ietf:params:xml:ns:netconf:notification:1.0 of the module ietf-https-notif; no module \
         that is compiled in has the other: generate the types from it too, found urn:acme"
    );
    let inside = b"<notification xmlns=\"urn:ietf:params:xml:ns:netconf:notification:1.0\">\
                   <access xmlns=\"urn:acme\"/></notification>";
    let fault = first(Encoding::Xml, inside);
    assert!(fault.contains("no module that is compiled in"), "{fault}");
}

/// CBOR has no lines: its faults are at bytes from 1.
#[test]
fn faults_of_cbor_are_at_bytes() {
    let fault = first(Encoding::Cbor, b"\xa1\x01\x02");
    assert!(fault.starts_with("1:2: unknown-element"), "{fault}");
}
