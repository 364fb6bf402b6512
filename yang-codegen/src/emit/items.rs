//! The parts of a Rust module: first types, then the calls and statics that they need.

use std::collections::BTreeSet;
use std::fmt::Write as _;

use proc_macro2::{Delimiter, Ident, Spacing, TokenStream, TokenTree};
use quote::quote;

/// The version of the form of generated code: `notif_runtime::generated::check_version` takes no
/// other.
pub(super) const FORM: u32 = 1;

/// Lines of a block of macro calls are filled up to this column, its indentation included.
const WIDTH: usize = 96;

/// The items of one Rust module.
#[derive(Default)]
pub(super) struct Items {
    /// The types, each followed by the Rust module of what is below it.
    pub(super) types: TokenStream,
    /// The statics that describe them.
    pub(super) statics: Statics,
    /// The calls of the runtime's macros for the types; those of nested modules stand with the YANG
    /// module's.
    pub(super) calls: Vec<Call>,
}

impl Items {
    pub(super) fn extend(&mut self, other: Self) {
        self.types.extend(other.types);
        self.statics.extend(other.statics);
        self.calls.extend(other.calls);
    }
}

/// Statics of a Rust module, which the runtime's macro `describe` writes out in full.
#[derive(Default)]
pub(super) struct Statics(Vec<String>);

impl Statics {
    pub(super) fn extend(&mut self, other: Self) {
        self.0.extend(other.0);
    }

    /// A static of one value of the runtime's type `ty`: a call of a function of that type.
    pub(super) fn value(&mut self, name: &Ident, ty: &str, value: &TokenStream) {
        self.add("value", name, ty, std::slice::from_ref(value));
    }

    /// A table of values.
    pub(super) fn values(&mut self, name: &Ident, ty: &str, values: &[TokenStream]) {
        let ty = format!("{ty}[{}]", values.len());
        self.add("values", name, &ty, values);
    }

    /// A constant function for a value whose static is in a table elsewhere.
    pub(super) fn function(&mut self, name: &Ident, ty: &str, value: &TokenStream) {
        self.add("function", name, ty, std::slice::from_ref(value));
    }

    fn add(&mut self, form: &str, name: &Ident, ty: &str, values: &[TokenStream]) {
        let head = format!("{form} {name}: {ty} {{");
        let mut lines: Vec<String> = Vec::new();
        for value in values {
            let mut calls = calls(value);
            if let Some(last) = calls.last_mut() {
                last.push(';');
            }
            for (at, call) in calls.iter().enumerate() {
                match lines.last_mut() {
                    Some(line) if line.len() + call.len() + 1 < WIDTH - 12 => {
                        line.push_str(if at == 0 { " " } else { "" });
                        line.push_str(call);
                    }
                    _ => lines.push(call.clone()),
                }
            }
        }
        match lines.as_slice() {
            [line] if head.len() + line.len() < WIDTH - 12 => {
                self.0.push(format!("{head} {line} }}"));
            }
            lines => {
                self.0.push(head);
                self.0
                    .extend(lines.iter().map(|line| format!("    {line}")));
                self.0.push("}".to_owned());
            }
        }
    }
}

/// The calls of a chain: the first, and each method from its point on.
fn calls(chain: &TokenStream) -> Vec<String> {
    let mut calls = vec![TokenStream::new()];
    let mut is_complete = false;
    for token in chain.clone() {
        if is_complete && matches!(&token, TokenTree::Punct(punct) if punct.as_char() == '.') {
            calls.push(TokenStream::new());
        }
        is_complete = matches!(token, TokenTree::Group(_));
        if let Some(call) = calls.last_mut() {
            call.extend([token]);
        }
    }
    calls.iter().map(source).collect()
}

/// A call of one of the runtime's macros.
pub(super) struct Call {
    name: &'static str,
    lines: Vec<String>,
}

impl Call {
    pub(super) fn new(name: &'static str, lines: Vec<String>) -> Self {
        Self { name, lines }
    }

    fn write(&self, out: &mut String) {
        let Self { name, lines } = self;
        match lines.as_slice() {
            [line] if name.len() + line.len() < WIDTH - 16 => {
                let _ = writeln!(out, "    {name}! {{ {line} }}");
            }
            lines => {
                let _ = writeln!(out, "    {name}! {{");
                for line in lines {
                    let _ = writeln!(out, "        {line}");
                }
                out.push_str("    }\n");
            }
        }
    }
}

/// The entries with a comma behind all but the last.
pub(super) fn separated(entries: &[String]) -> impl Iterator<Item = String> {
    let last = entries.len().saturating_sub(1);
    let entries = entries.iter().enumerate();
    entries.map(move |(at, entry)| {
        if at == last {
            entry.clone()
        } else {
            format!("{entry},")
        }
    })
}

/// Puts entries into lines, as many into each as fit.
pub(super) fn fill(entries: impl IntoIterator<Item = String>) -> Vec<String> {
    let mut lines: Vec<String> = Vec::new();
    for entry in entries {
        match lines.last_mut() {
            Some(line) if line.len() + entry.len() + 1 < WIDTH - 12 => {
                line.push(' ');
                line.push_str(&entry);
            }
            _ => lines.push(entry),
        }
    }
    lines
}

/// The lints that do not apply where names, texts and shapes follow a schema, and where not every
/// program uses every node.
pub(super) fn lints() -> TokenStream {
    quote!(
        dead_code,
        elided_lifetimes_in_paths,
        missing_docs,
        unreachable_pub,
        clippy::all,
        clippy::pedantic,
        rustdoc::all
    )
}

/// Text that stands in the source as it is, since rustc's grammar of tokens has no comments and no
/// layout: tokens refer to it by its number, and the printed source gets it.
#[derive(Default)]
pub(super) struct Texts(Vec<String>);

/// The macro that stands for a text until the source is printed.
const PLACEHOLDER: &str = "generated_text";

impl Texts {
    /// The item that stands for a text.
    pub(super) fn item(&mut self, text: String) -> TokenStream {
        let at = self.0.len();
        self.0.push(text);
        quote!(generated_text!(#at);)
    }

    /// The lint line of a Rust module.
    pub(super) fn lints(&mut self) -> TokenStream {
        self.item(format!(
            "// The names and texts are those of the YANG module.\n#![allow({})]",
            source(&lints())
        ))
    }

    /// The statics of a Rust module.
    pub(super) fn statics(&mut self, runtime: &TokenStream, statics: &Statics) -> TokenStream {
        let Statics(lines) = statics;
        if lines.is_empty() {
            return TokenStream::new();
        }
        let mut text = format!("{}::generated::describe! {{\n", source(runtime));
        for line in lines {
            let _ = writeln!(text, "    {line}");
        }
        text.push('}');
        self.item(text)
    }

    /// The block with the calls for the types of a Rust module.
    pub(super) fn calls(&mut self, runtime: &TokenStream, calls: &[Call]) -> TokenStream {
        if calls.is_empty() {
            return TokenStream::new();
        }
        let names: BTreeSet<&str> = calls.iter().map(|call| call.name).collect();
        let names: Vec<&str> = names.into_iter().collect();
        let names = match names.as_slice() {
            [name] => (*name).to_owned(),
            names => format!("{{{}}}", names.join(", ")),
        };
        let mut text = String::from("// Decoding, encoding and validation of these types.\n");
        text.push_str("const _: () = {\n");
        let _ = writeln!(text, "    use {}::generated::{names};\n", source(runtime));
        for call in calls {
            call.write(&mut text);
        }
        text.push_str("};");
        self.item(text)
    }

    /// The printed source with the texts where their items stand.
    pub(super) fn fill_in(&self, printed: &str) -> String {
        let mut out = String::with_capacity(printed.len() * 2);
        for line in printed.lines() {
            let Some(text) = self.named_by(line.trim_start()) else {
                out.push_str(line);
                out.push('\n');
                continue;
            };
            let indentation = line.len() - line.trim_start().len();
            for line in text.lines() {
                if !line.is_empty() {
                    out.extend(std::iter::repeat_n(' ', indentation));
                }
                out.push_str(line);
                out.push('\n');
            }
        }
        out
    }

    fn named_by(&self, line: &str) -> Option<&String> {
        let number = line.strip_prefix(PLACEHOLDER)?.strip_prefix("!(")?;
        let number = number.strip_suffix(");")?.strip_suffix("usize")?;
        self.0.get(number.parse::<usize>().ok()?)
    }
}

/// The tokens of a path, type or simple expression as people write them.
pub(super) fn source(tokens: &TokenStream) -> String {
    let mut out = String::new();
    write(tokens.clone(), &mut out);
    out
}

fn write(tokens: TokenStream, out: &mut String) {
    for token in tokens {
        match token {
            TokenTree::Group(group) => {
                let (open, close) = match group.delimiter() {
                    Delimiter::Parenthesis => ("(", ")"),
                    Delimiter::Bracket => ("[", "]"),
                    Delimiter::Brace => ("{ ", " }"),
                    Delimiter::None => ("", ""),
                };
                out.push_str(open);
                write(group.stream(), out);
                out.push_str(close);
            }
            TokenTree::Punct(punct) => match punct.as_char() {
                ',' => out.push_str(", "),
                ':' if punct.spacing() == Spacing::Alone && !out.ends_with(':') => {
                    out.push_str(": ");
                }
                '|' => out.push_str(" | "),
                other => out.push(other),
            },
            word => {
                if out.ends_with(|before: char| before.is_alphanumeric() || before == '_') {
                    out.push(' ');
                }
                let _ = write!(out, "{word}");
            }
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    /// Lines break between calls, never inside of a literal.
    #[test]
    fn literals_stay_whole() {
        let text = "a text (in parentheses). It goes on (and on). ".repeat(3);
        let mut statics = Statics::default();
        let name = quote::format_ident!("X");
        statics.value(&name, "Node", &quote!(leaf(#text, &T).units(#text).state()));
        let literal = format!("{text:?}");
        let lines = &statics.0;
        let whole = lines.iter().filter(|line| line.contains(&literal)).count();
        assert_eq!(whole, 2, "{lines:#?}");
        assert!(
            lines
                .iter()
                .any(|line| line.trim_start().starts_with(".units("))
        );
    }
}
