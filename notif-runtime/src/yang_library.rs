//! The YANG library of a set of modules, with their revisions, features and deviations (RFC 8525).
//!
//! ```
//! use notif_runtime::yang_library::{self, Module};
//!
//! let power = Module {
//!     name: "acme-power",
//!     revision: Some("2026-11-24"),
//!     namespace: "https://acme.example/yang/power",
//!     implemented: true,
//!     ..Module::default()
//! };
//! let document = yang_library::document(&[power]);
//! let set = &document["ietf-yang-library:yang-library"]["module-set"][0];
//! assert_eq!(set["module"][0]["name"], "acme-power");
//! ```

use serde_json::{Map, Value, json};
use uuid::Uuid;

/// A module (RFC 7950 section 7.1).
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct Module<'a> {
    /// Its name.
    pub name: &'a str,
    /// Its revision.
    pub revision: Option<&'a str>,
    /// Its XML namespace.
    pub namespace: &'a str,
    /// True if its nodes are there, rather than only what others import (RFC 7950 section 5.6.5).
    pub implemented: bool,
    /// The names and revisions of its submodules.
    pub submodules: Vec<(&'a str, Option<&'a str>)>,
    /// The features that are on.
    pub features: Vec<&'a str>,
    /// The names of the modules that deviate it.
    pub deviated_by: Vec<&'a str>,
}

/// The name of the one module set and schema of a document.
const SET: &str = "compiled-in";

/// The document in the JSON of RFC 7951: `ietf-yang-library:yang-library`, with one module set and
/// one schema of it, and the same once more in the older form of RFC 7895,
/// `ietf-yang-library:modules-state`, without which data of RFC 8525's module is not valid.
///
/// It has no datastore: the modules tell what a program understands, and that it keeps data under
/// them is not said.
#[must_use]
pub fn document(modules: &[Module<'_>]) -> Value {
    json!({
        "ietf-yang-library:yang-library": library(modules),
        "ietf-yang-library:modules-state": modules_state(modules),
    })
}

fn library(modules: &[Module<'_>]) -> Value {
    let entries = |implemented: bool| -> Vec<Value> {
        sorted(modules)
            .into_iter()
            .filter(|module| module.implemented == implemented)
            .map(entry)
            .collect()
    };
    let mut set = json!({ "name": SET });
    put(&mut set, "module", entries(true));
    put(&mut set, "import-only-module", entries(false));
    let mut library = json!({
        "module-set": [set],
        "schema": [{ "name": SET, "module-set": [SET] }],
    });
    let id = content_id(&library);
    put_value(&mut library, "content-id", id);
    library
}

fn modules_state(modules: &[Module<'_>]) -> Value {
    let list: Vec<Value> = sorted(modules)
        .into_iter()
        .map(|module| state_entry(module, modules))
        .collect();
    let mut state = json!({ "module": list });
    let id = content_id(&state);
    put_value(&mut state, "module-set-id", id);
    state
}

fn sorted<'m, 'a>(modules: &'m [Module<'a>]) -> Vec<&'m Module<'a>> {
    let mut sorted: Vec<&Module<'_>> = modules.iter().collect();
    sorted.sort_by_key(|module| (module.name, module.revision));
    sorted.dedup_by_key(|module| (module.name, module.revision));
    sorted
}

/// An entry of `module` or `import-only-module`. The latter has the revision as a key, so an empty
/// one stands for none.
fn entry(module: &Module<'_>) -> Value {
    let mut entry = json!({ "name": module.name, "namespace": module.namespace });
    match module.revision {
        Some(revision) => put_value(&mut entry, "revision", revision.into()),
        None if !module.implemented => put_value(&mut entry, "revision", "".into()),
        None => {}
    }
    let submodules = module.submodules.iter().map(|(name, revision)| {
        let mut submodule = json!({ "name": name });
        if let Some(revision) = revision {
            put_value(&mut submodule, "revision", (*revision).into());
        }
        submodule
    });
    put(&mut entry, "submodule", submodules.collect());
    if module.implemented {
        put(&mut entry, "feature", texts(&module.features));
        put(&mut entry, "deviation", texts(&module.deviated_by));
    }
    entry
}

/// An entry of RFC 7895's `module`, which has revisions as keys everywhere.
fn state_entry(module: &Module<'_>, all: &[Module<'_>]) -> Value {
    let conformance = if module.implemented {
        "implement"
    } else {
        "import"
    };
    let keyed = |name: &str, revision: Option<&str>| json!({ "name": name, "revision": revision.unwrap_or_default() });
    let mut entry = keyed(module.name, module.revision);
    put_value(&mut entry, "namespace", module.namespace.into());
    put_value(&mut entry, "conformance-type", conformance.into());
    let submodules = module.submodules.iter();
    let submodules = submodules.map(|(name, revision)| keyed(name, *revision));
    put(&mut entry, "submodule", submodules.collect());
    put(&mut entry, "feature", texts(&module.features));
    let deviations = module.deviated_by.iter().map(|name| {
        let mut modules = all.iter();
        let deviating = modules.find(|other| other.name == *name && other.implemented);
        keyed(name, deviating.and_then(|other| other.revision))
    });
    put(&mut entry, "deviation", deviations.collect());
    entry
}

fn texts(texts: &[&str]) -> Vec<Value> {
    texts.iter().map(|text| Value::from(*text)).collect()
}

/// Adds a list if it has entries.
fn put(object: &mut Value, name: &str, entries: Vec<Value>) {
    if !entries.is_empty() {
        put_value(object, name, Value::Array(entries));
    }
}

fn put_value(object: &mut Value, name: &str, value: Value) {
    let members: Option<&mut Map<String, Value>> = object.as_object_mut();
    if let Some(members) = members {
        members.insert(name.to_owned(), value);
    }
}

/// A name for the content, which changes with it and only with it (RFC 8525 section 3).
fn content_id(content: &Value) -> Value {
    let id = Uuid::new_v5(&Uuid::NAMESPACE_OID, content.to_string().as_bytes());
    Value::String(id.to_string())
}

#[cfg(test)]
#[allow(clippy::indexing_slicing, reason = "a test states what must hold")]
mod tests {
    use super::*;

    fn modules() -> [Module<'static>; 3] {
        let module = |name, revision, implemented| Module {
            name,
            revision,
            namespace: "urn:x",
            implemented,
            ..Module::default()
        };
        [
            Module {
                features: vec!["f"],
                deviated_by: vec!["b"],
                submodules: vec![("a-sub", None), ("a-more", Some("2024-01-01"))],
                ..module("a", Some("2024-02-02"), true)
            },
            module("b", None, true),
            module("types", None, false),
        ]
    }

    #[test]
    fn the_id_follows_the_content_and_not_the_order() {
        let id = |modules: &[Module<'_>]| {
            document(modules)["ietf-yang-library:yang-library"]["content-id"].clone()
        };
        let mut modules = modules();
        let before = id(&modules);
        modules.reverse();
        assert_eq!(id(&modules), before);
        modules[0].revision = Some("2025-01-01");
        assert_ne!(id(&modules), before);
    }

    #[test]
    fn absent_revisions_are_empty_where_they_are_keys() {
        let library = document(&modules());
        let set = &library["ietf-yang-library:yang-library"]["module-set"][0];
        assert_eq!(set["import-only-module"][0]["revision"], "");
        assert_eq!(set["module"][1].get("revision"), None);
        let list = &library["ietf-yang-library:modules-state"]["module"];
        assert_eq!(
            list[0]["deviation"][0],
            json!({ "name": "b", "revision": "" })
        );
        assert_eq!(list[2]["conformance-type"], "import");
    }
}
