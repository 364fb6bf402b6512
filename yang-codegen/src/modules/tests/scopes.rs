//! Names and their scopes.

use super::*;

#[test]
fn a_name_is_looked_up_from_the_inside() {
    let texts = [
        module(
            "m",
            "import n { prefix n; } include s;
             container a { typedef t { type int8; } grouping g { leaf x { type t; } }
               container b { typedef u { type t; } leaf y { type u; } } }
             grouping h { typedef t { type int16; } leaf z { type t; } }
             leaf w { type v; }",
        ),
        submodule(
            "s",
            "m",
            "typedef v { type int8; } container c { leaf in-s { type v; } }",
        ),
        module("n", "typedef v { type int8; } grouping g;"),
    ];
    let modules = load(&texts, &["m"]);
    let typedef = |leaf: &str, name: &str| {
        let found = modules.typedef(find(&modules, Keyword::Leaf, leaf), name);
        found.map(|found| found.parent().unwrap().argument())
    };
    assert_eq!(typedef("y", "u"), Some("b"));
    assert_eq!(typedef("y", "t"), Some("a"));
    assert_eq!(typedef("y", "m:t"), Some("a"));
    assert_eq!(typedef("x", "t"), Some("a"));
    assert_eq!(typedef("x", "u"), None);
    assert_eq!(typedef("z", "t"), Some("h"));
    assert_eq!(typedef("w", "t"), None);
    assert_eq!(typedef("w", "v"), Some("s"));
    assert_eq!(typedef("in-s", "m:v"), Some("s"));
    assert_eq!(typedef("w", "n:v"), Some("n"));
    assert_eq!(typedef("w", "string"), None);
    let leaf = find(&modules, Keyword::Leaf, "y");
    assert_eq!(
        modules
            .grouping(leaf, "g")
            .unwrap()
            .parent()
            .unwrap()
            .argument(),
        "a"
    );
    assert!(modules.grouping(leaf, "n:g").is_some());
    assert!(modules.grouping(leaf, "h").is_some());
}

#[test]
fn the_nearest_name_is_one_that_can_be_written_there() {
    let texts = [
        module(
            "m",
            "import n { prefix p; } include s; typedef counter { type int8; } grouping common;
             container a { typedef inner-type { type int8; } leaf x { type int8; } } leaf y { type int8; }",
        ),
        submodule("s", "m", "typedef gauge { type int8; }"),
        module("n", "typedef percent { type int8; } typedef gauge { type int8; }"),
    ];
    let modules = load(&texts, &["m"]);
    let near = |leaf: &str, name: &str| {
        let leaf = find(&modules, Keyword::Leaf, leaf);
        modules.nearest_typedef(leaf, name)
    };
    for (leaf, name, expected) in [
        ("x", "countr", Some("counter")),
        ("x", "inner-typ", Some("inner-type")),
        ("y", "strng", Some("string")),
        ("y", "percent", Some("p:percent")),
        ("y", "p:counter", Some("counter")),
        ("y", "p:percnt", Some("p:percent")),
        ("y", "m:gaug", Some("m:gauge")),
        ("y", "q:percent", Some("p:percent")),
        ("y", "Counter", Some("counter")),
        ("y", "zzz", None),
    ] {
        assert_eq!(near(leaf, name).as_deref(), expected, "{leaf} {name}");
    }
    let leaf = find(&modules, Keyword::Leaf, "x");
    assert_eq!(
        modules.nearest_grouping(leaf, "comon").as_deref(),
        Some("common")
    );
}

#[test]
fn a_name_is_defined_once_in_a_module_and_its_submodules() {
    let texts = [
        module(
            "m",
            "include s;\ntypedef a { type int8; }\nfeature a;\nidentity a;\ngrouping a;\nextension a;\n\
             container c { typedef b { type int8; }\ntypedef b { type int8; } }",
        ),
        submodule(
            "s",
            "m",
            "typedef a { type int8; }\nfeature a;\nidentity a;\ngrouping a;\nextension a;",
        ),
    ];
    let told = |place: &str, keyword: &str, name: &str, known: &str| {
        format!(
            "{place}: {keyword} \"{name}\": another {keyword} of this name is defined ({known}); \
             rename one (RFC 7950 section 6.2.1)"
        )
    };
    assert_eq!(
        faults(&texts, &["m"]),
        [
            told("m.yang:9:1", "typedef", "b", "m.yang:8"),
            told("s.yang:2:1", "typedef", "a", "m.yang:3"),
            told("s.yang:3:1", "feature", "a", "m.yang:4"),
            told("s.yang:4:1", "identity", "a", "m.yang:5"),
            told("s.yang:5:1", "grouping", "a", "m.yang:6"),
            told("s.yang:6:1", "extension", "a", "m.yang:7"),
        ]
    );
}

#[test]
fn no_name_hides_another() {
    let texts = [
        module(
            "m",
            "include s;\ntypedef t { type int8; }\n\
             container c {\ntypedef t { type int8; }\ngrouping h { leaf x { type int8; }\n\
             grouping g { leaf x { type int8; } } }\ncontainer d {\n\
             typedef u { type int8; }\ngrouping h;\n} typedef u { type int8; } }",
        ),
        submodule("s", "m", "grouping g;"),
    ];
    let told = |place: &str, what: &str, keyword: &str, known: &str| {
        format!(
            "m.yang:{place}: {what}: it hides the {keyword} of this name around it ({known}); rename \
             one (RFC 7950 section 5.5)"
        )
    };
    assert_eq!(
        faults(&texts, &["m"]),
        [
            told("5:1", "typedef \"t\"", "typedef", "m.yang:3"),
            told("7:1", "grouping \"g\"", "grouping", "s.yang:2"),
            told("9:1", "typedef \"u\"", "typedef", "m.yang:11"),
            told("10:1", "grouping \"h\"", "grouping", "m.yang:6"),
        ]
    );
}

#[test]
fn no_typedef_has_the_name_of_a_built_in_type() {
    let texts = [module(
        "m",
        "typedef string { type int8; }\ncontainer c { typedef union { type int8; } }",
    )];
    let faults = faults(&texts, &["m"]);
    assert_eq!(
        faults,
        [
            "m.yang:2:1: typedef \"string\": YANG has a type \"string\" itself; give the typedef another \
             name (RFC 7950 section 7.3)",
            "m.yang:3:15: typedef \"union\": YANG has a type \"union\" itself; give the typedef another \
             name (RFC 7950 section 7.3)",
        ]
    );
}

#[test]
fn extensions_are_defined_and_have_their_argument() {
    let texts = [
        module(
            "m",
            "import n { prefix n; }\nn:one x;\nn:two;\nn:one;\nn:two x;\nn:onn x;\nz:one x;\n\
             container c { n:one y { n:three; } }",
        ),
        module("n", "extension one { argument a; } extension two;"),
    ];
    assert_eq!(
        faults(&texts, &["m"]),
        [
            "m.yang:5:1: n:one: its argument \"a\" is missing; add it (RFC 7950 section 7.19)",
            "m.yang:7:1: n:onn \"x\": there is no extension \"n:onn\"; did you mean \"n:one\"? \
             (RFC 7950 section 6.3.1)",
            "m.yang:8:1: z:one \"x\": no import has the prefix \"z\"; add one (RFC 7950 section 5.1)",
            "m.yang:9:25: n:three: there is no extension \"n:three\" (RFC 7950 section 6.3.1)",
        ]
    );
    let (modules, _) = load_with(&texts, &["m"], &[], false).unwrap();
    let container = find(&modules, Keyword::Container, "c");
    let instance = container.child(Keyword::Extension).unwrap();
    assert_eq!(
        modules.extension(instance),
        Some((id(&modules, "n"), "one"))
    );
    assert!(modules.is_instance(instance, "n", "one"));
    assert!(!modules.is_instance(instance, "m", "one"));
}

#[test]
fn an_argument_that_an_extension_does_not_have_is_a_warning() {
    let texts = [
        module("m", "import n { prefix n; }\nn:two x;"),
        module("n", "extension two;"),
    ];
    let compiler = crate::Compiler::new(sources(&texts)).module("m");
    let warnings = compiler.compile().unwrap().warnings;
    let shown: Vec<String> = warnings.iter().map(ToString::to_string).collect();
    assert_eq!(
        shown,
        [
            "m.yang:3:1: n:two \"x\": the extension has no argument; take it away (RFC 7950 section 7.19)"
        ]
    );
}
