//! Nodes that a setting leaves out: as `deviate not-supported` would (RFC 7950 section 7.20.3).

use super::tree::{Kind, NodeId, Tree};
use crate::error::{Error, most_similar, suggestion};
use crate::modules::{ModuleId, Modules};

/// Takes the nodes at the schema paths, and all nodes of the modules that are named instead, out of the
/// schema.
pub(super) fn leave_out(
    tree: &mut Tree<'_>,
    modules: &Modules,
    paths: &[String],
) -> Result<(), Error> {
    let mut nodes = Vec::new();
    for path in paths {
        let setting = Setting {
            tree,
            modules,
            path,
        };
        nodes.extend(if path.starts_with('/') {
            vec![setting.node()?]
        } else {
            setting.nodes_of_module()?
        });
    }
    for id in nodes {
        if let Some(node) = tree.get_mut(id) {
            node.off = true;
        }
    }
    Ok(())
}

/// The module that a setting names.
pub(super) fn named(modules: &Modules, name: &str, setting: &str) -> Result<ModuleId, Error> {
    modules.by_name(name).ok_or_else(|| {
        let known = modules.ids().map(|id| modules.name(id));
        let nearest = most_similar(name, known);
        Error::Setting {
            path: format!("{setting} of {name}"),
            reason: format!(
                "the module is neither asked for nor imported{}",
                suggestion(nearest.as_deref())
            ),
        }
    })
}

/// The schema path of a node as settings have it: the module where it changes, without choices and
/// cases. For the input and output of an rpc or action that is theirs.
pub(super) fn setting_path(modules: &Modules, tree: &Tree<'_>, id: NodeId) -> String {
    let way = tree.way(id);
    let mut path = String::new();
    let mut inside = None;
    for (place, above) in way.iter().enumerate() {
        let Some(node) = tree.get(*above) else {
            continue;
        };
        let is_last = place + 1 == way.len();
        let is_part = matches!(node.kind, Kind::Input | Kind::Output);
        if (node.kind.is_hidden() || is_part) && !(is_last && node.kind.is_hidden()) {
            continue;
        }
        path.push('/');
        if inside != Some(node.module) {
            path.extend([modules.name(node.module), ":"]);
        }
        path.push_str(node.name);
        inside = Some(node.module);
    }
    path
}

/// One setting.
struct Setting<'s, 'm> {
    tree: &'s Tree<'m>,
    modules: &'s Modules,
    path: &'s str,
}

impl Setting<'_, '_> {
    fn invalid(&self, reason: String) -> Error {
        Error::Setting {
            path: self.path.to_owned(),
            reason,
        }
    }

    /// The node at the path. Choices and cases may be left out of it.
    fn node(&self) -> Result<NodeId, Error> {
        let (mut found, mut module, mut walked) = (None, None, String::new());
        for step in self.path.split('/').skip(1) {
            let (of, name) = match step.split_once(':') {
                Some((module, name)) => (Some(named(self.modules, module, "leave_out")?), name),
                None => (module, step),
            };
            let Some(of) = of else {
                let reason = "the first step needs its module: /module:node";
                return Err(self.invalid(reason.to_owned()));
            };
            let level = self.level(found, of);
            let next = self.search(&level, of, name);
            found = Some(next.ok_or_else(|| self.nowhere(found, of, name, &walked, &level))?);
            module = Some(of);
            walked.extend(["/", step]);
        }
        let node = found.ok_or_else(|| self.invalid("it names no node".to_owned()))?;
        self.check(node)?;
        Ok(node)
    }

    /// A key cannot be left out without its list.
    fn check(&self, id: NodeId) -> Result<(), Error> {
        let list = self.tree.data_parent(id);
        let key = self
            .tree
            .get(id)
            .zip(list.and_then(|list| self.tree.get(list)));
        let is_key = key.is_some_and(|(leaf, list)| list.keys().any(|key| bare(key) == leaf.name));
        let Some(list) = list.filter(|_| is_key) else {
            return Ok(());
        };
        let list = setting_path(self.modules, self.tree, list);
        Err(self.invalid(format!(
            "it is a key of its list, which has to be left out as a whole: {list}"
        )))
    }

    fn nowhere(
        &self,
        parent: Option<NodeId>,
        module: ModuleId,
        name: &str,
        walked: &str,
        level: &[NodeId],
    ) -> Error {
        let names = level.iter().filter_map(|id| self.tree.get(*id));
        let nearest = most_similar(name, names.map(|node| node.name));
        let nearest = nearest.map(|name| match parent {
            Some(_) => format!("{walked}/{name}"),
            None => format!("/{}:{name}", self.modules.name(module)),
        });
        self.invalid(format!(
            "no node has this path{}",
            suggestion(nearest.as_deref())
        ))
    }

    /// The nodes below a node, or at the top of a module.
    fn level(&self, parent: Option<NodeId>, module: ModuleId) -> Vec<NodeId> {
        let mut level = match parent {
            Some(parent) => self.tree.below(parent),
            None => self.tree.top(module).to_vec(),
        };
        level.retain(|id| self.tree.get(*id).is_some_and(|node| !node.off));
        level
    }

    /// A node among siblings, or among those that choices among them hold.
    fn search(&self, level: &[NodeId], module: ModuleId, name: &str) -> Option<NodeId> {
        let mut levels = vec![level.to_vec()];
        while let Some(level) = levels.pop() {
            let nodes = level
                .iter()
                .filter_map(|id| Some((*id, self.tree.get(*id)?)));
            let mut direct = nodes.clone();
            let found = direct.find(|(_, node)| node.name == name && node.module == module);
            if let Some((id, _)) = found {
                return Some(id);
            }
            let hidden = nodes.filter(|(_, node)| node.kind.is_hidden());
            let below: Vec<_> = hidden.map(|(id, _)| self.level(Some(id), module)).collect();
            levels.extend(below.into_iter().rev());
        }
        None
    }

    /// The uppermost nodes that a module defines, in itself and in others.
    fn nodes_of_module(&self) -> Result<Vec<NodeId>, Error> {
        let module = named(self.modules, self.path, "leave_out")?;
        let mut found = Vec::new();
        let mut next = self.tree.roots();
        while let Some(id) = next.pop() {
            let node = self.tree.get(id);
            if node.is_some_and(|node| node.module == module) {
                found.push(id);
            } else {
                next.extend(self.tree.below(id));
            }
        }
        if found.is_empty() {
            return Err(Error::Setting {
                path: format!("leave_out of {}", self.path),
                reason: "the module defines no node".to_owned(),
            });
        }
        Ok(found)
    }
}

/// A name without its prefix.
fn bare(name: &str) -> &str {
    name.rsplit_once(':').map_or(name, |(_, name)| name)
}
