use std::path::PathBuf;

use super::position::Position;
use super::{Keyword, Statement, Text, TextId, header, parse};
use crate::fault::{Fault, Faults};

/// The statements of a text, and the faults in it.
fn read(text: &str) -> (Option<Text>, Vec<Fault>) {
    let mut faults = Faults::new(false);
    let parsed = parse(TextId(0), PathBuf::from("m.yang"), text, &mut faults);
    (parsed, faults.finish().0)
}

/// A module of YANG 1.
fn module(body: &str) -> String {
    format!("module m {{ namespace urn:m; prefix m; {body} }}")
}

/// The value of a string in a module of this version.
fn string(version: &str, written: &str) -> Result<String, String> {
    let text = module(&format!("yang-version {version};\n  contact {written};"));
    let (parsed, faults) = read(&text);
    if let Some(fault) = faults.first() {
        return Err(fault.message.clone());
    }
    let parsed = parsed.unwrap();
    let contact = parsed.root().unwrap().child(Keyword::Contact).unwrap();
    Ok(contact.argument().to_owned())
}

#[test]
fn reads_strings() {
    for (written, value) in [
        ("word", "word"),
        ("a/b*c+d", "a/b*c+d"),
        ("word// a comment\n ", "word"),
        ("'single \"\\n\"'", "single \"\\n\""),
        ("'two\n   lines'", "two\n   lines"),
        (r#""a\tb\nc\"d\\e\\n""#, "a\tb\nc\"d\\e\\n"),
        (r#""a" + 'b'+"c""#, "abc"),
        ("\"a\" // one\n + /* two */ 'b'", "ab"),
        ("\"\"", ""),
        // The quote is in column 11.
        ("\"a\n           b\"", "a\nb"),
        ("\"a\n            b\"", "a\n b"),
        ("\"a\n     b\"", "a\nb"),
        ("\"a\n\tb\"", "a\nb"),
        ("\"a\n\t\tb\"", "a\n     b"),
        ("\"a\n  \t\tb\"", "a\n       b"),
        ("\"a\n           \tb\"", "a\n\tb"),
        ("\"a \t \n\n  b  \"", "a\n\nb  "),
        ("\"a\\t \n b\"", "a\t\nb"),
        ("\"a\r\n b\"", "a\nb"),
        ("'a\r\n b'", "a\r\n b"),
        // The quote of the second string is in column 8.
        ("'x' +\n       \"a\n        b\n         c\"", "xa\nb\n c"),
        ("\"a\n           \\tb\"", "a\n\tb"),
        ("\"ä€\n             b\"", "ä€\n  b"),
    ] {
        for version in ["1", "1.1"] {
            assert_eq!(string(version, written).as_deref(), Ok(value), "{written}");
        }
    }
}

#[test]
fn tells_what_yang_1_1_forbids_in_strings() {
    for (written, value, fault) in [
        (r#""a\d\.""#, r"a\d\.", r"\d is no escape"),
        ("\"a\\ \n b\"", "a\\\nb", r"\n is no escape"),
        ("a\"b\"", "a\"b\"", "no quotes in it"),
        ("it's", "it's", "no quotes in it"),
    ] {
        assert_eq!(string("1", written).as_deref(), Ok(value), "{written}");
        let found = string("1.1", written).unwrap_err();
        assert!(found.contains(fault), "{written}: {found}");
    }
}

#[test]
fn tells_what_is_broken() {
    for (text, line, column, message) in [
        ("", 1, 1, "the text is empty"),
        (" // only a comment", 1, 19, "the text is empty"),
        ("container c;", 1, 1, "begins with module or submodule"),
        (
            "{ }",
            1,
            1,
            "keyword should stand here instead of an opening brace",
        ),
        (
            "module m {\n leaf a;",
            1,
            1,
            "closing brace of module is missing",
        ),
        (
            "module m {\n list a {\n leaf b; }",
            1,
            1,
            "closing brace of module",
        ),
        (
            "module m {\n list a {\n leaf b;",
            2,
            2,
            "closing brace of list",
        ),
        ("module m { }\n }", 2, 2, "nothing but comments"),
        ("module m { } module n { }", 1, 14, "nothing but comments"),
        (
            "module m {\n contact \"a;\n }",
            2,
            10,
            "string that begins here has no end",
        ),
        (
            "module m {\n contact 'a;\n }",
            2,
            10,
            "string that begins here has no end",
        ),
        (
            "module m {\n /* }",
            2,
            2,
            "comment that begins here has no end",
        ),
        (
            "module m {\n contact \"a\" + b; }",
            2,
            16,
            "joins quoted strings only",
        ),
        (
            "module m {\n \"leaf\" a; }",
            2,
            2,
            "instead of a quoted string",
        ),
        (
            "module m {\n { leaf a; } }",
            2,
            2,
            "instead of an opening brace",
        ),
        ("module m {\r leaf a; }", 1, 11, "carriage return"),
    ] {
        let (parsed, faults) = read(text);
        assert!(parsed.is_none(), "{text}");
        let [fault] = &faults[..] else {
            panic!("{text}: {faults:?}");
        };
        assert!(fault.message.contains(message), "{text}: {fault}");
        assert_eq!(
            (fault.line, fault.column),
            (Some(line), Some(column)),
            "{text}"
        );
    }
}

#[test]
fn goes_on_behind_a_fault() {
    let text = "module m {
  yang-version 1.1;
  namespace \"urn:m\"
  prefix m;
  contact a b c;
  organization 'a' 'b';
  reference \"\\x\";
  description \"\u{7}\";
  contaner c { leaf a { type string; } leef b; }
  leaf d { type string; };
  leaf e { type string }
}";
    let (parsed, faults) = read(text);
    let found: Vec<String> = faults.iter().map(ToString::to_string).collect();
    for (fault, expected) in found.iter().zip([
        "m.yang:3:3: namespace: a semicolon is missing behind it",
        "m.yang:5:3: contact: it has more than one argument",
        "m.yang:6:3: organization: + is missing",
        "m.yang:7:14: \\x is no escape",
        "m.yang:8:16: the character U+0007",
        "m.yang:9:3: contaner: YANG has no such statement",
        "m.yang:10:26: a semicolon ends no statement here",
        "m.yang:11:12: type: a semicolon is missing",
    ]) {
        assert!(fault.starts_with(expected), "{fault}");
    }
    assert_eq!(found.len(), 8);
    assert_eq!(faults[5].nearest.as_deref(), Some("container"));
    let parsed = parsed.unwrap();
    let keywords = parsed.root().unwrap().children().map(Statement::keyword);
    let as_str: Vec<&str> = keywords.map(Keyword::as_str).collect();
    assert_eq!(
        as_str.join(" "),
        "yang-version namespace prefix contact organization reference description leaf leaf"
    );
}

#[test]
fn makes_a_tree() {
    let text = "module m { namespace urn:m; prefix m;
  ext:a 'x' { ext:b { leaf c; } }
\tleaf d { type string; }
}
// the end";
    let (parsed, faults) = read(text);
    assert_eq!(faults, []);
    let parsed = parsed.unwrap();
    let root = parsed.root().unwrap();
    assert_eq!(root.argument(), "m");
    assert_eq!(root.parent(), None);
    let [_, _, a, d] = root.children().collect::<Vec<_>>()[..] else {
        panic!("four statements");
    };
    assert_eq!(a.extension(), Some(("ext", "a")));
    assert_eq!(a.to_string(), "ext:a \"x\"");
    let b = a.child(Keyword::Extension).unwrap();
    assert_eq!((b.argument_if_any(), b.parent()), (None, Some(a)));
    assert_eq!(a.descendants().count(), 2);
    assert_eq!(d.argument_of(Keyword::Type), Some("string"));
    let kind = d.child(Keyword::Type).unwrap();
    assert_eq!(kind.parent(), Some(d));
    assert_eq!(
        kind.position(),
        Position {
            line: 3,
            column: 11
        }
    );
}

#[test]
fn bounds_depth_and_size() {
    let nested = |depth| module(&format!("{}{}", "a:b{".repeat(depth), "}".repeat(depth)));
    assert_eq!(read(&nested(255)).1, []);
    let (parsed, faults) = read(&nested(256));
    assert!(parsed.is_none());
    assert!(faults[0].message.contains("more than 256"), "{faults:?}");

    let (parsed, faults) = read(&"a".repeat((64 << 20) + 1));
    assert!(parsed.is_none());
    assert!(
        faults[0].message.contains("the limit is 67108864"),
        "{faults:?}"
    );
}

#[test]
fn faults_are_not_lost_behind_many_others() {
    let many = "/* \u{c} */ a:b \"\\d\" + \"\\d\";".repeat(200);
    let mut faults = Faults::new(true);
    let text = module(&format!("{many} leaf a b {{ type t; }}"));
    parse(TextId(0), PathBuf::new(), &text, &mut faults);
    assert_eq!(faults.count(), 1);
    assert_eq!(faults.finish().2.len(), 100);
}

#[test]
fn reads_headers() {
    let text = "/* a comment */ submodule s { belongs-to m { prefix m; }
        revision 2020-01-01; revision 2021-01-01 { description \"revision 2030-01-01\"; }
        leaf a { type string; } revision 2022-01-01; } }";
    let found = header(text).unwrap();
    assert_eq!(found.keyword, Keyword::Submodule);
    assert_eq!(found.name, "s");
    assert_eq!(found.revision.as_deref(), Some("2021-01-01"));
    // The revisions of a text that has them in the wrong place count.
    let found = header("module m { leaf a { type string; } revision 2022-01-01; }").unwrap();
    assert_eq!(found.revision.as_deref(), Some("2022-01-01"));
    assert_eq!(header("module m { }").unwrap().revision, None);
    assert_eq!(header("container m { }"), None);
    assert_eq!(header("no module"), None);
    assert_eq!(header(""), None);
}
