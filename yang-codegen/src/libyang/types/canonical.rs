//! The canonical forms that typedefs state. libyang has some of them, for one revision.

use super::find_typedef;
use crate::libyang::raw::{Module, TypeStatement, Typedef};
use crate::model::CanonicalForm;

/// The form of the typedef that a `type` statement names, or of one that it is derived from.
pub(super) fn of_statement(statement: TypeStatement<'_>) -> Option<CanonicalForm> {
    let (module, typedef) = find_typedef(statement)?;
    of_typedef(module, typedef)
}

/// The form of a typedef, or of one that it is derived from.
pub(super) fn of_typedef(module: Module<'_>, typedef: Typedef<'_>) -> Option<CanonicalForm> {
    stated(module, typedef).or_else(|| of_statement(typedef.type_statement()))
}

fn stated(module: Module<'_>, typedef: Typedef<'_>) -> Option<CanonicalForm> {
    let names = (module.name(), module.namespace(), typedef.name());
    CanonicalForm::of_typedef(names).filter(|_| typedef.is_at_top())
}
