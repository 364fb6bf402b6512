//! The verdict on single values beside libyang's, and what becomes of those that are taken.
#![allow(
    clippy::expect_used,
    clippy::panic,
    reason = "a test states what must hold"
)]

use std::path::Path;

use notif_runtime::decode::Options;
use notif_runtime::validate::validate;
use notif_runtime::{Encoding, json, xml};
use yang2::context::{Context, ContextFlags};
use yang2::data::{
    Data as _, DataFormat, DataParserFlags, DataPrinterFlags, DataTree, DataValidationFlags,
};

#[rustfmt::skip]
#[path = "golden/values.rs"]
#[allow(clippy::module_inception, reason = "the YANG module has the name of its file")]
mod generated;

use generated::values::Data;

/// A leaf, what it takes, and what it does not take.
type Case<'a> = (&'a str, &'a [&'a str], &'a [&'a str]);

/// Values in JSON.
const JSON: &[Case<'_>] = &[
    (
        "flag",
        &["[null]", "[ null ]"],
        &["null", "[]", "\"\"", "true", "[null,null]", "{}", "0"],
    ),
    (
        "flags",
        &["[[null],[null]]", "[]"],
        &["[null]", "[[]]", "[\"\"]"],
    ),
    (
        "blob",
        &["\"\"", "\"YWhveQ==\"", "\"+/+/\""],
        &[
            "\"Y\"",
            "\"YWhveQ\"",
            "\" YWhveQ==\"",
            "\"YQ==YQ==\"",
            "\"====\"",
            "\"YQ-_\"",
            "[null]",
            "1",
        ],
    ),
    (
        "short-blob",
        &["\"YQ==\"", "\"YWE=\""],
        &["\"\"", "\"YWFh\""],
    ),
    (
        "digest",
        &["\"AAE=\"", "\"AAAAAA==\"", "\"AAAAAAAAAAA=\""],
        &["\"\"", "\"AAAA\"", "\"AAAAAAAAAAAA\""],
    ),
    (
        "share",
        &[
            "\"-1.5\"",
            "\"0\"",
            "\"-0.01\"",
            "\"10\"",
            "\"92233720368547758.07\"",
            "\" +10.000 \"",
        ],
        &[
            "\"-1.51\"",
            "\"0.01\"",
            "\"9.99\"",
            "\"10.001\"",
            "\"92233720368547758.08\"",
            "10",
            "10.5",
            "\"ten\"",
            "\"\"",
            "true",
        ],
    ),
    (
        "exact",
        &[
            "\"-9.223372036854775808\"",
            "\"9.223372036854775807\"",
            "\"00.1\"",
            "\"-0\"",
        ],
        &[
            "\"9.223372036854775808\"",
            "\"10\"",
            "\"0.1234567890123456789\"",
            "\"1.\"",
            "\".1\"",
            "\"1e0\"",
            "\"0x1\"",
        ],
    ),
    (
        "price",
        &["\"1.5\"", "\"8.00\"", "\"10.0\""],
        &["\"1.4\"", "\"10.1\"", "\"8.05\"", "\"8.5 x\""],
    ),
    (
        "allowed",
        &[
            "\"\"",
            "\"read\"",
            "\"run-as-owner write\"",
            "\"\\n\\t write  read\\t\"",
        ],
        &[
            "\"execute\"",
            "\"read read\"",
            "\"Read\"",
            "\"read,write\"",
            "1",
            "[\"read\"]",
            "[null]",
        ],
    ),
    (
        "kind",
        &[
            "\"dog\"",
            "\"values:dog\"",
            "\"cat\"",
            "\"values:cat\"",
            "\"values-more:cat\"",
            "\"mammal\"",
        ],
        &[
            "\"animal\"",
            "\"values:animal\"",
            "\"bird\"",
            "\"lonely\"",
            "\"values-more:dog\"",
            "\"v:dog\"",
            "\"vm:cat\"",
            "\"values-base:stray\"",
            "\"unknown:dog\"",
            "\"\"",
            "\"Dog\"",
            "\" dog\"",
            "\"dog \"",
            "\"values:\"",
            "1",
            "[null]",
            "\"values:values:dog\"",
        ],
    ),
    (
        "values-more:other-kind",
        &["\"values:dog\"", "\"cat\"", "\"values-more:cat\""],
        &["\"dog\"", "\"mammal\""],
    ),
    (
        "pet",
        &["\"dog\"", "\"values-more:cat\""],
        &["\"cat\"", "\"values-base:pet\"", "\"values-base:stray\""],
    ),
    (
        "mammal-pet",
        &["\"dog\""],
        &["\"bird\"", "\"values-base:stray\""],
    ),
    ("none", &[], &["\"lonely\"", "\"dog\""]),
    (
        "kinds",
        &["[\"dog\",\"values-more:cat\"]"],
        &["[\"animal\"]"],
    ),
    (
        "auto",
        &["7", "\"auto\"", "1048575"],
        &[
            "\"7\"", "1048576", "\"Auto\"", "true", "[null]", "null", "{}",
        ],
    ),
    (
        "either",
        &["5", "\"5\"", "255", "\"\"", "\"x\""],
        &["256", "-1", "1.5", "true", "[null]"],
    ),
    (
        "mixed",
        &[
            "\"1.25\"",
            "\"-7\"",
            "true",
            "[null]",
            "\"\"",
            "\"write read\"",
            "\"dog\"",
            "\"values-more:cat\"",
            "\"99999999999999999\"",
            "\"YQ==\"",
            "\"abc\"",
            "\"ABCDEF\"",
        ],
        &[
            "1",
            "1.25",
            "\"read read\"",
            "\"abcd\"",
            "\"1.255\"",
            "\"Abc\"",
            "\"99999999999999999999\"",
            "[true]",
        ],
    ),
    (
        "limit",
        &[
            "0",
            "100",
            "\"none\"",
            "\"unlimited\"",
            "\"-1.5\"",
            "\"12\"",
        ],
        &["101", "\"1\"", "\"nothing\"", "true"],
    ),
    (
        "outer",
        &["1", "\"none\"", "\"-1\"", "\"dog\"", "\"AAE=\""],
        &["\"lonely\"", "300", "\"AA\""],
    ),
    ("free", &["7", "true"], &["65536", "\"7\""]),
    (
        "same-auto",
        &["\"auto\",\"auto\":\"auto\"", "7,\"auto\":7"],
        &["8,\"auto\":7", "\"auto\"", "\"7\",\"auto\":7"],
    ),
    (
        "either-list",
        &["[1,\"x\"]"],
        &["[1,1]", "[\"x\",\"x\"]", "[300]"],
    ),
    ("numbers", &["[1,2]"], &["[65536]"]),
    (
        "at",
        &[
            "\"/values:data\"",
            "\"/values:data/blob\"",
            "\"/values:data/values-more:other-kind\"",
            "\"/values:data/by-kind[kind='dog'][number='1']\"",
            "\"/values:data/by-kind[kind='values:dog'][number='01']/text\"",
            "\"/values:data/by-kind[ kind = 'values-more:cat' ][number = '9' ]\"",
            "\"/values:data/numbers[.='5']\"",
            "\"/values:data/flags[2]\"",
            "\"/values:data/by-path[7]/kind\"",
            "\"/values:data/keyless[3]/inner[1]/number\"",
            "\"/values:data/by-path[path=\\\"/values:data/numbers[.='5']\\\"]\"",
        ],
        &[
            "\"\"",
            "\"/\"",
            "\"values:data\"",
            "\"/data\"",
            "\"/values:data/\"",
            "\"/values:data/values:blob\"",
            "\"/values:data/other-kind\"",
            "\"/values:data/values-more:other-kind/x\"",
            "\"/values:date\"",
            "\"/unknown:data\"",
            "\"/values:data/by-kind/text\"",
            "\"/values:data/by-kind[kind='dog']\"",
            "\"/values:data/by-kind[1]\"",
            "\"/values:data/by-kind[kind='dog'][number='10']\"",
            "\"/values:data/by-kind[kind='lonely'][number='1']\"",
            "\"/values:data/by-kind[kind='dog'][kind='dog']\"",
            "\"/values:data/by-kind[kind='dog'][number='1'][number='1']\"",
            "\"/values:data/by-kind[values:kind='dog'][number='1']\"",
            "\"/values:data/by-kind[.='dog']\"",
            "\"/values:data/numbers\"",
            "\"/values:data/numbers[.='x']\"",
            "\"/values:data/numbers[1]\"",
            "\"/values:data/keyless/name\"",
            "\"/values:data/keyless[name='a']\"",
            "\"/values:data/flags[0]\"",
            "\"/values:data/blob[1]\"",
            "\"/values:data/blob[.='']\"",
            "\"/values:data/by-kind[text='x'][number='1']\"",
            "\"/values:data/numbers[.='5'][.='5']\"",
            "\"//values:data\"",
            "\"/values:data/*\"",
            "\"/values:data/by-kind[kind='dog][number='1']\"",
            "\"/values:data/by-kind\"",
            "7",
            "[null]",
        ],
    ),
    (
        "here",
        &[
            "\"/values:data\"",
            "\"/values:data/blob\"",
            "\"/values:data/within\"",
            "\"/values:data/within/level\"",
            "\"/values:data/optional/level\",\"optional\":{}",
            "\"/values:data/needed\"",
            "\"/values:data/numbers[.='2']\",\"numbers\":[1,2]",
            "\"/values:data/by-kind[kind='dog'][number='1']/text\",\"by-kind\":[{\"kind\":\"dog\",\"number\":1,\"text\":\"x\"}]",
        ],
        &[
            "\"/values:data/flag\"",
            "\"/values:data/within/other\"",
            "\"/values:data/optional\"",
            "\"/values:data/optional/level\"",
            "\"/values:data/numbers[.='3']\",\"numbers\":[1,2]",
            "\"/values:data/by-kind[kind='dog'][number='1']/text\",\"by-kind\":[{\"kind\":\"dog\",\"number\":2,\"text\":\"x\"}]",
            "\"/values:data/by-kind[kind='dog'][number='1']/text\",\"by-kind\":[{\"kind\":\"dog\",\"number\":1}]",
        ],
    ),
    (
        "at-or-text",
        &["\"/values:data/blob\"", "\"/values:data/nothing\""],
        &["7"],
    ),
    (
        "by-path",
        &["[{\"path\":\"/values:data/blob\"}]"],
        &["[{\"path\":\"/values:data/blob\"},{\"path\":\"/values:data/blob\"}]"],
    ),
    (
        "by-kind",
        &["[{\"kind\":\"dog\",\"number\":1},{\"kind\":\"cat\",\"number\":1}]"],
        &["[{\"kind\":\"dog\",\"number\":1},{\"kind\":\"values:dog\",\"number\":1}]"],
    ),
    (
        "keyless",
        &[
            "[]",
            "[{\"name\":\"a\"},{\"name\":\"a\",\"inner\":[{},{\"number\":1},{\"number\":1}]}]",
        ],
        &["{}", "[{}]", "[{\"name\":\"toolong\"}]"],
    ),
    (
        "reference",
        &[
            "\"none\"",
            "\"1.5\",\"price\":\"1.50\"",
            "7,\"numbers\":[6,7]",
        ],
        &[
            "\"1.5\"",
            "7",
            "\"7\",\"numbers\":[6,7]",
            "\"2.5\",\"price\":\"1.5\"",
            "8,\"numbers\":[6,7]",
            "\"no\"",
        ],
    ),
    (
        "loose",
        &[
            "\"abc\"",
            "\"12\"",
            "7,\"numbers\":[7]",
            "\"7777\",\"numbers\":[7777]",
        ],
        &["12", "\"1\"", "\"toolong\"", "77,\"numbers\":[7]"],
    ),
    (
        "mixed-reference",
        &[
            "\"7\",\"price\":\"7\"",
            "\"7\",\"price\":\"7.5\"",
            "7,\"numbers\":[7]",
            "\"7.25\",\"share\":\"10\"",
            "\"10\",\"share\":\"10\"",
            "\"/values:data/needed\"",
            "\"/values:data/flag\"",
            "\"/values:flag\"",
            "\"dog\"",
        ],
        &[
            "7",
            "\"10\"",
            "\"10\",\"share\":\"11\"",
            "8,\"numbers\":[7]",
            "\"lonely\"",
        ],
    ),
    (
        "references",
        &[
            "[1,2,\"1\",3],\"numbers\":[1]",
            "[5,9,5],\"numbers\":[5],\"by-kind\":[{\"kind\":\"dog\",\"number\":9}]",
            "[70000]",
        ],
        &["[-1]", "[1,-1,2]", "[true]"],
    ),
];

/// Elements in XML: their attributes and what is in them. `%` stands for the leaf's name.
const XML: &[Case<'_>] = &[
    (
        "loose",
        &["<%>12</%>", "<%>7</%><numbers>7</numbers>"],
        &["<%>7</%>", "<%>8</%><numbers>7</numbers>"],
    ),
    (
        "reference",
        &[
            "<%>none</%>",
            "<%>7</%><numbers>7</numbers>",
            "<%>7</%><price>7.0</price>",
        ],
        &[
            "<%>7</%>",
            "<%>8</%><price>7</price><numbers>7</numbers>",
            "<%>9</%>",
        ],
    ),
    (
        "mixed-reference",
        &[
            "<%>7</%>",
            "<%>7</%><numbers>7</numbers>",
            "<%>07.0</%><price>7</price>",
            "<%>8</%>",
            "<% xmlns:a='urn:example:values'>/a:data/a:flag</%>",
            "<% xmlns:a='urn:example:values'>/a:data/a:needed</%>",
            "<% xmlns:a='urn:example:values'>a:dog</%>",
        ],
        &["<%>9</%>", "<%>9</%><numbers>7</numbers>"],
    ),
    (
        "keyless",
        &["<%><name>a</name><inner/></%><%><name>a</name></%>"],
        &["<%/>"],
    ),
    (
        "at",
        &[
            "<% xmlns:a='urn:example:values'>/a:data/a:blob</%>",
            "<% xmlns:a='urn:example:values' xmlns:b='urn:example:values?more&amp;more'>/a:data/b:other-kind</%>",
            "<% xmlns:a='urn:example:values' xmlns:b='urn:example:values?more&amp;more'>/a:data/a:by-kind[a:kind='b:cat'][a:number='1']/a:text</%>",
            "<% xmlns:a='urn:example:values'>/a:data/a:by-path[a:path=&quot;/a:data/a:numbers[.='5']&quot;]</%>",
        ],
        &[
            "<%>/data</%>",
            "<% xmlns:a='urn:example:values'>/a:data/blob</%>",
            "<%>/a:data/a:blob</%>",
            "<% xmlns:a='urn:example:values'>/a:data/a:by-kind[kind='dog'][a:number='1']</%>",
            "<% xmlns:a='urn:example:values'>/a:data/a:by-kind[a:kind='b:cat'][a:number='1']</%>",
            "<% xmlns:a='urn:example:values'>a:data</%>",
            "<%/>",
        ],
    ),
    (
        "flag",
        &["<%/>", "<%></%>"],
        &["<%> </%>", "<%>\n</%>", "<%>x</%>", "<%>[null]</%>"],
    ),
    ("flags", &["<%/><%/>"], &["<%>true</%>"]),
    (
        "blob",
        &["<%/>", "<%>YWhveQ==</%>"],
        &["<%> YWhveQ==</%>", "<%>YWhveQ==\n</%>", "<%>Y</%>"],
    ),
    (
        "price",
        &["<%>\n +8 \t\n  </%>", "<%>8.00</%>"],
        &["<%>15</%>", "<%/>", "<%>8.5  xxx</%>", "<%>8.55</%>"],
    ),
    (
        "allowed",
        &["<%/>", "<%> write\n\tread </%>"],
        &["<%>writer</%>", "<%>read write read</%>"],
    ),
];

struct Libyang(Context);

impl Libyang {
    fn new() -> Self {
        let fixtures = Path::new(env!("CARGO_MANIFEST_DIR")).join("tests/fixtures");
        let mut context = Context::new(ContextFlags::NO_YANGLIBRARY).expect("makes a context");
        context.set_searchdir(fixtures).expect("is a folder");
        for module in ["values", "values-more"] {
            context.load_module(module, None, &[]).expect("loads");
        }
        Self(context)
    }

    /// The data in libyang's own JSON; `None` if it refuses them.
    fn canonical(&self, encoding: Encoding, document: &str) -> Option<String> {
        let format = match encoding {
            Encoding::Xml => DataFormat::XML,
            _ => DataFormat::JSON,
        };
        // The binding hands libyang a bare pointer.
        let document = format!("{document}\0");
        let strict = DataParserFlags::STRICT;
        let present = DataValidationFlags::PRESENT;
        let tree = DataTree::parse_string(&self.0, &document, format, strict, present).ok()?;
        let flags = DataPrinterFlags::SHRINK | DataPrinterFlags::WITH_SIBLINGS;
        tree.print_string(DataFormat::JSON, flags).expect("prints")
    }
}

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
    let libyang = Libyang::new();
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
