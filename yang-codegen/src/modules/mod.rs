//! Statements to modules: imports, includes, scopes of names, features, identities, extensions.

use std::collections::BTreeMap;

use crate::parse::{Statement, Text, TextId};

/// The number of a module in its set.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub(crate) struct ModuleId(pub(crate) u32);

/// A set of modules, closed under imports and includes.
#[derive(Debug, Default)]
pub(crate) struct Modules {
    /// Every text, at the place of its number.
    texts: Vec<Source>,
    /// Every module, at the place of its number. Those that were asked for come first, in their order.
    modules: Vec<Module>,
}

/// A text and the meaning of the prefixes in it.
#[derive(Debug)]
struct Source {
    text: Text,
    /// The module that it is, or belongs to.
    module: ModuleId,
    /// Its imports, and its own prefix.
    prefixes: BTreeMap<String, ModuleId>,
}

/// A module with its submodules.
#[derive(Debug)]
pub(crate) struct Module {
    pub(crate) name: String,
    pub(crate) namespace: String,
    pub(crate) prefix: String,
    /// The newest of its revisions.
    pub(crate) revision: Option<String>,
    /// Its own text.
    pub(crate) main: TextId,
    /// The texts of its submodules, each once, in the order of the `include` statements.
    pub(crate) submodules: Vec<TextId>,
    /// True if its nodes are part of the schema (RFC 7950 section 5.6.5): it was asked for, or an
    /// implemented module augments it, deviates it, or refers to its nodes in the path of a leafref.
    pub(crate) implemented: bool,
    /// True if it comes from the texts that this crate brings along.
    pub(crate) built_in: bool,
    /// Its features, with those of its submodules, by name; true if on.
    pub(crate) features: BTreeMap<String, bool>,
}

impl Modules {
    pub(crate) fn module(&self, id: ModuleId) -> Option<&Module> {
        self.modules.get(usize::try_from(id.0).ok()?)
    }

    /// The module to which the text of a statement belongs.
    pub(crate) fn module_of(&self, statement: Statement<'_>) -> Option<ModuleId> {
        let at = usize::try_from(statement.text().id.0).ok()?;
        self.texts.get(at).map(|source| source.module)
    }
}
