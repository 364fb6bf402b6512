//! A folder of vectors: its schema sets, and the documents of each.

use std::collections::BTreeMap;
use std::fs;
use std::path::{Path, PathBuf};

use serde::Deserialize;
use yang_codegen::{Features, Generator};

use super::Error;
use crate::runner::Question;

/// Modules that documents may use although no manifest names them, where a set has their file.
const ALWAYS_IMPLEMENTED: &[&str] = &["ietf-yang-schema-mount"];

/// The files of documents, and whether what they say of a document is what libyang said and wrong:
/// it takes documents that are not well-formed, and every one of these is to be refused.
const FILES: &[(&str, bool)] = &[("vectors.jsonl", false), ("lenient.jsonl", true)];

/// A set of modules and the documents that go with it.
#[derive(Debug)]
pub struct Set {
    /// The name of its folder.
    pub name: String,
    /// The folder of its modules.
    pub folder: PathBuf,
    /// The modules and features that are on.
    pub manifest: Manifest,
    /// Its documents.
    pub documents: Vec<Document>,
}

/// The modules and features of a set that are on; modules that are not named are import-only.
#[derive(Debug, Deserialize)]
pub struct Manifest {
    implement: Vec<String>,
    features: SetFeatures,
}

#[derive(Debug, Deserialize)]
#[serde(untagged)]
enum SetFeatures {
    Every(All),
    OfModules(BTreeMap<String, ModuleFeatures>),
}

#[derive(Debug, Deserialize)]
#[serde(untagged)]
enum ModuleFeatures {
    Every(All),
    Only(Vec<String>),
}

/// The word `all`.
#[derive(Debug, Deserialize)]
#[serde(rename_all = "kebab-case")]
enum All {
    All,
}

/// A document with the verdict that is right for it.
#[derive(Debug, Deserialize)]
pub struct Document {
    /// Its name.
    pub id: String,
    /// The set whose modules it uses.
    pub set: String,
    /// The document itself.
    #[serde(flatten)]
    pub question: Question,
    /// The right verdict.
    pub verdict: Verdict,
    /// libyang's reason to refuse it; empty if it accepts.
    pub reason: String,
    /// libyang's verdict, where it is known to be another.
    pub libyang: Option<Libyang>,
}

/// libyang's verdict on a document.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Deserialize)]
#[serde(rename_all = "kebab-case")]
pub enum Libyang {
    /// It takes it.
    Accept,
    /// It refuses it.
    Reject,
    /// It ends the process.
    Ends,
}

/// The verdict on a document.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Deserialize)]
#[serde(rename_all = "kebab-case")]
pub enum Verdict {
    /// The document is valid.
    Accept,
    /// The document is not valid.
    Reject,
}

impl Set {
    /// The generator of the set's code.
    pub fn generator(&self) -> Generator {
        let manifest = &self.manifest;
        let mut generator = Generator::new().search_path(&self.folder);
        for module in ALWAYS_IMPLEMENTED {
            if has_file(&self.folder, module)
                && !manifest.implement.iter().any(|name| name == module)
            {
                generator = generator.module(module);
            }
        }
        for module in &manifest.implement {
            generator = generator.module(module);
            if let Some(features) = manifest.features(module) {
                generator = generator.features(module, features);
            }
        }
        generator
    }
}

impl Manifest {
    fn features(&self, module: &str) -> Option<Features> {
        match &self.features {
            SetFeatures::Every(All::All) => Some(Features::All),
            SetFeatures::OfModules(modules) => match modules.get(module)? {
                ModuleFeatures::Every(All::All) => Some(Features::All),
                ModuleFeatures::Only(names) => Some(Features::Only(names.clone())),
            },
        }
    }
}

fn has_file(folder: &Path, module: &str) -> bool {
    let is_of_module = |name: &str| {
        name.strip_suffix(".yang")
            .is_some_and(|stem| stem.split('@').next() == Some(module))
    };
    fs::read_dir(folder).is_ok_and(|mut entries| {
        entries.any(|entry| {
            entry.is_ok_and(|entry| is_of_module(&entry.file_name().to_string_lossy()))
        })
    })
}

/// Reads the sets of a folder that are `wanted`, all if none is named, in the order of their names.
///
/// # Errors
/// A file cannot be read, or names a set that does not exist; or a wanted set does not exist.
pub fn read(folder: &Path, wanted: &[String]) -> Result<Vec<Set>, Error> {
    let mut sets = read_sets(folder)?;
    for (file, lenient) in FILES {
        for mut document in read_documents(&folder.join(file))? {
            if *lenient {
                document.verdict = Verdict::Reject;
            }
            let set = sets.get_mut(&document.set);
            let set = set.ok_or_else(|| Error::UnknownSet(document.set.clone()))?;
            set.documents.push(document);
        }
    }
    only(sets, wanted)
}

/// As [`read`], without the documents.
///
/// # Errors
/// As [`read`].
pub(super) fn read_schemas(folder: &Path, wanted: &[String]) -> Result<Vec<Set>, Error> {
    only(read_sets(folder)?, wanted)
}

fn only(mut sets: BTreeMap<String, Set>, wanted: &[String]) -> Result<Vec<Set>, Error> {
    if let Some(unknown) = wanted.iter().find(|name| !sets.contains_key(*name)) {
        return Err(Error::UnknownSet(unknown.clone()));
    }
    sets.retain(|name, _| wanted.is_empty() || wanted.contains(name));
    Ok(sets.into_values().collect())
}

fn read_sets(folder: &Path) -> Result<BTreeMap<String, Set>, Error> {
    // As libyang names files in what it says of them.
    let folder = &folder.canonicalize().map_err(Error::io(folder))?;
    let folder = &folder.join("schema-sets");
    let mut sets = BTreeMap::new();
    for entry in fs::read_dir(folder).map_err(Error::io(folder))? {
        let folder = entry.map_err(Error::io(folder))?.path();
        let name = folder.file_name().unwrap_or_default();
        let name = name.to_string_lossy().into_owned();
        let file = folder.join("manifest.json");
        let text = fs::read_to_string(&file).map_err(Error::io(&file))?;
        let manifest = serde_json::from_str(&text).map_err(Error::json(&file, None))?;
        let set = Set {
            name: name.clone(),
            folder,
            manifest,
            documents: Vec::new(),
        };
        sets.insert(name, set);
    }
    Ok(sets)
}

/// The documents of a file; none if there is no such file.
fn read_documents(file: &Path) -> Result<Vec<Document>, Error> {
    if !file.exists() {
        return Ok(Vec::new());
    }
    let text = fs::read_to_string(file).map_err(Error::io(file))?;
    text.lines()
        .enumerate()
        .map(|(at, line)| serde_json::from_str(line).map_err(Error::json(file, Some(at + 1))))
        .collect()
}
