//! The meaning of names with and without a prefix (RFC 7950 sections 5.1, 6.4.1).

use super::{ModuleId, Modules};
use crate::parse::Statement;

impl Modules {
    /// The module that a prefix means in the text of a statement. `None` if no import has the prefix,
    /// or if what it imports could not be loaded.
    pub(crate) fn by_prefix(&self, at: Statement<'_>, prefix: &str) -> Option<ModuleId> {
        let source = self.texts.get(at.text().id)?;
        source.prefixes.get(prefix).copied().flatten()
    }

    /// The module and the name that `prefix:name`, or `name` alone, means in the text of a statement.
    pub(crate) fn qualify<'n>(
        &self,
        at: Statement<'_>,
        name: &'n str,
    ) -> Option<(ModuleId, &'n str)> {
        match name.split_once(':') {
            Some((prefix, name)) => Some((self.by_prefix(at, prefix)?, name)),
            None => Some((self.module_of(at)?, name)),
        }
    }

    /// The prefixes that have a meaning in the text of a statement, those included whose module
    /// could not be loaded.
    pub(crate) fn prefixes(&self, at: Statement<'_>) -> impl Iterator<Item = &str> {
        let source = self.texts.get(at.text().id).into_iter();
        source.flat_map(|source| source.prefixes.keys().map(|prefix| &**prefix))
    }
}
