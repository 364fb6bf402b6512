//! Schema node identifiers (RFC 7950 section 6.5), and the nodes that they lead to.

use super::tree::{Kind, NodeId, Tree};
use crate::error::most_similar;
use crate::fault::Fault;
use crate::modules::{ModuleId, Modules};
use crate::parse::Statement;

/// A schema node identifier: each step's module and name.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(super) struct NodeIdentifier<'m> {
    statement: Statement<'m>,
    steps: Vec<(ModuleId, &'m str)>,
}

const SECTION: &str = "RFC 7950 section 6.5";

impl<'m> NodeIdentifier<'m> {
    /// The one in a statement, or a part of its argument.
    ///
    /// In a grouping, names without a prefix or with that of its own module are in the namespace of
    /// the module that uses it: `used_in`.
    pub(super) fn new(
        modules: &Modules,
        statement: Statement<'m>,
        text: &'m str,
        used_in: Option<ModuleId>,
    ) -> Result<Self, Box<Fault>> {
        let written_in = modules.module_of(statement);
        let step = |step: &'m str| {
            let (module, name) = modules.qualify(statement, step).ok_or_else(|| {
                let prefix = step.split_once(':').map_or("", |(prefix, _)| prefix);
                let message = format!(
                    "no module has the prefix \"{prefix}\" in this text; import one with it"
                );
                Box::new(Fault::of(statement, SECTION, message))
            })?;
            let own = Some(module) == written_in;
            Ok((used_in.filter(|_| own).unwrap_or(module), name))
        };
        let text = text.trim();
        let steps = text
            .strip_prefix('/')
            .unwrap_or(text)
            .split('/')
            .map(str::trim);
        let steps: Vec<_> = steps.map(step).collect::<Result<_, Box<Fault>>>()?;
        Ok(Self { statement, steps })
    }

    /// The number of steps.
    pub(super) const fn len(&self) -> usize {
        self.steps.len()
    }

    /// The node in a structure of the module of the first step, which names the structure.
    pub(super) fn find_in_structure(
        &self,
        tree: &Tree<'_>,
        modules: &Modules,
    ) -> Result<NodeId, Box<Fault>> {
        let Some(((module, name), rest)) = self.steps.split_first() else {
            return Err(self.nowhere(tree, modules, 0, None));
        };
        let structure = tree.structure(*module, name);
        let structure = structure.ok_or_else(|| self.nowhere(tree, modules, 0, None))?;
        self.walk(tree, modules, rest, Some(structure))
    }

    /// The node below a node, or at the top of the modules.
    pub(super) fn find(
        &self,
        tree: &Tree<'_>,
        modules: &Modules,
        base: Option<NodeId>,
    ) -> Result<NodeId, Box<Fault>> {
        self.walk(tree, modules, &self.steps, base)
    }

    fn walk(
        &self,
        tree: &Tree<'_>,
        modules: &Modules,
        steps: &[(ModuleId, &str)],
        base: Option<NodeId>,
    ) -> Result<NodeId, Box<Fault>> {
        let mut at = base;
        for (place, (module, name)) in steps.iter().enumerate() {
            let child = tree.child(at, *module, name);
            let place = place + self.steps.len() - steps.len();
            at = Some(child.ok_or_else(|| self.nowhere(tree, modules, place, at))?);
        }
        at.ok_or_else(|| self.nowhere(tree, modules, 0, base))
    }

    /// The fault of a step that leads to no node.
    fn nowhere(
        &self,
        tree: &Tree<'_>,
        modules: &Modules,
        place: usize,
        parent: Option<NodeId>,
    ) -> Box<Fault> {
        let Some((module, name)) = self.steps.get(place) else {
            return Box::new(Fault::of(self.statement, SECTION, "it names no node"));
        };
        let module_name = modules
            .module(*module)
            .map_or("", |module| module.name.as_str());
        let known = match parent {
            Some(parent) => tree.below(parent),
            None => tree.top(*module).to_vec(),
        };
        let known = known.into_iter().filter_map(|id| tree.get(id));
        let nearest = most_similar(name, known.map(|node| node.name));
        let within = match parent.and_then(|parent| tree.get(parent)) {
            Some(parent) if parent.kind == Kind::Leaf || parent.kind == Kind::LeafList => {
                format!(
                    "{} \"{}\" has no nodes in it",
                    parent.kind.as_str(),
                    parent.name
                )
            }
            Some(parent) => format!(
                "{} \"{}\" has no node \"{name}\" of module {module_name}",
                parent.kind.as_str(),
                parent.name
            ),
            None => format!("module {module_name} has no node \"{name}\" at its top"),
        };
        Box::new(Fault::of(self.statement, SECTION, within).nearest(nearest))
    }
}
