//! Other modules than the server's own: a notification with most of what YANG has, over HTTP, in the
//! journal, and back from it.
#![allow(
    clippy::unwrap_used,
    clippy::panic,
    clippy::indexing_slicing,
    reason = "a test states what must hold"
)]

use std::sync::Arc;

use actix_web::body::MessageBody;
use actix_web::dev::{Service, ServiceResponse};
use actix_web::{App, test, web};
use fixtures::{alarms, event};
use notif_runtime::Options;
use notif_runtime::cbor::{self, Mapping};
use notif_runtime::registry::Registry;
use notif_runtime::schema::Node;
use notif_runtime::{Encoding, json, xml};
use notif_server::config::Config;
use notif_server::http::{self, State};
use notif_server::journal::{Bounds, Filter, Journal, Reader};
use notif_server::observe::Metrics;
use notif_server::store::Store;
use serde_json::{Value, json};

const YANG_JSON: &str = "application/yang-data+json";
const YANG_XML: &str = "application/yang-data+xml";
const YANG_CBOR: &str = "application/yang-data+cbor";

fn registry() -> Registry {
    Registry::new(&alarms::SCHEMA)
}

/// A server's resources, with these modules; the directory has its journal.
struct Receiver {
    dir: tempfile::TempDir,
    state: web::Data<State>,
}

impl Receiver {
    fn new() -> Self {
        Self::of(registry())
    }

    fn of(registry: Registry) -> Self {
        let dir = tempfile::tempdir().unwrap();
        let bounds = Bounds::from(&Config::default().journal);
        let journal = Journal::open(dir.path(), bounds, &[]).unwrap();
        let store = Store::Journal(Arc::new(journal));
        let (config, metrics) = (Config::default(), Metrics::default());
        let state = State::new(&config, registry, store, Vec::new(), metrics);
        let state = web::Data::new(state);
        Self { dir, state }
    }

    /// Posts a body: the status, and the answer.
    async fn post(&self, media: &str, body: impl Into<Vec<u8>>) -> (u16, String) {
        let app = App::new().app_data(self.state.clone());
        let app = test::init_service(app.configure(http::configure(""))).await;
        let request = test::TestRequest::post().uri("/relay-notification");
        let request = request.insert_header(("Content-Type", media));
        let request = request.set_payload(body.into()).to_request();
        let response: ServiceResponse = app.call(request).await.unwrap();
        let status = response.status().as_u16();
        let body = response.into_body().try_into_bytes();
        let body = body.unwrap_or_else(|_| panic!("the body is there at once"));
        (status, String::from_utf8(body.to_vec()).unwrap())
    }

    /// The errors that a JSON body with these members of the notification is answered with: path,
    /// error-tag and error-app-tag of each.
    async fn faults(&self, members: &Value) -> Vec<(String, String, String)> {
        let (status, answer) = self.post(YANG_JSON, message(members).to_string()).await;
        assert_eq!(status, 400, "{members}: {answer}");
        let answer: Value = serde_json::from_str(&answer).unwrap();
        let errors = answer["ietf-restconf:errors"]["error"].as_array().unwrap();
        let text = |value: &Value| value.as_str().unwrap_or_default().to_owned();
        let read = |error: &Value| {
            let path = text(&error["error-path"]).replace("/alarms:alarm", "");
            (
                path,
                text(&error["error-tag"]),
                text(&error["error-app-tag"]),
            )
        };
        errors.iter().map(read).collect()
    }
}

/// A valid notification, with these members instead of those of the same name.
fn message(members: &Value) -> Value {
    let mut alarm = json!({
        "eventTime": "2026-01-01T00:00:00Z",
        "severity": 3,
        "label": ["l"],
        "slot": 3,
    });
    for (name, value) in members.as_object().unwrap() {
        alarm[name] = value.clone();
        if value.is_null() {
            alarm.as_object_mut().unwrap().remove(name);
        }
    }
    json!({ "alarms:alarm": alarm })
}

/// A notification with every kind of node.
fn full() -> Value {
    message(&json!({
        "severity": 11,
        "clear": [null],
        "port": 1,
        "cause": "alarms:fire",
        "level": "0.25",
        "exact": "1.123456789012345678",
        "flags": "a c",
        "raw": "YQ==",
        "count": "18446744073709551615",
        "code": "AB",
        "part-name": "p",
        "extra": {"alarms:x": "1"},
        "part": [{"name": "p", "serial": "1"}, {"name": "q"}],
        "event": [{"text": "t", "number": 1}, {"word": "w"}],
    }))
}

#[actix_web::test]
async fn a_notification_is_kept_in_every_encoding() {
    let receiver = Receiver::new();
    let body = full().to_string();
    let data = registry().decode(Encoding::Json, body.as_bytes(), &Options::default());
    let data = data.unwrap();
    let root = data.root();
    let sent = [
        (YANG_JSON, body.into_bytes()),
        (YANG_XML, xml::to_string(root).into_bytes()),
        (YANG_CBOR, cbor::to_vec(root, Mapping::Yang)),
        (
            "application/yang-data+cbor; id=name",
            cbor::to_vec(root, Mapping::Yang),
        ),
        ("application/cbor", cbor::to_vec(root, Mapping::Json)),
    ];
    for (media, body) in &sent {
        let answer = receiver.post(media, body.clone()).await;
        assert_eq!(answer, (204, String::new()), "{media}");
    }
    let reader = Reader::open(receiver.dir.path()).unwrap();
    let records = reader.batch(&Filter::default(), 0, 10).unwrap();
    assert_eq!(records.len(), sent.len());
    for (record, (_, body)) in records.iter().zip(&sent) {
        let entry = &record.entry;
        assert_eq!(
            (&entry.name, &entry.body),
            (&"alarms:alarm".to_owned(), body)
        );
        assert_eq!(entry.event_time.as_deref(), Some("2026-01-01T00:00:00Z"));
        let read = registry().decode(entry.encoding, &entry.body, &Options::default());
        let read: Value = serde_json::from_str(&json::to_string(read.unwrap().root())).unwrap();
        assert_eq!(read, full(), "{}", entry.encoding);
    }
}

#[actix_web::test]
async fn rules_between_nodes_are_told_with_their_tags() {
    let receiver = Receiver::new();
    for (members, path, tag, app_tag) in [
        // The module's own tag, then that of RFC 7950 section 15.
        (
            json!({"severity": 11}),
            "",
            "operation-failed",
            "too-severe",
        ),
        (
            json!({"motto": "x"}),
            "",
            "operation-failed",
            "must-violation",
        ),
        (json!({"slot": null}), "", "data-missing", "missing-choice"),
        (json!({"fan": {"rpm": 1}}), "/slot", "bad-element", ""),
        (
            json!({"slot": 2, "port": 1}),
            "/port",
            "unknown-element",
            "",
        ),
        (
            json!({"part": [{"name": "p", "serial": "1"}, {"name": "q", "serial": "1"}]}),
            "/part[name='q']",
            "operation-failed",
            "data-not-unique",
        ),
        (
            json!({"label": null}),
            "/label",
            "operation-failed",
            "too-few-elements",
        ),
        (
            json!({"slot": null, "lamp": ["a", "b", "c"]}),
            "/lamp[.='c']",
            "operation-failed",
            "too-many-elements",
        ),
        (
            json!({"part-name": "x"}),
            "/part-name",
            "data-missing",
            "instance-required",
        ),
        (
            json!({"where": "/alarms:motto"}),
            "/where",
            "data-missing",
            "instance-required",
        ),
        (json!({"code": "ab"}), "/code", "invalid-value", "bad-code"),
        (json!({"severity": null}), "/severity", "data-missing", ""),
    ] {
        let faults = receiver.faults(&members).await;
        let expected = [path, tag, app_tag].map(str::to_owned);
        assert_eq!(faults, [expected.into()], "{members}");
    }
    // A module's own words are all that is said.
    for (members, told) in [
        (json!({"severity": 11}), ": Above ten it has to be cleared."),
        (
            json!({"code": "ab"}),
            ": Codes are capitals., found \\\"ab\\\"",
        ),
    ] {
        let answer = receiver.post(YANG_JSON, message(&members).to_string());
        let (_, answer) = answer.await;
        assert!(answer.contains(&format!("{told}\"}}")), "{answer}");
    }
    // All of them at once.
    let many = json!({"severity": 11, "motto": "x", "slot": null, "label": null, "part-name": "x"});
    let faults = receiver.faults(&many).await;
    assert_eq!(faults.len(), 5, "{faults:?}");
}

#[actix_web::test]
async fn only_notifications_are_messages() {
    let receiver = Receiver::new();
    let roots: Vec<_> = registry().roots().map(Node::qualified_name).collect();
    assert_eq!(roots, ["alarms:alarm"]);
    for body in [
        r#"{"alarms:site":[{"name":"a"}]}"#,
        r#"{"alarms:site":[{"name":"a","moved":{"to":"b"}}]}"#,
        r#"{"alarms:motto":"x"}"#,
        r#"{"alarms:moved":{"to":"b"}}"#,
        r#"{"alarms:restart":{"delay":1}}"#,
        r#"{"alarms:restart":{"input":{"delay":1}}}"#,
        r#"{"alarms:input":{"delay":1}}"#,
        r#"{"alarms:cause":{}}"#,
    ] {
        let (status, answer) = receiver.post(YANG_JSON, body).await;
        assert_eq!(status, 400, "{body}");
        assert!(answer.contains("\"unknown-element\""), "{answer}");
        assert!(answer.contains("expected one of alarms:alarm"), "{answer}");
    }
}

/// RFC 9254: a SID in a map is the difference to that of the node around it.
#[actix_web::test]
async fn sids_beside_the_modules_are_taken() {
    let receiver = Receiver::of(Registry::new(&event::SCHEMA));
    // 0 is the value of the enum fault.
    let names = b"\xa1\x70acme-event:event\xa1\x65class\x00";
    // {60010: {+1: 0}}; then with a leaf that was left out.
    let sids = b"\xa1\x19\xea\x6a\xa1\x01\x00";
    let left_out = b"\xa1\x19\xea\x6a\xa2\x01\x00\x03\x61x";
    for (media, body, expected) in [
        (YANG_CBOR, &names[..], 204),
        (YANG_CBOR, sids, 204),
        ("application/yang-data+cbor; id=sid", sids, 204),
        ("application/yang-data+cbor; id=name", names, 204),
        (YANG_CBOR, left_out, 400),
    ] {
        let (status, answer) = receiver.post(media, body).await;
        assert_eq!(status, expected, "{media}: {answer}");
    }
    // A module that is imported only sends nothing.
    let inventory = r#"{"acme-types:inventory":{"count":1}}"#;
    let (status, answer) = receiver.post(YANG_JSON, inventory).await;
    assert_eq!(status, 400);
    assert!(
        answer.contains("expected one of acme-event:event"),
        "{answer}"
    );
}

#[actix_web::test]
async fn the_place_in_cbor_is_a_byte() {
    let receiver = Receiver::new();
    let body = full().to_string();
    let data = registry().decode(Encoding::Json, body.as_bytes(), &Options::default());
    let whole = cbor::to_vec(data.unwrap().root(), Mapping::Yang);
    let end = whole.len();
    let mut reserved = whole.clone();
    reserved[14] = 0x1c;
    for (body, column) in [(&whole[..end - 1], end), (&reserved, 15), (&[], 1)] {
        let (status, answer) = receiver.post(YANG_CBOR, body).await;
        assert_eq!(status, 400);
        assert!(answer.contains("\"malformed-message\""), "{answer}");
        let place = format!("line 1, column {column}: ");
        assert!(answer.contains(&place), "{place} in {answer}");
    }
    for media in ["application/yang-data+cbor; id=uri", "application/cbor-seq"] {
        assert_eq!(receiver.post(media, whole.clone()).await.0, 415, "{media}");
    }
}
