//! The content of a real InfluxDB 2, in a bucket of one test or the shared one.
#![allow(dead_code, reason = "each test file uses a part")]

use std::collections::BTreeMap;
use std::time::Duration;

use jiff::Timestamp;
use notif_runtime::Encoding;
use notif_server::config;
use notif_server::notification::{Entry, Envelope, Record, Stored};
use notif_server::sink::influxdb::InfluxdbSink;
use notif_server::sink::{Item, Outcome, Sink, Status};
use reqwest::{Client, RequestBuilder, Response};
use serde_json::{Value, json};
use uuid::Uuid;

use super::services::{self, Influxdb};

/// The time for an answer.
const PATIENCE: Duration = Duration::from_secs(60);

/// A row of an answer: the type and the value of each column.
pub(crate) type Row = BTreeMap<String, (String, String)>;

impl Influxdb {
    /// The server with a bucket that nobody else has.
    pub(crate) async fn with_own_bucket() -> Self {
        let influxdb = Self {
            bucket: format!("test-{}", Uuid::now_v7()),
            ..services::influxdb()
        };
        let orgs = format!("{}/api/v2/orgs?org={}", influxdb.url, influxdb.org);
        let orgs: Value = json_of(influxdb.send(Client::new().get(orgs)).await).await;
        let body =
            json!({"orgID": orgs["orgs"][0]["id"], "name": influxdb.bucket, "retentionRules": []});
        let make = Client::new().post(format!("{}/api/v2/buckets", influxdb.url));
        influxdb.send(make.body(body.to_string())).await;
        influxdb
    }

    /// The sink's settings.
    pub(crate) fn config(&self) -> config::Influxdb {
        let mut config = config::Influxdb::default();
        config.url.clone_from(&self.url);
        config.org.clone_from(&self.org);
        config.bucket.clone_from(&self.bucket);
        config.token = self.token.clone().into();
        config
    }

    /// Writes lines.
    pub(crate) async fn write(&self, lines: &str) {
        let Self {
            url, org, bucket, ..
        } = self;
        let url = format!("{url}/api/v2/write?org={org}&bucket={bucket}");
        self.send(Client::new().post(url).body(lines.to_owned()))
            .await;
    }

    /// The rows that a Flux query of the bucket gives.
    pub(crate) async fn flux(&self, query: &str) -> Vec<Row> {
        let body = json!({
            "query": format!("from(bucket: \"{}\") {query}", self.bucket),
            "dialect": {"annotations": ["datatype"], "header": true},
        });
        let url = format!("{}/api/v2/query?org={}", self.url, self.org);
        let request = Client::new()
            .post(url)
            .header("Content-Type", "application/json");
        let answer = self.send(request.body(body.to_string())).await;
        rows(&answer.text().await.unwrap())
    }

    /// The times and values of a publisher's points of a field since the time, in their order.
    pub(crate) async fn points(
        &self,
        publisher: &str,
        since: &str,
        field: &str,
    ) -> Vec<(String, String)> {
        let query = format!(
            r#"|> range(start: time(v: "{since}"), stop: 2100-01-01T00:00:00Z)
            |> filter(fn: (r) => r.publisher == "{publisher}" and r._field == "{field}")
            |> keep(columns: ["_time", "_value"]) |> sort(columns: ["_time"])"#
        );
        let rows = self.flux(&query).await;
        let cell = |row: &Row, name: &str| row[name].1.clone();
        rows.iter()
            .map(|row| (cell(row, "_time"), cell(row, "_value")))
            .collect()
    }

    /// The answer to an InfluxQL query.
    pub(crate) async fn influxql(&self, query: &str) -> Value {
        let mut url = reqwest::Url::parse(&format!("{}/query", self.url)).unwrap();
        url.query_pairs_mut()
            .extend_pairs([("db", self.bucket.as_str()), ("q", query)]);
        json_of(self.send(Client::new().get(url)).await).await
    }

    async fn send(&self, request: RequestBuilder) -> Response {
        let request = request.header("Authorization", format!("Token {}", self.token));
        let response = request.timeout(PATIENCE).send().await.unwrap();
        let status = response.status();
        assert!(
            status.is_success(),
            "{status}: {}",
            response.text().await.unwrap()
        );
        response
    }
}

async fn json_of(response: Response) -> Value {
    serde_json::from_str(&response.text().await.unwrap()).unwrap()
}

/// Annotated CSV: each table, or some of the same form, with a line of types and one of names.
fn rows(text: &str) -> Vec<Row> {
    let mut reader = csv::ReaderBuilder::new()
        .has_headers(false)
        .flexible(true)
        .from_reader(text.as_bytes());
    let (mut types, mut names) = (Vec::new(), Vec::new());
    let mut rows = Vec::new();
    for record in reader.records() {
        let record = record.unwrap();
        let cells: Vec<String> = record.iter().map(str::to_owned).collect();
        if cells[0] == "#datatype" {
            (types, names) = (cells, Vec::new());
        } else if names.is_empty() {
            names = cells;
        } else {
            let cells = types.iter().cloned().zip(cells);
            rows.push(names.iter().cloned().zip(cells).collect());
        }
    }
    rows
}

/// A notification of this publisher.
pub(crate) fn item(encoding: Encoding, body: &str, publisher: &str) -> Item {
    let entry = Entry {
        received: Timestamp::UNIX_EPOCH,
        event_time: None,
        publisher: publisher.to_owned(),
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
    Item::decode(Record { stored, entry }, &notif_server::registry())
}

/// A message with one interface.
pub(crate) fn message(event_time: &str, name: &str, description: &str, in_octets: u64) -> Item {
    let body = serde_json::json!({"ietf-https-notif:notification": {
        "eventTime": event_time,
        "interface_data": {"interface": [{
            "name": name, "description": description, "type": "1", "admin-status": "up",
            "if-index": 1, "statistics": {
                "discontinuity-time": "2026-01-01T00:00:00Z", "in-octets": in_octets.to_string()
            }
        }]}
    }});
    item(Encoding::Json, &body.to_string(), "192.0.2.1")
}

/// Writes items as the sink does.
pub(crate) async fn deliver(bucket: &Influxdb, items: &[Item]) -> Vec<Outcome> {
    let mut sink = InfluxdbSink::new(&bucket.config(), &notif_server::registry()).unwrap();
    let status = Status::new("influxdb");
    let outcomes = sink.deliver(items, &status).await;
    assert_eq!(status.outage(), None);
    outcomes
}
