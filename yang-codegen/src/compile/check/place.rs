//! The places of actions and notifications in data.

use crate::compile::tree::{Kind, Node, NodeId, Tree};
use crate::fault::Faults;

pub(super) fn check(
    tree: &Tree<'_>,
    id: NodeId,
    node: &Node<'_>,
    alone: bool,
    faults: &mut Faults,
) {
    let section = match node.kind {
        Kind::Action => "RFC 7950 section 7.15",
        Kind::Notification => "RFC 7950 section 7.16",
        _ => return,
    };
    let kind = node.kind.as_str();
    if node.kind == Kind::Action && node.parent.is_none() && !alone {
        let message = "an action is in a container or list; one at the top is an rpc";
        faults.at(node.statement, section, message);
    }
    for around in tree.above(id).filter_map(|above| tree.get(above)) {
        let message = match around.kind {
            Kind::Rpc | Kind::Action | Kind::Notification => format!(
                "there is no {kind} in a {}, as \"{}\" around it is one",
                around.kind.as_str(),
                around.name
            ),
            Kind::Structure => format!("there is no {kind} in a structure"),
            Kind::List if around.keys().next().is_none() => format!(
                "list \"{}\" around it has no key, so nothing tells which entry is meant; give it one",
                around.name
            ),
            _ => continue,
        };
        faults.at(node.statement, section, message);
        return;
    }
}
