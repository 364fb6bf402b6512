//! Uses of groupings (RFC 7950 section 7.13), with their refinements and augments.

use std::cmp::Reverse;
use std::collections::BTreeMap;

use super::docs;
use super::expand::{At, Expansion};
use super::node_id::NodeIdentifier;
use super::refine;
use super::tree::{NodeId, When};
use crate::parse::{Keyword, Statement};

/// The refinements and augments in uses that wait for their targets.
///
/// A target may be a node that another augment brings, of the same uses or of one around it. So all
/// wait until the outermost uses is expanded, and those with the uppermost targets come first.
#[derive(Default)]
pub(super) struct Amendments<'m> {
    waiting: BTreeMap<(usize, Order), Amendment<'m>>,
    /// The number of uses around the place that is being expanded.
    uses: usize,
    /// The number of amendments so far.
    count: usize,
}

/// The order of amendments of nodes on one level: refinements of an inner uses are refined by those of
/// an outer one; augments stand in the order of libyang.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
enum Order {
    Refine(Reverse<usize>, usize),
    Augment(usize),
}

struct Amendment<'m> {
    statement: Statement<'m>,
    target: NodeIdentifier<'m>,
    /// The place of the uses.
    at: At<'m>,
}

const SECTION: &str = "RFC 7950 section 7.13";

impl<'m> Expansion<'m, '_> {
    /// Expands a grouping into the place where it is used.
    pub(super) fn uses(&mut self, uses: Statement<'m>, at: &At<'m>, added: &mut Vec<NodeId>) {
        if !self.has_room(uses, at) {
            return;
        }
        let Some(grouping) = self.grouping(uses) else {
            return;
        };
        let Some(inside) = at.inside(grouping) else {
            let message = format!(
                "grouping \"{}\" leads to itself; take the circle apart",
                grouping.argument()
            );
            self.faults.at(uses, SECTION, message);
            return;
        };
        self.used.insert(grouping.key());
        self.amendments.uses += 1;
        self.wait(uses, at);
        let mut brought = Vec::new();
        self.definitions(grouping.children(), &inside, &mut brought);
        self.pass_on(uses, at, &brought);
        added.extend(brought);
        self.amendments.uses -= 1;
        if self.amendments.uses == 0 {
            self.amend();
        }
    }

    fn grouping(&mut self, uses: Statement<'m>) -> Option<Statement<'m>> {
        let found = self.modules.grouping(uses, uses.argument());
        if found.is_none() {
            let message = format!("no grouping \"{}\" is known here", uses.argument());
            let nearest = self.modules.nearest_grouping(uses, uses.argument());
            self.faults
                .add(crate::fault::Fault::of(uses, SECTION, message).nearest(nearest));
        }
        found
    }

    /// Passes `when`, `if-feature` and `status` of a uses or augment on to the nodes that it brings,
    /// since it is no node itself.
    pub(super) fn pass_on(&mut self, statement: Statement<'m>, at: &At<'m>, brought: &[NodeId]) {
        let off = !self.is_on(statement, at);
        let when = statement.child(Keyword::When);
        let status = docs::status(statement);
        for id in brought {
            let Some(node) = self.tree.get_mut(*id) else {
                continue;
            };
            node.off |= off;
            node.when.extend(when.map(|statement| When {
                statement,
                of_parent: true,
            }));
            node.status_around = node.status_around.or(status);
        }
    }

    /// Lets the refinements and augments of a uses wait.
    fn wait(&mut self, uses: Statement<'m>, at: &At<'m>) {
        let level = at.parent.map_or(0, |parent| self.tree.way(parent).len());
        for statement in uses.children() {
            let keyword = statement.keyword();
            if !matches!(keyword, Keyword::Refine | Keyword::Augment) {
                continue;
            }
            let target = NodeIdentifier::new(
                self.modules,
                statement,
                statement.argument(),
                Some(at.module),
            );
            let target = match target {
                Ok(target) => target,
                Err(fault) => {
                    self.faults.add(*fault);
                    continue;
                }
            };
            let amendments = &mut self.amendments;
            amendments.count += 1;
            let order = match keyword {
                Keyword::Refine => Order::Refine(Reverse(amendments.uses), amendments.count),
                _ => Order::Augment(amendments.count),
            };
            let amendment = Amendment {
                statement,
                at: at.clone(),
                target,
            };
            amendments
                .waiting
                .insert((level + amendment.target.len(), order), amendment);
        }
    }

    /// Applies the amendments that wait.
    fn amend(&mut self) {
        // Uses in the augments add theirs to those that wait.
        self.amendments.uses += 1;
        while let Some((_, amendment)) = self.amendments.waiting.pop_first() {
            let Amendment {
                statement,
                target,
                at,
            } = amendment;
            match target.find(&self.tree, self.modules, at.parent) {
                Err(fault) => self.faults.add(*fault),
                Ok(target) if statement.keyword() == Keyword::Refine => {
                    let off = !self.is_on(statement, &at);
                    if let Some(node) = self.tree.get_mut(target) {
                        node.off |= off;
                        refine::refine(node, statement, self.faults);
                    }
                }
                Ok(target) => self.augment(statement, target, &at),
            }
        }
        self.amendments.uses -= 1;
    }
}
