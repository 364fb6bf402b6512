//! Notifications, rpcs and actions as documents: the operation, with the data around it if it is
//! nested in data (RFC 7950 sections 7.14 to 7.16).

use std::sync::Arc;

use crate::annotation::Annotations;
use crate::fault::{InstancePath, Step};
use crate::schema;
use crate::tree::{Child, Entries, Node};

/// A decoded and valid operation: a notification, the input of an rpc or action, or its output.
#[derive(Debug)]
pub struct Operation {
    top: Level,
    annotations: Annotations,
}

/// A turn of the way from the top to the operation: the child that a level leads on to.
#[derive(Debug)]
pub(crate) struct Turn {
    /// The index of the child.
    pub(crate) index: usize,
    /// The one of its instances, from 0.
    pub(crate) ordinal: usize,
    /// For each child, true if the document has it.
    pub(crate) present: Vec<bool>,
}

/// A node around the operation. Members that the document lacks are absent, even if the generated
/// type has a field for them that cannot be empty.
#[derive(Debug)]
struct Level {
    data: Arc<dyn Node>,
    /// The turns of all levels.
    way: Arc<[Turn]>,
    /// The level, from 0 at the top.
    depth: usize,
    below: Below,
}

/// The next part of the way below a level.
#[derive(Debug)]
enum Below {
    Level(Box<Level>),
    Operation(Box<dyn Node>),
}

impl Operation {
    /// The `operation` at the end of `way` in `data`.
    pub(crate) fn new(data: Box<dyn Node>, way: Vec<Turn>, operation: Box<dyn Node>) -> Self {
        let (data, way): (Arc<dyn Node>, Arc<[Turn]>) = (data.into(), way.into());
        let level = |depth: usize, below| Level {
            data: Arc::clone(&data),
            way: Arc::clone(&way),
            depth,
            below,
        };
        let innermost = way.len().saturating_sub(1);
        let mut top = level(innermost, Below::Operation(operation));
        for depth in (0..innermost).rev() {
            top = level(depth, Below::Level(Box::new(top)));
        }
        Self {
            top,
            annotations: Annotations::default(),
        }
    }

    pub(crate) fn with_annotations(self, annotations: Annotations) -> Self {
        Self {
            annotations,
            ..self
        }
    }

    /// The annotations beside the document's data (RFC 7952).
    #[must_use]
    pub const fn annotations(&self) -> &Annotations {
        &self.annotations
    }

    /// The whole document: the top of the data around the operation.
    #[must_use]
    pub fn root(&self) -> &dyn Node {
        &self.top
    }

    /// The operation itself.
    #[must_use]
    pub fn node(&self) -> &dyn Node {
        self.levels().1
    }

    /// The operation as the generated type `T`, if it is one.
    #[must_use]
    pub fn downcast_ref<T: Node>(&self) -> Option<&T> {
        self.node().downcast_ref()
    }

    /// The path of the operation.
    #[must_use]
    pub fn path(&self) -> InstancePath {
        let (around, node) = self.levels();
        let mut path = InstancePath::default();
        path.push_outer(Step::plain(node.schema().qualified_name()));
        let nodes = around.iter().filter(|(node, _)| !node.schema().is_data());
        for (node, ordinal) in nodes.rev() {
            path.push_outer(node.step(ordinal + 1));
        }
        path
    }

    /// The nodes around the operation, from the top, each with its ordinal; and the operation.
    pub(crate) fn levels(&self) -> (Vec<(&dyn Node, usize)>, &dyn Node) {
        let mut around: Vec<(&dyn Node, usize)> = vec![(&self.top, 0)];
        let mut level = &self.top;
        loop {
            match &level.below {
                Below::Operation(operation) => return (around, &**operation),
                Below::Level(below) => {
                    around.push((&**below, level.turn().map_or(0, |turn| turn.ordinal)));
                    level = below;
                }
            }
        }
    }
}

impl Level {
    fn turn(&self) -> Option<&Turn> {
        self.way.get(self.depth)
    }

    /// The node as it was read.
    fn own(&self) -> Option<&dyn Node> {
        let mut node = &*self.data;
        for turn in self.way.iter().take(self.depth) {
            node = match node.child(turn.index) {
                Child::Node(below) => below,
                Child::Entries(entries) => entries.get(turn.ordinal)?,
                _ => return None,
            };
        }
        Some(node)
    }

    /// The entries of the list that the way goes through.
    fn entries(&self) -> Option<&dyn Entries> {
        match self.own()?.child(self.turn()?.index) {
            Child::Entries(entries) => Some(entries),
            _ => None,
        }
    }
}

impl Node for Level {
    fn schema(&self) -> &schema::Node<'_> {
        let turns = self.way.iter().take(self.depth);
        turns.fold(self.data.schema(), |schema, turn| {
            schema.children().get(turn.index).unwrap_or(schema)
        })
    }

    fn child(&self, index: usize) -> Child<'_> {
        let Some(turn) = self.turn() else {
            return Child::None;
        };
        match (&self.below, self.schema().children().get(index)) {
            (Below::Level(below), Some(child)) if turn.index == index => {
                if child.repeats() {
                    Child::Entries(self)
                } else {
                    Child::Node(&**below)
                }
            }
            _ if turn.present.get(index) == Some(&true) => {
                self.own().map_or(Child::None, |own| own.child(index))
            }
            _ => Child::None,
        }
    }

    fn operation(&self) -> Option<&dyn Node> {
        match &self.below {
            Below::Operation(operation) => Some(&**operation),
            Below::Level(_) => None,
        }
    }
}

/// The entries of the list that the way goes through.
impl Entries for Level {
    fn len(&self) -> usize {
        self.entries().map_or(0, Entries::len)
    }

    fn get(&self, index: usize) -> Option<&dyn Node> {
        match &self.below {
            Below::Level(below) if self.turn()?.ordinal == index => Some(&**below),
            _ => self.entries()?.get(index),
        }
    }
}
