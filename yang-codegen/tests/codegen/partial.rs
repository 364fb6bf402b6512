//! Types for data that may be a part of a datastore.
#![allow(clippy::expect_used, reason = "a test states what must hold")]

use crate::common::Modules;
use fixtures::part;
use notif_runtime::Options;
use notif_runtime::fault::Faults;
use notif_runtime::json;
use notif_runtime::validate::{validate, validate_with};
use part::part::{Device, device::Port};

fn faults(result: Result<Device, Faults>) -> Vec<String> {
    let list = result.expect_err("is refused").list;
    list.iter().map(ToString::to_string).collect()
}

fn decode(text: &str, options: &Options) -> Result<Device, Faults> {
    json::from_slice(text.as_bytes(), options)
}

const PART: &str = r#"{"part:device":{"clock":{"source":9},"port":[{"id":1}]}}"#;

#[test]
fn a_part_is_taken_where_parts_are() {
    let data = decode(PART, &Options::default().partial()).expect("is a part");
    assert_eq!(data.name, None);
    assert_eq!(data.port.first().map(|port| port.id), Some(1));
    assert_eq!(validate_with(&data, &Options::default().partial()), Ok(()));
    assert_eq!(json::to_string(&data), PART);
    let empty = decode(r#"{"part:device":{}}"#, &Options::default().partial());
    assert_eq!(empty, Ok(Device::default()));
}

#[test]
fn the_whole_is_checked_as_ever() {
    assert_eq!(
        faults(decode(PART, &Options::default())),
        [
            "1:25: missing-mandatory: /part:device/clock/offset: expected the mandatory leaf \"offset\"",
            "1:46: missing-mandatory: /part:device/port[id='1']/speed: expected the mandatory leaf \"speed\"",
            "1:16: missing-mandatory: /part:device/name: expected the mandatory leaf \"name\"",
        ]
    );
    let built = Device {
        port: vec![Port::new(1)],
        ..Device::default()
    };
    let faults = validate(&built).expect_err("lacks what is mandatory").list;
    let paths: Vec<String> = faults.iter().map(|fault| fault.path.to_string()).collect();
    assert_eq!(
        paths,
        [
            "/part:device/name",
            "/part:device/clock",
            "/part:device/port[id='1']/speed"
        ]
    );
}

#[test]
fn keys_types_and_names_hold_in_a_part_too() {
    let partial = Options::default().partial();
    for (text, fault) in [
        (r#"{"part:device":{"port":[{"speed":1}]}}"#, "missing-key"),
        (
            r#"{"part:device":{"port":[{"id":1},{"id":1}]}}"#,
            "duplicate-entry",
        ),
        (r#"{"part:device":{"name":1}}"#, "wrong-kind"),
        (r#"{"part:device":{"nane":"a"}}"#, "unknown-element"),
    ] {
        let found = faults(decode(text, &partial));
        assert!(
            found.len() == 1 && found.iter().all(|found| found.contains(fault)),
            "{found:?}"
        );
    }
}

#[test]
fn a_module_without_data_has_no_parts() {
    let modules = Modules::with_body("container a { leaf b { type string; } }");
    assert_eq!(
        modules.error_of(&modules.generator().partial("mm")),
        "setting for partial of mm: no data of such a module is generated; did you mean \"m\"?"
    );
}
