//! Changes of documents, which mostly make them invalid.

use rand::RngExt as _;
use rand::seq::IndexedRandom as _;

use crate::document::{Document, Text};

/// Values, as JSON has them, that stand in for others: one of each kind, lexical variants of
/// numbers, bounds of the integer types, and text that needs escapes.
const VALUES: &[&str] = &[
    "\"\"",
    "\"a\"",
    "\"up\"",
    "\"unknown\"",
    "0",
    "1",
    "-1",
    "5",
    "255",
    "256",
    "2147483647",
    "2147483648",
    "4294967295",
    "4294967296",
    "18446744073709551615",
    "1.0",
    "1e3",
    "10E-1",
    "-0",
    "\"0\"",
    "\"1\"",
    "\"-1\"",
    "\"+1\"",
    "\" 1\"",
    "\"1 \"",
    "\"007\"",
    "\"0x1f\"",
    "\"4294967296\"",
    "\"18446744073709551615\"",
    "\"18446744073709551616\"",
    "\"-9223372036854775808\"",
    "\"1.0\"",
    "\"1.50\"",
    "\".5\"",
    "\"1.\"",
    "\"abc\"",
    "true",
    "false",
    "null",
    "\"true\"",
    "\"false\"",
    "\"True\"",
    "{}",
    "[]",
    "[null]",
    "[{}]",
    "\"2025-03-17T19:43:27Z\"",
    "\"2025-03-17T19:43:27.5-05:00\"",
    "\"2025-13-17T19:43:27Z\"",
    "\"2025-02-30T19:43:27Z\"",
    "\"2025-03-17T24:00:00Z\"",
    "\"2025-03-17T19:43:60Z\"",
    "\"2025-03-17t19:43:27z\"",
    "\"2025-03-17 19:43:27Z\"",
    "\"2025-03-17T19:43:27\"",
    "\"00:1A:2b\"",
    "\"0:1\"",
    "\"00:11:\"",
    "\"10.0.0.1\"",
    "\"::1\"",
    "\"YWI=\"",
    "\"YWI\"",
    "\"é\"",
    "\"日本\"",
    "\"a\\tb\\nc\"",
    "\"a'b\\\"c\"",
    "\"&<>\"",
    "\"/a:b\"",
    "\"none:such\"",
];

/// Names that stand in for others, beside those of the document.
const NAMES: &[&str] = &["unknown", "none:such", "Name", "name", ""];

/// Pieces to insert into bytes.
const PIECES: &[&str] = &[
    "{",
    "}",
    "[",
    "]",
    "\"",
    ",",
    ":",
    "<",
    ">",
    "/",
    "&",
    ";",
    "=",
    "'",
    " ",
    "\n",
    "\t",
    "\\",
    "0",
    "1",
    "9",
    "-",
    "+",
    ".",
    "e",
    "a",
    "x",
    "#",
    "é",
    "null",
    "true",
    "<!--x-->",
    "<?x y?>",
    "<![CDATA[x]]>",
    "&amp;",
    "&#65;",
    "&lo;",
    "]]>",
    "\\u0041",
    "\\ud83d\\ude00",
    "\\ud83d",
    " xmlns=\"\"",
    " xmlns:a=\"b\"",
    " a=\"b\"",
    "name",
    "lo",
];

/// The document with one node changed.
pub fn node(document: &mut Document, rng: &mut impl rand::Rng) {
    let names = names(document);
    let place = rng.random_range(0..document.count());
    change(document, &mut { place }, &names, rng);
}

/// The names of all members.
fn names(document: &Document) -> Vec<String> {
    match document {
        Document::Object(members) => {
            let below = members.iter().flat_map(|(_, node)| names(node));
            members
                .iter()
                .map(|(name, _)| name.clone())
                .chain(below)
                .collect()
        }
        Document::Array(nodes) => nodes.iter().flat_map(names).collect(),
        Document::Value(_) => Vec::new(),
    }
}

/// Changes the node that is `place` nodes further on; returns true if it was one of these.
fn change(
    document: &mut Document,
    place: &mut usize,
    names: &[String],
    rng: &mut impl rand::Rng,
) -> bool {
    if *place == 0 {
        change_here(document, names, rng);
        return true;
    }
    *place -= 1;
    match document {
        Document::Object(members) => members
            .iter_mut()
            .any(|(_, node)| change(node, place, names, rng)),
        Document::Array(nodes) => nodes.iter_mut().any(|node| change(node, place, names, rng)),
        Document::Value(_) => false,
    }
}

fn change_here(document: &mut Document, names: &[String], rng: &mut impl rand::Rng) {
    match document {
        Document::Object(members) if !members.is_empty() => {
            let at = rng.random_range(0..members.len());
            match rng.random_range(0..8) {
                0 | 1 => drop(members.remove(at)),
                2 => members.extend(members.get(at).cloned()),
                3 => {
                    if let Some((name, _)) = members.get_mut(at) {
                        *name = any_name(names, rng);
                    }
                }
                4 => members.rotate_left(at),
                5 => members.push((any_name(names, rng), any_value(rng))),
                6 => members.swap(0, at),
                _ => *document = any_value(rng),
            }
        }
        Document::Array(nodes) if !nodes.is_empty() => {
            let at = rng.random_range(0..nodes.len());
            match rng.random_range(0..6) {
                0 => drop(nodes.remove(at)),
                1 => nodes.extend(nodes.get(at).cloned()),
                2 => nodes.rotate_left(at),
                3 => nodes.push(any_value(rng)),
                4 => *document = nodes.swap_remove(at),
                _ => *document = any_value(rng),
            }
        }
        Document::Value(text) if rng.random_bool(0.3) => {
            *text = near(text, rng);
        }
        other if rng.random_bool(0.1) => *other = Document::Array(vec![other.clone()]),
        other => *other = any_value(rng),
    }
}

/// A value that differs from this one by a character.
fn near(text: &Text, rng: &mut impl rand::Rng) -> Text {
    let mut characters: Vec<char> = text.xml.chars().collect();
    let at = rng.random_range(0..=characters.len());
    let with = ['0', '1', 'a', 'Z', ' ', '-', '.', ':', 'é']
        .choose(rng)
        .copied()
        .unwrap_or('x');
    if at < characters.len() && rng.random_bool(0.5) {
        characters.remove(at);
    } else {
        characters.insert(at, with);
    }
    let changed: String = characters.into_iter().collect();
    let mut near = if text.json.starts_with('"') {
        Text::string(&changed)
    } else {
        Text::bare(&changed)
    };
    // JSON would not be well-formed.
    if serde_json::from_str::<serde_json::Value>(&near.json).is_err() {
        near = Text::string(&near.xml);
    }
    near.prefixes.clone_from(&text.prefixes);
    near
}

fn any_name(names: &[String], rng: &mut impl rand::Rng) -> String {
    let own = names.choose(rng).filter(|_| rng.random_bool(0.7));
    let other = || NAMES.choose(rng).map(|name| (*name).to_owned());
    own.cloned().or_else(other).unwrap_or_default()
}

fn any_value(rng: &mut impl rand::Rng) -> Document {
    Document::Value(Text::json(VALUES.choose(rng).copied().unwrap_or("null")))
}

/// Changes the text itself: takes a character away, or puts a piece in or in its place.
#[must_use]
pub fn bytes(text: &str, rng: &mut impl rand::Rng) -> String {
    let mut text = text.to_owned();
    let mut at = rng.random_range(0..=text.len());
    while !text.is_char_boundary(at) {
        at -= 1;
    }
    let taken = text.get(at..).and_then(|rest| rest.chars().next());
    let end = at + taken.map_or(0, char::len_utf8);
    let piece = PIECES.choose(rng).copied().unwrap_or_default();
    match rng.random_range(0..4) {
        0 => text.replace_range(at..end, ""),
        1 => text.replace_range(at..end, piece),
        2 => text.insert_str(at, piece),
        _ => text.truncate(at),
    }
    text
}
