//! Identities and what is derived from them (RFC 7950 section 7.18).

use std::collections::HashMap;

use super::{Key, ModuleId, Modules, cycle};
use crate::fault::{Fault, Faults};
use crate::parse::{Keyword, Statement};

/// An identity.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) struct Identity<'m> {
    /// The module that defines it.
    pub(crate) module: ModuleId,
    pub(crate) statement: Statement<'m>,
}

impl<'m> Identity<'m> {
    pub(crate) fn name(self) -> &'m str {
        self.statement.argument()
    }
}

/// The derivations of all modules.
#[derive(Debug, Default)]
pub(super) struct Identities {
    /// Every identity, with the numbers of its bases and of those that are derived from it directly.
    list: Vec<Entry>,
    numbers: HashMap<Key, usize>,
}

#[derive(Debug)]
struct Entry {
    key: Key,
    bases: Vec<usize>,
    derived: Vec<usize>,
}

impl Identities {
    fn get(&self, identity: Identity<'_>) -> Option<&Entry> {
        let number = self.numbers.get(&identity.statement.key())?;
        self.list.get(*number)
    }

    fn derive(&mut self, from: usize, base: usize) {
        if let Some(entry) = self.list.get_mut(from) {
            entry.bases.push(base);
        }
        if let Some(entry) = self.list.get_mut(base) {
            entry.derived.push(from);
        }
    }
}

impl Modules {
    /// The identity that a name with or without a prefix means where a statement stands.
    pub(crate) fn identity(&self, at: Statement<'_>, name: &str) -> Option<Identity<'_>> {
        let statement = self.definition(at, Keyword::Identity, name)?;
        self.as_identity(statement)
    }

    /// The identity of a module by its name.
    pub(crate) fn identity_of(&self, module: ModuleId, name: &str) -> Option<Identity<'_>> {
        let key = self.at_top(module, Keyword::Identity, name)?;
        self.as_identity(self.texts.statement(key)?)
    }

    /// The most similar identity that a statement could name instead.
    pub(crate) fn nearest_identity(&self, at: Statement<'_>, name: &str) -> Option<String> {
        self.nearest(at, Keyword::Identity, name)
    }

    /// The identities of a module and its submodules, in the order of the text.
    pub(crate) fn identities(&self, id: ModuleId) -> impl Iterator<Item = Identity<'_>> {
        self.all(id, Keyword::Identity)
            .map(move |statement| Identity {
                module: id,
                statement,
            })
    }

    /// The direct bases of an identity, in the order of its text.
    pub(crate) fn bases<'m>(
        &'m self,
        identity: Identity<'_>,
    ) -> impl Iterator<Item = Identity<'m>> {
        let entry = self.identities.get(identity).into_iter();
        entry
            .flat_map(|entry| &entry.bases)
            .filter_map(|base| self.numbered(*base))
    }

    /// The identities that are derived from an identity, directly or through others, sorted by module
    /// and name. Those of modules that are not implemented and those whose features are off are
    /// among them.
    pub(crate) fn derived(&self, identity: Identity<'_>) -> Vec<Identity<'_>> {
        let list = &self.identities.list;
        let mut seen = vec![false; list.len()];
        let mut found: Vec<usize> = Vec::new();
        let mut next = self.identities.get(identity);
        let mut done = 0;
        while let Some(entry) = next {
            for derived in &entry.derived {
                if let Some(seen) = seen.get_mut(*derived)
                    && !std::mem::replace(seen, true)
                {
                    found.push(*derived);
                }
            }
            next = found.get(done).and_then(|number| list.get(*number));
            done += 1;
        }
        let mut found: Vec<Identity<'_>> = found
            .into_iter()
            .filter_map(|number| self.numbered(number))
            .filter(|derived| derived.statement != identity.statement)
            .collect();
        found.sort_by_key(|identity| (self.name(identity.module), identity.name()));
        found
    }

    fn numbered(&self, number: usize) -> Option<Identity<'_>> {
        let key = self.identities.list.get(number)?.key;
        self.as_identity(self.texts.statement(key)?)
    }

    fn as_identity<'m>(&'m self, statement: Statement<'m>) -> Option<Identity<'m>> {
        let module = self.module_of(statement)?;
        Some(Identity { module, statement })
    }

    /// Follows the bases of all identities.
    pub(super) fn derive_identities(&mut self, faults: &mut Faults) {
        let mut identities = Identities::default();
        for id in self.ids() {
            for identity in self.identities(id) {
                let key = identity.statement.key();
                identities.numbers.insert(key, identities.list.len());
                identities.list.push(Entry {
                    key,
                    bases: Vec::new(),
                    derived: Vec::new(),
                });
            }
        }
        for number in 0..identities.list.len() {
            let key = identities.list.get(number).map(|entry| entry.key);
            let statement = key.and_then(|key| self.texts.statement(key));
            let bases = statement
                .into_iter()
                .flat_map(|statement| statement.all(Keyword::Base));
            for base in bases {
                let key = self.base(base, faults);
                if let Some(base) = key.and_then(|key| identities.numbers.get(&key).copied()) {
                    identities.derive(number, base);
                }
            }
        }
        self.check_derivations(&identities, faults);
        self.identities = identities;
    }

    /// The identity that a `base` statement names.
    fn base(&self, base: Statement<'_>, faults: &mut Faults) -> Option<Key> {
        let name = base.argument();
        if self.is_unknown_prefix(base, name, faults) {
            return None;
        }
        let Some(identity) = self.definition(base, Keyword::Identity, name) else {
            let message = format!("there is no identity \"{name}\"");
            let nearest = self.nearest_identity(base, name);
            faults.add(Fault::of(base, "RFC 7950 section 7.18.2", message).nearest(nearest));
            return None;
        };
        Some(identity.key())
    }

    /// No identity is derived from itself.
    fn check_derivations(&self, identities: &Identities, faults: &mut Faults) {
        let list = &identities.list;
        let next = |at: usize| list.get(at).map_or(Vec::new(), |entry| entry.bases.clone());
        let statement = |at: usize| {
            let key = list.get(at)?.key;
            self.texts.statement(key)
        };
        for (from, to) in cycle::closing(list.len(), next) {
            if let (Some(from), Some(to)) = (statement(from), statement(to)) {
                let message = if from == to {
                    "the identity is its own base; take the base away".to_owned()
                } else {
                    format!(
                        "its base \"{}\" is derived from it; take one of the bases away",
                        to.argument()
                    )
                };
                faults.at(from, "RFC 7950 section 7.18.2", message);
            }
        }
    }
}
