//! The schema while it is compiled: its nodes, each with the statements that count for it.

use crate::model::Status;
use crate::modules::ModuleId;
use crate::parse::Statement;

/// The number of a node in its tree.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub(crate) struct NodeId(pub(crate) u32);

/// The nodes of all implemented modules.
#[derive(Debug, Default)]
pub(crate) struct Tree<'m> {
    /// Every node, at the place of its number; those that were taken away stay, without a parent's
    /// link to them.
    nodes: Vec<Node<'m>>,
    /// The top-level nodes, with rpcs and notifications, of each module in the order of the text.
    pub(crate) top: Vec<NodeId>,
}

/// The kinds of nodes in a schema tree (RFC 7950 section 3).
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Kind {
    Container,
    List,
    Leaf,
    LeafList,
    Choice,
    Case,
    Anydata,
    Anyxml,
    Notification,
    Rpc,
    Action,
    Input,
    Output,
    /// A structure (RFC 8791) or the contents of a data template (RFC 8040).
    Structure,
}

/// A `when` statement that holds for a node.
#[derive(Debug, Clone, Copy)]
pub(crate) struct When<'m> {
    pub(crate) statement: Statement<'m>,
    /// True if its context node is the parent data node: it stands in a uses, augment, choice or
    /// case.
    pub(crate) of_parent: bool,
}

/// A node, with the statements that define it after refinements and deviations.
#[derive(Debug)]
pub(crate) struct Node<'m> {
    pub(crate) kind: Kind,
    pub(crate) name: &'m str,
    /// The module whose namespace it is in.
    pub(crate) module: ModuleId,
    /// The statement that defines it; of a shorthand case that of its node, of an input or output
    /// that is not written that of the rpc or action.
    pub(crate) statement: Statement<'m>,
    pub(crate) parent: Option<NodeId>,
    /// Its child nodes in schema order, the keys of a list first.
    pub(crate) children: Vec<NodeId>,
    /// Its actions and notifications.
    pub(crate) operations: Vec<NodeId>,
    /// False for state data and in operations.
    pub(crate) config: bool,
    pub(crate) status: Status,
    pub(crate) description: Option<Statement<'m>>,
    pub(crate) reference: Option<Statement<'m>>,
    /// `type`, with the scope in which its name is looked up.
    pub(crate) ty: Option<Statement<'m>>,
    pub(crate) units: Option<Statement<'m>>,
    pub(crate) defaults: Vec<Statement<'m>>,
    pub(crate) mandatory: bool,
    pub(crate) presence: Option<Statement<'m>>,
    pub(crate) key: Option<Statement<'m>>,
    pub(crate) unique: Vec<Statement<'m>>,
    pub(crate) min_elements: u32,
    pub(crate) max_elements: Option<u32>,
    pub(crate) ordered_by_user: bool,
    pub(crate) must: Vec<Statement<'m>>,
    pub(crate) when: Vec<When<'m>>,
    /// Its extensions' instances.
    pub(crate) extensions: Vec<Statement<'m>>,
}

impl<'m> Tree<'m> {
    pub(crate) fn get(&self, id: NodeId) -> Option<&Node<'m>> {
        self.nodes.get(usize::try_from(id.0).ok()?)
    }

    pub(crate) fn get_mut(&mut self, id: NodeId) -> Option<&mut Node<'m>> {
        self.nodes.get_mut(usize::try_from(id.0).ok()?)
    }

    /// Adds a node without linking it to its parent's children. `None` if there are as many nodes
    /// as numbers.
    pub(crate) fn add(&mut self, node: Node<'m>) -> Option<NodeId> {
        let id = NodeId(u32::try_from(self.nodes.len()).ok()?);
        self.nodes.push(node);
        Some(id)
    }
}
