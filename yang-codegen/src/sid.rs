//! SIDs: the numbers that `.sid` files (RFC 9595) give to the items of modules.

use std::collections::{BTreeMap, BTreeSet};
use std::fs;
use std::path::{Path, PathBuf};

use serde::{Deserialize, Deserializer};

use crate::error::{Error, most_similar, suggestion};
use crate::model::{Model, Module, Node, NodeKind, Operation, QName};

/// The SIDs of all files, by their items.
#[derive(Debug, Default)]
pub(crate) struct Sids {
    nodes: BTreeMap<String, u64>,
    identities: BTreeMap<QName, u64>,
}

/// RFC 9595 section 4: a document of the structure `sid-file`.
#[derive(Debug, Deserialize)]
struct Document {
    #[serde(rename = "ietf-sid-file:sid-file")]
    file: SidFile,
}

#[derive(Debug, Deserialize)]
#[serde(rename_all = "kebab-case")]
struct SidFile {
    module_name: String,
    module_revision: Option<String>,
    #[serde(default)]
    item: Vec<Item>,
}

#[derive(Debug, Deserialize)]
struct Item {
    namespace: Namespace,
    identifier: String,
    #[serde(deserialize_with = "sid")]
    sid: u64,
}

#[derive(Debug, Clone, Copy, PartialEq, Eq, Deserialize)]
#[serde(rename_all = "kebab-case")]
enum Namespace {
    Module,
    Identity,
    Feature,
    Data,
}

/// A SID has 63 bits and is a string in JSON (RFC 7951 section 6.1); files from before the RFC have
/// numbers.
fn sid<'de, D: Deserializer<'de>>(deserializer: D) -> Result<u64, D::Error> {
    #[derive(Deserialize)]
    #[serde(untagged)]
    enum Written {
        Text(String),
        Number(u64),
    }
    let number = match Written::deserialize(deserializer)? {
        Written::Text(text) => text.parse().ok(),
        Written::Number(number) => Some(number),
    };
    let sid = number.filter(|sid| i64::try_from(*sid).is_ok());
    sid.ok_or_else(|| serde::de::Error::custom("a SID is a number of 63 bits (RFC 9595 section 3)"))
}

impl Sids {
    /// The SIDs of `files`, which must fit the model: each file is of a module of the model, names
    /// only items that the texts of the modules define, and leaves nothing of its module out. An
    /// item that is defined but not compiled, since its feature is off, is no error.
    pub(crate) fn read(
        files: &[PathBuf],
        model: &Model,
        defined: &BTreeSet<String>,
    ) -> Result<Self, Error> {
        let mut sids = Self::default();
        let mut owners = BTreeMap::new();
        for path in files {
            let fault = |reason: String| Error::Sid {
                file: path.clone(),
                reason,
            };
            let file = parse(path)?;
            let module = module_of(&file, model).map_err(fault)?;
            for item in &file.item {
                check_item(item, defined).map_err(fault)?;
                if let Some(other) = owners.insert(item.sid, item.identifier.clone()) {
                    let (sid, own) = (item.sid, &item.identifier);
                    return Err(fault(format!(
                        "{sid} is the SID of both {other} and {own}; each item has its own"
                    )));
                }
                sids.add(&file.module_name, item);
            }
            sids.check_complete(module, model).map_err(fault)?;
        }
        Ok(sids)
    }

    fn add(&mut self, module: &str, item: &Item) {
        match item.namespace {
            Namespace::Data => {
                self.nodes.insert(item.identifier.clone(), item.sid);
            }
            Namespace::Identity => {
                let name = QName {
                    module: module.to_owned(),
                    name: item.identifier.clone(),
                };
                self.identities.insert(name, item.sid);
            }
            Namespace::Module | Namespace::Feature => {}
        }
    }

    /// The SID of the node at a schema path.
    pub(crate) fn node(&self, path: &str) -> Option<u64> {
        self.nodes.get(path).copied()
    }

    /// The SID of an identity.
    pub(crate) fn identity(&self, name: &QName) -> Option<u64> {
        self.identities.get(name).copied()
    }

    /// An item of the module without a SID would have no form in `id=sid`.
    fn check_complete(&self, module: &Module, model: &Model) -> Result<(), String> {
        let missing = |what: String| {
            Err(format!(
                "it has no SID for {what}; make it again from the module that is compiled"
            ))
        };
        for identity in &module.identities {
            let name = QName {
                module: module.name.clone(),
                name: identity.name.clone(),
            };
            if self.identity(&name).is_none() {
                return missing(format!("the identity {}", identity.name));
            }
        }
        let mut places: Vec<(String, &str, &Node)> = Vec::new();
        for module in &model.modules {
            let nodes = module.roots.iter().chain(parts(&module.operations));
            places.extend(nodes.map(|node| (String::new(), "", node)));
        }
        while let Some((above, inside, node)) = places.pop() {
            // Only data nodes have SIDs, and only they are in paths.
            if node.is_hidden() {
                places.extend(
                    node.children()
                        .iter()
                        .map(|child| (above.clone(), inside, child)),
                );
                continue;
            }
            let prefix = if inside == node.module {
                String::new()
            } else {
                format!("{}:", node.module)
            };
            let path = format!("{above}/{prefix}{}", node.name);
            if node.module == module.name && self.node(&path).is_none() {
                return missing(path);
            }
            // The nodes of an operation stand in its input and output; it goes by its own SID.
            let level = match &node.kind {
                NodeKind::Input { .. } => "/input",
                NodeKind::Output { .. } => "/output",
                _ => "",
            };
            let path = format!("{path}{level}");
            let below = node.children().iter().chain(parts(&node.operations));
            places.extend(below.map(|child| (path.clone(), node.module.as_str(), child)));
        }
        Ok(())
    }
}

/// The notifications, inputs and outputs of operations.
fn parts(operations: &[Operation]) -> impl Iterator<Item = &Node> {
    operations.iter().flat_map(Operation::parts)
}

fn parse(path: &Path) -> Result<SidFile, Error> {
    let text = fs::read(path).map_err(|source| Error::Io {
        path: path.to_path_buf(),
        source,
    })?;
    let document: Document = serde_json::from_slice(&text).map_err(|error| Error::Sid {
        file: path.to_path_buf(),
        reason: format!("it is no .sid file (RFC 9595 section 4): {error}"),
    })?;
    Ok(document.file)
}

/// The module that a file is of, in the revision that it is of.
fn module_of<'m>(file: &SidFile, model: &'m Model) -> Result<&'m Module, String> {
    let SidFile {
        module_name: name,
        module_revision: revision,
        ..
    } = file;
    let names = || model.modules.iter().map(|module| module.name.as_str());
    let found = model.modules.iter().find(|module| module.name == *name);
    let module = found.ok_or_else(|| {
        let nearest = most_similar(name, names());
        format!(
            "module \"{name}\" is not compiled{}",
            suggestion(nearest.as_deref())
        )
    })?;
    match (revision, &module.revision) {
        (Some(of_file), Some(compiled)) if of_file != compiled => Err(format!(
            "it is of revision {of_file} of \"{name}\", and revision {compiled} is compiled"
        )),
        _ => Ok(module),
    }
}

/// An item whose name no text defines is an error of the file.
fn check_item(item: &Item, defined: &BTreeSet<String>) -> Result<(), String> {
    let identifier = item.identifier.as_str();
    let mut names = identifier
        .split('/')
        .map(|step| match step.split_once(':') {
            Some((_, name)) => name,
            None => step,
        });
    let unknown = match item.namespace {
        Namespace::Data if !identifier.starts_with('/') => {
            return Err(format!(
                "{identifier} is no path of a node: it starts with /MODULE:NODE"
            ));
        }
        // An operation's input and output need no statement.
        Namespace::Data => names
            .skip(1)
            .find(|name| !matches!(*name, "input" | "output") && !defined.contains(*name)),
        Namespace::Identity | Namespace::Feature => names.find(|name| !defined.contains(*name)),
        Namespace::Module => None,
    };
    unknown.map_or(Ok(()), |name| {
        let nearest = most_similar(name, defined.iter().map(String::as_str));
        Err(format!(
            "{identifier}: no module defines \"{name}\"{}",
            suggestion(nearest.as_deref())
        ))
    })
}
