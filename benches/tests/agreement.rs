//! The verdict of the generated types beside libyang's, over documents of the project's own modules:
//! random ones, changed ones, and a message whose bytes are changed.
//!
//! Each difference belongs to a class of `DIFFERENCES`, which benches/README.md explains; one that
//! belongs to none fails the test. `AGREEMENT_CASES=100000 cargo test -p benches --release --test
//! agreement` looks further, with other documents each time.
#![allow(missing_docs, reason = "a test file")]
#![allow(
    clippy::unwrap_used,
    clippy::panic,
    clippy::indexing_slicing,
    reason = "a test states what must hold"
)]

use std::time::{SystemTime, UNIX_EPOCH};

use fixtures::{forms, restrictions, values};
use instances::libyang::{Libyang, terminated};
use instances::random::Random;
use instances::verdict::{DIFFERENCES, Subject, Tally};
use instances::{Document, change};
use notif_runtime::Options;
use notif_runtime::registry::{Compiled, Registry};
use notif_runtime::{Encoding, json, xml};

/// Documents of each module that every run tries, and messages in each encoding.
const CASES: u64 = 1500;

/// A valid message with every node, a reference of each kind, and two entries.
const BASE: &str = r#"{"ietf-https-notif:notification":{"eventTime":"2025-03-17T19:43:27.972894Z",
    "interface_data":{"interface":[
    {"name":"lo","description":"","type":"772","enabled":true,"admin-status":"up","oper-status":"unknown",
     "last-change":"2025-03-17T19:43:27Z","if-index":1,"phys-address":"00:00:00:00:00:00",
     "higher-layer-if":["br0"],"speed":"0",
     "statistics":{"discontinuity-time":"2025-03-17T19:43:27+01:00","in-octets":"10222658",
      "in-unicast-pkts":"1","in-broadcast-pkts":"2","in-multicast-pkts":"3","in-discards":0,"in-errors":4294967295,
      "in-unknown-protos":5,"out-octets":"18446744073709551615","out-unicast-pkts":"6","out-broadcast-pkts":"7",
      "out-multicast-pkts":"8","out-discards":9,"out-errors":10}},
    {"name":"br0","type":"1","enabled":false,"admin-status":"down","if-index":2147483647,
     "higher-layer-if":[],"lower-layer-if":["lo","br0"],"statistics":{"discontinuity-time":"2025-03-17T19:43:27Z"}}]}}}"#;

fn base() -> Document {
    Document::from(&serde_json::from_str::<serde_json::Value>(BASE).unwrap())
}

/// The first seed and the number of cases: the same in every run but for one that looks further.
fn seeds() -> (u64, u64) {
    let wanted = std::env::var("AGREEMENT_CASES").ok();
    let Some(wanted) = wanted.and_then(|cases| cases.parse().ok()) else {
        return (1, CASES);
    };
    let now = SystemTime::now().duration_since(UNIX_EPOCH).unwrap();
    (now.as_secs() << 20, wanted)
}

/// Compares random documents of each top-level node, and tells that neither side had it easy.
fn compare(name: &str, schema: &'static Compiled, libyang: &Libyang) {
    let subject = Subject {
        libyang,
        registry: &Registry::new(schema),
        data: Some(schema.data()),
        form: None,
    };
    for root in schema.data().children() {
        let tally = subject.compare(&[root], seeds());
        let tally = tally.unwrap_or_else(|error| panic!("{name}, {}: {error}", root.name));
        println!("{name}, {}: {tally:?}", root.name);
        assert!(
            tally.both_accept > 50 && tally.both_refuse > 50,
            "{}: {tally:?}",
            root.name
        );
    }
}

#[test]
fn documents_of_the_servers_module() {
    compare("server", &notif_server::yang::SCHEMA, &benches::libyang());
}

/// The modules that the generator's tests have, with these features.
fn compare_own(schema: &'static Compiled, features: &[(&str, &[&str])]) {
    let libyang = Libyang::new(&[&fixtures::folder()], features).unwrap();
    compare(features[0].0, schema, &libyang);
}

#[test]
fn documents_of_every_form() {
    let features: &[(&str, &[&str])] = &[("forms", &["extra"]), ("forms-more", &[])];
    compare_own(&forms::SCHEMA, features);
}

#[test]
fn documents_with_every_restriction() {
    compare_own(&restrictions::SCHEMA, &[("restrictions", &[])]);
}

#[test]
fn documents_with_every_type() {
    let modules: &[(&str, &[&str])] = &[("values", &[]), ("values-more", &[])];
    compare_own(&values::SCHEMA, modules);
}

#[test]
fn changed_messages() {
    let libyang = benches::libyang();
    let registry = Registry::new(&notif_server::yang::SCHEMA);
    let subject = Subject {
        libyang: &libyang,
        registry: &registry,
        data: None,
        form: None,
    };
    let (first, cases) = seeds();
    for encoding in [Encoding::Json, Encoding::Xml] {
        for bytes in [false, true] {
            let mut tally = Tally::default();
            for seed in first..first + cases {
                let mut random = Random::new(seed);
                let changes = seed % 4;
                let mut document = base();
                let mut text = document.print(encoding, registry.modules());
                for _ in 0..changes {
                    if bytes {
                        text = change::bytes(&text, random.rng());
                    } else {
                        change::node(&mut document, random.rng());
                    }
                }
                if !bytes {
                    text = document.print(encoding, registry.modules());
                }
                let verdicts = subject.judge(encoding, &text);
                let counted = tally.count(&verdicts);
                counted.unwrap_or_else(|error| panic!("seed {seed}: {error}"));
            }
            println!("{encoding}, bytes {bytes}: {tally:?}");
            assert!(
                tally.both_accept > 50 && tally.both_refuse > 50,
                "{tally:?}"
            );
        }
    }
}

#[test]
fn every_class_of_differences_is_explained() {
    let explained = include_str!("../README.md");
    for (class, _) in DIFFERENCES {
        assert!(
            explained.contains(&format!("| {class} |")),
            "README.md does not explain: {class}"
        );
    }
}

#[test]
fn the_base_message_is_valid_and_means_the_same_in_both_encodings() {
    use notif_server::yang::ietf_https_notif::Notification;
    let modules = notif_server::yang::MODULES;
    let (as_json, as_xml) = (
        base().print(Encoding::Json, modules),
        base().print(Encoding::Xml, modules),
    );
    let from_json: Notification =
        json::from_slice(as_json.as_bytes(), &Options::default()).unwrap();
    let from_xml: Notification = xml::from_slice(as_xml.as_bytes(), &Options::default()).unwrap();
    assert_eq!(from_json, from_xml);
    // Our output is to libyang the same data as the message itself.
    let libyang = benches::libyang();
    let canonical = |encoding, text: &str| {
        let tree = libyang.parse(None, encoding, &terminated(text)).unwrap();
        libyang.print(Encoding::Json, &tree).unwrap()
    };
    let expected = canonical(Encoding::Json, &as_json);
    assert_eq!(canonical(Encoding::Xml, &as_xml), expected);
    assert_eq!(
        canonical(Encoding::Json, &json::to_string(&from_xml)),
        expected
    );
    assert_eq!(
        canonical(Encoding::Xml, &xml::to_string(&from_json)),
        expected
    );
}
