//! Statements to modules: imports, includes, scopes of names, features, identities, extensions.

mod amend;
mod builtin;
mod cycle;
mod extension;
mod feature;
mod find;
mod finish;
mod identity;
mod include;
mod load;
mod names;
mod reference;
mod request;
mod scope;
#[cfg(test)]
mod tests;

use std::cell::Cell;
use std::collections::{BTreeMap, HashMap};
use std::path::Path;

use crate::parse::{Keyword, Statement, Text, TextId};

use identity::Identities;
pub(crate) use identity::Identity;
pub(crate) use request::Request;
use scope::Scope;

/// The number of a module in its set.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub(crate) struct ModuleId(pub(crate) u32);

impl ModuleId {
    fn index(self) -> usize {
        usize::try_from(self.0).unwrap_or(usize::MAX)
    }
}

/// The number of a statement: [`Statement::key`].
type Key = (TextId, u32);

/// A set of modules, closed under imports and includes.
#[derive(Debug, Default)]
pub(crate) struct Modules {
    texts: Texts,
    /// Every module, at the place of its number. Those that were asked for come first, in their order.
    list: Vec<Module>,
    /// The revisions of each module.
    names: BTreeMap<String, Vec<ModuleId>>,
    /// Those that are implemented, in the order in which they came to be.
    order: Vec<ModuleId>,
    /// The typedefs and groupings below the top of the modules, by the statement around them.
    scopes: HashMap<Key, Scope>,
    identities: Identities,
    /// True if each import and include led to a text.
    complete: bool,
    /// The number of names that were looked for among similar ones.
    suggested: Cell<usize>,
}

/// Every text, at the place of its number.
#[derive(Debug, Default)]
struct Texts(Vec<Source>);

/// A text and the meaning of the prefixes in it.
#[derive(Debug)]
struct Source {
    text: Text,
    /// The module that it is, or belongs to.
    module: ModuleId,
    /// Its imports, and its own prefix. `None` for a module that could not be loaded.
    prefixes: BTreeMap<Box<str>, Option<ModuleId>>,
    /// The modules that it imports.
    imports: Vec<ModuleId>,
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
    /// True if an import without a revision takes this one.
    preferred: bool,
    /// Its features, with those of its submodules, by name; true if on.
    pub(crate) features: BTreeMap<String, bool>,
    /// The definitions at the top of its text and its submodules.
    top: Scope,
}

impl Module {
    /// The texts of the module and of its submodules.
    fn texts(&self) -> impl Iterator<Item = TextId> {
        std::iter::once(self.main).chain(self.submodules.iter().copied())
    }
}

impl Texts {
    fn get(&self, id: TextId) -> Option<&Source> {
        self.0.get(usize::try_from(id.0).ok()?)
    }

    fn get_mut(&mut self, id: TextId) -> Option<&mut Source> {
        self.0.get_mut(usize::try_from(id.0).ok()?)
    }

    fn root(&self, id: TextId) -> Option<Statement<'_>> {
        self.get(id)?.text.root()
    }

    fn statement(&self, (text, index): Key) -> Option<Statement<'_>> {
        self.get(text)?.text.statement(index)
    }
}

impl Modules {
    pub(crate) fn module(&self, id: ModuleId) -> Option<&Module> {
        self.list.get(id.index())
    }

    /// The name of a module.
    pub(crate) fn name(&self, id: ModuleId) -> &str {
        self.module(id).map_or("", |module| &module.name)
    }

    /// All modules; those that were asked for come first, in their order.
    pub(crate) fn ids(&self) -> impl Iterator<Item = ModuleId> + use<> {
        let count = u32::try_from(self.list.len()).unwrap_or(u32::MAX);
        (0..count).map(ModuleId)
    }

    /// The module to which the text of a statement belongs.
    pub(crate) fn module_of(&self, statement: Statement<'_>) -> Option<ModuleId> {
        let source = self.texts.get(statement.text().id);
        source.map(|source| source.module)
    }

    /// The module of a name; of several revisions the one that the model has: the implemented one,
    /// or else the one that imports without a revision take, or else the newest.
    pub(crate) fn by_name(&self, name: &str) -> Option<ModuleId> {
        let revisions = self.names.get(name)?.iter().copied();
        revisions.max_by_key(|id| {
            let module = self.module(*id);
            module.map(|module| (module.implemented, module.preferred, &module.revision))
        })
    }

    /// False if a module or submodule could not be read. What refers to its definitions would then
    /// be told as a fault that it is not.
    pub(crate) const fn is_complete(&self) -> bool {
        self.complete
    }

    /// The statement `module` of a module.
    pub(crate) fn statement(&self, id: ModuleId) -> Option<Statement<'_>> {
        self.texts.root(self.module(id)?.main)
    }

    /// The top-level statements of a module and then of its submodules, in the order of the
    /// `include` statements.
    pub(crate) fn body(&self, id: ModuleId) -> impl Iterator<Item = Statement<'_>> {
        let texts = self.module(id).into_iter().flat_map(Module::texts);
        texts
            .filter_map(|text| self.texts.root(text))
            .flat_map(Statement::children)
    }

    /// The statements of one keyword at the top of a module and its submodules.
    pub(crate) fn all(
        &self,
        id: ModuleId,
        keyword: Keyword,
    ) -> impl Iterator<Item = Statement<'_>> {
        self.body(id)
            .filter(move |statement| statement.keyword() == keyword)
    }

    /// The names and revisions of a module's submodules.
    pub(crate) fn submodules(&self, id: ModuleId) -> impl Iterator<Item = (&str, Option<&str>)> {
        let texts = self.module(id).into_iter();
        texts
            .flat_map(|module| &module.submodules)
            .filter_map(|text| self.texts.root(*text))
            .map(|root| (root.argument(), newest_revision(root)))
    }

    /// The modules that a module and its submodules import.
    pub(crate) fn imports(&self, id: ModuleId) -> impl Iterator<Item = ModuleId> {
        let texts = self.module(id).into_iter().flat_map(Module::texts);
        texts
            .filter_map(|text| self.texts.get(text))
            .flat_map(|source| source.imports.iter().copied())
    }

    /// The roots of all texts, those of the modules that this crate brings along included.
    pub(crate) fn roots(&self) -> impl Iterator<Item = Statement<'_>> {
        self.texts.0.iter().filter_map(|source| source.text.root())
    }

    /// The files of all texts, but for those of modules that this crate brings along.
    pub(crate) fn files(&self) -> impl Iterator<Item = &Path> {
        let texts = self.texts.0.iter();
        texts
            .filter(|source| {
                let module = self.module(source.module);
                module.is_some_and(|module| !module.built_in)
            })
            .map(|source| source.text.path.as_path())
    }
}

/// The newest revision of a module or submodule (RFC 7950 section 7.1.9).
fn newest_revision(root: Statement<'_>) -> Option<&str> {
    root.all(Keyword::Revision).map(Statement::argument).max()
}
