//! The verdict on single values beside libyang's, and what becomes of those that are taken.
#![allow(
    clippy::expect_used,
    clippy::panic,
    reason = "a test states what must hold"
)]

use fixtures::values as generated;
use notif_runtime::Options;
use notif_runtime::validate::validate;
use notif_runtime::{Encoding, json, xml};

mod cases;

use crate::common::libyang::Libyang;
use cases::{JSON, XML};
use generated::values::Data;

fn decode(encoding: Encoding, document: &str) -> Result<Data, String> {
    let options = Options::default();
    let data = match encoding {
        Encoding::Xml => xml::from_slice::<Data>(document.as_bytes(), &options),
        _ => json::from_slice::<Data>(document.as_bytes(), &options),
    };
    data.map_err(|faults| faults.to_string())
}

fn encode(encoding: Encoding, data: &Data) -> String {
    match encoding {
        Encoding::Xml => xml::to_string(data),
        _ => json::to_string(data),
    }
}

fn document(encoding: Encoding, leaf: &str, value: &str) -> String {
    match encoding {
        Encoding::Xml => format!(
            "<data xmlns=\"urn:example:values\"><needed/>{}</data>",
            value.replace('%', leaf)
        ),
        _ => format!("{{\"values:data\":{{\"needed\":[null],\"{leaf}\":{value}}}}}"),
    }
}

#[test]
fn verdicts_and_canonical_forms_are_libyangs() {
    let libyang = Libyang::new(&[("values", &[]), ("values-more", &[])]);
    let cases = JSON.iter().map(|case| (Encoding::Json, case));
    let mut wrong = String::new();
    for (encoding, (leaf, taken, refused)) in
        cases.chain(XML.iter().map(|case| (Encoding::Xml, case)))
    {
        for value in *taken {
            let document = document(encoding, leaf, value);
            let theirs = libyang.canonical(encoding, &document);
            match decode(encoding, &document) {
                Ok(data) => {
                    assert_eq!(validate(&data), Ok(()), "{document}");
                    for again in Encoding::ALL {
                        let text = encode(*again, &data);
                        let through = decode(*again, &text).expect("is valid again");
                        assert_eq!(
                            encode(Encoding::Xml, &through),
                            encode(Encoding::Xml, &data),
                            "{document}"
                        );
                        // Text in XML may mean another member of a union than the string in JSON.
                        if *again == encoding || through == data {
                            assert_eq!(through, data, "{document} as {text}");
                            assert_eq!(
                                libyang.canonical(*again, &text),
                                theirs,
                                "{document} as {text}"
                            );
                        }
                    }
                    if theirs.is_none() {
                        wrong.extend(["libyang refuses ", &document, "\n"]);
                    }
                }
                Err(faults) => wrong.extend(["we refuse ", &document, ": ", &faults, "\n"]),
            }
        }
        for value in *refused {
            let document = document(encoding, leaf, value);
            if libyang.canonical(encoding, &document).is_some() {
                wrong.extend(["libyang takes ", &document, "\n"]);
            }
            if decode(encoding, &document).is_ok() {
                wrong.extend(["we take ", &document, "\n"]);
            }
        }
    }
    assert!(wrong.is_empty(), "{wrong}");
}

#[test]
fn every_leaf_of_the_module_is_tried() {
    use notif_runtime::tree::Node as _;

    let data = Data::new(notif_runtime::types::Empty);
    for node in data.schema().children() {
        let name = node.qualified_name();
        let tried = JSON.iter().chain(XML).any(|(leaf, ..)| *leaf == name);
        let elsewhere = [
            "needed",
            "same-colours",
            "colours",
            "by-price",
            "within",
            "optional",
        ]
        .contains(&node.name);
        assert!(tried || elsewhere, "{} is not tried", node.name);
    }
}

#[test]
fn faults_say_what_is_wanted() {
    let fault = |leaf: &str, value: &str| {
        let document = document(Encoding::Json, leaf, value);
        let faults = decode(Encoding::Json, &document).expect_err("is refused");
        faults
            .split_once(": ")
            .expect("has a position")
            .1
            .to_owned()
    };
    let cases = [
        ("flag", "\"\""),
        ("blob", "\"*\""),
        ("digest", "\"\""),
        ("share", "\"5\""),
        ("share", "5"),
        ("price", "\"8.05\""),
        ("allowed", "\"read read\""),
        ("allowed", "7"),
        ("kind", "\"lonely\""),
        ("kind", "7"),
        ("none", "\"lonely\""),
        ("auto", "\"x\""),
        ("auto", "true"),
        // libyang takes an identity that is derived from any of the bases.
        ("mammal-pet", "\"cat\""),
        ("reference", "7"),
        ("at", "\"/values:data/by-kind\""),
        ("at", "7"),
        ("here", "\"/values:data/flag\""),
        ("keyless", "[{\"name\":\"a\"},{\"name\":\"toolong\"}]"),
        (
            "keyless",
            "[{\"name\":\"a\",\"inner\":[{},{\"number\":300}]}]",
        ),
    ];
    let faults: Vec<String> = cases
        .iter()
        .map(|(leaf, value)| fault(leaf, value))
        .collect();
    insta::assert_snapshot!(faults.join("\n"));
}

/// A value is of the first member whose reference exists, wherever that stands in the message.
#[test]
fn unions_with_references() {
    use generated::values::data::{Loose, MixedReference, References};
    use notif_runtime::types::Decimal64;

    let read = |leaf: &str, value: &str| {
        decode(Encoding::Xml, &document(Encoding::Xml, leaf, value)).expect("is valid")
    };
    let loose = |value: &str| read("loose", value).loose;
    assert_eq!(loose("<%>12</%>"), Some(Loose::String("12".into())));
    assert_eq!(
        loose("<%>12</%><numbers>12</numbers>"),
        Some(Loose::Leafref(12))
    );
    assert_eq!(
        loose("<numbers>12</numbers><%>12</%>"),
        Some(Loose::Leafref(12))
    );
    let mixed = |value: &str| read("mixed-reference", value).mixed_reference;
    let price = Decimal64::from_unscaled(70);
    assert_eq!(
        mixed("<%>7</%><price>7</price>"),
        Some(MixedReference::Leafref(price))
    );
    assert_eq!(
        mixed("<%>7</%><numbers>7</numbers>"),
        Some(MixedReference::Leafref2(7))
    );
    assert_eq!(mixed("<%>7</%>"), Some(MixedReference::String("7".into())));
    let data = read(
        "references",
        "<%>1</%><%>2</%><%>3</%><%>x</%><numbers>2</numbers><by-kind><kind>dog</kind><number>3</number></by-kind>",
    );
    let expected = [
        References::Uint32(1),
        References::Leafref(2),
        References::Leafref2(3),
        References::String("x".into()),
    ];
    assert_eq!(data.references, expected);
}

#[test]
fn values_that_were_built() {
    use generated::values::data::{ByPrice, Colours};
    use generated::values::{Digest, Permissions, Ratio};
    use notif_runtime::types::{Binary, Decimal64, Empty};

    let mut data = Data::new(Empty);
    assert_eq!(data.share_or_default().to_string(), "-1.5");
    assert_eq!(data.price_or_default(), Decimal64::from_unscaled(80));
    assert_eq!(data.allowed_or_default(), Permissions::READ);
    assert_eq!(data.colours_or_default(), Colours::RED | Colours::TEST_END);
    assert_eq!(
        (data.blob_or_default(), data.digest_or_default()),
        (b"ahoy".as_slice(), [0, 1].as_slice())
    );

    assert!(Ratio::new(Decimal64::from_unscaled(1)).is_err());
    assert_eq!(
        Ratio::new(Decimal64::from_unscaled(1))
            .expect_err("is out of range")
            .to_string(),
        "\"0.01\" is no ratio: expected a decimal64 with 2 fraction digits in -1.5..0.0 | 10.0..92233720368547758.07"
    );
    assert_eq!(
        Digest::new(vec![1]).expect_err("is too short").to_string(),
        "\"AQ==\" is no digest: expected a length of 2 | 4..8 octets"
    );
    data.digest = Some(Digest::new(vec![1, 2]).expect("is of a length"));
    data.allowed = Some(Permissions::WRITE | Permissions::READ);
    assert_eq!(
        data.allowed.map(|set| set.to_string()).as_deref(),
        Some("read write")
    );
    data.price = Some("9.5".parse().expect("is a number"));
    data.same_colours = None;
    data.by_price = vec![ByPrice::new("2.0".parse().expect("is a number"), Empty)];
    assert_eq!(validate(&data), Ok(()));

    data.short_blob = Some(Binary::from(vec![1, 2, 3]));
    data.price = Some(Decimal64::from_unscaled(1));
    data.by_price.push(data.by_price[0].clone());
    let faults = validate(&data).expect_err("is wrong");
    insta::assert_snapshot!(faults.to_string());
}
