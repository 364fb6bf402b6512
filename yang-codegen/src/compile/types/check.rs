//! All types of all texts, those included that no node uses.

use super::pattern::Pattern;
use super::{Base, Resolved, Types};
use crate::fault::Faults;
use crate::parse::{Keyword, Statement};

impl<'m> Types<'m> {
    /// Checks every type and every default that has its type beside it, in all texts.
    pub(crate) fn check_all(&self, faults: &mut Faults) {
        let types = self.modules.roots().flat_map(Statement::descendants);
        for ty in types.filter(|statement| statement.keyword() == Keyword::Type) {
            self.check_type(ty, faults);
        }
    }

    fn check_type(&self, ty: Statement<'m>, faults: &mut Faults) {
        let Some(resolved) = self.of(ty, faults) else {
            return;
        };
        check_patterns(&resolved, faults);
        let Some(around) = ty.parent() else {
            return;
        };
        let is_typedef = match around.keyword() {
            Keyword::Typedef => true,
            Keyword::Leaf | Keyword::LeafList => false,
            _ => return,
        };
        let mut defaults: Vec<_> = around.all(Keyword::Default).collect();
        if is_typedef && defaults.is_empty() {
            defaults.extend(self.default_of_typedefs(ty));
        }
        for value in defaults {
            self.checked_default(None, ty, value, faults);
        }
    }
}

/// Vendors ship patterns in the syntax of other engines; lenient reading warns of those that no node
/// of the schema needs.
fn check_patterns(ty: &Resolved<'_>, faults: &mut Faults) {
    let Base::String { patterns, .. } = &ty.base else {
        return;
    };
    let own = patterns.iter();
    let own = own.filter(|pattern| pattern.statement.parent() == Some(ty.statement));
    for fault in own.filter_map(Pattern::fault) {
        faults.tolerable(fault);
    }
}
