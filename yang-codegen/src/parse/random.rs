//! Random texts: what is printed is read back, and nothing takes long.

use std::fmt::Write as _;
use std::path::PathBuf;
use std::time::{Duration, Instant};

use proptest::prelude::*;
use proptest::sample::select;

use super::{Statement, TextId, header, parse};
use crate::fault::Faults;

/// A statement to print: the instance of an extension, since these may stand anywhere.
#[derive(Debug, Clone)]
struct Printed {
    name: String,
    argument: Option<String>,
    style: Style,
    substatements: Vec<Self>,
}

/// A way to print an argument and what is around it.
#[derive(Debug, Clone, Copy)]
struct Style {
    quotes: Quotes,
    space: &'static str,
    /// The places at which the string is cut into two that `+` joins.
    cut: usize,
}

#[derive(Debug, Clone, Copy)]
enum Quotes {
    None,
    Single,
    Double,
    /// Double quotes, with line breaks and white space as they are where that is possible.
    Lines,
}

fn style() -> impl Strategy<Value = Style> {
    const QUOTES: &[Quotes] = &[Quotes::None, Quotes::Single, Quotes::Double, Quotes::Lines];
    const SPACE: &[&str] = &[
        " ",
        "\n",
        "\r\n",
        "\t",
        " /* { \" */ ",
        " // ; '\n\t",
        "  \n \t ",
        "\n/**/ ",
    ];
    let parts = (select(QUOTES), select(SPACE), 0..12_usize);
    parts.prop_map(|(quotes, space, cut)| Style { quotes, space, cut })
}

fn printed() -> impl Strategy<Value = Printed> {
    let name = "[a-z_][a-z0-9_.-]{0,6}:[A-Za-z_][A-Za-z0-9_.-]{0,6}";
    let argument = prop_oneof![
        "[a-z0-9:/*+-]{1,8}",
        "[ \t\n\\\\\"'a+;{}/*é€\u{1F600}]{0,12}",
        "[ -~\n\t\u{a0}-\u{ff}]{0,20}",
    ];
    let parts = (name, proptest::option::of(argument), style());
    let leaf = parts.prop_map(|(name, argument, style)| Printed {
        name,
        argument,
        style,
        substatements: Vec::new(),
    });
    let leaf = leaf.boxed();
    leaf.clone().prop_recursive(6, 60, 6, move |inner| {
        (leaf.clone(), proptest::collection::vec(inner, 0..6)).prop_map(|(leaf, substatements)| {
            Printed {
                substatements,
                ..leaf
            }
        })
    })
}

impl Printed {
    fn print(&self, text: &mut String) {
        let space = self.style.space;
        text.push_str(&self.name);
        if let Some(argument) = &self.argument {
            text.push_str(space);
            self.style.print(argument, text);
        }
        if self.substatements.is_empty() {
            text.push(';');
        } else {
            text.push_str(space);
            text.push('{');
            for statement in &self.substatements {
                text.push_str(space);
                statement.print(text);
            }
            text.push('}');
        }
        text.push_str(space);
    }

    fn assert_is(&self, statement: Statement<'_>) {
        let name = statement
            .extension()
            .map(|(prefix, name)| format!("{prefix}:{name}"));
        assert_eq!(name.as_deref(), Some(self.name.as_str()));
        assert_eq!(statement.argument_if_any(), self.argument.as_deref());
        let found: Vec<_> = statement.children().collect();
        assert_eq!(found.len(), self.substatements.len());
        for (printed, found) in self.substatements.iter().zip(found) {
            assert_eq!(found.parent(), Some(statement));
            printed.assert_is(found);
        }
    }
}

impl Style {
    fn print(self, argument: &str, text: &mut String) {
        let is_word = !argument.is_empty()
            && !argument.contains([' ', '\t', '\n', '\r', ';', '{', '}', '"', '\''])
            && ["//", "/*", "*/"]
                .iter()
                .all(|comment| !argument.contains(comment));
        match self.quotes {
            Quotes::None if is_word => text.push_str(argument),
            Quotes::Single if !argument.contains('\'') => {
                let cut = argument
                    .char_indices()
                    .nth(self.cut)
                    .map_or(0, |(at, _)| at);
                let (first, second) = argument.split_at(cut);
                write!(
                    text,
                    "'{first}'{space}+{space}'{second}'",
                    space = self.space
                )
                .unwrap();
            }
            Quotes::Lines => {
                let lines = broken(argument, column(text));
                write!(text, "\"{lines}\"").unwrap();
            }
            _ => write!(text, "\"{}\"", escaped(argument)).unwrap(),
        }
    }
}

/// A string as double quotes have it, on one line.
fn escaped(argument: &str) -> String {
    let argument = argument.replace('\\', "\\\\").replace('"', "\\\"");
    argument.replace('\n', "\\n").replace('\t', "\\t")
}

/// The same on several lines with an indentation. A line break behind a space stays an escape, since
/// white space at the end of a line is no part of the string.
fn broken(argument: &str, indentation: usize) -> String {
    let mut text = String::new();
    for character in argument.chars() {
        if character == '\n' && !text.ends_with(' ') {
            text.push('\n');
            text.extend(std::iter::repeat_n(' ', indentation));
        } else {
            text.push_str(&escaped(&character.to_string()));
        }
    }
    text
}

/// The column, from 1, of what follows a text.
fn column(text: &str) -> usize {
    let line = text
        .chars()
        .rev()
        .take_while(|character| *character != '\n');
    let widths = line.map(|character| if character == '\t' { 8 } else { 1 });
    widths.sum::<usize>() + 1
}

proptest! {
    #[test]
    fn reads_what_is_printed(statements in proptest::collection::vec(printed(), 0..8)) {
        let mut text = "module m { yang-version 1.1; namespace urn:m; prefix m;\n".to_owned();
        for statement in &statements {
            statement.print(&mut text);
        }
        text.push('}');
        let mut faults = Faults::new(false);
        let parsed = parse(TextId(0), PathBuf::new(), &text, &mut faults);
        prop_assert!(faults.is_empty(), "{faults:?}\n{text}");
        let parsed = parsed.unwrap();
        let found: Vec<_> = parsed.root().unwrap().children().skip(3).collect();
        prop_assert_eq!(found.len(), statements.len());
        for (printed, found) in statements.iter().zip(found) {
            printed.assert_is(found);
        }
    }

    #[test]
    fn takes_any_text(text in "(module m \\{)?[a-c:;{}\"'+/*\\\\ \t\r\n\u{c}\u{feff}é]{0,60}\\}?|\\PC{0,40}") {
        let mut faults = Faults::new(false);
        let parsed = parse(TextId(0), PathBuf::new(), &text, &mut faults);
        prop_assert!(parsed.is_some() || !faults.is_empty());
        let _ = header(&text);
    }
}

/// Texts of a size that would take minutes if time grew with its square.
#[test]
fn time_grows_with_the_length() {
    const LENGTH: usize = 128 << 10;
    let repeated = |part: &str| part.repeat(LENGTH / part.len());
    for body in [
        "a:b;",
        "a:b c;",
        "ab;",
        ";",
        "a ",
        "a b c;",
        "/",
        "/*",
        "/**/",
        "//",
        "*/",
        "\"",
        "'",
        "'' + ",
        "'a' 'b'",
        "\"\\d\" + ",
        "a:b \"\n\t\";",
        "a:b \"\r\n a\" + \"\n b\";",
        "{",
        "}",
        "a:b{}",
        "a{}",
        "leaf a;",
        "leaf l { type t; }",
        "\u{c}",
        "\u{feff}",
        "é",
        "\\",
        "\"\\\\",
        "\r",
        "\n",
        "leaf ",
        "must 1;",
        "revision 2020-01-01;",
        "a:b 'c'",
        "import a { } contact",
    ] {
        let text = format!("module m {{ yang-version 1.1; {}}}", repeated(body));
        let start = Instant::now();
        let mut faults = Faults::new(false);
        parse(TextId(0), PathBuf::new(), &text, &mut faults);
        header(&text);
        let long = Duration::from_secs(10);
        assert!(start.elapsed() < long, "{body:?}: {:?}", start.elapsed());
    }
    let mut faults = Faults::new(false);
    let word = repeated("a");
    for text in [
        word.clone(),
        format!("module {word} {{ {word} '{word}'; }}"),
    ] {
        parse(TextId(0), PathBuf::new(), &text, &mut faults);
    }
}
