//! Loads the modules of a request and all that they import and include.
//!
//! An import without a revision takes the revision of the module that is implemented, if one is
//! (RFC 7950 section 5.1.1 leaves the choice open). So the imports that can make modules implemented
//! are followed first, those with a revision before those without.

use std::collections::{BTreeMap, HashMap, HashSet, VecDeque};
use std::path::PathBuf;

use super::amend::amended;
use super::builtin;
use super::{Key, Module, ModuleId, Modules, Request, Source, Texts, newest_revision};
use crate::error::Error;
use crate::fault::{Fault, Faults};
use crate::parse::{Keyword, Statement, Text, TextId, parse};
use crate::sources::SourceId;

/// The place that a text comes from.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub(super) enum Origin {
    Source(SourceId),
    /// The texts that this crate brings along, by name.
    BuiltIn(&'static str),
}

/// What a text turned out to be.
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
    chosen: BTreeMap<String, Origin>,
    implemented: HashSet<ModuleId>,
    /// Imports with a revision.
    dated: VecDeque<Key>,
    /// Imports of modules that become implemented: their text and prefix.
    amending: VecDeque<(TextId, Box<str>)>,
    /// Those that can wait until each import with a revision is known.
    amending_later: VecDeque<(TextId, Box<str>)>,
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
    /// The texts that are read, so that no set of modules takes more memory than there is.
    const MOST_TEXTS: usize = 50_000;

    fn new(request: &'r Request<'r>, faults: &'f mut Faults) -> Self {
        Self {
            request,
            faults,
            texts: Texts::default(),
            modules: Vec::new(),
            complete: true,
            known: HashMap::new(),
            chosen: BTreeMap::new(),
            implemented: HashSet::new(),
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
            } else if let Some((text, prefix)) = self.amending.pop_front() {
                self.amend(text, &prefix);
            } else if let Some((text, prefix)) = self.amending_later.pop_front() {
                self.amend(text, &prefix);
            } else if let Some(import) = self.undated.pop_front() {
                self.link(import);
            } else {
                break;
            }
        }
    }

    /// The text of a module that is imported.
    pub(super) fn pick(&self, name: &str, revision: Option<&str>) -> Option<Origin> {
        if revision.is_none()
            && let Some(origin) = self.chosen.get(name)
        {
            return Some(*origin);
        }
        match self.source(name, revision) {
            Some(id) => Some(Origin::Source(id)),
            None => builtin::find(name, revision).map(|module| Origin::BuiltIn(module.name)),
        }
    }

    /// The source of a module or submodule, of the newest revision if none is given.
    fn source(&self, name: &str, revision: Option<&str>) -> Option<SourceId> {
        let mut candidates = self.request.sources.candidates(name).into_iter();
        let found = candidates.find(|(known, _)| revision.is_none() || *known == revision);
        found.map(|(_, id)| id)
    }

    /// Marks a module as implemented. `cause` is the statement that amends it.
    fn implement(&mut self, id: ModuleId, cause: Option<Key>) {
        let Some(module) = self.modules.get(id.index()) else {
            return;
        };
        let mut implemented = self.implemented.iter().filter(|other| **other != id);
        let other = implemented.find_map(|other| {
            let other = self.modules.get(other.index())?;
            (other.name == module.name).then_some(other)
        });
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
        if !self.implemented.insert(id) {
            return;
        }
        let texts: Vec<TextId> = module.texts().collect();
        let origin = self.origin(id);
        if let Some(origin) = origin {
            self.chosen.entry(module.name.clone()).or_insert(origin);
        }
        for text in texts {
            self.queue_amended(text);
        }
    }

    fn origin(&self, id: ModuleId) -> Option<Origin> {
        let mut known = self.known.iter();
        let found = known.find(|(_, found)| matches!(found, Found::Module(known) if *known == id));
        found.map(|(origin, _)| *origin)
    }

    /// Queues the modules that a text of an implemented module augments or deviates.
    fn queue_amended(&mut self, text: TextId) {
        let Some(root) = self.texts.root(text) else {
            return;
        };
        for prefix in amended(root) {
            let Some(import) = import_of(root, prefix) else {
                continue;
            };
            let queue = if import.child(Keyword::RevisionDate).is_some() {
                &mut self.amending
            } else {
                &mut self.amending_later
            };
            queue.push_back((text, prefix.into()));
        }
    }

    /// Implements the module that a prefix of a text means.
    fn amend(&mut self, text: TextId, prefix: &str) {
        let root = self.texts.root(text);
        let Some(import) = root.and_then(|root| import_of(root, prefix)) else {
            return;
        };
        let import = import.key();
        self.link(import);
        let source = self.texts.get(text);
        if let Some(Some(target)) = source.and_then(|source| source.prefixes.get(prefix)) {
            self.implement(*target, Some(import));
        }
    }

    /// The path of a text, to be named in faults.
    pub(super) fn path(&self, origin: Origin) -> PathBuf {
        match origin {
            Origin::Source(id) => self.request.sources.path(id).to_path_buf(),
            Origin::BuiltIn(name) => builtin::path(name),
        }
    }

    /// Parses a text; the number is its own even if it cannot be parsed.
    pub(super) fn parse(&mut self, origin: Origin) -> Option<Text> {
        let path = self.path(origin);
        let problem = |message| Fault {
            file: Some(path.clone()),
            message,
            ..Fault::default()
        };
        if self.texts.0.len() >= Self::MOST_TEXTS {
            let message = format!(
                "more than {} texts are imported or included",
                Self::MOST_TEXTS
            );
            self.faults.add(problem(message));
            return None;
        }
        let id = TextId(u32::try_from(self.texts.0.len()).ok()?);
        match origin {
            Origin::Source(source) => match self.request.sources.read(source) {
                Ok(text) => parse(id, path, &text, self.faults),
                Err(error) => {
                    self.faults.add(problem(error.to_string()));
                    None
                }
            },
            Origin::BuiltIn(name) => {
                let module = builtin::find(name, None)?;
                parse(id, path, module.text, self.faults)
            }
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
            let imports = root.all(Keyword::Import);
            for prefix in imports.filter_map(|import| import.child(Keyword::Prefix)) {
                if prefixes.insert(prefix.argument().into(), None).is_some() {
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
        let root = statement.text().root();
        let is_first =
            |prefix: &str| root.and_then(|root| import_of(root, prefix)) == Some(statement);
        let prefix = statement.argument_of(Keyword::Prefix);
        let prefix: Option<Box<str>> = prefix.filter(|prefix| is_first(prefix)).map(Into::into);
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

    /// Adds the fault that an import or include names what is not in the sources.
    pub(super) fn tell_missing(&mut self, at: Key, name: &str, revision: Option<&str>) {
        let Some(statement) = self.texts.statement(at) else {
            return;
        };
        let (kind, section) = match statement.keyword() {
            Keyword::Include => ("submodule", "RFC 7950 section 7.1.6"),
            _ => ("module", "RFC 7950 section 7.1.5"),
        };
        let verb = statement.keyword();
        let candidates = self.request.sources.candidates(name).into_iter();
        let known: Vec<&str> = candidates.filter_map(|(revision, _)| revision).collect();
        let fault = match revision {
            Some(revision) if !known.is_empty() => {
                let message = format!(
                    "revision {revision} of the {kind} \"{name}\" is not in the sources, which have \
                     {}; add its file or {verb} one of these",
                    known.join(", ")
                );
                Fault::of(statement, section, message)
            }
            _ => {
                let message = format!("the {kind} \"{name}\" is not in the sources; add its file");
                let nearest = self.request.sources.nearest(name);
                Fault::of(statement, section, message).nearest(nearest)
            }
        };
        self.faults.add(fault);
    }
}

/// The first import of a text with this prefix.
fn import_of<'t>(root: Statement<'t>, prefix: &str) -> Option<Statement<'t>> {
    root.all(Keyword::Import)
        .find(|import| import.argument_of(Keyword::Prefix) == Some(prefix))
}
