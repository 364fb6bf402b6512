//! Augments (RFC 7950 section 7.17).

use super::expand::{At, Expansion};
use super::node_id::NodeIdentifier;
use super::structure;
use super::tree::{Kind, NodeId};
use crate::modules::ModuleId;
use crate::parse::{Instance, Keyword, Statement};

pub(super) const SECTION: &str = "RFC 7950 section 7.17";

/// Nodes that an augment adds to a node of another module without a condition: they may not be
/// mandatory.
pub(super) struct Unconditional<'m> {
    pub(super) augment: Statement<'m>,
    pub(super) nodes: Vec<NodeId>,
}

impl<'m> Expansion<'m, '_> {
    /// Applies the augments at the top of the implemented modules. A target may be a node that another
    /// augment brings, so those with the uppermost targets come first.
    pub(super) fn augments(&mut self, modules: &[ModuleId]) {
        let mut found = Vec::new();
        for module in modules {
            for augment in self.modules.body(*module) {
                let instance = structure::known(self.modules, augment);
                let in_structure = instance == Some(Instance::AugmentStructure);
                if augment.keyword() != Keyword::Augment && !in_structure {
                    continue;
                }
                match NodeIdentifier::new(self.modules, augment, augment.argument(), None) {
                    Ok(target) => found.push((target, *module, augment, in_structure)),
                    Err(fault) => self.faults.add(*fault),
                }
            }
        }
        found.sort_by_key(|(target, ..)| target.len());
        for (target, module, augment, in_structure) in found {
            let target = if in_structure {
                target.find_in_structure(&self.tree, self.modules)
            } else {
                target.find(&self.tree, self.modules, None)
            };
            match target {
                Ok(target) => self.augment(augment, target, &At::top(module)),
                Err(fault) => self.faults.add(*fault),
            }
        }
    }

    /// Adds the nodes of an augment to its target.
    pub(super) fn augment(&mut self, augment: Statement<'m>, target: NodeId, at: &At<'m>) {
        let Some(node) = self.tree.get(target) else {
            return;
        };
        let (kind, module, name) = (node.kind, node.module, node.name);
        if !can_be_augmented(kind) {
            let message = format!(
                "the target, {} \"{name}\", is of a kind that takes no nodes",
                kind.as_str()
            );
            self.faults.at(augment, SECTION, message);
            return;
        }
        let fitting = augment
            .children()
            .filter(|child| fits(kind, child.keyword()));
        let unfit = augment
            .children()
            .filter(|child| !fits(kind, child.keyword()));
        for child in unfit {
            let message = format!(
                "the target, {} \"{name}\", takes no {}",
                kind.as_str(),
                child.keyword()
            );
            self.faults.at(child, SECTION, message);
        }
        let at = At {
            parent: Some(target),
            level: at.level.max(self.tree.way(target).len()),
            ..at.clone()
        };
        let mut brought = Vec::new();
        let fitting: Vec<Statement<'m>> = fitting.collect();
        self.definitions(fitting.into_iter(), &at, &mut brought);
        self.pass_on(augment, &at, &brought);
        let conditional = augment.child(Keyword::When).is_some();
        if at.module != module && kind != Kind::Choice && !conditional {
            self.unconditional.push(Unconditional {
                augment,
                nodes: brought,
            });
        }
    }
}

const fn can_be_augmented(kind: Kind) -> bool {
    !matches!(
        kind,
        Kind::Leaf | Kind::LeafList | Kind::Anydata | Kind::Anyxml | Kind::Rpc | Kind::Action
    )
}

/// True if a target of this kind can have the statement in it.
const fn fits(target: Kind, keyword: Keyword) -> bool {
    match keyword {
        Keyword::Case => matches!(target, Kind::Choice),
        Keyword::Uses => !matches!(target, Kind::Choice),
        Keyword::Action | Keyword::Notification => matches!(target, Kind::Container | Kind::List),
        _ => true,
    }
}
