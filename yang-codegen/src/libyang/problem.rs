//! Statements that have no form in the model.

use super::place::Places;
use super::raw::{Context, Module};
use crate::error::Error;

/// A statement that has no form in the model: its keyword, and how to call it.
#[derive(Debug)]
pub(super) struct Problem {
    pub(super) keyword: &'static str,
    /// A name for the statement; for an expression, its text.
    pub(super) statement: String,
    /// The fault of an expression.
    pub(super) reason: Option<String>,
}

pub(super) const fn problem(keyword: &'static str, statement: String) -> Problem {
    Problem {
        keyword,
        statement,
        reason: None,
    }
}

impl Problem {
    /// The error of this problem with a node or typedef of a module: the names that lead to it, and
    /// what settings call it.
    pub(super) fn error(
        self,
        context: &Context,
        module: Module<'_>,
        (names, path): (&[&str], String),
    ) -> Error {
        let Self {
            keyword,
            statement,
            reason,
        } = self;
        let (mut places, module) = (Places::new(context), module.name());
        match reason {
            None => Error::Unsupported {
                place: places.of_node(module, names, Some(keyword)),
                path,
                statement,
            },
            Some(reason) => Error::Expression {
                place: Box::new(places.of_statement(module, names, keyword, &statement)),
                path,
                keyword,
                expression: statement,
                reason,
            },
        }
    }
}
