//! A text to its tree of statements.

use std::path::PathBuf;

use super::Keyword;
use super::grammar::{self, is_identifier};
use super::position::{Complaint, Locator};
use super::statements::{Event, Start, Statements};
use super::text::{Entry, Span, Text, TextId};
use super::token::Broken;
use crate::fault::{Fault, Faults};

/// The bytes of a text at most.
const LONGEST: usize = 64 << 20;
/// The statements of a text at most.
const MOST_STATEMENTS: u32 = 4 << 20;

/// Parses a module or submodule.
///
/// `None` for a text of which no tree can be made. Other faults leave a tree, so that the rest of the
/// text can be looked at in the same run.
pub(crate) fn parse(id: TextId, path: PathBuf, text: &str, faults: &mut Faults) -> Option<Text> {
    if text.len() > LONGEST {
        faults.add(Fault {
            file: Some(path),
            message: format!("the text has {} bytes; the limit is {LONGEST}", text.len()),
            ..Fault::default()
        });
        return None;
    }
    let mut statements = Statements::new(text);
    let mut builder = Builder::new(text);
    let built = builder.build(&mut statements);
    let mut parsed = Text {
        id,
        path,
        is_yang11: false,
        entries: builder.entries,
        strings: builder.strings,
    };
    parsed.is_yang11 = parsed
        .root()
        .and_then(|root| root.argument_of(Keyword::YangVersion))
        == Some("1.1");
    let complaints = statements.into_complaints();
    Complaint::report(complaints, text, &parsed.path, parsed.is_yang11, faults);
    built.ok()?;
    parsed.entries.shrink_to_fit();
    parsed.strings.shrink_to_fit();
    if let Some(root) = parsed.root() {
        grammar::check(root, faults);
    }
    Some(parsed)
}

struct Builder<'t> {
    locator: Locator<'t>,
    entries: Vec<Entry>,
    strings: String,
    /// The number of the statement around the place where the builder is.
    parent: u32,
    /// The statements of unknown keywords around that place, which are left out of the tree.
    unknown: usize,
}

impl<'t> Builder<'t> {
    const fn new(text: &'t str) -> Self {
        Self {
            locator: Locator::new(text),
            entries: Vec::new(),
            strings: String::new(),
            parent: 0,
            unknown: 0,
        }
    }

    fn build(&mut self, statements: &mut Statements<'t>) -> Result<(), Broken> {
        while let Some(event) = statements.next()? {
            match event {
                Event::Start(start) => self.start(&start, statements)?,
                Event::End => self.end(),
            }
        }
        Ok(())
    }

    fn start(&mut self, start: &Start<'_>, statements: &mut Statements<'t>) -> Result<(), Broken> {
        let keyword = keyword(start.keyword);
        if self.entries.is_empty() && !matches!(keyword, Some(Keyword::Module | Keyword::Submodule))
        {
            let message = "a text begins with module or submodule";
            return Err(statements.refuse(start.offset, message));
        }
        let Some(keyword) = keyword.filter(|_| self.unknown == 0) else {
            if self.unknown == 0 {
                statements.unknown(start.offset, start.keyword);
            }
            self.unknown += usize::from(start.has_block);
            return Ok(());
        };
        let index = u32::try_from(self.entries.len()).unwrap_or(MOST_STATEMENTS);
        if index >= MOST_STATEMENTS {
            let message = format!("the text has more than {MOST_STATEMENTS} statements");
            return Err(statements.refuse(start.offset, message));
        }
        let extension = (keyword == Keyword::Extension).then(|| self.keep(start.keyword));
        let argument = start
            .argument
            .as_deref()
            .map(|argument| self.keep(argument));
        self.entries.push(Entry {
            keyword,
            extension,
            argument,
            position: self.locator.position(start.offset),
            parent: self.parent,
            end: index + 1,
        });
        if start.has_block {
            self.parent = index;
        }
        Ok(())
    }

    fn end(&mut self) {
        if self.unknown > 0 {
            self.unknown -= 1;
            return;
        }
        let end = u32::try_from(self.entries.len()).unwrap_or(MOST_STATEMENTS);
        let ended = usize::try_from(self.parent).ok();
        if let Some(ended) = ended.and_then(|ended| self.entries.get_mut(ended)) {
            ended.end = end;
            self.parent = ended.parent;
        }
    }

    fn keep(&mut self, string: &str) -> Span {
        // Neither overflows: strings are not longer than the text, but for the spaces of tabs.
        let offset = |string: &str| u32::try_from(string.len()).unwrap_or(u32::MAX);
        let start = offset(&self.strings);
        self.strings.push_str(string);
        Span {
            start,
            end: offset(&self.strings),
        }
    }
}

/// The keyword that a word is, which is [`Keyword::Extension`] for one with a prefix.
fn keyword(word: &str) -> Option<Keyword> {
    match word.split_once(':') {
        Some((prefix, name)) => {
            (is_identifier(prefix) && is_identifier(name)).then_some(Keyword::Extension)
        }
        None => Keyword::from_text(word),
    }
}
