//! Texts to statements (RFC 7950 section 6): tokens, strings, the grammar of each statement.

mod build;
mod grammar;
mod header;
mod keyword;
mod position;
mod quoted;
mod statements;
mod text;
mod token;

pub(crate) use build::parse;
pub(crate) use grammar::{Instance, check_instance};
pub(crate) use header::{Header, header, is_implementable};
pub(crate) use keyword::Keyword;
pub(crate) use text::{Statement, Text, TextId};

#[cfg(test)]
mod random;
#[cfg(test)]
mod tests;
