//! The definitions of a module that a submodule of YANG 1 sees: its own, and those of the submodules
//! that it includes (RFC 6020 section 7.2.2). In YANG 1.1 it sees all.

use std::collections::HashSet;

use super::{ModuleId, Modules, Texts};
use crate::fault::{Fault, Faults};
use crate::parse::{Keyword, Statement, TextId};

impl Modules {
    /// Adds a fault for each reference to a definition that its text does not see.
    pub(super) fn check_visibility(&self, faults: &mut Faults) {
        for module in &self.list {
            for text in &module.submodules {
                let Some(root) = self.texts.root(*text) else {
                    continue;
                };
                if root.text().is_yang11 {
                    continue;
                }
                let visible = included(&self.texts, module.submodules.as_slice(), *text);
                for reference in root.descendants() {
                    self.check_reference(reference, &visible, faults);
                }
            }
        }
    }

    fn check_reference(&self, at: Statement<'_>, visible: &HashSet<TextId>, faults: &mut Faults) {
        let prefixed;
        let (keyword, name) = match at.keyword() {
            Keyword::Base => (Keyword::Identity, at.argument()),
            Keyword::IfFeature => (Keyword::Feature, at.argument()),
            Keyword::Type => (Keyword::Typedef, at.argument()),
            Keyword::Uses => (Keyword::Grouping, at.argument()),
            Keyword::Extension => {
                let Some((prefix, name)) = at.extension() else {
                    return;
                };
                prefixed = format!("{prefix}:{name}");
                (Keyword::ExtensionDefinition, prefixed.as_str())
            }
            _ => return,
        };
        let own: Option<ModuleId> = self.module_of(at);
        let Some(definition) = self.definition(at, keyword, name) else {
            return;
        };
        let place = definition.text();
        if self.module_of(definition) == own && !visible.contains(&place.id) {
            let message = format!(
                "the {keyword} is defined in {}, which this submodule does not include; include it, \
                 or give the module and its submodules yang-version 1.1",
                place.path.display()
            );
            let fault = Fault::of(at, "RFC 6020 section 7.2.2", message);
            faults.tolerable(fault);
        }
    }
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
