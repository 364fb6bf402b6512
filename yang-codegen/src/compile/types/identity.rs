//! The identities that identityrefs can have (RFC 7950 section 9.10).

use std::collections::HashSet;

use super::Types;
use crate::model::QName;
use crate::modules::Identity;

impl<'m> Types<'m> {
    /// The identities that are derived from all of the bases.
    pub(super) fn identities(&self, bases: &[Identity<'m>]) -> Vec<Identity<'m>> {
        let mut bases = bases.iter();
        let first = bases.next().map(|base| self.modules.derived(*base));
        let mut found = first.unwrap_or_default();
        for base in bases {
            let others = self.modules.derived(*base).into_iter();
            let others: HashSet<_> = others.map(|identity| identity.statement.key()).collect();
            found.retain(|identity| others.contains(&identity.statement.key()));
        }
        found
    }

    /// The name of an identity that can be a value: its module is implemented, and the features that
    /// it depends on are on.
    pub(super) fn implemented(&self, identity: Identity<'m>) -> Option<QName> {
        let module = self.modules.module(identity.module)?;
        let is_value = module.implemented && self.modules.is_enabled(identity.statement);
        is_value.then(|| QName {
            module: module.name.clone(),
            name: identity.name().to_owned(),
        })
    }
}
