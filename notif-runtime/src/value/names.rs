//! The meaning of prefixes in a value: those of some types name definitions of modules.

use std::cell::Cell;
use std::rc::Rc;

use crate::schema::{Module, Node, Sids};

/// The prefixes that are declared around a value, innermost last.
pub(crate) type Prefixes<'de> = Rc<[(&'de str, Option<&'static Module>)]>;

/// The possible meanings of names in a value: the modules, and in XML the prefixes that are
/// declared around it, innermost last.
#[derive(Debug, Clone)]
pub struct Declared<'de> {
    pub(crate) modules: &'de [&'static Module],
    pub(crate) prefixes: Option<Prefixes<'de>>,
    /// The nodes by their SIDs, for CBOR.
    pub(crate) sids: Option<Sids>,
}

/// The meaning of names in the value of a leaf: with the names of modules, or with the prefixes
/// that XML declares.
#[derive(Debug, Clone, Copy)]
pub struct Names<'a> {
    module: &'static Module,
    modules: &'a [&'static Module],
    prefixes: Option<&'a [(&'a str, Option<&'static Module>)]>,
    sids: Option<&'a Sids>,
    skip: Option<&'a Cell<usize>>,
}

impl<'a> Names<'a> {
    /// For the value of a leaf that `module` defines; without `declared` for a type whose values
    /// name nothing.
    #[must_use]
    pub fn new(module: &'static Module, declared: Option<&'a Declared<'a>>) -> Self {
        Self {
            module,
            modules: declared.map_or(&[], |declared| declared.modules),
            prefixes: declared.and_then(|declared| declared.prefixes.as_deref()),
            sids: declared.and_then(|declared| declared.sids.as_ref()),
            skip: None,
        }
    }

    /// For a union's value: `skip` is the number of members that would take the value and are
    /// passed over, since what they refer to is not there.
    pub(crate) const fn skipping(self, skip: &'a Cell<usize>) -> Self {
        Self {
            skip: Some(skip),
            ..self
        }
    }

    /// Returns true if a member of a union that would take the value is passed over.
    pub(super) fn skips(&self) -> bool {
        self.skip.is_some_and(|skip| {
            let left = skip.get();
            skip.set(left.saturating_sub(1));
            left > 0
        })
    }

    /// For a value with the names of these modules.
    pub(crate) const fn of_modules(
        module: &'static Module,
        modules: &'a [&'static Module],
    ) -> Self {
        Self {
            module,
            modules,
            prefixes: None,
            sids: None,
            skip: None,
        }
    }

    /// The same for the value of a leaf of another module.
    pub(crate) const fn in_module(&self, module: &'static Module) -> Self {
        Self {
            module,
            skip: None,
            ..*self
        }
    }

    /// The modules.
    pub(crate) const fn modules(&self) -> &'a [&'static Module] {
        self.modules
    }

    /// The node with this SID, and those above it, outermost first.
    pub(crate) fn by_sid(&self, sid: u64) -> Option<Vec<&'static Node<'static>>> {
        self.sids?.path(sid, self.modules)
    }

    /// Returns true if prefixes are those that XML declares.
    pub(crate) const fn is_xml(&self) -> bool {
        self.prefixes.is_some()
    }

    /// The name of the module that a prefix means. Without a prefix that is the leaf's (RFC 7951
    /// section 6.8), or in XML the default namespace's (RFC 7950 section 9.10.3).
    #[must_use]
    pub fn module<'n>(&'n self, prefix: Option<&'n str>) -> Option<&'n str> {
        let Some(prefixes) = self.prefixes else {
            return Some(prefix.unwrap_or(self.module.name));
        };
        let wanted = prefix.unwrap_or("");
        let mut prefixes = prefixes.iter().rev();
        let (_, module) = prefixes.find(|(known, _)| *known == wanted)?;
        module.map(|module| module.name)
    }

    /// The module and the name that `text` names.
    #[must_use]
    pub fn resolve<'n>(&'n self, text: &'n str) -> Option<(&'n str, &'n str)> {
        let (prefix, name) = match text.split_once(':') {
            Some((prefix, name)) => (Some(prefix), name),
            None => (None, text),
        };
        // An empty prefix cannot be written.
        let module = self.module(prefix).filter(|_| prefix != Some(""))?;
        Some((module, name))
    }
}
