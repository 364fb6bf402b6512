//! Decoding with validation, and encoding, beside serde_json with structs by hand and libyang.
//!
//! `cargo bench -p benches` prints criterion's own report and then the ratios. The machine's speed
//! cancels out of a ratio, since both sides ran in the same minutes.
#![allow(missing_docs, reason = "criterion's macros")]

use std::fmt::Write as _;
use std::hint::black_box;
use std::path::PathBuf;
use std::time::Duration;

use benches::by_hand;
use benches::messages;
use criterion::{Criterion, Throughput};
use instances::libyang::{Libyang, terminated};
use notif_runtime::Options;
use notif_runtime::{Encoding, json, xml};
use notif_server::yang::ietf_https_notif::Notification;

fn decode(criterion: &mut Criterion, libyang: &Libyang) {
    let options = Options::default();
    for (name, json, xml) in messages::all() {
        let mut group = criterion.benchmark_group(format!("decode-json-{name}"));
        group.throughput(Throughput::Bytes(json.len() as u64));
        group.bench_function("generated", |bencher| {
            bencher.iter(|| {
                json::from_slice::<Notification>(black_box(json.as_bytes()), &options).is_ok()
            });
        });
        group.bench_function("serde_json", |bencher| {
            bencher.iter(|| {
                serde_json::from_slice::<by_hand::Message>(black_box(json.as_bytes())).is_ok()
            });
        });
        let document = terminated(&json);
        group.bench_function("libyang", |bencher| {
            bencher.iter(|| {
                libyang
                    .parse(None, Encoding::Json, black_box(&document))
                    .is_ok()
            });
        });
        group.finish();

        let mut group = criterion.benchmark_group(format!("decode-xml-{name}"));
        group.throughput(Throughput::Bytes(xml.len() as u64));
        group.bench_function("generated", |bencher| {
            bencher.iter(|| {
                xml::from_slice::<Notification>(black_box(xml.as_bytes()), &options).is_ok()
            });
        });
        let document = terminated(&xml);
        group.bench_function("libyang", |bencher| {
            bencher.iter(|| {
                libyang
                    .parse(None, Encoding::Xml, black_box(&document))
                    .is_ok()
            });
        });
        group.finish();
    }
}

fn encode(criterion: &mut Criterion, libyang: &Libyang) {
    for (name, message) in [
        ("minified", messages::seed()),
        ("1000-interfaces", messages::of_interfaces(1000)),
    ] {
        let text = json::to_string(&message);
        let by_hand: Option<by_hand::Message> = serde_json::from_str(&text).ok();
        let document = terminated(&text);
        let tree = libyang.parse(None, Encoding::Json, &document).ok();

        let mut group = criterion.benchmark_group(format!("encode-json-{name}"));
        group.throughput(Throughput::Bytes(text.len() as u64));
        group.bench_function("generated", |bencher| {
            bencher.iter(|| json::to_string(black_box(&message)));
        });
        group.bench_function("serde_json", |bencher| {
            bencher.iter(|| serde_json::to_string(black_box(&by_hand)).ok());
        });
        group.bench_function("libyang", |bencher| {
            bencher.iter(|| {
                tree.as_ref()
                    .and_then(|tree| libyang.print(Encoding::Json, black_box(tree)))
            });
        });
        group.finish();

        let mut group = criterion.benchmark_group(format!("encode-xml-{name}"));
        group.throughput(Throughput::Bytes(xml::to_string(&message).len() as u64));
        group.bench_function("generated", |bencher| {
            bencher.iter(|| xml::to_string(black_box(&message)));
        });
        group.bench_function("libyang", |bencher| {
            bencher.iter(|| {
                tree.as_ref()
                    .and_then(|tree| libyang.print(Encoding::Xml, black_box(tree)))
            });
        });
        group.finish();
    }
}

/// The median time in nanoseconds that criterion measured, from the file that it keeps.
fn median(group: &str, function: &str) -> Option<f64> {
    let target = std::env::var_os("CARGO_TARGET_DIR").map_or_else(
        || PathBuf::from(concat!(env!("CARGO_MANIFEST_DIR"), "/../target")),
        PathBuf::from,
    );
    let file = target
        .join("criterion")
        .join(group)
        .join(function)
        .join("new/estimates.json");
    let estimates: serde_json::Value = serde_json::from_slice(&std::fs::read(file).ok()?).ok()?;
    estimates.pointer("/median/point_estimate")?.as_f64()
}

/// A line a message: how many times faster the generated code is than each peer.
fn ratios() -> String {
    let mut report = format!(
        "\n{:<30} {:>12} {:>12} {:>12}\n",
        "median, and times faster than", "µs", "serde_json", "libyang"
    );
    for direction in ["decode-json", "decode-xml", "encode-json", "encode-xml"] {
        for message in ["as-sent", "minified", "1000-interfaces"] {
            let group = format!("{direction}-{message}");
            let Some(own) = median(&group, "generated") else {
                continue;
            };
            let ratio = |peer| {
                median(&group, peer).map_or("-".to_owned(), |peer| format!("{:.2}", peer / own))
            };
            let _ = writeln!(
                report,
                "{group:<30} {:>12.1} {:>12} {:>12}",
                own / 1000.0,
                ratio("serde_json"),
                ratio("libyang")
            );
        }
    }
    report
}

fn main() {
    let libyang = benches::libyang();
    let mut criterion = Criterion::default()
        .warm_up_time(Duration::from_millis(500))
        .measurement_time(Duration::from_secs(2))
        .configure_from_args();
    decode(&mut criterion, &libyang);
    encode(&mut criterion, &libyang);
    criterion.final_summary();
    println!("{}", ratios());
}
