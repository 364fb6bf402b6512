//! Loads the modules of a request and all that they import and include.
//!
//! An import without a revision takes the revision of the module that is implemented, if one is
//! (RFC 7950 section 5.1.1 leaves the choice open). So the imports that can make modules implemented
//! are followed first, those with a revision before those without.

use std::collections::{BTreeMap, HashMap, HashSet, VecDeque};

use super::amend::amended;
use super::find::Origin;
use super::{Key, Module, ModuleId, Modules, Request, Source, Texts, newest_revision};
use crate::error::Error;
use crate::fault::{Fault, Faults};
use crate::parse::{Keyword, Text, TextId};

/// The kind of text that a file has.
#[derive(Clone)]
enum Found {
    Module(ModuleId),
    /// A submodule of the module of this name.
    Submodule(String),
    /// It cannot be read, which has been told.
    Unreadable,
}

pub(super) struct Loader<'r, 'f> {
    pub(super) request: &'r Request<'r>,
    pub(super) faults: &'f mut Faults,
    pub(super) texts: Texts,
    pub(super) modules: Vec<Module>,
    pub(super) complete: bool,
    known: HashMap<Origin, Found>,
    /// The revision that imports without a revision take, where it is decided.
    pub(super) chosen: BTreeMap<String, Origin>,
    /// The texts of the modules.
    origins: Vec<Origin>,
    /// The revision that is implemented, by the module's name.
    implemented: BTreeMap<String, ModuleId>,
    /// The imports of each text by their prefix; of two with one prefix, the first.
    importing: HashMap<TextId, HashMap<Box<str>, Key>>,
    /// Imports with a revision.
    dated: VecDeque<Key>,
    /// Imports of modules that become implemented.
    amending: VecDeque<Key>,
    /// Those that can wait until each import with a revision is known.
    amending_later: VecDeque<Key>,
    /// Imports without a revision.
    undated: VecDeque<Key>,
    linked: HashSet<Key>,
}

impl Modules {
    /// Loads modules with all that they import and include. Whatever is wrong in their texts is
    /// added to `faults`.
    ///
    /// # Errors
    /// A module that was asked for is not in the sources, or a setting of features names a module or
    /// a feature that there is not.
    pub(crate) fn load(request: &Request<'_>, faults: &mut Faults) -> Result<Self, Error> {
        let told = faults.count();
        let mut loader = Loader::new(request, faults);
        let mut wanted = Vec::new();
        for (name, revision) in request.modules {
            wanted.push(loader.require(name, revision.as_deref())?);
        }
        let wanted: Vec<ModuleId> = wanted
            .into_iter()
            .filter_map(|origin| loader.wanted(origin))
            .collect();
        loader.follow();
        let modules = loader.finish(&wanted);
        if faults.count() == told {
            request.check_features(&modules)?;
        }
        Ok(modules)
    }
}

impl<'r, 'f> Loader<'r, 'f> {
    fn new(request: &'r Request<'r>, faults: &'f mut Faults) -> Self {
        Self {
            request,
            faults,
            texts: Texts::default(),
            modules: Vec::new(),
            complete: true,
            known: HashMap::new(),
            chosen: BTreeMap::new(),
            origins: Vec::new(),
            implemented: BTreeMap::new(),
            importing: HashMap::new(),
            dated: VecDeque::new(),
            amending: VecDeque::new(),
            amending_later: VecDeque::new(),
            undated: VecDeque::new(),
            linked: HashSet::new(),
        }
    }

    /// The text of a module that was asked for.
    fn require(&mut self, name: &str, revision: Option<&str>) -> Result<Origin, Error> {
        let sources = self.request.sources;
        let Some(id) = self.source(name, revision) else {
            let misnamed = sources.file_named(name).and_then(|id| sources.misnamed(id));
            if let Some(fault) = misnamed.filter(|_| sources.candidates(name).is_empty()) {
                return Err(Error::Load(vec![fault]));
            }
            return Err(Error::ModuleNotFound {
                name: name.to_owned(),
                revision: revision.map(ToOwned::to_owned),
                search_path: sources.folders().to_vec(),
                nearest: sources.nearest(name),
            });
        };
        let origin = Origin::Source(id);
        self.chosen.entry(name.to_owned()).or_insert(origin);
        Ok(origin)
    }

    /// The module that was asked for, to be implemented.
    fn wanted(&mut self, origin: Origin) -> Option<ModuleId> {
        match self.found(origin) {
            Found::Module(id) => {
                self.implement(id, None);
                Some(id)
            }
            Found::Submodule(main) => {
                let path = self.path(origin);
                self.faults.add(Fault {
                    file: Some(path),
                    message: format!(
                        "this is a submodule of \"{main}\"; ask for the module \"{main}\" instead"
                    ),
                    section: Some("RFC 7950 section 7.2"),
                    ..Fault::default()
                });
                None
            }
            Found::Unreadable => None,
        }
    }

    /// Follows all imports.
    fn follow(&mut self) {
        loop {
            if let Some(import) = self.dated.pop_front() {
                self.link(import);
            } else if let Some(import) = self.amending.pop_front() {
                self.amend(import);
            } else if let Some(import) = self.amending_later.pop_front() {
                self.amend(import);
            } else if let Some(import) = self.undated.pop_front() {
                self.link(import);
            } else {
                break;
            }
        }
    }

    /// Marks a module as implemented. `cause` is the statement that amends it.
    fn implement(&mut self, id: ModuleId, cause: Option<Key>) {
        let Some(module) = self.modules.get(id.index()) else {
            return;
        };
        let other = self.implemented.get(&module.name).copied();
        if other == Some(id) {
            return;
        }
        let other = other.and_then(|other| self.modules.get(other.index()));
        if let Some(other) = other {
            let message = format!(
                "revision {} of \"{}\" would be implemented beside revision {}, and one alone may \
                 be; import the same revision everywhere",
                module.revision.as_deref().unwrap_or("(none)"),
                module.name,
                other.revision.as_deref().unwrap_or("(none)"),
            );
            let cause = cause.and_then(|cause| self.texts.statement(cause));
            if let Some(at) = cause.or_else(|| self.texts.root(module.main)) {
                self.faults.at(at, "RFC 7950 section 5.6.5", message);
            }
            return;
        }
        self.implemented.insert(module.name.clone(), id);
        let texts: Vec<TextId> = module.texts().collect();
        if let Some(origin) = self.origins.get(id.index()) {
            self.chosen.entry(module.name.clone()).or_insert(*origin);
        }
        for text in texts {
            self.queue_amended(text);
        }
    }

    /// Queues the modules that a text of an implemented module augments or deviates.
    fn queue_amended(&mut self, text: TextId) {
        let (Some(root), Some(importing)) = (self.texts.root(text), self.importing.get(&text))
        else {
            return;
        };
        for prefix in amended(root) {
            let Some(import) = importing.get(prefix) else {
                continue;
            };
            let statement = self.texts.statement(*import);
            let dated = statement.and_then(|import| import.child(Keyword::RevisionDate));
            match dated {
                Some(_) => self.amending.push_back(*import),
                None => self.amending_later.push_back(*import),
            }
        }
    }

    /// Implements the module that an import has.
    fn amend(&mut self, import: Key) {
        self.link(import);
        let statement = self.texts.statement(import);
        let prefix = statement.and_then(|import| import.argument_of(Keyword::Prefix));
        let source = self.texts.get(import.0);
        let target = prefix.and_then(|prefix| source?.prefixes.get(prefix).copied().flatten());
        if let Some(target) = target {
            self.implement(target, Some(import));
        }
    }

    /// The module of a text, loaded with its submodules if it is met for the first time.
    fn found(&mut self, origin: Origin) -> Found {
        if let Some(known) = self.known.get(&origin) {
            return known.clone();
        }
        let found = self.add(origin);
        self.complete &= !matches!(found, Found::Unreadable);
        self.known.insert(origin, found.clone());
        if let Found::Module(id) = found {
            self.include_all(id);
            let texts: Vec<TextId> = self
                .modules
                .get(id.index())
                .into_iter()
                .flat_map(Module::texts)
                .collect();
            for text in texts {
                self.queue_imports(text);
            }
        }
        found
    }

    fn add(&mut self, origin: Origin) -> Found {
        let Some(text) = self.parse(origin) else {
            return Found::Unreadable;
        };
        let Some(root) = text.root() else {
            return Found::Unreadable;
        };
        if root.keyword() == Keyword::Submodule {
            let main = root.argument_of(Keyword::BelongsTo);
            return Found::Submodule(main.unwrap_or_default().to_owned());
        }
        let Ok(number) = u32::try_from(self.modules.len()) else {
            return Found::Unreadable;
        };
        let id = ModuleId(number);
        self.origins.push(origin);
        let argument = |keyword| root.argument_of(keyword).unwrap_or_default().to_owned();
        self.modules.push(Module {
            name: root.argument().to_owned(),
            namespace: argument(Keyword::Namespace),
            prefix: argument(Keyword::Prefix),
            revision: newest_revision(root).map(ToOwned::to_owned),
            main: text.id,
            submodules: Vec::new(),
            implemented: false,
            built_in: matches!(origin, Origin::BuiltIn(_)),
            preferred: false,
            features: BTreeMap::new(),
            top: super::Scope::default(),
        });
        self.add_text(text, id);
        Found::Module(id)
    }

    /// Adds the text of a module, or of its submodule, with the prefixes that it has.
    pub(super) fn add_text(&mut self, text: Text, module: ModuleId) {
        let mut prefixes: BTreeMap<Box<str>, Option<ModuleId>> = BTreeMap::new();
        if let Some(root) = text.root() {
            let own = match root.child(Keyword::BelongsTo) {
                Some(main) => main.argument_of(Keyword::Prefix),
                None => root.argument_of(Keyword::Prefix),
            };
            prefixes.extend(own.map(|own| (own.into(), Some(module))));
            let importing = self.importing.entry(text.id).or_default();
            for import in root.all(Keyword::Import) {
                let Some(prefix) = import.child(Keyword::Prefix) else {
                    continue;
                };
                let name = prefix.argument();
                importing.entry(name.into()).or_insert(import.key());
                if prefixes.insert(name.into(), None).is_some() {
                    let message = "another import, or the module itself, has this prefix; change it \
                                   here and where it is used";
                    self.faults.at(prefix, "RFC 7950 section 7.1.4", message);
                }
            }
            prefixes.extend(own.map(|own| (own.into(), Some(module))));
        }
        self.texts.0.push(Source {
            text,
            module,
            prefixes,
            imports: Vec::new(),
        });
    }

    fn queue_imports(&mut self, text: TextId) {
        let imports = self.texts.root(text).into_iter();
        for import in imports.flat_map(|root| root.all(Keyword::Import)) {
            match import.child(Keyword::RevisionDate) {
                Some(_) => self.dated.push_back(import.key()),
                None => self.undated.push_back(import.key()),
            }
        }
    }

    /// Gives an import its module.
    fn link(&mut self, import: Key) {
        if !self.linked.insert(import) {
            return;
        }
        let Some(statement) = self.texts.statement(import) else {
            return;
        };
        let name = statement.argument().to_owned();
        let revision = statement
            .argument_of(Keyword::RevisionDate)
            .map(str::to_owned);
        let Some(origin) = self.pick(&name, revision.as_deref()) else {
            self.complete = false;
            self.tell_missing(import, &name, revision.as_deref());
            return;
        };
        let target = match self.found(origin) {
            Found::Module(id) => id,
            Found::Submodule(main) => {
                self.complete = false;
                let message = format!("\"{name}\" is a submodule; import its module \"{main}\"");
                self.tell(import, "RFC 7950 section 7.1.5", message);
                return;
            }
            Found::Unreadable => return,
        };
        self.set_import(import, target);
    }

    fn set_import(&mut self, import: Key, target: ModuleId) {
        let Some(statement) = self.texts.statement(import) else {
            return;
        };
        let is_dated = statement.child(Keyword::RevisionDate).is_some();
        let importing = self.importing.get(&import.0);
        let prefix = statement.argument_of(Keyword::Prefix).filter(|prefix| {
            importing.and_then(|importing| importing.get(*prefix)) == Some(&import)
        });
        let prefix: Option<Box<str>> = prefix.map(Into::into);
        self.check_import(import, target);
        if !is_dated && let Some(module) = self.modules.get_mut(target.index()) {
            module.preferred = true;
        }
        if let Some(source) = self.texts.get_mut(import.0) {
            source.imports.push(target);
            let own = source.module;
            if let Some(known) = prefix.and_then(|prefix| source.prefixes.get_mut(&prefix))
                && *known != Some(own)
            {
                *known = Some(target);
            }
        }
    }

    /// Adds a fault of a statement.
    pub(super) fn tell(&mut self, at: Key, section: &'static str, message: String) {
        if let Some(statement) = self.texts.statement(at) {
            self.faults.at(statement, section, message);
        }
    }
}
