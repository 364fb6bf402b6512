//! Descriptions, references and status.

use crate::model::{Docs, Status};
use crate::parse::{Keyword, Statement};

/// Description, reference and status of a statement.
pub(super) fn docs(statement: Statement<'_>) -> Docs {
    let text = |keyword| statement.argument_of(keyword).map(ToOwned::to_owned);
    Docs {
        description: text(Keyword::Description),
        reference: text(Keyword::Reference),
        status: status(statement).unwrap_or_default(),
    }
}

/// The status that a statement states (RFC 7950 section 7.21.2).
pub(super) fn status(statement: Statement<'_>) -> Option<Status> {
    Some(match statement.argument_of(Keyword::Status)? {
        "deprecated" => Status::Deprecated,
        "obsolete" => Status::Obsolete,
        _ => Status::Current,
    })
}
