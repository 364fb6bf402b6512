//! Expressions in modules: what is refused, what is warned of, and what their names mean.
#![allow(
    clippy::expect_used,
    clippy::indexing_slicing,
    clippy::panic,
    reason = "a test states what must hold"
)]

use std::fs;
use std::path::PathBuf;

use tempfile::TempDir;
use yang_codegen::model::xpath::{Expr, Function, Path, Test};
use yang_codegen::model::{LeafrefPath, Model, Node, NodeKind, Operation, QName, Type};
use yang_codegen::{Error, Generator};

/// A folder of modules, of which `m` is generated.
struct Modules(TempDir);

impl Modules {
    fn new(files: &[(&str, &str)]) -> Self {
        let folder = TempDir::new().expect("makes a folder");
        for (name, body) in files {
            let head = format!(
                "module {name} {{ yang-version 1.1; namespace \"urn:{name}\"; prefix {name};"
            );
            let file = folder.path().join(format!("{name}.yang"));
            fs::write(file, format!("{head}\n{body}\n}}\n")).expect("writes");
        }
        Self(folder)
    }

    fn path(&self) -> PathBuf {
        self.0.path().canonicalize().expect("is there")
    }

    fn generator(&self) -> Generator {
        Generator::new().search_path(self.path()).module("m")
    }

    fn plain(&self, text: &str) -> String {
        text.replace(&self.path().display().to_string(), "DIR")
    }

    fn warnings(&self) -> Vec<String> {
        let output = self.generator().generate().expect("generates");
        let warnings = output.warnings.iter();
        warnings
            .map(|warning| self.plain(&warning.to_string()))
            .collect()
    }

    fn model(&self) -> Model {
        self.generator().load().expect("loads")
    }
}

fn find<'m>(model: &'m Model, path: &[&str]) -> &'m Node {
    let module = model.modules.iter().find(|module| module.name == "m");
    let mut nodes = &module.expect("is there").roots;
    let (last, above) = path.split_last().expect("is a path");
    for name in above {
        let node = nodes.iter().find(|node| node.name == *name);
        nodes = match &node.expect("is there").kind {
            NodeKind::Container { children, .. } | NodeKind::List { children, .. } => children,
            _ => panic!("{name} has no children"),
        };
    }
    nodes
        .iter()
        .find(|node| node.name == *last)
        .expect("is there")
}

/// The body of a container, and what is said of it from the line on.
const REFUSED: &[(&str, &str)] = &[
    (
        "leaf b { type string;\n must \"count(1) = 1\"; }",
        "4:2: /m:a/b: must \"count(1) = 1\": the first argument of count() is no set of nodes",
    ),
    (
        "must \"true()\";\n must \"sum('absent')\";",
        "4:2: /m:a: must \"sum('absent')\": the first argument of sum() is no set of nodes",
    ),
    (
        "leaf b { when \"derived-from-or-self(../t, ../t)\"; type string; }",
        "3:10: /m:a/b: when \"derived-from-or-self(../t, ../t)\": the second argument of \
         derived-from-or-self() has to be a literal, so that it is known when code is generated",
    ),
    (
        "leaf b { type string;\n must 're-match(., \"\\q\")'; }",
        "4:2: /m:a/b: must \"re-match(., \"\\q\")\": the pattern \\q: generated code has no escape \\q",
    ),
];

/// The body of a container with leafrefs that lead to each other, and the places of their paths.
const CIRCULAR: &[(&str, [&str; 2])] = &[
    (
        "leaf b { type union { type leafref {\n path ../c; } type int8; } }\n\
         leaf c { type union { type leafref { path ../b; } type uint8; } }",
        ["4:2: path \"../c\"", "5:38: path \"../b\""],
    ),
    (
        "leaf b { type leafref {\n path ../c; } }\n\
         leaf c { type union { type leafref { path ../b; } type uint8; } }",
        ["4:2: path \"../c\"", "5:38: path \"../b\""],
    ),
];

#[test]
fn circular_leafrefs_are_faults() {
    for (body, places) in CIRCULAR {
        let modules = Modules::new(&[(
            "m",
            &format!("container a {{ leaf t {{ type string; }}\n{body} }}"),
        )]);
        let error = modules.generator().generate().expect_err("is refused");
        let faults = places.map(|place| {
            format!(
                "DIR/m.yang:{place}: the reference leads back to itself; refer to a leaf that has a \
                 value of its own (RFC 7950 section 9.9)"
            )
        });
        assert_eq!(modules.plain(&error.to_string()), faults.join("\n"));
    }
}

#[test]
fn expressions_that_cannot_be_used_stop_the_generation() {
    for (body, expected) in REFUSED {
        let modules = Modules::new(&[(
            "m",
            &format!("container a {{ leaf t {{ type string; }}\n{body} }}"),
        )]);
        let error = modules.generator().generate().expect_err("is refused");
        assert!(matches!(error, Error::Load(_)), "{body}: {error}");
        let path = expected.split(": ").nth(1).expect("has a path");
        assert_eq!(
            modules.plain(&error.to_string()),
            format!(
                "DIR/m.yang:{expected}; leave_out(\"{path}\") or --leave-out {path} leaves the node out \
                 (RFC 7950 section 6.4)"
            )
        );
    }
}

#[test]
fn what_is_no_expression_is_a_fault() {
    let modules = Modules::new(&[("m", "container a {\n must \"nosuch(1)\"; }")]);
    let error = modules.generator().generate().expect_err("is refused");
    assert!(matches!(error, Error::Load(_)), "{error}");
}

const NOWHERE: &str = r#"
  import n { prefix n; }
  grouping g {
    leaf x { type string;
      must "../y or ../z"; }
  }
  container a {
    container one { uses g; leaf y { type string; } }
    container two { uses g; leaf y { type string; } }
    leaf state { config false; type string; }
    leaf b { type string;
      when "/n:top/n:x
            = 'y'";
      must "../state" { error-message "only configuration is accessible"; }
    }
    list l { key k; leaf k { type string; } leaf v { type string; } }
    leaf r { type leafref { path ../l/k; } }
    leaf s { type leafref { path "../l[k=current()/../r]/v"; } }
    leaf t { type string;
      must "deref(../r)/../v and deref(../s)/../w";
      must "//v and //u and ancestor::a/l[absent]/k";
      must "../*/k and ../n:*";
      must "preceding-sibling::r or following::zz or ../r/text() or @x";
      must "current()/.. | ../nil"; }
  }
  augment /a {
    when "gone";
    leaf c { type string; }
  }
  augment /a {
    when "r";
    leaf d { type string; }
  }
"#;

#[test]
fn steps_that_lead_nowhere_are_warned_of() {
    let modules = Modules::new(&[
        ("m", NOWHERE),
        ("n", "container top { leaf x { type string; } }"),
    ]);
    let nowhere = "so it gives no nodes";
    let expected = [
        r#"6: /m:a/one/x: must "../y or ../z": no node is where the step m:z leads"#,
        r#"13: /m:a/b: when "/n:top/n:x = 'y'": no node is where the step n:top leads"#,
        r#"15: /m:a/b: must "../state": no node is where the step m:state leads"#,
        r#"21: /m:a/t: must "deref(../r)/../v and deref(../s)/../w": no node is where the step m:w leads"#,
        r#"22: /m:a/t: must "//v and //u and ancestor::a/l[absent]/k": no node is where the step m:u leads"#,
        r#"22: /m:a/t: must "//v and //u and ancestor::a/l[absent]/k": no node is where the step m:absent leads"#,
        r#"23: /m:a/t: must "../*/k and ../n:*": no node is where the step n:* leads"#,
        r#"24: /m:a/t: must "preceding-sibling::r or following::zz or ../r/text() or @x": no node is where the step m:zz leads"#,
        r#"25: /m:a/t: must "current()/.. | ../nil": no node is where the step m:nil leads"#,
        r#"28: /m:a/c: when "gone": no node is where the step m:gone leads"#,
    ]
    .map(|warning| format!("DIR/m.yang:{warning}, {nowhere}"));
    assert_eq!(modules.warnings(), expected);
}

/// As ietf-ospfv3-extended-lsa@2024-06-07 has it: the identity is one of an imported module.
#[test]
fn identities_that_there_are_not_are_warned_of() {
    let modules = Modules::new(&[
        (
            "m",
            "import n { prefix n; } identity own { base n:kind; }\n\
             leaf b { type identityref { base n:kind; }\n\
             must \"derived-from(., 'stub') or derived-from-or-self(., 'n:wide')\"; }",
        ),
        ("n", "identity kind; identity stub { base kind; }"),
    ]);
    let must = "must \"derived-from(., 'stub') or derived-from-or-self(., 'n:wide')\"";
    let expected = ["m:stub", "n:wide"].map(|identity| {
        format!(
            "DIR/m.yang:4: /m:b: {must}: there is no identity {identity}, so nothing is derived from it"
        )
    });
    assert_eq!(modules.warnings(), expected);
}

fn names(expr: &Expr, found: &mut Vec<String>) {
    match expr {
        Expr::Path(Path { steps, .. }) => {
            for step in steps {
                if let Test::Name(QName { module, name }) = &step.test {
                    found.push(format!("{module}:{name}"));
                }
            }
        }
        Expr::Compare(_, one, other) | Expr::And(one, other) | Expr::Or(one, other) => {
            names(one, found);
            names(other, found);
        }
        Expr::Literal { text, name } => {
            let name = name
                .as_ref()
                .map_or_else(String::new, |name| format!("{}:{}", name.module, name.name));
            found.push(format!("'{text}'={name}"));
        }
        Expr::Call(Function::DerivedFrom(identities), arguments) => {
            for argument in arguments {
                names(argument, found);
            }
            found.extend(
                identities
                    .iter()
                    .map(|name| format!("{}:{}", name.module, name.name)),
            );
        }
        _ => panic!("is not in these tests: {expr:?}"),
    }
}

fn names_of(expr: &Expr) -> String {
    let mut found = Vec::new();
    names(expr, &mut found);
    found.join(" ")
}

/// The module that a grouping stands in gives the prefixes; the one that uses it gives the names
/// without.
#[test]
fn names_mean_what_they_mean_to_libyang() {
    let modules = Modules::new(&[
        (
            "m",
            "import n { prefix other; } import k { prefix k; }\n\
             container a { uses other:g { when \"kind = 'other:x'\"; } leaf kind { type string; } }\n\
             augment /a { when \"a/kind\"; leaf added { when \"../kind\"; type string; } }",
        ),
        (
            "n",
            "import m2 { prefix m; } identity base; identity x { base base; }\n\
             grouping g { leaf b { type string; must \"../kind = 'x' and ../m:top != 'm:t'\";\n\
             must \"derived-from(../kind, 'n:base')\"; } }",
        ),
        ("m2", "container top;"),
        ("k", "import n { prefix n; } identity y { base n:x; }"),
    ]);
    let model = modules.model();
    let b = find(&model, &["a", "b"]);
    let musts: Vec<String> = b
        .rules
        .must
        .iter()
        .map(|must| names_of(&must.expr))
        .collect();
    assert_eq!(
        musts,
        ["m:kind 'x'=n:x m2:top 'm:t'=m2:t", "m:kind k:y n:x"]
    );
    assert_eq!(b.rules.when.len(), 1);
    assert_eq!(names_of(&b.rules.when[0].expr), "m:kind 'other:x'=n:x");
    assert!(b.rules.when[0].of_parent);
    let added = find(&model, &["a", "added"]);
    let whens: Vec<(&str, bool)> = added
        .rules
        .when
        .iter()
        .map(|when| (when.source.as_str(), when.of_parent))
        .collect();
    assert_eq!(whens, [("../kind", false), ("a/kind", true)]);
}

#[test]
fn refinements_and_deviations_bring_their_own_statements() {
    let modules = Modules::new(&[(
        "m",
        "grouping g { leaf b { type string; must \"1\"; } }\n\
             container a { uses g { refine b { must \"2\" { error-message no; error-app-tag t; } } } }\n\
             deviation /a/b { deviate add { must \"3\"; } }",
    )]);
    let model = modules.model();
    let musts: Vec<_> = find(&model, &["a", "b"])
        .rules
        .must
        .iter()
        .map(|must| {
            (
                &*must.source,
                must.message.as_deref(),
                must.app_tag.as_deref(),
            )
        })
        .collect();
    assert_eq!(
        musts,
        [
            ("1", None, None),
            ("2", Some("no"), Some("t")),
            ("3", None, None)
        ]
    );
}

#[test]
fn operations_have_constraints() {
    let modules = Modules::new(&[(
        "m",
        "container a { leaf b { type string; } }\n\
         augment /a { when b; action go { input { must \"x or y\"; leaf x { type string; } }\n\
         output { must \"../b\"; leaf y { type string; } } } }\n\
         notification n { must \"x and /a/b\"; leaf x { type string; when \"../z\"; } }",
    )]);
    let model = modules.model();
    let a = find(&model, &["a"]);
    let [Operation::Action(call)] = &*a.operations else {
        panic!("has an action");
    };
    for (node, must) in [(&call.input, "x or y"), (&call.output, "../b")] {
        assert_eq!(node.rules.must[0].source, must);
        assert_eq!(node.rules.must.len(), 1);
    }
    assert_eq!(call.input.rules.when[0].source, "b");
    assert!(call.input.rules.when[0].of_parent);
    assert_eq!(call.output.rules.when, []);
    let warnings = modules.warnings();
    assert_eq!(warnings.len(), 2, "{warnings:?}");
    assert!(warnings[0].contains("/m:a/go: must \"x or y\": no node is where the step m:y"));
    assert!(warnings[1].contains("/m:n/x: when \"../z\": no node is where the step m:z"));
}

#[test]
fn leafrefs_with_predicates_are_expressions() {
    let modules = Modules::new(&[(
        "m",
        "container a { list l { key k; leaf k { type string; } leaf-list v { type int8; } }\n\
         leaf k { type leafref { path ../l/k; } }\n\
         leaf v { type leafref { path \"../l[k=current()/../k]/v\"; require-instance false; } }\n\
         leaf w { type leafref { path \"deref(../k)/../v\"; } } }",
    )]);
    let model = modules.model();
    let path = |name: &str| {
        let NodeKind::Leaf { ty, .. } = &find(&model, &["a", name]).kind else {
            panic!("is a leaf");
        };
        let Type::LeafRef { path, target, .. } = &ty.ty else {
            panic!("is a leafref");
        };
        let is_number = matches!(target.ty, Type::Int { .. });
        (path.clone(), is_number)
    };
    assert!(matches!(path("k"), (LeafrefPath::Plain(_), false)));
    for (name, written) in [("v", "../l[k=current()/../k]/v"), ("w", "deref(../k)/../v")] {
        let (LeafrefPath::Expr { source, .. }, true) = path(name) else {
            panic!("{name} is an expression that leads to numbers");
        };
        assert_eq!(source, written);
    }
}

/// A typedef with a relative path leads to another leaf from each that has it.
#[test]
fn typedefs_with_relative_paths_are_no_types_of_their_own() {
    let modules = Modules::new(&[
        (
            "m",
            "import n { prefix n; }\n\
             typedef here { type leafref { path ../x; } }\n\
             typedef some { type union { type here; type n:there; type boolean; } }\n\
             container a { leaf x { type int8; } leaf y { type here; } leaf z { type some; } }\n\
             container b { leaf x { type string; } leaf y { type here; } leaf z { type some; } }",
        ),
        (
            "n",
            "typedef there { type leafref { path \"/n:top/n:x\"; } }\n\
             container top { leaf x { type int8; } }",
        ),
    ]);
    let model = modules.model();
    let ty = |path: &[&str]| match &find(&model, path).kind {
        NodeKind::Leaf { ty, .. } => ty.clone(),
        _ => panic!("is a leaf"),
    };
    for (container, is_number) in [("a", true), ("b", false)] {
        let y = ty(&[container, "y"]);
        assert_eq!(y.typedef, None);
        let Type::LeafRef { target, .. } = y.ty else {
            panic!("is a leafref");
        };
        assert_eq!(matches!(target.ty, Type::Int { .. }), is_number);
        let z = ty(&[container, "z"]);
        assert_eq!(z.typedef, None);
        let Type::Union(members) = z.ty else {
            panic!("is a union");
        };
        let named = members.iter().map(|member| member.typedef.is_some());
        assert_eq!(named.collect::<Vec<_>>(), [false, true, false]);
    }
}

/// Constraints that a grouping has once are generated once.
#[test]
fn constraints_that_repeat_are_one_static() {
    let uses: Vec<String> = (0..50)
        .map(|at| format!("container c{at} {{ uses g; }}"))
        .collect();
    let modules = Modules::new(&[(
        "m",
        &format!(
            "grouping g {{ leaf b {{ when \"../c = 'x' or re-match(../c, 'a+')\"; type string; }}\n\
             leaf c {{ type string; }} }}\n{}",
            uses.join("\n")
        ),
    )]);
    let source = modules.generator().generate().expect("generates").source;
    assert_eq!(source.matches("static EXPR_").count(), 1);
    assert_eq!(source.matches("static PATTERN_").count(), 1);
    assert_eq!(source.matches("static RULES_").count(), 1);
    assert_eq!(source.matches("::RULES_").count(), 50);
}
