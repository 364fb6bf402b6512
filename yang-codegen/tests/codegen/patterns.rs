//! Patterns beside libyang, which gives them to PCRE after a few changes of its own.
#![allow(
    clippy::expect_used,
    clippy::indexing_slicing,
    reason = "a test states what must hold"
)]

use std::fmt::Write as _;
use std::fs;

use notif_runtime::schema::Pattern;
use tempfile::TempDir;
use yang_codegen::Generator;
use yang_codegen::model::{NodeKind, Type};
use yang2::context::{Context, ContextFlags};
use yang2::data::{DataFormat, DataParserFlags, DataTree, DataValidationFlags};

/// Patterns and the texts to try: both sides say the same of each.
const ALIKE: &[(&str, &[&str])] = &[
    ("a^b$", &["a^b$", "ab"]),
    ("a.c", &["abc", "aéc", "a\nc", "ac"]),
    (r"\d+", &["0", "0٣", "a", ""]),
    (r"\D", &["a", "1", "٣"]),
    ("[a-z]{2,3}", &["a", "ab", "abc", "abcd"]),
    ("[^a-c]", &["a", "d", "", "é"]),
    ("[a-]+", &["a-", "b"]),
    ("[-a]+", &["-a", "b"]),
    (r"[a\-z]+", &["a-z", "b"]),
    ("[a-c-e]+", &["b-e", "d"]),
    (r"[a&&b~~]+", &["a&b~", "c"]),
    ("[+--]+", &["+,-", "."]),
    ("[!--/]", &["/", "0", "-"]),
    (r"[\[-\]]+", &[r"[\]", "-"]),
    (r"[\n\r\t]", &["\n", "\t", "n"]),
    (r"\p{L}\p{Nd}\P{L}", &["a1-", "é٣1", "a1b", "11-"]),
    (r"[\p{Lu}_]+", &["A_É", "a"]),
    (r"[^\p{L}]", &["1", "a"]),
    (r"\p{IsBasicLatin}+", &["a1~", "é"]),
    ("(a|b)*c?", &["", "abac", "cc"]),
    ("a|b", &["a", "b", "ab"]),
    ("(ab){2}", &["abab", "ab"]),
    ("a{0}b", &["b", "ab"]),
    (r"\.\*\?\+\(\)\{\}\|\[\]\-\\", &[r".*?+(){}|[]-\", ".*"]),
    (r"\/\@\#\'", &["/@#'", "/"]),
    (r"(\/[a-z]+)*", &["/a/b", "", "/"]),
    (r"[0-9a-fA-F]{2}(:[0-9a-fA-F]{2})*", &["0a:Ff", "0a:", "0"]),
    (
        r"(([0-9]|[1-9][0-9]|25[0-5])\.){3}([0-9]|25[0-5])(%[\p{N}\p{L}]+)?",
        &["1.2.25.255", "1.2.3.255%eth0", "1.2.3"],
    ),
    (".{1,255}", &["a", "", "日本"]),
    (".*", &["", "a b"]),
    ("[^\n]*", &["a", "a\nb"]),
    (r"[^\*].*", &["a*", "*a"]),
    (r".*[^\s].*|.*\S.*", &["a", " a ", "   "]),
    (r"\s*", &["", " \t\n", "a"]),
];

/// Patterns on which the engines differ, with XML Schema (RFC 7950 section 9.4.5) on our side: the
/// texts that only we take, and those that only libyang takes.
const DIFFERENT: &[(&str, &[&str], &[&str])] = &[
    // PCRE's is any character but line feed.
    (".", &[], &["\r"]),
    // PCRE's are letters, numbers and the underscore.
    (r"\w", &["+", "$"], &["_"]),
    // PCRE's are those of Unicode.
    (r"\s", &[], &["\u{a0}"]),
    // libyang puts a backslash before the `^`, where there is one.
    (r"\^", &["^"], &[]),
    (r"\$", &["$"], &[r"\"]),
    // PCRE knows no subtraction: a class, and a bracket behind it.
    ("[a-z-[aeiou]]", &["b"], &["a]", "-]"]),
    // libyang mistakes every block for the first of its table, or the second in a class.
    (r"\p{IsGreek}", &["λ"], &["a"]),
    (r"[\p{IsCyrillic}]", &["ж"], &["é"]),
];

/// Patterns that XML Schema does not have, and the texts to try: both sides say the same of each.
const BEYOND: &[(&str, &[&str])] = &[
    ("(?:a)b", &["ab", "b"]),
    ("(?|a|b)c", &["ac", "c"]),
    ("(?#x)a", &["a", "xa"]),
    ("(?<n>a)(?P<m>b)(?'o'c)", &["abc", "ab"]),
    ("(?n)(a)", &["a", ""]),
    (r"\d{1,2}\.(?:\d)+", &["12.3", "12."]),
    // Letters of the other case.
    ("(?i)abc", &["ABC", "aBc", "abd"]),
    ("a(?i)b|c", &["aB", "C", "Ab"]),
    ("(?i:a)b", &["Ab", "aB"]),
    ("(a(?i)b)c", &["aBc", "aBC"]),
    ("(?i)(?-i)a", &["a", "A"]),
    ("(?ims-x)a.", &["A\n", "ab", "b"]),
    ("(?i)[a-c]+[^x]", &["aBCd", "aX"]),
    ("(?i)k|s|ß|é", &["\u{212a}", "ſ", "ẞ", "É", "ss"]),
    (r"(?i)\p{Lu}", &["A", "a", "1"]),
    (r"(?i)a\d\D", &["A1b", "Aab"]),
    ("(?i)a(?-i:b)c", &["AbC", "aBc"]),
    // Any character.
    ("(?s).a.", &["\na\n", "ba"]),
    ("(?s:.)a", &["\na", "a"]),
    ("(?s)(?-s).", &["a", "\n"]),
    (r"\Na", &["aa", "\na"]),
    // Which lengths are tried first.
    ("a*?b", &["aab", "b", "a"]),
    ("a+?", &["aa", ""]),
    ("a??b", &["ab", "b", "aab"]),
    ("a{1,2}?", &["a", "aa", "aaa"]),
    // Braces that count nothing.
    ("a{b}", &["a{b}", "ab"]),
    ("a{2", &["a{2", "aa"]),
    ("{}", &["{}", ""]),
    ("a{,}", &["a{,}", "a"]),
    ("}", &["}", ""]),
    // The bounds of words.
    (
        r".*\bfoo\b.*",
        &["a foo b", "foo", "afoo", "foo1", "foo_", "foo-"],
    ),
    (r"a\b.b", &["a b", "a-b", "aéb", "acb"]),
    (r"é\b.*", &["é", "é ", "éa"]),
    (r"a\B.*", &["ab", "a", "a-", "aé"]),
    // The bounds of the value.
    (r"\Aa\z", &["a", "b"]),
    (r"\Ga", &["a", "b"]),
    (r"a\A", &["a"]),
    (r"(a\Z)", &["a", "a\n"]),
    // Characters by their names, and by their numbers.
    (r"\x41\x{e9}\o{101}\N{U+42}", &["AéAB", "x"]),
    (r"[\x41-\x43]+", &["ABC", "D"]),
    (r"\012a", &["\na", "012a"]),
    (r"[^\f\a\e\b\0]", &["f", "a", "e", "b", "0"]),
    (r"\_\ \é", &["_ é", "_"]),
    // White space.
    (r"\h+", &[" \t\u{a0}\u{180e}\u{3000}", "\n", "h"]),
    (r"\H", &["a", " "]),
    (r"\v+", &["\n\r\u{85}\u{2028}", " ", "v"]),
    (r"\V", &["a", "\n"]),
    (r"[\h\v]+", &[" \n", "a"]),
    (r"[^\h]", &["a", " "]),
    // Classes of POSIX.
    ("[[:alpha:]]+", &["aé", "1"]),
    ("[-[:alpha:]_]+", &["a-_", "1"]),
    ("[^-[:alnum:]]", &["_", "-", "a"]),
    ("[[:^alpha:]]", &["1", "a"]),
    ("[^[:alpha:]_]", &["1", "a", "_"]),
    ("[a[:digit:]]+", &["a1", "٣", "b"]),
    ("[[:space:]]", &[" ", "\u{a0}", "\u{180e}", "\u{85}", "a"]),
    ("[[:blank:]]", &[" ", "\n"]),
    ("[[:lower:][:upper:]]", &["a", "A", "1"]),
    ("[[:alnum:]]", &["½", "a", "_"]),
    ("[[:ascii:]]", &["a", "é"]),
    ("[[:xdigit:]]+", &["fF0", "g", "Ａ"]),
    ("[[:cntrl:]]", &["\u{85}", "a"]),
    // What is like one and is none.
    ("[a[b:]+", &["[:", "c"]),
    ("[a[]$", &["a", "a$"]),
    ("(^[a[]|^)b", &["ab", "b", "^b"]),
    // Properties.
    (r"\pL\PL", &["a1", "aa"]),
    (r"[\pN]", &["1", "a"]),
    (r"\p{L&}", &["a", "ª"]),
    (r"\P{Xan}", &["_", "a", "1"]),
    (r"\p{Greek}+", &["λ", "\u{342}", "a"]),
    (r"\p{sc:Greek}+", &["λ", "\u{342}", "a"]),
    (r"\p{Alphabetic}", &["a", "1"]),
    (r"\p{Any}", &["a", ""]),
];

/// Patterns that libyang takes and no automaton can find; why none is generated.
const REFUSED: &[(&str, &str)] = &[
    ("(?=a)ab", "does not look ahead or behind"),
    ("(?!a)b", "does not look ahead or behind"),
    ("a(?<=a)b", "does not look ahead or behind"),
    ("a(?<!b)b", "does not look ahead or behind"),
    (r"(?<n>a|b)\k<n>", "what a group has found"),
    (r"(?<n>a|b)\1", "what a group has found"),
    (r"(?<n>a|b)\g{n}", "what a group has found"),
    ("(?>a|ab)c", "of groups that start with (?"),
    ("(?x)a b", "of groups that start with (?"),
    ("(?(?=a)b|c)", "of groups that start with (?"),
    ("(a(?R)?b)", "of groups that start with (?"),
    ("(*UTF8)a", "verbs"),
    ("a*+b", "give nothing back"),
    ("a{2}+", "give nothing back"),
    ("a*(?#x)+", "a comment between"),
    ("a{,3}", "versions of PCRE2 disagree on what {,3} is"),
    ("a{ 2}", "versions of PCRE2 disagree on what { 2} is"),
    (
        "[[:punct:]]",
        "versions of PCRE2 disagree on what [:punct:] is",
    ),
    (r"\R", "has no escape \\R"),
    (r"\X", "has no escape \\X"),
    (r"a\Kb", "has no escape \\K"),
    (r"\Qa.b\E", "has no escape \\Q"),
    (r"a\Z\n?", "has no escape \\Z"),
    (r"(?i)[\p{Lu}]", "in brackets where (?i) holds"),
    (r"(?i)[[:upper:]]", "in brackets where (?i) holds"),
];

fn module(patterns: &[&str]) -> String {
    let mut text =
        "module m { yang-version 1.1; namespace \"urn:m\"; prefix m; container c {\n".to_owned();
    for (at, pattern) in patterns.iter().enumerate() {
        let pattern = pattern.replace('\'', "' + \"'\" + '");
        let _ = writeln!(
            text,
            "leaf p{at} {{ type string {{ pattern '{pattern}'; }} }}"
        );
    }
    text + "} }\n"
}

/// Both sides' verdicts on the texts for each pattern.
struct Sides {
    folder: TempDir,
    context: Context,
}

impl Sides {
    fn new(patterns: &[&str]) -> Self {
        let folder = TempDir::new().expect("makes a folder");
        fs::write(folder.path().join("m.yang"), module(patterns)).expect("writes");
        let mut context = Context::new(ContextFlags::NO_YANGLIBRARY).expect("makes a context");
        context.set_searchdir(folder.path()).expect("is a folder");
        context.load_module("m", None, &[]).expect("loads");
        Self { folder, context }
    }

    /// The patterns as the generated code would have them.
    fn ours(&'_ self) -> Vec<Pattern<'_>> {
        let generator = Generator::new().search_path(self.folder.path()).module("m");
        let model = generator.load().expect("translates");
        let NodeKind::Container { children, .. } = &model.modules[0].roots[0].kind else {
            return Vec::new();
        };
        let pattern = |node: &yang_codegen::model::Node| match &node.kind {
            NodeKind::Leaf { ty, .. } => match &ty.ty {
                Type::String { patterns, .. } => {
                    patterns.first().map(|pattern| pattern.translated.clone())
                }
                _ => None,
            },
            _ => None,
        };
        let translated = children.iter().filter_map(pattern);
        translated
            .map(|regex| Pattern::new("", regex.leak()))
            .collect()
    }

    fn libyang(&self, at: usize, text: &str) -> bool {
        let text = serde_json::to_string(text).expect("is a string");
        let document = format!("{{\"m:c\":{{\"p{at}\":{text}}}}}\0");
        let (strict, present) = (DataParserFlags::STRICT, DataValidationFlags::PRESENT);
        DataTree::parse_string(&self.context, &document, DataFormat::JSON, strict, present).is_ok()
    }
}

/// That both sides say the same of each text.
fn agree(of: &[(&str, &[&str])]) {
    let patterns: Vec<&str> = of.iter().map(|(pattern, _)| *pattern).collect();
    let sides = Sides::new(&patterns);
    let ours = sides.ours();
    assert_eq!(ours.len(), patterns.len());
    let (mut taken, mut refused) = (0, 0);
    let mut wrong = String::new();
    for (at, (pattern, texts)) in of.iter().enumerate() {
        for text in *texts {
            let verdict = ours[at].is_match(text);
            if verdict != sides.libyang(at, text) {
                let _ = writeln!(wrong, "{pattern} with {text:?}: we say {verdict}");
            }
            *if verdict { &mut taken } else { &mut refused } += 1;
        }
    }
    assert!(wrong.is_empty(), "{wrong}");
    assert!(taken > 30 && refused > 30, "{taken} {refused}");
}

#[test]
fn patterns_that_both_dialects_have() {
    agree(ALIKE);
}

#[test]
fn patterns_that_only_perl_has() {
    agree(BEYOND);
}

#[test]
fn patterns_that_pcre_reads_in_another_way() {
    let patterns: Vec<&str> = DIFFERENT.iter().map(|(pattern, ..)| *pattern).collect();
    let sides = Sides::new(&patterns);
    let ours = sides.ours();
    for (at, (pattern, only_ours, only_libyangs)) in DIFFERENT.iter().enumerate() {
        for (texts, verdict) in [(only_ours, true), (only_libyangs, false)] {
            for text in *texts {
                assert_eq!(ours[at].is_match(text), verdict, "{pattern} with {text:?}");
                assert_eq!(sides.libyang(at, text), !verdict, "{pattern} with {text:?}");
            }
        }
    }
}

#[test]
fn patterns_that_are_not_of_the_dialect() {
    for (pattern, reason) in REFUSED {
        let sides = Sides::new(&[pattern]);
        let generator = Generator::new()
            .search_path(sides.folder.path())
            .module("m");
        let error = generator.load().expect_err("is refused").to_string();
        assert!(error.contains(reason), "{pattern}: {error}");
    }
}
