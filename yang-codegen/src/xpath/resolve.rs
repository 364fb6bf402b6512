//! Follows the location paths of a model in its schema, and reports names that the schema lacks.

use crate::model::xpath::{Axis, Expr, Function, Path, Step, Test};
use crate::model::{LeafPath, LeafrefPath, Model, Node, NodeKind, Operation, QName, Type, When};

/// A name in an expression that the schema does not have.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(crate) enum Missing {
    /// A step that leads to no node, so that its path is always an empty set.
    Node(String),
    /// An identity from which nothing is derived.
    Identity(String),
}

/// An expression with a name that the schema does not have.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(crate) struct Nowhere {
    /// The node that has the expression: the names from the top.
    pub(crate) node: Vec<QName>,
    /// `must`, `when` or `path`.
    pub(crate) keyword: &'static str,
    /// The expression as written.
    pub(crate) source: String,
    /// The name.
    pub(crate) missing: Missing,
}

/// The names in a model's expressions that the schema lacks, once an expression, at its first node.
pub(crate) fn nowhere(model: &Model) -> Vec<Nowhere> {
    let schema = Schema::new(model);
    let mut found: Vec<Nowhere> = Vec::new();
    for at in 0..schema.entries.len() {
        for (keyword, source, missing) in schema.check(at) {
            for missing in missing {
                let known = |other: &Nowhere| {
                    (other.keyword, &*other.source, &other.missing) == (keyword, source, &missing)
                };
                if !found.iter().any(known) {
                    found.push(Nowhere {
                        node: schema.path(at),
                        keyword,
                        source: source.to_owned(),
                        missing,
                    });
                }
            }
        }
    }
    found
}

/// The data nodes of a model, the root first.
struct Schema<'m> {
    entries: Vec<Entry<'m>>,
}

struct Entry<'m> {
    /// `None` for the root.
    node: Option<&'m Node>,
    parent: usize,
    children: Vec<usize>,
    /// The conditions of the choices and cases in it.
    conditions: Vec<&'m When>,
}

const ROOT: usize = 0;

/// The value of an expression.
#[derive(Clone)]
enum Nodes {
    /// Instances of these nodes, in rising order; none if the value is no set of nodes.
    Of(Vec<usize>),
    /// Nodes that only the data can tell.
    Unknown,
}

impl Nodes {
    const NONE: Self = Self::Of(Vec::new());
}

/// The evaluation of one expression.
struct Evaluation<'s, 'm> {
    schema: &'s Schema<'m>,
    /// The node that `current()` gives.
    current: usize,
    /// True if only configuration is accessible (RFC 7950 section 6.4.1).
    config: bool,
    /// The number of leafrefs that are being followed.
    derefs: usize,
    /// The names that the schema lacks.
    missing: Vec<Missing>,
}

/// The longest chain of leafrefs that is followed.
const MOST_DEREFS: usize = 8;

impl<'m> Schema<'m> {
    fn new(model: &'m Model) -> Self {
        let mut schema = Self {
            entries: vec![Entry {
                node: None,
                parent: ROOT,
                children: Vec::new(),
                conditions: Vec::new(),
            }],
        };
        for module in &model.modules {
            schema.add(ROOT, &module.roots);
            schema.add_operations(ROOT, &module.operations);
        }
        schema
    }

    fn add(&mut self, parent: usize, nodes: &'m [Node]) {
        for node in nodes {
            self.add_node(parent, node);
        }
    }

    fn add_operations(&mut self, parent: usize, operations: &'m [Operation]) {
        for node in operations.iter().flat_map(Operation::parts) {
            self.add_node(parent, node);
        }
    }

    fn add_node(&mut self, parent: usize, node: &'m Node) {
        if node.is_hidden() {
            if let Some(parent) = self.entries.get_mut(parent) {
                parent.conditions.extend(&node.rules.when);
            }
            return self.add(parent, node.children());
        }
        let at = self.entries.len();
        self.entries.push(Entry {
            node: Some(node),
            parent,
            children: Vec::new(),
            conditions: Vec::new(),
        });
        if let Some(parent) = self.entries.get_mut(parent) {
            parent.children.push(at);
        }
        self.add(at, node.children());
        self.add_operations(at, &node.operations);
    }

    fn node(&self, at: usize) -> Option<&'m Node> {
        self.entries.get(at)?.node
    }

    fn parent(&self, at: usize) -> Option<usize> {
        let entry = self.entries.get(at)?;
        entry.node.map(|_| entry.parent)
    }

    fn children(&self, at: usize) -> &[usize] {
        self.entries.get(at).map_or(&[], |entry| &entry.children)
    }

    fn conditions(&self, at: usize) -> &[&'m When] {
        self.entries.get(at).map_or(&[], |entry| &entry.conditions)
    }

    fn path(&self, at: usize) -> Vec<QName> {
        let mut path = self.parent(at).map_or(Vec::new(), |up| self.path(up));
        path.extend(self.node(at).map(|node| QName {
            module: node.module.clone(),
            name: node.name.clone(),
        }));
        path
    }

    fn descendants(&self, at: usize, found: &mut Vec<usize>) {
        for &child in self.children(at) {
            found.push(child);
            self.descendants(child, found);
        }
    }

    fn ancestors(&self, at: usize) -> impl Iterator<Item = usize> {
        std::iter::successors(self.parent(at), |&up| self.parent(up))
    }

    /// The expressions of a node, each with its statement and the names that the schema lacks.
    fn check(&self, at: usize) -> Vec<(&'static str, &'m str, Vec<Missing>)> {
        let mut found = Vec::new();
        for when in self.conditions(at) {
            found.push(("when", &*when.source, self.missing(at, &when.expr)));
        }
        let Some(node) = self.node(at) else {
            return found;
        };
        for when in &node.rules.when {
            let context = if when.of_parent {
                self.parent(at)
            } else {
                None
            };
            let missing = self.missing(context.unwrap_or(at), &when.expr);
            found.push(("when", &*when.source, missing));
        }
        for must in &node.rules.must {
            found.push(("must", &*must.source, self.missing(at, &must.expr)));
        }
        if let NodeKind::Leaf { ty, .. } | NodeKind::LeafList { ty, .. } = &node.kind {
            let mut paths = Vec::new();
            leafref_paths(&ty.ty, &mut paths);
            for (source, expr) in paths {
                found.push(("path", source, self.missing(at, expr)));
            }
        }
        found
    }

    fn missing(&self, context: usize, expr: &Expr) -> Vec<Missing> {
        let mut evaluation = Evaluation {
            schema: self,
            current: context,
            config: self.node(context).is_none_or(|node| node.config),
            derefs: 0,
            missing: Vec::new(),
        };
        evaluation.expr(expr, &Nodes::Of(vec![context]));
        evaluation.missing
    }
}

/// The paths of a type that are expressions.
fn leafref_paths<'m>(ty: &'m Type, paths: &mut Vec<(&'m str, &'m Expr)>) {
    match ty {
        Type::LeafRef {
            path: LeafrefPath::Expr { source, expr },
            ..
        } => paths.push((source, expr)),
        Type::Union(members) => {
            for member in members {
                leafref_paths(&member.ty, paths);
            }
        }
        _ => {}
    }
}

impl Evaluation<'_, '_> {
    fn expr(&mut self, expr: &Expr, context: &Nodes) -> Nodes {
        match expr {
            Expr::Path(Path { absolute, steps }) => {
                let root = Nodes::Of(vec![ROOT]);
                self.steps(steps, if *absolute { &root } else { context })
            }
            Expr::Filter {
                of,
                predicates,
                steps,
            } => {
                let nodes = self.expr(of, context);
                self.predicates(predicates, &nodes);
                self.steps(steps, &nodes)
            }
            Expr::Union(one, other) => match (self.expr(one, context), self.expr(other, context)) {
                (Nodes::Of(one), Nodes::Of(other)) => sorted([one, other].concat()),
                _ => Nodes::Unknown,
            },
            Expr::Or(one, other)
            | Expr::And(one, other)
            | Expr::Compare(_, one, other)
            | Expr::Arithmetic(_, one, other) => {
                self.expr(one, context);
                self.expr(other, context);
                Nodes::NONE
            }
            Expr::Negate(of) => {
                self.expr(of, context);
                Nodes::NONE
            }
            Expr::Literal { .. } | Expr::Number(_) => Nodes::NONE,
            Expr::Call(function, arguments) => self.call(function, arguments, context),
        }
    }

    fn call(&mut self, function: &Function, arguments: &[Expr], context: &Nodes) -> Nodes {
        if let Function::DerivedFromNothing(QName { module, name }) = function {
            let identity = format!("{module}:{name}");
            self.missing.push(Missing::Identity(identity));
        }
        let values: Vec<Nodes> = arguments
            .iter()
            .map(|argument| self.expr(argument, context))
            .collect();
        match (function, values.into_iter().next()) {
            (Function::Current, _) => Nodes::Of(vec![self.current]),
            (Function::Deref, Some(Nodes::Of(leafs))) => self.deref(&leafs),
            (Function::Deref | Function::Id, _) => Nodes::Unknown,
            _ => Nodes::NONE,
        }
    }

    fn predicates(&mut self, predicates: &[Expr], nodes: &Nodes) {
        if matches!(nodes, Nodes::Of(nodes) if nodes.is_empty()) {
            return;
        }
        for predicate in predicates {
            self.expr(predicate, nodes);
        }
    }

    fn steps(&mut self, steps: &[Step], from: &Nodes) -> Nodes {
        let mut nodes = from.clone();
        for step in steps {
            let Nodes::Of(starts) = &nodes else {
                self.predicates(&step.predicates, &Nodes::Unknown);
                continue;
            };
            let reached = self.step(step, starts);
            if let (Some(name), Nodes::Of(reached)) = (name_of(&step.test), &reached)
                && reached.is_empty()
                && !starts.is_empty()
            {
                self.missing.push(Missing::Node(name));
            }
            self.predicates(&step.predicates, &reached);
            nodes = reached;
        }
        nodes
    }

    fn step(&self, step: &Step, from: &[usize]) -> Nodes {
        let mut reached = Vec::new();
        for &at in from {
            self.axis(step.axis, at, &mut reached);
        }
        let is_taken = |&at: &usize| match (self.schema.node(at), &step.test) {
            (Some(node), _) if self.config && !node.config => false,
            (_, Test::Node) | (Some(_), Test::Any) => true,
            (Some(node), Test::Name(QName { module, name })) => {
                node.module == *module && node.name == *name
            }
            (Some(node), Test::Module(module)) => node.module == *module,
            (None, _) | (Some(_), Test::Text | Test::Nothing) => false,
        };
        reached.retain(is_taken);
        match (step.axis, &step.test) {
            // Annotations and texts are no nodes of the schema.
            (Axis::Attribute, _) | (_, Test::Text) => Nodes::Unknown,
            _ => sorted(reached),
        }
    }

    fn axis(&self, axis: Axis, at: usize, reached: &mut Vec<usize>) {
        let schema = self.schema;
        if matches!(
            axis,
            Axis::Itself | Axis::DescendantOrSelf | Axis::AncestorOrSelf
        ) {
            reached.push(at);
        }
        match axis {
            Axis::Child => reached.extend(schema.children(at)),
            Axis::Parent => reached.extend(schema.parent(at)),
            Axis::Descendant | Axis::DescendantOrSelf => schema.descendants(at, reached),
            Axis::Ancestor | Axis::AncestorOrSelf => reached.extend(schema.ancestors(at)),
            Axis::FollowingSibling | Axis::PrecedingSibling => {
                reached.extend(schema.parent(at).map_or(&[][..], |up| schema.children(up)));
            }
            Axis::Following | Axis::Preceding => reached.extend(1..schema.entries.len()),
            Axis::Itself | Axis::Attribute => {}
        }
    }

    /// The leafs that leafrefs refer to.
    fn deref(&mut self, leafs: &[usize]) -> Nodes {
        let mut found = Vec::new();
        for &leaf in leafs {
            match self.target(leaf) {
                Nodes::Of(targets) => found.extend(targets),
                Nodes::Unknown => return Nodes::Unknown,
            }
        }
        sorted(found)
    }

    fn target(&self, leaf: usize) -> Nodes {
        let ty = match self.schema.node(leaf).map(|node| &node.kind) {
            Some(NodeKind::Leaf { ty, .. } | NodeKind::LeafList { ty, .. }) => &ty.ty,
            _ => return Nodes::NONE,
        };
        let mut inner = Evaluation {
            current: leaf,
            derefs: self.derefs + 1,
            missing: Vec::new(),
            ..*self
        };
        match ty {
            Type::LeafRef { .. } if self.derefs >= MOST_DEREFS => Nodes::Unknown,
            Type::LeafRef { path, .. } => match path {
                LeafrefPath::Plain(path) => inner.plain(path, leaf),
                LeafrefPath::Expr { expr, .. } => inner.expr(expr, &Nodes::Of(vec![leaf])),
            },
            Type::InstanceIdentifier { .. } | Type::Union(_) => Nodes::Unknown,
            _ => Nodes::NONE,
        }
    }

    fn plain(&self, path: &LeafPath, leaf: usize) -> Nodes {
        let start = match path.ups {
            None => Some(ROOT),
            Some(0) => Some(leaf),
            Some(ups) => self.schema.ancestors(leaf).nth(ups - 1),
        };
        let mut nodes: Vec<usize> = start.into_iter().collect();
        for name in &path.steps {
            let step = Step {
                axis: Axis::Child,
                test: Test::Name(name.clone()),
                predicates: Vec::new(),
            };
            match self.step(&step, &nodes) {
                Nodes::Of(reached) => nodes = reached,
                Nodes::Unknown => return Nodes::Unknown,
            }
        }
        Nodes::Of(nodes)
    }
}

fn sorted(mut nodes: Vec<usize>) -> Nodes {
    nodes.sort_unstable();
    nodes.dedup();
    Nodes::Of(nodes)
}

/// The name that a test asks for.
fn name_of(test: &Test) -> Option<String> {
    match test {
        Test::Name(name) => Some(format!("{}:{}", name.module, name.name)),
        Test::Module(module) => Some(format!("{module}:*")),
        _ => None,
    }
}
