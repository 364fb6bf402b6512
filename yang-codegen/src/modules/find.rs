//! Finds and reads the texts of modules and submodules.

use std::borrow::Cow;
use std::path::PathBuf;

use super::load::Loader;
use super::{Key, builtin, newest_revision};
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

impl Loader<'_, '_> {
    /// The texts that are read, so that no set of modules takes more memory than there is.
    const MOST_TEXTS: usize = 50_000;

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
    pub(super) fn source(&self, name: &str, revision: Option<&str>) -> Option<SourceId> {
        let mut candidates = self.request.sources.candidates(name).into_iter();
        let found = candidates.find(|(known, _)| revision.is_none() || *known == revision);
        found.map(|(_, id)| id)
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
        let text = match origin {
            Origin::Source(source) => match self.request.sources.read(source) {
                Ok(text) => text,
                Err(error) => {
                    self.faults.add(problem(error.to_string()));
                    return None;
                }
            },
            Origin::BuiltIn(name) => Cow::Borrowed(builtin::find(name, None)?.text),
        };
        let text = parse(id, path, &text, self.faults)?;
        self.check_same(origin, &text);
        Some(text)
    }

    /// Adds a fault if the same folder has another text of the same revision that says something
    /// else. Between folders, their order decides.
    fn check_same(&mut self, origin: Origin, text: &Text) {
        let sources = self.request.sources;
        let (Origin::Source(id), Some(root)) = (origin, text.root()) else {
            return;
        };
        let revision = newest_revision(root);
        let candidates = sources.candidates(root.argument()).into_iter();
        let others = candidates.filter(|(known, other)| *known == revision && *other != id);
        for (_, other) in others {
            let path = sources.path(other);
            if path.parent() != text.path.parent() {
                continue;
            }
            let Ok(other) = sources.read(other) else {
                continue;
            };
            let mut unheard = Faults::default();
            let other = parse(text.id, path.to_path_buf(), &other, &mut unheard);
            if other.is_some_and(|other| !says_the_same(text, &other)) {
                let message = format!(
                    "the same revision of it is in {}, with other statements; take one of the files \
                     away",
                    path.display()
                );
                let fault = Fault::of(root, "RFC 7950 section 7.1.9", message);
                self.faults.tolerable(fault);
            }
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
                let sources = self.request.sources;
                let misnamed = sources.file_named(name).and_then(|id| sources.misnamed(id));
                let place = misnamed.and_then(|fault| {
                    let file = fault.file?;
                    Some(format!(" ({}: {})", file.display(), fault.message))
                });
                let message = format!(
                    "the {kind} \"{name}\" is not in the sources; add its file{}",
                    place.unwrap_or_default()
                );
                let nearest = self.request.sources.nearest(name);
                Fault::of(statement, section, message).nearest(nearest)
            }
        };
        self.faults.add(fault);
    }
}

/// True if two texts have the same statements, but for those that document.
fn says_the_same(one: &Text, other: &Text) -> bool {
    statements(one).eq(statements(other))
}

/// A statement without its place.
type Content<'t> = (Keyword, Option<(&'t str, &'t str)>, Option<&'t str>);

/// The statements of a text, each with the one around it, but for those that document.
fn statements(text: &Text) -> impl Iterator<Item = (Content<'_>, Option<Content<'_>>)> {
    let all = text.root().into_iter().flat_map(Statement::descendants);
    let counting = all.filter(|statement| !is_documentation(statement.keyword()));
    counting.map(|statement| (content(statement), statement.parent().map(content)))
}

fn content(statement: Statement<'_>) -> Content<'_> {
    (
        statement.keyword(),
        statement.extension(),
        statement.argument_if_any(),
    )
}

const fn is_documentation(keyword: Keyword) -> bool {
    matches!(
        keyword,
        Keyword::Contact | Keyword::Description | Keyword::Organization | Keyword::Reference
    )
}
