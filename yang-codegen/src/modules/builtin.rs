//! The modules that this crate brings along, so that others may import them without a file.

use std::path::PathBuf;

/// A module's text.
#[derive(Debug)]
pub(super) struct BuiltIn {
    pub(super) name: &'static str,
    pub(super) revision: &'static str,
    pub(super) text: &'static str,
}

macro_rules! built_in {
    ($($name:literal @ $revision:literal),* $(,)?) => {
        &[$(BuiltIn {
            name: $name,
            revision: $revision,
            text: include_str!(concat!("../../yang/", $name, "@", $revision, ".yang")),
        }),*]
    };
}

const MODULES: &[BuiltIn] = built_in! {
    "ietf-inet-types" @ "2013-07-15",
    "ietf-restconf" @ "2017-01-26",
    "ietf-yang-metadata" @ "2016-08-05",
    "ietf-yang-schema-mount" @ "2019-01-14",
    "ietf-yang-structure-ext" @ "2020-06-17",
    "ietf-yang-types" @ "2013-07-15",
};

/// The text of a module, in this revision if one is given.
pub(super) fn find(name: &str, revision: Option<&str>) -> Option<&'static BuiltIn> {
    MODULES.iter().find(|module| {
        module.name == name && revision.is_none_or(|revision| module.revision == revision)
    })
}

/// A name for the origin of its text.
pub(super) fn path(name: &str) -> PathBuf {
    PathBuf::from(format!("(built in)/{name}.yang"))
}
