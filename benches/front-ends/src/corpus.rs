//! The module sets that are compared, and where they are found.

use std::collections::BTreeMap;
use std::fs;
use std::io;
use std::path::{Path, PathBuf};

use quick_xml::events::Event;
use serde::Deserialize;

use crate::case::{Case, FeaturesOn};

/// A folder of modules.
#[derive(Debug, Clone)]
pub struct Set {
    /// Its name in reports.
    pub name: String,
    /// The folder, and those where it has its imports from.
    pub search_path: Vec<PathBuf>,
    /// The modules in it, each of which is loaded alone.
    pub modules: Vec<String>,
    /// The set that a list in the folder names; otherwise all modules together that are valid alone.
    pub listed: Option<Case>,
    /// True for what a device ships.
    pub lenient: bool,
}

/// The folders in `folder`, itself included, that have modules. `imports` are searched too.
///
/// # Errors
/// A folder or a file in it cannot be read.
pub fn sets(folder: &Path, imports: &[PathBuf]) -> io::Result<Vec<Set>> {
    let mut found = Vec::new();
    let mut folders = vec![folder.to_path_buf()];
    while let Some(inner) = folders.pop() {
        let (mut modules, mut inside) = (Vec::new(), Vec::new());
        for entry in fs::read_dir(&inner)? {
            let path = entry?.path();
            if path.is_dir() {
                inside.push(path);
            } else if path.extension().is_some_and(|end| end == "yang") {
                modules.extend(module_name(&path)?);
            }
        }
        inside.sort();
        folders.extend(inside.into_iter().rev());
        modules.sort();
        modules.dedup();
        if !modules.is_empty() {
            let mut search_path = vec![inner.clone()];
            search_path.extend_from_slice(imports);
            let listed = listed(&inner, &search_path)?;
            found.push(Set {
                name: name(folder, &inner),
                lenient: listed.as_ref().is_some_and(|listed| listed.lenient),
                listed,
                search_path,
                modules,
            });
        }
    }
    Ok(found)
}

/// A folder as reports call it: from the folder that was given on.
fn name(given: &Path, inner: &Path) -> String {
    let from = given.parent().unwrap_or(given);
    let name = inner.strip_prefix(from).unwrap_or(inner);
    name.display().to_string()
}

/// The name of the module in a file; `None` for a submodule. A file whose text has none is called by
/// its own name, so that both front ends say what they make of it.
fn module_name(path: &Path) -> io::Result<Option<String>> {
    let text = fs::read(path)?;
    let text = String::from_utf8_lossy(&text);
    let mut words = text.lines().map(|line| line.split_whitespace());
    let statement = words.find_map(|mut words| {
        let keyword = words.next()?;
        let of_file = ["module", "submodule"].contains(&keyword);
        of_file.then(|| {
            (
                keyword.to_owned(),
                words.next().unwrap_or_default().to_owned(),
            )
        })
    });
    let stem = path.file_stem().and_then(|stem| stem.to_str());
    let stem = stem.unwrap_or_default();
    let stem = stem.split('@').next().unwrap_or(stem);
    Ok(match statement {
        Some((keyword, _)) if keyword == "submodule" => None,
        Some((_, name)) => {
            let name = name.trim_matches(['"', '\'', '{', ';']);
            Some(if name.is_empty() { stem } else { name }.to_owned())
        }
        None => Some(stem.to_owned()),
    })
}

/// The set that a list in the folder names: a manifest of `conformance`, or a device's YANG library.
fn listed(folder: &Path, search_path: &[PathBuf]) -> io::Result<Option<Case>> {
    let manifest = folder.join("manifest.json");
    if manifest.is_file() {
        let manifest: Manifest = serde_json::from_slice(&fs::read(manifest)?)?;
        return Ok(Some(manifest.case(search_path)));
    }
    let library = folder.parent().unwrap_or(folder).join("yang-lib.xml");
    if library.is_file() {
        let text = fs::read_to_string(library)?;
        return Ok(Some(library_case(&text, search_path)));
    }
    Ok(None)
}

/// The modules and features of a set of the conformance vectors.
#[derive(Debug, Deserialize)]
struct Manifest {
    implement: Vec<String>,
    features: AllOr<BTreeMap<String, AllOr<Vec<String>>>>,
}

/// The word `all`, or names.
#[derive(Debug, Deserialize)]
#[serde(untagged)]
enum AllOr<T> {
    All(All),
    Names(T),
}

#[derive(Debug, Deserialize)]
#[serde(rename_all = "lowercase")]
enum All {
    All,
}

impl Manifest {
    fn case(self, search_path: &[PathBuf]) -> Case {
        let features = match self.features {
            AllOr::All(All::All) => FeaturesOn::All,
            AllOr::Names(modules) => FeaturesOn::Listed(
                modules
                    .into_iter()
                    .map(|(module, features)| match features {
                        AllOr::All(All::All) => (module, vec!["*".to_owned()]),
                        AllOr::Names(names) => (module, names),
                    })
                    .collect(),
            ),
        };
        Case {
            search_path: search_path.to_vec(),
            modules: self.implement,
            features,
            implement_imports: false,
            lenient: false,
        }
    }
}

/// The implemented modules of a YANG library (RFC 8525) with their features.
fn library_case(text: &str, search_path: &[PathBuf]) -> Case {
    let mut reader = quick_xml::Reader::from_str(text);
    let mut elements: Vec<String> = Vec::new();
    let (mut modules, mut features) = (Vec::new(), Vec::<(String, Vec<String>)>::new());
    while let Ok(event) = reader.read_event() {
        match event {
            Event::Start(start) => {
                elements.push(start.local_name().as_ref().to_owned());
            }
            Event::End(_) => {
                elements.pop();
            }
            Event::Text(text) => {
                let text = text.trim().to_owned();
                let names: Vec<&str> = elements.iter().map(String::as_str).collect();
                match names.as_slice() {
                    [.., "module", "name"] if !text.is_empty() => {
                        modules.push(text.clone());
                        features.push((text, Vec::new()));
                    }
                    [.., "module", "feature"] if !text.is_empty() => {
                        if let Some((_, of_module)) = features.last_mut() {
                            of_module.push(text);
                        }
                    }
                    _ => {}
                }
            }
            Event::Eof => break,
            _ => {}
        }
    }
    features.retain(|(_, of_module)| !of_module.is_empty());
    Case {
        search_path: search_path.to_vec(),
        modules,
        features: FeaturesOn::Listed(features),
        implement_imports: false,
        lenient: true,
    }
}
