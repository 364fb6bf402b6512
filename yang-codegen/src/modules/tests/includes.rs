//! Submodules.

use super::*;

fn order(modules: &Modules, name: &str) -> Vec<String> {
    let submodules = modules.submodules(id(modules, name));
    submodules.map(|(name, _)| name.to_owned()).collect()
}

#[test]
fn the_body_is_the_modules_text_and_then_its_submodules() {
    let texts = [
        module(
            "m",
            "include t { revision-date 2024-01-01; } include s; leaf a { type int8; }",
        ),
        submodule("s", "m", "include t; leaf b { type int8; }"),
        submodule("t", "m", "revision 2024-01-01; leaf c { type int8; }"),
    ];
    let modules = load(&texts, &["m"]);
    let id = id(&modules, "m");
    let leafs: Vec<&str> = modules
        .all(id, Keyword::Leaf)
        .map(Statement::argument)
        .collect();
    assert_eq!(leafs, ["a", "c", "b"]);
    let submodules: Vec<_> = modules.submodules(id).collect();
    assert_eq!(submodules, [("t", Some("2024-01-01")), ("s", None)]);
    let leaf = find(&modules, Keyword::Leaf, "b");
    assert_eq!(modules.module_of(leaf), Some(id));
    assert_eq!(modules.by_prefix(leaf, "m"), Some(id));
    assert_eq!(modules.files().count(), 3);
}

#[test]
fn submodules_have_imports_and_prefixes_of_their_own() {
    let texts = [
        module("m", "import n { prefix x; } include s;"),
        submodule("s", "m", "import p { prefix x; } leaf l { type x:t; }"),
        module("n", ""),
        module("p", "typedef t { type int8; }"),
    ];
    let modules = load(&texts, &["m"]);
    let leaf = find(&modules, Keyword::Leaf, "l");
    assert_eq!(modules.by_prefix(leaf, "x"), Some(id(&modules, "p")));
    let imports = modules.imports(id(&modules, "m"));
    assert_eq!(
        imports.map(|id| modules.name(id)).collect::<Vec<_>>(),
        ["n", "p"]
    );
}

#[test]
fn in_yang_1_submodules_bring_others_along() {
    let texts = [
        module1("m", "include a; include b; include d;"),
        submodule1("a", "m", "include c;"),
        submodule1("b", "m", "include d; include a;"),
        submodule1("c", "m", "include e;"),
        submodule1("d", "m", ""),
        submodule1("e", "m", ""),
    ];
    assert_eq!(order(&load(&texts, &["m"]), "m"), ["a", "b", "d", "e", "c"]);
}

#[test]
fn in_yang_1_1_the_module_includes_all_its_submodules() {
    let texts = [
        module("m", "include a;"),
        submodule("a", "m", "include b;"),
        submodule("b", "m", ""),
    ];
    assert_eq!(
        faults(&texts, &["m"]),
        [
            "a.yang:2:1: include \"b\": the module \"m\" does not include \"b\", and it includes all of its \
          submodules; include it there (RFC 7950 section 5.1)"
        ]
    );
}

#[test]
fn circles_of_includes_are_refused_in_yang_1_alone() {
    let texts = |module: fn(&str, &str) -> String, submodule: fn(&str, &str, &str) -> String| {
        [
            module("m", "include a; include b;"),
            submodule("a", "m", "include b;"),
            submodule("b", "m", "include a;"),
        ]
    };
    load(&texts(module, submodule), &["m"]);
    assert_eq!(
        faults(&texts(module1, submodule1), &["m"]),
        [
            "b.yang:2:1: include \"a\": the submodule includes itself through others; take one of the \
          includes away (RFC 6020 section 5.1)"
        ]
    );
}

#[test]
fn what_is_included_is_a_submodule_of_the_module() {
    let texts = [
        module(
            "m",
            "include n;\ninclude s;\ninclude gone;\ninclude t { revision-date 2020-01-01; }",
        ),
        module("n", ""),
        submodule("s", "other", ""),
        submodule("t", "m", "revision 2024-01-01;"),
    ];
    assert_eq!(
        faults(&texts, &["m"]),
        [
            "m.yang:2:1: include \"n\": this is a module, not a submodule; import it instead \
             (RFC 7950 section 7.1.6)",
            "m.yang:4:1: include \"gone\": the submodule \"gone\" is not in the sources; add its file \
             (RFC 7950 section 7.1.6)",
            "m.yang:5:1: include \"t\": revision 2020-01-01 of the submodule \"t\" is not in the sources, \
             which have 2024-01-01; add its file or include one of these (RFC 7950 section 7.1.6)",
            "s.yang:1:33: belongs-to \"other\": the module \"m\" includes this submodule, which belongs \
             to another; name it here or take the include away (RFC 7950 section 7.2.2)",
        ]
    );
}

#[test]
fn submodules_do_not_import_their_module() {
    let texts = [
        module("m", "include s;"),
        submodule("s", "m", "import m { prefix x; }"),
    ];
    assert_eq!(
        faults(&texts, &["m"]),
        [
            "s.yang:2:1: import \"m\": a submodule does not import its own module, whose definitions it \
          sees; take the import away (RFC 7950 section 5.1)"
        ]
    );
}

#[test]
fn a_submodule_is_included_in_one_revision() {
    let texts = [
        module("m", "include a;\ninclude b { revision-date 2024-01-01; }"),
        submodule("a", "m", "include b { revision-date 2023-01-01; }"),
        submodule("b", "m", "revision 2024-01-01;"),
        submodule("b", "m", "revision 2023-01-01;"),
    ];
    assert_eq!(
        faults(&texts, &["m"]),
        [
            "m.yang:3:1: include \"b\": another include takes revision 2023-01-01 of this submodule; include \
          the same one (RFC 7950 section 5.1)"
        ]
    );
}

#[test]
fn a_submodule_has_the_version_of_its_module() {
    let texts = [module("m", "include s;"), submodule1("s", "m", "")];
    assert_eq!(
        faults(&texts, &["m"]),
        [
            "m.yang:2:1: include \"s\": a submodule of YANG 1 is included by a module of YANG 1.1; give both \
          the same yang-version (RFC 7950 section 12)"
        ]
    );
}

#[test]
fn a_submodule_of_two_revisions_of_a_module_belongs_to_each() {
    let texts = [
        module(
            "u",
            "import m { prefix a; revision-date 2023-01-01; } import m { prefix b; revision-date 2024-01-01; }",
        ),
        module(
            "m",
            "include s; revision 2023-01-01; typedef old { type int8; }",
        ),
        module("m", "include s; revision 2024-01-01;"),
        submodule("s", "m", "typedef t { type int8; }"),
    ];
    let modules = load(&texts, &["u"]);
    let at = modules.statement(id(&modules, "u")).unwrap();
    let one = modules.typedef(at, "a:t").unwrap();
    let other = modules.typedef(at, "b:t").unwrap();
    assert_ne!(modules.module_of(one), modules.module_of(other));
    assert!(modules.typedef(one, "old").is_some());
    assert!(modules.typedef(other, "old").is_none());
}

#[test]
fn a_chain_of_includes_is_bounded() {
    let mut texts = vec![module1("m", "include s0;")];
    for number in 0..60 {
        let body = format!("include s{};", number + 1);
        texts.push(submodule1(&format!("s{number}"), "m", &body));
    }
    assert_eq!(
        faults(&texts, &["m"]),
        [
            "s49.yang:2:1: include \"s50\": more than 50 submodules include each other in a chain \
          (RFC 7950 section 7.1.6)"
        ]
    );
}

#[test]
fn in_yang_1_a_submodule_sees_what_it_includes() {
    let texts = |module: fn(&str, &str) -> String, submodule: fn(&str, &str, &str) -> String| {
        [
            module(
                "m",
                "include a; include b; include c; typedef top { type int8; } leaf x { type c; }",
            ),
            submodule(
                "a",
                "m",
                "include b;\nleaf l { type c; }\nleaf k { type m:top; }\nm:e;\nleaf i { type b; }",
            ),
            submodule("b", "m", "include c; typedef b { type int8; } extension e;"),
            submodule(
                "c",
                "m",
                "typedef c { type int8; }\nidentity i { base j; }\nleaf f { if-feature n; type int8; }",
            ),
            submodule("d", "m", "identity j; feature n; grouping g;"),
        ]
    };
    let add = |mut texts: [String; 5]| {
        texts[0] = texts[0].replace("include c;", "include c; include d;");
        texts
    };
    load(&add(texts(module, submodule)), &["m"]);
    let told = |place: &str, what: &str, file: &str| {
        format!(
            "{place} is defined in {file}.yang, which this submodule does not include; include it, or \
             give the module and its submodules yang-version 1.1 (RFC 6020 section 7.2.2)",
            place = format_args!("{place}: {what}")
        )
    };
    assert_eq!(
        faults(&add(texts(module1, submodule1)), &["m"]),
        [
            told("a.yang:4:10", "type \"m:top\": the typedef", "m"),
            told("c.yang:3:14", "base \"j\": the identity", "d"),
            told("c.yang:4:10", "if-feature \"n\": the feature", "d"),
        ]
    );
}
