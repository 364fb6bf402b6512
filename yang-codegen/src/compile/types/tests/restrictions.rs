use super::*;
use crate::compile::types::{Base, Resolved};
use std::rc::Rc;

#[test]
fn ranges() {
    check(&[
        (
            r#"typedef t { type int8 { range "-5..-1 | 0 | 3 .. max"; } }"#,
            None,
        ),
        (
            r#"typedef t { type int8 { range "1..128"; } }"#,
            Some("9.2.4"),
        ),
        (
            r#"typedef t { type uint8 { range "-1..5"; } }"#,
            Some("does not have"),
        ),
        (
            r#"typedef t { type int8 { range "5..1"; } }"#,
            Some("lesser one first"),
        ),
        (
            r#"typedef t { type int8 { range "1..5 | 5..7"; } }"#,
            Some("overlap"),
        ),
        (
            r#"typedef t { type int8 { range "4 | 1"; } }"#,
            Some("do not rise"),
        ),
        (
            r#"typedef t { type int8 { range "1..4 | 8..10"; } } typedef u { type t { range "min..2 | 9..max"; } }"#,
            None,
        ),
        // As limiting as the parts that it restricts, which no value is between.
        (
            r#"typedef t { type int8 { range "1..4 | 5..10"; } } typedef u { type t { range "2..9"; } }"#,
            None,
        ),
        (
            r#"typedef t { type int8 { range "1..4 | 8..10"; } } typedef u { type t { range "2..9"; } }"#,
            Some("keep each part within"),
        ),
        (
            r#"typedef t { type int8 { range "0..10"; } } typedef u { type t { range "min..11"; } }"#,
            Some("keep each part within"),
        ),
        (r#"typedef t { type string { range "1"; } }"#, Some("9.4.3")),
        (
            r#"typedef t { type boolean { range "1"; } }"#,
            Some("9.5.3"),
        ),
        (
            r#"typedef t { type decimal64 { fraction-digits 2; range "-1.25..1 | 3.5"; } }"#,
            None,
        ),
        (
            r#"typedef t { type decimal64 { fraction-digits 2; range "1.255"; } }"#,
            Some("at most 2 digits"),
        ),
        (
            r#"typedef t { type decimal64 { fraction-digits 18; range "0..10"; } }"#,
            Some("does not have"),
        ),
    ]);
}

#[test]
fn lengths() {
    check(&[
        (
            r#"typedef t { type string { length "0 | 3..max"; } }"#,
            None,
        ),
        (
            r#"typedef t { type binary { length "1..18446744073709551615"; } }"#,
            None,
        ),
        (
            r#"typedef t { type binary { length "1..18446744073709551616"; } }"#,
            Some("9.4.4"),
        ),
        (r#"typedef t { type int8 { length "1"; } }"#, Some("9.2.3")),
        (
            r#"typedef t { type string { length "1..4"; } } typedef u { type t { length "5"; } }"#,
            Some("9.4.4"),
        ),
    ]);
}

#[test]
fn what_built_in_types_need() {
    check(&[
        ("typedef t { type decimal64; }", Some("fraction-digits")),
        (
            "typedef t { type decimal64 { fraction-digits 19; } }",
            Some("9.3.4"),
        ),
        (
            "typedef t { type decimal64 { fraction-digits 2; } } typedef u { type t { fraction-digits 1; } }",
            Some("where its typedef is used"),
        ),
        ("typedef t { type enumeration; }", Some("9.6.4")),
        ("typedef t { type bits; }", Some("9.7.4")),
        ("typedef t { type leafref; }", Some("9.9.2")),
        ("typedef t { type identityref; }", Some("9.10.2")),
        ("typedef t { type union; }", Some("9.12")),
        (
            "identity i; typedef t { type identityref { base i; } }",
            None,
        ),
        (
            "identity inner; typedef t { type identityref { base iner; } }",
            Some("\"inner\""),
        ),
        ("typedef t { type strin; }", Some("\"string\"")),
        (
            "typedef percent { type int8; } leaf l { type precent; }",
            Some("\"percent\""),
        ),
    ]);
}

#[test]
fn enumerations() {
    check(&[
        (
            "typedef t { type enumeration { enum a; enum b { value 5; } enum c; } }",
            None,
        ),
        (
            "typedef t { type enumeration { enum a; enum a; } }",
            Some("9.6.4"),
        ),
        (
            r#"typedef t { type enumeration { enum " a"; } }"#,
            Some("white space"),
        ),
        (
            r#"typedef t { type enumeration { enum ""; } }"#,
            Some("9.6.4"),
        ),
        (
            "typedef t { type enumeration { enum a { value 1; } enum b { value 1; } } }",
            Some("of \"a\""),
        ),
        (
            "typedef t { type enumeration { enum a { value 2147483647; } enum b; } }",
            Some("9.6.4.2"),
        ),
        (
            "typedef t { type enumeration { enum a { value 2147483648; } } }",
            Some("9.6.4.2"),
        ),
        (
            "typedef t { type enumeration { enum a; enum b; } } typedef u { type t { enum b; } }",
            None,
        ),
        (
            "typedef t { type enumeration { enum up; } } typedef u { type t { enum upp; } }",
            Some("\"up\""),
        ),
        (
            "typedef t { type enumeration { enum a; } } typedef u { type t { enum a { value 1; } } }",
            Some("keep that"),
        ),
    ]);
}

#[test]
fn bits() {
    check(&[
        (
            "typedef t { type bits { bit a { position 3; } bit b; } }",
            None,
        ),
        (
            "typedef t { type bits { bit a; bit b { position 0; } } }",
            Some("9.7.4.2"),
        ),
        (
            "typedef t { type bits { bit a { position 4294967295; } bit b; } }",
            Some("9.7.4.2"),
        ),
        (
            "typedef t { type bits { bit a; } } typedef u { type t { bit b; } }",
            Some("9.7.1"),
        ),
    ]);
}

#[test]
fn values_follow_the_highest_before() {
    let text = module(
        "feature on; feature off;
         leaf l { type enumeration { enum a { value -3; } enum b; enum c { value 7; if-feature off; } enum d; } }
         typedef t { type bits { bit x { position 9; } bit y; bit z { position 0; if-feature on; } } }
         leaf k { type t { bit y; bit z; } }",
    );
    let (modules, mut faults) = load(&[&text]);
    let types = Types::new(&modules);
    let values = |ty: Rc<Resolved<'_>>| match &ty.base {
        Base::Enumeration(items) | Base::Bits(items) => items
            .iter()
            .map(|item| (item.name().to_owned(), item.number, item.enabled))
            .collect::<Vec<_>>(),
        _ => Vec::new(),
    };
    let found: Vec<_> = all(&modules, Keyword::Type)
        .into_iter()
        .map(|ty| values(types.of(ty, &mut faults).unwrap()))
        .collect();
    let item = |name: &str, number, enabled| (name.to_owned(), number, enabled);
    assert_eq!(
        found,
        [
            vec![
                item("a", -3, true),
                item("b", -2, true),
                item("c", 7, false),
                item("d", 8, true)
            ],
            vec![item("z", 0, true), item("x", 9, true), item("y", 10, true)],
            vec![item("z", 0, true), item("y", 10, true)],
        ]
    );
    assert_eq!(faults.count(), 0);
}

#[test]
fn patterns() {
    check(&[
        (
            r#"typedef t { type string { pattern "[a-z]+" { modifier invert-match; } } }"#,
            None,
        ),
        (
            r#"typedef t { type string { pattern "[a-z"; } }"#,
            Some("9.4.5"),
        ),
        (
            r#"typedef t { type string { pattern "(?=a)b"; } }"#,
            Some("cannot be used"),
        ),
        (r#"typedef t { type int8 { pattern "a"; } }"#, Some("9.2.3")),
        // Too large for the engine of PCRE2, and right by XML Schema.
        (
            r#"typedef t { type string { pattern "(a{0,255}){0,255}"; } }"#,
            None,
        ),
        (
            r"typedef t { type string { pattern '[\i-[:]][\c-[:]]*'; } }",
            None,
        ),
    ]);
    // YANG 1 leaves a backslash in double quotes as it is.
    let text = r#"module m { namespace "urn:m"; prefix m; leaf a { type string { pattern "[^\*].*"; } } }"#;
    assert_eq!(faults_of(&[text]), [""; 0]);
}

#[test]
fn unions() {
    check(&[
        (
            "typedef t { type union { type int8; type union { type string; type empty; } } }",
            None,
        ),
        (
            "typedef t { type union { type int8; } } typedef u { type t { type string; } }",
            Some("where its typedef is used"),
        ),
    ]);
}

#[test]
fn require_instance() {
    check(&[
        (
            "typedef t { type instance-identifier { require-instance false; } }",
            None,
        ),
        (
            r#"leaf a { type string; } typedef t { type leafref { path "/m:a"; } } typedef u { type t { require-instance false; } }"#,
            None,
        ),
        (
            r#"typedef t { type leafref { path "/m:a"; } } typedef u { type t { path "/m:b"; } } leaf a { type string; }"#,
            Some("where its typedef is used"),
        ),
        (
            "typedef t { type string { require-instance false; } }",
            Some("9.4.3"),
        ),
    ]);
}

#[test]
fn chains_have_an_end() {
    check(&[
        (
            "typedef a { type b; } typedef b { type c; } typedef c { type a; }",
            Some("derived from itself"),
        ),
        (
            "typedef a { type union { type string; type a; } }",
            Some("derived from itself"),
        ),
        (
            "typedef a { type union { type string; type b; } } typedef b { type int8; }",
            None,
        ),
    ]);
}

#[test]
fn chains_and_unions_are_bounded() {
    let chain = |count: usize| {
        let links = (1..count).map(|at| format!("typedef t{at} {{ type t{}; }}", at - 1));
        "typedef t0 { type int8; }".to_owned() + &links.collect::<String>()
    };
    let patterns = |count: usize| {
        let links = (1..count)
            .map(|at| format!("typedef t{at} {{ type t{} {{ pattern 'a*'; }} }}", at - 1));
        "typedef t0 { type string; }".to_owned() + &links.collect::<String>()
    };
    let doubled = |count: usize| {
        let links = (1..count).map(|at| {
            let below = at - 1;
            format!("typedef t{at} {{ type union {{ type t{below}; type t{below}; }} }}")
        });
        "typedef t0 { type int8; }".to_owned() + &links.collect::<String>()
    };
    let nested = |count: usize| {
        let links =
            (1..count).map(|at| format!("typedef t{at} {{ type union {{ type t{}; }} }}", at - 1));
        "typedef t0 { type int8; }".to_owned() + &links.collect::<String>()
    };
    // The last typedef first: nothing is known of those below.
    let use_first = |count: usize| format!("leaf first {{ type t{}; }}", count - 1);
    for (body, expected) in [
        (chain(900) + &use_first(900), None),
        (
            use_first(2000) + &chain(2000),
            Some("more than 1000 typedefs"),
        ),
        (chain(2000), Some("more than 1000 typedefs")),
        (patterns(10) + &use_first(10), None),
        (patterns(200), Some("more than 100 patterns")),
        (doubled(10), None),
        (doubled(12), Some("more than 1000 members")),
        (use_first(40) + &nested(40), None),
        (use_first(90) + &nested(90), Some("more than 64 unions")),
    ] {
        let found = faults_of(&[&module(&body)]);
        match expected {
            None => assert_eq!(found, [""; 0]),
            Some(expected) => assert!(
                found.iter().any(|fault| fault.contains(expected)),
                "{found:?}"
            ),
        }
    }
}

#[test]
fn yang_1_has_less() {
    for (body, expected) in [
        (
            "typedef t { type enumeration { enum a; } } typedef u { type t { enum a; } }",
            "9.6.3",
        ),
        (
            "typedef t { type bits { bit a; } } typedef u { type t { bit a; } }",
            "9.7.1",
        ),
        (
            "typedef t { type union { type string; type empty; } }",
            "RFC 6020 section 9.12",
        ),
        (
            r#"typedef t { type union { type string; type leafref { path "/m:a"; } } } leaf a { type int8; }"#,
            "RFC 6020 section 9.12",
        ),
        (
            r#"typedef t { type leafref { path "/m:a"; require-instance false; } } leaf a { type int8; }"#,
            "9.9.3",
        ),
    ] {
        let text = format!("module m {{ namespace \"urn:m\"; prefix m; {body} }}");
        let found = faults_of(&[&text]);
        assert_eq!(found.len(), 1, "{body}: {found:?}");
        assert!(found[0].contains(expected), "{found:?}");
    }
}

#[test]
fn typedefs_that_nothing_uses_are_checked() {
    // In groupings, operations and submodules, and in modules that are only imported.
    check(&[
        (
            r#"grouping g { typedef t { type int8 { range "x"; } } }"#,
            Some("no bound"),
        ),
        (
            r#"rpc r { input { typedef t { type int8 { range "1..500"; } } leaf a { type int8; } } }"#,
            Some("9.2.4"),
        ),
    ]);
}

#[test]
fn a_range_of_many_parts() {
    let parts: Vec<String> = (0..50_000).map(|number| (2 * number).to_string()).collect();
    let parts = parts.join("|");
    let typedef = format!("typedef t {{ type int32 {{ range '{parts}'; }} }}");
    let leaf = |range: &str| format!("{typedef} leaf l {{ type t {{ range '{range}'; }} }}");
    check(&[
        (&leaf(&parts), None),
        (&leaf("4 | 99998"), None),
        (&leaf("4 | 99997"), Some("does not have")),
        (&leaf("4..6"), Some("does not have")),
    ]);
}
