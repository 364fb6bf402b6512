//! References to definitions, and the rules for what a statement may refer to.

use std::collections::{HashMap, HashSet};

use super::{Key, Modules, Texts};
use crate::fault::{Fault, Faults};
use crate::parse::{Keyword, Statement, TextId};

impl Modules {
    /// The definitions that a statement refers to by name, if there are such.
    fn definitions<'m>(&'m self, at: Statement<'m>) -> Vec<Statement<'m>> {
        let definition = |keyword, name: &str| self.definition(at, keyword, name);
        let found = match at.keyword() {
            Keyword::Base => definition(Keyword::Identity, at.argument()),
            Keyword::Type => definition(Keyword::Typedef, at.argument()),
            Keyword::Uses => definition(Keyword::Grouping, at.argument()),
            Keyword::Extension => at.extension().and_then(|(prefix, name)| {
                definition(Keyword::ExtensionDefinition, &format!("{prefix}:{name}"))
            }),
            Keyword::IfFeature => return self.features_in(at),
            _ => None,
        };
        found.into_iter().collect()
    }

    /// Checks what the statements of all texts refer to.
    pub(super) fn check_references(&self, faults: &mut Faults) {
        let ages = self.ages();
        for module in self.list.iter().filter(|module| !module.built_in) {
            for text in module.texts() {
                let Some(root) = self.texts.root(text) else {
                    continue;
                };
                let sees_all = text == module.main || root.text().is_yang11;
                let seen = (!sees_all).then(|| included(&self.texts, &module.submodules, text));
                for at in root.descendants() {
                    for definition in self.definitions(at) {
                        if self.module_of(definition) == self.module_of(at) {
                            check_visible(at, definition, seen.as_ref(), faults);
                            check_status(at, definition, &ages, faults);
                        }
                    }
                }
            }
        }
    }

    /// The distances from current of the statements with another status.
    fn ages(&self) -> HashMap<Key, u8> {
        let all = self.roots().flat_map(Statement::descendants);
        let stated = all.filter(|statement| statement.keyword() == Keyword::Status);
        stated
            .filter_map(|status| {
                let age = match status.argument() {
                    "deprecated" => 1,
                    "obsolete" => 2,
                    _ => return None,
                };
                Some((status.parent()?.key(), age))
            })
            .collect()
    }
}

/// A submodule of YANG 1 sees its own definitions, and those of the submodules that it includes (RFC
/// 6020 section 7.2.2). In YANG 1.1 it sees all of its module.
fn check_visible(
    at: Statement<'_>,
    definition: Statement<'_>,
    seen: Option<&HashSet<TextId>>,
    faults: &mut Faults,
) {
    let place = definition.text();
    if seen.is_none_or(|seen| seen.contains(&place.id)) {
        return;
    }
    let message = format!(
        "the {} is defined in {}, which this submodule does not include; include it, or give the \
         module and its submodules yang-version 1.1",
        definition.keyword(),
        place.path.display()
    );
    faults.tolerable(Fault::of(at, "RFC 6020 section 7.2.2", message));
}

/// A current definition refers to no deprecated or obsolete one of its module, and a deprecated one
/// to no obsolete one.
fn check_status(
    at: Statement<'_>,
    definition: Statement<'_>,
    ages: &HashMap<Key, u8>,
    faults: &mut Faults,
) {
    let Some(age) = ages.get(&definition.key()) else {
        return;
    };
    let mut around = std::iter::successors(Some(at), |statement| statement.parent());
    if around.any(|statement| ages.get(&statement.key()) >= Some(age)) {
        return;
    }
    let status = definition.argument_of(Keyword::Status).unwrap_or_default();
    let message = format!(
        "the {} is {status}, and what refers to it is not; give this the status {status} too, or \
         refer to another",
        definition.keyword(),
    );
    faults.tolerable(Fault::of(at, "RFC 7950 section 7.21.2", message));
}

/// A submodule's text, and those that it includes, directly or through others.
fn included(texts: &Texts, submodules: &[TextId], text: TextId) -> HashSet<TextId> {
    let named = |name: &str| {
        let mut submodules = submodules.iter().copied();
        submodules.find(|text| {
            texts
                .root(*text)
                .is_some_and(|root| root.argument() == name)
        })
    };
    let mut found = HashSet::from([text]);
    let mut waiting = vec![text];
    while let Some(next) = waiting.pop() {
        let root = texts.root(next).into_iter();
        let includes = root.flat_map(|root| root.all(Keyword::Include));
        for included in includes.filter_map(|include| named(include.argument())) {
            if found.insert(included) {
                waiting.push(included);
            }
        }
    }
    found
}
