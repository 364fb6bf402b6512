//! The extensions at the top of a module that define nodes: structures (RFC 8791) and data templates
//! (RFC 8040 section 8).

use super::expand::{At, Expansion};
use super::tree::{Kind, Node};
use crate::fault::Faults;
use crate::modules::{ModuleId, Modules};
use crate::parse::{Instance, Keyword, Statement, check_instance};

/// The extension of an instance at the top of a module, if it has a meaning here.
pub(super) fn known(modules: &Modules, instance: Statement<'_>) -> Option<Instance> {
    const KNOWN: [(&str, &str, Instance); 4] = [
        ("ietf-yang-structure-ext", "structure", Instance::Structure),
        (
            "ietf-yang-structure-ext",
            "augment-structure",
            Instance::AugmentStructure,
        ),
        ("ietf-restconf", "yang-data", Instance::YangData),
        ("ietf-yang-metadata", "annotation", Instance::Annotation),
    ];
    let mut known = KNOWN.into_iter();
    let found = known.find(|(module, name, _)| modules.is_instance(instance, module, name))?;
    Some(found.2)
}

/// Checks the statements in the extensions that are known.
pub(super) fn check_instances(modules: &Modules, faults: &mut Faults) {
    for root in modules.roots() {
        for instance in root.all(Keyword::Extension) {
            if let Some(kind) = known(modules, instance) {
                check_instance(instance, kind, faults);
            }
        }
    }
}

impl Expansion<'_, '_> {
    /// Expands the structures and data templates of a module.
    pub(super) fn structures(&mut self, module: ModuleId) {
        for statement in self.modules.body(module) {
            let features_ignored = match known(self.modules, statement) {
                Some(Instance::Structure) => false,
                Some(Instance::YangData) => true,
                _ => continue,
            };
            let name = statement.argument();
            let mut node = Node::new(Kind::Structure, name, module, statement, None);
            node.define();
            let at = At {
                features_ignored,
                ..At::top(module)
            };
            if let Some(id) = self.add(node, &at) {
                self.definitions(statement.children(), &at.within(id), &mut Vec::new());
            }
        }
    }
}
