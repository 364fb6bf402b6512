//! Definitions to nodes: data definitions, choices with their shorthand cases, operations.

use std::collections::BTreeSet;
use std::rc::Rc;

use super::augment::Unconditional;
use super::tree::{Kind, Node, NodeId, Tree};
use super::uses::Amendments;
use crate::fault::Faults;
use crate::modules::{ModuleId, Modules};
use crate::parse::{Keyword, Statement, TextId};

/// The most nodes that a set of modules may have, with the uses of groupings. Tests have fewer, to see
/// what is beyond.
pub(super) const MOST_NODES: usize = if cfg!(test) { 50_000 } else { 1_000_000 };

/// The most levels of nodes and of uses in each other.
pub(super) const MOST_LEVELS: usize = 200;

/// The expansion of definitions into a tree.
pub(super) struct Expansion<'m, 'f> {
    pub(super) modules: &'m Modules,
    pub(super) tree: Tree<'m>,
    pub(super) faults: &'f mut Faults,
    /// Nodes and uses so far, in all trees.
    pub(super) size: usize,
    /// True once there were too many levels, which is told once.
    is_too_deep: bool,
    /// The groupings that were expanded.
    pub(super) used: BTreeSet<(TextId, u32)>,
    /// The refinements and augments of the uses that are being expanded.
    pub(super) amendments: Amendments<'m>,
    /// The nodes that augments of other modules add without a condition.
    pub(super) unconditional: Vec<Unconditional<'m>>,
}

/// The place where definitions are expanded.
#[derive(Clone)]
pub(super) struct At<'m> {
    /// The module whose namespace the nodes are in.
    pub(super) module: ModuleId,
    pub(super) parent: Option<NodeId>,
    /// The groupings that the place is in, the innermost first.
    pub(super) groupings: Option<Rc<Inside<'m>>>,
    /// Levels of nodes and uses so far.
    pub(super) level: usize,
    /// True where `if-feature` is ignored: in data templates (RFC 8040 section 8).
    pub(super) features_ignored: bool,
}

/// A grouping, and those around it.
pub(super) struct Inside<'m> {
    grouping: Statement<'m>,
    around: Option<Rc<Self>>,
}

impl<'m> At<'m> {
    /// The top of a module.
    pub(super) const fn top(module: ModuleId) -> Self {
        Self {
            module,
            parent: None,
            groupings: None,
            level: 0,
            features_ignored: false,
        }
    }

    /// The place in a node.
    pub(super) fn within(&self, parent: NodeId) -> Self {
        Self {
            parent: Some(parent),
            level: self.level + 1,
            ..self.clone()
        }
    }

    /// The place in a grouping that is used here; `None` if that leads into it again.
    pub(super) fn inside(&self, grouping: Statement<'m>) -> Option<Self> {
        let mut around = self.groupings.as_deref();
        while let Some(inside) = around {
            if inside.grouping == grouping {
                return None;
            }
            around = inside.around.as_deref();
        }
        Some(Self {
            level: self.level + 1,
            groupings: Some(Rc::new(Inside {
                grouping,
                around: self.groupings.clone(),
            })),
            ..self.clone()
        })
    }
}

/// The kind of node that a statement defines.
const fn kind_of(keyword: Keyword) -> Option<Kind> {
    Some(match keyword {
        Keyword::Container => Kind::Container,
        Keyword::List => Kind::List,
        Keyword::Leaf => Kind::Leaf,
        Keyword::LeafList => Kind::LeafList,
        Keyword::Choice => Kind::Choice,
        Keyword::Case => Kind::Case,
        Keyword::Anydata => Kind::Anydata,
        Keyword::Anyxml => Kind::Anyxml,
        Keyword::Notification => Kind::Notification,
        Keyword::Rpc => Kind::Rpc,
        Keyword::Action => Kind::Action,
        _ => return None,
    })
}

impl<'m, 'f> Expansion<'m, 'f> {
    pub(super) fn new(modules: &'m Modules, size: usize, faults: &'f mut Faults) -> Self {
        Self {
            modules,
            tree: Tree::new(modules),
            faults,
            size,
            is_too_deep: false,
            used: BTreeSet::new(),
            amendments: Amendments::default(),
            unconditional: Vec::new(),
        }
    }

    /// Expands the definitions among these statements: data, then actions and rpcs, then
    /// notifications. The new uppermost nodes are added to `added`.
    pub(super) fn definitions(
        &mut self,
        statements: impl Iterator<Item = Statement<'m>>,
        at: &At<'m>,
        added: &mut Vec<NodeId>,
    ) {
        let mut operations = Vec::new();
        for statement in statements {
            match statement.keyword() {
                Keyword::Uses => self.uses(statement, at, added),
                Keyword::Action | Keyword::Rpc | Keyword::Notification => {
                    operations.push(statement);
                }
                keyword => {
                    if let Some(kind) = kind_of(keyword) {
                        self.definition(kind, statement, at, added);
                    }
                }
            }
        }
        operations.sort_by_key(|operation| operation.keyword() == Keyword::Notification);
        for operation in operations {
            if let Some(kind) = kind_of(operation.keyword()) {
                self.definition(kind, operation, at, added);
            }
        }
    }

    /// Expands a definition; in a choice, that of a case or of the one node of a shorthand case (RFC
    /// 7950 section 7.9.2).
    fn definition(
        &mut self,
        kind: Kind,
        statement: Statement<'m>,
        at: &At<'m>,
        added: &mut Vec<NodeId>,
    ) {
        let parent = at.parent.and_then(|parent| self.tree.get(parent));
        let in_choice = parent.is_some_and(|parent| parent.kind == Kind::Choice);
        if in_choice && kind != Kind::Case {
            let case = Node::new(
                Kind::Case,
                statement.argument(),
                at.module,
                statement,
                at.parent,
            );
            if let Some(case) = self.add(case, at) {
                added.push(case);
                self.node(kind, statement, &at.within(case));
            }
        } else {
            added.extend(self.node(kind, statement, at));
        }
    }

    /// Adds the node of a statement, with all below it.
    fn node(&mut self, kind: Kind, statement: Statement<'m>, at: &At<'m>) -> Option<NodeId> {
        let mut node = Node::new(kind, statement.argument(), at.module, statement, at.parent);
        node.define();
        node.off = !self.is_on(statement, at);
        let id = self.add(node, at)?;
        let inside = at.within(id);
        if matches!(kind, Kind::Rpc | Kind::Action) {
            self.part(Kind::Input, statement, &inside);
            self.part(Kind::Output, statement, &inside);
        } else {
            self.definitions(statement.children(), &inside, &mut Vec::new());
        }
        Some(id)
    }

    /// Adds the input or output of an rpc or action, which has both even if they are not written (RFC
    /// 7950 section 7.14).
    fn part(&mut self, kind: Kind, call: Statement<'m>, at: &At<'m>) {
        let (keyword, name) = match kind {
            Kind::Input => (Keyword::Input, "input"),
            _ => (Keyword::Output, "output"),
        };
        let written = call.child(keyword);
        let statement = written.unwrap_or(call);
        let mut node = Node::new(kind, name, at.module, statement, at.parent);
        if written.is_some() {
            node.define();
        }
        if let Some(id) = self.add(node, at)
            && let Some(written) = written
        {
            self.definitions(written.children(), &at.within(id), &mut Vec::new());
        }
    }

    /// True if all features that a statement asks for are on.
    pub(super) fn is_on(&self, statement: Statement<'m>, at: &At<'m>) -> bool {
        at.features_ignored || self.modules.is_enabled(statement)
    }

    /// Adds a node. `None` if there are too many, or too many around it.
    pub(super) fn add(&mut self, node: Node<'m>, at: &At<'m>) -> Option<NodeId> {
        let statement = node.statement;
        self.has_room(statement, at).then_some(())?;
        let (id, namesake) = self.tree.add(node);
        if let Some(namesake) = namesake {
            super::check::namesakes(&self.tree, id, namesake, self.faults);
        }
        Some(id)
    }

    /// The tree; an empty one if it has too many nodes, so that nothing more is spent on these.
    pub(super) fn take_tree(&mut self) -> Tree<'m> {
        let tree = std::mem::replace(&mut self.tree, Tree::new(self.modules));
        if self.size < MOST_NODES {
            return tree;
        }
        Tree::new(self.modules)
    }

    /// True if another node or uses may be added. A fault, if not.
    pub(super) fn has_room(&mut self, statement: Statement<'m>, at: &At<'m>) -> bool {
        if at.level > MOST_LEVELS {
            if std::mem::replace(&mut self.is_too_deep, true) {
                return false;
            }
            self.faults.at(
                statement,
                "RFC 7950 section 4.2.2",
                format!(
                    "nodes and uses are in each other on more than {MOST_LEVELS} levels, which is \
                     more than is compiled; make fewer levels"
                ),
            );
            return false;
        }
        self.size += 1;
        if self.size == MOST_NODES {
            self.faults.at(
                statement,
                "RFC 7950 section 7.13",
                format!(
                    "the groupings expand to more than {MOST_NODES} nodes and uses, which is more \
                     than is compiled; use them fewer times"
                ),
            );
        }
        self.size < MOST_NODES
    }
}
