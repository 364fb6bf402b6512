//! Any value survives every encoding, and no input makes a decoder panic.
#![allow(clippy::expect_used, reason = "a test states what must hold")]

use crate::common::interfaces::ietf_https_notif::notification::InterfaceData;
use crate::common::interfaces::ietf_https_notif::notification::interface_data::Interface;
use crate::common::interfaces::ietf_https_notif::notification::interface_data::interface::{
    AdminStatus, OperStatus, Statistics,
};
use crate::common::interfaces::ietf_yang_types::{DateAndTime, PhysAddress};
use crate::common::values::values::Data;
use crate::common::{
    CAPTURED_JSON, CAPTURED_XML, Notification, accepted, decode, decode_as, encode,
};
use notif_runtime::Options;
use notif_runtime::types::CompactString;
use notif_runtime::validate::validate;
use notif_runtime::{Encoding, json, xml};
use proptest::collection::vec;
use proptest::option::of;
use proptest::prelude::*;
use proptest::sample::{Index, select};

/// Strings of all characters that YANG has, those that an encoding escapes more often than others.
fn text() -> impl Strategy<Value = CompactString> {
    let character = prop_oneof![
        select(
            "<>&\"'\\/\t\n\r {}[]:,\u{7f}\u{80}\u{85}\u{2028}\u{fffd}\u{1f600}"
                .chars()
                .collect::<Vec<_>>()
        ),
        any::<char>().prop_filter("is a YANG character", |character| {
            notif_runtime::types::is_yang_text(character.encode_utf8(&mut [0; 4]))
        }),
    ];
    vec(character, 0..12).prop_map(|characters| characters.into_iter().collect())
}

fn time() -> impl Strategy<Value = DateAndTime> {
    "[0-9]{4}-(0[1-9]|1[0-2])-(0[1-9]|[12][0-9]|3[01])T([01][0-9]|2[0-3]):[0-5][0-9]:[0-5][0-9](\\.[0-9]{1,12})?(Z|[+-]([01][0-9]|2[0-3]):[0-5][0-9])"
        .prop_map(|text| text.parse().expect("is a date-and-time"))
}

fn address() -> impl Strategy<Value = PhysAddress> {
    "([0-9a-fA-F]{2}(:[0-9a-fA-F]{2}){0,6})?".prop_map(|text| text.parse().expect("is an address"))
}

prop_compose! {
    fn statistics()(
        discontinuity_time in time(),
        wide in [of(any::<u64>()), of(any::<u64>()), of(any::<u64>()), of(any::<u64>())],
        more in [of(any::<u64>()), of(any::<u64>()), of(any::<u64>()), of(any::<u64>())],
        narrow in [of(any::<u32>()), of(any::<u32>()), of(any::<u32>()), of(any::<u32>()), of(any::<u32>())],
    ) -> Statistics {
        let [in_octets, in_unicast_pkts, in_broadcast_pkts, in_multicast_pkts] = wide;
        let [out_octets, out_unicast_pkts, out_broadcast_pkts, out_multicast_pkts] = more;
        let [in_discards, in_errors, in_unknown_protos, out_discards, out_errors] = narrow;
        Statistics {
            discontinuity_time,
            in_octets,
            in_unicast_pkts,
            in_broadcast_pkts,
            in_multicast_pkts,
            in_discards,
            in_errors,
            in_unknown_protos,
            out_octets,
            out_unicast_pkts,
            out_broadcast_pkts,
            out_multicast_pkts,
            out_discards,
            out_errors,
        }
    }
}

prop_compose! {
    fn interface()(
        (name, description, type_) in (text(), of(text()), text()),
        enabled in of(any::<bool>()),
        admin_status in select(vec![AdminStatus::Up, AdminStatus::Down, AdminStatus::Testing]),
        oper_status in of(select(vec![OperStatus::Dormant, OperStatus::NotPresent, OperStatus::LowerLayerDown])),
        last_change in of(time()),
        if_index in 1..=i32::MAX,
        phys_address in of(address()),
        speed in of(any::<u64>()),
        statistics in statistics(),
    ) -> Interface {
        Interface {
            name,
            description,
            type_,
            enabled,
            admin_status,
            oper_status,
            last_change,
            if_index,
            phys_address,
            higher_layer_if: Vec::new(),
            lower_layer_if: Vec::new(),
            speed,
            statistics,
        }
    }
}

/// Interfaces with distinct names, which are layered on one another.
fn interfaces() -> impl Strategy<Value = Vec<Interface>> {
    let layers = vec((any::<Index>(), any::<Index>(), any::<bool>()), 0..6);
    (vec(interface(), 0..4), layers).prop_map(|(mut interfaces, layers)| {
        let mut names = std::collections::HashSet::new();
        interfaces.retain(|interface| names.insert(interface.name.clone()));
        let names: Vec<CompactString> = interfaces.iter().map(|entry| entry.name.clone()).collect();
        for (from, to, higher) in layers.into_iter().filter(|_| !names.is_empty()) {
            let name = to.get(&names).clone();
            let from = from.get_mut(&mut interfaces);
            if higher {
                from.higher_layer_if.push(name);
            } else {
                from.lower_layer_if.push(name);
            }
        }
        interfaces
    })
}

prop_compose! {
    fn notification()(
        event_time in time(),
        interface_data in of(interfaces().prop_map(|interface| InterfaceData { interface })),
    ) -> Notification {
        Notification { event_time, interface_data }
    }
}

/// A change of bytes: at a place, remove some, and put others there.
type Mutation = (Index, usize, Vec<u8>);

fn mutations() -> impl Strategy<Value = Vec<Mutation>> {
    let parts = prop_oneof![
        vec(any::<u8>(), 0..4),
        // Initial bytes of CBOR that change what follows.
        vec(
            select(vec![
                0x00, 0x1b, 0x20, 0x40, 0x5f, 0x60, 0x7f, 0x80, 0x9f, 0xa1, 0xbf, 0xc4, 0xd8, 0xf6,
                0xff
            ]),
            1..3
        ),
        select(vec![
            "{",
            "}",
            "[",
            "]",
            "\"",
            ",",
            ":",
            "null",
            "\\u",
            "\\",
            "1e9",
            "-",
            "<",
            ">",
            "</",
            "/>",
            "<![CDATA[",
            "]]>",
            "<!--",
            "-->",
            "<?",
            "?>",
            "&",
            "&#",
            ";",
            "&lt;",
            "<!DOCTYPE",
            "=",
            " xmlns",
            " xmlns:a=\"b\"",
            "'",
            "\r",
            "\u{feff}",
            "é",
            ":",
            "<interface>",
            "<a b='c'/>",
        ])
        .prop_map(|part| part.as_bytes().to_vec()),
    ];
    vec((any::<Index>(), 0..8_usize, parts), 1..6)
}

fn mutate(message: &[u8], mutations: &[Mutation]) -> Vec<u8> {
    let mut bytes = message.to_vec();
    for (at, removed, added) in mutations {
        let at = at.index(bytes.len() + 1);
        let end = (at + removed).min(bytes.len());
        bytes.splice(at..end, added.iter().copied());
    }
    bytes
}

/// Decodes in every encoding; the helper checks that each fault lies in the input. What is accepted
/// is valid and survives every encoding.
fn decodes_or_is_refused(input: &[u8]) {
    for encoding in Encoding::ALL {
        if let Ok(data) = decode(*encoding, input, &Options::default()) {
            assert_eq!(validate(&data), Ok(()));
            for encoding in Encoding::ALL {
                assert_eq!(accepted(*encoding, &encode(*encoding, &data)), data);
            }
        }
    }
}

/// A value of every type.
const VALUES: &str = r#"{"values:data":{"flag":[null],"needed":[null],"flags":[[null],[null]],"blob":"YWhveQ==",
    "digest":"AAE=","share":"-1.5","exact":"0.000000000000000001","price":"8.5","allowed":"read write",
    "colours":"red","same-colours":"red","kind":"values:dog","pet":"values-more:cat","kinds":["values:cat"],"auto":7,
    "either":"x","mixed":"values:dog","limit":"none","outer":"-1.5","reference":7,"loose":"abc",
    "mixed-reference":"values:cat","references":[1,"x",7],"free":true,"at":"/values:data/by-kind[kind='values:dog'][number='1']/text",
    "here":"/values:data/numbers[.='7']","at-or-text":"/values:data/values-more:flag","numbers":[6,7],
    "keyless":[{"name":"a","inner":[{"number":1}]},{"name":"b"}],
    "by-kind":[{"kind":"values:dog","number":1,"text":"t"}],"values-more:other-kind":"values:mammal"}}"#;

/// Changes the values of every type in every encoding: nothing panics, and what is accepted is valid
/// and survives its encoding.
fn changed_values_decode_or_are_refused(mutations: &[Mutation]) {
    let read = |encoding, text: &[u8]| decode_as::<Data>(encoding, text, &Options::default());
    let data = read(Encoding::Json, VALUES.as_bytes()).expect("is valid");
    for encoding in Encoding::ALL {
        let message = encode(*encoding, &data);
        assert_eq!(read(*encoding, &message).as_ref(), Ok(&data));
        if let Ok(changed) = read(*encoding, &mutate(&message, mutations)) {
            assert_eq!(validate(&changed), Ok(()));
            assert_eq!(read(*encoding, &encode(*encoding, &changed)), Ok(changed));
        }
    }
}

proptest! {
    #![proptest_config(ProptestConfig { failure_persistence: None, ..ProptestConfig::default() })]

    #[test]
    fn values_survive_every_encoding(data in notification()) {
        prop_assert_eq!(validate(&data), Ok(()));
        let text = json::to_string(&data);
        let from_json = accepted(Encoding::Json, text.as_bytes());
        prop_assert_eq!(&from_json, &data);
        let from_xml = accepted(Encoding::Xml, xml::to_string(&from_json).as_bytes());
        prop_assert_eq!(&from_xml, &data);
        prop_assert_eq!(json::to_string(&from_xml), text);
        for encoding in [Encoding::Cbor, Encoding::JsonCbor] {
            prop_assert_eq!(&accepted(encoding, &encode(encoding, &data)), &data);
        }
    }

    #[test]
    fn encoded_json_is_what_serde_json_reads(data in notification()) {
        let text = json::to_string(&data);
        let value: serde_json::Value = serde_json::from_str(&text).expect("is JSON");
        let spread = serde_json::to_vec_pretty(&value).expect("is written");
        prop_assert_eq!(accepted(Encoding::Json, &spread), data);
    }

    #[test]
    fn truncated_values_are_refused(data in notification(), at in any::<Index>()) {
        for encoding in Encoding::ALL {
            let message = encode(*encoding, &data);
            let part = &message[..at.index(message.len())];
            prop_assert!(decode(*encoding, part, &Options::default()).is_err());
        }
    }

    #[test]
    fn random_bytes_are_refused(bytes in vec(any::<u8>(), 0..200)) {
        decodes_or_is_refused(&bytes);
    }

    #[test]
    fn random_markup_does_not_panic(mutations in vec(mutations(), 1..8)) {
        decodes_or_is_refused(&mutate(b"", &mutations.concat()));
    }

    #[test]
    fn changed_messages_do_not_panic(data in notification(), mutations in mutations()) {
        for encoding in Encoding::ALL {
            decodes_or_is_refused(&mutate(&encode(*encoding, &data), &mutations));
        }
    }

    #[test]
    fn changed_values_do_not_panic(mutations in mutations()) {
        changed_values_decode_or_are_refused(&mutations);
    }

    #[test]
    fn changed_captures_do_not_panic(mutations in mutations(), bound in 1..5_usize) {
        let options = Options::default().with_max_faults(bound);
        for (encoding, message) in [(Encoding::Json, CAPTURED_JSON), (Encoding::Xml, CAPTURED_XML)] {
            if let Err(faults) = decode(encoding, &mutate(message, &mutations), &options) {
                prop_assert!(faults.list.len() <= bound);
            }
        }
    }
}
