//! The annotations that every set of modules has: those of RFC 7950 and of libyang's diffs, which
//! libyang's built-in module `yang@2022-06-16` defines.

use super::{Annotation, EnumValue, Integer, Module, Type};

/// The module `yang`, which has annotations alone.
pub(crate) static MODULE: Module = Module {
    name: "yang",
    revision: Some("2022-06-16"),
    namespace: "urn:ietf:params:xml:ns:yang:1",
    prefix: "yang",
    features: &[],
    roots: &[],
    identities: &[],
    structures: &[],
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
    extensions: &[],
};

const fn named(name: &'static str, value: i32) -> EnumValue {
    EnumValue { name, value }
}

static INSERT: Type = Type::Enumeration(&[
    named("first", 0),
    named("last", 1),
    named("before", 2),
    named("after", 3),
]);

static OPERATION: Type = Type::Enumeration(&[
    named("none", 0),
    named("create", 1),
    named("delete", 2),
    named("replace", 3),
]);

static KEY: Type = Type::Union(&[&Type::EMPTY, &Type::STRING]);

static POSITION: Type = Type::Union(&[
    &Type::EMPTY,
    &Type::Integer {
        kind: Integer::Uint32,
        range: &[(1, 0xffff_ffff)],
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
