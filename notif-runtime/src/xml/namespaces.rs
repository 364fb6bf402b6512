//! Which module an element's name belongs to (Namespaces in XML 1.0).

use std::borrow::Cow;

use compact_str::CompactString;

use crate::decode::Declared;
use crate::schema::Module;

/// What a prefix, or its absence, stands for.
#[derive(Debug, Clone)]
pub(super) enum Space<'de> {
    /// The namespace of a known module.
    Module(&'static Module),
    /// A namespace that no known module has.
    Unknown(Cow<'de, str>),
    /// No namespace.
    None,
    /// A prefix that is neither declared nor a known module's name.
    Undeclared,
}

/// The declarations in scope.
#[derive(Debug)]
pub(super) struct Namespaces<'de> {
    modules: &'de [&'static Module],
    /// Innermost last; each with the depth of its element.
    bindings: Vec<Binding<'de>>,
}

#[derive(Debug)]
struct Binding<'de> {
    prefix: &'de str,
    space: Space<'de>,
    depth: usize,
}

impl<'de> Namespaces<'de> {
    pub(super) const fn new(modules: &'de [&'static Module]) -> Self {
        Self {
            modules,
            bindings: Vec::new(),
        }
    }

    pub(super) const fn modules(&self) -> &'de [&'static Module] {
        self.modules
    }

    /// Declares `prefix` (empty for the default namespace) on the element at `depth`.
    pub(super) fn declare(&mut self, prefix: &'de str, namespace: Cow<'de, str>, depth: usize) {
        let module = self
            .modules
            .iter()
            .find(|module| module.namespace == namespace);
        let space = match module {
            _ if namespace.is_empty() => Space::None,
            Some(module) => Space::Module(module),
            None => Space::Unknown(namespace),
        };
        self.bindings.push(Binding {
            prefix,
            space,
            depth,
        });
    }

    /// Forgets the declarations of the element at `depth`, which ends.
    #[inline]
    pub(super) fn leave(&mut self, depth: usize) {
        while self
            .bindings
            .last()
            .is_some_and(|binding| binding.depth >= depth)
        {
            self.bindings.pop();
        }
    }

    /// The declarations in scope, for prefixes in a value.
    pub(super) fn declared(&self) -> Declared<'de> {
        let prefixes = self.bindings.iter().map(|binding| match binding.space {
            Space::Module(module) => (binding.prefix, Some(module)),
            _ => (binding.prefix, None),
        });
        Declared {
            prefixes: Some(prefixes.collect()),
            modules: self.modules,
        }
    }

    fn find(&self, prefix: &str) -> Option<&Space<'de>> {
        self.bindings
            .iter()
            .rev()
            .find(|binding| binding.prefix == prefix)
            .map(|binding| &binding.space)
    }

    /// The module of an element's prefix (empty if it has none).
    ///
    /// Deployed publishers send `<ietf-https-notif:notification>` without declaring the prefix: an
    /// undeclared prefix that is a known module's name means that module, and where no default
    /// namespace is in scope it means it for the unprefixed elements inside too.
    #[inline]
    pub(super) fn resolve(&mut self, prefix: &str, depth: usize) -> Space<'de> {
        match self.find(prefix) {
            Some(space) => space.clone(),
            None if prefix.is_empty() => Space::None,
            None => self.by_module_name(prefix, depth),
        }
    }

    /// What the prefix of an attribute stands for.
    pub(super) fn of_attribute(&self, prefix: &str) -> Space<'de> {
        let declared = self.find(prefix).filter(|_| !prefix.is_empty());
        declared.cloned().unwrap_or(Space::Undeclared)
    }

    /// The declared prefixes that stand before colons in `text`, each with its namespace.
    pub(super) fn used_in(&self, text: &str) -> Vec<(CompactString, CompactString)> {
        /// More are not looked for, so that a long text costs no more than as many elements.
        const MAX: usize = 16;
        let mut used: Vec<(CompactString, CompactString)> = Vec::new();
        let mut tried: Vec<&str> = Vec::new();
        let before_colons = text.match_indices(':').filter_map(|(at, _)| text.get(..at));
        for before in before_colons {
            let in_name =
                |character: char| character.is_alphanumeric() || "-._".contains(character);
            let start = before.trim_end_matches(in_name).len();
            let prefix = before.get(start..).unwrap_or_default();
            if prefix.is_empty() || tried.contains(&prefix) {
                continue;
            }
            if tried.len() == MAX {
                break;
            }
            tried.push(prefix);
            let namespace = match self.find(prefix) {
                Some(Space::Module(module)) => module.namespace,
                Some(Space::Unknown(namespace)) => namespace,
                _ => continue,
            };
            used.push((prefix.into(), namespace.into()));
        }
        used
    }

    #[cold]
    fn by_module_name(&mut self, prefix: &str, depth: usize) -> Space<'de> {
        let Some(module) = self.modules.iter().find(|module| module.name == prefix) else {
            return Space::Undeclared;
        };
        if matches!(self.find(""), None | Some(Space::None)) {
            self.bindings.push(Binding {
                prefix: "",
                space: Space::Module(module),
                depth,
            });
        }
        Space::Module(module)
    }
}
