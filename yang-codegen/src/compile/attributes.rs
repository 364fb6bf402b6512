//! The attributes of NETCONF that its modules describe in words alone, as annotations.

use crate::model::{Annotation, EnumValue, OnError, Type, TypeUse};
use crate::modules::Module;

/// The attributes of a module: those of operations and filters (RFC 6241 sections 7.2 and 6.2), and
/// that of defaults (RFC 6243 section 6).
pub(super) fn of_module(module: &Module) -> Vec<Annotation> {
    match (module.name.as_str(), module.namespace.as_str()) {
        ("ietf-netconf", "urn:ietf:params:xml:ns:netconf:base:1.0") => vec![
            attribute(
                "operation",
                enumeration(&["merge", "replace", "create", "delete", "remove"]),
            ),
            attribute("type", enumeration(&["subtree", "xpath"])),
            attribute(
                "select",
                Type::String {
                    length: Vec::new(),
                    patterns: Vec::new(),
                    on_error: OnError::default(),
                    canonical: None,
                },
            ),
        ],
        (
            "ietf-netconf-with-defaults",
            "urn:ietf:params:xml:ns:yang:ietf-netconf-with-defaults",
        ) => vec![attribute("default", Type::Boolean)],
        _ => Vec::new(),
    }
}

fn attribute(name: &str, ty: Type) -> Annotation {
    Annotation {
        name: name.to_owned(),
        ty: TypeUse { ty, typedef: None },
    }
}

fn enumeration(names: &[&str]) -> Type {
    let values = names.iter().zip(0..).map(|(name, value)| EnumValue {
        name: (*name).to_owned(),
        value,
        docs: crate::model::Docs::default(),
    });
    Type::Enumeration(values.collect())
}
