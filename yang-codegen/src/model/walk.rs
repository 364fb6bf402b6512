//! Walks down a model: the children of nodes, and the parts of operations.

use super::{Call, Model, Node, NodeKind, Operation};

impl Model {
    /// The number of data nodes, those of operations included.
    #[must_use]
    pub fn count(&self) -> usize {
        let nodes = |module: &super::Module| {
            let roots = module.roots.iter().map(Node::count);
            let operations = module.operations.iter().flat_map(Operation::parts);
            roots.chain(operations.map(Node::count)).sum::<usize>()
        };
        self.modules.iter().map(nodes).sum()
    }
}

impl Node {
    /// Its child nodes in schema order; the cases of a choice. Leafs and anydata have none.
    #[must_use]
    pub fn children(&self) -> &[Self] {
        match &self.kind {
            NodeKind::Container { children, .. }
            | NodeKind::List { children, .. }
            | NodeKind::Choice {
                cases: children, ..
            }
            | NodeKind::Case { children }
            | NodeKind::Notification { children }
            | NodeKind::Input { children }
            | NodeKind::Output { children } => children,
            NodeKind::Leaf { .. } | NodeKind::LeafList { .. } | NodeKind::Any { .. } => &[],
        }
    }

    /// [`children`](Self::children), mutable.
    pub fn children_mut(&mut self) -> &mut [Self] {
        match &mut self.kind {
            NodeKind::Container { children, .. }
            | NodeKind::List { children, .. }
            | NodeKind::Choice {
                cases: children, ..
            }
            | NodeKind::Case { children }
            | NodeKind::Notification { children }
            | NodeKind::Input { children }
            | NodeKind::Output { children } => children,
            NodeKind::Leaf { .. } | NodeKind::LeafList { .. } | NodeKind::Any { .. } => &mut [],
        }
    }

    /// True for a choice or a case. They are no data nodes (RFC 7950 section 3): their children
    /// belong to the data node around them.
    #[must_use]
    pub const fn is_hidden(&self) -> bool {
        matches!(self.kind, NodeKind::Choice { .. } | NodeKind::Case { .. })
    }

    /// The number of data nodes in it, itself and its operations included.
    fn count(&self) -> usize {
        let below = self.children().iter();
        let operations = self.operations.iter().flat_map(Operation::parts);
        let below: usize = below.chain(operations).map(Self::count).sum();
        usize::from(!self.is_hidden()) + below
    }
}

impl Operation {
    /// The notification, or the input, which bears the operation's name as well.
    #[must_use]
    pub const fn node(&self) -> &Node {
        match self {
            Self::Notification(node) => node,
            Self::Rpc(call) | Self::Action(call) => &call.input,
        }
    }

    /// The notification, or the input and the output.
    pub fn parts(&self) -> impl Iterator<Item = &Node> {
        let (first, second) = match self {
            Self::Notification(node) => (node, None),
            Self::Rpc(Call { input, output }) | Self::Action(Call { input, output }) => {
                (input, Some(output))
            }
        };
        std::iter::once(first).chain(second)
    }

    /// [`parts`](Self::parts), mutable.
    pub fn parts_mut(&mut self) -> impl Iterator<Item = &mut Node> {
        let (first, second) = match self {
            Self::Notification(node) => (node, None),
            Self::Rpc(Call { input, output }) | Self::Action(Call { input, output }) => {
                (input, Some(output))
            }
        };
        std::iter::once(first).chain(second)
    }
}
