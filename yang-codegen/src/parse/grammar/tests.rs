use std::path::PathBuf;

use super::{Instance, check_instance};
use crate::fault::Faults;
use crate::parse::{Keyword, TextId, parse};

/// The faults and the warnings of a text, without the file.
fn check(text: &str) -> (Vec<String>, Vec<String>) {
    let mut faults = Faults::new(true);
    parse(TextId(0), PathBuf::from("m"), text, &mut faults).unwrap();
    let (faults, _, warnings) = faults.finish();
    let strip = |fault: &crate::fault::Fault| {
        let text = fault.to_string();
        text.split_once(": ")
            .map_or(text.clone(), |(_, text)| text.to_owned())
    };
    (
        faults.iter().map(strip).collect(),
        warnings.iter().map(strip).collect(),
    )
}

/// A module of a version with these statements in its body.
fn module(version: &str, body: &str) -> String {
    format!("module m {{ yang-version {version}; namespace urn:m; prefix m; {body} }}")
}

/// Every statement in every place where YANG 1 has it.
const YANG_1: &str = r#"
    import i { prefix i; revision-date 2020-02-29; }
    include s { revision-date 2020-01-01; }
    organization o; contact c; description d; reference r;
    revision 2021-12-31 { description d; reference r; }
    extension e { argument a { yin-element true; } status current; description d; reference r; }
    feature f { if-feature i:g; status deprecated; description d; reference r; }
    identity base { base i:b; status obsolete; description d; reference r; }
    typedef t { type string; units u; default x; status current; description d; reference r; }
    grouping g {
        status current; description d; reference r; typedef u { type t; } grouping h;
        container c; leaf l { type string; } leaf-list m { type string; } list n { leaf a { type t; } }
        choice o; anyxml p; uses i:h;
    }
    container a-b.c_1 {
        when "1" { description d; reference r; }
        if-feature f; if-feature i:g;
        must "1" { error-message m; error-app-tag t; description d; reference r; }
        must "2"; presence p; config false; status current; description d; reference r;
        typedef u { type t; } grouping h; container _; uses g;
    }
    leaf l {
        when "1"; if-feature f; must "1"; units u; default d; config true; mandatory false;
        status current; description d; reference r;
        type union {
            type int8 { range "1..2 | 5" { error-message m; error-app-tag t; description d; reference r; } }
            type decimal64 { fraction-digits 2; range min..max; }
            type string {
                length "1..max" { error-message m; error-app-tag t; description d; reference r; }
                pattern a { error-message m; error-app-tag t; description d; reference r; }
                pattern b;
            }
            type enumeration {
                enum "a b" { value -3; status current; description d; reference r; }
                enum c { value 0; }
            }
            type bits { bit a { position 0; status current; description d; reference r; } bit b; }
            type leafref { path "/m:l"; }
            type identityref { base base; }
            type instance-identifier { require-instance false; }
        }
    }
    leaf-list ll {
        when "1"; if-feature f; must "1"; type t; units u; config false; min-elements 0;
        max-elements unbounded; ordered-by user; status current; description d; reference r;
    }
    list li {
        when "1"; if-feature f; must "1"; key "a i:b"; unique "a i:b/c"; unique c; config true;
        min-elements 1; max-elements 10; ordered-by system; status current; description d;
        reference r; typedef u { type t; } grouping h; leaf a { type t; }
    }
    choice ch {
        when "1"; if-feature f; default a; config false; mandatory true; status current;
        description d; reference r;
        case a { when "1"; if-feature f; status current; description d; reference r; uses g; }
        container b; leaf c { type t; } leaf-list d { type t; } list e { uses g; } anyxml x;
    }
    anyxml x {
        when "1"; if-feature f; must "1"; config false; mandatory true; status current;
        description d; reference r;
    }
    uses g {
        when "1"; if-feature f; status current; description d; reference r;
        refine c/i:d {
            must "1"; presence p; default x; config false; mandatory false; min-elements 0;
            max-elements 1; description d; reference r;
        }
        augment c { when "1"; if-feature f; status current; description d; reference r; case x; }
    }
    augment "/i:a/i:b" { leaf x { type t; } }
    rpc r {
        if-feature f; status current; description d; reference r; typedef u { type t; } grouping h;
        input { typedef u { type t; } grouping h; leaf a { type t; } }
        output { uses g; }
    }
    notification n {
        if-feature f; status current; description d; reference r; typedef u { type t; } grouping h;
        leaf a { type t; }
    }
    deviation /i:a { deviate not-supported; description d; reference r; }
    deviation /i:b {
        deviate add {
            units u; must "1"; unique a; default x; config true; mandatory true; min-elements 1;
            max-elements 1;
        }
        deviate delete { units u; must "1"; unique a; default x; }
        deviate replace {
            type t; units u; default x; config true; mandatory true; min-elements 1; max-elements 1;
        }
    }
    i:anything { namespace x { leaf; } }
"#;

/// The statements that YANG 1.1 has beside it.
const YANG_1_1: &str = r#"
    import j { prefix j; description d; reference r; }
    include t { description d; reference r; }
    identity two { if-feature "f and not (g or m:h)"; base base; base i:b; }
    feature many { if-feature "a or b"; }
    container operations {
        action a {
            if-feature f; status current; description d; reference r; typedef t { type u; } grouping g;
            input { must "1"; leaf xml { type t; } } output { must "1"; leaf a { type t; } }
        }
        notification n { must "1"; }
    }
    list keyed { leaf a { type t; } action b; notification c; }
    grouping operative { action b; notification c; anydata d; }
    anydata y {
        when "1"; if-feature f; must "1"; config false; mandatory true; status current;
        description d; reference r;
    }
    choice nested { choice inner { anydata e; case f { anydata g; } } }
    leaf-list defaults {
        default a; default b;
        type union {
            type enumeration { enum a { if-feature f; } }
            type bits { bit a { if-feature f; } }
            type string { pattern a { modifier invert-match; } }
            type identityref { base base; base i:b; }
        }
    }
    uses operative { refine d { if-feature f; default a; default b; } augment d { action x; } }
    augment /i:c { notification n; }
    deviation /i:d { deviate add { default a; default b; } deviate delete { default a; default b; } }
"#;

#[test]
fn takes_every_statement_in_its_places() {
    let none = (Vec::new(), Vec::new());
    assert_eq!(check(&module("1", YANG_1)), none);
    let (imports, rest) = YANG_1_1.split_once("identity").unwrap();
    assert_eq!(
        check(&module(
            "1.1",
            &format!("{imports} {YANG_1} identity {rest}")
        )),
        none
    );
    assert_eq!(check("module m { namespace urn:m; prefix m; }"), none);
    assert_eq!(
        check(
            "submodule s { yang-version 1.1; belongs-to m { prefix m; } import i { prefix i; } }"
        ),
        none
    );
}

/// Statements of a body, and how the only fault in them begins.
fn rows(table: &str) -> impl Iterator<Item = (&str, &str)> {
    table
        .lines()
        .skip(1)
        .map(|row| row.split_once(" => ").unwrap())
}

/// Asserts that each row of a table has its fault, and no other, in a module of this version.
fn assert_faults(version: &str, table: &str) {
    for (within, expected) in rows(table) {
        let (faults, _) = check(&module(version, within));
        let [fault] = &faults[..] else {
            panic!("{within}: {faults:?}");
        };
        assert!(fault.starts_with(expected), "{within}: {fault}");
    }
}

const NEW_IN_YANG_1_1: &str = r#"
container c { action a; } => action "a": YANG 1 does not have it in container;
container c { notification a; } => notification "a": YANG 1 does not have it in container;
list c { leaf b { type t; } notification a; } => notification "a": YANG 1 does not have it in list;
grouping c { action a; } => action "a": YANG 1 does not have it in grouping;
augment /i:c { leaf b { type t; } action a; } => action "a": YANG 1 does not have it in augment;
anydata a; => anydata "a": YANG 1 does not have it in module;
choice c { anydata a; } => anydata "a": YANG 1 does not have it in choice;
choice c { choice a; } => choice "a": YANG 1 does not have it in choice;
rpc r { input { leaf a { type t; } must 1; } } => must "1": YANG 1 does not have it in input;
rpc r { output { leaf a { type t; } must 1; } } => must "1": YANG 1 does not have it in output;
notification n { must 1; } => must "1": YANG 1 does not have it in notification;
leaf-list l { type t; default a; } => default "a": YANG 1 does not have it in leaf-list;
identity i { if-feature a; } => if-feature "a": YANG 1 does not have it in identity;
uses g { refine d { if-feature a; } } => if-feature "a": YANG 1 does not have it in refine;
leaf l { type e { enum a { if-feature a; } } } => if-feature "a": YANG 1 does not have it in enum;
leaf l { type e { bit a { if-feature a; } } } => if-feature "a": YANG 1 does not have it in bit;
leaf l { type e { pattern a { modifier invert-match; } } } => modifier "invert-match": YANG 1 does not have it in pattern;
import i { prefix i; description d; } => description "d": YANG 1 does not have it in import;
include i { reference d; } => reference "d": YANG 1 does not have it in include;
identity c { base a; base b; } => base "b": in YANG 1, identity has one at most
leaf c { type identityref { base a; base b; } } => base "b": in YANG 1, type has one at most
uses c { refine d { default a; default b; } } => default "b": in YANG 1, refine has one at most
deviation /i:c { deviate add { default a; default b; } } => default "b": in YANG 1, deviate has one"#;

#[test]
fn knows_what_yang_1_does_not_have() {
    assert_faults("1", NEW_IN_YANG_1_1);
    for (within, _) in rows(NEW_IN_YANG_1_1) {
        assert_eq!(check(&module("1.1", within)).0, [""; 0], "{within}");
    }
}

const WRONG_SUBSTATEMENTS: &str = r#"
leaf a { type t; container c; } => container "c": it has no place in leaf (RFC 7950 section 7.6)
leaf a { type t; type u; } => type "u": leaf has one before it already; keep one of them (RFC 7950 section 7.6)
leaf a; => leaf "a": it has no type; add one (RFC 7950 section 7.6)
typedef a { units u; } => typedef "a": it has no type; add one
import i; => import "i": it has no prefix; add one
deviation /i:a { description d; } => deviation "/i:a": it has no deviate; add one
deviation /i:a { deviate add { type t; } } => type "t": it has no place in deviate
deviation /i:a { deviate delete { config true; } } => config "true": it has no place in deviate
deviation /i:a { deviate replace { must 1; } } => must "1": it has no place in deviate
deviation /i:a { deviate replace { default a; default b; } } => default "b": deviate has one before it
deviation /i:a { deviate not-supported { default a; } } => default "a": it has no place in deviate
deviation /i:a { deviate not-supported; deviate add; } => deviate "not-supported": a node that is not supported has no other
rpc r { when 1; } => when "1": it has no place in rpc
choice c { case d { typedef x { type t; } } } => typedef "x": it has no place in case
choice c { uses g; } => uses "g": it has no place in choice
uses g { refine a { type t; } } => type "t": it has no place in refine
namespace urn:n; => namespace "urn:n": module has one before it already
belongs-to m { prefix m; } => belongs-to "m": it has no place in module
leaf a { type t; } revision 2020-01-01; => revision "2020-01-01": it stands behind leaf in line 1; move it before that (RFC 7950 section 14)
description d; import i { prefix i; } => import "i": it stands behind description
revision 2020-01-01; contact c; => contact "c": it stands behind revision"#;

#[test]
fn refuses_wrong_substatements() {
    assert_faults("1.1", WRONG_SUBSTATEMENTS);
    assert_eq!(check("module m { prefix m; }").0.len(), 1);
    assert_eq!(check("submodule m { prefix m; }").0.len(), 2);
}

const WRONG_ARGUMENTS: &str = r#"
leaf { type t; } => leaf: its argument is missing (RFC 7950 section 7.6)
rpc r { input x { leaf a { type t; } } } => input "x": it has no argument; remove it
leaf '' { type t; } => leaf "": it is no identifier
leaf 1a { type t; } => leaf "1a": it is no identifier
leaf -a { type t; } => leaf "-a": it is no identifier
leaf .a { type t; } => leaf ".a": it is no identifier
leaf a:b { type t; } => leaf "a:b": it is no identifier
leaf ä { type t; } => leaf "ä": it is no identifier
leaf a { type a:b:c; } => type "a:b:c": it is not a name
leaf a { type :c; } => type ":c": it is not a name
revision 2020-02-30; => revision "2020-02-30": it is no date; write YYYY-MM-DD (RFC 7950 section 7.1.9)
revision 2019-02-29; => revision "2019-02-29": it is no date
revision 1900-02-29; => revision "1900-02-29": it is no date
revision 2020-2-3; => revision "2020-2-3": it is no date
revision 2020-13-01; => revision "2020-13-01": it is no date
revision 2020-04-31; => revision "2020-04-31": it is no date
revision 2020-04-00; => revision "2020-04-00": it is no date
revision 2020-04-01-; => revision "2020-04-01-": it is no date
revision +202-04-01; => revision "+202-04-01": it is no date
leaf a { type t; config True; } => config "True": it must be true or false; did you mean "true"? (RFC 7950 section 7.21.1)
leaf a { type t; config tru; } => config "tru": it must be true or false; did you mean "true"?
leaf a { type t; status old; } => status "old": it must be current, deprecated or obsolete
list a { leaf b { type t; } ordered-by users; } => ordered-by "users": it must be user or system; did you mean "user"?
deviation /a { deviate remove; } => deviate "remove": it must be not-supported, add, replace or delete
leaf a { type t { pattern a { modifier not; } } } => modifier "not": it must be invert-match
list a { key ' b'; leaf b { type t; } } => key "b": it is no list of names
list a { key ''; leaf b { type t; } } => key "": it is no list of names
list a { key 'b/c'; leaf b { type t; } } => key "b/c": it is no list of names
list a { key 'b c b'; leaf b { type t; } } => key "b c b": it has "b" twice
list a { unique '/b'; leaf b { type t; } } => unique "/b": it is no list of names
augment a { leaf b { type t; } } => augment "a": it is no absolute schema node identifier
augment '/a//b' { leaf b { type t; } } => augment "/a//b": it is no absolute
augment / { leaf b { type t; } } => augment "/": it is no absolute
uses g { augment /a { leaf b { type t; } } } => augment "/a": it is no descendant schema node identifier
uses g { refine /a; } => refine "/a": it is no descendant
deviation a { deviate not-supported; } => deviation "a": it is no absolute
leaf-list a { type t; min-elements -1; } => min-elements "-1": it is no whole number from 0
leaf-list a { type t; min-elements 01; } => min-elements "01": it is no whole number from 0
leaf-list a { type t; max-elements 0; } => max-elements "0": it is no limit
leaf-list a { type t; max-elements many; } => max-elements "many": it is no limit
leaf a { type e { enum a { value +1; } } } => value "+1": it is no whole number
leaf a { type e { enum a { value -01; } } } => value "-01": it is no whole number
leaf a { type e { bit a { position 1.0; } } } => position "1.0": it is no whole number
extension e { argument a { yin-element yes; } } => yin-element "yes": it must be true or false"#;

#[test]
fn refuses_wrong_arguments() {
    assert_faults("1.1", WRONG_ARGUMENTS);
    let (faults, _) = check(&module("1.0", ""));
    assert!(
        faults[0].starts_with("yang-version \"1.0\": it must be 1 or 1.1"),
        "{faults:?}"
    );
}

const TAKEN_BY_LIBYANG: &str = r#"
leaf xmlA { type t; } => leaf "xmlA": a name in YANG 1 does not begin with xml
leaf XML { type t; } => leaf "XML": a name in YANG 1 does not begin with xml
list l; => list "l": it defines no node; define one in it (RFC 7950 section 7.8)
rpc r { input; } => input: it defines no node
rpc r { output { grouping g; } } => output: it defines no node
augment /i:a { description d; } => augment "/i:a": it defines no node
augment '/i:a / i:b' { case d; } => augment "/i:a / i:b": it has white space in it
uses g { refine ' a'; } => refine "a": it has white space in it
description a*/; => */ ends no comment here"#;

#[test]
fn warns_of_what_libyang_takes() {
    let assert_warning = |text: &str, expected: &str| {
        let (faults, warnings) = check(text);
        assert_eq!(faults, [""; 0], "{text}");
        let [warning] = &warnings[..] else {
            panic!("{text}: {warnings:?}");
        };
        assert!(warning.starts_with(expected), "{text}: {warning}");
    };
    for (within, expected) in rows(TAKEN_BY_LIBYANG) {
        assert_warning(&module("1", within), expected);
    }
    for namespace in ["m", "", "urn:a b", "1:a", "urn:<a>"] {
        assert_warning(
            &format!("module m {{ namespace '{namespace}'; prefix m; }}"),
            &format!("namespace \"{namespace}\": it is no URI"),
        );
    }
}

#[test]
fn a_malformed_argument_has_one_fault() {
    let (faults, _) = check(&module("1", "leaf 1;"));
    assert_eq!(faults.len(), 1, "{faults:?}");
}

#[test]
fn checks_instances_of_known_extensions() {
    let faults_of = |kind, instance: &str| {
        let mut faults = Faults::new(false);
        let text = module("1.1", instance);
        let parsed = parse(TextId(0), PathBuf::new(), &text, &mut faults).unwrap();
        assert!(faults.is_empty(), "instances are not checked");
        let instance = parsed.root().unwrap().child(Keyword::Extension).unwrap();
        check_instance(instance, kind, &mut faults);
        let (faults, ..) = faults.finish();
        faults.iter().map(ToString::to_string).collect::<Vec<_>>()
    };
    for (kind, right, wrong, expected) in [
        (
            Instance::YangData,
            "x:y n { container c; }",
            "x:y n { must 1; container c; }",
            "it has no place in x:y (RFC 8040 section 8)",
        ),
        (
            Instance::YangData,
            "x:y 'any name' { uses g; }",
            "x:y n;",
            "it defines no node",
        ),
        (
            Instance::Structure,
            "x:y n { must 1; status current; typedef t { type u; } leaf a { type t; } }",
            "x:y n { leaf a; }",
            "leaf \"a\": it has no type",
        ),
        (
            Instance::Structure,
            "x:y n;",
            "x:y n:m;",
            "it is no identifier",
        ),
        (
            Instance::AugmentStructure,
            "x:y /a:b { description d; case c; }",
            "x:y /a:b { description d; }",
            "it defines no node",
        ),
        (
            Instance::AugmentStructure,
            "x:y /a:b/a:c { leaf a { type t; } }",
            "x:y a:b { leaf a { type t; } }",
            "it is no absolute",
        ),
        (
            Instance::Annotation,
            "x:y n { type t; units u; if-feature f; }",
            "x:y n { units u; }",
            "it has no type; add one (RFC 7952 section 3)",
        ),
    ] {
        assert_eq!(faults_of(kind, right), [""; 0], "{right}");
        let faults = faults_of(kind, wrong);
        let [fault] = &faults[..] else {
            panic!("{wrong}: {faults:?}");
        };
        assert!(fault.contains(expected), "{wrong}: {fault}");
    }
}
