//! The size of faults that a message can cause: names and values of any length are repeated with
//! their first characters only.
#![allow(
    clippy::expect_used,
    clippy::panic,
    reason = "a test states what must hold"
)]

use std::fmt::Write as _;

use notif_runtime::Encoding;
use notif_runtime::Options;
use notif_runtime::decode::Object;
use notif_runtime::fault::{FaultKind, Faults};

use crate::common::metadata::metadata::Top;
use crate::common::{Notification, decode_as, encode};

/// A name or value that no line should repeat.
fn long() -> String {
    "n".repeat(1 << 20)
}

/// The faults of a message, of which each repeats something of it, cut.
fn faults<T: Object>(encoding: Encoding, message: &[u8]) -> Faults {
    let faults = decode_as::<T>(encoding, message, &Options::default())
        .map_or_else(|faults| faults, |_| panic!("is valid"));
    for fault in &faults.list {
        let line = fault.to_string();
        assert!(line.len() < 1_500, "{} bytes: {line:.300}", line.len());
        assert!(line.contains('…'), "{line}");
    }
    faults
}

/// The mandatory members of an interface but its key.
const REST: &str = "\"type\":\"772\",\"enabled\":true,\"admin-status\":\"up\",\"if-index\":1,\
     \"statistics\":{\"discontinuity-time\":\"2025-01-02T03:04:06Z\"}";

/// A message with one interface, whose key is long; `LONG` and `REST` are filled in.
fn json(interface: &str) -> String {
    let long = long();
    let interface = interface.replace("LONG", &long).replace("REST", REST);
    format!(
        "{{\"ietf-https-notif:notification\":{{\"eventTime\":\"2025-01-02T03:04:05Z\",\
         \"interface_data\":{{\"interface\":[{{\"name\":\"{long}\",{interface}}}]}}}}}}"
    )
}

#[test]
fn a_long_key_is_cut_in_the_paths_of_all_faults_around_it() {
    let mut members = String::new();
    for at in 0..20 {
        let comma = if at > 0 { "," } else { "" };
        let _ = write!(members, "{comma}\"x{at}\":1");
    }
    let faults = faults::<Notification>(Encoding::Json, json(&members).as_bytes());
    assert_eq!(faults.list.len(), 20);
    let path = format!(
        "/ietf-https-notif:notification/interface_data/interface[name='{}…']/x0",
        "n".repeat(60)
    );
    let first = faults.list.first().expect("is there");
    assert_eq!(first.path.to_string(), path);
}

#[test]
fn names_and_values_are_cut_wherever_json_has_them() {
    for (interface, kind) in [
        ("\"LONG\":1", FaultKind::UnknownElement),
        ("\"x:LONG\":{\"LONG\":2}", FaultKind::UnknownElement),
        ("\"@LONG\":{}", FaultKind::UnknownElement),
        ("\"enabled\":\"LONG\"", FaultKind::WrongKind),
        ("\"admin-status\":\"LONG\"", FaultKind::Enumeration),
        ("\"if-index\":1LONG", FaultKind::Malformed),
        ("\"speed\":\"LONG\"", FaultKind::Lexical),
        ("\"phys-address\":\"LONG\"", FaultKind::Pattern),
        ("\"description\":\"LONG\u{fffe}\"", FaultKind::Lexical),
        (
            "\"higher-layer-if\":[\"xLONG\"],REST",
            FaultKind::DanglingLeafref,
        ),
        (
            "\"@enabled\":{\"LONG:LONG\":1},\"enabled\":true",
            FaultKind::UnknownAttribute,
        ),
        ("REST},{\"name\":\"LONG\",REST", FaultKind::DuplicateEntry),
    ] {
        let found = faults::<Notification>(Encoding::Json, json(interface).as_bytes());
        let kinds: Vec<_> = found.list.iter().map(|fault| fault.kind).collect();
        assert!(kinds.contains(&kind), "{interface}: {kinds:?}");
    }
    let digits = json(&format!("\"if-index\":{}", "7".repeat(1 << 20)));
    let found = faults::<Notification>(Encoding::Json, digits.as_bytes());
    assert_eq!(
        found.list.first().map(|fault| fault.kind),
        Some(FaultKind::Range)
    );
    let any = "{\"metadata:top\":{\"any\":{\"LONG\":1,\"LONG\":2}}}".replace("LONG", &long());
    let found = faults::<Top>(Encoding::Json, any.as_bytes());
    assert_eq!(
        found.list.first().map(|fault| fault.kind),
        Some(FaultKind::Duplicate)
    );
}

#[test]
fn names_and_values_are_cut_wherever_xml_has_them() {
    for inner in [
        "<LONG/>",
        "<p:LONG/>",
        "<a xmlns='LONG'/>",
        "<name></LONG></name>",
        "<name>a</LONG>",
        "</LONG>",
        "<name LONG='1'>a</name>",
        "<name LONG='1' LONG='2'>a</name>",
        "<name LONG='&LONG;'>a</name>",
        "<name xmlns:LONG=''>a</name>",
        "<name><LONG/></name>",
        "<name>a</name>LONG",
        "<name>LONG</name><x/>",
        "<name>LONG</name><name>a</name>",
        "<name>a</name><enabled>LONG</enabled>",
        "<name>a</name>&LONG;",
    ] {
        let text = format!(
            "<notification xmlns='urn:ietf:params:xml:ns:netconf:notification:1.0'>\
             <eventTime>2025-01-02T03:04:05Z</eventTime><interface_data><interface>{}\
             </interface></interface_data></notification>",
            inner.replace("LONG", &long())
        );
        let all = decode_as::<Notification>(Encoding::Xml, text.as_bytes(), &Options::default())
            .expect_err("has faults");
        let all = all.to_string();
        assert!(
            all.len() < 3_000,
            "{inner}: {} bytes: {all:.300}",
            all.len()
        );
    }
    for inner in [
        "<LONG:a/>",
        "<a LONG:b='1'/>",
        "<a LONG='&lt;' LONG=''/>",
        "<a b='LONG\u{fffe}'/>",
        "<a>LONG<b/></a>",
        "<a/>LONG",
    ] {
        let inner = inner.replace("LONG", &long());
        let text = format!("<top xmlns=\"urn:example:metadata\"><any>{inner}</any></top>");
        let all = faults::<Top>(Encoding::Xml, text.as_bytes()).to_string();
        assert!(all.len() < 3_000, "{} bytes: {all:.300}", all.len());
    }
}

#[test]
fn references_are_cut_in_every_encoding() {
    let valid = json("\"higher-layer-if\":[\"LONG\"],REST");
    let mut data: Notification =
        decode_as(Encoding::Json, valid.as_bytes(), &Options::default()).expect("is valid");
    let interface = data
        .interface_data
        .as_mut()
        .and_then(|data| data.interface.first_mut());
    let interface = interface.expect("is there");
    interface.name.push('x');
    for encoding in Encoding::ALL {
        let found = faults::<Notification>(*encoding, &encode(*encoding, &data));
        let [fault] = found.list.as_slice() else {
            panic!("{found}");
        };
        let cut = "n".repeat(60);
        assert_eq!(fault.kind, FaultKind::DanglingLeafref, "{encoding}");
        assert_eq!(
            fault.path.to_string(),
            format!(
                "/ietf-https-notif:notification/interface_data/interface[name='{cut}…']\
                 /higher-layer-if[.='{cut}…']"
            )
        );
        assert_eq!(fault.value, Some(format!("\"{cut}…\"")));
    }
}
