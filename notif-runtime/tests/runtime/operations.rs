//! Whole data and operations: typed access, the nodes around an operation, faults with their places.
#![allow(missing_docs, reason = "a test file")]
#![allow(
    clippy::unwrap_used,
    clippy::expect_used,
    clippy::panic,
    clippy::indexing_slicing,
    reason = "a test states what must hold"
)]

use crate::common;
use fixtures::operations as generated;
use notif_runtime::Options;
use notif_runtime::fault::Faults;
use notif_runtime::registry::Registry;
use notif_runtime::schema::{Form, Kind};
use notif_runtime::tree::{Child, Value};
use notif_runtime::validate::validate;
use notif_runtime::{Encoding, json, operation::Operation, xml};

use crate::common::encode;

use generated::Data;
use generated::operations::{self, server};

fn registry() -> Registry {
    Registry::new(&generated::SCHEMA)
}

fn decode(form: Form, encoding: Encoding, text: &str) -> Result<Operation, Faults> {
    let options = Options::default();
    registry().decode_operation(form, encoding, text.as_bytes(), &options)
}

fn expanded(text: &str) -> String {
    text.replace("O:", "operations:")
        .replace("XMLNS", "xmlns=\"urn:example:operations\"")
}

const DATA_JSON: &str = r#"{"O:mode":"automatic","O:serial":"7","O:tag":["a","b"],"O:favourite":"x","O:server":[{"name":"x","port":1,"state":{"load":3}},{"name":"y","port":2,"state":{"load":4}}],"O:system":{"host":"h"},"operations-more:mode":5,"operations-more:needed":{"id":1},"operations-more:also-needed":6}"#;

#[test]
fn whole_data_are_typed_and_written_again() {
    let text = expanded(DATA_JSON);
    let data: Data = json::from_slice(text.as_bytes(), &Options::default()).unwrap();
    assert_eq!(data.mode, Some(operations::Mode::Automatic));
    assert_eq!(data.operations_more_mode, Some(5));
    assert_eq!(data.server[1].port, 2);
    assert_eq!(validate(&data), Ok(()));
    assert_eq!(json::to_string(&data), text);
    let through: Data =
        xml::from_slice(xml::to_string(&data).as_bytes(), &Options::default()).unwrap();
    for encoding in [Encoding::Cbor, Encoding::JsonCbor] {
        let message = encode(encoding, &data);
        let again = registry().decode_data(encoding, &message, &Options::default());
        assert_eq!(json::to_string(&*again.unwrap().0), text);
    }
    assert_eq!(through, data);
    let (any, _) = registry()
        .decode_data(Encoding::Json, text.as_bytes(), &Options::default())
        .unwrap();
    assert_eq!(any.downcast_ref(), Some(&data));
    assert!(matches!(
        any.get("operations:serial"),
        Some((_, Child::Leaf(Value::Uint64(7))))
    ));
    assert!(any.get("serial").is_none());
}

#[test]
fn no_data_are_data() {
    let empty = Data::default();
    assert_eq!(json::to_string(&empty), "{}");
    assert_eq!(xml::to_string(&empty), "");
    for text in ["", "<?xml version=\"1.0\"?>", "<!-- -->\n"] {
        let read = xml::from_slice::<Data>(text.as_bytes(), &Options::default());
        assert_eq!(read.as_ref(), Ok(&empty), "{text}");
    }
    let read = json::from_slice::<Data>(b" { } ", &Options::default());
    assert_eq!(read, Ok(empty));
}

#[test]
fn built_data_are_validated() {
    let mut data = Data::new();
    data.favourite = Some(operations::Name::new("x").unwrap());
    let faults = validate(&data).unwrap_err();
    assert_eq!(
        common::lines(&faults),
        ["- dangling-leafref /operations:favourite data-missing \"x\""]
    );
}

/// A document of whole data, and its faults.
const WRONG_JSON: &[(&str, &[&str])] = &[
    (
        r#"{"mode":"manual"}"#,
        &["1:2 unknown-element /mode unknown-element"],
    ),
    (
        r#"{"O:mode":"manual","O:mode":"manual"}"#,
        &[
            "1:47 duplicate /operations:mode bad-element",
            "1:1 missing-mandatory /operations:system/host data-missing",
        ],
    ),
    (
        r#"{"O:mode":7,"O:tag":["much too long"]}"#,
        &[
            "1:20 wrong-kind /operations:mode invalid-value 7",
            "1:40 length /operations:tag invalid-value \"much too long\"",
        ],
    ),
    (
        r#"{"operations-more:mode":1}"#,
        &[
            "1:1 missing-mandatory /operations-more:needed/id data-missing",
            "1:1 missing-mandatory /operations-more:also-needed data-missing",
        ],
    ),
    (
        r#"{"O:system":{"host":"h"},"O:server":[{"name":"x","port":1,"state":{"load":1}},{"name":"x","port":1,"state":{"load":1}}]}"#,
        &["1:97 duplicate-entry /operations:server[name='x'] bad-element"],
    ),
    ("{} x", &["1:4 trailing-data / malformed-message"]),
    ("", &["1:1 empty / malformed-message"]),
    ("7", &["1:1 malformed / malformed-message"]),
];

const WRONG_XML: &[(&str, &[&str])] = &[
    (
        "<mode>manual</mode>",
        &["1:1 unknown-namespace /mode unknown-namespace no namespace"],
    ),
    (
        "<system XMLNS><host>h</host></system>\n<system XMLNS/>",
        &["2:1 duplicate /operations:system bad-element"],
    ),
    (
        "<system XMLNS><host>h</host></system>\n<server XMLNS><name>x</name><port>1</port><state><load>1</load></state><disk><slot>1</slot><bus>2</bus></disk></server>",
        &["2:117 key-order /operations:server[name='x']/disk[bus='2'][slot='1']/bus bad-element"],
    ),
    (
        "<system XMLNS><host>h</host></system>\nx",
        &["2:1 wrong-kind / invalid-value \"x\""],
    ),
    (
        "<system XMLNS><host>h</host>",
        &["1:54 malformed /operations:system malformed-message"],
    ),
    ("</system>", &["1:1 malformed / malformed-message"]),
];

#[test]
fn faults_of_whole_data_have_their_places() {
    let json = WRONG_JSON.iter().map(|case| (Encoding::Json, case));
    let cases = json.chain(WRONG_XML.iter().map(|case| (Encoding::Xml, case)));
    let mut wrong = String::new();
    for (encoding, (text, expected)) in cases {
        let (text, options) = (expanded(text), Options::default());
        let result = registry().decode_data(encoding, text.as_bytes(), &options);
        let found = result.map_or_else(|faults| common::lines(&faults), |_| Vec::new());
        if found != *expected {
            wrong.extend([format!("{text}\n  found {found:?}\n")]);
        }
    }
    assert!(wrong.is_empty(), "these differ:\n{wrong}");
}

#[test]
fn a_top_level_operation_is_a_message_too() {
    let text = expanded(r#"{"O:changed":{"what":"a","eventTime":"now"}}"#);
    let (registry, options) = (registry(), Options::default());
    let message = registry
        .decode(Encoding::Json, text.as_bytes(), &options)
        .unwrap();
    assert_eq!(message.name(), "operations:changed");
    let changed: operations::Changed = json::from_slice(text.as_bytes(), &options).unwrap();
    assert_eq!(message.downcast_ref(), Some(&changed));
    let roots: Vec<&str> = registry
        .roots()
        .map(notif_runtime::schema::Node::qualified_name)
        .collect();
    assert_eq!(
        roots,
        [
            "operations:system",
            "operations:changed",
            "operations-more:needed"
        ]
    );

    let input = operations::copy::Input::new(operations::Name::new("a").unwrap());
    assert_eq!(
        json::to_string(&input),
        expanded(r#"{"O:copy":{"from":"a"}}"#)
    );
    let xml = xml::to_string(&input);
    assert_eq!(xml::from_slice(xml.as_bytes(), &options), Ok(input));
    let output: operations::copy::Output =
        json::from_slice(expanded(r#"{"O:copy":{"done":true}}"#).as_bytes(), &options).unwrap();
    assert!(output.done);
    assert!(matches!(
        registry.decode(Encoding::Xml, xml.as_bytes(), &options),
        Err(faults) if faults.list[0].path.to_string() == "/operations:copy"
    ));
}

#[test]
fn a_nested_operation_has_the_nodes_around_it() {
    let text = expanded(
        r#"{"O:server":[{"name":"x","port":7,"disk":[{"bus":0,"slot":0},{"bus":1,"slot":2,"format":{"label":"l","beside":7}}]}]}"#,
    );
    let operation = decode(Form::Rpc, Encoding::Json, &text).unwrap();
    let input: &server::disk::format::Input = operation.downcast_ref().unwrap();
    assert_eq!(input.beside, Some(7));
    assert!(matches!(operation.node().schema().kind, Kind::Input { .. }));
    assert_eq!(
        operation.path().to_string(),
        "/operations:server[name='x']/disk[bus='1'][slot='2']/format"
    );
    assert_eq!(json::to_string(operation.root()), text);
    let again = decode(Form::Rpc, Encoding::Xml, &xml::to_string(operation.root())).unwrap();
    assert_eq!(json::to_string(again.root()), text);
    for encoding in [Encoding::Cbor, Encoding::JsonCbor] {
        let (message, options) = (encode(encoding, operation.root()), Options::default());
        let again = registry().decode_operation(Form::Rpc, encoding, &message, &options);
        assert_eq!(json::to_string(again.unwrap().root()), text);
        let fault = registry().decode_operation(Form::Reply, encoding, &message, &options);
        assert!(fault.is_err());
    }

    // What the document does not have is not there, whatever the type holds in its place.
    let text = expanded(r#"{"O:server":[{"name":"x","restarted":{"cause":"wish"}}]}"#);
    let operation = decode(Form::Notification, Encoding::Json, &text).unwrap();
    let Some((_, Child::Entries(servers))) = operation.root().get("operations:server") else {
        panic!("no servers");
    };
    let server = servers.get(0).unwrap();
    assert!(matches!(server.get("port"), Some((_, Child::None))));
    assert_eq!(server.children().count(), 1);
    assert!(
        server
            .operation()
            .is_some_and(|operation| operation.downcast_ref::<server::Restarted>().is_some())
    );
    assert!(operation.root().operation().is_none());
}

/// A document, its form, and its faults.
const WRONG_OPERATIONS: &[(Form, &str, &[&str])] = &[
    (Form::Notification, "{}", &["1:1 empty / malformed-message"]),
    (
        Form::Notification,
        r#"{"O:system":{"host":"h"}}"#,
        &["1:1 empty / malformed-message"],
    ),
    (
        Form::Notification,
        r#"{"O:ping":{}}"#,
        &["1:2 unknown-element /operations:ping unknown-element"],
    ),
    (
        Form::Rpc,
        r#"{"O:ping":{},"O:ping":{}}"#,
        &["1:41 duplicate /operations:ping bad-element"],
    ),
    (
        Form::Rpc,
        r#"{"O:ping":{},"O:mode":"manual"}"#,
        &["1:41 unknown-element /operations:mode unknown-element"],
    ),
    (
        Form::Rpc,
        r#"{"O:server":[{"name":"x","reset":{"delay":-1},"reset":{}}]}"#,
        &[
            "1:52 range /operations:server[name='x']/reset/delay invalid-value -1",
            "1:64 duplicate /operations:server[name='x']/reset bad-element",
        ],
    ),
    (
        Form::Rpc,
        r#"{"O:server":[{"reset":{}}]}"#,
        &["1:23 missing-key /operations:server[1]/name missing-element"],
    ),
    (
        Form::Rpc,
        r#"{"O:server":[{"name":"x","disk":[{"bus":1,"slot":2,"format":{"beside":8,"label":"l"}}]}]}"#,
        &[
            "1:80 dangling-leafref /operations:server[name='x']/disk[bus='1'][slot='2']/format/beside data-missing \"8\"",
        ],
    ),
    (
        Form::Reply,
        r#"{"O:copy":{"done":true,"part":[{"id":1},{"id":1}]}}"#,
        &["1:50 duplicate-entry /operations:copy/part[id='1'] bad-element"],
    ),
];

#[test]
fn faults_of_operations_have_their_places() {
    let mut wrong = String::new();
    for (form, text, expected) in WRONG_OPERATIONS {
        let text = expanded(text);
        let found = match decode(*form, Encoding::Json, &text) {
            Ok(_) => Vec::new(),
            Err(faults) => common::lines(&faults),
        };
        if found != *expected {
            wrong.extend([format!("{text}\n  found {found:?}\n")]);
        }
    }
    assert!(wrong.is_empty(), "these differ:\n{wrong}");
}

#[test]
fn an_unknown_member_is_told_what_there_is() {
    let expected = |text: &str| {
        let faults = decode(Form::Rpc, Encoding::Json, &expanded(text)).unwrap_err();
        faults.list[0].expected.clone()
    };
    assert_eq!(
        expected(r#"{"O:gone":{}}"#),
        "a call of an rpc or action that a module has, or what is around one"
    );
    assert_eq!(
        expected(r#"{"O:system":{"clock":{"get":{}}}}"#),
        "a member of the container \"clock\": set"
    );
    assert_eq!(
        expected(r#"{"O:system":{"host":"h"}}"#),
        "one call of an rpc or action"
    );
}

#[test]
fn modules_tell_their_operations() {
    let module = &operations::MODULE;
    let told: Vec<(&str, &str)> = module
        .operations
        .iter()
        .map(|operation| (operation.keyword(), operation.node().name))
        .collect();
    assert_eq!(
        told,
        [
            ("rpc", "copy"),
            ("rpc", "ping"),
            ("notification", "changed")
        ]
    );
    let server = (module.data)()
        .iter()
        .find(|node| node.name == "server")
        .unwrap();
    let told: Vec<(&str, &str)> = server
        .operations
        .iter()
        .map(|operation| (operation.keyword(), operation.node().qualified_name()))
        .collect();
    assert_eq!(
        told,
        [
            ("action", "reset"),
            ("action", "operations-more:probe"),
            ("notification", "restarted")
        ]
    );
}

#[test]
fn data_without_a_schema_beside_an_operation_are_passed_over() {
    let members: Vec<String> = (0..30).map(|at| format!("\"m{at}\":{at}")).collect();
    let hint = format!("{{{}}}", members.join(","));
    let text = expanded(&format!(
        r#"{{"O:server":[{{"name":"x","state":{{"hint":{hint},"overloaded":{{"by":3}}}}}}]}}"#
    ));
    let decoded = decode(Form::Notification, Encoding::Json, &text).unwrap();
    assert_eq!(
        decoded.path().to_string(),
        "/operations:server[name='x']/state/overloaded"
    );
    assert_eq!(json::to_string(decoded.root()), text);
}
