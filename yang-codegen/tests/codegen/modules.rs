//! Modules that affect each other: features, submodules, augments, deviations.
#![allow(clippy::expect_used, reason = "a test states what must hold")]

use std::fs;

use tempfile::TempDir;
use yang_codegen::model::{Model, Node, NodeKind};
use yang_codegen::{Features, Generator};

/// The data nodes of the modules, as paths with the module where it changes, and what is to be
/// seen of each.
fn nodes(model: &Model) -> Vec<String> {
    fn walk(nodes: &[Node], parent: &str, path: &str, found: &mut Vec<String>) {
        for node in nodes {
            let name = if node.module == parent {
                node.name.clone()
            } else {
                format!("{}:{}", node.module, node.name)
            };
            let path = format!("{path}/{name}");
            let (note, children) = match &node.kind {
                NodeKind::Container { children, .. } | NodeKind::List { children, .. } => {
                    (String::new(), children.as_slice())
                }
                NodeKind::Leaf {
                    mandatory, default, ..
                } => {
                    let mandatory = if *mandatory { " mandatory" } else { "" };
                    let default = default.as_ref().map(|value| format!(" = {value}"));
                    let note = format!("{mandatory}{}", default.unwrap_or_default());
                    (note, &[][..])
                }
                _ => (String::new(), &[][..]),
            };
            found.push(format!("{path}{note}"));
            walk(children, &node.module, &path, found);
        }
    }
    let mut found = Vec::new();
    for module in &model.modules {
        walk(&module.roots, "", "", &mut found);
    }
    found
}

/// The contents of the modules `names` of `files` (name, prefix and body) with these features.
fn load(files: &[(&str, &str)], names: &[&str], features: &[(&str, &[&str])]) -> Vec<String> {
    let folder = TempDir::new().expect("makes a folder");
    for (name, body) in files {
        let text = if body.starts_with("submodule") {
            (*body).to_owned()
        } else {
            format!(
                "module {name} {{ yang-version 1.1; namespace urn:{name}; prefix {name}; {body} }}"
            )
        };
        fs::write(folder.path().join(format!("{name}.yang")), text).expect("writes");
    }
    let mut generator = Generator::new().search_path(folder.path());
    for name in names {
        generator = generator.module(name);
    }
    for (module, features) in features {
        let features = features.iter().map(|name| (*name).to_owned()).collect();
        generator = generator.features(*module, Features::Only(features));
    }
    nodes(&generator.load().expect("loads"))
}

#[test]
fn features_of_a_module_that_an_earlier_one_augments() {
    let files = [
        (
            "a",
            "import b { prefix b; } augment /b:top/b:inner { leaf more { type string; } }",
        ),
        (
            "b",
            "feature f; container top { if-feature f; container inner { leaf x { type int8; } } }",
        ),
    ];
    let whole = [
        "/b:top",
        "/b:top/inner",
        "/b:top/inner/x",
        "/b:top/inner/a:more",
    ];
    for names in [["a", "b"], ["b", "a"]] {
        assert_eq!(load(&files, &names, &[("b", &["f"])]), whole);
    }
}

#[test]
fn if_feature_expressions() {
    let body = "feature a; feature b; feature c { if-feature a; } container top {
        leaf both { if-feature 'a and b'; type int8; }
        leaf either { if-feature 'a or b'; type int8; }
        leaf neither { if-feature 'not (a or b)'; type int8; }
        leaf grouped { if-feature 'a and (b or not b)'; type int8; }
        leaf chained { if-feature c; type int8; }
        leaf twice { if-feature a; if-feature b; type int8; }
        leaf kind { type enumeration { enum x; enum y { if-feature b; } } } }";
    let with = |features: &[&str]| {
        let found = load(&[("m", body)], &["m"], &[("m", features)]);
        let names = found.iter().skip(1).map(|path| path.replace("/m:top/", ""));
        names.collect::<Vec<_>>()
    };
    assert_eq!(with(&[]), ["neither", "kind"]);
    assert_eq!(with(&["a"]), ["either", "grouped", "kind"]);
    assert_eq!(with(&["a", "c"]), ["either", "grouped", "chained", "kind"]);
    assert_eq!(
        with(&["a", "b", "c"]),
        ["both", "either", "grouped", "chained", "twice", "kind"]
    );
}

#[test]
fn submodules_and_what_they_include() {
    let files = [
        ("m", "include one; include two; container top { uses shared; }"),
        (
            "one",
            "submodule one { yang-version 1.1; belongs-to m { prefix m; } include two;
              grouping shared { leaf s { type m:small; } } container first { leaf x { type small; } } }",
        ),
        (
            "two",
            "submodule two { yang-version 1.1; belongs-to m { prefix m; }
              typedef small { type int8 { range 0..9; } default 3; }
              augment /m:top { leaf late { type small; } } }",
        ),
    ];
    assert_eq!(
        load(&files, &["m"], &[]),
        [
            "/m:top",
            "/m:top/s = 3",
            "/m:top/late = 3",
            "/m:first",
            "/m:first/x = 3"
        ]
    );
}

#[test]
fn augments_of_augments_within_and_across_modules() {
    let files = [
        (
            "m",
            "container top { list l { key k; leaf k { type string; } } }
             augment /top/l { container own { leaf x { type int8; } } }",
        ),
        (
            "n",
            "import m { prefix m; } augment /m:top/m:l { container other; }
             augment /m:top/m:l/n:other { leaf y { type int8; } }
             augment /m:top/m:l/m:own { leaf z { type int8; } }",
        ),
    ];
    assert_eq!(
        load(&files, &["n", "m"], &[]),
        [
            "/m:top",
            "/m:top/l",
            "/m:top/l/k mandatory",
            "/m:top/l/own",
            "/m:top/l/own/x",
            "/m:top/l/own/n:z",
            "/m:top/l/n:other",
            "/m:top/l/n:other/y"
        ]
    );
}

#[test]
fn groupings_that_are_refined_and_augmented() {
    let body =
        "grouping g { container c { leaf x { type int8; } leaf y { type int8; default 1; } } }
        container top { uses g { refine c/x { mandatory true; } refine c/y { default 2; }
          augment c { leaf z { type int8; } } } }
        container plain { uses g; }";
    assert_eq!(
        load(&[("m", body)], &["m"], &[]),
        [
            "/m:top",
            "/m:top/c",
            "/m:top/c/x mandatory",
            "/m:top/c/y = 2",
            "/m:top/c/z",
            "/m:plain",
            "/m:plain/c",
            "/m:plain/c/x",
            "/m:plain/c/y = 1"
        ]
    );
}

#[test]
fn deviations() {
    let files = [
        (
            "m",
            "container top { leaf gone { type int8; } leaf x { type int8; default 1; }
             leaf y { type int8; } leaf z { type int8; } }",
        ),
        (
            "d",
            "import m { prefix m; }
             deviation /m:top/m:gone { deviate not-supported; }
             deviation /m:top/m:x { deviate replace { default 5; } }
             deviation /m:top/m:y { deviate add { mandatory true; } }
             deviation /m:top/m:z { deviate replace { type string; } deviate add { default q; } }",
        ),
    ];
    let deviated = [
        "/m:top",
        "/m:top/x = 5",
        "/m:top/y mandatory",
        "/m:top/z = q",
    ];
    assert_eq!(load(&files, &["m", "d"], &[]), deviated);
    assert_eq!(load(&files, &["d", "m"], &[]), deviated);
    let plain = [
        "/m:top",
        "/m:top/gone",
        "/m:top/x = 1",
        "/m:top/y",
        "/m:top/z",
    ];
    assert_eq!(load(&files, &["m"], &[]), plain);
}

#[test]
fn leafs_without_a_value_are_warned_of() {
    let folder = TempDir::new().expect("makes a folder");
    let far = "module far { yang-version 1.1; namespace \"urn:far\"; prefix f;\n\
               identity base;\n\
               identity one { base base; }\n\
               grouping kinds { leaf grouped { type identityref { base base; } } } }\n";
    let own = "module own { yang-version 1.1; namespace \"urn:own\"; prefix o;\n\
               import far { prefix f; }\n\
               identity alone;\n\
               identity other;\n\
               identity own { base other; }\n\
               container a { choice c { case d {\n\
               leaf kind { type identityref {\n\
               base f:base; } }\n\
               leaf other { type identityref { base other; } } } }\n\
               leaf either { type union { type identityref { base alone; } type string; } }\n\
               leaf same { type leafref { path ../kind; } }\n\
               action go { output { leaf-list many {\n\
               type identityref { base alone; } } } } }\n\
               container b { uses f:kinds; leaf kind { type identityref { base alone; } } }\n\
               rpc r { input { uses f:kinds; } } }\n";
    for (name, text) in [("far", far), ("own", own)] {
        fs::write(folder.path().join(format!("{name}.yang")), text).expect("writes");
    }
    let path = folder.path().canonicalize().expect("is there");
    let warnings = |modules: &[&str]| {
        let generator = Generator::new().search_path(&path);
        let generator = modules.iter().fold(generator, |all, name| all.module(name));
        let warnings = generator.generate().expect("generates").warnings;
        let said = ": no module that is generated derives an identity from the base, so no value is \
                    right; generate the module that has the identities too";
        let warnings = warnings.iter().map(|warning| {
            let warning = warning.to_string().replace(said, "");
            warning.replace(&path.display().to_string(), "DIR")
        });
        warnings.collect::<Vec<_>>()
    };
    assert_eq!(
        warnings(&["own"]),
        [
            "DIR/own.yang:7: /own:a/kind",
            "DIR/own.yang:13: /own:a/go/output/many",
            // The grouping is written in another module.
            "DIR/far.yang:4: /own:b/grouped",
            "DIR/own.yang:14: /own:b/kind",
        ]
    );
    let alone = [
        "DIR/own.yang:13: /own:a/go/output/many",
        "DIR/own.yang:14: /own:b/kind",
    ];
    assert_eq!(warnings(&["own", "far"]), alone);
}
