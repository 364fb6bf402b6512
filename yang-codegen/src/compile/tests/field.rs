//! The cases of `../shared/field`, where they are there.

use std::path::{Path, PathBuf};

use crate::{Compiler, Error, Features, Sources};

fn cases() -> PathBuf {
    Path::new(env!("CARGO_MANIFEST_DIR")).join("../../shared/field/cases")
}

fn compiler(folder: &str, modules: &[&str]) -> Option<Compiler> {
    let folder = cases().join(folder);
    let mut sources = Sources::new();
    sources.folder(folder).ok()?;
    sources.folder(cases().join("../modules")).ok()?;
    let compiler = Compiler::new(sources);
    Some(modules.iter().fold(compiler, |all, name| all.module(name)))
}

/// The line, the column and the section of a fault.
type Place = (u32, u32, &'static str);

/// A folder, the modules that are asked for, and the line, column and section of the fault, if any.
const CASES: &[(&str, &[&str], Option<Place>)] = &[
    ("front-end", &["k1"], None),
    ("front-end", &["k2"], None),
    ("front-end", &["k3"], None),
    ("front-end", &["k4"], None),
    ("front-end", &["k5"], Some((2, 43, "7.8.3"))),
    ("front-end", &["k6"], None),
    ("front-end", &["k7"], None),
    ("front-end", &["k8"], Some((2, 58, "9.7.4.2"))),
    ("front-end", &["k9"], Some((2, 50, "7.15"))),
    ("front-end", &["k10"], Some((2, 71, "9.2.4"))),
    ("front-end", &["k11"], Some((2, 47, "9.4.4"))),
    ("front-end", &["k12"], Some((2, 66, "7.6.4"))),
    ("front-end", &["k13"], Some((2, 155, "9.2.4"))),
    ("front-end", &["k14"], Some((2, 67, "9.2.4"))),
    ("front-end/s1", &["b"], None),
    ("front-end/s1", &["b", "a"], None),
    ("front-end/s3", &["b", "a"], None),
    ("front-end/t1", &["a", "b", "c"], None),
    ("front-end/t1", &["c", "b", "a"], None),
    ("front-end/e", &["e1"], None),
    ("front-end/e", &["e4"], None),
    ("front-end/m", &["m1"], None),
    ("front-end/u", &["u1"], None),
    ("front-end/u", &["u6"], None),
    ("front-end/v1", &["v"], None),
    ("front-end/v1", &["w2"], None),
    ("front-end/c-extension-in-grouping", &["foo"], None),
    ("front-end/kf", &["a"], Some((1, 95, "7.20.2"))),
    ("case-namesake", &["acme-pipe-more", "acme-pipe"], None),
    ("gen-augment-structure-other", &["acme-env-seq"], None),
    ("gen-augment-structure-uses", &["acme-crate"], None),
    ("gen-structure-leafref", &["acme-shelf-note"], None),
    ("gen-yang-data-uses-augment", &["acme-pass"], None),
    ("gen-pattern-large", &["acme-frame"], None),
    (
        "gen-message-file",
        &["acme-one", "acme-two"],
        Some((2, 3, "6.5")),
    ),
];

#[test]
fn the_cases_of_the_field_are_as_their_readmes_say() {
    for (folder, modules, expected) in CASES {
        let Some(compiler) = compiler(folder, modules) else {
            continue;
        };
        let found = match compiler.compile() {
            Ok(_) => None,
            Err(Error::Load(faults)) => Some((
                faults[0].line.unwrap(),
                faults[0].column.unwrap(),
                faults[0].section.unwrap(),
            )),
            Err(other) => panic!("{folder}: {other}"),
        };
        let expected = expected
            .map(|(line, column, section)| (line, column, format!("RFC 7950 section {section}")));
        let found = found.map(|(line, column, section)| (line, column, section.to_owned()));
        assert_eq!(found, expected, "{folder} {modules:?}");
    }
}

#[test]
fn all_features_are_those_of_implemented_modules_too() {
    let Some(compiler) = compiler("front-end/f1", &["b"]) else {
        return;
    };
    let compiler = compiler.features(Features::EVERY_MODULE, Features::All);
    let model = compiler.compile().unwrap().model;
    assert!(format!("{model:?}").contains("name: \"x\""));
}

#[test]
fn a_key_is_left_out_with_its_list() {
    let Some(compiler) = compiler("gen-leave-out-key", &["acme-stream"]) else {
        return;
    };
    let error = compiler.compile().unwrap_err().to_string();
    assert!(
        error.contains("--leave-out /acme-stream:stream leaves"),
        "{error}"
    );
    compiler.leave_out("/acme-stream:stream").compile().unwrap();
}
