use influxdb_line_protocol::{FieldValue, ParsedLine, parse_lines};
use notif_runtime::Encoding;
use notif_runtime::types::AnyData;
use proptest::prelude::*;

use super::item_of;
use super::made_up::{self, Data, Own, any, env_with, report, sample, site, text, time, unit};
use super::*;
use crate::config::Rule;
use crate::test_support::alarms;

const JSON: &str = include_str!("../../../../../examples/data/interfaces.json");

fn rule(path: &str) -> Rule {
    Rule {
        path: path.to_owned(),
        ..Rule::default()
    }
}

fn rename(path: &str, name: &str) -> Rule {
    Rule {
        rename: Some(name.to_owned()),
        ..rule(path)
    }
}

fn tag(path: &str) -> Rule {
    Rule {
        tag: true,
        ..rule(path)
    }
}

fn dropped(path: &str) -> Rule {
    Rule {
        drop: true,
        ..rule(path)
    }
}

/// The lines of an item, and why some are missing.
fn lines(
    rules: &[Rule],
    registry: &Registry,
    item: &Item,
    unsigned: bool,
) -> (String, Option<String>) {
    made_up::lines(&Layout::new(rules, registry).unwrap(), item, unsigned)
}

fn lab_lines(rules: &[Rule], data: Data) -> String {
    let (text, error) = lines(rules, &made_up::registry(), &made_up::item(data), true);
    assert_eq!(error, None);
    text
}

fn error(rules: &[Rule]) -> String {
    Layout::new(rules, &made_up::registry())
        .unwrap_err()
        .to_string()
}

#[test]
fn the_interfaces_of_a_message() {
    let item = item_of(&crate::registry(), Encoding::Json, JSON);
    let (text, error) = lines(&[], &crate::registry(), &item, true);
    assert_eq!(error, None);
    let lines: Vec<_> = text.lines().collect();
    assert_eq!(
        lines[0],
        "ietf-https-notif:notification,publisher=192.0.2.1 \
         eventTime=\"2025-03-17T19:43:27.972894Z\",ietf-https-notif:notification=true \
         1742240607972894000"
    );
    assert_eq!(
        lines[1],
        "ietf-https-notif:notification/interface_data/interface,publisher=192.0.2.1,name=wlp2s0 \
         description=\"\",type=\"1\",enabled=true,admin-status=\"up\",oper-status=\"up\",if-index=2i,\
         phys-address=\"3c:91:80:2b:68:23\",speed=0u,\
         statistics/discontinuity-time=\"2025-03-17T19:43:27.952507Z\",\
         statistics/in-octets=1592834446u,statistics/in-unicast-pkts=5375799u,\
         statistics/in-multicast-pkts=0u,statistics/in-discards=24880u,statistics/in-errors=0u,\
         statistics/out-octets=70768027u,statistics/out-unicast-pkts=173281u,\
         statistics/out-discards=0u,statistics/out-errors=0u 1742240607972894000"
    );
}

#[test]
fn lists_in_lists_have_the_keys_of_all_with_one_name_in_all_points() {
    assert_eq!(
        lab_lines(&[], sample()),
        "lab:report,publisher=192.0.2.1 eventTime=\"2026-01-01T00:00:01.5Z\",lab:report/time=\"noon\",\
         host=\"h1\",env/temp=-3i,env/codes=\"[\\\"1\\\",\\\"18446744073709551615\\\"]\",\
         env/other:temp=true,env/on=true,lab:report=true 1767225601500000000\n\
         lab:report/site,publisher=192.0.2.1,site/name=s\\ 1,site/publisher=p\\,1 site=true 1767225601500000000\n\
         lab:report/site/unit,publisher=192.0.2.1,site/name=s\\ 1,site/publisher=p\\,1,unit/name=u,slot=1 \
         total=18446744073709551615u,unit/unit=\"x=\\\"y\\\"\\\\\n\" 1767225601500000000\n\
         lab:report/site/note,publisher=192.0.2.1,site/name=s\\ 1,site/publisher=p\\,1,position=1 \
         text=\"a\" 1767225601500000000\n\
         lab:report/site/note,publisher=192.0.2.1,site/name=s\\ 1,site/publisher=p\\,1,position=2 \
         note=true 1767225601500000000\n"
    );
}

#[test]
fn rules_rename_drop_and_make_tags() {
    let rules = [
        rename("/report", "message"),
        dropped("env"),
        dropped("note"),
        tag("/report/host"),
        rename("report/host", "hostname"),
        rename("site/name", "where"),
        rename("unit", "units"),
        rename("unit/total", "count"),
        dropped("unit/unit"),
        dropped("/report/time"),
    ];
    assert_eq!(
        lab_lines(&rules, sample()),
        "message,publisher=192.0.2.1,hostname=h1 eventTime=\"2026-01-01T00:00:01.5Z\",\
         lab:report=true 1767225601500000000\n\
         lab:report/site,publisher=192.0.2.1,hostname=h1,where=s\\ 1,site/publisher=p\\,1 \
         site=true 1767225601500000000\n\
         units,publisher=192.0.2.1,hostname=h1,where=s\\ 1,site/publisher=p\\,1,name=u,slot=1 \
         count=18446744073709551615u 1767225601500000000\n"
    );
    assert_eq!(lab_lines(&[dropped("lab:report")], sample()), "");
}

#[test]
fn rules_that_do_not_fit_are_told() {
    let both = Rule {
        tag: true,
        ..rename("unit/total", "x")
    };
    for (rules, told) in [
        (
            vec![tag("unit/totel")],
            "sinks.influxdb.rules: no module has unit/totel: there is no totel in unit; the nearest names are total, ",
        ),
        (
            vec![tag("unit[")],
            "sinks.influxdb.rules: at character 6 of the path unit[: ",
        ),
        (
            vec![tag("unit[name='a']/total")],
            "sinks.influxdb.rules: unit[name='a']/total: a rule is for all entries",
        ),
        (
            vec![rule("unit/total")],
            "sinks.influxdb.rules: unit/total: expected one of rename",
        ),
        (
            vec![both],
            "sinks.influxdb.rules: unit/total: expected one of rename",
        ),
        (
            vec![rename("unit/total", "_x")],
            "sinks.influxdb.rules: unit/total: expected a name",
        ),
        (
            vec![rename("unit/total", "")],
            "sinks.influxdb.rules: unit/total: expected a name",
        ),
        (
            vec![rename("env", "x")],
            "sinks.influxdb.rules: env: a container has no name of its own",
        ),
        (
            vec![tag("unit")],
            "sinks.influxdb.rules: unit: a list cannot be a tag, only a leaf",
        ),
        (
            vec![tag("codes")],
            "sinks.influxdb.rules: codes: a leaf-list cannot be a tag, only a leaf",
        ),
        (
            vec![dropped("unit/slot")],
            "sinks.influxdb.rules: unit/slot: a key tells the entries",
        ),
        (
            vec![rename("unit", "x"), rename("note", "x")],
            "sinks.influxdb.rules: two lists or messages would have the measurement x;",
        ),
        (
            vec![rename("unit/total", "publisher")],
            "sinks.influxdb.rules: the measurement lab:report/site/unit would have two tags or fields named publisher;",
        ),
    ] {
        let error = error(&rules);
        assert!(error.starts_with(told), "{error}");
    }
    // A pattern may also match other nodes than those meant.
    assert!(Layout::new(&[dropped("unit/*"), tag("report/*")], &made_up::registry()).is_ok());
}

#[test]
fn version_1_has_no_unsigned_numbers() {
    let (text, error) = lines(&[], &made_up::registry(), &made_up::item(sample()), false);
    let problem = "total: version 1 of InfluxDB holds integers up to 9223372036854775807, \
                   not 18446744073709551615";
    assert_eq!(error.as_deref(), Some(problem));
    // All other points are there.
    assert_eq!(parse_lines(&text).flatten().count(), 4);
    assert!(!text.contains("lab:report/site/unit"));
}

#[test]
fn every_kind_of_node_and_type_of_a_notification() {
    for &encoding in Encoding::ALL {
        let item = alarms::item(encoding);
        let (text, error) = lines(&[], &alarms::registry(), &item, true);
        assert_eq!(error, None);
        // The data of a choice's case stands where the choice does; a float is the nearest.
        assert_eq!(
            text,
            r#"alarms:alarm,publisher=192.0.2.1 eventTime="2026-01-01T00:00:00Z",severity=11u,clear=true,slot=3u,port=1u,cause="alarms:fire",level="0.25",exact=1.1234567890123457,flags="a c",raw="YQ==",count=18446744073709551615u,code="AB",part-name="p",extra="{\"alarms:x\":\"1\"}",label="[\"l\",\"m\"]",alarms:alarm=true 1767225600000000000
alarms:alarm/part,publisher=192.0.2.1,name=p serial="1" 1767225600000000000
alarms:alarm/part,publisher=192.0.2.1,name=q part=true 1767225600000000000
alarms:alarm/event,publisher=192.0.2.1,position=1 text="t",number=1i 1767225600000000000
alarms:alarm/event,publisher=192.0.2.1,position=2 word="w" 1767225600000000000
"#,
            "{encoding}"
        );
    }
}

#[test]
fn data_without_a_schema_is_text() {
    let raw = AnyData::from_json(r#"{"a":[1,"x"]}"#, &[]).unwrap();
    let none = [Own::None, Own::None, Own::None];
    let env = env_with(none, Own::Any(raw));
    let line = lab_lines(
        &[],
        report([Own::None, Own::None, Own::None, env, Own::None]),
    );
    assert!(line.contains(r#"env/raw="{\"a\":[1,\"x\"]}""#), "{line}");
}

#[test]
fn the_time_is_that_of_the_event() {
    let at = |event_time: Own| {
        let data = report([event_time, Own::None, Own::None, Own::None, Own::None]);
        let (text, error) = lines(&[], &made_up::registry(), &made_up::item(data), true);
        let time = parse_lines(&text)
            .next()
            .map(|line| line.unwrap().timestamp.unwrap());
        time.ok_or_else(|| error.unwrap())
    };
    assert_eq!(
        at(time("2016-12-31T23:59:60Z")),
        Ok(1_483_228_800_000_000_000)
    );
    assert_eq!(at(time("1969-12-31T23:59:59.999999999Z")), Ok(-1));
    assert_eq!(at(time("2262-04-11T23:47:16.854775806Z")), Ok(i64::MAX - 1));
    // The time of receipt.
    assert_eq!(at(Own::None), Ok(1_000_000_000_000_000_000));
    for outside in [
        "2262-04-11T23:47:16.854775807Z",
        "1677-09-21T00:12:43Z",
        "9999-12-31T00:00:00Z",
        "0000-01-01T00:00:00Z",
    ] {
        let told = format!(
            "the time {outside} is outside of what InfluxDB holds, which is the years 1678 to 2261"
        );
        assert_eq!(at(time(outside)), Err(told));
    }
}

/// A tag's value as it was before it was written.
fn tag_of(line: &ParsedLine<'_>, name: &str) -> String {
    let value = line.tag_value(name).map(ToString::to_string);
    crate::sink::influxdb::text::decode(&value.unwrap_or_default()).into_owned()
}

fn field_of(line: &ParsedLine<'_>, name: &str) -> String {
    match line.field_value(name) {
        Some(FieldValue::String(text)) => text.to_string(),
        other => panic!("{name}: {other:?}"),
    }
}

#[test]
fn a_long_key_does_not_fill_the_memory_with_points() {
    let notes = |many: usize| {
        let notes = (0..many).map(|_| made_up::note(text("a"))).collect();
        let name = text(&"n".repeat(1 << 20));
        let site = site([name, text("p"), Own::None, Own::Entries(notes)]);
        let sites = Own::Entries(vec![site]);
        report([
            time("2026-01-01T00:00:00Z"),
            Own::None,
            Own::None,
            Own::None,
            sites,
        ])
    };
    let write = |many| lines(&[], &made_up::registry(), &made_up::item(notes(many)), true);
    assert_eq!(write(40).1, None);
    let (text, error) = write(500);
    assert!(text.len() < 70 << 20, "{}", text.len());
    assert_eq!(
        error.as_deref(),
        Some("its points are many times its size: its keys are very long")
    );
}

proptest! {
    #[test]
    fn any_text_reads_back_the_same(
        key in r#"[\\ ,="%\n\r\ta#]{0,6}|\PC{0,8}"#,
        value in r#"[\\ ,="%\n\r\ta#]{0,8}|\PC*"#,
        publisher in r#"[\\ ,="%\n\ta]{0,4}"#,
    ) {
        let mut item = made_up::item(report([
            time("2026-01-01T00:00:00Z"),
            text(&value),
            Own::None,
            Own::None,
            Own::Entries(vec![site([
                text(&key),
                text(&value),
                Own::Entries(vec![unit([text(&value), any(1u8), any(2u64), text(&key)])]),
                Own::None,
            ])]),
        ]));
        item.record.entry.publisher.clone_from(&publisher);
        let (text, error) = lines(&[], &made_up::registry(), &item, true);
        prop_assert_eq!(error, None);
        let parsed: Vec<_> = parse_lines(&text).collect::<Result<_, _>>().unwrap();
        prop_assert_eq!(parsed.len(), 3);
        for line in &parsed {
            prop_assert_eq!(tag_of(line, "publisher"), publisher.as_str());
            prop_assert_eq!(line.timestamp, Some(1_767_225_600_000_000_000));
        }
        prop_assert_eq!(field_of(&parsed[0], "lab:report/time"), value.as_str());
        prop_assert_eq!(tag_of(&parsed[1], "site/name"), key.as_str());
        prop_assert_eq!(tag_of(&parsed[1], "site/publisher"), value.as_str());
        prop_assert_eq!(tag_of(&parsed[2], "unit/name"), value.as_str());
        prop_assert_eq!(field_of(&parsed[2], "unit/unit"), key.as_str());
    }

    #[test]
    fn pieces_hold_all_points_in_order(sizes in prop::collection::vec(1usize..9, 1..40), points in 1usize..7, bytes in 60usize..400) {
        let mut lines = Lines::default();
        for size in &sizes {
            let text = "x".repeat(*size * 5);
            let field = line::Field::Text(text.as_str().into());
            lines.push("m", std::iter::empty(), &[("f", field)], 1);
        }
        let pieces = lines.pieces(points, bytes);
        let mut next = 0;
        let text = |lines: &Lines, piece: std::ops::Range<usize>| {
            String::from_utf8(lines.text(&piece.collect::<Vec<_>>())).unwrap()
        };
        for piece in pieces {
            prop_assert_eq!(piece.start, next);
            next = piece.end;
            prop_assert!(piece.len() <= points);
            let (count, text) = (piece.len(), text(&lines, piece));
            prop_assert!(count == 1 || text.len() <= bytes);
            prop_assert_eq!(parse_lines(&text).count(), count);
        }
        prop_assert_eq!(next, sizes.len());
        let rest = text(&lines, sizes.len() / 2..sizes.len());
        lines.forget(sizes.len() / 2, 10);
        prop_assert_eq!(text(&lines, 0..lines.len()), rest);
    }
}
