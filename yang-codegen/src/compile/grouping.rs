//! Groupings that nothing uses: expanded for their faults alone.

use std::collections::BTreeSet;

use super::expand::{At, Expansion, MOST_NODES};
use super::types::Types;
use super::{check, inherit};
use crate::fault::Faults;
use crate::modules::{ModuleId, Modules};
use crate::parse::{Keyword, Statement, TextId};

/// The numbers of groupings.
pub(super) type Groupings = BTreeSet<(TextId, u32)>;

/// Expands the groupings that are not among the `used` ones, and checks their nodes. `size` is the
/// number of nodes and uses so far.
pub(super) fn check_unused<'m>(
    modules: &'m Modules,
    types: &Types<'m>,
    mut used: Groupings,
    mut size: usize,
    faults: &mut Faults,
) {
    let all: Vec<Statement<'m>> = modules
        .roots()
        .flat_map(Statement::known_descendants)
        .filter(|statement| statement.keyword() == Keyword::Grouping)
        .collect();
    // Those that another one uses are expanded with that one; what then is left is in a circle.
    let named: Groupings = modules
        .roots()
        .flat_map(Statement::known_descendants)
        .filter(|statement| statement.keyword() == Keyword::Uses)
        .filter_map(|uses| modules.grouping(uses, uses.argument()))
        .map(Statement::key)
        .collect();
    let (inner, outer): (Vec<_>, Vec<_>) = all
        .into_iter()
        .partition(|grouping| named.contains(&grouping.key()));
    for grouping in outer.into_iter().chain(inner) {
        if used.contains(&grouping.key()) || size >= MOST_NODES {
            continue;
        }
        let Some(module) = modules.module_of(grouping) else {
            continue;
        };
        let mut expansion = Expansion::new(modules, size, faults);
        expansion.used = std::mem::take(&mut used);
        expansion.used.insert(grouping.key());
        expansion.grouping_alone(grouping, module);
        size = expansion.size;
        used = std::mem::take(&mut expansion.used);
        let mut tree = expansion.take_tree();
        let faults = expansion.faults;
        inherit::finish(&mut tree, modules, faults);
        check::check_grouping(&tree, modules, types, faults);
    }
}

impl<'m> Expansion<'m, '_> {
    /// Expands a grouping as the contents of a node that has no name.
    fn grouping_alone(&mut self, grouping: Statement<'m>, module: ModuleId) {
        let Some(at) = At::top(module).inside(grouping) else {
            return;
        };
        self.definitions(grouping.children(), &at, &mut Vec::new());
    }
}
