//! Names that are taken (RFC 7950 section 6.2.1).

use crate::compile::tree::{NodeId, Tree};
use crate::fault::Faults;

/// Tells that two nodes have one name in one place.
pub(in crate::compile) fn namesakes(
    tree: &Tree<'_>,
    id: NodeId,
    before: NodeId,
    faults: &mut Faults,
) {
    if let (Some(node), Some(before)) = (tree.get(id), tree.get(before)) {
        let place = before.statement;
        let message = format!(
            "the name is that of {} \"{}\" at {}:{} already; take another",
            before.kind.as_str(),
            before.name,
            place.file().display(),
            place.position().line
        );
        faults.at(node.statement, "RFC 7950 section 6.2.1", message);
    }
}
