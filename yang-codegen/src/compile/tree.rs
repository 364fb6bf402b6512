//! The schema while it is compiled: its nodes, each with the statements that count for it.

use std::collections::{BTreeMap, HashMap};

use super::docs;
use crate::model::{LeafPath, QName, Status};
use crate::modules::{ModuleId, Modules};
use crate::parse::{Keyword, Statement};

/// The number of a node in its tree.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub(crate) struct NodeId(pub(crate) u32);

/// The nodes of all implemented modules.
#[derive(Debug)]
pub(crate) struct Tree<'m> {
    modules: &'m Modules,
    /// Every node, at the place of its number; those that were taken away stay, without a parent's
    /// link to them.
    nodes: Vec<Node<'m>>,
    /// The top-level nodes of each module, rpcs and notifications included.
    top: BTreeMap<ModuleId, Vec<NodeId>>,
    /// The structures and data templates of each module.
    structures: BTreeMap<ModuleId, Vec<NodeId>>,
    /// The nodes by their parents and names.
    by_name: HashMap<Name<'m>, NodeId>,
    /// The data nodes by the data nodes around them and their names.
    data: HashMap<Name<'m>, NodeId>,
}

/// The parent of a node, `None` at the top, its module, and its name.
type Name<'m> = (Option<NodeId>, ModuleId, &'m str);

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
    /// Its actions and notifications; the input and output of an rpc or action are children.
    pub(crate) operations: Vec<NodeId>,
    /// True if it is no part of the schema: a feature is off, a deviation says so, or a setting.
    pub(crate) off: bool,
    /// The first `if-feature` statement of its own.
    pub(crate) if_feature: Option<Statement<'m>>,
    /// The `config` statement that counts.
    pub(crate) config_statement: Option<Statement<'m>>,
    /// False for state data and in operations.
    pub(crate) config: bool,
    /// The status that it has from a uses or augment.
    pub(crate) status_around: Option<Status>,
    /// The status that its own statement gives.
    pub(crate) own_status: Option<Status>,
    pub(crate) status: Status,
    pub(crate) description: Option<Statement<'m>>,
    pub(crate) reference: Option<Statement<'m>>,
    /// `type`, with the scope in which its name is looked up.
    pub(crate) ty: Option<Statement<'m>>,
    pub(crate) units: Option<Statement<'m>>,
    pub(crate) defaults: Vec<Statement<'m>>,
    /// The `mandatory` statement that counts.
    pub(crate) mandatory: Option<Statement<'m>>,
    pub(crate) presence: Option<Statement<'m>>,
    pub(crate) key: Option<Statement<'m>>,
    /// True for a leaf that is a key of its list.
    pub(crate) is_key: bool,
    pub(crate) unique: Vec<Unique<'m>>,
    pub(crate) min_elements: Option<Statement<'m>>,
    pub(crate) max_elements: Option<Statement<'m>>,
    pub(crate) ordered_by: Option<Statement<'m>>,
    pub(crate) must: Vec<Statement<'m>>,
    pub(crate) when: Vec<When<'m>>,
    /// Its extensions' instances.
    pub(crate) extensions: Vec<Statement<'m>>,
}

/// A `unique` statement, with the leafs that it names once they are known.
#[derive(Debug, Clone)]
pub(crate) struct Unique<'m> {
    pub(crate) statement: Statement<'m>,
    pub(crate) leafs: Vec<NodeId>,
}

impl Kind {
    /// True for a choice or case, which are no levels of the data (RFC 7950 section 3).
    pub(crate) const fn is_hidden(self) -> bool {
        matches!(self, Self::Choice | Self::Case)
    }

    /// True for an action or notification in data, and for an rpc or notification at the top.
    pub(crate) const fn is_operation(self) -> bool {
        matches!(self, Self::Action | Self::Notification | Self::Rpc)
    }

    pub(crate) const fn as_str(self) -> &'static str {
        match self {
            Self::Container => "container",
            Self::List => "list",
            Self::Leaf => "leaf",
            Self::LeafList => "leaf-list",
            Self::Choice => "choice",
            Self::Case => "case",
            Self::Anydata => "anydata",
            Self::Anyxml => "anyxml",
            Self::Notification => "notification",
            Self::Rpc => "rpc",
            Self::Action => "action",
            Self::Input => "input",
            Self::Output => "output",
            Self::Structure => "structure",
        }
    }
}

impl<'m> Node<'m> {
    /// A node with the statements in the one that defines it.
    pub(crate) fn new(
        kind: Kind,
        name: &'m str,
        module: ModuleId,
        statement: Statement<'m>,
        parent: Option<NodeId>,
    ) -> Self {
        Self {
            kind,
            name,
            module,
            statement,
            parent,
            children: Vec::new(),
            operations: Vec::new(),
            off: false,
            if_feature: None,
            config_statement: None,
            config: true,
            status_around: None,
            own_status: None,
            status: Status::Current,
            description: None,
            reference: None,
            ty: None,
            units: None,
            defaults: Vec::new(),
            mandatory: None,
            presence: None,
            key: None,
            is_key: false,
            unique: Vec::new(),
            min_elements: None,
            max_elements: None,
            ordered_by: None,
            must: Vec::new(),
            when: Vec::new(),
            extensions: Vec::new(),
        }
    }

    /// Takes up the statements in the one that defines it.
    pub(crate) fn define(&mut self) {
        self.own_status = docs::status(self.statement);
        for statement in self.statement.children() {
            match statement.keyword() {
                Keyword::Must => self.must.push(statement),
                Keyword::Default => self.defaults.push(statement),
                Keyword::Unique => self.unique.push(Unique {
                    statement,
                    leafs: Vec::new(),
                }),
                Keyword::Extension => self.extensions.push(statement),
                Keyword::When => self.when.push(When {
                    statement,
                    of_parent: self.kind.is_hidden(),
                }),
                Keyword::IfFeature => {
                    self.if_feature.get_or_insert(statement);
                }
                keyword => {
                    if let Some(place) = self.single(keyword) {
                        *place = Some(statement);
                    }
                }
            }
        }
    }

    /// The place of a statement that a node has at most once.
    pub(crate) const fn single(&mut self, keyword: Keyword) -> Option<&mut Option<Statement<'m>>> {
        Some(match keyword {
            Keyword::Config => &mut self.config_statement,
            Keyword::Description => &mut self.description,
            Keyword::Reference => &mut self.reference,
            Keyword::Type => &mut self.ty,
            Keyword::Units => &mut self.units,
            Keyword::Mandatory => &mut self.mandatory,
            Keyword::Presence => &mut self.presence,
            Keyword::Key => &mut self.key,
            Keyword::MinElements => &mut self.min_elements,
            Keyword::MaxElements => &mut self.max_elements,
            Keyword::OrderedBy => &mut self.ordered_by,
            _ => return None,
        })
    }

    /// `mandatory true`.
    pub(crate) fn is_mandatory(&self) -> bool {
        self.mandatory
            .is_some_and(|statement| statement.argument() == "true")
    }

    /// The fewest entries of a list or leaf-list.
    pub(crate) fn fewest(&self) -> u32 {
        let written = self.min_elements.map(Statement::argument);
        written
            .and_then(|number| number.parse().ok())
            .unwrap_or_default()
    }

    /// The most entries of a list or leaf-list; `None` if unbounded.
    pub(crate) fn most(&self) -> Option<u32> {
        self.max_elements?.argument().parse().ok()
    }

    /// True if the user orders the entries, of configuration (RFC 7950 section 7.7.7).
    pub(crate) fn is_ordered_by_user(&self) -> bool {
        let by_user = self.ordered_by.is_some_and(|by| by.argument() == "user");
        by_user && self.config && matches!(self.kind, Kind::List | Kind::LeafList)
    }

    /// The names of a list's keys as written (RFC 7950 section 7.8.2).
    pub(crate) fn keys(&self) -> impl Iterator<Item = &'m str> + use<'m> {
        self.key
            .map_or("", Statement::argument)
            .split_ascii_whitespace()
    }
}

impl<'m> Tree<'m> {
    /// A tree without nodes.
    pub(crate) fn new(modules: &'m Modules) -> Self {
        Self {
            modules,
            nodes: Vec::new(),
            top: BTreeMap::new(),
            structures: BTreeMap::new(),
            by_name: HashMap::new(),
            data: HashMap::new(),
        }
    }

    /// The modules that its nodes are of.
    pub(crate) const fn modules(&self) -> &'m Modules {
        self.modules
    }

    pub(crate) fn get(&self, id: NodeId) -> Option<&Node<'m>> {
        self.nodes.get(usize::try_from(id.0).ok()?)
    }

    pub(crate) fn get_mut(&mut self, id: NodeId) -> Option<&mut Node<'m>> {
        self.nodes.get_mut(usize::try_from(id.0).ok()?)
    }

    /// The number of nodes, those that were taken away included.
    pub(crate) const fn len(&self) -> usize {
        self.nodes.len()
    }

    /// Adds a node behind those of its parent, or of its module's top. The node that has the name
    /// there already, if one has.
    pub(crate) fn add(&mut self, node: Node<'m>) -> (NodeId, Option<NodeId>) {
        let id = NodeId(u32::try_from(self.nodes.len()).unwrap_or(u32::MAX));
        let (kind, parent, module) = (node.kind, node.parent, node.module);
        let name = (parent, module, node.name);
        self.nodes.push(node);
        if kind == Kind::Structure {
            self.structures.entry(module).or_default().push(id);
            return (id, None);
        }
        match parent.and_then(|parent| self.get_mut(parent)) {
            Some(parent) if kind.is_operation() => parent.operations.push(id),
            Some(parent) => parent.children.push(id),
            None => self.top.entry(module).or_default().push(id),
        }
        let before = *self.by_name.entry(name).or_insert(id);
        (id, (before != id).then_some(before))
    }

    /// The top-level nodes of a module: data, rpcs and notifications.
    pub(crate) fn top(&self, module: ModuleId) -> &[NodeId] {
        self.top.get(&module).map_or(&[], Vec::as_slice)
    }

    /// The structures and data templates of a module.
    pub(crate) fn structures(&self, module: ModuleId) -> &[NodeId] {
        self.structures.get(&module).map_or(&[], Vec::as_slice)
    }

    /// All uppermost nodes, by modules.
    pub(crate) fn roots(&self) -> Vec<NodeId> {
        let all = self.top.values().chain(self.structures.values());
        all.flatten().copied().collect()
    }

    /// The structure of a name in a module.
    pub(crate) fn structure(&self, module: ModuleId, name: &str) -> Option<NodeId> {
        let is_it = |id: &NodeId| self.get(*id).is_some_and(|node| node.name == name);
        self.structures(module).iter().copied().find(is_it)
    }

    /// The schema node of a name in a parent, choices and cases included.
    pub(crate) fn child(
        &self,
        parent: Option<NodeId>,
        module: ModuleId,
        name: &str,
    ) -> Option<NodeId> {
        self.by_name.get(&(parent, module, name)).copied()
    }

    /// The data node of a name in a data node or structure; `None` for the top.
    pub(crate) fn data_child(
        &self,
        parent: Option<NodeId>,
        module: ModuleId,
        name: &str,
    ) -> Option<NodeId> {
        self.data.get(&(parent, module, name)).copied()
    }

    /// The data node around it, for which the input or output of an rpc or action stands if the node
    /// is in one; `None` at the top.
    pub(crate) fn data_parent(&self, id: NodeId) -> Option<NodeId> {
        let kind = |id: NodeId| self.get(id).map(|node| node.kind);
        let in_call = matches!(kind(id), Some(Kind::Input | Kind::Output));
        self.above(id).find(|above| match kind(*above) {
            Some(Kind::Rpc | Kind::Action) => !in_call,
            kind => kind.is_some_and(|kind| !kind.is_hidden()),
        })
    }

    /// The nodes around it, from the inside.
    pub(crate) fn above(&self, id: NodeId) -> impl Iterator<Item = NodeId> {
        std::iter::successors(self.parent(id), |id| self.parent(*id))
    }

    fn parent(&self, id: NodeId) -> Option<NodeId> {
        self.get(id)?.parent
    }

    /// The nodes from the top to this one, itself included.
    pub(crate) fn way(&self, id: NodeId) -> Vec<NodeId> {
        let mut way: Vec<NodeId> = std::iter::once(id).chain(self.above(id)).collect();
        way.reverse();
        way
    }

    /// The nodes right below: children, then actions and notifications.
    pub(crate) fn below(&self, id: NodeId) -> Vec<NodeId> {
        self.get(id).map_or_else(Vec::new, |node| {
            node.children
                .iter()
                .chain(&node.operations)
                .copied()
                .collect()
        })
    }

    /// A place for the top-level nodes and structures, to change them.
    pub(crate) fn root_lists(&mut self) -> impl Iterator<Item = &mut Vec<NodeId>> {
        self.top.values_mut().chain(self.structures.values_mut())
    }

    /// Lists the data nodes by name, once the tree is complete. Those whose name another node of
    /// their data parent has, with that node.
    pub(crate) fn index_data(&mut self) -> Vec<(NodeId, NodeId)> {
        let mut twice = Vec::new();
        let mut next: Vec<(NodeId, Option<NodeId>)> = Vec::new();
        next.extend(self.roots().into_iter().rev().map(|root| (root, None)));
        while let Some((id, parent)) = next.pop() {
            let Some(node) = self.get(id) else { continue };
            let (kind, name) = (node.kind, (parent, node.module, node.name));
            let around = if kind.is_hidden() { parent } else { Some(id) };
            next.extend(
                self.below(id)
                    .into_iter()
                    .rev()
                    .map(|child| (child, around)),
            );
            if kind.is_hidden() || kind == Kind::Structure {
                continue;
            }
            let before = *self.data.entry(name).or_insert(id);
            if before != id {
                twice.push((id, before));
            }
        }
        twice
    }

    /// The data node at the end of a path from a data node; an absolute path starts at the top, or
    /// at the structure that the node is in. Choices and cases are passed over.
    pub(crate) fn find(&self, start: Option<NodeId>, path: &LeafPath) -> Option<NodeId> {
        let Some(ups) = path.ups else {
            let way = start.map(|start| self.way(start)).unwrap_or_default();
            let is_structure = |id: &NodeId| {
                let node = self.get(*id);
                node.is_some_and(|node| node.kind == Kind::Structure)
            };
            let structure = way.first().copied().filter(is_structure);
            let inside = structure.and_then(|root| self.down(Some(root), &path.steps, &way));
            return inside.or_else(|| self.down(None, &path.steps, &way));
        };
        let mut at = start;
        for _ in 0..ups {
            at = self.data_parent(at?);
        }
        self.down(at, &path.steps, &[])
    }

    /// The data node below another. `from` is the way to the node that has the path: within one rpc or
    /// action, its output is seen from the output alone.
    fn down(&self, start: Option<NodeId>, steps: &[QName], from: &[NodeId]) -> Option<NodeId> {
        let mut at = start;
        for step in steps {
            let module = self.modules.by_name(&step.module)?;
            at = Some(self.data_child(self.part(at, from), module, &step.name)?);
        }
        at
    }

    /// The input of an rpc or action, or its output if that is on the way; any other node itself.
    fn part(&self, at: Option<NodeId>, from: &[NodeId]) -> Option<NodeId> {
        let node = self.get(at?)?;
        if !matches!(node.kind, Kind::Rpc | Kind::Action) {
            return at;
        }
        let mut parts = node.children.iter();
        let on_way = parts.clone().find(|part| from.contains(part));
        on_way.or_else(|| parts.next()).copied()
    }
}
