//! Identities and their derivations.

use super::*;
use crate::modules::Identity;

fn derived(modules: &Modules, module: &str, name: &str) -> Vec<String> {
    let identity = modules.identity_of(id(modules, module), name).unwrap();
    let derived = modules.derived(identity).into_iter();
    derived
        .map(|identity| format!("{}:{}", modules.name(identity.module), identity.name()))
        .collect()
}

#[test]
fn what_is_derived_is_found_in_all_modules() {
    let texts = [
        module(
            "m",
            "import n { prefix x; } include s; identity b { base x:top; base m:a; }
             identity a { base x:top; } identity alone;",
        ),
        submodule(
            "s",
            "m",
            "import n { prefix n; } identity c { base b; base n:other; }",
        ),
        module(
            "n",
            "identity top; identity other; identity z { base top; }",
        ),
    ];
    let modules = load(&texts, &["m"]);
    assert_eq!(derived(&modules, "n", "top"), ["m:a", "m:b", "m:c", "n:z"]);
    assert_eq!(derived(&modules, "m", "a"), ["m:b", "m:c"]);
    assert_eq!(derived(&modules, "n", "other"), ["m:c"]);
    assert_eq!(derived(&modules, "m", "alone"), Vec::<String>::new());
    let names: Vec<&str> = modules
        .identities(id(&modules, "m"))
        .map(Identity::name)
        .collect();
    assert_eq!(names, ["b", "a", "alone", "c"]);
    let b = modules.identity_of(id(&modules, "m"), "b").unwrap();
    let bases: Vec<&str> = modules.bases(b).map(Identity::name).collect();
    assert_eq!(bases, ["top", "a"]);
    let found = modules.identity(b.statement, "x:top").unwrap();
    assert_eq!(found.module, id(&modules, "n"));
    assert_eq!(modules.identity(b.statement, "x:a"), None);
    assert_eq!(
        modules.nearest_identity(b.statement, "x:topp").as_deref(),
        Some("x:top")
    );
}

#[test]
fn revisions_have_identities_of_their_own() {
    let texts = [
        module(
            "m",
            "import n { prefix a; revision-date 2023-01-01; } import n { prefix b; revision-date 2024-01-01; }
             identity one { base a:top; } identity other { base b:top; }",
        ),
        module("n", "revision 2023-01-01; identity top;"),
        module("n", "revision 2024-01-01; identity top;"),
    ];
    let modules = load(&texts, &["m"]);
    assert_eq!(derived(&modules, "n@2023-01-01", "top"), ["m:one"]);
    assert_eq!(derived(&modules, "n@2024-01-01", "top"), ["m:other"]);
}

#[test]
fn bases_are_identities() {
    let texts = [module(
        "m",
        "identity first;\nidentity a {\nbase frist; }\nidentity b {\nbase x:first; }",
    )];
    assert_eq!(
        faults(&texts, &["m"]),
        [
            "m.yang:4:1: base \"frist\": there is no identity \"frist\"; did you mean \"first\"? \
             (RFC 7950 section 7.18.2)",
            "m.yang:6:1: base \"x:first\": no import has the prefix \"x\"; add one (RFC 7950 section 5.1)",
        ]
    );
}

#[test]
fn no_identity_is_derived_from_itself() {
    let texts = [module(
        "m",
        "identity a { base a; }\nidentity b { base c; }\nidentity c { base d; }\nidentity d { base b; }",
    )];
    assert_eq!(
        faults(&texts, &["m"]),
        [
            "m.yang:2:1: identity \"a\": the identity is its own base; take the base away \
             (RFC 7950 section 7.18.2)",
            "m.yang:5:1: identity \"d\": its base \"b\" is derived from it; take one of the bases away \
             (RFC 7950 section 7.18.2)",
        ]
    );
    let (modules, _) = load_with(&texts, &["m"], &[], false).unwrap();
    assert_eq!(derived(&modules, "m", "b"), ["m:c", "m:d"]);
}

#[test]
fn a_long_chain_of_identities_needs_no_stack() {
    let last = 20_000;
    let derived_from = |number: usize| format!("identity i{number} {{ base i{}; }}\n", number - 1);
    let body: String = (1..=last).map(derived_from).collect();
    let body = format!("identity i0;\n{body}");
    let modules = load(&[module("m", &body)], &["m"]);
    assert_eq!(derived(&modules, "m", "i0").len(), last);
}
