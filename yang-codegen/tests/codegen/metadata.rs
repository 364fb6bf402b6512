//! The verdict on annotations, and on data that no schema describes, beside libyang's; and what
//! becomes of those that are taken.
#![allow(
    clippy::expect_used,
    clippy::panic,
    clippy::indexing_slicing,
    reason = "a test states what must hold"
)]

use fixtures::metadata as generated;
use notif_runtime::Options;
use notif_runtime::{Encoding, json, xml};

use crate::common::libyang::Libyang;
use generated::ietf_netconf::Get;
use generated::metadata::Top;

/// Members of the container `top`, which libyang takes.
const JSON: &[&str] = &[
    r#""@":{"metadata:hint":5}"#,
    r#""@":{"metadata:hint":5,"yang:insert":"first"},"name":"x""#,
    r#""name":"x","@name":{"metadata:stamp":"5"}"#,
    r#""@name":{"metadata:stamp":"5"},"name":"x""#,
    r#""name":"x","@name":{"ietf-netconf:operation":"merge"}"#,
    r#""name":"x","@name":{"metadata:flag":[null]}"#,
    r#""name":"x","@name":{"metadata:from":"metadata:learned"}"#,
    r#""name":"x","@name":{"metadata:from":"learned"}"#,
    r#""name":"x","@name":{"metadata:label":"abc"}"#,
    r#""name":"x","@name":{"metadata:either":5}"#,
    r#""name":"x","@name":{"metadata:either":true}"#,
    r#""name":"x","@name":{"metadata:either":"abc"}"#,
    r#""name":"x","@name":{"metadata:level":"low"}"#,
    r#""name":"x","@name":{"metadata:share":"1.25"}"#,
    r#""name":"x","@name":{"metadata:bits":"b a"}"#,
    r#""name":"x","@name":{"yang:key":"[id='1']"}"#,
    r#""name":"x","@name":{"yang:key":[null]}"#,
    r#""name":"x","@name":{"yang:key":"[ m:id = \"1\" ][b='x y']"}"#,
    r#""name":"x","@name":{"yang:key":"[id=1]"}"#,
    r#""name":"x","@name":{"yang:position":7}"#,
    r#""item":[{"id":1}],"@item":{"metadata:hint":1}"#,
    r#""inside":{},"@inside":{"metadata:hint":1}"#,
    r#""any":{},"@any":{"metadata:hint":1}"#,
    r#""any":{"a":1,"@a":{"metadata:hint":1}}"#,
    r#""any":{"a":{"@":{"metadata:hint":1}}}"#,
    r#""tag":["a","b"],"@tag":[null]"#,
    r#""name":"x","@name":{"yang:orig-default":true,"yang:operation":"none"}"#,
    r#""tag":["a","b"],"@tag":[{"metadata:hint":1},null]"#,
    r#""tag":["a","b"],"@tag":[null,{"metadata:hint":1}]"#,
    r#""tag":["a","b"],"@tag":[{"metadata:hint":1}]"#,
    r#""item":[{"id":1,"@":{"metadata:hint":1}},{"@":{"metadata:hint":2},"id":2}]"#,
    r#""item":[{"id":1,"port":[1,2],"@port":[{"metadata:hint":3}],"@id":{"metadata:hint":4}}]"#,
    r#""inside":{"@":{"metadata:hint":1}}"#,
    r#""xml":5,"@xml":{"metadata:hint":1}"#,
    r#""any":{}"#,
    r#""any":{"x":{"y":[1,"2",true,null,{"z":-1.5e3}]},"w":[null]}"#,
    r#""any":{"unknown:x":1,"metadata:y":{"z":2}}"#,
    r#""xml":{"a":1}"#,
    r#""xml":[1,[2,{"a":null}]]"#,
    r#""xml":"text""#,
    r#""xml":1"#,
    r#""xml":true"#,
    r#""xml":null"#,
    r#""xml":{}"#,
    r#""xml":[]"#,
    r#""whole":{"needed":{},"also":null}"#,
];

/// Members that libyang refuses.
const NO_JSON: &[&str] = &[
    r#""@":{}"#,
    r#""@":[]"#,
    r#""@":null"#,
    r#""@":5"#,
    r#""@":{"hint":5}"#,
    r#""@":{"metadata:hint":"5"}"#,
    r#""@":{"metadata:hint":500}"#,
    r#""@":{"metadata:hint":{}}"#,
    r#""@":{"metadata:hint":null}"#,
    r#""@":{"metadata:other":5}"#,
    r#""@":{"other:hint":5}"#,
    r#""@":{"@metadata:hint":5}"#,
    r#""@":{"metadata:":5}"#,
    r#""@":{"yang:insert":"middle"}"#,
    r#""@":{"yang:position":0}"#,
    r#""@":{"yang:position":"7"}"#,
    r#""@":{"yang:key":""}"#,
    r#""@":{"yang:key":"id='1'"}"#,
    r#""@":{"yang:key":"[id=x]"}"#,
    r#""@":{"yang:key":"[id='1'"}"#,
    r#""@":{"yang:key":"[id='1']x"}"#,
    r#""@":{"yang:key":"[1='1']"}"#,
    r#""@":{"ietf-netconf:operation":"none"}"#,
    r#""@name":{"metadata:hint":5}"#,
    r#""name":"x","@name":{}"#,
    r#""name":"x","@name":null"#,
    r#""name":"x","@name":[]"#,
    r#""name":"x","@name":"y""#,
    r#""name":"x","@name":[{"metadata:hint":5}]"#,
    r#""name":"x","@other":{"metadata:hint":5}"#,
    r#""name":"x","@name":{"metadata:stamp":5}"#,
    r#""name":"x","@name":{"metadata:flag":null}"#,
    r#""name":"x","@name":{"metadata:flag":""}"#,
    r#""name":"x","@name":{"metadata:flag":[1]}"#,
    r#""name":"x","@name":{"metadata:from":"metadata:source"}"#,
    r#""name":"x","@name":{"metadata:from":"far:learned"}"#,
    r#""name":"x","@name":{"metadata:label":"ABC"}"#,
    r#""name":"x","@name":{"metadata:either":500}"#,
    r#""name":"x","@name":{"metadata:level":"none"}"#,
    r#""name":"x","@name":{"metadata:share":"1.255"}"#,
    r#""name":"x","@name":{"metadata:bits":"c"}"#,
    r#""tag":["a"],"@tag":{"metadata:hint":1}"#,
    r#""tag":["a"],"@tag":[]"#,
    r#""tag":["a"],"@tag":[{}]"#,
    r#""tag":["a"],"@tag":["x"]"#,
    r#""tag":["a"],"@tag":[{"metadata:hint":1},{"metadata:hint":2}]"#,
    r#""@tag":[{"metadata:hint":1},{"metadata:hint":2}],"tag":["a"]"#,
    r#""@tag":[{"metadata:hint":1}]"#,
    r#""tag":["a"],"@tag":[null,null]"#,
    r#""tag":[],"@tag":[null]"#,
    r#""@inside":{"metadata:hint":1}"#,
    r#""any":{"":1}"#,
    r#""any":null"#,
    r#""any":[]"#,
    r#""any":"x""#,
    r#""any":5"#,
    r#""any":{"x":}"#,
    r#""any":{"x":1"#,
    r#""whole":{"needed":{}}"#,
    r#""whole":{"also":1}"#,
];

/// Members that libyang takes against a standard or our own strictness, with the reason.
const ONLY_LIBYANG: &[&str] = &[
    // RFC 7951 section 4: a member of the module around it has the simple name.
    r#""name":"x","@metadata:name":{"metadata:stamp":"5"}"#,
    r#""metadata:name":"x""#,
    // A member stands twice (RFC 8259 section 4).
    r#""any":{"x":1,"x":2}"#,
    r#""name":"x","@name":{"metadata:hint":1,"metadata:hint":1}"#,
    r#""name":"x","@name":{"metadata:hint":1},"@name":{"metadata:hint":2}"#,
    r#""@":{"metadata:hint":1},"@":{"metadata:hint":1}"#,
    // Of annotations before their leaf, libyang does not see the form (RFC 7952 section 5.2).
    r#""@tag":{"metadata:hint":1},"tag":["a"]"#,
    r#""@name":[{"metadata:hint":1}],"name":"x""#,
    r#""@name":{},"name":"x""#,
    r#""@name":null,"name":"x""#,
];

/// Members that libyang refuses although a standard allows them.
const ONLY_WE: &[&str] = &[
    // RFC 7952 section 5.2.1.
    r#""any":{"@":{"metadata:hint":1},"x":1}"#,
    r#""xml":{"@":{"metadata:hint":1}}"#,
    // RFC 7952 section 5.2.2, of which libyang takes the values first alone.
    r#""@tag":[null,{"metadata:hint":1}],"tag":["a","b"]"#,
    // An empty list or leaf-list.
    r#""any":{"metadata:y":{"z":[]}}"#,
];

fn in_top(members: &str) -> String {
    format!("{{\"metadata:top\":{{{members}}}}}")
}

/// Decodes, writes in both encodings, and reads that again: the annotations and the data are the
/// same.
fn through_json(document: &str) -> Result<(), String> {
    let options = Options::default();
    let (data, notes) = json::from_slice_annotated::<Top>(document.as_bytes(), &options)
        .map_err(|faults| faults.to_string())?;
    let text = json::to_string_annotated(&data, &notes);
    let (again, found) = json::from_slice_annotated::<Top>(text.as_bytes(), &options)
        .unwrap_or_else(|faults| panic!("{document}: {text}: {faults}"));
    assert_eq!(again, data, "{document} as {text}");
    same(&notes, &found, &text);
    let text = xml::to_string_annotated(&data, &notes);
    through_xml(&text).unwrap_or_else(|faults| panic!("{document}: {text}: {faults}"));
    let (_, found) = xml::from_slice_annotated::<Top>(text.as_bytes(), &options)
        .unwrap_or_else(|faults| panic!("{document}: {text}: {faults}"));
    same(&notes, &found, &text);
    Ok(())
}

fn through_xml(document: &str) -> Result<(), String> {
    let options = Options::default();
    let (data, notes) = xml::from_slice_annotated::<Top>(document.as_bytes(), &options)
        .map_err(|faults| faults.to_string())?;
    let text = xml::to_string_annotated(&data, &notes);
    let (again, found) = xml::from_slice_annotated::<Top>(text.as_bytes(), &options)
        .unwrap_or_else(|faults| panic!("{document}: {text}: {faults}"));
    assert_eq!(again, data, "{document} as {text}");
    same(&notes, &found, &text);
    // In JSON the data is another tree only for lack of prefixes in texts.
    let text = json::to_string_annotated(&data, &notes);
    let (again, found) = json::from_slice_annotated::<Top>(text.as_bytes(), &options)
        .unwrap_or_else(|faults| panic!("{document}: {text}: {faults}"));
    assert_eq!(json::to_string_annotated(&again, &found), text);
    same(&notes, &found, &text);
    Ok(())
}

fn same(
    one: &notif_runtime::annotation::Annotations,
    other: &notif_runtime::annotation::Annotations,
    text: &str,
) {
    let sorted = |notes: &notif_runtime::annotation::Annotations| {
        let notes = notes
            .iter()
            .map(|note| format!("{} {} {}", note.path(), note.name(), note.value()));
        let mut notes: Vec<String> = notes.collect();
        notes.sort();
        notes
    };
    assert_eq!(sorted(one), sorted(other), "{text}");
}

#[test]
fn json_has_libyangs_verdicts() {
    let libyang = Libyang::new(&[("metadata", &[]), ("ietf-netconf", &["xpath"])]);
    let mut wrong = String::new();
    let cases = |list: &'static [&str], theirs: bool, ours: bool| {
        list.iter().map(move |members| (*members, theirs, ours))
    };
    let all = cases(JSON, true, true)
        .chain(cases(NO_JSON, false, false))
        .chain(cases(ONLY_LIBYANG, true, false))
        .chain(cases(ONLY_WE, false, true));
    for (members, theirs, ours) in all {
        let document = in_top(members);
        if libyang.takes(Encoding::Json, &document) != theirs {
            wrong.extend(["libyang: ", members, "\n"]);
        }
        match through_json(&document) {
            Ok(()) if !ours => wrong.extend(["we take: ", members, "\n"]),
            Err(faults) if ours => wrong.extend(["we refuse: ", members, ": ", &faults, "\n"]),
            _ => {}
        }
    }
    assert!(wrong.is_empty(), "{wrong}");
}

const DECLARED: &str = r#"xmlns="urn:example:metadata" xmlns:m="urn:example:metadata" xmlns:y="urn:ietf:params:xml:ns:yang:1""#;

/// Elements in the container `top`, which libyang takes.
const XML: &[&str] = &[
    r#"<name m:hint="5">x</name>"#,
    r#"<name m:hint=" 5 " y:insert="first">x</name>"#,
    r#"<name m:flag="">x</name>"#,
    r#"<name m:from="m:learned">x</name>"#,
    r#"<name m:from="learned">x</name>"#,
    r#"<name m:label="abc" m:either="true" m:level="low" m:share="1.250" m:bits="b a">x</name>"#,
    r#"<name y:key="">x</name>"#,
    r#"<tag m:hint="1">a</tag><tag>b</tag><tag m:hint="2">c</tag>"#,
    r#"<item m:hint="1"><id m:hint="2">1</id><port>1</port><port m:hint="3">2</port></item>"#,
    r#"<inside m:hint="1"/>"#,
    "<any/>",
    "<any> </any>",
    r#"<any m:hint="1"><x/></any>"#,
    r#"<any><x xmlns="urn:x" a="1" m:b="2" xml:lang="en"><y>1</y><y c="2">2</y><z xmlns=""/></x></any>"#,
    r#"<any><name>a</name><p:x xmlns:p="urn:x">p:y</p:x><x xmlns:p="urn:x">/p:a[p:b='1']</x></any>"#,
    "<any><a>1</a><b/><a>2</a><!-- c --></any>",
    "<any><a>&lt;&amp;<![CDATA[<>]]></a></any>",
    "<xml>text</xml>",
    r#"<xml m:hint="3">m:x</xml>"#,
    "<xml/>",
    "<xml><a>1</a></xml>",
    "<whole><needed/><also/></whole>",
];

/// Elements that libyang refuses.
const NO_XML: &[&str] = &[
    r#"<name hint="5">x</name>"#,
    r#"<name type="subtree">x</name>"#,
    r#"<name m:hint="500">x</name>"#,
    r#"<name m:other="5">x</name>"#,
    r#"<name q:hint="5">x</name>"#,
    r#"<name xmlns:q="urn:q" q:hint="5">x</name>"#,
    r#"<name xml:lang="en">x</name>"#,
    r#"<name m:flag="x">x</name>"#,
    r#"<name m:from="m:source">x</name>"#,
    r#"<name m:label="A">x</name>"#,
    r#"<name y:insert="x">x</name>"#,
    "<name m:hint='1' xmlns:n='urn:example:metadata' n:hint='x'>x</name>",
    "<any>x<a/></any>",
    "<any><a/>x</any>",
    "<any>text</any>",
    r#"<any other="1"/>"#,
    "<any><a>text<b/></a></any>",
    "<any><a><b/>text</a></any>",
    "<any><a></b></any>",
    r#"<xml m:hint="x"/>"#,
    "<whole><needed/></whole>",
];

/// A document that libyang takes with an undeclared prefix (Namespaces in XML 1.0 section 5).
const NO_NAMESPACES: &str = "<any><q:a/></any>";

#[test]
fn xml_has_libyangs_verdicts() {
    let libyang = Libyang::new(&[("metadata", &[]), ("ietf-netconf", &["xpath"])]);
    let mut wrong = String::new();
    let cases = XML.iter().map(|case| (*case, true, true));
    let cases = cases.chain(NO_XML.iter().map(|case| (*case, false, false)));
    for (elements, theirs, taken) in cases.chain([(NO_NAMESPACES, true, false)]) {
        let document = format!("<top {DECLARED}>{elements}</top>");
        if libyang.takes(Encoding::Xml, &document) != theirs {
            wrong.extend(["libyang: ", elements, "\n"]);
        }
        match through_xml(&document) {
            Ok(()) if !taken => wrong.extend(["we take: ", elements, "\n"]),
            Err(faults) if taken => wrong.extend(["we refuse: ", elements, ": ", &faults, "\n"]),
            _ => {}
        }
    }
    assert!(wrong.is_empty(), "{wrong}");
}

#[test]
fn netconfs_annotations_have_libyangs_verdicts() {
    let libyang = Libyang::new(&[("metadata", &[]), ("ietf-netconf", &["xpath"])]);
    let options = Options::default();
    for (elements, taken) in [
        ("<x nc:operation=\"merge\">1</x>", true),
        ("<x nc:operation=\"none\">1</x>", false),
        ("<x operation=\"merge\">1</x>", false),
        ("<x type=\"subtree\">1</x>", false),
        ("<x nc:type=\"subtree\">1</x>", true),
        ("<filter type=\"xpath\" select=\"/a\"/>", true),
        ("<filter type=\"subtree\"><a/></filter>", true),
        ("<filter type=\"tree\"/>", false),
        ("<filter other=\"1\"/>", false),
    ] {
        let namespace = "urn:ietf:params:xml:ns:netconf:base:1.0";
        let document =
            format!("<get xmlns=\"{namespace}\" xmlns:nc=\"{namespace}\">{elements}</get>");
        let ours = xml::from_slice_annotated::<Get>(document.as_bytes(), &options);
        assert_eq!(libyang.takes(Encoding::Xml, &document), taken, "{elements}");
        assert_eq!(ours.is_ok(), taken, "{elements}: {ours:?}");
        if let Ok((data, notes)) = ours {
            let text = xml::to_string_annotated(&data, &notes);
            let (again, found) = xml::from_slice_annotated::<Get>(text.as_bytes(), &options)
                .unwrap_or_else(|faults| panic!("{text}: {faults}"));
            assert_eq!(again, data);
            same(&notes, &found, &text);
        }
    }
}
