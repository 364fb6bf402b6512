//! Modules that change others: augments and deviations, and what they implement (RFC 7950 section
//! 5.6.5).

use std::collections::BTreeSet;

use super::{ModuleId, Modules};
use crate::parse::{Keyword, Statement};

/// The module of RFC 8791, whose `augment-structure` amends as `augment` does.
const STRUCTURES: &str = "ietf-yang-structure-ext";

/// The statements at the top of a text that change another module, or its own, with the path that
/// each names: augments first, as libyang has it.
fn amending(root: Statement<'_>) -> impl Iterator<Item = Statement<'_>> {
    let imports = root.all(Keyword::Import);
    let prefixes: BTreeSet<&str> = imports
        .filter(|import| import.argument() == STRUCTURES)
        .filter_map(|import| import.argument_of(Keyword::Prefix))
        .collect();
    let structures = root.all(Keyword::Extension).filter(move |instance| {
        let extension = instance.extension();
        extension
            .is_some_and(|(prefix, name)| name == "augment-structure" && prefixes.contains(prefix))
    });
    root.all(Keyword::Augment)
        .chain(root.all(Keyword::Deviation))
        .chain(structures)
}

/// The prefixes in a schema node identifier; `None` for a step without one.
pub(super) fn prefixes(path: &str) -> impl Iterator<Item = Option<&str>> {
    path.split('/')
        .map(str::trim)
        .filter(|step| !step.is_empty())
        .map(|step| step.split_once(':').map(|(prefix, _)| prefix))
}

/// The prefixes in the paths of all statements of a text that change a module, each once.
pub(super) fn amended(root: Statement<'_>) -> Vec<&str> {
    let mut seen = BTreeSet::new();
    amending(root)
        .flat_map(|statement| prefixes(statement.argument()).flatten())
        .filter(|prefix| seen.insert(*prefix))
        .collect()
}

impl Modules {
    /// The implemented modules in the order in which they came to be so, which is the order in which
    /// their augments and deviations apply.
    pub(crate) fn implemented(&self) -> impl Iterator<Item = ModuleId> {
        self.order.iter().copied()
    }

    /// Makes a module's nodes part of the schema, and those of the modules that it augments or
    /// deviates. Returns false if another revision of the module is implemented already, of which
    /// there may be one alone (RFC 7950 section 5.6.5).
    pub(crate) fn implement(&mut self, id: ModuleId) -> bool {
        let mut waiting = vec![id];
        while let Some(next) = waiting.pop() {
            let name = self.name(next);
            let known = self.by_name(name).and_then(|known| self.module(known));
            if known.is_some_and(|known| known.implemented) {
                continue;
            }
            let targets = self.amended_by(next);
            if let Some(module) = self.list.get_mut(next.index()) {
                module.implemented = true;
                self.order.push(next);
                waiting.extend(targets.into_iter().rev());
            }
        }
        self.module(id).is_some_and(|module| module.implemented)
    }

    /// The modules that a module augments or deviates, those in the middle of a path included.
    fn amended_by(&self, id: ModuleId) -> Vec<ModuleId> {
        let texts = self.module(id).into_iter().flat_map(super::Module::texts);
        let roots = texts.filter_map(|text| self.texts.root(text));
        let mut seen = BTreeSet::from([id]);
        roots
            .flat_map(|root| {
                let prefixes = amended(root).into_iter();
                prefixes.filter_map(move |prefix| self.by_prefix(root, prefix))
            })
            .filter(|target| seen.insert(*target))
            .collect()
    }

    /// The implemented modules that deviate a module.
    pub(crate) fn deviated_by(&self, id: ModuleId) -> impl Iterator<Item = ModuleId> {
        let others = self
            .implemented()
            .filter(move |other| *other == id || self.imports(*other).any(|import| import == id));
        others.filter(move |other| {
            let mut deviations = self.all(*other, Keyword::Deviation);
            deviations.any(|deviation| self.target(deviation) == Some(id))
        })
    }

    /// The module in whose schema the path of an augment or deviation begins.
    fn target(&self, statement: Statement<'_>) -> Option<ModuleId> {
        match prefixes(statement.argument()).next()? {
            Some(prefix) => self.by_prefix(statement, prefix),
            None => self.module_of(statement),
        }
    }
}
