//! Types (RFC 7950 section 9): typedef chains with their restrictions, defaults, and the forms that
//! both have in the model.

mod base;
mod canonical;
mod check;
mod convert;
mod default;
mod identity;
mod instance;
mod items;
mod leafref;
mod number;
mod pattern;
mod range;
mod resolve;
#[cfg(test)]
mod tests;
mod typedefs;

use std::cell::RefCell;
use std::collections::HashMap;
use std::rc::Rc;

use crate::modules::Modules;
use crate::parse::{Keyword, Statement, TextId};
use crate::pattern::Matcher;

pub(crate) use base::Base;

/// The types of a set of modules. Each `type` statement is resolved once.
pub(crate) struct Types<'m> {
    modules: &'m Modules,
    /// The types so far.
    resolved: RefCell<HashMap<Key, Known<'m>>>,
    /// The patterns that defaults were held against.
    matchers: RefCell<HashMap<Key, Option<Rc<Matcher>>>>,
}

/// The outcome of a `type` statement.
#[derive(Debug, Clone)]
enum Known<'m> {
    Right(Rc<Resolved<'m>>),
    /// One with a fault, which is told once.
    Wrong,
}

/// The number of a statement in its set of modules.
type Key = (TextId, u32);

/// A `type` statement with all that its typedefs add.
#[derive(Debug)]
pub(crate) struct Resolved<'m> {
    pub(crate) statement: Statement<'m>,
    /// The built-in type, with the restrictions of the whole chain of typedefs.
    pub(crate) base: Base<'m>,
    /// The typedef that the statement names.
    pub(crate) typedef: Option<Statement<'m>>,
    /// The number of typedefs in its chain.
    typedefs: usize,
}

impl<'m> Types<'m> {
    pub(crate) fn new(modules: &'m Modules) -> Self {
        Self {
            modules,
            resolved: RefCell::default(),
            matchers: RefCell::default(),
        }
    }

    /// The `default` statement that a type has from its typedefs (RFC 7950 section 7.3.4).
    pub(crate) fn default_of_typedefs(&self, ty: Statement<'m>) -> Option<Statement<'m>> {
        let mut typedefs = self.typedefs_of(ty);
        typedefs.find_map(|typedef| typedef.child(Keyword::Default))
    }

    /// The `units` statement that a type has from its typedefs (RFC 7950 section 7.3.3).
    pub(crate) fn units_of_typedefs(&self, ty: Statement<'m>) -> Option<Statement<'m>> {
        let mut typedefs = self.typedefs_of(ty);
        typedefs.find_map(|typedef| typedef.child(Keyword::Units))
    }

    /// The typedefs of a type's chain, the one that the statement names first.
    fn typedefs_of(&self, ty: Statement<'m>) -> impl Iterator<Item = Statement<'m>> + use<'_, 'm> {
        let mut next = Some(ty);
        let chain = std::iter::from_fn(move || {
            let typedef = self.named(next?)?;
            next = typedef.child(Keyword::Type);
            Some(typedef)
        });
        // A circular chain, which is a fault elsewhere, has no end of its own.
        chain.take(resolve::MOST_TYPEDEFS)
    }

    /// The typedef that a `type` statement names; none for a built-in type.
    fn named(&self, ty: Statement<'m>) -> Option<Statement<'m>> {
        match base::BuiltIn::from_name(ty.argument()) {
            Some(_) => None,
            None => self.modules.typedef(ty, ty.argument()),
        }
    }
}

/// The statements that restrict a type, and what some built-in types need.
fn restrictions(ty: Statement<'_>) -> impl Iterator<Item = Statement<'_>> {
    ty.children()
        .filter(|child| child.keyword() != Keyword::Extension)
}

/// True if the text of a statement is of YANG 1.1.
fn is_1_1(statement: Statement<'_>) -> bool {
    let root = statement.text().root();
    root.and_then(|root| root.argument_of(Keyword::YangVersion)) == Some("1.1")
}
