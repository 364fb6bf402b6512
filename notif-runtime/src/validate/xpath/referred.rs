//! The nodes that leafrefs and instance-identifiers refer to (RFC 7950 sections 9.9 and 9.13).

use super::object::{Nodes, Ref};
use super::{Evaluation, Stop};
use crate::fault::{InstancePath, Predicate, Step};
use crate::schema::{LeafPath, LeafrefPath, Module, Node, Type};
use crate::validate::accessible::{ROOT, Tree};
use crate::validate::report::Place;

impl<'a> Evaluation<'_, 'a> {
    /// The nodes that the value of a leaf refers to; none of another type.
    pub(super) fn referred(&self, node: Ref) -> Result<Nodes, Stop> {
        let Some(leaf) = self.leaf(node) else {
            return Ok(Nodes::EMPTY);
        };
        if let Type::LeafRef { path, .. } = leaf.ty {
            return self.targets(node.at, path, &leaf.text());
        }
        Ok(match leaf.identifier(|| self.modules()) {
            Some(identifier) => self
                .named(identifier.path())?
                .map_or(Nodes::EMPTY, Nodes::from),
            None => Nodes::EMPTY,
        })
    }

    /// The modules whose nodes are at the top of the tree.
    fn modules(&self) -> Vec<&'static Module> {
        let top = match self.tree.schema(ROOT) {
            Some(data) => data.children(),
            // The root of one message.
            None => self
                .tree
                .schema(ROOT + 1)
                .map_or(&[][..], std::slice::from_ref),
        };
        let mut modules: Vec<&'static Module> = Vec::new();
        for node in top {
            if !modules
                .iter()
                .any(|known| std::ptr::eq(*known, node.module))
            {
                modules.push(node.module);
            }
        }
        modules
    }

    /// The leafs with the text `text` that the path of a leafref at `from` leads to.
    pub(in crate::validate) fn targets(
        &self,
        from: usize,
        path: &'a LeafrefPath<'a>,
        text: &str,
    ) -> Result<Nodes, Stop> {
        let found = match path {
            LeafrefPath::Plain(path) => return self.plain_targets(from, path, text),
            LeafrefPath::Expr { expr, .. } => Evaluation::new(self.tree, from)
                .with_config(false)
                .with_unresolved(self.eager)
                .nodes_of(expr)?,
        };
        self.with_text(found.iter().copied(), text)
    }

    fn plain_targets(
        &self,
        from: usize,
        path: &'a LeafPath<'a>,
        text: &str,
    ) -> Result<Nodes, Stop> {
        let start = match path.ups {
            Some(ups) => (0..ups).fold(from, |at, _| self.tree.parent(at)),
            None => ROOT,
        };
        let Some((leaf, way)) = path.steps.split_last() else {
            return Ok(Nodes::EMPTY);
        };
        let Some((last, way)) = way.split_last() else {
            let leafs = self.instances(start, leaf)?;
            return self.with_text(leafs.into_iter().map(Ref::node), text);
        };
        let mut parents = vec![start];
        for name in way {
            let mut below = Vec::new();
            for parent in parents {
                below.extend(self.instances(parent, name)?);
            }
            parents = below;
        }
        let mut found = Vec::new();
        for parent in parents {
            found.extend_from_slice(&self.leafs_below(parent, last, leaf, text)?);
        }
        Ok(Nodes::sorted(found))
    }

    /// The leafs with a text in the children called `name` of a node.
    fn leafs_below(
        &self,
        parent: usize,
        name: &str,
        leaf: &str,
        text: &str,
    ) -> Result<Nodes, Stop> {
        let list = self
            .tree
            .schema(parent)
            .and_then(|schema| child(schema, name));
        let below = list.and_then(|list| Some((list, child(list, leaf)?)));
        if let Some((list, leaf)) = below
            && list.repeats()
            && !leaf.repeats()
            && let Some(index) = self.index(parent, list, &[leaf])?
        {
            let entries = index.get(&[text.to_owned()][..]).into_iter().flatten();
            let mut found = Vec::new();
            for entry in entries {
                found.extend(self.only(*entry, leaf)?.map(Ref::node));
            }
            return Ok(Nodes::Own(found));
        }
        let mut found = Vec::new();
        for at in self.instances(parent, name)? {
            let leafs = self.instances(at, leaf)?;
            found.extend_from_slice(&self.with_text(leafs.into_iter().map(Ref::node), text)?);
        }
        Ok(Nodes::Own(found))
    }

    fn with_text(&self, nodes: impl Iterator<Item = Ref>, text: &str) -> Result<Nodes, Stop> {
        let mut found = Vec::new();
        for node in nodes {
            if self.node_text(node)? == text {
                found.push(node);
            }
        }
        Ok(Nodes::Own(found))
    }

    /// The children of a node with this name.
    fn instances(&self, parent: usize, name: &str) -> Result<Vec<usize>, Stop> {
        let mut found = Vec::new();
        for at in self.tree.children(parent) {
            self.spend(1)?;
            if self.is_called(at, name) {
                found.push(at);
            }
        }
        Ok(found)
    }

    fn is_called(&self, at: usize, name: &str) -> bool {
        self.tree.get(at).is_some_and(|item| {
            item.state.is_there() && item.schema.is_some_and(|schema| is_called(schema, name))
        })
    }

    /// The node that an instance-identifier names.
    pub(in crate::validate) fn named(&self, path: &InstancePath) -> Result<Option<Ref>, Stop> {
        let mut at = ROOT;
        for step in path.steps() {
            let Some(next) = self.instance(at, step)? else {
                return Ok(None);
            };
            at = next;
        }
        Ok((at != ROOT).then_some(Ref::node(at)))
    }

    /// The child that a step of an instance-identifier names.
    fn instance(&self, parent: usize, step: &Step) -> Result<Option<usize>, Stop> {
        let schema = self.tree.schema(parent);
        let Some(named) = schema.and_then(|schema| child(schema, &step.name)) else {
            // The root of a message, or an operation, is no child in the schema.
            return Ok(self.instances(parent, &step.name)?.first().copied());
        };
        let (leafs, texts, position): (Vec<&'a Node<'a>>, Vec<String>, usize) =
            match &step.predicate {
                Predicate::Keys(keys) => {
                    let keys = keys.iter();
                    let leafs =
                        keys.filter_map(|(key, text)| Some((child(named, key)?, text.to_string())));
                    let (leafs, texts) = leafs.unzip();
                    (leafs, texts, 1)
                }
                Predicate::Value(value) => (vec![named], vec![value.to_string()], 1),
                Predicate::Position(position) => (Vec::new(), Vec::new(), *position),
                Predicate::None => (Vec::new(), Vec::new(), 1),
            };
        let index = self.index(parent, named, &leafs)?;
        let found = index.as_ref().and_then(|index| index.get(&texts));
        Ok(found.and_then(|found| found.get(position.wrapping_sub(1)).copied()))
    }
}

/// Returns true if a node has this name, with or without its module's.
fn is_called(schema: &Node<'_>, name: &str) -> bool {
    match name.split_once(':') {
        Some((module, local)) => schema.name == local && schema.module.name == module,
        None => schema.name == name,
    }
}

fn child<'s>(parent: &'s Node<'s>, name: &str) -> Option<&'s Node<'s>> {
    let at = parent.child_index(name)?;
    parent.children().get(at)
}

impl<'a> Tree<'a> {
    /// The node at a place that the message has, of a tree of which all conditions are known.
    pub(in crate::validate) fn at(
        &self,
        places: impl Iterator<Item = Place<'a>>,
    ) -> Result<usize, Stop> {
        let evaluation = Evaluation::new(self, ROOT);
        let mut at = ROOT;
        for (schema, ordinal) in places {
            if schema.is_data() {
                continue;
            }
            // An index without leafs has all instances.
            let index = evaluation.index(at, schema, &[])?;
            let instances = index.as_ref().and_then(|index| index.get(&[][..]));
            at = instances
                .and_then(|instances| instances.get(ordinal).copied())
                .unwrap_or(ROOT);
        }
        Ok(at)
    }
}
