use super::*;
use crate::compile::{Settings, compile};
use crate::model::{
    CanonicalForm, IntKind, LeafrefPath, Model, Node, NodeKind, OnError, QName, Type, TypeUse,
};

/// The model of the texts, or the faults.
fn model(texts: &[&str]) -> Result<Model, Vec<String>> {
    let (sources, names, features) = request(texts);
    let settings = Settings {
        modules: Request {
            sources: &sources,
            modules: &names,
            features: &features,
            implement_imports: false,
        },
        leave_out: &[],
        typedefs: &[],
    };
    let mut faults = Faults::new(false);
    let compiled = compile(&settings, &mut faults).unwrap();
    let (found, ..) = faults.finish();
    compiled
        .model
        .ok_or_else(|| found.iter().map(ToString::to_string).collect())
}

fn of(body: &str) -> Model {
    model(&[&module(body)]).unwrap()
}

fn fault(body: &str) -> String {
    let mut faults = model(&[&module(body)]).unwrap_err();
    assert_eq!(faults.len(), 1, "{faults:#?}");
    faults.pop().unwrap()
}

/// The node of a name, wherever it is.
fn node<'m>(model: &'m Model, name: &str) -> &'m Node {
    fn search<'m>(nodes: &'m [Node], name: &str) -> Option<&'m Node> {
        nodes.iter().find_map(|node| {
            if node.name == name {
                return Some(node);
            }
            search(node.children(), name)
        })
    }
    let mut modules = model.modules.iter();
    modules
        .find_map(|module| search(&module.roots, name))
        .unwrap()
}

fn ty<'m>(model: &'m Model, name: &str) -> &'m TypeUse {
    match &node(model, name).kind {
        NodeKind::Leaf { ty, .. } | NodeKind::LeafList { ty, .. } => ty,
        other => panic!("{other:?}"),
    }
}

fn typedef(ty: &TypeUse) -> Option<&str> {
    ty.typedef.as_ref().map(|name| &*name.name)
}

fn default(model: &Model, name: &str) -> Option<String> {
    match &node(model, name).kind {
        NodeKind::Leaf { default, .. } => default.clone(),
        NodeKind::LeafList { defaults, .. } => Some(defaults.join(",")),
        other => panic!("{other:?}"),
    }
}

fn typedefs(model: &Model) -> Vec<&str> {
    let m = model
        .modules
        .iter()
        .find(|module| module.name == "m")
        .unwrap();
    m.typedefs.iter().map(|typedef| &*typedef.name).collect()
}

#[test]
fn a_type_has_the_name_of_the_typedef_that_it_does_not_restrict() {
    let model = of(r#"
        typedef unused { type int8; }
        typedef outer { type inner; default 5; units s; description "Outer."; }
        typedef inner { type uint8 { range "1..9" { error-app-tag high; } } }
        leaf plain { type outer; }
        leaf narrow { type outer { range "3..5"; } }
        container c { typedef local { type outer; } leaf scoped { type local; } }"#);
    assert_eq!(typedef(ty(&model, "plain")), Some("outer"));
    assert_eq!(typedef(ty(&model, "narrow")), None);
    assert_eq!(typedef(ty(&model, "scoped")), None);
    assert_eq!(typedefs(&model), ["outer", "inner"]);
    let outer = &model.modules[0].typedefs[0];
    assert_eq!(outer.default.as_deref(), Some("5"));
    assert_eq!(outer.units.as_deref(), Some("s"));
    assert_eq!(outer.docs.description.as_deref(), Some("Outer."));
    assert_eq!(typedef(&outer.ty), Some("inner"));
    let int = |range, app_tag: Option<&str>| Type::Int {
        kind: IntKind::U8,
        range,
        on_error: OnError {
            message: None,
            app_tag: app_tag.map(ToOwned::to_owned),
        },
    };
    assert_eq!(outer.ty.ty, int(vec![(1, 9)], Some("high")));
    assert_eq!(ty(&model, "narrow").ty, int(vec![(3, 5)], None));
    assert_eq!(default(&model, "plain").as_deref(), Some("5"));
}

#[test]
fn bounds_of_the_built_in_type_are_no_range() {
    let model = of(r#"
        leaf a { type int8 { range "-128..127"; } }
        leaf b { type decimal64 { fraction-digits 18; range "min..max"; } }
        leaf c { type string { length "min..max"; } }"#);
    assert!(matches!(&ty(&model, "a").ty, Type::Int { range, .. } if range.is_empty()));
    assert!(matches!(&ty(&model, "b").ty, Type::Decimal64 { range, .. } if range.is_empty()));
    assert!(
        matches!(&ty(&model, "c").ty, Type::String { length, .. } if *length == [(0, u64::MAX)])
    );
}

#[test]
fn all_patterns_of_a_chain_count() {
    let model = of(r#"
        typedef t { type string { length "1..8"; pattern "[a-z]+" { error-message "Small."; } } }
        leaf a { type t { length "2"; pattern "b.*" { modifier invert-match; } } }"#);
    let Type::String {
        length, patterns, ..
    } = &ty(&model, "a").ty
    else {
        panic!();
    };
    assert_eq!(*length, [(2, 2)]);
    let patterns: Vec<_> = patterns
        .iter()
        .map(|pattern| {
            (
                &*pattern.regex,
                pattern.inverted,
                pattern.on_error.message.as_deref(),
            )
        })
        .collect();
    assert_eq!(
        patterns,
        [("[a-z]+", false, Some("Small.")), ("b.*", true, None)]
    );
}

#[test]
fn names_that_a_feature_takes_away_are_no_values() {
    let model = of(r#"
        feature on; feature off;
        leaf e { type enumeration { enum a { if-feature off; } enum b { if-feature on; description "B."; } } }
        leaf f { type bits { bit x { position 3; } bit y { if-feature off; } bit z { position 1; } } }"#);
    assert!(matches!(
        &ty(&model, "e").ty,
        Type::Enumeration(values) if values.len() == 1 && values[0].value == 1
            && values[0].docs.description.as_deref() == Some("B.")
    ));
    assert!(matches!(
        &ty(&model, "f").ty,
        Type::Bits(bits) if bits.iter().map(|bit| &*bit.name).collect::<Vec<_>>() == ["z", "x"]
    ));
}

#[test]
fn a_type_without_a_value_is_right_in_a_union_alone() {
    let off = "type enumeration { enum a { if-feature off; } }";
    let features = "feature on; feature off;";
    let found = fault(&format!("{features} leaf l {{ {off} }}"));
    assert!(found.contains("7.20.2"), "{found}");
    of(&format!(
        "{features} leaf l {{ type union {{ type boolean; {off} }} }}"
    ));
}

#[test]
fn members_of_unions_keep_their_typedefs() {
    let model = of("
        typedef number { type int8; }
        typedef both { type union { type number; type boolean; } }
        typedef wrapped { type both; }
        leaf a { type union { type both; type union { type number; type string; } } }
        leaf b { type wrapped; }
        container c { typedef local { type both; } leaf d { type local; } }");
    let members = |name: &str| match &ty(&model, name).ty {
        Type::Union(members) => members
            .iter()
            .map(|member| (typedef(member), matches!(member.ty, Type::Union(_))))
            .collect::<Vec<_>>(),
        other => panic!("{other:?}"),
    };
    assert_eq!(
        members("a"),
        [(Some("both"), true), (Some("number"), false), (None, false)]
    );
    assert_eq!(typedef(ty(&model, "b")), Some("wrapped"));
    for name in ["b", "d"] {
        assert_eq!(
            members(name),
            [(Some("number"), false), (None, false)],
            "{name}"
        );
    }
    assert_eq!(typedefs(&model), ["number", "both", "wrapped"]);
}

#[test]
fn leafrefs_have_the_type_of_their_target() {
    let model = of(r#"
        typedef name { type string; }
        typedef fixed { type leafref { path "/m:c/m:list/m:key"; } }
        typedef near { type leafref { path "../key"; } }
        container c {
          list list { key key; leaf key { type name; } leaf other { type near; } leaf value { type int8; } }
          leaf to { type fixed; }
          leaf through { type leafref { path "../to"; } }
          leaf of-key { type leafref { path "../list[key = current()/../to]/value"; } }
          leaf by-deref { type leafref { path "deref(../to)/../value"; } }
          leaf free { type leafref { path "../to"; require-instance false; } }
        }"#);
    let target = |name: &str| match &ty(&model, name).ty {
        Type::LeafRef { target, .. } => target.clone(),
        other => panic!("{other:?}"),
    };
    assert_eq!(typedef(ty(&model, "to")), Some("fixed"));
    assert_eq!(typedef(ty(&model, "other")), None);
    assert_eq!(typedef(&target("to")), Some("name"));
    assert_eq!(typedef(&target("other")), Some("name"));
    assert_eq!(typedef(&target("through")), Some("fixed"));
    assert!(matches!(target("through").ty, Type::LeafRef { .. }));
    for name in ["of-key", "by-deref"] {
        assert!(matches!(target(name).ty, Type::Int { .. }), "{name}");
        let Type::LeafRef { path, .. } = &ty(&model, name).ty else {
            panic!();
        };
        assert!(matches!(path, LeafrefPath::Expr { .. }));
    }
    assert!(matches!(
        ty(&model, "free").ty,
        Type::LeafRef {
            require_instance: false,
            ..
        }
    ));
    assert_eq!(typedefs(&model), ["name", "fixed"]);
}

#[test]
fn an_absolute_path_without_prefixes_is_of_the_module_where_it_is_used() {
    let n = "module n { yang-version 1.1; namespace \"urn:n\"; prefix n; import m { prefix m; }
        leaf a { type int8; } leaf l { type m:t; } }";
    let m = module(
        "leaf a { type string; } typedef t { type leafref { path \"/a\"; } } leaf k { type t; }",
    );
    let model = model(&[&m, n]).unwrap();
    assert_eq!(typedef(ty(&model, "k")), Some("t"));
    assert_eq!(typedef(ty(&model, "l")), None);
    let Type::LeafRef { target, .. } = &ty(&model, "l").ty else {
        panic!();
    };
    assert!(matches!(target.ty, Type::Int { .. }));
}

#[test]
fn leafrefs_that_go_wrong() {
    for (body, expected) in [
        (
            r#"leaf apple { type string; } leaf l { type leafref { path "/m:appel"; } }"#,
            "\"apple\"",
        ),
        (
            r#"leaf apple { type string; } leaf l { type leafref { path "../appel"; } }"#,
            "\"apple\"",
        ),
        (
            r#"container c { leaf apple { type string; } } leaf l { type leafref { path "/m:c/m:appel"; } }"#,
            "\"apple\"",
        ),
        (
            r#"container c { choice x { leaf apple { type string; } } } leaf l { type leafref { path "/m:c/appel"; } }"#,
            "\"apple\"",
        ),
        (
            r#"container c { leaf a { type int8; } } leaf l { type leafref { path "/m:c"; } }"#,
            "no leaf",
        ),
        (
            r#"leaf l { type leafref { path "../l"; } }"#,
            "leads back to itself",
        ),
        (r#"leaf l { type leafref { path "1 + 1"; } }"#, "9.9.2"),
        (r#"leaf l { type leafref { path "/x:a"; } }"#, "prefix"),
        (
            r#"leaf s { config false; type string; } leaf l { type leafref { path "../s"; } }"#,
            "configuration refers to state",
        ),
    ] {
        let found = fault(body);
        assert!(found.contains(expected), "{body}\n{found}");
    }
    let right = r#"leaf s { config false; type string; }
        leaf l { type leafref { path "../s"; require-instance false; } }"#;
    model(&[&module(right)]).unwrap();
}

#[test]
fn circles_of_leafrefs_are_found_through_unions() {
    for body in [
        r#"leaf a { type leafref { path "../b"; } } leaf b { type leafref { path "../a"; } }"#,
        r#"leaf a { type union { type int8; type leafref { path "../b"; } } }
           leaf b { type union { type leafref { path "../a"; } type string; } }"#,
    ] {
        let faults = model(&[&module(body)]).unwrap_err();
        assert_eq!(faults.len(), 2, "{faults:#?}");
        assert!(
            faults
                .iter()
                .all(|fault| fault.contains("leads back to itself")),
            "{faults:#?}"
        );
    }
}

#[test]
fn chains_of_leafrefs_are_bounded() {
    let long = (1..200).map(|at| {
        format!(
            "leaf l{at} {{ type leafref {{ path \"../l{}\"; }} }}",
            at - 1
        )
    });
    let long = "leaf l0 { type int8; }".to_owned() + &long.collect::<String>();
    let faults = model(&[&module(&long)]).unwrap_err();
    assert!(
        faults.iter().all(|fault| fault.contains("more than 64")),
        "{faults:#?}"
    );
    let doubled = (1..12).map(|at| {
        let member = format!("type leafref {{ path \"../l{}\"; }}", at - 1);
        format!("leaf l{at} {{ type union {{ {member} {member} }} }}")
    });
    let doubled = "leaf l0 { type int8; }".to_owned() + &doubled.collect::<String>();
    let faults = model(&[&module(&doubled)]).unwrap_err();
    assert!(
        faults
            .iter()
            .all(|fault| fault.contains("more than 1000 types")),
        "{faults:#?}"
    );
}

#[test]
fn identities_of_implemented_modules_and_features_are_values() {
    let m = module(
        "feature on; feature off;
         identity a; identity z { base a; } identity b { base a; base c; if-feature on; } identity c;
         identity x { base a; if-feature off; }
         leaf one { type identityref { base a; } }
         leaf both { type identityref { base a; base c; } }",
    );
    let only = "module only { namespace \"urn:only\"; prefix o; import m { prefix m; } identity y { base m:a; } }";
    let n =
        "module a-first { yang-version 1.1; namespace \"urn:n\"; prefix n; import m { prefix m; }
        import only { prefix only; } identity w { base m:z; } }";
    let model = compiled_with_import(&[&m, n], only);
    let values = |name: &str| match &ty(&model, name).ty {
        Type::Identityref(values) => values
            .iter()
            .map(|value| format!("{}:{}", value.identity.module, value.identity.name))
            .collect::<Vec<_>>(),
        other => panic!("{other:?}"),
    };
    assert_eq!(values("one"), ["a-first:w", "m:b", "m:z"]);
    assert_eq!(values("both"), ["m:b"]);
}

/// The model of texts beside one that is not asked for.
fn compiled_with_import(texts: &[&str], imported: &str) -> Model {
    let (mut sources, names, features) = request(texts);
    sources.add("only.yang", imported);
    let settings = Settings {
        modules: Request {
            sources: &sources,
            modules: &names,
            features: &features,
            implement_imports: false,
        },
        leave_out: &[],
        typedefs: &[],
    };
    let mut faults = Faults::new(false);
    let compiled = compile(&settings, &mut faults).unwrap();
    compiled
        .model
        .unwrap_or_else(|| panic!("{:?}", faults.finish()))
}

#[test]
fn defaults_are_canonical_by_what_their_type_refers_to() {
    let model = of(r#"
        identity base; identity green { base base; }
        typedef colour { type identityref { base base; } default green; }
        leaf a { type colour; }
        leaf b { type leafref { path "../a"; } default m:green; }
        leaf n { type union { type leafref { path "../n8"; } type string; } default "0x10"; }
        leaf n8 { type int8; }
        list list { key "k c"; leaf k { type int8; } leaf c { type colour; } leaf v { type string; } }
        leaf i { type instance-identifier; default "/m:list[m:k='0x10'][m:c='m:green']/m:v"; }
        leaf-list many { type int8; default 0x1; default +2; }"#);
    for (name, canonical) in [
        ("a", "m:green"),
        ("b", "m:green"),
        ("n", "16"),
        ("i", "/m:list[k='16'][c='m:green']/v"),
        ("many", "1,2"),
    ] {
        assert_eq!(default(&model, name).as_deref(), Some(canonical), "{name}");
    }
}

#[test]
fn defaults_that_only_the_schema_shows_to_be_wrong() {
    for (body, expected) in [
        (
            r#"leaf a { type int8; } leaf b { type leafref { path "../a"; } default x; }"#,
            "9.2.1",
        ),
        (
            r#"typedef t { type int8; default 5; } leaf l { type t { range "1..4"; } }"#,
            "7.3.4",
        ),
        (
            r#"leaf i { type instance-identifier; default "/m:x"; }"#,
            "no node is at /m:x",
        ),
        (
            r#"list l { key k; leaf k { type int8; } } leaf i { type instance-identifier; default "/m:l[m:x='1']"; }"#,
            "names no leaf",
        ),
        (
            r#"list l { key k; leaf k { type int8; } } leaf i { type instance-identifier; default "/m:l[m:k='x']"; }"#,
            "9.2.1",
        ),
    ] {
        let found = fault(body);
        assert!(found.contains(expected), "{body}\n{found}");
    }
}

#[test]
fn a_leaf_without_a_default_of_its_own_takes_none_that_it_does_not_need() {
    of(
        r#"typedef t { type int8; default 5; } leaf l { type t { range "1..4"; } mandatory true; }"#,
    );
}

#[test]
fn a_default_that_depends_on_a_feature_that_is_off() {
    let body = "feature on; feature off;
        leaf l { type enumeration { enum b; enum a { if-feature off; } } default a; }";
    let faults = model(&[&module(body)]).unwrap_err();
    assert!(
        faults.iter().any(|fault| fault.contains("is off")),
        "{faults:#?}"
    );
    let body = "feature on; feature off;
        leaf l { if-feature off; type enumeration { enum b; enum a { if-feature off; } } default a; }";
    let faults = model(&[&module(body)]).unwrap_err();
    assert!(
        faults.iter().all(|fault| !fault.contains("is off")),
        "{faults:#?}"
    );
}

#[test]
fn canonical_forms_of_strings_are_those_of_their_typedefs() {
    let types = "module ietf-yang-types { namespace \"urn:ietf:params:xml:ns:yang:ietf-yang-types\"; prefix yang;
        typedef mac-address { type string; } typedef date-and-time { type string; } }";
    let m = module(
        "import ietf-yang-types { prefix y; }
         typedef own { type y:mac-address { length 2; } }
         leaf a { type own; default AB; }
         leaf b { type y:date-and-time; default \"2026-11-29T10:00:00+02:00\"; }",
    );
    let model = model(&[&m, types]).unwrap();
    let form = |name: &str| match &ty(&model, name).ty {
        Type::String { canonical, .. } => *canonical,
        other => panic!("{other:?}"),
    };
    assert_eq!(form("a"), Some(CanonicalForm::SmallLetters));
    assert_eq!(default(&model, "a").as_deref(), Some("ab"));
    assert_eq!(form("b"), Some(CanonicalForm::DateAndTime));
    assert_eq!(
        default(&model, "b").as_deref(),
        Some("2026-11-29T10:00:00+02:00")
    );
}

#[test]
fn typedefs_that_stand_alone() {
    let text = module(
        "leaf a { type int8; } typedef t { type int8; }
         typedef r { type leafref { path \"/m:a\"; } } typedef u { type union { type t; type r; } }",
    );
    let (modules, _) = load(&[&text]);
    let found = Types::new(&modules).standing_alone(modules.by_name("m").unwrap());
    let name = QName {
        module: "m".to_owned(),
        name: "t".to_owned(),
    };
    assert_eq!(found, [name]);
}
