mod delivery;
pub(crate) mod fake_server;
pub(crate) mod made_up;
mod points;
mod settings;

use std::num::NonZeroUsize;
use std::time::{Duration, Instant};

use jiff::Timestamp;
use notif_runtime::Encoding;
use uuid::Uuid;

use super::*;
use crate::config;
use crate::notification::{Entry, Envelope, Record, Stored};
use fake_server::{Fake, Reply};

/// A message with these interfaces, each with one counter.
pub(super) fn message(names: &[&str]) -> String {
    let interface = |(at, name): (usize, &&str)| {
        serde_json::json!({
            "name": name, "type": "1", "admin-status": "up", "if-index": at + 1,
            "statistics": {"discontinuity-time": "2026-01-01T00:00:00Z", "in-octets": "7"}
        })
    };
    let interfaces: Vec<_> = names.iter().enumerate().map(interface).collect();
    serde_json::json!({"ietf-https-notif:notification": {
        "eventTime": "2026-01-01T00:00:01.5Z", "interface_data": {"interface": interfaces}
    }})
    .to_string()
}

pub(super) fn item_of(registry: &Registry, encoding: Encoding, body: &str) -> Item {
    let entry = Entry {
        received: Timestamp::from_second(1_000_000_000).unwrap(),
        event_time: None,
        publisher: "192.0.2.1".to_owned(),
        encoding,
        name: "ietf-https-notif:notification".to_owned(),
        body: body.as_bytes().to_vec(),
        reading: None,
        envelope: Envelope::default(),
    };
    let stored = Stored {
        seq: 1,
        id: Uuid::now_v7(),
    };
    Item::decode(Record { stored, entry }, registry)
}

pub(super) fn item(names: &[&str]) -> Item {
    item_of(&crate::registry(), Encoding::Json, &message(names))
}

pub(super) fn settings(url: &str) -> Influxdb {
    Influxdb {
        url: url.to_owned(),
        org: "o".to_owned(),
        bucket: "b".to_owned(),
        token: "s3cret".to_owned().into(),
        ..Influxdb::default()
    }
}

pub(super) fn sink(config: &Influxdb) -> InfluxdbSink {
    InfluxdbSink::with_token(config, &crate::registry(), None).unwrap()
}

pub(super) async fn deliver(config: &Influxdb, items: &[Item], status: &Status) -> Vec<Outcome> {
    let delivery = async { sink(config).deliver(items, status).await };
    tokio::time::timeout(Duration::from_secs(60), delivery)
        .await
        .expect("a delivery that ends")
}

/// A delivery to a server of version 2; its outcomes and the sink's status.
pub(super) async fn deliver_to(fake: &Fake, items: &[Item]) -> (Vec<Outcome>, Status) {
    let status = Status::new("influxdb");
    let outcomes = deliver(&settings(&fake.url()), items, &status).await;
    (outcomes, status)
}

#[tokio::test]
async fn each_version_is_asked_as_it_wants() {
    let fake = Fake::new([]);
    let status = Status::new("influxdb");
    let mut config = settings(&format!("{}/base/", fake.url()));
    deliver(&config, &[item(&["a"])], &status).await;
    config.version = InfluxdbVersion::V1;
    config.database = "d b".to_owned();
    deliver(&config, &[item(&["a"])], &status).await;
    config.retention_policy = "rp".to_owned();
    config.user = "u".to_owned();
    config.password = "p".to_owned().into();
    deliver(&config, &[item(&["a"])], &status).await;
    config.version = InfluxdbVersion::V3;
    deliver(&config, &[item(&["a"])], &status).await;
    let asked = fake.asked();
    let seen: Vec<_> = asked
        .iter()
        .map(|a| (a.path.as_str(), a.authorization.as_str()))
        .collect();
    assert_eq!(
        seen,
        [
            (
                "/base/api/v2/write?org=o&bucket=b&precision=ns",
                "Token s3cret"
            ),
            ("/base/write?db=d+b&precision=ns", ""),
            ("/base/write?db=d+b&precision=ns&rp=rp", "Basic dTpw"),
            (
                "/base/api/v3/write_lp?db=d+b&precision=nanosecond",
                "Bearer s3cret"
            ),
        ]
    );
    assert!(
        asked[0].lines()[1].contains("if-index=1i"),
        "{}",
        asked[0].body
    );
    assert!(
        asked[0].lines()[1].contains("statistics/in-octets=7u"),
        "{}",
        asked[0].body
    );
    assert!(
        asked[1].lines()[1].contains("statistics/in-octets=7i"),
        "{}",
        asked[1].body
    );
    assert!(
        asked[3].lines()[1].contains("statistics/in-octets=7u"),
        "{}",
        asked[3].body
    );
}

#[tokio::test]
async fn requests_are_full_and_in_order() {
    let fake = Fake::new([]);
    let mut config = settings(&fake.url());
    config.batch = NonZeroUsize::new(4).unwrap();
    // Three points each.
    let items: Vec<_> = ["a", "b", "c"]
        .iter()
        .map(|name| item(&[name, "x"]))
        .collect();
    let status = Status::new("influxdb");
    let outcomes = deliver(&config, &items, &status).await;
    assert_eq!(outcomes, vec![Outcome::Delivered; 3]);
    let asked = fake.asked();
    let sizes: Vec<_> = asked.iter().map(|asked| asked.lines().len()).collect();
    assert_eq!(sizes, [4, 4, 1]);
    let all: String = asked.iter().map(|asked| asked.body.as_str()).collect();
    let order = ["name=a ", "name=b ", "name=c "].map(|tag| all.find(tag).unwrap());
    assert!(order.is_sorted(), "{all}");
    assert!(status.sent.get() > 0);
}

#[tokio::test]
async fn what_passes_is_waited_for() {
    for reply in [
        Reply::status(503),
        Reply::Cut,
        Reply::Slow(Duration::from_secs(2)),
        Reply::status(401),
        Reply::status(404),
        Reply::status(200),
        Reply::Status(307, &[("Location", "http://127.0.0.1:1/")], String::new()),
    ] {
        let fake = Fake::new([reply.clone()]);
        let status = Status::new("influxdb");
        let config = Influxdb {
            timeout: config::Duration::from_millis(300),
            ..settings(&fake.url())
        };
        let outcomes = deliver(&config, &[item(&["a"])], &status).await;
        assert_eq!(outcomes, [Outcome::Delivered], "{reply:?}");
        let asked = fake.asked();
        assert_eq!(
            (asked.len(), asked[0].body == asked[1].body),
            (2, true),
            "{reply:?}"
        );
        assert_eq!(
            (status.failures.get(), status.is_up()),
            (1, Some(true)),
            "{reply:?}"
        );
        assert_eq!(status.outage(), None);
    }
}

/// The text of the status after this answer.
pub(super) async fn told_of(config: &Influxdb) -> String {
    let status = Status::new("influxdb");
    let mut sink = sink(config);
    let items = [item(&["a"])];
    let delivery = sink.deliver(&items, &status);
    let tell = async {
        while status.outage().is_none() {
            tokio::time::sleep(Duration::from_millis(5)).await;
        }
    };
    tokio::select! {
        _ = delivery => panic!("delivered"),
        () = tell => status.outage().unwrap(),
    }
}

#[tokio::test]
async fn an_operator_is_told_what_to_do() {
    for (status, body, told) in [
        (
            401,
            r#"{"code":"unauthorized","message":"unauthorized access"}"#,
            "401 Unauthorized: unauthorized access; check sinks.influxdb's token, and that they may write to the bucket b of o",
        ),
        (
            404,
            r#"{"code":"not found","message":"bucket \"b\" not found"}"#,
            "404 Not Found: bucket \"b\" not found; make the bucket b of o, or check sinks.influxdb's url, version and names",
        ),
        (
            400,
            "Client sent an HTTP request to an HTTPS server.",
            "it refuses everything; check sinks.influxdb: Client sent an HTTP request to an HTTPS server.",
        ),
        (
            200,
            "<html>",
            "200 OK: <html>; InfluxDB answers 204: check sinks.influxdb.url",
        ),
    ] {
        let fake = Fake::judging(move |_| Reply::body(status, body));
        assert_eq!(told_of(&settings(&fake.url())).await, told);
    }
    let slow = Fake::judging(|_| Reply::Slow(Duration::from_secs(2)));
    let config = Influxdb {
        timeout: config::Duration::from_millis(50),
        ..settings(&slow.url())
    };
    let told = told_of(&config).await;
    assert!(told.contains("raise sinks.influxdb.timeout"), "{told}");
    let gone = told_of(&settings("http://127.0.0.1:1")).await;
    assert!(
        gone.contains("127.0.0.1:1") && gone.contains("refused"),
        "{gone}"
    );
}

#[tokio::test]
async fn a_server_that_comes_up_later_gets_everything() {
    let address = {
        let fake = Fake::new([]);
        fake.address
    };
    let start = async move {
        tokio::time::sleep(Duration::from_millis(400)).await;
        Fake::start(address, [], Box::new(|_| Reply::status(204)))
    };
    let status = Status::new("influxdb");
    let config = settings(&format!("http://{address}"));
    let items = [item(&["a"])];
    let (outcomes, fake) = tokio::join!(deliver(&config, &items, &status), start);
    assert_eq!(outcomes, [Outcome::Delivered]);
    assert_eq!(fake.asked().len(), 1);
    assert!(status.failures.get() > 0);
}

#[tokio::test]
async fn the_server_says_when_to_come_back() {
    let fake = Fake::new([Reply::Status(429, &[("Retry-After", "2")], String::new())]);
    let start = Instant::now();
    let (outcomes, _) = deliver_to(&fake, &[item(&["a"])]).await;
    assert_eq!(outcomes, [Outcome::Delivered]);
    assert!(
        start.elapsed() >= Duration::from_secs(2),
        "{:?}",
        start.elapsed()
    );
    let asked = fake.asked();
    assert!(asked[1].at - asked[0].at >= Duration::from_secs(2));
}
