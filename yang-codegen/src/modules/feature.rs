//! Features, and the statements that depend on them (RFC 7950 section 7.20).

mod condition;

use std::collections::BTreeMap;

use super::{ModuleId, Modules, Request, cycle};
use crate::fault::{Fault, Faults};
use crate::parse::{Keyword, Statement};

use condition::{evaluate, features, postfix};

impl Modules {
    /// True if all the features that a statement depends on are on.
    pub(crate) fn is_enabled(&self, statement: Statement<'_>) -> bool {
        statement
            .all(Keyword::IfFeature)
            .all(|condition| self.holds(condition))
    }

    /// The features of a module and its submodules, with true for those that are on.
    pub(crate) fn features(&self, id: ModuleId) -> impl Iterator<Item = (Statement<'_>, bool)> {
        self.all(id, Keyword::Feature)
            .map(move |feature| (feature, self.is_on(id, feature.argument())))
    }

    fn is_on(&self, id: ModuleId, feature: &str) -> bool {
        let module = self.module(id);
        module.is_some_and(|module| module.features.get(feature) == Some(&true))
    }

    /// True if an `if-feature` statement is satisfied, and if it is wrong, which has been told.
    fn holds(&self, condition: Statement<'_>) -> bool {
        let Ok(steps) = postfix(condition) else {
            return true;
        };
        evaluate(&steps, |name| match self.qualify(condition, name) {
            Some((module, feature)) => self.is_on(module, feature),
            None => true,
        })
    }

    /// Turns on the features that a request asks for, and checks all that depends on features.
    pub(super) fn set_features(&mut self, request: &Request<'_>, faults: &mut Faults) {
        let ids: Vec<ModuleId> = self.ids().collect();
        for id in ids {
            let name = self.name(id);
            let names = self.all(id, Keyword::Feature).map(Statement::argument);
            let features: BTreeMap<String, bool> = names
                .map(|feature| (feature.to_owned(), request.turns_on(name, feature)))
                .collect();
            if let Some(module) = self.list.get_mut(id.index()) {
                module.features = features;
            }
        }
        for root in self.roots() {
            let conditions = root
                .descendants()
                .filter(|statement| statement.keyword() == Keyword::IfFeature);
            for condition in conditions {
                self.check_condition(condition, faults);
            }
        }
        self.check_circles(faults);
        for (feature, _) in self.every_feature().filter(|(_, is_on)| *is_on) {
            self.check_requirements(feature, faults);
        }
    }

    fn every_feature(&self) -> impl Iterator<Item = (Statement<'_>, bool)> {
        self.ids().flat_map(|id| self.features(id))
    }

    /// The syntax of a condition, and the features that it names.
    fn check_condition(&self, condition: Statement<'_>, faults: &mut Faults) {
        const SECTION: &str = "RFC 7950 section 7.20.2";
        let steps = match postfix(condition) {
            Ok(steps) => steps,
            Err(reason) => return faults.at(condition, SECTION, reason),
        };
        for name in features(&steps) {
            if self.is_unknown_prefix(condition, name, faults)
                || self.definition(condition, Keyword::Feature, name).is_some()
            {
                continue;
            }
            let message = format!("there is no feature \"{name}\"");
            let nearest = self.nearest(condition, Keyword::Feature, name);
            faults.add(Fault::of(condition, SECTION, message).nearest(nearest));
        }
    }

    /// The features that an `if-feature` statement names.
    pub(super) fn features_in(&self, condition: Statement<'_>) -> Vec<Statement<'_>> {
        let steps = postfix(condition).unwrap_or_default();
        features(&steps)
            .filter_map(|name| self.definition(condition, Keyword::Feature, name))
            .collect()
    }

    /// No feature depends on itself.
    fn check_circles(&self, faults: &mut Faults) {
        let all: Vec<Statement<'_>> = self.every_feature().map(|(feature, _)| feature).collect();
        let numbers: BTreeMap<_, usize> =
            all.iter().map(|feature| feature.key()).zip(0..).collect();
        let next = |at: usize| {
            let conditions = all
                .get(at)
                .into_iter()
                .flat_map(|at| at.all(Keyword::IfFeature));
            conditions
                .flat_map(|condition| self.features_in(condition))
                .filter_map(|feature| numbers.get(&feature.key()).copied())
                .collect()
        };
        for (from, to) in cycle::closing(all.len(), next) {
            if let (Some(from), Some(to)) = (all.get(from), all.get(to)) {
                let message = format!(
                    "the feature depends on \"{}\", which depends on it; take one of the if-feature \
                     statements away",
                    to.argument()
                );
                faults.at(*from, "RFC 7950 section 7.20.1", message);
            }
        }
    }

    /// A feature that is on has what it depends on.
    fn check_requirements(&self, feature: Statement<'_>, faults: &mut Faults) {
        for condition in feature.all(Keyword::IfFeature) {
            if !self.holds(condition) {
                let message = format!(
                    "the feature \"{}\" cannot be on, since its \"if-feature\" is not satisfied; \
                     leave it off, or turn on the features that it needs",
                    feature.argument()
                );
                faults.at(condition, "RFC 7950 section 7.20.1", message);
            }
        }
    }
}
