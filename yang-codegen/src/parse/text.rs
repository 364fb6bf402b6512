//! The statements of one text, as a flat list in the order of the text.

use std::fmt;
use std::path::{Path, PathBuf};

use super::Keyword;
use super::position::Position;

/// The number of a text in its set of modules.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub(crate) struct TextId(pub(crate) u32);

/// A module's or submodule's text, parsed. Its first statement is `module` or `submodule`.
#[derive(Debug)]
pub(crate) struct Text {
    pub(crate) id: TextId,
    /// The file, or another name for the origin of the text.
    pub(crate) path: PathBuf,
    /// True if it is of YANG 1.1.
    pub(crate) is_yang11: bool,
    pub(super) entries: Vec<Entry>,
    /// The arguments and the names of extensions, one behind the other.
    pub(super) strings: String,
}

/// A part of [`Text::strings`].
#[derive(Debug, Clone, Copy)]
pub(super) struct Span {
    pub(super) start: u32,
    pub(super) end: u32,
}

/// A statement with its place in the tree.
#[derive(Debug)]
pub(super) struct Entry {
    pub(super) keyword: Keyword,
    /// `prefix:name`, of an extension's instance.
    pub(super) extension: Option<Span>,
    pub(super) argument: Option<Span>,
    pub(super) position: Position,
    /// The number of the statement around it; its own, of the first.
    pub(super) parent: u32,
    /// The number behind its last descendant.
    pub(super) end: u32,
}

/// A statement (RFC 7950 section 6.3), which knows its text and its place there.
#[derive(Clone, Copy)]
pub(crate) struct Statement<'t> {
    text: &'t Text,
    index: u32,
    entry: &'t Entry,
}

impl Text {
    /// The statement `module` or `submodule`; `None` for a text without a statement, which
    /// [`parse`](super::parse) refuses.
    pub(crate) fn root(&self) -> Option<Statement<'_>> {
        self.statement(0)
    }

    /// The statement of a number: the second part of [`Statement::key`].
    pub(crate) fn statement(&self, index: u32) -> Option<Statement<'_>> {
        let entry = self.entries.get(usize::try_from(index).ok()?)?;
        Some(Statement {
            text: self,
            index,
            entry,
        })
    }

    fn string(&self, span: Span) -> &str {
        let Span { start, end } = span;
        let range = usize::try_from(start).ok().zip(usize::try_from(end).ok());
        range
            .and_then(|(start, end)| self.strings.get(start..end))
            .unwrap_or_default()
    }
}

impl<'t> Statement<'t> {
    pub(crate) const fn text(self) -> &'t Text {
        self.text
    }

    pub(crate) const fn keyword(self) -> Keyword {
        self.entry.keyword
    }

    /// The prefix and name of an extension's instance.
    pub(crate) fn extension(self) -> Option<(&'t str, &'t str)> {
        self.text.string(self.entry.extension?).split_once(':')
    }

    /// The argument; empty if there is none.
    pub(crate) fn argument(self) -> &'t str {
        self.argument_if_any().unwrap_or_default()
    }

    pub(crate) fn argument_if_any(self) -> Option<&'t str> {
        self.entry.argument.map(|span| self.text.string(span))
    }

    /// The place of its keyword.
    pub(crate) const fn position(self) -> Position {
        self.entry.position
    }

    /// The file of its text.
    pub(crate) fn file(self) -> &'t Path {
        &self.text.path
    }

    /// The statement around it.
    pub(crate) fn parent(self) -> Option<Self> {
        let parent = self.entry.parent;
        (parent != self.index)
            .then(|| self.text.statement(parent))
            .flatten()
    }

    /// The statements in it, in the order of the text.
    pub(crate) fn children(self) -> impl Iterator<Item = Self> + use<'t> {
        let end = self.entry.end;
        let mut next = self.index + 1;
        std::iter::from_fn(move || {
            let child = (next < end).then(|| self.text.statement(next)).flatten()?;
            next = child.entry.end;
            Some(child)
        })
    }

    /// All statements in it, at every depth, in the order of the text.
    pub(crate) fn descendants(self) -> impl Iterator<Item = Self> + use<'t> {
        (self.index + 1..self.entry.end).filter_map(move |index| self.text.statement(index))
    }

    /// All statements in it, at every depth, but for instances of extensions and what is in those.
    pub(crate) fn known_descendants(self) -> impl Iterator<Item = Self> + use<'t> {
        let end = self.entry.end;
        let mut next = self.index + 1;
        std::iter::from_fn(move || {
            while next < end {
                let statement = self.text.statement(next)?;
                let is_instance = statement.keyword() == Keyword::Extension;
                next = if is_instance {
                    statement.entry.end
                } else {
                    next + 1
                };
                if !is_instance {
                    return Some(statement);
                }
            }
            None
        })
    }

    /// The first statement of this keyword in it.
    pub(crate) fn child(self, keyword: Keyword) -> Option<Self> {
        self.all(keyword).next()
    }

    /// The statements of this keyword in it.
    pub(crate) fn all(self, keyword: Keyword) -> impl Iterator<Item = Self> + use<'t> {
        self.children()
            .filter(move |child| child.keyword() == keyword)
    }

    /// The argument of the first statement of this keyword in it.
    pub(crate) fn argument_of(self, keyword: Keyword) -> Option<&'t str> {
        self.child(keyword).map(Self::argument)
    }

    /// A number for it that no other statement of the set of modules has.
    pub(crate) const fn key(self) -> (TextId, u32) {
        (self.text.id, self.index)
    }
}

impl PartialEq for Statement<'_> {
    fn eq(&self, other: &Self) -> bool {
        self.key() == other.key()
    }
}

impl Eq for Statement<'_> {}

/// The keyword and the argument, cut where it is long.
impl fmt::Display for Statement<'_> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        const SHOWN: usize = 40;
        let extension = self.entry.extension.map(|span| self.text.string(span));
        f.write_str(extension.unwrap_or(self.keyword().as_str()))?;
        let Some(argument) = self.argument_if_any() else {
            return Ok(());
        };
        let words = argument.split_whitespace().take(SHOWN);
        let mut shown = words.collect::<Vec<_>>().join(" ");
        if let Some((end, _)) = shown.char_indices().nth(SHOWN) {
            shown.truncate(end);
            shown.push('…');
        }
        write!(f, " \"{shown}\"")
    }
}

impl fmt::Debug for Statement<'_> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let Position { line, column } = self.position();
        write!(f, "{}:{line}:{column}: {self}", self.file().display())
    }
}
