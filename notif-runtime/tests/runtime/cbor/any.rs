//! Data that no schema describes (RFC 9254 sections 4.5 and 4.6).

use notif_runtime::Options;
use notif_runtime::cbor::{self, Mapping};
use notif_runtime::json;

use super::system::example_system::EventLog;
use super::{decode, decode_json, hex, leaf, text};

/// The content as JSON has it.
fn read(message: &str) -> Result<String, String> {
    let data = decode::<EventLog>(&hex(message))?;
    Ok(json::to_string(&data))
}

fn in_log(name: &str, value: &str) -> String {
    leaf(name, value).replacen(
        &text("example-system:types"),
        &text("example-system:event-log"),
        1,
    )
}

#[test]
fn names_and_sids() {
    let expected = r#"{"example-system:event-log":{"last-event":{"example-system:system-state":{"example-system:clock":{"example-system:boot-datetime":"x"}}}}}"#;
    let boot = text("example-system:boot-datetime");
    let clock = text("example-system:clock");
    for message in [
        // A delta from the anydata's SID, and an absolute one.
        "a1 19eada a1 01 a1 39e422 a1 01 a1 01 6178".to_owned(),
        "a1 19eada a1 01 a1 d82f1906b8 a1 01 a1 01 6178".to_owned(),
        format!(
            "a1 19eada a1 01 a1 {} a1 {clock} a1 {boot} 6178",
            text("example-system:system-state")
        ),
    ] {
        assert_eq!(read(&message).as_deref(), Ok(expected), "{message}");
    }
    let data: EventLog = decode_json(expected);
    let names = cbor::to_vec(&data, Mapping::Yang);
    for written in [names, cbor::to_vec_with_sids(&data)] {
        assert_eq!(decode::<EventLog>(&written), Ok(data.clone()));
    }
}

#[test]
fn values_are_kept_in_the_kinds_of_json() {
    for (value, json) in [
        ("83f5f6f5", "[true,null,true]"),
        (
            "9f 01 20 1bffffffffffffffff ff",
            "[1,-1,18446744073709551615]",
        ),
        ("c482211 90101", "\"2.57\""),
        ("4101", "\"AQ==\""),
        ("d82c 6178", "\"x\""),
        ("fb3ff8000000000000", "1.5"),
        ("a1 6161 80", "{\"a\":[]}"),
    ] {
        let value: String = value.split(' ').collect();
        let text = format!(r#"{{"example-system:event-log":{{"bar":{json}}}}}"#);
        assert_eq!(read(&in_log("bar", &value)).as_deref(), Ok(&*text));
        let data: EventLog = decode_json(&text);
        let again = cbor::to_vec(&data, Mapping::Json);
        let again = cbor::from_slice(&again, Mapping::Json, &Options::default());
        assert_eq!(again, Ok(data));
    }
}

#[test]
fn what_is_no_such_data() {
    for (name, value, told) in [
        ("last-event", "01", "a map for the anydata"),
        ("last-event", "a1 01 00", "the SID of a node"),
        ("last-event", "a2 6161 00 6161 00", "only once"),
        ("last-event", "a1 f6 00", "a member's name"),
        ("last-event", "a1 6161 f7", "a value of a YANG type"),
        ("bar", "6100", "only characters"),
        ("bar", "fb7ff0000000000000", "a value of a YANG type"),
        ("bar", "81", "more bytes"),
        ("bar", "ff", "well-formed"),
        ("bar", &"81".repeat(1000), "levels of nesting"),
        ("bar", &"a16161".repeat(1000), "levels of nesting"),
    ] {
        let fault = read(&in_log(name, value)).expect_err("is refused");
        let path = format!("/example-system:event-log/{name}");
        assert!(fault.contains(told) && fault.contains(&path), "{fault}");
    }
}
