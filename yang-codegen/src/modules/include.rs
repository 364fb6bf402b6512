//! Submodules (RFC 7950 sections 5.1, 7.1.6, 7.2).

use super::find::Origin;
use super::load::Loader;
use super::{Key, ModuleId, newest_revision};
use crate::fault::Fault;
use crate::parse::{Keyword, Statement, TextId};

/// The submodules of a module while they are loaded.
struct Includes {
    owner: ModuleId,
    /// Its name and version, which those of the submodules must be.
    name: String,
    is_yang11: bool,
    /// The submodules in the order of the module's `include` statements; behind these, those that
    /// submodules alone include, which is right in YANG 1.
    slots: Vec<Slot>,
    /// The submodules that are being loaded, each included by the one before.
    open: Vec<String>,
}

struct Slot {
    name: String,
    state: State,
}

enum State {
    /// Only its `include` statement was met.
    Awaited,
    Loaded(TextId),
    /// It could not be loaded, which has been told.
    Missing,
}

impl Includes {
    fn state(&self, name: &str) -> Option<&State> {
        let slot = self.slots.iter().find(|slot| slot.name == name);
        slot.map(|slot| &slot.state)
    }

    fn set(&mut self, name: &str, state: State) {
        match self.slots.iter_mut().find(|slot| slot.name == name) {
            Some(slot) => slot.state = state,
            None => self.slots.push(Slot {
                name: name.to_owned(),
                state,
            }),
        }
    }
}

impl Loader<'_, '_> {
    /// The submodules that may include each other in a chain.
    const MOST_DEPTH: usize = 50;

    /// Loads the submodules of a module.
    pub(super) fn include_all(&mut self, owner: ModuleId) {
        let Some(module) = self.modules.get(owner.index()) else {
            return;
        };
        let main = module.main;
        let Some(root) = self.texts.root(main) else {
            return;
        };
        let mut includes = Includes {
            owner,
            name: module.name.clone(),
            is_yang11: root.text().is_yang11,
            slots: Vec::new(),
            open: Vec::new(),
        };
        for include in root.all(Keyword::Include) {
            includes.set(include.argument(), State::Awaited);
        }
        self.include_of(main, &mut includes);
        let loaded = includes
            .slots
            .into_iter()
            .filter_map(|slot| match slot.state {
                State::Loaded(text) => Some(text),
                State::Awaited | State::Missing => None,
            });
        let loaded = loaded.collect();
        if let Some(module) = self.modules.get_mut(owner.index()) {
            module.submodules = loaded;
        }
    }

    /// Loads what a text includes.
    fn include_of(&mut self, text: TextId, includes: &mut Includes) {
        let statements = self.texts.root(text).into_iter();
        let statements: Vec<Key> = statements
            .flat_map(|root| root.all(Keyword::Include))
            .map(Statement::key)
            .collect();
        for include in statements {
            self.include(include, includes);
        }
    }

    fn include(&mut self, include: Key, includes: &mut Includes) {
        let Some(statement) = self.texts.statement(include) else {
            return;
        };
        let name = statement.argument().to_owned();
        let revision = statement
            .argument_of(Keyword::RevisionDate)
            .map(ToOwned::to_owned);
        match includes.state(&name) {
            Some(State::Missing) => {}
            Some(State::Loaded(text)) => self.check_revision(include, *text, revision.as_deref()),
            _ if includes.open.contains(&name) => self.tell_circle(statement.key(), includes),
            None if includes.is_yang11 => {
                let message = format!(
                    "the module \"{}\" does not include \"{name}\", and it includes all of its \
                     submodules; include it there",
                    includes.name
                );
                self.complete = false;
                self.tell(include, "RFC 7950 section 5.1", message);
                includes.set(&name, State::Missing);
            }
            Some(State::Awaited) | None => {
                let loaded = self.load_submodule(include, &name, revision.as_deref(), includes);
                self.complete &= loaded.is_some();
                includes.set(&name, loaded.map_or(State::Missing, State::Loaded));
            }
        }
    }

    fn load_submodule(
        &mut self,
        include: Key,
        name: &str,
        revision: Option<&str>,
        includes: &mut Includes,
    ) -> Option<TextId> {
        if includes.open.len() >= Self::MOST_DEPTH {
            let most = Self::MOST_DEPTH;
            let message = format!("more than {most} submodules include each other in a chain");
            self.tell(include, "RFC 7950 section 7.1.6", message);
            return None;
        }
        let Some(origin @ Origin::Source(_)) = self.pick(name, revision) else {
            self.tell_missing(include, name, revision);
            return None;
        };
        let text = self.parse(origin)?;
        let root = text.root()?;
        if root.keyword() == Keyword::Module {
            let message = "this is a module, not a submodule; import it instead".to_owned();
            self.tell(include, "RFC 7950 section 7.1.6", message);
            return None;
        }
        if let Some(main) = root.child(Keyword::BelongsTo)
            && main.argument() != includes.name
        {
            let message = format!(
                "the module \"{}\" includes this submodule, which belongs to another; name it here \
                 or take the include away",
                includes.name
            );
            self.faults.at(main, "RFC 7950 section 7.2.2", message);
            return None;
        }
        self.check_version(include, text.is_yang11, includes);
        let id = text.id;
        self.add_text(text, includes.owner);
        includes.open.push(name.to_owned());
        self.include_of(id, includes);
        includes.open.pop();
        Some(id)
    }

    /// A module and its submodules are of one version (RFC 7950 section 12).
    fn check_version(&mut self, include: Key, is_yang11: bool, includes: &Includes) {
        let Some(statement) = self.texts.statement(include) else {
            return;
        };
        if is_yang11 != includes.is_yang11 {
            let version = |is_yang11| if is_yang11 { "1.1" } else { "1" };
            let message = format!(
                "a submodule of YANG {} is included by a module of YANG {}; give both the same \
                 yang-version",
                version(is_yang11),
                version(includes.is_yang11)
            );
            let fault = Fault::of(statement, "RFC 7950 section 12", message);
            self.faults.tolerable(fault);
        }
    }

    /// A submodule includes others in the revisions that its module includes.
    fn check_revision(&mut self, include: Key, loaded: TextId, revision: Option<&str>) {
        let has = self.texts.root(loaded).and_then(newest_revision);
        if revision.is_none() || has == revision {
            return;
        }
        let message = format!(
            "another include takes revision {} of this submodule; include the same one",
            has.unwrap_or("(none)")
        );
        self.tell(include, "RFC 7950 section 5.1", message);
    }

    /// YANG 1 forbids circles of includes (RFC 6020 section 5.1); YANG 1.1 does not.
    fn tell_circle(&mut self, include: Key, includes: &Includes) {
        if includes.is_yang11 {
            return;
        }
        let Some(statement) = self.texts.statement(include) else {
            return;
        };
        let message = "the submodule includes itself through others; take one of the includes away";
        let fault = Fault::of(statement, "RFC 6020 section 5.1", message);
        self.faults.tolerable(fault);
    }
}
