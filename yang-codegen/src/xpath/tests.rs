//! Expressions with the form that they are parsed to, and expressions that are refused.

use super::*;
use crate::model::xpath::Function;

/// The module `own` holds the node, the expression stands in `text`, `p` is the prefix of `other`.
struct Known;

impl Names for Known {
    fn current(&self) -> &'static str {
        "own"
    }

    fn written_in(&self) -> &'static str {
        "text"
    }

    fn prefix(&self, prefix: &str) -> Option<&'static str> {
        (prefix == "p").then_some("other")
    }

    fn derived(&self, identity: &QName) -> Option<Vec<QName>> {
        let known = ["base", "leaf"];
        known.contains(&&*identity.name).then(|| {
            let names = if identity.name == "base" {
                &["z", "a"][..]
            } else {
                &[]
            };
            names.iter().map(|name| name_in("other", name)).collect()
        })
    }
}

fn name_in(module: &str, name: &str) -> QName {
    QName {
        module: module.to_owned(),
        name: name.to_owned(),
    }
}

/// The expression with parentheses around each operation, and no abbreviation but `..` and `.`.
fn show(expr: &Expr) -> String {
    let two = |operator: String, one: &Expr, other: &Expr| {
        format!("({} {operator} {})", show(one), show(other))
    };
    match expr {
        Expr::Path(Path { absolute, steps }) => {
            format!("{}{}", if *absolute { "/" } else { "" }, show_steps(steps))
        }
        Expr::Filter {
            of,
            predicates,
            steps,
        } => format!(
            "{{{}}}{}/{}",
            show(of),
            show_predicates(predicates),
            show_steps(steps)
        ),
        Expr::Union(one, other) => two("|".to_owned(), one, other),
        Expr::Or(one, other) => two("or".to_owned(), one, other),
        Expr::And(one, other) => two("and".to_owned(), one, other),
        Expr::Compare(comparison, one, other) => two(format!("{comparison:?}"), one, other),
        Expr::Arithmetic(arithmetic, one, other) => two(format!("{arithmetic:?}"), one, other),
        Expr::Negate(of) => format!("-{}", show(of)),
        Expr::Literal { text, name } => match name {
            Some(name) => format!("'{text}'={}:{}", name.module, name.name),
            None => format!("'{text}'"),
        },
        Expr::Number(number) => number.to_string(),
        Expr::Call(function, arguments) => {
            let arguments: Vec<String> = arguments.iter().map(show).collect();
            format!("{function:?}({})", arguments.join(", "))
        }
    }
}

fn show_steps(steps: &[Step]) -> String {
    let steps: Vec<String> = steps.iter().map(show_step).collect();
    steps.join("/")
}

fn show_step(step: &Step) -> String {
    let test = match &step.test {
        Test::Name(name) => format!("{}:{}", name.module, name.name),
        Test::Module(module) => format!("{module}:*"),
        Test::Any => "*".to_owned(),
        test => format!("{test:?}()"),
    };
    let bare = match (step.axis, &step.test) {
        (Axis::Child, _) => test,
        (Axis::Parent, Test::Node) => "..".to_owned(),
        (Axis::Itself, Test::Node) => ".".to_owned(),
        (axis, _) => format!("{axis:?}::{test}"),
    };
    bare + &show_predicates(&step.predicates)
}

fn show_predicates(predicates: &[Expr]) -> String {
    let predicates = predicates
        .iter()
        .map(|predicate| format!("[{}]", show(predicate)));
    predicates.collect()
}

fn shown(source: &str) -> String {
    match parse(source, &Known) {
        Ok(expr) => show(&expr),
        Err(Invalid(reason)) => format!("error: {reason}"),
    }
}

fn check(cases: &[(&str, &str)]) {
    for (source, wanted) in cases {
        assert_eq!(shown(source), *wanted, "{source}");
    }
}

#[test]
fn operators_bind_as_the_grammar_says() {
    check(&[
        ("1 or 2 and 3", "(1 or (2 and 3))"),
        (
            "1 = 2 < 3 + 4 * 5",
            "(1 Equal (2 Less (3 Add (4 Multiply 5))))",
        ),
        ("1 - 2 - 3", "((1 Subtract 2) Subtract 3)"),
        ("1 != 2 = 3", "((1 NotEqual 2) Equal 3)"),
        ("1 <= 2 >= 3", "((1 LessOrEqual 2) GreaterOrEqual 3)"),
        ("- 1 - -2", "(-1 Subtract -2)"),
        ("--1 + ---2 + ----3", "((--1 Add -2) Add --3)"),
        ("-a | b", "-(own:a | own:b)"),
        ("(1 or 2) and 3", "((1 or 2) and 3)"),
        ("a|b|../c", "((own:a | own:b) | ../own:c)"),
        (".5 + 5. + 10.25", "((0.5 Add 5) Add 10.25)"),
    ]);
}

#[test]
fn names_are_operators_behind_operands() {
    check(&[
        ("or or or", "(own:or or own:or)"),
        (
            "and/or and div div mod mod *",
            "(own:and/own:or and ((own:div Divide own:mod) Modulo *))",
        ),
        ("* * *", "(* Multiply *)"),
        ("a[*]*p:*", "(own:a[*] Multiply other:*)"),
        (".. * .", "(.. Multiply .)"),
        ("(1)*2", "(1 Multiply 2)"),
        ("@*", "Attribute::*"),
        ("/*", "/*"),
        ("/ and /a", "/own:and/own:a"),
        ("count(*)*2", "(Count(*) Multiply 2)"),
        ("child::*", "*"),
        ("mod-1", "own:mod-1"),
        ("a -1", "(own:a Subtract 1)"),
        ("'a'or'b'", "('a'=text:a or 'b'=text:b)"),
        ("text", "own:text"),
        ("count", "own:count"),
    ]);
}

#[test]
fn paths_and_their_abbreviations() {
    check(&[
        ("/", "/"),
        ("/ = 'x'", "(/ Equal 'x'=text:x)"),
        ("/p:a/b", "/other:a/own:b"),
        ("//a", "/DescendantOrSelf::Node()/own:a"),
        ("a//b", "own:a/DescendantOrSelf::Node()/own:b"),
        (".//.", "./DescendantOrSelf::Node()/."),
        (
            "ancestor-or-self::p:*/preceding-sibling::node()",
            "AncestorOrSelf::other:*/PrecedingSibling::Node()",
        ),
        ("self :: a / parent::node()", "Itself::own:a/.."),
        ("a/text()", "own:a/Text()"),
        (
            "comment()|processing-instruction('x')",
            "(Nothing() | Nothing())",
        ),
        ("namespace::a", "Attribute::own:a"),
        (
            "l[k = current()/../k][2]/v",
            "own:l[(own:k Equal {Current()}/../own:k)][2]/own:v",
        ),
        ("(a|b)[1]/c", "{(own:a | own:b)}[1]/own:c"),
        ("deref(.)//x", "{Deref(.)}/DescendantOrSelf::Node()/own:x"),
        ("((a))", "own:a"),
        ("current()[1]", "{Current()}[1]/"),
    ]);
}

#[test]
fn literals_are_names_where_they_can_be() {
    check(&[
        ("'p:a'", "'p:a'=other:a"),
        ("\"a\"", "'a'=text:a"),
        ("'q:a'", "'q:a'"),
        ("'a b'", "'a b'"),
        ("'1'", "'1'"),
        ("'p:a:b'", "'p:a:b'"),
        ("''", "''"),
        ("'it\"s'", "'it\"s'"),
    ]);
}

#[test]
fn functions_are_resolved() {
    check(&[
        ("concat('', 'b c', string())", "Concat('', 'b c', String())"),
        ("not(true() = false())", "Not((True() Equal False()))"),
        (
            "bit-is-set(a, '1') or enum-value(.) > 2",
            "(BitIsSet(own:a, '1') or (EnumValue(.) Greater 2))",
        ),
        ("substring-before(., '.')", "SubstringBefore(., '.')"),
    ]);
    let Ok(Expr::Call(Function::ReMatch(pattern), arguments)) =
        parse("re-match(., '[a-z]{2}.')", &Known)
    else {
        panic!("is a re-match");
    };
    assert_eq!(pattern.regex, "[a-z]{2}.");
    assert_eq!(pattern.translated, "[a-z]{2}[^\\n\\r]");
    assert_eq!(arguments.len(), 1);
}

#[test]
fn identities_are_closed_over() {
    let identities = |source: &str| match parse(source, &Known) {
        Ok(Expr::Call(Function::DerivedFrom(identities), _)) => identities
            .iter()
            .map(|name| format!("{}:{}", name.module, name.name))
            .collect::<Vec<_>>()
            .join(" "),
        other => panic!("is no derived-from: {other:?}"),
    };
    assert_eq!(identities("derived-from(a, 'p:base')"), "other:a other:z");
    assert_eq!(
        identities("derived-from-or-self(a, \"base\")"),
        "other:a other:z text:base"
    );
    assert_eq!(identities("derived-from(a, 'leaf')"), "");
    let absent = parse("derived-from(a, 'p:no')", &Known);
    let Ok(Expr::Call(Function::DerivedFromNothing(identity), _)) = absent else {
        panic!("there is such an identity: {absent:?}");
    };
    assert_eq!((&*identity.module, &*identity.name), ("other", "no"));
}

#[test]
fn what_is_wrong_is_said() {
    check(&[
        ("", "error: it ends too early"),
        ("a or", "error: it ends too early"),
        ("a b", "error: \"b\" is not expected there"),
        ("a]", "error: \"]\" is not expected there"),
        ("a[1", "error: \"]\" is missing at the end"),
        ("(a, b)", "error: \")\" is missing before \", b)\""),
        ("a = #", "error: \"#\" is not expected there"),
        ("'a", "error: the literal 'a has no end"),
        (
            "$x = 1",
            "error: $x = 1 starts with a variable, and YANG has none",
        ),
        ("q:a", "error: no module has the prefix \"q\" there"),
        ("q:*", "error: no module has the prefix \"q\" there"),
        ("up::a", "error: there is no axis \"up\""),
        (
            "a/count(b)",
            "error: count() is no node test, and a function cannot be a step",
        ),
        (
            "counts(a)",
            "error: there is no function counts(); did you mean \"count\"?",
        ),
        ("p:f(a)", "error: \"(a)\" is not expected there"),
        ("count()", "error: count() takes 1 arguments, not 0"),
        (
            "substring('a')",
            "error: substring() takes 2 to 3 arguments, not 1",
        ),
        (
            "concat('a')",
            "error: concat() takes 2 or more arguments, not 1",
        ),
        (
            "sum(1)",
            "error: the first argument of sum() is no set of nodes",
        ),
        ("a | 1", "error: an operand of | is no set of nodes"),
        (
            "'a'[1]",
            "error: only a set of nodes can have predicates and steps",
        ),
        (
            "string(a)/b",
            "error: only a set of nodes can have predicates and steps",
        ),
        (
            "derived-from(a, b)",
            "error: the second argument of derived-from() has to be a literal, so that it is known when code is generated",
        ),
        (
            "derived-from(a, 'q:base')",
            "error: no module has the prefix \"q\" there",
        ),
        (
            "derived-from('a', 'base')",
            "error: the first argument of derived-from() is no set of nodes",
        ),
        (
            "re-match(a, concat('a', 'b'))",
            "error: the second argument of re-match() has to be a literal, so that it is known when code is generated",
        ),
        (
            "re-match(a, '\\q')",
            "error: the pattern \\q: generated code has no escape \\q",
        ),
    ]);
    let deep = format!("{}1{}", "(".repeat(200), ")".repeat(200));
    assert_eq!(
        shown(&deep),
        "error: more than 100 expressions are in one another"
    );
    let long = format!("1{}", " or 1".repeat(100_000));
    assert_eq!(shown(&long), "error: more than 500 operators");
    assert!(!shown(&format!("1{}", " + 1".repeat(500))).starts_with("error"));
}

fn path(source: &str) -> Option<(Option<usize>, String)> {
    match leafref(source, &Known) {
        Ok(LeafrefPath::Plain(path)) => {
            let steps = path
                .steps
                .iter()
                .map(|step| format!("{}:{}", step.module, step.name));
            Some((path.ups, steps.collect::<Vec<_>>().join(" ")))
        }
        _ => None,
    }
}

#[test]
fn leafrefs_that_are_lists_of_names() {
    let plain = |ups, steps: &str| Some((ups, steps.to_owned()));
    assert_eq!(path("/p:a/b"), plain(None, "other:a own:b"));
    assert_eq!(path("../../p:a"), plain(Some(2), "other:a"));
    assert_eq!(path(" .. / a / b "), plain(Some(1), "own:a own:b"));
    for source in [
        "/a[b=current()/../c]/d",
        "deref(../a)/b",
        "a/b",
        "..",
        "/",
        "//a",
        "../*",
        "../a/..",
    ] {
        let expr = leafref(source, &Known);
        assert!(matches!(expr, Ok(LeafrefPath::Expr { .. })), "{source}");
    }
    assert_eq!(
        leafref("1", &Known),
        Err(Invalid("it is no path".to_owned()))
    );
}
