//! The extensions at the top of a module that define nodes: structures (RFC 8791) and data templates
//! (RFC 8040 section 8).

use super::expand::{At, Expansion};
use super::tree::{Kind, Node};
use crate::modules::{ModuleId, Modules};
use crate::parse::{Keyword, Statement};

/// The extensions at the top of a module that have a meaning here.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Known {
    /// `sx:structure`
    Structure,
    /// `sx:augment-structure`
    AugmentStructure,
    /// `rc:yang-data`
    Template,
    /// `md:annotation` (RFC 7952)
    Annotation,
}

impl Known {
    /// The meaning of an extension's instance, if it has one here.
    pub(super) fn of(modules: &Modules, instance: Statement<'_>) -> Option<Self> {
        if instance.keyword() != Keyword::Extension {
            return None;
        }
        let (module, name) = modules.extension(instance)?;
        let module = modules.module(module)?;
        match (module.name.as_str(), name) {
            ("ietf-yang-structure-ext", "structure") => Some(Self::Structure),
            ("ietf-yang-structure-ext", "augment-structure") => Some(Self::AugmentStructure),
            ("ietf-restconf", "yang-data") => Some(Self::Template),
            ("ietf-yang-metadata", "annotation") => Some(Self::Annotation),
            _ => None,
        }
    }
}

/// True for the augment of a structure.
pub(super) fn is_augment(modules: &Modules, statement: Statement<'_>) -> bool {
    Known::of(modules, statement) == Some(Known::AugmentStructure)
}

impl Expansion<'_, '_> {
    /// Expands the structures and data templates of a module.
    pub(super) fn structures(&mut self, module: ModuleId) {
        for statement in self.modules.body(module) {
            let features_ignored = match Known::of(self.modules, statement) {
                Some(Known::Structure) => false,
                Some(Known::Template) => true,
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
