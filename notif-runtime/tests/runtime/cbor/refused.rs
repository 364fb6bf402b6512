//! Messages that are refused, with the place and the reason.

use notif_runtime::Options;
use notif_runtime::cbor::{self, Mapping};
use notif_runtime::fault::Fault;

use super::system::example_system::Types;
use super::{hex, leaf, text};

/// The faults of a message, without what is expected.
fn faults(mapping: Mapping, message: &str, options: &Options) -> String {
    match cbor::from_slice::<Types>(&hex(message), mapping, options) {
        Ok(data) => panic!("{message}: {data:?}"),
        Err(faults) => {
            let line = |fault: &Fault| {
                let offset = fault.position.expect("has a place").offset;
                assert!(!fault.expected.is_empty());
                let value = fault.value.as_deref().unwrap_or("-");
                format!("{offset} {} {} {value}", fault.kind, fault.path)
            };
            let lines: Vec<String> = faults.list.iter().map(line).collect();
            lines.join("; ")
        }
    }
}

/// The bytes before the leaf's name in the messages of [`leaf`].
const BEFORE: usize = 23;

#[test]
fn values_of_the_wrong_kind() {
    let at = |name: &str| BEFORE + text(name).len() / 2;
    for (name, value, expected) in [
        ("mtu", "20", "range -1"),
        ("mtu", "1a00010000", "range 65536"),
        ("mtu", "1843", "range 67"),
        ("mtu", "6431323830", "wrong-kind \"1280\""),
        ("mtu", "f94900", "wrong-kind a number of floating point"),
        ("mtu", "c10c", "wrong-kind tag 1"),
        ("mtu", "c24105", "wrong-kind tag 2"),
        ("octets", "6131", "wrong-kind \"1\""),
        ("my-decimal", "64322e3537", "wrong-kind \"2.57\""),
        ("my-decimal", "c48222190a0b", "lexical tag 4"),
        ("my-decimal", "c4822105", "range tag 4"),
        ("my-decimal", "c4821a7fffffff01", "range tag 4"),
        ("my-decimal", "c4823a7fffffff01", "lexical tag 4"),
        ("my-decimal", "c48121", "wrong-kind tag 4"),
        ("my-decimal", "c483210101", "wrong-kind tag 4"),
        ("my-decimal", "c48221f6", "wrong-kind tag 4"),
        ("my-decimal", "c5822101", "wrong-kind tag 5"),
        ("name", "4178", "wrong-kind a byte string"),
        ("name", "6100", "lexical \"\\0\""),
        ("enabled", "01", "wrong-kind 1"),
        ("enabled", "f6", "wrong-kind null"),
        ("enabled", "f7", "wrong-kind undefined"),
        ("enabled", "e0", "wrong-kind a simple value"),
        ("oper-status", "04", "enumeration 4"),
        ("oper-status", "627570", "wrong-kind \"up\""),
        ("oper-status", "d82c627570", "wrong-kind tag 44"),
        ("bound", "69756e626f756e646564", "wrong-kind \"unbounded\""),
        ("bound", "d82c00", "wrong-kind tag 44"),
        ("bound", "d82c6178", "lexical tag 44"),
        ("bound", "d82d69756e626f756e646564", "wrong-kind tag 45"),
        ("alarm-state", "4100", "wrong-kind a byte string"),
        ("alarm-state", "420400", "wrong-kind a byte string"),
        ("alarm-state", "4180", "lexical a byte string"),
        ("alarm-state", "814104", "wrong-kind an array"),
        ("alarm-state", "8101", "wrong-kind an array"),
        ("alarm-state", "8241040e", "wrong-kind an array"),
        ("alarm-state", "83410441010e", "wrong-kind an array"),
        ("alarm-state", "840a0a41014101", "wrong-kind an array"),
        ("alarm-state", "82004101", "wrong-kind an array"),
        (
            "alarm-state",
            "821bffffffffffffffff4101",
            "lexical an array",
        ),
        (
            "alarm-state",
            "68637269746963616c",
            "wrong-kind \"critical\"",
        ),
        ("alarm-state-2", "4106", "wrong-kind a byte string"),
        ("alarm-state-2", "d82b6178", "lexical tag 43"),
        ("aes128-key", "4100", "length a byte string"),
        ("aes128-key", "647878783d", "wrong-kind \"xxx=\""),
        ("type", "00", "lexical 0"),
        ("type", "190756", "lexical 1878"),
        ("type", "20", "wrong-kind -1"),
        ("type", "d82d190758", "wrong-kind tag 45"),
        ("type", "d82f190758", "wrong-kind tag 47"),
        ("is-router", "81f6", "wrong-kind an array"),
        ("is-router", "f5", "wrong-kind true"),
        ("reporting-entity", "d82e1906cd", "wrong-kind tag 46"),
        ("reporting-entity", "6178", "lexical \"x\""),
        ("several", "01", "wrong-kind an integer"),
    ] {
        let (kind, found) = expected.split_once(' ').expect("has two parts");
        let path = format!("/example-system:types/{name}");
        let offset = at(name);
        let cause = cause(kind, &leaf(name, value), Mapping::Json);
        let expected = format!("{offset} {kind} {path} {found}{cause}");
        let found = faults(Mapping::Yang, &leaf(name, value), &Options::default());
        assert_eq!(found, expected, "{name} {value}");
    }
}

#[test]
fn what_is_no_message() {
    let (root, name) = (text("example-system:types"), text("name"));
    let types = "/example-system:types";
    for (message, expected) in [
        (String::new(), "0 empty / -".to_owned()),
        ("a0".to_owned(), "1 empty / -".to_owned()),
        ("bfff".to_owned(), "1 empty / -".to_owned()),
        ("80".to_owned(), "0 wrong-kind / an array".to_owned()),
        ("d9d9f7a0".to_owned(), "0 wrong-kind / a tag".to_owned()),
        (
            "a14161a0".to_owned(),
            "1 wrong-kind / a byte string".to_owned(),
        ),
        ("a120a0".to_owned(), "1 wrong-kind / -1".to_owned()),
        ("a101a0".to_owned(), "1 unknown-element /1 -".to_owned()),
        ("a16161a0".to_owned(), "1 unknown-element /a -".to_owned()),
        (
            format!("a1{root}"),
            "22 malformed /example-system:types -".to_owned(),
        ),
        (format!("a1{root}a0 00"), "23 trailing-data / -".to_owned()),
        (format!("a1{root}a0 a0"), "23 trailing-data / -".to_owned()),
        (
            format!("a2{root}a0 6161 f6"),
            "23 unknown-element /a a".to_owned(),
        ),
        (
            format!("a1{root}80"),
            format!("22 wrong-kind {types} an array"),
        ),
        // A key twice, by name and by SID, in one form and in both.
        (
            format!("a1{root}a2{name}6161{name}6162"),
            format!("35 duplicate {types}/name -"),
        ),
        (
            format!("a1{root}a2{name}6161 19ea6d 6162"),
            format!("33 duplicate {types}/name -"),
        ),
        // A delta below a name counts from 0.
        (
            format!("a1{root}a1 0d 6162"),
            format!("23 unknown-element {types}/13 -"),
        ),
        (
            "a1 19ea60 a1 19ea6d 6162".to_owned(),
            format!("5 unknown-element {types}/120013 -"),
        ),
        (
            "a1 19ea60 a1 3aea600000 6162".to_owned(),
            format!("5 wrong-kind {types} -3932160001"),
        ),
        (
            format!("a1{root}a1 f6 f6"),
            format!("23 wrong-kind {types} null"),
        ),
        (
            format!("a1{root}a1 d82f20 f6"),
            format!("23 wrong-kind {types} tag 47"),
        ),
        (
            format!("a1{root}a1 6178 a1 00"),
            format!("23 unknown-element {types}/x -; 27 malformed {types} -"),
        ),
    ] {
        let found = faults(Mapping::Yang, &message, &Options::default());
        assert_eq!(found, expected, "{message}");
    }
}

/// RFC 8949 section 3 and appendix F.
#[test]
fn what_is_no_cbor() {
    let (root, name) = (text("example-system:types"), text("name"));
    let types = "/example-system:types";
    for (message, expected) in [
        (
            format!("a1{root}a1{name}61ff"),
            format!("28 malformed {types}/name -"),
        ),
        (
            format!("a1{root}a1{name}1c"),
            format!("28 malformed {types}/name -"),
        ),
        (
            format!("a1{root}a1{name}f818"),
            format!("28 malformed {types}/name -"),
        ),
        (
            format!("a1{root}a1{name}fc"),
            format!("28 malformed {types}/name -"),
        ),
        (
            format!("a1{root}a1{name}ff"),
            format!("28 malformed {types}/name -"),
        ),
        (
            format!("a1{root}a1{name}7f4161ff"),
            format!("29 malformed {types}/name -"),
        ),
        (
            format!("a1{root}a1{name}7bffffffffffffffff61"),
            format!("38 malformed {types}/name -"),
        ),
        (
            format!("a1{root}bf{name}ff"),
            format!("28 malformed {types}/name -"),
        ),
        (
            format!("bb ffffffffffffffff {root}a0"),
            "31 malformed / -".to_owned(),
        ),
    ] {
        let found = faults(Mapping::Yang, &message, &Options::default());
        assert_eq!(found, expected, "{message}");
    }
}

#[test]
fn nesting_and_size_are_bounded() {
    let root = text("example-system:types");
    let options = Options::default();
    for opening in ["81", "9f", "a161", "d81a", "bf00", "c1"] {
        let opening = if opening == "a161" { "a16161" } else { opening };
        let deep = opening.repeat(1 << 16);
        let found = faults(Mapping::Yang, &format!("a1{root}a1 6178 {deep}"), &options);
        assert!(found.contains("too-deep"), "{found}");
        let found = faults(
            Mapping::Yang,
            &format!("a1{root}a1 646e616d65 {deep}"),
            &options,
        );
        assert!(
            found.contains("too-deep /example-system:types/name"),
            "{found}"
        );
    }
    let found = faults(
        Mapping::Yang,
        &leaf("name", "6178"),
        &options.with_max_size(10),
    );
    assert_eq!(found, "10 too-large / -");
    let found = faults(
        Mapping::Yang,
        &leaf("name", "6178"),
        &options.with_max_depth(1),
    );
    assert_eq!(found, "22 too-deep /example-system:types -");
}

/// The cause that a fault of this kind has if the message is valid in the `other` mapping.
fn cause(kind: &str, message: &str, other: Mapping) -> &'static str {
    let read = cbor::from_slice::<Types>(&hex(message), other, &Options::default());
    match (kind, read, other) {
        ("wrong-kind", Ok(_), Mapping::Json) => ": this is application/cbor",
        ("wrong-kind", Ok(_), Mapping::Yang) => ": this is application/yang-data+cbor",
        _ => "",
    }
}

#[test]
fn what_is_no_data_of_json() {
    let options = Options::default();
    for (name, value, expected) in [
        ("mtu", "6431323830", "wrong-kind \"1280\""),
        ("mtu", "f95640", "wrong-kind a number of floating point"),
        ("mtu", "1a00010000", "range 65536"),
        ("octets", "20", "range -1"),
        ("my-decimal", "c482211 90101", "wrong-kind a tag"),
        ("oper-status", "03", "wrong-kind 3"),
        ("alarm-state", "4106", "wrong-kind a byte string"),
        ("is-router", "f6", "wrong-kind null"),
        ("type", "190758", "wrong-kind 1880"),
        ("name", "6101", "lexical \"\\u{1}\""),
    ] {
        let (kind, value_found) = expected.split_once(' ').expect("has two parts");
        let offset = BEFORE + text(name).len() / 2;
        let cause = cause(kind, &leaf(name, value), Mapping::Yang);
        let expected = format!("{offset} {kind} /example-system:types/{name} {value_found}{cause}");
        assert_eq!(
            faults(Mapping::Json, &leaf(name, value), &options),
            expected
        );
    }
    let found = faults(Mapping::Json, "a119ea60a0", &options);
    assert_eq!(
        found,
        "1 wrong-kind / 60000: this is application/yang-data+cbor"
    );
}
