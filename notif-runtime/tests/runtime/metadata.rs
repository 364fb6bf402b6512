//! Data that no schema describes, and annotations: how they are held, limits, and faults.
#![allow(
    clippy::expect_used,
    clippy::indexing_slicing,
    reason = "a test states what must hold"
)]

use crate::common;
use crate::common::lines;
use crate::common::metadata::metadata::{MODULE, Top, top};
use crate::common::metadata::{MODULES, SCHEMA};
use notif_runtime::Options;
use notif_runtime::annotation::Annotations;
use notif_runtime::fault::{InstancePath, Predicate, Step};
use notif_runtime::registry::Registry;
use notif_runtime::tree::Node as _;
use notif_runtime::types::{AnyData, AnyValue};
use notif_runtime::validate::validate;
use notif_runtime::{Encoding, json, xml};

fn json_faults(members: &str) -> Vec<String> {
    let message = format!("{{\"metadata:top\":{{{members}}}}}");
    let read = json::from_slice::<Top>(message.as_bytes(), &Options::default());
    lines(&read.expect_err("is refused"))
}

fn xml_faults(elements: &str) -> Vec<String> {
    let message = format!("<top xmlns=\"urn:example:metadata\">{elements}</top>");
    let read = xml::from_slice::<Top>(message.as_bytes(), &Options::default());
    lines(&read.expect_err("is refused"))
}

#[test]
fn json_is_kept_as_it_came() {
    let text = r#"{"metadata:top":{"any":{"z":1.50,"a":[1,[],{"b":null}],"é\"":"\u00e9","t":true},"xml":-0}}"#;
    let data: Top = json::from_slice(text.as_bytes(), &Options::default()).expect("decodes");
    assert_eq!(validate(&data), Ok(()));
    let any = data.any.as_ref().expect("is there");
    assert_eq!(any.get("z"), Some(&AnyValue::Number("1.50".into())));
    assert_eq!(any.get("z").and_then(AnyValue::as_text), Some("1.50"));
    assert!(any.get("metadata:z").is_none());
    assert_eq!(json::to_string(&data), text.replace("\\u00e9", "é"));
    assert_eq!(
        any.to_json(),
        r#"{"z":1.50,"a":[1,[],{"b":null}],"é\"":"é","t":true}"#
    );
}

#[test]
fn xml_has_members_arrays_and_attributes() {
    let any = |elements: &str| {
        let text = format!(
            "<any xmlns=\"urn:example:metadata\" xmlns:p=\"urn:p\" xmlns:m=\"urn:example:metadata\">{elements}</any>"
        );
        AnyData::from_xml(&text, MODULES).expect("is XML").to_json()
    };
    for (elements, json) in [
        ("", "{}"),
        ("<a/>", r#"{"metadata:a":""}"#),
        (
            "<a>1</a><b/><a>2</a>",
            r#"{"metadata:a":["1","2"],"metadata:b":""}"#,
        ),
        (
            "<a><b/><p:c><d xmlns=''/></p:c></a>",
            r#"{"metadata:a":{"b":"","{urn:p}c":{"{}d":""}}}"#,
        ),
        ("<p:a><p:b/></p:a>", r#"{"{urn:p}a":{"b":""}}"#),
        (
            "<a m:x='1' y='2'>t</a>",
            r#"{"metadata:a":"t","@metadata:a":{"metadata:x":"1","y":"2"}}"#,
        ),
        (
            "<a>1</a><a p:x='1'>2</a>",
            r#"{"metadata:a":["1","2"],"@metadata:a":[null,{"{urn:p}x":"1"}]}"#,
        ),
        (
            "<a p:x='1'><b/></a>",
            r#"{"metadata:a":{"@":{"{urn:p}x":"1"},"b":""}}"#,
        ),
        ("<a> &amp; <![CDATA[<]]></a>", r#"{"metadata:a":" & <"}"#),
        ("<a>p:b</a>", r#"{"metadata:a":"p:b"}"#),
        ("<a>1<!-- c -->2<?p i?></a>", r#"{"metadata:a":"12"}"#),
        // Of text beside elements, JSON has the XML.
        (
            "<a>some <b p:x='1'>b</b>\n<p:c/> words</a>",
            r#"{"metadata:a":"some <b xmlns:a0=\"urn:p\" a0:x=\"1\">b</b>\n<c xmlns=\"urn:p\"></c> words"}"#,
        ),
        (
            "<!-- c --><a y='2'><b/>&lt;</a>",
            r#"{"metadata:a":"<b></b>&lt;","@metadata:a":{"y":"2"}}"#,
        ),
        (
            "one <a/> <a><b xmlns=''/></a>",
            r#""one <a xmlns=\"urn:example:metadata\"></a> <a xmlns=\"urn:example:metadata\"><b xmlns=\"\"></b></a>""#,
        ),
    ] {
        assert_eq!(any(elements), json, "{elements}");
    }
}

#[test]
fn xml_is_written_as_it_came() {
    for any in [
        "<any></any>",
        r#"<any><a xmlns="urn:a"><b>1</b><b>2</b><c xmlns=""></c></a></any>"#,
        r#"<any><a><b xmlns:p="urn:p">p:x</b></a></any>"#,
        r#"<any><a xml:lang="en" x="&#xA;&lt;">&lt;&amp;&#xD;</a></any>"#,
        r#"<any><a xmlns:a0="urn:p" a0:x="1"></a></any>"#,
        "<xml> text </xml>",
        r#"<xml xmlns:p="urn:p">/p:x</xml>"#,
        "<xml>some <b>bold</b> and <i>other</i> <b></b>words </xml>",
        r#"<xml><a x="1">a<b xmlns="urn:b"><c xmlns="">&lt;</c>d</b></a><a></a></xml>"#,
        r#"<xml xmlns:p="urn:p">/p:x<a></a></xml>"#,
    ] {
        let text = format!("<top xmlns=\"urn:example:metadata\">{any}</top>");
        let data: Top = xml::from_slice(text.as_bytes(), &Options::default()).expect(any);
        assert_eq!(xml::to_string(&data), text);
    }
}

#[test]
fn json_goes_to_xml() {
    for (json, xml) in [
        (
            r#""xml":[1,{"a":"<"}]"#,
            "<xml>[1,{&quot;a&quot;:&quot;&lt;&quot;}]</xml>",
        ),
        (r#""xml":null"#, "<xml></xml>"),
        (r#""xml":true"#, "<xml>true</xml>"),
        (
            r#""any":{"a":[1,[2]],"b":[]}"#,
            "<any><a>1</a><a>[2]</a></any>",
        ),
        (r#""any":{"metadata:a":1}"#, "<any><a>1</a></any>"),
        (
            r#""any":{"far:a":{"b":1}}"#,
            r#"<any><a xmlns="far"><b>1</b></a></any>"#,
        ),
        (
            r#""any":{"a b":{"<":1}}"#,
            "<any><a_x0020_b><_x003C_>1</_x003C_></a_x0020_b></any>",
        ),
        (
            r#""any":{"a":1,"@a":{"x":2},"@b":3}"#,
            r#"<any><a x="2">1</a><_x0040_b>3</_x0040_b></any>"#,
        ),
        (
            r#""any":{"{http://www.w3.org/2000/xmlns/}a":1,"{http://www.w3.org/XML/1998/namespace}b":2}"#,
            "<any><a>1</a><b>2</b></any>",
        ),
    ] {
        let message = format!("{{\"metadata:top\":{{{json}}}}}");
        let data: Top = json::from_slice(message.as_bytes(), &Options::default()).expect(json);
        let text = xml::to_string(&data);
        assert_eq!(
            text,
            format!("<top xmlns=\"urn:example:metadata\">{xml}</top>")
        );
        let again: Top = xml::from_slice(text.as_bytes(), &Options::default()).expect(&text);
        assert_eq!(xml::to_string(&again), text);
    }
}

#[test]
fn nesting_is_bounded_in_a_small_stack() {
    let test = || {
        let options = Options::default().with_max_depth(1024);
        for (depth, taken) in [(1021, true), (1030, false), (1_000_000, false)] {
            let open = r#"{"a":"#.repeat(depth);
            let message = format!(
                r#"{{"metadata:top":{{"any":{open}1{}}}}}"#,
                "}".repeat(depth)
            );
            let read = json::from_slice::<Top>(message.as_bytes(), &options);
            assert_eq!(read.is_ok(), taken);
            if let Ok(data) = read {
                assert!(data.clone() == data && !xml::to_string(&data).is_empty());
                assert!(json::to_string(&data).len() > depth);
            }
            let message = format!(
                "<top xmlns=\"urn:example:metadata\"><any>{}{}</any></top>",
                "<a>".repeat(depth),
                "</a>".repeat(depth)
            );
            let read = xml::from_slice::<Top>(message.as_bytes(), &options);
            assert_eq!(read.is_ok(), taken);
            let mixed = message.replace("<a>", "x<a>").replace("any>", "xml>");
            let read = xml::from_slice::<Top>(mixed.as_bytes(), &options);
            assert_eq!(read.is_ok(), taken);
            if let Ok(data) = read {
                assert!(data.clone() == data && xml::to_string(&data) == mixed);
                assert!(json::to_string(&data).len() > depth);
            }
        }
    };
    let thread = std::thread::Builder::new().stack_size(2 << 20).spawn(test);
    thread.expect("starts").join().expect("is bounded");
    let deep = "[".repeat(200);
    assert!(AnyData::from_json(&deep, MODULES).is_err());
}

#[test]
fn faults_in_data_without_a_schema() {
    assert_eq!(
        json_faults(r#""any":{"a":{"b":[{"c":1,"c":2}]}},"xml":"\u0001""#),
        [
            "1:42 duplicate /metadata:top/any/a/b/c bad-element",
            "1:58 lexical /metadata:top/xml invalid-value \"\\u{1}\"",
        ]
    );
    assert_eq!(
        json_faults(r#""any":[1]"#),
        ["1:24 wrong-kind /metadata:top/any invalid-value an array"]
    );
    assert_eq!(
        json_faults(r#""any":{"a":nul}"#),
        ["1:29 malformed /metadata:top/any/a malformed-message"]
    );
    assert_eq!(
        xml_faults("<any>x<a/></any><xml>y<a/></xml>"),
        ["1:40 wrong-kind /metadata:top/any invalid-value \"x\""]
    );
    assert_eq!(
        xml_faults("<any><a>x<b/>y<b/></a></any>"),
        [
            "1:44 wrong-kind /metadata:top/any invalid-value \"x\"",
            "1:48 wrong-kind /metadata:top/any invalid-value \"y\"",
            "1:49 wrong-kind /metadata:top/any invalid-value \"x\"",
        ]
    );
    assert_eq!(
        xml_faults("<any><p:a/></any><xml>text<p:a/></xml>"),
        [
            "1:40 unknown-namespace /metadata:top/any/a unknown-namespace the undeclared prefix of p:a",
            "1:61 unknown-namespace /metadata:top/xml/a unknown-namespace the undeclared prefix of p:a",
        ]
    );
    assert!(AnyData::from_json("{} 1", MODULES).is_err());
    assert!(AnyData::from_json("", MODULES).is_err());
    assert!(AnyData::from_xml("<a/><b/>", MODULES).is_err());
}

#[test]
fn faults_of_annotations() {
    for (members, expected) in [
        (
            r#""@":{"metadata:hint":500}"#,
            "1:23 lexical /metadata:top invalid-value 500",
        ),
        (
            r#""@":{}"#,
            "1:22 wrong-kind /metadata:top invalid-value an empty object",
        ),
        (
            r#""@name":{"hint":1}"#,
            "1:27 unknown-attribute /metadata:top/name unknown-attribute hint",
        ),
        (
            r#""@name":{"metadata:x":1}"#,
            "1:27 unknown-attribute /metadata:top/name unknown-attribute metadata:x",
        ),
        (
            r#""@name":{"metadata:hint":1}"#,
            "1:27 unknown-attribute /metadata:top/name unknown-attribute metadata:hint",
        ),
        (
            r#""@other":{"metadata:hint":1}"#,
            "1:18 unknown-element /metadata:top/other unknown-element",
        ),
        (
            r#""tag":["a"],"@tag":[null,{"metadata:hint":1}]"#,
            "1:44 unknown-attribute /metadata:top/tag unknown-attribute metadata:hint",
        ),
    ] {
        assert_eq!(json_faults(members), [expected], "{members}");
    }
    assert_eq!(
        xml_faults("<name a='1' xmlns:m='urn:example:metadata' m:hint='x'>n</name>"),
        [
            "1:35 unknown-attribute /metadata:top/name unknown-attribute a",
            "1:35 lexical /metadata:top/name invalid-value \"x\"",
        ]
    );
}

const ANNOTATED: &str = r#"{"metadata:top":{"@":{"metadata:hint":1},"name":"x","@name":{"metadata:from":"metadata:learned"},"tag":["a","b"],"@tag":[null,{"metadata:either":true}],"item":[{"@":{"yang:insert":"first"},"id":7,"port":[5],"@port":[{"metadata:stamp":"9"}]}],"any":{"@":{"metadata:flag":[null]},"a":1},"xml":"x","@xml":{"metadata:hint":2}}}"#;

#[test]
fn a_whole_document_has_no_annotations() {
    let text = r#"{"@":{"metadata:hint":1},"metadata:top":{"name":"x"}}"#;
    let decoded =
        Registry::new(&SCHEMA).decode_data(Encoding::Json, text.as_bytes(), &Options::default());
    assert_eq!(
        common::lines(&decoded.expect_err("no node")),
        ["1:2 unknown-attribute / unknown-attribute @"]
    );
}

#[test]
fn annotations_are_collected_and_written() {
    let registry = Registry::new(&SCHEMA);
    let options = Options::default();
    let message = registry
        .decode(Encoding::Json, ANNOTATED.as_bytes(), &options)
        .expect("decodes");
    let found: Vec<String> = message
        .annotations()
        .iter()
        .map(|note| format!("{} {}={}", note.path(), note.name(), note.value()))
        .collect();
    let expected = [
        "/metadata:top metadata:hint=1",
        "/metadata:top/name metadata:from=metadata:learned",
        "/metadata:top/tag[.='b'] metadata:either=true",
        "/metadata:top/item[id='7'] yang:insert=first",
        "/metadata:top/item[id='7']/port[.='5'] metadata:stamp=9",
        "/metadata:top/any metadata:flag=",
        "/metadata:top/xml metadata:hint=2",
    ];
    assert_eq!(found, expected);
    assert_eq!(message.annotations().len(), expected.len());
    let text = json::to_string_annotated(message.root(), message.annotations());
    assert_eq!(text, ANNOTATED);
    assert!(!json::to_string(message.root()).contains('@'));
    let whole = Registry::new(&SCHEMA).decode_data(Encoding::Json, ANNOTATED.as_bytes(), &options);
    let (data, notes) = whole.expect("is valid");
    assert_eq!(json::to_string_annotated(&*data, &notes), ANNOTATED);
    let text = xml::to_string_annotated(message.root(), message.annotations());
    let (data, notes) = xml::from_slice_annotated::<Top>(text.as_bytes(), &options).expect(&text);
    let mut same = notes.iter().zip(message.annotations().iter());
    assert!(notes.len() == expected.len() && same.all(|(one, other)| one == other));
    assert_eq!(xml::to_string_annotated(&data, &notes), text);
    assert_eq!(xml::to_string(&data), xml::to_string(message.root()));
}

#[test]
fn many_annotations_below_a_long_key_take_little() {
    // With a copy of the key for each there would be 20 GB of them.
    let values = vec!["1"; 10_000].join(",");
    let notes = vec![r#"{"metadata:hint":1}"#; 10_000].join(",");
    let long = "x".repeat(2 << 20);
    let message = format!(
        r#"{{"metadata:top":{{"name":"{long}","log":[{{"key":"{long}","line":[{values}],"@line":[{notes}]}}]}}}}"#
    );
    let options = Options::default();
    let (data, found) =
        json::from_slice_annotated::<Top>(message.as_bytes(), &options).expect("decodes");
    assert_eq!(found.len(), 10_000);
    let text = json::to_string_annotated(&data, &found);
    assert_eq!(text.matches("@line").count(), 1);
    assert_eq!(text.matches("metadata:hint").count(), 10_000);
}

#[test]
fn annotations_that_a_program_makes() {
    let path = |steps: &[(&str, Predicate)]| {
        let mut path = InstancePath::default();
        for (name, predicate) in steps.iter().rev() {
            path.push_outer(Step {
                name: (*name).into(),
                predicate: predicate.clone(),
            });
        }
        path
    };
    let path = path(&[("metadata:top", Predicate::None), ("name", Predicate::None)]);
    let mut notes = Annotations::default();
    assert!(notes.is_empty());
    let mut note = |name: &str, value: &str| notes.push(&path, name, value, MODULES);
    assert_eq!(note("metadata:share", "+1.5"), Ok(()));
    assert_eq!(note("metadata:from", "metadata:learned"), Ok(()));
    assert_eq!(
        note("metadata:hint", "x").expect_err("is none").to_string(),
        "\"x\" is no hint: expected an int8 in -128..127"
    );
    assert!(note("metadata:other", "1").is_err() && note("hint", "1").is_err());
    let mut data = Top::new();
    data.name = Some("x".into());
    assert_eq!(
        json::to_string_annotated(&data, &notes),
        r#"{"metadata:top":{"name":"x","@name":{"metadata:share":"1.5","metadata:from":"metadata:learned"}}}"#
    );
    assert_eq!(MODULE.annotations.len(), 9);
    assert!(Top::new().schema().extensions.len() == 1);
    let whole = top::Whole::new(top::whole::Mandatory {
        needed: AnyData::default(),
        also: AnyData::default(),
    });
    assert_eq!(whole.needed.to_json(), "{}");
}
