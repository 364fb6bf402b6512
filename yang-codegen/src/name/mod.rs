//! Turns YANG identifiers into Rust identifiers. All names are decided here.
//!
//! Containers, lists, typedefs and enumerations become types (`UpperCamelCase`), their nodes fields
//! and their modules `snake_case`, values of enumerations variants, bits constants. A Rust keyword
//! gets an underscore behind it: `type` is `type_`. A name that would start with a digit gets one in
//! front.
//!
//! Names that fall together in one scope (`foo-bar` and `foo_bar`) are told apart by a number:
//! sorted bytewise, the first keeps the plain name and the others count from 2. So the result does
//! not depend on the order of the statements.
//!
//! Operations get their names after the data nodes beside them, which keep theirs.
//!
//! Among namesakes from several modules one keeps its name: that of the module that the scope
//! belongs to, or of the first one bytewise; the others carry their module's name in front.

pub(crate) mod table;

use std::collections::{BTreeMap, BTreeSet};

use heck::{ToShoutySnakeCase, ToSnakeCase, ToUpperCamelCase};
use proc_macro2::{Ident, Span};

/// The kind of item that an identifier names.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Style {
    /// A Rust module.
    Module,
    /// A struct's field.
    Field,
    /// A type.
    Type,
    /// An enum's variant.
    Variant,
    /// A constant.
    Constant,
}

/// The keywords of the 2024 edition, strict and reserved, that a lower-case or camel-case name can
/// be.
const KEYWORDS: &[&str] = &[
    "Self", "abstract", "as", "async", "await", "become", "box", "break", "const", "continue",
    "crate", "do", "dyn", "else", "enum", "extern", "false", "final", "fn", "for", "gen", "if",
    "impl", "in", "let", "loop", "macro", "match", "mod", "move", "mut", "override", "priv", "pub",
    "ref", "return", "self", "static", "struct", "super", "trait", "true", "try", "type", "typeof",
    "unsafe", "unsized", "use", "virtual", "where", "while", "yield",
];

/// The identifier of one name on its own.
pub(crate) fn ident(name: &str, style: Style) -> Ident {
    Ident::new(&spell(name, style), Span::call_site())
}

/// The identifiers of the names of one scope, in their order. None is one of `reserved`.
pub(crate) fn assign(names: &[&str], style: Style, reserved: &[&str]) -> Vec<Ident> {
    let mut groups: BTreeMap<String, BTreeSet<&str>> = BTreeMap::new();
    for name in names {
        groups.entry(spell(name, style)).or_default().insert(name);
    }
    let taken: BTreeSet<&str> = reserved.iter().copied().collect();
    let plain: BTreeSet<String> = groups.keys().cloned().collect();
    let mut assigned: BTreeMap<&str, String> = BTreeMap::new();
    for (spelling, group) in &groups {
        let mut next = 2;
        for (at, name) in group.iter().enumerate() {
            let mut chosen = spelling.clone();
            while (at > 0 && chosen == *spelling) || taken.contains(chosen.as_str()) {
                chosen = numbered(spelling, next, style);
                next += 1;
                // A number must not make a name that another node has.
                if plain.contains(&chosen) {
                    chosen.clone_from(spelling);
                }
            }
            assigned.insert(name, chosen);
        }
    }
    names
        .iter()
        .map(|name| {
            let spelling = assigned
                .get(name)
                .cloned()
                .unwrap_or_else(|| spell(name, style));
            Ident::new(&spelling, Span::call_site())
        })
        .collect()
}

/// The names of things that modules define in one scope, each once. Each is given as its module and
/// its name; `home` is the module of the scope.
pub(crate) fn distinct(names: &[(&str, &str)], home: Option<&str>) -> Vec<String> {
    // Of each name, the module that comes first.
    let rank = |module: &str| home != Some(module);
    let mut first: BTreeMap<&str, (bool, &str)> = BTreeMap::new();
    for &(module, name) in names {
        let own = (rank(module), module);
        let first = first.entry(name).or_insert(own);
        *first = own.min(*first);
    }
    names
        .iter()
        .map(|(module, name)| {
            if first.get(name).is_some_and(|(_, first)| first == module) {
                (*name).to_owned()
            } else {
                format!("{module}-{name}")
            }
        })
        .collect()
}

fn numbered(spelling: &str, number: usize, style: Style) -> String {
    // With a number it is no keyword.
    let spelling = spelling.trim_end_matches('_');
    match style {
        Style::Module | Style::Field | Style::Constant => format!("{spelling}_{number}"),
        Style::Type | Style::Variant => format!("{spelling}{number}"),
    }
}

fn spell(name: &str, style: Style) -> String {
    // Names of enumeration values are any text; only what may stand in an identifier is kept.
    let mut spelling = match style {
        Style::Module | Style::Field => name.to_snake_case(),
        Style::Type | Style::Variant => name.to_upper_camel_case(),
        Style::Constant => name.to_shouty_snake_case(),
    };
    if spelling.is_empty() {
        // A name of punctuation alone, such as the enumeration value "+".
        let codes: Vec<String> = name
            .chars()
            .map(|character| format!("{:x}", u32::from(character)))
            .collect();
        spelling = format!("u{}", codes.join("_"));
        spelling = match style {
            Style::Type | Style::Variant => spelling.to_upper_camel_case(),
            Style::Constant => spelling.to_uppercase(),
            Style::Module | Style::Field => spelling,
        };
    }
    if spelling.starts_with(|character: char| !character.is_alphabetic() && character != '_') {
        spelling.insert(0, '_');
    }
    if KEYWORDS.contains(&spelling.as_str()) {
        spelling.push('_');
    }
    spelling
}

/// The name of a static that belongs to a type: of each type another one, so that each upper-case
/// letter starts a word. `AB` and `Ab`, from `a-b` and `ab`, are two types.
pub(crate) fn screaming(ident: &Ident) -> String {
    let mut screaming = String::new();
    for character in ident.to_string().trim_end_matches('_').chars() {
        if character.is_uppercase() && !screaming.is_empty() {
            screaming.push('_');
        }
        screaming.extend(character.to_uppercase());
    }
    screaming
}

/// The identifier's text without the underscore that sets it apart from a keyword.
pub(crate) fn unkeyword(ident: &Ident) -> String {
    let text = ident.to_string();
    match text.strip_suffix('_') {
        Some(keyword) if KEYWORDS.contains(&keyword) => keyword.to_owned(),
        _ => text,
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn names(names: &[&str], style: Style) -> Vec<String> {
        assign(names, style, &[])
            .iter()
            .map(ToString::to_string)
            .collect()
    }

    #[test]
    fn styles() {
        assert_eq!(
            names(&["eventTime", "interface_data", "in-octets"], Style::Field),
            ["event_time", "interface_data", "in_octets"]
        );
        assert_eq!(
            names(&["lower-layer-down", "eventTime"], Style::Type),
            ["LowerLayerDown", "EventTime"]
        );
    }

    #[test]
    fn keywords_and_digits() {
        assert_eq!(
            names(&["type", "self", "gen", "10mb"], Style::Field),
            ["type_", "self_", "gen_", "_10mb"]
        );
        assert_eq!(
            names(&["self", "10-mb", "+", "1.0"], Style::Variant),
            ["Self_", "_10Mb", "U2b", "_10"]
        );
        assert_eq!(names(&["_", "a"], Style::Constant), ["U5F", "A"]);
        assert_eq!(names(&["self", "Self"], Style::Type), ["Self2", "Self_"]);
        assert_eq!(names(&["type", "Type"], Style::Field), ["type_2", "type_"]);
    }

    #[test]
    fn each_type_has_statics_of_its_own() {
        let statics: Vec<String> = assign(&["a-b", "ab", "a.b", "_1a", "self"], Style::Type, &[])
            .iter()
            .map(screaming)
            .collect();
        assert_eq!(statics, ["A_B", "AB", "A_B2", "_1A", "SELF"]);
    }

    #[test]
    fn namesakes_from_several_modules() {
        let names = [("m", "x"), ("b", "x"), ("a", "x"), ("a", "y")];
        assert_eq!(distinct(&names, Some("m")), ["x", "b-x", "a-x", "y"]);
        assert_eq!(distinct(&names, None), ["m-x", "b-x", "x", "y"]);
    }

    #[test]
    fn collisions_do_not_depend_on_the_order() {
        assert_eq!(
            names(&["foo_bar", "foo-bar", "x"], Style::Field),
            ["foo_bar_2", "foo_bar", "x"]
        );
        assert_eq!(
            names(&["foo-bar", "x", "foo_bar"], Style::Field),
            ["foo_bar", "x", "foo_bar_2"]
        );
        assert_eq!(
            names(&["a.b", "a-b", "a-b-2"], Style::Type),
            ["AB3", "AB", "AB2"]
        );
        let reserved: Vec<String> = assign(&["foo"], Style::Type, &["Foo"])
            .iter()
            .map(ToString::to_string)
            .collect();
        assert_eq!(reserved, ["Foo2"]);
    }
}
