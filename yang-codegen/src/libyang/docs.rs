//! Descriptions, references and status.

use super::raw::Described;
use crate::model::{Docs, Status};

/// Description, reference and status of a statement.
pub(super) fn docs(described: Described<'_>) -> Docs {
    let status = if described.is_obsolete() {
        Status::Obsolete
    } else if described.is_deprecated() {
        Status::Deprecated
    } else {
        Status::Current
    };
    Docs {
        description: described.description.map(ToOwned::to_owned),
        reference: described.reference.map(ToOwned::to_owned),
        status,
    }
}
