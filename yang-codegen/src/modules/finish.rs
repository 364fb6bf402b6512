//! The last step of loading: the names of all modules, and the rules between them.

use std::collections::{BTreeMap, HashMap};

use super::load::Loader;
use super::{Key, Module, ModuleId, Modules, cycle, scope};
use crate::fault::Fault;
use crate::parse::{Keyword, Statement};

impl Loader<'_, '_> {
    /// The modules, `wanted` and what these amend implemented.
    pub(super) fn finish(self, wanted: &[ModuleId]) -> Modules {
        let Self {
            request,
            faults,
            texts,
            modules,
            complete,
            ..
        } = self;
        let mut names: BTreeMap<String, Vec<ModuleId>> = BTreeMap::new();
        for (module, number) in modules.iter().zip(0..) {
            let revisions = names.entry(module.name.clone()).or_default();
            revisions.push(ModuleId(number));
        }
        let mut modules = Modules {
            texts,
            list: modules,
            names,
            complete,
            ..Modules::default()
        };
        for id in wanted {
            modules.implement(*id);
        }
        if request.implement_imports {
            modules.implement_imports();
        }
        modules.define(faults);
        modules.set_features(request, faults);
        modules.derive_identities(faults);
        modules.check_extensions(faults);
        modules.check_import_circles(faults);
        modules.check_namespaces(faults);
        modules.check_references(faults);
        modules
    }

    /// A module imports others, and one of YANG 1 none of YANG 1.1 by revision (RFC 7950 section 12).
    pub(super) fn check_import(&mut self, import: Key, target: ModuleId) {
        let Some(statement) = self.texts.statement(import) else {
            return;
        };
        let Some(dated) = statement.child(Keyword::RevisionDate) else {
            return;
        };
        let target = self.modules.get(target.index());
        let root = target.and_then(|target| self.texts.root(target.main));
        if !statement.text().is_yang11 && root.is_some_and(|root| root.text().is_yang11) {
            let message = "a module of YANG 1 imports one of YANG 1.1 by its revision; take the \
                           revision-date away";
            let fault = Fault::of(dated, "RFC 7950 section 12", message);
            self.faults.tolerable(fault);
        }
    }
}

impl Modules {
    /// Implements the modules that are imported, but for those that this crate brings along.
    fn implement_imports(&mut self) {
        let names: Vec<String> = self.names.keys().cloned().collect();
        for id in names
            .iter()
            .filter_map(|name| self.by_name(name))
            .collect::<Vec<_>>()
        {
            if self.module(id).is_some_and(|module| !module.built_in) {
                self.implement(id);
            }
        }
    }

    /// Collects the definitions of all modules.
    fn define(&mut self, faults: &mut crate::fault::Faults) {
        let mut scopes = HashMap::new();
        for root in self.roots() {
            scope::nested(root, &mut scopes, faults);
        }
        let tops: Vec<_> = self
            .list
            .iter()
            .map(|module| {
                let roots = module.texts().filter_map(|text| self.texts.root(text));
                scope::top(roots, faults)
            })
            .collect();
        for (module, top) in self.list.iter_mut().zip(tops) {
            module.top = top;
        }
        self.scopes = scopes;
        scope::check_shadows(self, faults);
    }

    /// No module imports itself, neither directly nor through others.
    fn check_import_circles(&self, faults: &mut crate::fault::Faults) {
        let id = |at: usize| u32::try_from(at).map(ModuleId).ok();
        let next = |at: usize| {
            let imports = id(at).into_iter().flat_map(|id| self.imports(id));
            imports.map(ModuleId::index).collect()
        };
        for (from, to) in cycle::closing(self.list.len(), next) {
            let (Some(from), Some(to)) = (id(from), id(to)) else {
                continue;
            };
            let mut imports = self.all(from, Keyword::Import);
            let import = imports.find(|import| self.imported(*import) == Some(to));
            if let Some(import) = import.or_else(|| self.statement(from)) {
                let root = import.text().root();
                let is_submodules = root.is_some_and(|root| root.keyword() == Keyword::Submodule);
                let message = if from == to && is_submodules {
                    "a submodule does not import its own module, whose definitions it sees; take the \
                     import away"
                        .to_owned()
                } else if from == to {
                    "a module does not import itself; take the import away".to_owned()
                } else {
                    format!(
                        "\"{}\" imports this module itself, directly or through others; take one \
                         of the imports away",
                        self.name(to)
                    )
                };
                faults.at(import, "RFC 7950 section 5.1", message);
            }
        }
    }

    /// The module that an import has.
    fn imported(&self, import: Statement<'_>) -> Option<ModuleId> {
        self.by_prefix(import, import.argument_of(Keyword::Prefix)?)
    }

    /// Each module has a namespace of its own.
    fn check_namespaces(&self, faults: &mut crate::fault::Faults) {
        let mut known: BTreeMap<&str, &Module> = BTreeMap::new();
        for module in &self.list {
            let other = known.entry(&module.namespace).or_insert(module);
            if other.name == module.name {
                continue;
            }
            let root = self.texts.root(module.main);
            if let Some(namespace) = root.and_then(|root| root.child(Keyword::Namespace)) {
                let message = format!(
                    "the module \"{}\" has this namespace too; give each its own",
                    other.name
                );
                faults.tolerable(Fault::of(namespace, "RFC 7950 section 5.3", message));
            }
        }
    }
}
