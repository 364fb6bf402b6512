use super::*;

#[test]
fn values_of_each_type() {
    check(&[
        ("leaf l { type int8; default 0x1F; }", None),
        (
            "leaf l { type int8; default 128; }",
            Some("from -128 to 127"),
        ),
        ("leaf l { type int8; default x; }", Some("9.2.1")),
        (
            r#"leaf l { type int8 { range "1..5"; } default 6; }"#,
            Some("1..5"),
        ),
        (
            "leaf l { type decimal64 { fraction-digits 2; } default 1.25; }",
            None,
        ),
        (
            "leaf l { type decimal64 { fraction-digits 2; } default 1.255; }",
            Some("9.3"),
        ),
        (
            r#"leaf l { type decimal64 { fraction-digits 2; range "1..2"; } default 2.01; }"#,
            Some("9.2.4"),
        ),
        ("leaf l { type boolean; default true; }", None),
        ("leaf l { type boolean; default True; }", Some("9.5.1")),
        (
            r#"leaf l { type string { length "2"; } default "éé"; }"#,
            None,
        ),
        (
            r#"leaf l { type string { length "2"; } default "é"; }"#,
            Some("1 characters"),
        ),
        (
            r#"leaf l { type string { pattern "a+"; } default aa; }"#,
            None,
        ),
        (
            r#"leaf l { type string { pattern "a+"; } default ab; }"#,
            Some("9.4.5"),
        ),
        (
            r#"leaf l { type string { pattern "a+" { modifier invert-match; } } default aa; }"#,
            Some("matches"),
        ),
    ]);
}

#[test]
fn values_of_names_and_references() {
    check(&[
        ("leaf l { type enumeration { enum up; } default up; }", None),
        (
            "leaf l { type enumeration { enum up; } default upp; }",
            Some("\"up\""),
        ),
        (
            r#"leaf l { type bits { bit a; bit b; } default "b a"; }"#,
            None,
        ),
        (
            r#"leaf l { type bits { bit a; } default "a a"; }"#,
            Some("9.7.2"),
        ),
        (
            r#"leaf l { type bits { bit a; } default "c"; }"#,
            Some("9.7.4"),
        ),
        (
            r#"leaf l { type binary { length "3"; } default "AQID"; }"#,
            None,
        ),
        (
            r#"leaf l { type binary { length "2"; } default "AQID"; }"#,
            Some("3 octets"),
        ),
        (r#"leaf l { type binary; default "?"; }"#, Some("9.8.2")),
        (r#"leaf l { type empty; default ""; }"#, Some("9.11")),
        (
            "leaf l { type union { type int8; type boolean; } default true; }",
            None,
        ),
        (
            "leaf l { type union { type int8; type boolean; } default x; }",
            Some("9.12"),
        ),
        (
            "identity a; identity b { base a; } leaf l { type identityref { base a; } default b; }",
            None,
        ),
        (
            "identity a; identity b { base a; } leaf l { type identityref { base a; } default a; }",
            Some("not derived"),
        ),
        (
            "identity a; identity blue { base a; } leaf l { type identityref { base a; } default m:bleu; }",
            Some("blue"),
        ),
        (
            r#"leaf l { type instance-identifier; default "/m:a/m:b[m:c='1'][2]"; }"#,
            None,
        ),
        (
            r#"leaf l { type instance-identifier; default "a/b"; }"#,
            Some("9.13"),
        ),
        (
            r#"leaf l { type instance-identifier; default "/m:a["; }"#,
            Some("9.13"),
        ),
        (
            "leaf-list l { type int8; default 1; default 300; }",
            Some("300"),
        ),
    ]);
}

#[test]
fn features_of_what_a_default_names() {
    check(&[
        (
            "feature on; leaf l { type enumeration { enum a { if-feature on; } } default a; }",
            Some("7.6.4"),
        ),
        (
            "feature on; feature off; leaf l { type enumeration { enum b; enum a { if-feature off; } } default a; }",
            Some("state one that does not"),
        ),
        (
            "feature on; leaf l { type enumeration { enum b; enum a { if-feature on; } } default b; }",
            None,
        ),
    ]);
}

#[test]
fn defaults_of_typedefs() {
    check(&[
        (
            "typedef t { type int8; default 5; } leaf l { type t; }",
            None,
        ),
        (
            "typedef t { type int8; default 500; }",
            Some("default \"500\""),
        ),
        (
            r#"typedef t { type int8; default 5; } typedef u { type t { range "1..4"; } }"#,
            Some("7.3.4"),
        ),
        (
            r#"typedef t { type int8; default 5; } leaf l { type t { range "1..4"; } default 4; }"#,
            None,
        ),
    ]);
}

#[test]
fn the_nearest_typedef_states_default_and_units() {
    let text = module(
        "typedef t { type int8; default 5; units s; } typedef u { type t; default 6; } leaf l { type u; }",
    );
    let (modules, _) = load(&[&text]);
    let types = Types::new(&modules);
    let ty = all(&modules, Keyword::Type).pop().unwrap();
    assert_eq!(types.default_of_typedefs(ty).unwrap().argument(), "6");
    assert_eq!(types.units_of_typedefs(ty).unwrap().argument(), "s");
}

#[test]
fn canonical_forms() {
    for (ty, default, canonical) in [
        ("int16", "+0x10", "16"),
        ("int16", "-010", "-8"),
        ("decimal64 { fraction-digits 3; }", "+01.500", "1.5"),
        ("decimal64 { fraction-digits 3; }", "-7", "-7.0"),
        (
            "bits { bit a; bit b { position 9; } bit c; }",
            "c  a b",
            "a b c",
        ),
        ("binary", "AQ ID", "AQID"),
        ("union { type int8; type string; }", "0x0A", "10"),
        ("union { type int8; type string; }", "0xFF", "0xFF"),
        ("identityref { base a; }", "b", "m:b"),
        ("identityref { base a; }", "m:b", "m:b"),
        ("string", " a ", " a "),
        (
            "instance-identifier",
            "/m:a/m:b[m:c = \\\"it's\\\"]/o:d[3]",
            "/m:a/b[c=\"it's\"]/o:d[3]",
        ),
    ] {
        let text = module(&format!(
            "import o {{ prefix o; }} identity a; identity b {{ base a; }} leaf l {{ type {ty}{} default \"{default}\"; }}",
            if ty.ends_with('}') { "" } else { ";" }
        ));
        let o = "module o { namespace \"urn:o\"; prefix o; }";
        let (modules, mut faults) = load(&[&text, o]);
        let types = Types::new(&modules);
        let value = all(&modules, Keyword::Default).pop().unwrap();
        let leaf = value.parent().unwrap();
        let ty = leaf.child(Keyword::Type).unwrap();
        let found = types.checked_default(None, ty, value, &mut faults);
        assert_eq!(found.as_deref(), Some(canonical), "{:?}", faults.finish());
    }
}

#[test]
fn a_name_of_many() {
    let names: Vec<String> = (0..50_000).map(|number| format!("b{number}")).collect();
    let bits = format!("bit {};", names.join("; bit "));
    let all = names.join(" ");
    check(&[
        (
            &format!("leaf l {{ type bits {{ {bits} }} default '{all}'; }}"),
            None,
        ),
        (
            &format!("leaf l {{ type bits {{ {bits} }} default '{all} b7'; }}"),
            Some("\"b7\" is there twice"),
        ),
    ]);
}
