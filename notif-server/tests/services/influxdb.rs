//! The sink that writes to InfluxDB, against a real InfluxDB 2.
#![allow(
    clippy::unwrap_used,
    clippy::panic,
    clippy::indexing_slicing,
    reason = "a test states what must hold"
)]

use std::collections::{BTreeMap, BTreeSet};

use crate::common::influxdb::{deliver, item, message};
use crate::common::services::Influxdb;
use crate::common::{JSON, XML};
use jiff::Timestamp;
use notif_runtime::Encoding;
use notif_runtime::tree::{Child, Node, Value};
use notif_server::sink::Outcome;

const INTERFACE: &str = "ietf-https-notif:notification/interface_data/interface";

/// A value as a point has it: measurement, tags, field, type, value, time.
type Point = (String, Vec<(String, String)>, String, String, String, i128);

fn kind(value: Value<'_>) -> &'static str {
    match value {
        Value::Int8(_) | Value::Int16(_) | Value::Int32(_) | Value::Int64(_) => "long",
        Value::Uint8(_) | Value::Uint16(_) | Value::Uint32(_) | Value::Uint64(_) => "unsignedLong",
        Value::Boolean(_) => "boolean",
        _ => "string",
    }
}

/// The points that the leafs of a message must become, from its data alone.
struct Expected {
    time: i128,
    points: BTreeSet<Point>,
}

impl Expected {
    fn walk(
        &mut self,
        node: &dyn Node,
        measurement: &str,
        prefix: &str,
        tags: &[(String, String)],
    ) {
        let keys: Vec<_> = node.keys().map(|(key, _)| key.name).collect();
        for (schema, child) in node.children() {
            let name = format!("{prefix}{}", schema.name);
            match child {
                Child::Leaf(_) if keys.contains(&schema.name) => {}
                Child::Leaf(value) => {
                    self.add(
                        measurement,
                        tags,
                        &name,
                        kind(value),
                        value.to_text().as_str(),
                    );
                }
                Child::Leaves(leaves) => {
                    let values: Vec<_> = leaves.iter().map(|value| value.to_string()).collect();
                    let array = serde_json::to_string(&values).unwrap();
                    self.add(measurement, tags, &name, "string", &array);
                }
                Child::Node(node) => self.walk(node, measurement, &format!("{name}/"), tags),
                Child::Entries(entries) => {
                    let measurement = format!("{measurement}/{name}");
                    for entry in entries.iter() {
                        let keys = entry.keys();
                        let keys =
                            keys.map(|(key, value)| (key.name.to_owned(), value.to_text().into()));
                        let tags: Vec<_> = tags.iter().cloned().chain(keys).collect();
                        self.walk(entry, &measurement, "", &tags);
                    }
                }
                other => panic!("{other:?}"),
            }
        }
    }

    fn add(
        &mut self,
        measurement: &str,
        tags: &[(String, String)],
        field: &str,
        kind: &str,
        value: &str,
    ) {
        let mut tags = tags.to_vec();
        tags.sort();
        let point = (
            measurement.to_owned(),
            tags,
            field.to_owned(),
            kind.to_owned(),
            value.to_owned(),
            self.time,
        );
        assert!(self.points.insert(point));
    }
}

/// All points of the bucket.
async fn points(bucket: &Influxdb) -> BTreeSet<Point> {
    let rows = bucket.flux("|> range(start: 1970-01-01T00:00:00Z)").await;
    let point = |row: BTreeMap<String, (String, String)>| {
        let tags = row
            .iter()
            .filter(|(name, (_, value))| {
                !name.is_empty()
                    && !name.starts_with('_')
                    && *name != "result"
                    && *name != "table"
                    && !value.is_empty()
            })
            .map(|(name, (_, value))| (name.clone(), value.clone()));
        let (kind, value) = row["_value"].clone();
        let time: Timestamp = row["_time"].1.parse().unwrap();
        (
            row["_measurement"].1.clone(),
            tags.collect(),
            row["_field"].1.clone(),
            kind,
            value,
            time.as_nanosecond(),
        )
    };
    rows.into_iter().map(point).collect()
}

#[tokio::test]
async fn every_leaf_is_a_field_with_its_type_and_the_events_time() {
    let bucket = Influxdb::with_own_bucket().await;
    let items = [
        item(Encoding::Json, JSON, "192.0.2.1"),
        item(Encoding::Xml, XML, "2001:db8::1"),
    ];
    assert_eq!(
        deliver(&bucket, &items).await,
        [Outcome::Delivered, Outcome::Delivered]
    );
    let mut expected = Expected {
        time: 0,
        points: BTreeSet::new(),
    };
    for item in &items {
        let notification = item.notification.as_ref().unwrap();
        let time = notification.event_time().unwrap().timestamp().unwrap();
        expected.time = time.as_nanosecond();
        let tags = [("publisher".to_owned(), item.record.entry.publisher.clone())];
        expected.walk(notification.root(), notification.name(), "", &tags);
        // That there was a message.
        expected.add(
            notification.name(),
            &tags,
            notification.name(),
            "boolean",
            "true",
        );
    }
    let found = points(&bucket).await;
    let missing: Vec<_> = expected.points.difference(&found).collect();
    let surplus: Vec<_> = found.difference(&expected.points).collect();
    assert!(
        missing.is_empty() && surplus.is_empty(),
        "missing {missing:#?}, too many {surplus:#?}"
    );
    assert!(found.len() > 200, "{}", found.len());
    println!(
        "{} fields of {} messages, all with type, value and time",
        found.len(),
        items.len()
    );

    deliver(&bucket, &items).await;
    assert_eq!(
        points(&bucket).await,
        found,
        "writing again changes nothing"
    );
}

#[tokio::test]
async fn a_counters_rate_is_right_in_flux_and_influxql() {
    let bucket = Influxdb::with_own_bucket().await;
    let start = u64::MAX - 10_000;
    let items = [
        message("2026-01-01T00:00:00Z", "eth0", "", start),
        message("2026-01-01T00:00:10+00:00", "eth0", "", start + 5000),
    ];
    assert_eq!(deliver(&bucket, &items).await, vec![Outcome::Delivered; 2]);
    let rows = bucket
        .flux(
            r#"|> range(start: 2026-01-01T00:00:00Z, stop: 2026-01-02T00:00:00Z)
               |> filter(fn: (r) => r._field == "statistics/in-octets")
               |> derivative(unit: 1s, nonNegative: true)"#,
        )
        .await;
    let rates: Vec<_> = rows
        .iter()
        .map(|row| row["_value"].1.parse::<f64>().unwrap())
        .collect();
    assert_eq!(rates, [500.0]);
    let query = format!(
        r#"SELECT NON_NEGATIVE_DERIVATIVE("statistics/in-octets", 1s) AS rate FROM "{INTERFACE}" WHERE "name" = 'eth0'"#
    );
    let answer = bucket.influxql(&query).await;
    let values = &answer["results"][0]["series"][0]["values"];
    assert_eq!(values.as_array().unwrap().len(), 1, "{answer}");
    let rate = values[0][1].as_f64().unwrap();
    assert!((rate - 500.0).abs() < 1e-9, "{answer}");
    println!("rates: Flux {rates:?}, InfluxQL {rate}");
}

#[tokio::test]
async fn a_field_of_another_type_keeps_only_its_item_back() {
    let bucket = Influxdb::with_own_bucket().await;
    // InfluxDB 2 has a field's type for each shard, which are weeks here.
    let line = format!("{INTERFACE},name=x statistics/in-octets=\"text\" 1768435200000000000\n");
    bucket.write(&line).await;
    let items = [
        message("2026-01-01T00:00:00Z", "a", "", 1),
        message("2026-01-15T00:00:00Z", "b", "", 2),
        message("2026-02-01T00:00:00Z", "c", "", 3),
    ];
    let outcomes = deliver(&bucket, &items).await;
    assert_eq!(
        (&outcomes[0], &outcomes[2]),
        (&Outcome::Delivered, &Outcome::Delivered)
    );
    let Outcome::Refused(reason) = &outcomes[1] else {
        panic!("taken");
    };
    println!("{reason}");
    let point = format!("InfluxDB refuses the point {INTERFACE},publisher=192.0.2.1,name=b: ");
    assert!(reason.starts_with(&point), "{reason}");
    assert!(reason.contains("field type conflict"), "{reason}");
    let found = points(&bucket).await;
    let has = |time: &str, measurement: &str| {
        let time = time.parse::<Timestamp>().unwrap().as_nanosecond();
        found
            .iter()
            .any(|point| point.5 == time && point.0 == measurement)
    };
    for time in ["2026-01-01T00:00:00Z", "2026-02-01T00:00:00Z"] {
        assert!(has(time, INTERFACE), "{time}");
    }
    // The message's other point is there.
    assert!(has("2026-01-15T00:00:00Z", "ietf-https-notif:notification"));
}

#[tokio::test]
async fn any_text_is_read_back_as_it_was() {
    let bucket = Influxdb::with_own_bucket().await;
    let texts = [
        ("a b", "a b"),
        ("a,b", "a,b"),
        ("a=b", "a=b"),
        ("\"a\"", "\"a\""),
        ("it's", "it's"),
        ("#a", "#a"),
        ("é \u{1F600}", "é \u{1F600}"),
        (" a ", " a "),
        ("ACME\\router", "ACME%5Crouter"),
        ("\\\\", "%5C%5C"),
        ("a\\", "a%5C"),
        ("a\\, b", "a%5C, b"),
        ("a\nb", "a%0Ab"),
        ("a\r\n", "a%0D%0A"),
        ("\t", "%09"),
        ("%41", "%2541"),
        ("fe80::1%eth0", "fe80::1%eth0"),
    ];
    let items: Vec<_> = texts
        .iter()
        .map(|(text, _)| message("2026-01-01T00:00:00Z", text, text, 1))
        .collect();
    assert_eq!(
        deliver(&bucket, &items).await,
        vec![Outcome::Delivered; items.len()]
    );
    // Not in Flux: its CSV has other line breaks in texts.
    let query = format!(r#"SELECT "description", "name" FROM "{INTERFACE}""#);
    let answer = bucket.influxql(&query).await;
    let rows = answer["results"][0]["series"][0]["values"]
        .as_array()
        .unwrap();
    let text = |value: &serde_json::Value| value.as_str().unwrap().to_owned();
    let found: BTreeSet<_> = rows
        .iter()
        .map(|row| (text(&row[1]), text(&row[2])))
        .collect();
    let expected = texts
        .iter()
        .map(|(text, tag)| ((*text).to_owned(), (*tag).to_owned()));
    assert_eq!(found, expected.collect());
}
