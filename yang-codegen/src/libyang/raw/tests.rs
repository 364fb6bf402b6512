//! Each view over a module of every form.

mod extensions;
mod operations;
mod types;

use std::fs;
use std::path::PathBuf;

use tempfile::TempDir;

use super::*;

const MODULE: &str = r#"module m {
  yang-version 1.1;
  namespace "urn:m";
  prefix m;
  import i { prefix other; }
  include s;
  description "A module.";
  reference "RFC 0";
  revision 2024-01-01;
  extension e;
  m:e;
  feature on { description "On."; }
  feature off { m:e; }
  identity base { m:e; }
  identity derived { base base; base other:far; status deprecated; }
  typedef plain { type string; units u; default d; description "Plain."; }
  typedef old { type string; status obsolete; }
  typedef narrow { m:e; type string { length 1..4 { m:e; } } }
  typedef listed { type enumeration { m:e; enum x { m:e; } } }
  typedef same { type m:plain; }
  container a {
    m:e;
    presence here;
    must "1";
    list l {
      key k;
      unique v;
      min-elements 1;
      max-elements 4;
      leaf k { type string; }
      leaf v { type string; }
      action go;
    }
    leaf number { type int8 { range "-1..2 | 5" { error-message far; } } units m; default 05; }
    leaf big { type uint64; mandatory true; }
    leaf text { when "1"; type string { length 1..4 { error-app-tag t; }
      pattern 'a+' { error-message as; error-app-tag p; } pattern b { modifier invert-match; } } }
    leaf choice { type enumeration { enum one; enum nine { value 9; description "Nine."; } } }
    leaf ref { type leafref { path "/m:a/m:number"; require-instance false; } }
    leaf-list tags { config false; type plain; units t; default x; }
    container inner { typedef local { type int8; } leaf scoped { type local; } }
    notification happened;
  }
  container b {
    leaf flags { type bits { bit high { position 9; description "High."; } bit next; bit low { position 0; } } }
    leaf money { type decimal64 { fraction-digits 2; range "-1.5..2"; } }
    leaf id { type identityref { base base; } }
    leaf far { type identityref { base other:far; base base; } }
    leaf any { type union { type int8; type union { type string; type leafref { path "/m:a/m:number"; } } } }
    leaf octets { type binary { length 3; } }
    leaf there { type instance-identifier { require-instance false; } }
  }
  rpc run;
  notification told;
}
"#;

const IMPORTED: &str = r#"module i { yang-version 1.1; namespace "urn:i"; prefix i;
  identity far; }"#;

const SUBMODULE: &str = r"submodule s { yang-version 1.1; belongs-to m { prefix m; }
  import ietf-yang-types { prefix yang; }
  import ietf-inet-types { prefix inet; revision-date 2013-07-15; }
  feature sub; identity from-sub; typedef sub-type { type int8; } }";

/// A context with the module `m` and its feature `on`.
struct Loaded {
    folder: TempDir,
    context: Context,
}

impl Loaded {
    fn new() -> Self {
        let folder = TempDir::new().expect("makes a folder");
        for (name, text) in [
            ("m.yang", MODULE),
            ("i.yang", IMPORTED),
            ("s.yang", SUBMODULE),
        ] {
            fs::write(folder.path().join(name), text).expect("writes");
        }
        let mut context = Context::new(&[folder.path()]).expect("makes a context");
        context
            .load(&folder.path().join("m.yang"), &["on"])
            .and_then(|()| context.compile())
            .expect("loads");
        Self { folder, context }
    }

    fn path(&self, file: &str) -> PathBuf {
        self.folder
            .path()
            .canonicalize()
            .expect("is there")
            .join(file)
    }

    fn module(&self, name: &str) -> Module<'_> {
        let found = self
            .context
            .modules()
            .into_iter()
            .find(|module| module.name() == name);
        found.expect("is loaded")
    }

    /// The node that the names below the container `a` lead to.
    fn node(&self, names: &[&str]) -> Node<'_> {
        let mut node = self.module("m").data()[0];
        for name in names {
            let child = node
                .children()
                .into_iter()
                .find(|child| child.name() == *name);
            node = child.expect("is there");
        }
        node
    }

    fn compiled(&self, leaf: &str) -> Type<'_> {
        self.node(&[leaf]).compiled_type().expect("has a type")
    }

    fn typedef(&self, name: &str) -> Typedef<'_> {
        let found = self
            .module("m")
            .typedefs()
            .into_iter()
            .find(|typedef| typedef.name() == name);
        found.expect("is there")
    }
}

fn names(nodes: &[Node<'_>]) -> Vec<String> {
    nodes.iter().map(|node| node.name().to_owned()).collect()
}

#[test]
fn a_file_that_libyang_refuses_is_logged() {
    let folder = TempDir::new().expect("makes a folder");
    let file = folder.path().join("m.yang");
    fs::write(&file, "module m {\n oops; }").expect("writes");
    let mut context = Context::new(&[folder.path()]).expect("makes a context");
    assert_eq!(context.logged(), []);
    let logged = context.load(&file, &[]).expect_err("is wrong");
    assert_eq!(logged[0].line, Some(2));
    assert!(logged[0].message.contains("oops"));
    assert_eq!(context.logged(), logged);
}

#[test]
fn what_libyang_cannot_be_asked_is_refused() {
    let mut context = Context::new(&[""; 0]).expect("makes a context");
    for file in ["/nowhere/m.yang", "a\0b"] {
        assert!(context.load(Path::new(file), &[]).is_err(), "{file:?}");
    }
    let loaded = Loaded::new();
    assert!(context.load(&loaded.path("i.yang"), &["a\0b"]).is_err());
}

#[test]
fn a_search_folder_that_is_not_there_is_refused() {
    assert!(Context::new(&["/nowhere"]).is_err());
}

#[test]
fn null_is_no_text_and_an_empty_array() {
    // SAFETY: null is what both take.
    unsafe {
        assert_eq!(text(std::ptr::null()), None);
        assert!(array::<u8>(std::ptr::null()).is_empty());
        let nothing = described(std::ptr::null(), std::ptr::null(), 0);
        assert_eq!((nothing.description, nothing.reference), (None, None));
    }
}

#[test]
fn modules_and_their_texts() {
    let loaded = Loaded::new();
    let m = loaded.module("m");
    assert_eq!(
        (m.name(), m.namespace(), m.prefix(), m.revision()),
        ("m", "urn:m", "m", Some("2024-01-01"))
    );
    assert_eq!(m.file(), Some(loaded.path("m.yang").as_path()));
    assert_eq!(m.submodule_files(), [loaded.path("s.yang")]);
    assert_eq!(m.docs().description, Some("A module."));
    assert_eq!(m.docs().reference, Some("RFC 0"));
    let extension = m.extensions()[0];
    assert!(extension.is("m", "e") && extension.argument().is_none());
    assert!(extension.annotation_type().is_none() && extension.nodes().is_empty());
    assert!(m.is_implemented() && !loaded.module("i").is_implemented());
    assert_eq!(loaded.module("ietf-yang-types").file(), None);
    assert_eq!(loaded.module("i").revision(), None);
    assert!(loaded.module("i").data().is_empty() && loaded.module("i").operations().is_empty());
    assert_eq!(names(&m.data()), ["a", "b"]);
    assert_eq!(names(&m.operations()), ["run", "told"]);
}

#[test]
fn features_and_identities() {
    let loaded = Loaded::new();
    let m = loaded.module("m");
    let features: Vec<_> = m
        .features()
        .iter()
        .map(|feature| (feature.name, feature.enabled, feature.docs.description))
        .collect();
    assert_eq!(
        features,
        [
            ("on", true, Some("On.")),
            ("off", false, None),
            ("sub", false, None)
        ]
    );
    let identities: Vec<_> = m
        .identities()
        .into_iter()
        .map(|identity| (identity.name, identity.bases, identity.docs.is_deprecated()))
        .collect();
    assert_eq!(
        identities,
        [
            ("base", vec![], false),
            ("derived", vec!["base", "other:far"], true),
            ("from-sub", vec![], false)
        ]
    );
}

#[test]
fn prefixes_mean_modules() {
    let loaded = Loaded::new();
    let m = loaded.module("m");
    let named = |prefix| m.by_prefix(prefix).map(Module::name);
    assert_eq!(named("m"), Some("m"));
    assert_eq!(named("other"), Some("i"));
    assert_eq!(named("yang"), Some("ietf-yang-types"));
    assert_eq!(named("nobody"), None);
    let imports: Vec<&str> = m
        .imports_of_any_revision()
        .into_iter()
        .map(Module::name)
        .collect();
    assert_eq!(imports, ["i", "ietf-yang-types"]);
}

#[test]
fn a_file_takes_the_place_of_a_built_in_module() {
    let loaded = Loaded::new();
    let file = loaded.path("ietf-yang-types.yang");
    let types = "module ietf-yang-types { namespace urn:ietf:params:xml:ns:yang:ietf-yang-types; prefix yang;
        revision 2010-09-24; }";
    fs::write(&file, types).expect("writes");
    let mut context = Context::new(&[loaded.folder.path()]).expect("makes a context");
    let revisions = |context: &Context| -> Vec<String> {
        let modules = context.modules();
        let types = modules.iter().filter(|m| m.name() == "ietf-yang-types");
        types
            .filter_map(|m| m.revision())
            .map(ToOwned::to_owned)
            .collect()
    };
    assert_eq!(revisions(&context), ["2013-07-15"]);
    assert!(context.modules().iter().all(|m| context.holds(*m)));
    context.load(&file, &[]).expect("loads");
    assert_eq!(revisions(&context), ["2010-09-24"]);
    context
        .load(&loaded.path("m.yang"), &[])
        .expect("imports it");
    let modules = context.modules();
    let m = modules.iter().find(|m| m.name() == "m").expect("is there");
    let imported = m.by_prefix("yang").expect("is imported");
    assert_eq!(imported.revision(), Some("2010-09-24"));
    assert!(context.holds(imported));
}

#[test]
fn nodes_and_their_flags() {
    let loaded = Loaded::new();
    let a = loaded.node(&[]);
    assert_eq!(a.keyword(), Keyword::Container);
    assert_eq!(a.module().map(Module::name), Some("m"));
    assert!(a.extensions().len() == 1 && a.extensions()[0].is("m", "e"));
    assert!(a.has_presence() && a.musts().len() == 1 && a.is_config() && a.whens().is_empty());
    assert_eq!(names(&a.operations()), ["happened"]);
    assert_eq!(a.operations()[0].keyword().as_str(), "notification");
    assert!(!loaded.node(&["inner"]).has_presence());
    assert!(loaded.node(&["text"]).whens().len() == 1 && loaded.node(&["text"]).musts().is_empty());
    assert!(loaded.node(&["big"]).is_mandatory() && !loaded.node(&["number"]).is_mandatory());
    assert!(!loaded.node(&["tags"]).is_config());
    assert!(a.compiled_type().is_none() && a.type_statement().is_none() && a.units().is_none());
    assert!(a.default(&loaded.context).is_none() && a.leafref_target().is_none());
}

#[test]
fn lists_and_leaf_lists() {
    let loaded = Loaded::new();
    let list = loaded.node(&["l"]);
    assert_eq!(list.keyword(), Keyword::List);
    assert_eq!(list.default_case(), None);
    assert!(!list.is_ordered_by_user());
    assert_eq!(names(&list.uniques()[0][0]), ["v"]);
    assert_eq!(list.elements(), (1, Some(4)));
    assert_eq!(names(&list.operations()), ["go"]);
    let key = loaded.node(&["l", "k"]);
    assert!(key.is_key() && key.is_mandatory());
    assert!(!loaded.node(&["l", "v"]).is_key());
    let tags = loaded.node(&["tags"]);
    assert_eq!(tags.keyword().as_str(), "leaf-list");
    assert_eq!((tags.elements(), tags.units()), ((0, None), Some("t")));
    assert_eq!(tags.defaults(&loaded.context), ["x"]);
    assert!(tags.uniques().is_empty() && list.defaults(&loaded.context).is_empty());
    assert_eq!(loaded.node(&["big"]).elements(), (0, None));
    // libyang has it of all state, for which the statement says nothing.
    assert!(!tags.is_ordered_by_user());
}

#[test]
fn leafs_with_defaults_and_units() {
    let loaded = Loaded::new();
    let number = loaded.node(&["number"]);
    // In canonical form, not as it is written.
    assert_eq!(number.default(&loaded.context), Some("5"));
    assert_eq!(number.units(), Some("m"));
    assert_eq!(loaded.node(&["big"]).default(&loaded.context), None);
}

#[test]
fn typedefs_and_type_statements() {
    let loaded = Loaded::new();
    let all: Vec<&str> = loaded
        .module("m")
        .typedefs()
        .iter()
        .map(|t| t.name())
        .collect();
    assert_eq!(
        all,
        ["plain", "old", "narrow", "listed", "same", "sub-type"]
    );
    let plain = loaded.typedef("plain");
    assert_eq!((plain.units(), plain.default()), (Some("u"), Some("d")));
    assert_eq!(plain.docs().description, Some("Plain."));
    let old = loaded.typedef("old").docs();
    assert!(old.is_obsolete() && !old.is_deprecated() && !plain.docs().is_obsolete());
    assert_eq!(plain.type_statement().name(), "string");
    assert!(!plain.type_statement().adds_restrictions());
    assert!(
        loaded
            .typedef("narrow")
            .type_statement()
            .adds_restrictions()
    );
    let same = loaded.typedef("same").type_statement();
    assert_eq!(
        (same.name(), same.module().map(Module::name)),
        ("m:plain", Some("m"))
    );
    let (compiled, tags) = (
        plain.type_statement().compiled().expect("is compiled"),
        loaded.compiled("tags"),
    );
    assert!(compiled.is(tags) && !compiled.is(loaded.compiled("text")));
}

#[test]
fn a_typedef_may_stand_in_the_statements_around() {
    let loaded = Loaded::new();
    let scoped = loaded.node(&["inner", "scoped"]);
    let statement = scoped.type_statement().expect("has a type");
    assert_eq!(statement.name(), "local");
    let local = statement.scoped_typedef("local").expect("is there");
    assert!(!local.is_at_top() && local.name() == "local");
    assert!(statement.scoped_typedef("plain").is_none());
    let tags = loaded.node(&["tags"]).type_statement().expect("has a type");
    assert!(tags.scoped_typedef("local").is_none());
    assert!(loaded.typedef("plain").is_at_top());
}

#[test]
fn numbers_and_their_ranges() {
    let loaded = Loaded::new();
    let number = loaded.compiled("number");
    assert_eq!(
        number.base(),
        Base::Int {
            bits: 8,
            signed: true
        }
    );
    let range = number.range().expect("has a range");
    assert_eq!(
        (range.parts, range.on_error.message),
        (vec![(-1, 2), (5, 5)], Some("far"))
    );
    let big = loaded.compiled("big");
    assert_eq!(
        big.base(),
        Base::Int {
            bits: 64,
            signed: false
        }
    );
    let bounds = big
        .range()
        .map_or_else(|| vec![(0, i128::from(u64::MAX))], |range| range.parts);
    assert_eq!(bounds, [(0, i128::from(u64::MAX))]);
    assert!(loaded.compiled("choice").range().is_none());
}

#[test]
fn strings_and_their_patterns() {
    let loaded = Loaded::new();
    let text = loaded.compiled("text");
    assert_eq!(text.base(), Base::String);
    let length = text.range().expect("has a length");
    assert_eq!(
        (length.parts, length.on_error.app_tag),
        (vec![(1, 4)], Some("t"))
    );
    let patterns: Vec<_> = text
        .patterns()
        .into_iter()
        .map(|p| {
            (
                p.expression,
                p.inverted,
                p.on_error.message,
                p.on_error.app_tag,
            )
        })
        .collect();
    assert_eq!(
        patterns,
        [
            ("a+", false, Some("as"), Some("p")),
            ("b", true, None, None)
        ]
    );
    assert!(loaded.compiled("number").patterns().is_empty());
}

#[test]
fn enumerations_and_their_values() {
    let loaded = Loaded::new();
    let values: Vec<_> = loaded
        .compiled("choice")
        .enum_values()
        .into_iter()
        .map(|value| (value.name, value.value, value.docs.description))
        .collect();
    assert_eq!(values, [("one", 0, None), ("nine", 9, Some("Nine."))]);
    assert!(loaded.compiled("text").enum_values().is_empty());
}

#[test]
fn leafrefs_and_their_targets() {
    let loaded = Loaded::new();
    let node = loaded.node(&["ref"]);
    let leafref = loaded.compiled("ref");
    assert_eq!(leafref.base(), Base::LeafRef);
    let path = leafref.path().expect("is there");
    assert_eq!(path.text(), "/m:a/m:number");
    assert!(!leafref.requires_instance());
    assert_eq!(path.module_of(Some("m")).map(Module::name), Some("m"));
    assert_eq!(path.module_of(None).map(Module::name), Some("m"));
    assert!(path.module_of(Some("nobody")).is_none());
    assert_eq!(node.leafref_target().map(Node::name), Some("number"));
    assert!(loaded.compiled("text").path().is_none());
}
