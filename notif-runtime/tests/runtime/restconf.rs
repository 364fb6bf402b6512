//! Error bodies of RFC 8040, in all encodings, and their bounds.
#![allow(
    clippy::unwrap_used,
    clippy::indexing_slicing,
    reason = "a test states what must hold"
)]

use crate::common::Notification;
use notif_runtime::Options;
use notif_runtime::fault::{ErrorTag, Fault, Faults, Predicate, Step};
use notif_runtime::registry::Registry;
use notif_runtime::restconf::{Errors, MAX_BODY};
use notif_runtime::{Encoding, cbor, json, xml};

const MESSAGE: &str = r#"{"ietf-https-notif:notification":{"eventTime":"2025-01-02T03:04:05Z",
 "interface_data":{"interface":[{"name":"a'b","type":1,"enabled":true,"admin-status":"up",
 "oper-status":"up","statistics":{"in-octets":7}}]}}}"#;

fn faults() -> Faults {
    json::from_slice::<Notification>(MESSAGE.as_bytes(), &Options::default()).unwrap_err()
}

fn errors() -> Errors {
    let registry = Registry::new(&crate::common::interfaces::SCHEMA);
    let wrong = |fault: &Fault| fault.value.as_deref() == Some("7");
    let mut faults = faults();
    faults.list.retain(wrong);
    Errors::of_faults(&faults, registry.modules())
}

fn text(errors: &Errors, encoding: Encoding) -> String {
    String::from_utf8(errors.to_vec(encoding)).unwrap()
}

#[test]
fn a_fault_has_its_path_in_the_form_of_each_encoding() {
    assert_eq!(
        text(&errors(), Encoding::Json),
        r#"{"ietf-restconf:errors":{"error":[{"error-type":"application","error-tag":"invalid-value","error-path":"/ietf-https-notif:notification/interface_data/interface[name=\"a'b\"]/statistics/in-octets","error-message":"line 3, column 47: expected a JSON string with a decimal number for uint64, found 7"}]}}"#
    );
    assert_eq!(
        text(&errors(), Encoding::Xml),
        "<errors xmlns=\"urn:ietf:params:xml:ns:yang:ietf-restconf\"><error><error-type>application</error-type><error-tag>invalid-value</error-tag><error-path xmlns:ietf-https-notif=\"urn:ietf:params:xml:ns:netconf:notification:1.0\">/ietf-https-notif:notification/ietf-https-notif:interface_data/ietf-https-notif:interface[ietf-https-notif:name=&quot;a'b&quot;]/ietf-https-notif:statistics/ietf-https-notif:in-octets</error-path><error-message>line 3, column 47: expected a JSON string with a decimal number for uint64, found 7</error-message></error></errors>"
    );
}

#[test]
fn a_body_is_what_the_module_says() {
    let options = Options::default();
    let errors = Errors::of_request(ErrorTag::TooBig, "the body is larger than 5 bytes\u{1}");
    let in_json: Errors = json::from_slice(&errors.to_vec(Encoding::Json), &options).unwrap();
    let in_xml: Errors = xml::from_slice(&errors.to_vec(Encoding::Xml), &options).unwrap();
    let mapping = cbor::Mapping::Yang;
    let in_cbor = errors.to_vec(Encoding::Cbor);
    let in_cbor: Errors = cbor::from_slice(&in_cbor, mapping, &options).unwrap();
    let mapping = cbor::Mapping::Json;
    let in_json_cbor = errors.to_vec(Encoding::JsonCbor);
    let in_json_cbor: Errors = cbor::from_slice(&in_json_cbor, mapping, &options).unwrap();
    for read in [in_json, in_xml, in_cbor, in_json_cbor] {
        assert_eq!(read, errors);
    }
    let error = &errors.error[0];
    assert_eq!(error.error_tag, "too-big");
    assert_eq!(
        error.error_message.as_deref(),
        Some("the body is larger than 5 bytes\u{FFFD}")
    );
}

/// A fault whose names, path and message are long and made of `fill`.
fn long_fault(fill: &str) -> Fault {
    let message = format!("{{\"{}\":1}}", fill.repeat(60));
    let decoded =
        Registry::default().decode(Encoding::Json, message.as_bytes(), &Options::default());
    let mut fault = decoded.unwrap_err().list.remove(0);
    fault.expected = fill.repeat(3_000);
    for _ in 0..100 {
        fault.path.push_outer(Step {
            name: fill.repeat(60).into(),
            predicate: Predicate::None,
        });
    }
    fault
}

#[test]
fn a_body_has_a_bound_whatever_the_faults_are() {
    for fill in ["n", "\u{1}", "\"", "&", "中", "🦀"] {
        let mut faults = Faults {
            list: vec![long_fault(fill); 100],
            truncated: false,
        };
        let errors = Errors::of_faults(&faults, &[]);
        for encoding in Encoding::ALL {
            let body = errors.to_vec(*encoding);
            assert!(
                body.len() <= MAX_BODY,
                "{fill:?} {encoding}: {}",
                body.len()
            );
        }
        let note = |errors: &Errors| {
            let last = errors.error.last().unwrap();
            let expected = format!("{} more faults are not listed", 101 - errors.error.len());
            let message = last.error_message.as_deref().unwrap();
            assert!(message.contains(&expected), "{fill:?}: {message}");
            message.starts_with("at least")
        };
        assert!(!note(&errors));
        faults.truncated = true;
        assert!(note(&Errors::of_faults(&faults, &[])));
    }
}
