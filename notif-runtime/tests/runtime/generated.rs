//! Generated types with the traits that people reach for.
#![allow(clippy::expect_used, reason = "a test states what must hold")]

use std::collections::{HashMap, HashSet};

use fixtures::forms::forms::{Percent, ShortText, Top, top};
use fixtures::interfaces::ietf_https_notif::Notification;
use fixtures::interfaces::ietf_https_notif::notification::InterfaceData;
use fixtures::interfaces::ietf_https_notif::notification::interface_data::Interface;
use fixtures::interfaces::ietf_https_notif::notification::interface_data::interface;
use fixtures::interfaces::ietf_https_notif::notification::interface_data::interface::{
    AdminStatus, OperStatus, Statistics,
};
use fixtures::values::values::{Digest, Kind, Ratio, data};
use notif_runtime::types::{CompactString, DateAndTime};
use notif_runtime::validate::validate;
use notif_runtime::{Options, json};

fn time() -> DateAndTime {
    "2026-11-29T08:00:00Z".parse().expect("is a time")
}

fn interface(name: &str, if_index: i32) -> Interface {
    Interface::new(interface::Mandatory {
        name: name.into(),
        type_: "772".into(),
        admin_status: AdminStatus::Up,
        if_index,
        statistics: Statistics::new(time()),
    })
}

fn notification() -> Notification {
    let mut notification = Notification::new(time());
    let mut interfaces = InterfaceData::new();
    interfaces.interface = vec![interface("lo", 1), interface("eth0", 2)];
    notification.interface_data = Some(interfaces);
    notification
}

#[test]
fn enumerations_convert_from_and_to_their_names() {
    assert_eq!("down".parse(), Ok(AdminStatus::Down));
    assert_eq!(
        OperStatus::try_from("lower-layer-down"),
        Ok(OperStatus::LowerLayerDown)
    );
    assert_eq!(AdminStatus::ALL.len(), 3);
    let names: Vec<&str> = AdminStatus::ALL
        .iter()
        .map(|status| status.as_str())
        .collect();
    assert_eq!(names, ["up", "down", "testing"]);
    assert_eq!(format!("{:>8}|", AdminStatus::Testing), " testing|");
    let error = "off".parse::<AdminStatus>().expect_err("is none");
    assert_eq!(
        error.to_string(),
        "\"off\" is no admin-status: expected one of up, down, testing"
    );
}

#[test]
fn identities_convert_from_and_to_their_names() {
    assert_eq!("values:dog".parse(), Ok(Kind::Dog));
    assert_eq!(Kind::Dog.as_str(), "values:dog");
    assert!(
        Kind::ALL
            .iter()
            .all(|kind| Kind::try_from(kind.as_str()).as_ref() == Ok(kind))
    );
    let error = "dog".parse::<Kind>().expect_err("has no module");
    assert!(
        error
            .to_string()
            .starts_with("\"dog\" is no kind: expected one of the identities ")
    );
}

#[test]
fn an_identity_that_is_not_known_is_written_and_refused() {
    let mut values = fixtures::values::values::Data::new(notif_runtime::types::Empty);
    values.kind = Some(Kind::UnknownIdentity("acme:unicorn".into()));
    let text = json::to_string(&values);
    assert!(text.contains("\"kind\":\"acme:unicorn\""), "{text}");
    assert!(validate(&values).is_err());
    let read =
        json::from_slice::<fixtures::values::values::Data>(text.as_bytes(), &Options::default());
    assert!(read.is_err());
}

#[test]
fn restricted_strings_are_strings() {
    let text: ShortText = "ab".parse().expect("is short");
    assert!(text == "ab" && text == *"ab");
    assert_eq!(text.len(), 2);
    assert_eq!(text.as_ref().to_owned(), "ab");
    assert_eq!(CompactString::from(text.clone()), "ab");
    let known = HashMap::from([(text.clone(), 7)]);
    assert_eq!(known.get("ab"), Some(&7));
    assert_eq!(text.into_inner(), "ab");
    assert!(ShortText::try_from("too long").is_err());
}

#[test]
fn restricted_numbers_read_as_people_write_them() {
    assert_eq!("12".parse::<Percent>().map(Percent::get), Ok(12));
    assert_eq!(Percent::try_from(100).map(u8::from), Ok(100));
    assert_eq!(
        "101"
            .parse::<Percent>()
            .expect_err("is too large")
            .to_string(),
        "\"101\" is no percent: expected a uint8 in 0..100"
    );
    assert!("twelve".parse::<Percent>().is_err());
    let ratio: Ratio = "12.5".parse().expect("is a ratio");
    assert_eq!(ratio.to_string(), "12.5");
    assert!("5.0".parse::<Ratio>().is_err());
    let digest: Digest = "AAE=".parse().expect("has two octets");
    assert_eq!(digest.as_ref(), [0, 1]);
}

#[test]
fn a_union_is_made_of_a_member() {
    assert_eq!(data::Auto::from(5), data::Auto::Uint32(5));
    assert_eq!(
        data::Either::from(CompactString::from("x")).to_string(),
        "x"
    );
}

#[test]
fn entries_are_found_by_their_keys() {
    let mut notification = notification();
    let interfaces = notification.interface_data.as_mut().expect("is there");
    assert_eq!(
        interfaces
            .interface_by_key("eth0")
            .map(|found| found.if_index),
        Some(2)
    );
    assert!(interfaces.interface_by_key("eth1").is_none());
    let lo = interfaces.interface_by_key_mut("lo").expect("is there");
    lo.enabled = Some(false);
    assert!(
        !interfaces
            .interface_by_key("lo")
            .expect("is there")
            .enabled_or_default()
    );

    let mut top = Top::new(top::State::new(time()));
    top.item = vec![top::Item::new(1, "a"), top::Item::new(1, "b")];
    assert_eq!(top.item_by_key(1, "b"), top.item.get(1));
}

#[test]
fn data_is_a_key_of_a_set() {
    let (one, other) = (notification(), Notification::new(time()));
    let set = HashSet::from([one.clone(), other]);
    assert_eq!(set.len(), 2);
    assert!(set.contains(&one));
}

#[test]
fn an_instance_prints_as_json() {
    let notification = notification();
    assert_eq!(notification.to_string(), json::to_string(&notification));
    let lo = interface("lo", 1);
    assert!(
        lo.to_string()
            .starts_with("{\"interface\":{\"name\":\"lo\""),
        "{lo}"
    );
}

#[test]
fn serde_has_the_form_of_rfc_7951() {
    let notification = notification();
    let value = serde_json::to_value(&notification).expect("serializes");
    let message: serde_json::Value =
        serde_json::from_str(&json::to_string(&notification)).expect("is JSON");
    assert_eq!(value, message["ietf-https-notif:notification"]);
    let read: Notification = serde_json::from_value(value).expect("deserializes");
    assert_eq!(read, notification);

    let whole = fixtures::interfaces::Data {
        notification: Some(notification.clone()),
    };
    assert_eq!(
        serde_json::to_string(&whole).expect("serializes"),
        whole.to_string()
    );
    let read: fixtures::interfaces::Data =
        serde_json::from_str(&whole.to_string()).expect("deserializes");
    assert_eq!(read, whole);

    // A node that stands inside others, and one that is wrong.
    let lo = interface("lo", 1);
    let mut value = serde_json::to_value(&lo).expect("serializes");
    assert_eq!(
        serde_json::from_value::<Interface>(value.clone()).expect("deserializes"),
        lo
    );
    value["if-index"] = 0.into();
    let error = serde_json::from_value::<Interface>(value).expect_err("is out of range");
    assert!(error.to_string().contains("if-index"), "{error}");
}

#[test]
fn serde_takes_the_types_of_leafs() {
    let values = (Percent::new(5).expect("fits"), AdminStatus::Up, Kind::Dog);
    let text = serde_json::to_string(&values).expect("serializes");
    assert_eq!(text, r#"[5,"up","values:dog"]"#);
    let read: (Percent, AdminStatus, Kind) = serde_json::from_str(&text).expect("deserializes");
    assert_eq!(read, values);
    let ratio: Ratio = serde_json::from_str("\"12.5\"").expect("deserializes");
    assert_eq!(
        serde_json::to_string(&ratio).expect("serializes"),
        "\"12.5\""
    );
    for wrong in ["12.5", "\"5.0\"", "true"] {
        assert!(serde_json::from_str::<Ratio>(wrong).is_err(), "{wrong}");
    }
    assert!(serde_json::from_str::<Percent>("\"5\"").is_err());
}

#[test]
fn nodes_with_the_names_of_rusts_types_shadow_nothing() {
    use fixtures::shadows::Data;

    let text = r#"{"shadows:option":{"value":"some","vec":"AAE=","vec-of":[{"self":"AA=="}],"compact-string":{"text":"AAE=","option":"into"}},"shadows:vec":[{"option":"all default","vec":{"binary":["AQ=="],"decimal64":"1.5","shadows":{"schema":"ok"},"vec":[{"new":1}]}}]}"#;
    let data: Data = json::from_slice(text.as_bytes(), &Options::default()).expect("decodes");
    assert_eq!(data.to_string(), text);
    let inner = data.vec.first().and_then(|entry| entry.vec.as_ref());
    assert!(inner.is_some_and(|inner| {
        inner
            .vec
            .iter()
            .all(fixtures::shadows::shadows::vec::vec::Vec::default_or_default)
    }));
}
