//! What the prefixes in a value mean: some types have values that name what modules define.

use super::{Scalar, ValueError};
use crate::schema::Module;

/// The prefixes that XML declares around a value, innermost last, and the modules whose names
/// stand for themselves where they are not declared.
#[derive(Debug, Clone)]
pub struct Declared<'de> {
    pub(crate) prefixes: Vec<(&'de str, Option<&'static Module>)>,
    pub(crate) modules: &'de [&'static Module],
}

/// How the value of a leaf names what modules define: with the names of modules, or with the
/// prefixes that XML declares.
#[derive(Debug, Clone, Copy)]
pub struct Names<'a> {
    module: &'static Module,
    declared: Option<&'a Declared<'a>>,
}

impl<'a> Names<'a> {
    /// In the value of a leaf that `module` defines.
    #[must_use]
    pub const fn new(module: &'static Module, declared: Option<&'a Declared<'a>>) -> Self {
        Self { module, declared }
    }

    /// The name of the module that a prefix means. Without a prefix that is the leaf's (RFC 7951
    /// section 6.8), or in XML the default namespace's (RFC 7950 section 9.10.3).
    #[must_use]
    pub fn module<'n>(&'n self, prefix: Option<&'n str>) -> Option<&'n str> {
        let Some(declared) = self.declared else {
            return Some(prefix.unwrap_or(self.module.name));
        };
        let wanted = prefix.unwrap_or("");
        let mut prefixes = declared.prefixes.iter().rev();
        if let Some((_, module)) = prefixes.find(|(known, _)| *known == wanted) {
            return module.map(|module| module.name);
        }
        let mut modules = declared.modules.iter();
        let module = modules.find(|module| prefix == Some(module.name))?;
        Some(module.name)
    }

    /// The module and the name that `text` names.
    #[must_use]
    pub fn resolve<'n>(&'n self, text: &'n str) -> Option<(&'n str, &'n str)> {
        let (prefix, name) = match text.split_once(':') {
            Some((prefix, name)) => (Some(prefix), name),
            None => (None, text),
        };
        // An empty prefix is none that can be written.
        let module = self.module(prefix).filter(|_| prefix != Some(""))?;
        Some((module, name))
    }
}

/// The module and the name of the identity that `scalar` names.
pub fn identity_name<'n>(
    scalar: &'n Scalar<'_>,
    names: &'n Names<'_>,
) -> Result<(&'n str, &'n str), ValueError> {
    match scalar {
        Scalar::String(text) | Scalar::Text(text) => names.resolve(text).ok_or(ValueError::Lexical),
        _ => Err(ValueError::Kind),
    }
}
