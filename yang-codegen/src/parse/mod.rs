//! Texts to statements (RFC 7950 section 6): tokens, strings, the grammar of each statement.

mod keyword;
mod text;

pub(crate) use keyword::Keyword;
pub(crate) use text::{Position, Statement, Text, TextId};
