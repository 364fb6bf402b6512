//! Namespaces in XML 1.0: the modules that prefixes stand for.

use std::cell::RefCell;
use std::collections::HashMap;
use std::rc::Rc;

use foldhash::quality::RandomState;

use crate::schema::Module;
use crate::value::{Declared, Prefixes};

/// The meaning of a prefix, or of its absence.
#[derive(Debug, Clone)]
pub(super) enum Space {
    /// The namespace of a known module.
    Module(&'static Module),
    /// A namespace that no known module has.
    Unknown(Rc<str>),
    /// No namespace.
    None,
    /// A prefix that is neither declared nor a known module's name.
    Undeclared,
}

/// The most declarations that are in scope at once: values are given all of them.
pub(super) const MOST: usize = 1024;

/// With more declarations, a prefix is looked up rather than compared with each.
const FEW: usize = 8;

/// The declarations in scope.
#[derive(Debug)]
pub(super) struct Namespaces<'de> {
    modules: &'de [&'static Module],
    /// Innermost last; each with the depth of its element.
    bindings: Vec<Binding<'de>>,
    /// The innermost binding of each prefix.
    innermost: HashMap<&'de str, usize, RandomState>,
    /// The bindings as values are given them, until they change.
    declared: RefCell<Option<Prefixes<'de>>>,
}

#[derive(Debug)]
struct Binding<'de> {
    prefix: &'de str,
    space: Space,
    depth: usize,
    /// The binding of the prefix that this one hides.
    hidden: Option<usize>,
}

impl<'de> Namespaces<'de> {
    pub(super) fn new(modules: &'de [&'static Module]) -> Self {
        Self {
            modules,
            bindings: Vec::new(),
            innermost: HashMap::default(),
            declared: RefCell::default(),
        }
    }

    pub(super) const fn modules(&self) -> &'de [&'static Module] {
        self.modules
    }

    /// Declares `prefix` (empty for the default namespace) on the element at `depth`; false if there
    /// are too many.
    #[must_use]
    pub(super) fn declare(&mut self, prefix: &'de str, namespace: &str, depth: usize) -> bool {
        let module = self
            .modules
            .iter()
            .find(|module| module.namespace == namespace);
        let space = match module {
            _ if namespace.is_empty() => Space::None,
            Some(module) => Space::Module(module),
            None => Space::Unknown(namespace.into()),
        };
        self.bind(prefix, space, depth);
        self.bindings.len() <= MOST
    }

    fn bind(&mut self, prefix: &'de str, space: Space, depth: usize) {
        let hidden = self.innermost.insert(prefix, self.bindings.len());
        self.bindings.push(Binding {
            prefix,
            space,
            depth,
            hidden,
        });
        self.declared.take();
    }

    /// Forgets the declarations of the element at `depth`, which ends.
    #[inline]
    pub(super) fn leave(&mut self, depth: usize) {
        while let Some(binding) = self.bindings.pop_if(|binding| binding.depth >= depth) {
            match binding.hidden {
                Some(hidden) => self.innermost.insert(binding.prefix, hidden),
                None => self.innermost.remove(binding.prefix),
            };
            self.declared.take();
        }
    }

    /// The declarations in scope, for prefixes in a value.
    pub(super) fn declared(&self) -> Declared<'de> {
        let prefix = |binding: &Binding<'de>| match binding.space {
            Space::Module(module) => (binding.prefix, Some(module)),
            _ => (binding.prefix, None),
        };
        let mut declared = self.declared.borrow_mut();
        let prefixes = declared.get_or_insert_with(|| self.bindings.iter().map(prefix).collect());
        Declared {
            prefixes: Some(prefixes.clone()),
            modules: self.modules,
            sids: None,
        }
    }

    #[inline]
    fn find(&self, prefix: &str) -> Option<&Space> {
        // Two empty texts are compared by looking where they dangle, which takes some processors
        // longer than all else that is done for an element.
        let is_it = |binding: &&Binding<'_>| match prefix {
            "" => binding.prefix.is_empty(),
            _ => binding.prefix == prefix,
        };
        let binding = if self.bindings.len() <= FEW {
            self.bindings.iter().rev().find(is_it)
        } else {
            let innermost = self.innermost.get(prefix);
            innermost.and_then(|at| self.bindings.get(*at))
        };
        binding.map(|binding| &binding.space)
    }

    /// The module of an element's prefix (empty if it has none).
    ///
    /// Deployed publishers send `<ietf-https-notif:notification>` without declaring the prefix: an
    /// undeclared prefix that is a known module's name means that module, and where no default
    /// namespace is in scope it means it for the unprefixed elements inside too.
    #[inline]
    pub(super) fn resolve(&mut self, prefix: &str, depth: usize) -> Space {
        match self.find(prefix) {
            Some(space) => space.clone(),
            None if prefix.is_empty() => Space::None,
            None => self.by_module_name(prefix, depth),
        }
    }

    /// The meaning of an attribute's prefix.
    pub(super) fn of_attribute(&self, prefix: &str) -> Space {
        let declared = self.find(prefix).filter(|_| !prefix.is_empty());
        declared.cloned().unwrap_or(Space::Undeclared)
    }

    /// The declared prefixes that stand before colons in `text`, each with its namespace.
    pub(super) fn used_in<'t>(&'t self, text: &'t str) -> Vec<(&'t str, &'t str)> {
        /// More are not looked for, so that a long text costs no more than as many elements.
        const MAX: usize = 16;
        let mut used: Vec<(&str, &str)> = Vec::new();
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
            used.push((prefix, namespace));
        }
        used
    }

    #[cold]
    fn by_module_name(&mut self, prefix: &str, depth: usize) -> Space {
        let Some(module) = self.modules.iter().find(|module| module.name == prefix) else {
            return Space::Undeclared;
        };
        if matches!(self.find(""), None | Some(Space::None)) {
            self.bind("", Space::Module(module), depth);
        }
        Space::Module(module)
    }
}
