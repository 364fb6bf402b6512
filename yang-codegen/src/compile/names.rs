//! The meaning of the names in expressions (RFC 7950 section 6.4.1).

use crate::model::QName;
use crate::modules::{ModuleId, Modules};
use crate::parse::Statement;
use crate::xpath::Names;

/// The meaning of the names in one expression. Names of nodes without a prefix are of the module of
/// the node, even if the expression is in a grouping or a deviation of another module; those of
/// identities are of the module of the text.
pub(crate) struct Meaning<'m> {
    pub(crate) modules: &'m Modules,
    /// The module of the node that has the expression.
    pub(crate) current: ModuleId,
    /// The statement whose argument the expression is.
    pub(crate) written_in: Statement<'m>,
}

impl<'m> Meaning<'m> {
    /// In an expression of a node of the module `current`, or of no node.
    pub(crate) fn new(
        modules: &'m Modules,
        current: Option<ModuleId>,
        written_in: Statement<'m>,
    ) -> Option<Self> {
        Some(Self {
            modules,
            current: current.or_else(|| modules.module_of(written_in))?,
            written_in,
        })
    }

    fn name(&self, id: ModuleId) -> &str {
        self.modules.module(id).map_or("", |module| &module.name)
    }
}

impl Names for Meaning<'_> {
    fn current(&self) -> &str {
        self.name(self.current)
    }

    fn written_in(&self) -> &str {
        let module = self.modules.module_of(self.written_in);
        module.map_or("", |id| self.name(id))
    }

    fn prefix(&self, prefix: &str) -> Option<&str> {
        let id = self.modules.by_prefix(self.written_in, prefix)?;
        Some(self.name(id))
    }

    fn derived(&self, identity: &QName) -> Option<Vec<QName>> {
        let module = self.modules.by_name(&identity.module)?;
        let base = self.modules.identity_of(module, &identity.name)?;
        let derived = self.modules.derived(base).into_iter();
        let named = derived.map(|identity| QName {
            module: self.name(identity.module).to_owned(),
            name: identity.name().to_owned(),
        });
        Some(named.collect())
    }
}
