//! The leafs that leafrefs refer to (RFC 7950 section 9.9.2).

use super::{Base, Types};
use crate::compile::names::Meaning;
use crate::compile::tree::{Kind, NodeId, Tree};
use crate::error::most_similar;
use crate::fault::{Fault, Faults};
use crate::model::xpath::{Axis, Expr, Function, Path, Step, Test};
use crate::model::{LeafPath, LeafrefPath};
use crate::parse::Statement;
use crate::xpath;

/// The most leafrefs in a chain.
pub(super) const MOST_LEAFREFS: usize = 64;

const SECTION: &str = "RFC 7950 section 9.9.2";

impl<'m> Types<'m> {
    /// The path of a leafref of a node, with its names resolved.
    pub(super) fn path(
        &self,
        tree: &Tree<'m>,
        node: Option<NodeId>,
        path: Statement<'m>,
    ) -> Result<LeafrefPath, Box<Fault>> {
        let current = node.and_then(|node| tree.get(node)).map(|node| node.module);
        let parsed = match Meaning::new(self.modules, current, path) {
            Some(names) => xpath::leafref(path.argument(), &names).map_err(|reason| reason.0),
            None => Err("the module of the text could not be loaded".to_owned()),
        };
        parsed.map_err(|reason| Box::new(Fault::of(path, SECTION, reason)))
    }

    /// The leaf or leaf-list at the end of a leafref's path, which starts at `node` unless it is
    /// absolute.
    pub(super) fn target(
        &self,
        tree: &Tree<'m>,
        node: Option<NodeId>,
        path: Statement<'m>,
        resolved: &LeafrefPath,
    ) -> Result<NodeId, Box<Fault>> {
        let walk = Walk {
            types: self,
            tree,
            node,
            depth: 0,
        };
        let found = match resolved {
            LeafrefPath::Plain(plain) => walk.plain(node, plain),
            LeafrefPath::Expr { expr, .. } => walk.expr(expr),
        };
        let target = found.map_err(|(message, nearest)| {
            Box::new(Fault::of(path, SECTION, message).nearest(nearest))
        })?;
        let kind = tree.get(target).map(|target| target.kind);
        if matches!(kind, Some(Kind::Leaf | Kind::LeafList)) {
            return Ok(target);
        }
        let message = "the path leads to no leaf; lead it to a leaf or leaf-list";
        Err(Box::new(Fault::of(path, SECTION, message)))
    }
}

/// The way along one path.
struct Walk<'w, 'm> {
    types: &'w Types<'m>,
    tree: &'w Tree<'m>,
    /// The leaf that has the path.
    node: Option<NodeId>,
    /// The number of `deref()` that were followed to come here.
    depth: usize,
}

/// The reason that a path leads nowhere, and the name that was likely meant.
type Nowhere = (String, Option<String>);

impl Walk<'_, '_> {
    fn expr(&self, expr: &Expr) -> Result<NodeId, Nowhere> {
        match expr {
            Expr::Path(Path { absolute, steps }) => self.steps(self.node, *absolute, steps),
            Expr::Filter { of, steps, .. } => match &**of {
                Expr::Call(Function::Current, _) => self.steps(self.node, false, steps),
                Expr::Call(Function::Deref, arguments) => {
                    let leaf = arguments.first().map(|leaf| self.expr(leaf));
                    let target = self.deref(leaf.ok_or_else(not_plain)??)?;
                    self.steps(Some(target), false, steps)
                }
                _ => Err(not_plain()),
            },
            _ => Err(not_plain()),
        }
    }

    /// Follows the steps without their predicates.
    fn steps(
        &self,
        start: Option<NodeId>,
        absolute: bool,
        steps: &[Step],
    ) -> Result<NodeId, Nowhere> {
        let goes_up = |step: &&Step| (step.axis, &step.test) == (Axis::Parent, &Test::Node);
        let ups = steps.iter().take_while(goes_up).count();
        let down = steps.iter().skip(ups).map(|step| match step {
            Step {
                axis: Axis::Child,
                test: Test::Name(name),
                ..
            } => Some(name.clone()),
            _ => None,
        });
        let path = LeafPath {
            ups: (!absolute).then_some(ups),
            steps: down.collect::<Option<_>>().ok_or_else(not_plain)?,
        };
        self.plain(start, &path)
    }

    fn plain(&self, start: Option<NodeId>, path: &LeafPath) -> Result<NodeId, Nowhere> {
        if path.ups.is_some() && start.is_none() {
            let message =
                "the path starts at a node, and there is none here; start it with a slash";
            return Err((message.to_owned(), None));
        }
        let find = |path: &LeafPath| self.tree.find(start, path);
        find(path).ok_or_else(|| self.nowhere(path, &find))
    }

    /// The first step of a path that leads nowhere.
    fn nowhere(&self, path: &LeafPath, find: &dyn Fn(&LeafPath) -> Option<NodeId>) -> Nowhere {
        let mut reached = path.clone();
        while let Some(step) = reached.steps.pop() {
            let around = find(&reached);
            let is_start = reached.steps.is_empty();
            if around.is_none() && !is_start {
                continue;
            }
            let names = match around {
                Some(around) => self.names(self.tree.below(around)),
                None => self.names(self.tops(&step.module)),
            };
            let message = format!(
                "no node is where the step {}:{} leads; name one that is there",
                step.module, step.name
            );
            return (message, most_similar(&step.name, names.into_iter()));
        }
        not_plain()
    }

    fn tops(&self, module: &str) -> Vec<NodeId> {
        let module = self.types.modules.by_name(module);
        module.map_or_else(Vec::new, |module| self.tree.top(module).to_vec())
    }

    /// The names of data nodes among these nodes, and of those in choices among them.
    fn names(&self, mut level: Vec<NodeId>) -> Vec<&str> {
        let mut names = Vec::new();
        while let Some(id) = level.pop() {
            match self.tree.get(id) {
                Some(node) if node.kind.is_hidden() => level.extend(&node.children),
                Some(node) => names.push(node.name),
                None => {}
            }
        }
        names
    }

    /// The leaf that a leafref refers to.
    fn deref(&self, leaf: NodeId) -> Result<NodeId, Nowhere> {
        let resolved = self.tree.get(leaf).and_then(|leaf| {
            let ty = self.types.of(leaf.ty?, &mut Faults::default())?;
            match ty.base {
                Base::Leafref { path, .. } => Some(path),
                _ => None,
            }
        });
        let path = resolved.filter(|_| self.depth < MOST_LEAFREFS);
        let path = path.ok_or_else(|| {
            let message = "deref() needs a leafref; give it the path of one";
            (message.to_owned(), None)
        })?;
        let told = |fault: Box<Fault>| (fault.message, fault.nearest);
        let resolved = self.types.path(self.tree, Some(leaf), path).map_err(told)?;
        let inner = Walk {
            node: Some(leaf),
            depth: self.depth + 1,
            ..*self
        };
        match &resolved {
            LeafrefPath::Plain(plain) => inner.plain(Some(leaf), plain),
            LeafrefPath::Expr { expr, .. } => inner.expr(expr),
        }
    }
}

fn not_plain() -> Nowhere {
    let message = "only steps to parents and then to named children lead to a leaf that is known; \
                   write such a path";
    (message.to_owned(), None)
}
