//! Query paths over the message that was captured from a publisher.
#![allow(
    clippy::unwrap_used,
    clippy::expect_used,
    clippy::panic,
    reason = "a test states what must hold"
)]

use crate::common::{CAPTURED_JSON, Notification};
use notif_runtime::Options;
use notif_runtime::json;
use notif_runtime::path::{self, Path, PathError, Test};
use notif_runtime::registry::Registry;
use notif_runtime::tree::{Child, Node, Value};

fn registry() -> Registry {
    Registry::new(&crate::common::interfaces::SCHEMA)
}

fn message() -> Notification {
    json::from_slice(CAPTURED_JSON, &Options::default()).unwrap()
}

fn checked(text: &str) -> Result<Path, PathError> {
    let path: Path = text.parse()?;
    path.check(registry().roots())?;
    Ok(path)
}

fn error(text: &str) -> String {
    checked(text).unwrap_err().to_string()
}

/// The paths and the texts of the leafs that `path` means.
fn found(path: &str) -> Vec<(String, String)> {
    let message = message();
    let path: Path = path.parse().unwrap();
    let leafs = path.leafs(&message);
    leafs
        .map(|leaf| {
            let path = leaf.named_path().to_string();
            (
                path.trim_start_matches('/').to_owned(),
                leaf.value().to_text().into(),
            )
        })
        .collect()
}

fn one(path: &str, value: &str) -> Vec<(String, String)> {
    vec![(path.to_owned(), value.to_owned())]
}

#[test]
fn paths_of_every_form_are_read() {
    for text in [
        "interface[name='lo']/statistics/in-octets",
        "/ietf-https-notif:notification/interface_data/interface[name=\"a'b\"][2]/name",
        "/notification/*/interface/higher-layer-if[.='x']",
        "ietf-https-notif:interface[ietf-https-notif:oper-status='up']",
        "*",
    ] {
        let path = checked(text).unwrap();
        assert_eq!(path.to_string(), text);
    }
}

#[test]
fn values_with_both_quotes_are_read_as_they_are_printed() {
    use notif_runtime::fault::{InstancePath, Predicate, Step};

    for value in ["it's", "\"so\"", "it's \"so\"", "'\"'\"][x='1", "\"'"] {
        let mut path = InstancePath::default();
        path.push_outer(Step {
            name: "interface".into(),
            predicate: Predicate::Keys(vec![("name".into(), value.into())]),
        });
        let path: Path = path.to_string().parse().unwrap();
        let [step] = path.steps() else {
            panic!("{path}");
        };
        let [Test::Leaf(_, read)] = step.predicates() else {
            panic!("{path}");
        };
        assert_eq!(read, value, "{path}");
    }
}

#[test]
fn what_is_no_path_is_told_with_its_place() {
    for (text, told) in [
        (
            "",
            "at character 1 of the path : expected a name, *, or module:name",
        ),
        (
            "a//b",
            "at character 3 of the path a//b: expected a name, *, or module:name",
        ),
        (
            "a[0]",
            "at character 4 of the path a[0]: expected a place from 1",
        ),
        ("a[b]", "at character 4 of the path a[b]: expected ="),
        (
            "a[b=c]",
            "at character 5 of the path a[b=c]: expected a value in quotes",
        ),
        (
            "é",
            "at character 1 of the path é: expected a name, *, or module:name",
        ),
        (
            "a[b='ü]",
            "at character 8 of the path a[b='ü]: expected the closing quote",
        ),
        (
            "a[b=concat('x' ]",
            "at character 15 of the path a[b=concat('x' ]: expected , or )",
        ),
        ("a[.='x'", "at character 8 of the path a[.='x': expected ]"),
        (
            "a b",
            "at character 2 of the path a b: expected /, [ or the end",
        ),
    ] {
        assert_eq!(error(text), told);
    }
}

#[test]
fn what_no_module_has_is_told_with_what_is_near() {
    for (text, told) in [
        (
            "interface/statistics/in-octet",
            "no module has interface/statistics/in-octet: there is no in-octet in statistics; the nearest names are in-octets, ",
        ),
        (
            "/interface",
            "no module has /interface: there is no interface; the nearest names are notification",
        ),
        ("name/x", "no module has name/x: there is nothing in name"),
        (
            "interface[nam='lo']",
            "no module has interface[nam='lo']: interface has no leaf nam",
        ),
        (
            "other:interface",
            "no module has other:interface: there is no other:interface; ",
        ),
    ] {
        let error = error(text);
        assert!(error.starts_with(told), "{error}");
    }
}

#[test]
fn a_leaf_of_an_entry() {
    let path = "interface[name='lo']/statistics/in-octets";
    assert_eq!(found(path), one(path, "10222658"));
    assert_eq!(
        found(
            "/ietf-https-notif:notification/interface_data/interface[name='lo']/statistics/in-octets"
        ),
        one(
            "ietf-https-notif:notification/interface_data/interface[name='lo']/statistics/in-octets",
            "10222658"
        )
    );
    assert_eq!(found("/interface/name"), []);
}

#[test]
fn leaves_of_all_entries_and_by_other_leaves() {
    let all = found("interface/statistics/in-octets");
    assert!(
        all.len() > 2
            && all
                .iter()
                .all(|(path, _)| path.starts_with("interface[name='"))
    );
    let up = found("interface[oper-status='up']/name");
    assert!(!up.is_empty() && up.len() < all.len(), "{up:?}");
    assert_eq!(found("interface[1]/name").len(), 1);
    assert_eq!(found("interface[99]/name"), []);
    // The value need not be written as it is kept.
    let by_address = found("interface[phys-address='3C:91:80:2B:68:23']/name");
    assert_eq!(by_address.len(), 1, "{by_address:?}");
    assert_eq!(
        found("interface[phys-address='3C:91:80:2B:68:24']/name"),
        []
    );
}

#[test]
fn a_container_gives_all_its_leaves_once() {
    let statistics = found("interface[name='lo']/statistics");
    assert!(statistics.len() > 5);
    assert_eq!(found("interface[name='lo']/statistics/*"), statistics);
    let all = found("*");
    assert_eq!(all.len(), found("notification").len());
    assert_eq!(
        found("in-octets").len(),
        found("interface/statistics/in-octets").len()
    );
}

#[test]
fn all_leafs_have_the_path_that_finds_them() {
    let message = message();
    let all: Vec<_> = path::leafs(&message).collect();
    assert!(all.len() > 100);
    for leaf in &all {
        let path: Path = leaf.path().to_string().parse().unwrap();
        assert!(path.is_absolute());
        let mut again = path.leafs(&message);
        let first = again.next().unwrap();
        assert_eq!(first.value(), leaf.value(), "{path}");
        assert_eq!(first.schema().name, leaf.schema().name);
        assert!(again.next().is_none(), "{path}");
    }
    assert_eq!(all.len(), found("*").len());
}

#[test]
fn values_are_got_by_path() {
    let message = message();
    let octets = path::get(&message, "interface[name='lo']/statistics/in-octets").unwrap();
    assert_eq!(octets, Some(Value::Uint64(10_222_658)));
    assert_eq!(path::get(&message, "interface[name='no']/name"), Ok(None));
    assert!(path::get(&message, "interface[name=").is_err());
}

#[test]
fn entries_are_got_by_keys() {
    let message = message();
    let data: &dyn Node = message.interface_data.as_ref().unwrap();
    let Some((_, Child::Entries(interfaces))) = data.get("interface") else {
        panic!("has no interfaces");
    };
    let lo = interfaces.by_keys(&["lo"]).unwrap();
    assert_eq!(path::get(lo, "name"), Ok(Some(Value::String("lo"))));
    assert!(interfaces.by_keys(&["no"]).is_none());
    assert!(interfaces.by_keys(&[]).is_none());
    assert!(interfaces.by_keys(&["lo", "lo"]).is_none());
}

#[test]
fn a_node_in_a_node_that_is_meant_is_found_once() {
    let statistics = found("interface/statistics");
    let again = found("*/statistics");
    assert_eq!(statistics.len(), again.len());
    assert_eq!(found("*/*"), found("*"));
}
