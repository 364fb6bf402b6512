//! The annotations that every set of modules has: those of RFC 7950 and of libyang's diffs, which
//! libyang's built-in module `yang@2022-06-16` defines.

use super::{Annotation, EnumValue, Integer, Module, OnError, Pattern, Type};

/// The module `yang`, which has annotations alone.
pub(crate) static MODULE: Module = Module {
    name: "yang",
    revision: Some("2022-06-16"),
    namespace: "urn:ietf:params:xml:ns:yang:1",
    prefix: "yang",
    implemented: true,
    annotations: &[
        Annotation::new("insert", || &INSERT),
        Annotation::new("value", || &Type::STRING),
        Annotation::new("key", || &KEY),
        Annotation::new("position", || &POSITION),
        Annotation::new("operation", || &OPERATION),
        Annotation::new("orig-default", || &Type::BOOLEAN),
        Annotation::new("orig-value", || &Type::STRING),
        Annotation::new("orig-key", || &KEY),
        Annotation::new("orig-position", || &POSITION),
    ],
    ..Module::EMPTY
};

const fn named(name: &'static str, value: i32) -> EnumValue<'static> {
    EnumValue { name, value }
}

static INSERT: Type<'static> = Type::Enumeration(&[
    named("first", 0),
    named("last", 1),
    named("before", 2),
    named("after", 3),
]);

static OPERATION: Type<'static> = Type::Enumeration(&[
    named("none", 0),
    named("create", 1),
    named("delete", 2),
    named("replace", 3),
]);

static KEY: Type<'static> = Type::Union(&[&Type::EMPTY, &KEYS]);

static KEYS: Type<'static> = Type::string(&[], &KEYS_PATTERNS);

static KEYS_PATTERNS: [Pattern<'static>; 1] = [Pattern::function(
    r#"(\[name=('[^']*'|"[^"]*")\])+, the keys of a list entry"#,
    are_key_predicates,
)];

/// Returns true for the predicates of an instance-identifier's list entry (RFC 7950 section 9.13).
fn are_key_predicates(text: &str) -> bool {
    let mut rest = text;
    while let Some(behind) = one_predicate(rest) {
        rest = behind;
    }
    rest.is_empty() && !text.is_empty()
}

/// The rest of `text` behind the predicate that it starts with.
fn one_predicate(text: &str) -> Option<&str> {
    let in_name = |character: char| character.is_alphanumeric() || "_-.:".contains(character);
    let inner = text.strip_prefix('[')?.trim_ascii_start();
    let behind = inner.trim_start_matches(in_name);
    let name = inner.get(..inner.len() - behind.len())?;
    let starts = name.starts_with(|character: char| character.is_alphabetic() || character == '_');
    let value = behind
        .trim_ascii_start()
        .strip_prefix('=')?
        .trim_ascii_start();
    let behind = match value.chars().next().filter(|_| starts)? {
        quote @ ('\'' | '"') => value.get(1..)?.split_once(quote)?.1,
        // libyang takes a number (XPath 1.0 section 3.7) without quotes.
        '0'..='9' => value.trim_start_matches(|digit: char| digit.is_ascii_digit() || digit == '.'),
        _ => return None,
    };
    behind.trim_ascii_start().strip_prefix(']')
}

static POSITION: Type<'static> = Type::Union(&[
    &Type::EMPTY,
    &Type::Integer {
        kind: Integer::Uint32,
        range: &[(1, 0xffff_ffff)],
        on_error: OnError::NONE,
    },
]);

/// The annotation `name` of the module called `module`, if there is one.
pub(crate) fn find_annotation(
    modules: &[&'static Module],
    module: &str,
    name: &str,
) -> Option<(&'static Module, &'static Annotation)> {
    let mut known = modules.iter().copied().chain([&MODULE]);
    let module = known.find(|known| known.name == module)?;
    let annotation = module.annotations.iter().find(|known| known.name == name)?;
    Some((module, annotation))
}
