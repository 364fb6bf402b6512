//! The name and revision of a text, without the rest of it.

use super::Keyword;
use super::statements::{Event, Statements};

/// The name and revision that a text gives itself in its first statements.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(crate) struct Header {
    /// [`Keyword::Module`] or [`Keyword::Submodule`].
    pub(crate) keyword: Keyword,
    pub(crate) name: String,
    /// The newest of its revisions.
    pub(crate) revision: Option<String>,
}

/// Reads the header of a text; `None` if it does not begin as a module or submodule does.
///
/// It reads up to the first statement of the body behind the revisions. Where the text is broken
/// before it, what was read counts: the fault is told by those who parse the text.
pub(crate) fn header(text: &str) -> Option<Header> {
    let mut top = TopLevel::new(text)?;
    let keyword = top.keyword;
    let name = std::mem::take(&mut top.name);
    let mut revision: Option<String> = None;
    for (keyword, argument) in top {
        if keyword == Keyword::Revision {
            revision = revision.max(Some(argument));
        } else if revision.is_some() && is_body(keyword) {
            break;
        }
    }
    Some(Header {
        keyword,
        name,
        revision,
    })
}

/// Returns true if a module has more than what others import. Its submodules are not looked at.
pub(crate) fn is_implementable(text: &str) -> bool {
    TopLevel::new(text).is_some_and(|mut top| {
        top.keyword == Keyword::Module && top.any(|(keyword, _)| is_implemented(keyword))
    })
}

/// The statements of a module's or submodule's top level with their arguments, extensions' instances
/// left out.
struct TopLevel<'t> {
    statements: Statements<'t>,
    keyword: Keyword,
    name: String,
    depth: usize,
}

impl<'t> TopLevel<'t> {
    fn new(text: &'t str) -> Option<Self> {
        let mut statements = Statements::new(text);
        let Ok(Some(Event::Start(root))) = statements.next() else {
            return None;
        };
        let keyword = Keyword::from_text(root.keyword)?;
        matches!(keyword, Keyword::Module | Keyword::Submodule).then(|| Self {
            statements,
            keyword,
            name: root.argument.unwrap_or_default().into_owned(),
            depth: 0,
        })
    }
}

impl Iterator for TopLevel<'_> {
    type Item = (Keyword, String);

    fn next(&mut self) -> Option<Self::Item> {
        loop {
            match self.statements.next().ok()?? {
                Event::Start(start) => {
                    let is_top = self.depth == 0;
                    self.depth += usize::from(start.has_block);
                    let keyword = Keyword::from_text(start.keyword).filter(|_| is_top);
                    if let Some(keyword) = keyword {
                        return Some((keyword, start.argument.unwrap_or_default().into_owned()));
                    }
                }
                Event::End => self.depth = self.depth.saturating_sub(1),
            }
        }
    }
}

/// Returns true for the statements that follow the revisions (RFC 7950 section 7.1).
const fn is_body(keyword: Keyword) -> bool {
    matches!(
        keyword,
        Keyword::ExtensionDefinition | Keyword::Identity | Keyword::Typedef | Keyword::Grouping
    ) || is_implemented(keyword) && !matches!(keyword, Keyword::Include)
}

const fn is_implemented(keyword: Keyword) -> bool {
    matches!(
        keyword,
        Keyword::Anydata
            | Keyword::Anyxml
            | Keyword::Augment
            | Keyword::Choice
            | Keyword::Container
            | Keyword::Deviation
            | Keyword::Feature
            | Keyword::Include
            | Keyword::Leaf
            | Keyword::LeafList
            | Keyword::List
            | Keyword::Notification
            | Keyword::Rpc
            | Keyword::Uses
    )
}
