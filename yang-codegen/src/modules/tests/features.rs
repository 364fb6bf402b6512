//! Features, and what depends on them.

use super::*;

fn only(names: &[&str]) -> Features {
    Features::Only(names.iter().map(|name| (*name).to_owned()).collect())
}

/// The features that are on, by their module.
fn on(modules: &Modules) -> Vec<String> {
    let features = modules.ids().flat_map(|id| {
        let features = modules.features(id).filter(|(_, is_on)| *is_on);
        features.map(move |(feature, _)| format!("{}:{}", modules.name(id), feature.argument()))
    });
    features.collect()
}

fn told(texts: &[String], features: &[(&str, Features)]) -> Vec<String> {
    load_with(texts, &["m"], features, false).unwrap().1
}

#[test]
fn features_are_off_unless_they_are_asked_for() {
    let texts = [
        module(
            "m",
            "import n { prefix n; } include s; feature a; feature b;",
        ),
        submodule("s", "m", "feature c;"),
        module("n", "feature d; feature e;"),
    ];
    for (features, expected) in [
        (vec![], vec![]),
        (vec![("m", only(&["c"]))], vec!["m:c"]),
        (
            vec![("m", only(&["a"])), ("m", only(&["b"]))],
            vec!["m:a", "m:b"],
        ),
        (vec![("m", Features::All)], vec!["m:a", "m:b", "m:c"]),
        (
            vec![("m", only(&["a"])), ("n", only(&["e"]))],
            vec!["m:a", "n:e"],
        ),
        // Modules that are only imported are reached too.
        (
            vec![(Features::EVERY_MODULE, Features::All)],
            vec!["m:a", "m:b", "m:c", "n:d", "n:e"],
        ),
        (
            vec![(Features::EVERY_MODULE, only(&["b", "d"]))],
            vec!["m:b", "n:d"],
        ),
    ] {
        let (modules, faults) = load_with(&texts, &["m"], &features, false).unwrap();
        assert_eq!(
            (on(&modules), faults),
            (expected.iter().map(ToString::to_string).collect(), vec![])
        );
    }
}

#[test]
fn settings_name_features_that_there_are() {
    let texts = [module("m", "feature first; feature second;")];
    for (module, feature, expected) in [
        (
            "m",
            "frist",
            "module \"m\" has no feature \"frist\"; did you mean \"first\"?",
        ),
        ("*", "zzz", "module \"*\" has no feature \"zzz\""),
        (
            "n",
            "first",
            "setting for features of n: the module is not one of those to generate types for",
        ),
    ] {
        let error = load_with(&texts, &["m"], &[(module, only(&[feature]))], false).unwrap_err();
        assert_eq!(error.to_string(), expected);
    }
}

#[test]
fn all_conditions_of_a_statement_hold() {
    let texts = [
        module(
            "m",
            "import n { prefix n; } feature a; feature b;
             leaf one { if-feature a; if-feature b; type int8; }
             leaf two { if-feature 'a and not n:c'; type int8; }
             leaf three { if-feature 'b or n:c'; type int8; }
             leaf four { type int8; }",
        ),
        module("n", "feature c;"),
    ];
    for (features, expected) in [
        (vec![], "four"),
        (vec![("m", only(&["a"]))], "two four"),
        (vec![("m", Features::All)], "one two three four"),
        (vec![("n", Features::All)], "three four"),
        (
            vec![("m", only(&["a"])), ("n", Features::All)],
            "three four",
        ),
    ] {
        let (modules, _) = load_with(&texts, &["m"], &features, false).unwrap();
        let leafs = modules.all(id(&modules, "m"), Keyword::Leaf);
        let enabled: Vec<&str> = leafs
            .filter(|leaf| modules.is_enabled(*leaf))
            .map(Statement::argument)
            .collect();
        assert_eq!(enabled.join(" "), expected);
    }
}

#[test]
fn conditions_name_features() {
    let texts = [module(
        "m",
        "feature first;\nfeature second { if-feature frist; }\nleaf a { if-feature 'first and'; type int8; }\n\
             leaf b { if-feature x:first; type int8; }\nleaf c { if-feature m:first; type int8; }",
    )];
    assert_eq!(
        told(&texts, &[]),
        [
            "m.yang:3:18: if-feature \"frist\": there is no feature \"frist\"; did you mean \"first\"? \
             (RFC 7950 section 7.20.2)",
            "m.yang:4:10: if-feature \"first and\": a feature is missing at the end \
             (RFC 7950 section 7.20.2)",
            "m.yang:5:10: if-feature \"x:first\": no import has the prefix \"x\"; add one \
             (RFC 7950 section 5.1)",
        ]
    );
}

#[test]
fn yang_1_has_no_expressions() {
    let texts = [module1(
        "m",
        "feature and;\nfeature b;\nleaf l { if-feature 'and or b'; type int8; }\nleaf k { if-feature and; type int8; }",
    )];
    assert_eq!(
        told(&texts, &[]),
        [
            "m.yang:4:10: if-feature \"and or b\": YANG 1 has the name of one feature here; an expression needs \
          yang-version 1.1 (RFC 7950 section 7.20.2)"
        ]
    );
}

#[test]
fn a_feature_that_is_on_has_what_it_depends_on() {
    let texts = [
        module(
            "m",
            "import n { prefix n; }\nfeature very {\nif-feature n:bright; }",
        ),
        module("n", "feature bright;"),
    ];
    assert_eq!(
        told(&texts, &[("m", Features::All)]),
        [
            "m.yang:4:1: if-feature \"n:bright\": the feature \"very\" cannot be on, since its \"if-feature\" is \
          not satisfied; leave it off, or turn on the features that it needs (RFC 7950 section 7.20.1)"
        ]
    );
    assert!(told(&texts, &[]).is_empty());
    assert!(told(&texts, &[("*", Features::All)]).is_empty());
    assert!(told(&texts, &[("m", Features::All), ("n", only(&["bright"]))]).is_empty());
}

#[test]
fn features_in_a_circle_are_refused() {
    let texts = [module(
        "m",
        "feature a { if-feature b; }\nfeature b { if-feature 'not (c or a)'; }\nfeature c;\n\
         feature d { if-feature d; }",
    )];
    assert_eq!(
        told(&texts, &[]),
        [
            "m.yang:3:1: feature \"b\": the feature depends on \"a\", which depends on it; take one of the \
             if-feature statements away (RFC 7950 section 7.20.1)",
            "m.yang:5:1: feature \"d\": the feature depends on \"d\", which depends on it; take one of the \
             if-feature statements away (RFC 7950 section 7.20.1)",
        ]
    );
}
