use influxdb_line_protocol::{FieldValue, ParsedLine, parse_lines};
use notif_runtime::Encoding;
use notif_runtime::path::Path;
use notif_runtime::schema::Node;
use serde_json::{Value as Json, json};

use super::ask::Row;
use super::*;
use crate::sink::Item;
use crate::sink::influxdb::layout::Table;
use crate::sink::influxdb::tests::fake_server::{Fake, Reply};
use crate::sink::influxdb::tests::made_up;

const JSON: &str = include_str!("../../../../../examples/data/interfaces.json");

fn field(value: &FieldValue<'_>) -> Json {
    match value {
        FieldValue::I64(number) => json!(number),
        FieldValue::U64(number) => json!(number),
        FieldValue::F64(number) => json!(number),
        FieldValue::Boolean(truth) => json!(truth),
        FieldValue::String(text) => json!(text.as_str()),
    }
}

/// A point as a row of an answer.
fn row(line: &ParsedLine<'_>) -> Row {
    let tags = line.series.tag_set.iter().flatten();
    let tags = tags.map(|(name, value)| (name.to_string(), json!(value.as_str())));
    let fields = line.field_set.iter();
    let fields = fields.map(|(name, value)| (name.to_string(), field(value)));
    tags.chain(fields).collect()
}

/// The message put together again from its points, taken in reverse order.
fn written_and_read(layout: &Layout, item: &Item, root: &'static Node<'static>) -> Json {
    let (text, error) = made_up::lines(layout, item, true);
    assert_eq!(error, None);
    let lines: Vec<_> = parse_lines(&text).collect::<Result<_, _>>().unwrap();
    let tables = layout.tables();
    let mut data = Data::new(root);
    for line in lines.iter().rev() {
        let measurement = line.series.measurement.as_str();
        let table = tables.iter().find(|table| table.measurement == measurement);
        data.add(table.unwrap(), &row(line));
    }
    serde_json::from_str(&notif_runtime::json::to_string(&data)).unwrap()
}

fn original(item: &Item) -> Json {
    let notification = item.notification.as_ref().unwrap();
    serde_json::from_str(&notif_runtime::json::to_string(notification.root())).unwrap()
}

fn root(registry: &Registry) -> &'static Node<'static> {
    registry.roots().next().unwrap()
}

/// Removes a container without data, which has no point.
fn without_empty(mut message: Json, pointer: &str) -> Json {
    let (above, name) = pointer.rsplit_once('/').unwrap();
    let above = message.pointer_mut(above).unwrap().as_object_mut().unwrap();
    assert_eq!(above.remove(name), Some(json!({})));
    message
}

#[test]
fn messages_are_put_together_as_they_were() {
    let registry = made_up::registry();
    let item = made_up::item(made_up::sample());
    let layout = Layout::new(&[], &registry).unwrap();
    assert_eq!(
        written_and_read(&layout, &item, root(&registry)),
        without_empty(original(&item), "/lab:report/env/off")
    );
    let rule = |path: &str| config::Rule {
        path: path.to_owned(),
        ..config::Rule::default()
    };
    let rename = |path: &str, name: &str| config::Rule {
        rename: Some(name.to_owned()),
        ..rule(path)
    };
    let tag = |path: &str| config::Rule {
        tag: true,
        ..rule(path)
    };
    let rules = [
        rename("/report", "message"),
        tag("host"),
        tag("env/lab:temp"),
        tag("unit/unit"),
        rename("site/name", "where"),
        rename("unit/total", "count"),
    ];
    let layout = Layout::new(&rules, &registry).unwrap();
    assert_eq!(
        written_and_read(&layout, &item, root(&registry)),
        without_empty(original(&item), "/lab:report/env/off")
    );
}

#[test]
fn a_notification_with_most_of_yang_is_put_together() {
    let registry = crate::test_support::alarms::registry();
    let layout = Layout::new(&[], &registry).unwrap();
    let item = crate::test_support::alarms::item(Encoding::Xml);
    let mut expected = original(&item);
    let alarm = expected["alarms:alarm"].as_object_mut().unwrap();
    // Floats in InfluxDB have their own precision, and data without a schema is not shown.
    alarm["exact"] = json!("1.1234567890123457");
    alarm.remove("extra");
    assert_eq!(written_and_read(&layout, &item, root(&registry)), expected);
}

#[test]
fn the_sample_is_put_together_in_the_order_of_its_keys() {
    let registry = crate::registry();
    let layout = Layout::new(&[], &registry).unwrap();
    let body = Item::decode(
        crate::notification::Record {
            stored: crate::notification::Stored {
                seq: 1,
                id: uuid::Uuid::nil(),
            },
            entry: crate::notification::Entry {
                received: jiff::Timestamp::UNIX_EPOCH,
                event_time: None,
                publisher: "p".to_owned(),
                encoding: Encoding::Json,
                name: String::new(),
                body: JSON.as_bytes().to_vec(),
                reading: None,
                envelope: crate::notification::Envelope::default(),
            },
        },
        &registry,
    );
    let mut expected = original(&body);
    let interfaces = "/ietf-https-notif:notification/interface_data/interface";
    let list = expected
        .pointer_mut(interfaces)
        .unwrap()
        .as_array_mut()
        .unwrap();
    list.sort_by_key(|entry| entry["name"].as_str().unwrap().to_owned());
    for entry in list {
        // Leaf-lists without values have no field.
        for name in ["higher-layer-if", "lower-layer-if"] {
            if entry[name] == json!([]) {
                entry.as_object_mut().unwrap().remove(name);
            }
        }
    }
    assert_eq!(written_and_read(&layout, &body, root(&registry)), expected);
}

/// The query of each measurement, without its columns if those are all.
fn asked(layout: &Layout, paths: &[&str]) -> Result<Vec<String>, String> {
    let paths: Vec<Path> = paths.iter().map(|path| path.parse().unwrap()).collect();
    let last = |table: &Table| table.trail.last().unwrap().name;
    let text = |ask: Ask<'_>| {
        let condition = ask.condition.map(|condition| format!(" where {condition}"));
        format!(
            "{}: {}{}",
            last(ask.table),
            ask.columns,
            condition.unwrap_or_default()
        )
    };
    Ok(plan(layout, &paths)?.into_iter().map(text).collect())
}

#[test]
fn only_what_paths_need_is_asked_for() {
    let layout = Layout::new(&[], &made_up::registry()).unwrap();
    let tags = r#""site/name", "site/publisher", "unit/name", "slot", "publisher""#;
    for (paths, expected) in [
        (
            vec![],
            vec![
                "report: *".to_owned(),
                "site: *".to_owned(),
                "unit: *".to_owned(),
                "note: *".to_owned(),
            ],
        ),
        (vec!["unit/total"], vec![format!("unit: \"total\", {tags}")]),
        (
            vec!["unit[slot='1']/total"],
            vec![format!("unit: \"total\", {tags} where ((\"slot\" = '1'))")],
        ),
        (
            vec![
                "site[name=\"it's\"][publisher='%41']/unit[slot='1'][name='x']/total",
                "unit[slot='2']/unit",
            ],
            vec![format!(
                "unit: \"total\", \"unit/unit\", {tags} where ((\"site/name\" = 'it\\'s' AND \"site/publisher\" = '%2541' \
                 AND \"slot\" = '1' AND \"unit/name\" = 'x') OR (\"slot\" = '2'))"
            )],
        ),
        // A path without a condition needs all.
        (
            vec!["unit[slot='1']/total", "total"],
            vec![format!("unit: \"total\", {tags}")],
        ),
        // Keys are tags, which InfluxDB does not select alone.
        (
            vec!["unit[slot='1']/name"],
            vec!["unit: * where ((\"slot\" = '1'))".to_owned()],
        ),
        // A predicate on another leaf.
        (
            vec!["unit[total='2']/unit"],
            vec![format!("unit: \"total\", \"unit/unit\", {tags}")],
        ),
        (
            vec!["env/temp"],
            vec!["report: \"env/other:temp\", \"env/temp\", \"publisher\"".to_owned()],
        ),
    ] {
        assert_eq!(asked(&layout, &paths).unwrap(), expected, "{paths:?}");
    }
    let position = asked(&layout, &["unit[1]/total"]).unwrap_err();
    assert_eq!(
        position,
        "unit[1]/total: InfluxDB does not keep the places of the entries of unit: name them by \
         their keys"
    );
    assert!(asked(&layout, &["note[1]/text"]).is_ok());
}

#[test]
fn keys_choose_points_only_where_nothing_else_can_match() {
    let layout = Layout::new(&[], &made_up::registry()).unwrap();
    for path in [
        // A site, or a unit of any site.
        "*/*[name='x']",
        // Any leaf of a unit.
        "unit[*='1']/total",
    ] {
        let asked_for = asked(&layout, &[path]).unwrap();
        assert!(
            !asked_for.is_empty() && asked_for.iter().all(|ask| !ask.contains("where")),
            "{path}: {asked_for:?}"
        );
    }
    let position = asked(&layout, &["*[1]"]).unwrap_err();
    assert!(position.contains("the entries of site"), "{position}");
}

#[test]
fn names_and_texts_are_quoted() {
    assert_eq!(ask::name(r#"a "b" \c"#), r#""a \"b\" \\c""#);
    assert_eq!(ask::literal("it's \\ \"x\"\n"), r#"'it\'s \\ "x"\n'"#);
}

/// An answer with notifications of these times.
fn answer_with(times: &[i64], partial: bool) -> Reply {
    let values: Vec<_> = times.iter().map(|time| json!([time, true, "p"])).collect();
    let columns = ["time", "ietf-https-notif:notification", "publisher"];
    let series = json!({"columns": columns, "values": values, "partial": partial});
    Reply::body(200, &json!({"results": [{"series": [series]}]}).to_string())
}

fn settings(fake: &Fake) -> config::Influxdb {
    config::Influxdb {
        url: fake.url(),
        org: "o".to_owned(),
        bucket: "b".to_owned(),
        token: "t".to_owned().into(),
        ..config::Influxdb::default()
    }
}

#[tokio::test]
async fn what_comes_in_while_the_newest_are_found_is_followed() {
    // The newest two, and what there is a moment later.
    let fake = Fake::new([
        answer_with(&[2, 1], false),
        answer_with(&[0, 1, 2, 3], false),
    ]);
    let registry = crate::registry();
    let layout = Layout::new(&[], &registry).unwrap();
    let args = crate::commands::query::tests::args(&["--influxdb", "--follow", "--limit", "1"]);
    let mut search = Search {
        args: &args,
        roots: registry.roots().collect(),
        asks: Vec::new(),
        finder: Finder::new(Server::new(&settings(&fake)).unwrap(), &layout, &args),
        printer: Printer::new(Vec::new(), args.style),
        known: BTreeSet::new(),
        read: 0,
        lines: 0,
    };
    assert!(search.print_newest().await.unwrap());
    assert_eq!(search.lines, 1);
    let known: Vec<_> = search.known.iter().map(|found| found.time).collect();
    assert_eq!(known, [0, 1, 2]);
}

#[tokio::test]
async fn an_answer_that_is_cut_off_is_none() {
    let fake = Fake::new([answer_with(&[1], true)]);
    let server = Server::new(&settings(&fake)).unwrap();
    let told = server.ask("SELECT").await.unwrap_err().to_string();
    assert!(told.contains("max-row-limit"), "{told}");
}

#[tokio::test]
async fn a_terminal_gets_no_commands_from_publishers_names() {
    let publishers = json!({"columns": ["key", "value"], "values": [["publisher", "a%1B[31m"]]});
    let publishers = json!({"results": [{"series": [publishers]}]});
    let fake = Fake::new([
        answer_with(&[], false),
        answer_with(&[1], false),
        answer_with(&[1], false),
        Reply::body(200, &publishers.to_string()),
    ]);
    let args = crate::commands::query::tests::args(&["--influxdb", "--publisher", "b"]);
    let (mut out, mut notes) = (Vec::new(), Vec::new());
    answer_from(
        &settings(&fake),
        &args,
        &crate::registry(),
        &mut out,
        &mut notes,
    )
    .await
    .unwrap();
    let notes = String::from_utf8(notes).unwrap();
    assert!(notes.ends_with("publishers: a\\u{1b}[31m\n"), "{notes:?}");
}
