//! Imports, and the modules that are implemented.

use super::*;

fn revision(name: &str, revision: &str, body: &str) -> String {
    module(name, &format!("revision {revision};\n{body}"))
}

#[test]
fn an_import_takes_the_newest_revision_of_the_texts() {
    let texts = [
        module("m", "import n { prefix a; }"),
        revision("n", "2023-01-01", ""),
        module("n", "revision 2020-01-01; revision 2024-01-01;"),
        revision("n", "2022-01-01", ""),
    ];
    assert_eq!(shown(&load(&texts, &["m"])), ["m!", "n@2024-01-01"]);
    assert_eq!(shown(&load(&texts, &["n", "m"])), ["n@2024-01-01!", "m!"]);
}

#[test]
fn an_import_takes_the_revision_that_is_implemented() {
    let texts = [
        module("m", "import n { prefix a; }"),
        revision("n", "2023-01-01", ""),
        revision("n", "2024-01-01", ""),
    ];
    for wanted in [["m", "n@2023-01-01"], ["n@2023-01-01", "m"]] {
        let modules = load(&texts, &wanted);
        let import = find(&modules, Keyword::Import, "n");
        let imported = modules.by_prefix(import, "a");
        assert_eq!(imported, Some(id(&modules, "n@2023-01-01")));
        assert_eq!(modules.ids().count(), 2);
    }
}

#[test]
fn an_import_takes_the_revision_that_another_module_augments() {
    // The augment comes last, and implements the older revision all the same.
    let texts = [
        module("m", "import n { prefix n; } import p { prefix p; }"),
        module(
            "p",
            "import n { prefix x; revision-date 2023-01-01; } augment /x:top { leaf l { type int8; } }",
        ),
        revision("n", "2023-01-01", "container top;"),
        revision("n", "2024-01-01", "container top;"),
    ];
    for wanted in [["m", "p"], ["p", "m"]] {
        let modules = load(&texts, &wanted);
        assert_eq!(modules.ids().count(), 3);
        let old = id(&modules, "n@2023-01-01");
        assert_eq!(
            modules.by_prefix(find(&modules, Keyword::Import, "p"), "n"),
            Some(old)
        );
        assert!(modules.module(old).unwrap().implemented);
    }
    // Where p is only imported it amends nothing.
    let modules = load(&texts, &["m"]);
    assert_eq!(shown(&modules), ["m!", "n@2024-01-01", "p", "n@2023-01-01"]);
}

#[test]
fn several_revisions_stand_side_by_side() {
    let texts = [
        module(
            "m",
            "import n { prefix a; revision-date 2022-01-01; } import n { prefix b; revision-date 2023-01-01; }
             import n { prefix c; }",
        ),
        revision("n", "2022-01-01", ""),
        revision("n", "2023-01-01", ""),
        revision("n", "2024-01-01", ""),
    ];
    let modules = load(&texts, &["m"]);
    let at = find(&modules, Keyword::Import, "n");
    for (prefix, revision) in [("a", "2022"), ("b", "2023"), ("c", "2024")] {
        let imported = modules.by_prefix(at, prefix);
        assert_eq!(imported, Some(id(&modules, &format!("n@{revision}-01-01"))));
    }
    // Nothing decides but the import without a revision.
    assert_eq!(modules.by_name("n"), Some(id(&modules, "n@2024-01-01")));
    let chosen = load(&texts, &["m", "n@2022-01-01"]);
    assert_eq!(chosen.by_name("n"), Some(id(&chosen, "n@2022-01-01")));
}

#[test]
fn what_is_augmented_or_deviated_is_implemented() {
    let texts = [
        module(
            "a",
            "import b { prefix b; } import e { prefix e; } augment /b:top/e:x { leaf l { type int8; } }",
        ),
        module(
            "b",
            "import c { prefix c; } deviation /c:top { deviate not-supported; } container top;",
        ),
        module("c", "import d { prefix d; } container top { uses d:g; }"),
        module("d", "grouping g { leaf l { type int8; } }"),
        module(
            "e",
            "import b { prefix b; } augment /b:top { container x; }",
        ),
    ];
    let modules = load(&texts, &["a"]);
    assert_eq!(shown(&modules), ["a!", "b!", "e!", "c!", "d"]);
    let order: Vec<&str> = modules.implemented().map(|id| modules.name(id)).collect();
    assert_eq!(order, ["a", "b", "c", "e"]);
    let of = |name| {
        let by = modules.deviated_by(id(&modules, name));
        by.map(|id| modules.name(id)).collect::<Vec<_>>()
    };
    assert_eq!((of("c"), of("b")), (vec!["b"], vec![]));
}

#[test]
fn the_target_of_a_leafref_is_implemented_later() {
    let texts = [
        module("m", "import n { prefix n; }"),
        module(
            "n",
            "import p { prefix p; } augment /p:top { leaf l { type int8; } }",
        ),
        module("p", "container top;"),
    ];
    let mut modules = load(&texts, &["m"]);
    assert_eq!(shown(&modules), ["m!", "n", "p"]);
    assert!(modules.implement(ModuleId(1)));
    assert_eq!(shown(&modules), ["m!", "n!", "p!"]);
}

#[test]
fn one_revision_alone_is_implemented() {
    let texts = [
        module(
            "m",
            "import n { prefix n; revision-date 2023-01-01; }\naugment /n:top { leaf l { type int8; } }",
        ),
        revision("n", "2023-01-01", "container top;"),
        revision("n", "2024-01-01", "container top;"),
    ];
    assert_eq!(
        faults(&texts, &["m", "n"]),
        [
            "m.yang:2:1: import \"n\": revision 2023-01-01 of \"n\" would be implemented beside revision \
          2024-01-01, and one alone may be; import the same revision everywhere (RFC 7950 section 5.6.5)"
        ]
    );
    assert_eq!(
        faults(&texts, &["n@2023-01-01", "n"]),
        [
            "n-1.yang:1:1: module \"n\": revision 2024-01-01 of \"n\" would be implemented beside revision \
          2023-01-01, and one alone may be; import the same revision everywhere (RFC 7950 section 5.6.5)"
        ]
    );
    let mut modules = load(&texts, &["n@2024-01-01", "n"]);
    assert_eq!(shown(&modules), ["n@2024-01-01!"]);
    assert!(modules.implement(ModuleId(0)));
}

#[test]
fn imports_are_implemented_where_that_is_wanted() {
    let texts = [
        module(
            "m",
            "import n { prefix n; } import ietf-yang-types { prefix t; }",
        ),
        module("n", "import p { prefix p; }"),
        module("p", ""),
    ];
    let (modules, faults) = load_with(&texts, &["m"], &[], true).unwrap();
    assert_eq!(faults, Vec::<String>::new());
    assert_eq!(
        shown(&modules),
        ["m!", "n!", "ietf-yang-types@2013-07-15", "p!"]
    );
}

#[test]
fn modules_that_are_not_there_are_told_together() {
    let texts = [
        module(
            "m",
            "import gone { prefix g; }\nimport acme-rak { prefix r; }\n\
             import n { prefix n; revision-date 2020-01-01; }\nleaf l { type g:t; }",
        ),
        module("acme-rack", ""),
        revision("n", "2023-01-01", ""),
    ];
    assert_eq!(
        faults(&texts, &["m"]),
        [
            "m.yang:2:1: import \"gone\": the module \"gone\" is not in the sources; add its file \
             (RFC 7950 section 7.1.5)",
            "m.yang:3:1: import \"acme-rak\": the module \"acme-rak\" is not in the sources; add its \
             file; did you mean \"acme-rack\"? (RFC 7950 section 7.1.5)",
            "m.yang:4:1: import \"n\": revision 2020-01-01 of the module \"n\" is not in the sources, \
             which have 2023-01-01; add its file or import one of these (RFC 7950 section 7.1.5)",
        ]
    );
    let (modules, _) = load_with(&texts, &["m"], &[], false).unwrap();
    assert!(!modules.is_complete());
    assert!(load(&texts, &["n"]).is_complete());
}

#[test]
fn a_module_that_is_asked_for_and_is_not_there() {
    let error = |wanted| {
        let texts = [revision("acme-rack", "2023-01-01", "")];
        let error = load_with(&texts, &[wanted], &[], false).unwrap_err();
        error.to_string()
    };
    assert!(error("acme-rak").starts_with("module \"acme-rak\": no file acme-rak.yang or"));
    assert!(error("acme-rak").ends_with("did you mean \"acme-rack\"?"));
    assert!(error("acme-rack@2024-01-01").contains("no file with its revision 2024-01-01"));
}

#[test]
fn submodules_are_neither_asked_for_nor_imported() {
    let texts = [
        module("m", "import s { prefix s; }"),
        module("n", "include s;"),
        submodule("s", "n", ""),
    ];
    assert_eq!(
        faults(&texts, &["m"]),
        [
            "m.yang:2:1: import \"s\": \"s\" is a submodule; import its module \"n\" (RFC 7950 section 7.1.5)"
        ]
    );
    assert_eq!(
        faults(&texts, &["s", "n"]),
        [
            "s.yang: this is a submodule of \"n\"; ask for the module \"n\" instead (RFC 7950 section 7.2)"
        ]
    );
}

#[test]
fn imports_in_a_circle_are_refused() {
    let texts = [
        module("a", "import b { prefix b; }"),
        module("b", "include s;"),
        submodule("s", "b", "import c { prefix c; }"),
        module("c", "import a { prefix a; }"),
        module("d", "import d { prefix e; }"),
    ];
    assert_eq!(
        faults(&texts, &["a", "d"]),
        [
            "c.yang:2:1: import \"a\": \"a\" imports this module itself, directly or through others; \
             take one of the imports away (RFC 7950 section 5.1)",
            "d.yang:2:1: import \"d\": a module does not import itself; take the import away \
             (RFC 7950 section 5.1)",
        ]
    );
}

#[test]
fn a_prefix_has_one_meaning() {
    let texts = [
        module(
            "m",
            "import n { prefix x; }\nimport p { prefix x; }\nimport q { prefix m; }\nleaf l { type x:t; }",
        ),
        module("n", "typedef t { type int8; }"),
        module("p", ""),
        module("q", ""),
    ];
    let told = "another import, or the module itself, has this prefix; change it here and where it is used \
                (RFC 7950 section 7.1.4)";
    assert_eq!(
        faults(&texts, &["m"]),
        [
            format!("m.yang:3:12: prefix \"x\": {told}"),
            format!("m.yang:4:12: prefix \"m\": {told}")
        ]
    );
    let (modules, _) = load_with(&texts, &["m"], &[], false).unwrap();
    let at = find(&modules, Keyword::Leaf, "l");
    assert_eq!(modules.by_prefix(at, "x"), Some(id(&modules, "n")));
    assert_eq!(modules.by_prefix(at, "m"), Some(id(&modules, "m")));
    assert_eq!(modules.qualify(at, "x:t"), Some((id(&modules, "n"), "t")));
    assert_eq!(modules.qualify(at, "t"), Some((id(&modules, "m"), "t")));
    assert_eq!(modules.qualify(at, "y:t"), None);
}

#[test]
fn each_module_has_its_own_namespace() {
    let texts = [
        module("m", "import n { prefix n; }"),
        "module n { namespace urn:m; prefix n; }".to_owned(),
    ];
    assert_eq!(
        faults(&texts, &["m"]),
        [
            "n.yang:1:12: namespace \"urn:m\": the module \"m\" has this namespace too; give each its own \
          (RFC 7950 section 5.3)"
        ]
    );
}

#[test]
fn yang_1_does_not_import_yang_1_1_by_revision() {
    let texts = [
        module1(
            "m",
            "import n { prefix n; revision-date 2024-01-01; }\nimport o { prefix o; }",
        ),
        revision("n", "2024-01-01", ""),
        revision("o", "2024-01-01", ""),
    ];
    assert_eq!(
        faults(&texts, &["m"]),
        [
            "m.yang:2:22: revision-date \"2024-01-01\": a module of YANG 1 imports one of YANG 1.1 by its \
          revision; take the revision-date away (RFC 7950 section 12)"
        ]
    );
}

#[test]
fn what_this_crate_brings_along_is_used_where_the_sources_lack_it() {
    let user = "import ietf-yang-types { prefix yang; }";
    let own = "module ietf-yang-types { namespace urn:own; prefix yang; revision 2010-01-01; }"
        .to_owned();
    let built_in = |modules: &Modules| {
        let types = id(modules, "ietf-yang-types");
        modules.module(types).unwrap().built_in
    };
    let modules = load(&[module("m", user)], &["m"]);
    assert!(built_in(&modules));
    assert_eq!(modules.files().collect::<Vec<_>>(), ["m.yang"]);
    let texts = [module("m", user), own];
    assert!(!built_in(&load(&texts, &["m"])));
    // By its revision it can be had even then.
    let user = "import ietf-yang-types { prefix yang; revision-date 2013-07-15; }";
    let texts = [module("m", user), texts[1].clone()];
    assert!(built_in(&load(&texts, &["m"])));
}

#[test]
fn every_module_that_this_crate_brings_along_is_right() {
    for name in [
        "ietf-inet-types",
        "ietf-restconf",
        "ietf-yang-metadata",
        "ietf-yang-schema-mount",
        "ietf-yang-structure-ext",
        "ietf-yang-types",
    ] {
        let modules = load(
            &[module("m", &format!("import {name} {{ prefix x; }}"))],
            &["m"],
        );
        assert!(modules.by_name(name).is_some());
    }
}

#[test]
fn a_text_that_is_no_module_is_told_once() {
    let texts = [
        module(
            "m",
            "import n { prefix n; } import p { prefix p; } leaf l { type n:t; }",
        ),
        module("p", "import n { prefix n; }"),
        "module n { container c { leaf".to_owned(),
    ];
    let (modules, faults) = load_with(&texts, &["m"], &[], false).unwrap();
    assert!(!faults.is_empty());
    assert!(
        faults.iter().all(|fault| fault.starts_with("n.yang:1:")),
        "{faults:?}"
    );
    assert!(!modules.is_complete());
}

#[test]
fn two_texts_of_one_revision_say_the_same() {
    let texts = [
        module("m", "import n { prefix n; } import p { prefix p; }"),
        revision("n", "2024-01-01", "leaf l { description one; type int8; }"),
        revision(
            "n",
            "2024-01-01",
            "leaf l { description other;\n type int8; } // a comment",
        ),
        module("p", "container c { leaf l { type int8; } }"),
        module("p", "container c; leaf l { type int8; }"),
    ];
    assert_eq!(
        faults(&texts, &["m"]),
        [
            "p.yang:1:1: module \"p\": the same revision of it is in p-1.yang, with other statements; take \
             one of the files away (RFC 7950 section 7.1.9)"
        ]
    );
}

#[test]
fn of_two_folders_with_one_revision_the_first_counts() {
    let old = revision("m", "2024-01-01", "leaf l { type int8; }");
    let new = revision("m", "2024-01-01", "leaf k { type int8; }");
    for (first, second, expected) in [(&old, &new, "l"), (&new, &old, "k")] {
        let mut sources = Sources::new();
        sources.add("b/m.yang", first.as_str());
        sources.add("a/m.yang", second.as_str());
        let request = Request {
            sources: &sources,
            modules: &[("m".to_owned(), None)],
            features: &[],
            implement_imports: false,
        };
        let mut faults = Faults::new(false);
        let modules = Modules::load(&request, &mut faults).unwrap();
        assert!(faults.is_empty());
        let mut leafs = modules.all(ModuleId(0), Keyword::Leaf);
        assert_eq!(leafs.next().map(Statement::argument), Some(expected));
    }
}

#[test]
fn a_file_with_the_name_of_another_module_is_told_where_that_is_missing() {
    let mut sources = sources(&[module("m", "import acme { prefix a; }")]);
    let folder = tempfile::tempdir().unwrap();
    std::fs::write(folder.path().join("acme.yang"), module("zzz", "")).unwrap();
    sources.folder(folder.path()).unwrap();
    let request = Request {
        sources: &sources,
        modules: &[("m".to_owned(), None)],
        features: &[],
        implement_imports: false,
    };
    let mut faults = Faults::new(false);
    Modules::load(&request, &mut faults).unwrap();
    let (faults, _, _) = faults.finish();
    let told = "add its file (DIR/acme.yang: the file has the module zzz; call it zzz.yang)";
    let dir = folder.path().display().to_string();
    assert!(
        faults[0].message.replace(&dir, "DIR").ends_with(told),
        "{}",
        faults[0]
    );
}

#[test]
fn names_differ_in_case_alone() {
    let texts = [module("m", "import N { prefix n; }"), module("n", "")];
    assert_eq!(
        faults(&texts, &["m"]),
        [
            "m.yang:2:1: import \"N\": the module \"N\" is not in the sources; add its file; did you \
             mean \"n\"? (RFC 7950 section 7.1.5)"
        ]
    );
}
