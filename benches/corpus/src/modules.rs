//! The modules of the corpus, and the code generated for each.

use std::fs;
use std::io;
use std::path::{Path, PathBuf};
use std::time::{Duration, Instant};

use instances::libyang::Libyang;
use yang_codegen::{Features, Generator};

/// A module of the corpus, which is a set of its own with all that it imports.
#[derive(Debug, Clone)]
pub struct Module {
    /// Its name.
    pub name: String,
    /// The folder of its file, where its imports are too.
    pub folder: PathBuf,
}

/// The modules in a folder, each once however many revisions there are, without submodules.
///
/// # Errors
/// The folder cannot be read.
pub fn find(folder: &Path) -> io::Result<Vec<Module>> {
    let mut names = Vec::new();
    for entry in fs::read_dir(folder)? {
        let path = entry?.path();
        let name = path.file_stem().and_then(|stem| stem.to_str());
        let is_yang = path
            .extension()
            .is_some_and(|extension| extension == "yang");
        let Some(name) = name.filter(|_| is_yang) else {
            continue;
        };
        let text = fs::read_to_string(&path)?;
        let mut lines = text.lines().map(str::trim_start);
        if lines.any(|line| line.starts_with("submodule ")) {
            continue;
        }
        names.push(name.split('@').next().unwrap_or(name).to_owned());
    }
    names.sort();
    names.dedup();
    let module = |name| Module {
        name,
        folder: folder.to_path_buf(),
    };
    Ok(names.into_iter().map(module).collect())
}

/// The code generated for a module.
#[derive(Debug)]
pub(crate) struct Generated {
    pub(crate) source: String,
    /// The number of data nodes.
    pub(crate) nodes: usize,
    /// The time of the generator.
    pub(crate) time: Duration,
}

impl Module {
    /// Checks that libyang loads the module with all features; otherwise returns its message.
    pub(crate) fn load(&self) -> Result<(), String> {
        let loaded = Libyang::new(&[&self.folder], &[(&self.name, &["*"])]);
        loaded.map(|_| ()).map_err(|error| error.to_string())
    }

    /// Generates it with all features.
    pub(crate) fn generate(&self) -> Result<Generated, String> {
        let start = Instant::now();
        let generator = Generator::new()
            .search_path(&self.folder)
            .module(&self.name)
            .features(Features::EVERY_MODULE, Features::All);
        let output = generator.generate().map_err(|error| error.to_string())?;
        Ok(Generated {
            nodes: output.model.count(),
            // The library has the module's name, with its capitals.
            source: format!(
                "#![deny(warnings)]\n#![allow(non_snake_case)]\n{}",
                output.source
            ),
            time: start.elapsed(),
        })
    }
}
