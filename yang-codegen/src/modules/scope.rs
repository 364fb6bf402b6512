//! The names that modules define: their scopes (RFC 7950 sections 5.5, 6.2.1).

use std::collections::{BTreeMap, HashMap};

use super::{Key, ModuleId, Modules};
use crate::error::most_similar;
use crate::fault::Faults;
use crate::parse::{Keyword, Statement};

/// The types that YANG defines (RFC 7950 section 9), whose names no typedef has.
pub(crate) const BUILT_IN_TYPES: [&str; 19] = [
    "binary",
    "bits",
    "boolean",
    "decimal64",
    "empty",
    "enumeration",
    "identityref",
    "instance-identifier",
    "int8",
    "int16",
    "int32",
    "int64",
    "leafref",
    "string",
    "uint8",
    "uint16",
    "uint32",
    "uint64",
    "union",
];

/// The definitions in one place, by their keyword and name.
#[derive(Debug, Default)]
pub(super) struct Scope(BTreeMap<Keyword, BTreeMap<Box<str>, Key>>);

impl Scope {
    pub(super) fn get(&self, keyword: Keyword, name: &str) -> Option<Key> {
        self.0.get(&keyword)?.get(name).copied()
    }

    fn names(&self, keyword: Keyword) -> impl Iterator<Item = &str> {
        let names = self.0.get(&keyword).into_iter();
        names.flat_map(|names| names.keys().map(|name| &**name))
    }

    /// Adds a definition; the one that has the name already, if there is one.
    fn insert(&mut self, definition: Statement<'_>) -> Option<Key> {
        let names = self.0.entry(definition.keyword()).or_default();
        let name = definition.argument();
        if let Some(known) = names.get(name) {
            return Some(*known);
        }
        names.insert(name.into(), definition.key());
        None
    }
}

/// True for the statements that define a name which others refer to.
const fn is_definition(keyword: Keyword) -> bool {
    matches!(
        keyword,
        Keyword::ExtensionDefinition
            | Keyword::Feature
            | Keyword::Grouping
            | Keyword::Identity
            | Keyword::Typedef
    )
}

/// The definitions at the top of a module and its submodules, which are one name space each.
pub(super) fn top<'t>(roots: impl Iterator<Item = Statement<'t>>, faults: &mut Faults) -> Scope {
    let mut scope = Scope::default();
    let mut places: HashMap<Key, Statement<'_>> = HashMap::new();
    let definitions = roots
        .flat_map(Statement::children)
        .filter(|statement| is_definition(statement.keyword()));
    for definition in definitions {
        check_type_name(definition, faults);
        if let Some(known) = scope.insert(definition) {
            tell_double(definition, places.get(&known).copied(), faults);
        } else {
            places.insert(definition.key(), definition);
        }
    }
    scope
}

/// The typedefs and groupings below the top of a text, by the statement around them.
pub(super) fn nested(root: Statement<'_>, scopes: &mut HashMap<Key, Scope>, faults: &mut Faults) {
    for definition in root.descendants() {
        if !matches!(definition.keyword(), Keyword::Typedef | Keyword::Grouping) {
            continue;
        }
        let Some(around) = definition.parent().filter(|around| *around != root) else {
            continue;
        };
        check_type_name(definition, faults);
        let scope = scopes.entry(around.key()).or_default();
        if let Some(known) = scope.insert(definition) {
            let known = root.text().statement(known.1);
            tell_double(definition, known, faults);
        }
    }
}

fn check_type_name(definition: Statement<'_>, faults: &mut Faults) {
    let name = definition.argument();
    if definition.keyword() == Keyword::Typedef && BUILT_IN_TYPES.contains(&name) {
        let message = format!("YANG has a type \"{name}\" itself; give the typedef another name");
        faults.at(definition, "RFC 7950 section 7.3", message);
    }
}

fn tell_double(definition: Statement<'_>, known: Option<Statement<'_>>, faults: &mut Faults) {
    let place = known.map_or(String::new(), |known| {
        format!(" ({}:{})", known.file().display(), known.position().line)
    });
    let message = format!(
        "another {} of this name is defined{place}; rename one",
        definition.keyword()
    );
    faults.at(definition, "RFC 7950 section 6.2.1", message);
}

/// Adds a fault for each typedef and grouping below the top that has the name of one around it.
pub(super) fn check_shadows(modules: &Modules, faults: &mut Faults) {
    let mut scopes: Vec<&Key> = modules.scopes.keys().collect();
    scopes.sort_unstable();
    for key in scopes {
        let (Some(scope), Some(around)) = (modules.scopes.get(key), modules.texts.statement(*key))
        else {
            continue;
        };
        for (keyword, definitions) in &scope.0 {
            for (name, definition) in definitions {
                let outer = around
                    .parent()
                    .and_then(|outer| modules.local(outer, *keyword, name));
                let statements = (
                    modules.texts.statement(*definition),
                    outer.and_then(|outer| modules.texts.statement(outer)),
                );
                if let (Some(definition), Some(outer)) = statements {
                    let message = format!(
                        "it hides the {keyword} of this name around it ({}:{}); rename one",
                        outer.file().display(),
                        outer.position().line
                    );
                    faults.at(definition, "RFC 7950 section 5.5", message);
                }
            }
        }
    }
}

impl Modules {
    /// The typedef that a type's name means where a statement stands. `None` for the types that YANG
    /// defines itself.
    pub(crate) fn typedef(&self, at: Statement<'_>, name: &str) -> Option<Statement<'_>> {
        self.definition(at, Keyword::Typedef, name)
    }

    /// The grouping that a name means where a statement stands.
    pub(crate) fn grouping(&self, at: Statement<'_>, name: &str) -> Option<Statement<'_>> {
        self.definition(at, Keyword::Grouping, name)
    }

    /// The most similar type that a statement could name instead.
    pub(crate) fn nearest_typedef(&self, at: Statement<'_>, name: &str) -> Option<String> {
        self.nearest(at, Keyword::Typedef, name)
    }

    /// The most similar grouping that a statement could name instead.
    pub(crate) fn nearest_grouping(&self, at: Statement<'_>, name: &str) -> Option<String> {
        self.nearest(at, Keyword::Grouping, name)
    }

    /// The definition that a name with or without a prefix means where a statement stands.
    pub(crate) fn definition(
        &self,
        at: Statement<'_>,
        keyword: Keyword,
        name: &str,
    ) -> Option<Statement<'_>> {
        let (module, name) = self.qualify(at, name)?;
        let found = if Some(module) == self.module_of(at) {
            self.local(at, keyword, name)
        } else {
            self.at_top(module, keyword, name)
        };
        self.texts.statement(found?)
    }

    /// The definition of a name without a prefix: in the statements around, from the inside, or at
    /// the top of the module and its submodules.
    fn local(&self, at: Statement<'_>, keyword: Keyword, name: &str) -> Option<Key> {
        let mut around = std::iter::successors(Some(at), |statement| statement.parent());
        let nested = around.find_map(|statement| {
            let scope = self.scopes.get(&statement.key())?;
            scope.get(keyword, name)
        });
        nested.or_else(|| self.at_top(self.module_of(at)?, keyword, name))
    }

    pub(super) fn at_top(&self, module: ModuleId, keyword: Keyword, name: &str) -> Option<Key> {
        self.module(module)?.top.get(keyword, name)
    }

    /// The names that are looked for among similar ones, so that a text with many faults takes no
    /// more time than there is.
    const MOST_SUGGESTIONS: usize = 200;

    /// The most similar name that a statement could refer to instead; with a prefix if it needs one.
    pub(crate) fn nearest(
        &self,
        at: Statement<'_>,
        keyword: Keyword,
        name: &str,
    ) -> Option<String> {
        let own = self.module_of(at)?;
        if self.suggested.replace(self.suggested.get() + 1) >= Self::MOST_SUGGESTIONS {
            return None;
        }
        let (prefix, local) = match name.split_once(':') {
            Some((prefix, local)) => (Some(prefix), local),
            None => (None, name),
        };
        let meant = prefix.map_or(Some(own), |prefix| self.by_prefix(at, prefix));
        if let Some(found) = self.elsewhere(at, keyword, local, meant) {
            return Some(found);
        }
        let similar = match meant {
            None => return None,
            Some(module) if module == own => most_similar(local, self.visible(at, keyword)),
            Some(module) => most_similar(local, self.module(module)?.top.names(keyword)),
        };
        similar.map(|similar| match prefix {
            Some(prefix) => format!("{prefix}:{similar}"),
            None => similar,
        })
    }

    /// The same name in another module that the text imports, or in the text's own.
    fn elsewhere(
        &self,
        at: Statement<'_>,
        keyword: Keyword,
        local: &str,
        meant: Option<ModuleId>,
    ) -> Option<String> {
        let own = self.module_of(at)?;
        let source = self.texts.get(at.text().id)?;
        let found = source.prefixes.iter().find_map(|(prefix, module)| {
            let module = (*module).filter(|module| Some(*module) != meant)?;
            self.at_top(module, keyword, local)?;
            Some((prefix, module))
        });
        found.map(|(prefix, module)| {
            if module == own {
                local.to_owned()
            } else {
                format!("{prefix}:{local}")
            }
        })
    }

    /// The names without a prefix that a statement can refer to.
    fn visible(&self, at: Statement<'_>, keyword: Keyword) -> impl Iterator<Item = &str> {
        let around = std::iter::successors(Some(at), |statement| statement.parent());
        let nested = around
            .filter_map(|statement| self.scopes.get(&statement.key()))
            .flat_map(move |scope| scope.names(keyword));
        let module = self.module_of(at).and_then(|module| self.module(module));
        let top = module
            .into_iter()
            .flat_map(move |module| module.top.names(keyword));
        let types = (keyword == Keyword::Typedef).then_some(BUILT_IN_TYPES);
        nested.chain(top).chain(types.into_iter().flatten())
    }
}
