//! Messages that are accepted, and the bytes that are written.

use notif_runtime::Options;
use notif_runtime::cbor::{self, Mapping};
use notif_runtime::decode::Object;
use notif_runtime::tree::Node;
use notif_runtime::xml;

use super::system::Data;
use super::system::example_system::{ExamplePortFault, System, SystemState, Types, reset};
use super::{decode, decode_json, hex, leaf, text, to_hex};

/// An encoder of one of CBOR's forms.
type Write = fn(&dyn Node) -> Vec<u8>;

/// The encoder of RFC 9254's form with names.
const NAMES: Write = |data| cbor::to_vec(data, Mapping::Yang);

/// The message means what the JSON does and is what is written for it.
fn same<T: Object + PartialEq>(message: &str, write: Write, json: &str) {
    let bytes = hex(message);
    let data: T = decode_json(json);
    let found = decode::<T>(&bytes).unwrap_or_else(|faults| panic!("{message}: {faults}"));
    assert_eq!(found, data, "{message}");
    let written = write(&data);
    assert_eq!(to_hex(&written), to_hex(&bytes), "{json}");
}

/// Values in the form that RFC 9254 has for their types, and in that of RFC 7951.
const VALUES: &[(&str, &str, &str)] = &[
    // The examples of section 6.
    ("mtu", "190500", "1280"),
    ("timezone-utc-offset", "39012b", "-300"),
    ("my-decimal", "c4822119 0101", r#""2.57""#),
    ("name", "6465746830", r#""eth0""#),
    ("enabled", "f5", "true"),
    ("oper-status", "03", r#""testing""#),
    ("bound", "d82c69756e626f756e646564", r#""unbounded""#),
    (
        "alarm-state",
        "83420401 0e 4101",
        r#""critical warning indeterminate""#,
    ),
    ("alarm-state", "4106", r#""under-repair critical""#),
    (
        "alarm-state-2",
        "d82b75756e6465722d72657061697220637269746963616c",
        r#""under-repair critical""#,
    ),
    (
        "aes128-key",
        "501f1ce6a3f42660d888d92a4d8030476e",
        r#""Hxzmo/QmYNiI2SpNgDBHbg==""#,
    ),
    ("is-router", "f6", "[null]"),
    // The others.
    ("enabled", "f4", "false"),
    ("octets", "1bffffffffffffffff", r#""18446744073709551615""#),
    ("balance", "3b7fffffffffffffff", r#""-9223372036854775808""#),
    ("oper-status", "23", r#""below""#),
    ("bound", "05", "5"),
    ("alarm-state", "40", r#""""#),
    ("alarm-state", "8210 4101", r#""indeterminate""#),
    (
        "alarm-state-2",
        "d82b6a65787472612d666c6167",
        r#""extra-flag""#,
    ),
    ("several", "82011818", r#"["1","24"]"#),
    ("any", "1818", r#""24""#),
    ("any", "c482211832", r#""0.5""#),
    ("any", "f5", "true"),
    ("any", "4101", r#""AQ==""#),
    ("any", "f6", "[null]"),
    ("any", "63787878", r#""xxx""#),
];

/// The values of VALUES that JSON takes for a value of another member of the union.
const NOT_IN_JSON: [&str; 1] = ["4101"];

#[test]
fn every_type_by_name() {
    for (name, value, json) in VALUES {
        if NOT_IN_JSON.contains(value) {
            continue;
        }
        let json = format!(r#"{{"example-system:types":{{"{name}":{json}}}}}"#);
        same::<Types>(&leaf(name, value), NAMES, &json);
    }
}

#[test]
fn what_names_something() {
    let identity = text("example-system:ethernetCsmacd");
    let path = "/example-system:system/authentication/user[name='bob']/authorized-key[name='admin'][country='france']/key-data";
    for (name, value, json) in [
        ("type", identity.clone(), "example-system:ethernetCsmacd"),
        (
            "any",
            format!("d82d{identity}"),
            "example-system:ethernetCsmacd",
        ),
        ("reporting-entity", text(path), path),
        ("any", format!("d82e{}", text(path)), path),
    ] {
        let json = format!(r#"{{"example-system:types":{{"{name}":"{json}"}}}}"#);
        same::<Types>(&leaf(name, &value), NAMES, &json);
    }
    // Identities by their SIDs (section 6.10.1), and a name without a module.
    let csmacd = r#"{"example-system:types":{"type":"example-system:ethernetCsmacd"}}"#;
    for value in ["190758", &text("ethernetCsmacd")] {
        let found = decode::<Types>(&hex(&leaf("type", value)));
        assert_eq!(found, Ok(decode_json(csmacd)));
    }
    let csmacd = csmacd.replace("type\"", "any\"");
    let found = decode::<Types>(&hex(&leaf("any", "d82d190758")));
    assert_eq!(found, Ok(decode_json(&csmacd)));
}

/// Section 6.13.1.
#[test]
fn instance_identifiers_by_sid() {
    let user = "/example-system:system/authentication/user";
    let route = "/example-system:system/route[kind='example-system:ethernetCsmacd'][metric='2.5']";
    for (value, path) in [
        ("1906cd", "/example-system:system/contact"),
        (
            "841906c663626f626561646d696e666672616e6365",
            &*format!("{user}[name='bob']/authorized-key[name='admin'][country='france']/key-data"),
        ),
        ("821906c2646a61636b", &*format!("{user}[name='jack']")),
        // Keys of other types, each in the form of its own.
        (
            "861906eb 190758 c4822018fa 4104 05 d82c656d61796265",
            &*format!("{route}[state='critical'][wide='5'][open='maybe']/hops")
                .replace("2.5", "25.0"),
        ),
        (
            "821906d2 68696574662e6f7267",
            "/example-system:system/search[.='ietf.org']",
        ),
        // A path in one word, in an array of its own.
        ("811906cd", "/example-system:system/contact"),
    ] {
        for (name, value) in [
            ("reporting-entity", value.to_owned()),
            ("any", format!("d82e{value}")),
        ] {
            let json = format!(r#"{{"example-system:types":{{"{name}":"{path}"}}}}"#);
            let found = decode::<Types>(&hex(&leaf(name, &value)));
            assert_eq!(found, Ok(decode_json(&json)), "{value}");
        }
    }
    for value in [
        "00",                           // no such SID
        "1906c2",                       // no key
        "831906c2646a61636b646a61636b", // a key too many
        "831906c663626f62f6",           // a key of the wrong kind
        "8101",                         // no such SID
        "80",                           // no SID
        "a0",
        "821906c264612762f4",
        "821906c26461272220", // both kinds of quotes
    ] {
        let found = decode::<Types>(&hex(&leaf("reporting-entity", value)));
        assert!(found.is_err(), "{value}");
    }
}

/// Section 4.2.1.
const SYSTEM_STATE: &str = "a1 1906b8 a1 01 a2
    02 781a 323031352d31302d30325431343a34373a32345a2d30353a3030
    01 781a 323031352d30392d31355430393a31323a35385a2d30353a3030";

#[test]
fn nodes_by_sid() {
    let json = r#"{"example-system:system-state":{"clock":{
        "current-datetime":"2015-10-02T14:47:24Z-05:00","boot-datetime":"2015-09-15T09:12:58Z-05:00"}}}"#;
    same::<SystemState>(SYSTEM_STATE, cbor::to_vec_with_sids, json);
    // The same with absolute SIDs, by name at one level, and with a delta from 0 below a name.
    for message in [
        SYSTEM_STATE.replacen("01 a2", "d82f1906b9 a2", 1),
        SYSTEM_STATE
            .replacen("1906b8", &text("example-system:system-state"), 1)
            .replacen(" 01 a2", "1906b9 a2", 1),
        SYSTEM_STATE
            .replacen("01 a2", &format!("{}a2", text("clock")), 1)
            .replacen("02 781a", "1906bb 781a", 1)
            .replacen("01 781a", "1906ba 781a", 1),
    ] {
        assert_eq!(
            decode::<SystemState>(&hex(&message)),
            Ok(decode_json(json)),
            "{message}"
        );
    }
    // Section 4.4.1 in a container: deltas below a list count from the list's SID.
    let servers = "a1 1906cc a1 10 82
        a5 03 6e4e52432054494320736572766572 05 a2 01 6a7469632e6e72632e6361 02 187b 01 00 02 f4 04 f5
        a2 03 6e4e52432054414320736572766572 05 a1 01 6a7461632e6e72632e6361";
    let json = r#"{"example-system:system":{"server":[
        {"name":"NRC TIC server","udp":{"address":"tic.nrc.ca","port":123},"association-type":"server","iburst":false,"prefer":true},
        {"name":"NRC TAC server","udp":{"address":"tac.nrc.ca"}}]}}"#;
    assert_eq!(decode::<System>(&hex(servers)), Ok(decode_json(json)));
    let (data, expected): (System, _) = (decode_json(json), decode::<System>(&hex(servers)));
    assert_eq!(decode::<System>(&cbor::to_vec_with_sids(&data)), expected);
}

#[test]
fn every_type_in_every_encoding() {
    for (name, _, value) in VALUES {
        let json = format!(r#"{{"example-system:types":{{"{name}":{value}}}}}"#);
        let data: Types = decode_json(&json);
        let options = Options::default();
        let names = cbor::to_vec(&data, Mapping::Yang);
        for written in [names, cbor::to_vec_with_sids(&data)] {
            assert_eq!(decode::<Types>(&written), Ok(data.clone()));
        }
        let bytes = cbor::to_vec(&data, Mapping::Json);
        assert_eq!(
            cbor::from_slice(&bytes, Mapping::Json, &options).as_ref(),
            Ok(&data)
        );
        let text = xml::to_string(&data);
        assert_eq!(
            xml::from_slice(text.as_bytes(), &options).as_ref(),
            Ok(&data)
        );
    }
}

/// Section 3: decoders take indefinite lengths; RFC 8949 section 4.1: and any length of an integer.
#[test]
fn other_forms_of_the_same_data() {
    let name = text("name");
    let container = text("example-system:types");
    for message in [
        format!("bf{container}bf{name}6178ffff"),
        format!("a1{container}a1{name}7f6178ff"),
        format!("a1{container}a1{name}7f617860ff"),
        format!("a1{container}a1{name}780178"),
        format!("a1{container}bb0000000000000001{name}6178"),
        format!("a1 7f {container} ff a1{name}6178"),
    ] {
        let json = r#"{"example-system:types":{"name":"x"}}"#;
        assert_eq!(
            decode::<Types>(&hex(&message)),
            Ok(decode_json(json)),
            "{message}"
        );
    }
    for (name, value, json) in [
        ("mtu", "1b0000000000000500", "1280"),
        (
            "aes128-key",
            "5f 48 1f1ce6a3f42660d8 48 88d92a4d8030476e ff",
            r#""Hxzmo/QmYNiI2SpNgDBHbg==""#,
        ),
        ("several", "9f01 1818ff", r#"["1","24"]"#),
        ("my-decimal", "c48222190bb8", r#""3""#),
        ("my-decimal", "c4820102", r#""20""#),
        ("my-decimal", "c49f0102ff", r#""20""#),
        (
            "alarm-state",
            "9f4204010e4101ff",
            r#""critical warning indeterminate""#,
        ),
    ] {
        let json = format!(r#"{{"example-system:types":{{"{name}":{json}}}}}"#);
        let found = decode::<Types>(&hex(&leaf(name, value)));
        assert_eq!(found, Ok(decode_json(&json)), "{name} {value}");
    }
}

/// `application/cbor` of deployed publishers: the data of the JSON.
#[test]
fn the_data_of_json() {
    let options = Options::default();
    for (name, value, json) in [
        ("mtu", "190500", "1280"),
        ("octets", "6132", r#""2""#),
        ("octets", "1bffffffffffffffff", r#""18446744073709551615""#),
        ("balance", "20", r#""-1""#),
        ("my-decimal", "64322e3537", r#""2.57""#),
        ("oper-status", "627570", r#""up""#),
        ("bound", "69756e626f756e646564", r#""unbounded""#),
        ("alarm-state", "68637269746963616c", r#""critical""#),
        ("is-router", "81f6", "[null]"),
        (
            "type",
            "6e65746865726e657443736d616364",
            r#""ethernetCsmacd""#,
        ),
        ("any", "f4", "false"),
        ("any", "1818", r#""24""#),
    ] {
        let json = format!(r#"{{"example-system:types":{{"{name}":{json}}}}}"#);
        let found = cbor::from_slice::<Types>(&hex(&leaf(name, value)), Mapping::Json, &options);
        assert_eq!(found, Ok(decode_json(&json)), "{name} {value}");
    }
}

/// Sections 4.2.1 and 4.5.1: deltas in an operation count from its SID.
#[test]
fn operations_by_sid() {
    let json =
        r#"{"example-system:example-port-fault":{"port-name":"0/4/21","port-fault":"Open pin 2"}}"#;
    let message = "a1 19eb28 a2 01 66302f342f3231 02 6a4f70656e2070696e2032";
    same::<ExamplePortFault>(message, cbor::to_vec_with_sids, json);
    let json = r#"{"example-system:reset":{"delay":3}}"#;
    same::<reset::Input>("a1 19eb32 a1 02 03", cbor::to_vec_with_sids, json);
    let json = r#"{"example-system:reset":{"done":true}}"#;
    same::<reset::Output>("a1 19eb32 a1 04 f5", cbor::to_vec_with_sids, json);
}

/// Whole data: any number of members at the top.
#[test]
fn whole_data() {
    let json = r#"{"example-system:system":{"contact":"c"},"example-system:types":{"mtu":1280}}"#;
    let members = "1906cc a1 01 6163 19ea60 a1";
    let options = Options::default();
    let data: Data = decode_json(json);
    let names = cbor::to_vec(&data, Mapping::Yang);
    for bytes in [names, cbor::to_vec_with_sids(&data)] {
        assert_eq!(
            cbor::from_slice::<Data>(&bytes, Mapping::Yang, &options),
            Ok(data.clone())
        );
    }
    assert!(
        to_hex(&cbor::to_vec_with_sids(&data)).starts_with(&to_hex(&hex(&format!("a2{members}"))))
    );
    let empty = cbor::from_slice::<Data>(&[0xa0], Mapping::Yang, &options);
    assert_eq!(empty, Ok(decode_json("{}")));
    for message in ["", "80", "a000", "a1"] {
        assert!(cbor::from_slice::<Data>(&hex(message), Mapping::Yang, &options).is_err());
    }
}
