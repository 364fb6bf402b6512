//! Module sets as they are given to a front end.

use std::path::PathBuf;

use serde::{Deserialize, Serialize};
use yang_codegen::model::Model;
use yang_codegen::{Compiler, Error, Features, FrontEnd, Generator, Sources};

use crate::opinion::FrontEndName;

/// Modules to load together, and how.
#[derive(Debug, Clone, PartialEq, Eq, Hash, Serialize, Deserialize)]
pub struct Case {
    /// The folders with the modules and their imports.
    pub search_path: Vec<PathBuf>,
    /// The modules to implement, each NAME or NAME@REVISION.
    pub modules: Vec<String>,
    /// The features that are on.
    pub features: FeaturesOn,
    /// True if the imported modules are implemented too.
    pub implement_imports: bool,
    /// True for what a device ships: the own front end takes what it knows vendors to write.
    pub lenient: bool,
}

/// The features that are on in a set.
#[derive(Debug, Clone, PartialEq, Eq, Hash, Serialize, Deserialize)]
pub enum FeaturesOn {
    /// All of the modules that are implemented.
    All,
    /// None.
    None,
    /// Those of each module; `*` is all of them.
    Listed(Vec<(String, Vec<String>)>),
}

impl Case {
    /// The model that a front end makes of the modules.
    pub(crate) fn load(&self, front_end: FrontEndName) -> Result<Model, Error> {
        match front_end {
            FrontEndName::Own => Ok(self.compiler()?.compile()?.model),
            FrontEndName::Libyang => self.generator().load(),
        }
    }

    fn compiler(&self) -> Result<Compiler, Error> {
        let mut sources = Sources::new();
        for folder in &self.search_path {
            sources.folder(folder).map_err(|source| Error::Io {
                path: folder.clone(),
                source,
            })?;
        }
        let compiler = Compiler::new(sources)
            .implement_imports(self.implement_imports)
            .lenient(self.lenient);
        let modules = self.modules.iter();
        let compiler = modules.fold(compiler, |compiler, module| compiler.module(module));
        let features = self.features().into_iter();
        Ok(features.fold(compiler, |compiler, (module, features)| {
            compiler.features(module, features)
        }))
    }

    fn generator(&self) -> Generator {
        let generator = Generator::new()
            .front_end(FrontEnd::Libyang)
            .implement_imports(self.implement_imports);
        let folders = self.search_path.iter();
        let generator = folders.fold(generator, Generator::search_path);
        let modules = self.modules.iter();
        let generator = modules.fold(generator, |generator, module| generator.module(module));
        let features = self.features().into_iter();
        features.fold(generator, |generator, (module, features)| {
            generator.features(module, features)
        })
    }

    /// The features as settings.
    fn features(&self) -> Vec<(String, Features)> {
        match &self.features {
            FeaturesOn::All if self.implement_imports => {
                vec![(Features::EVERY_MODULE.to_owned(), Features::All)]
            }
            // For libyang, modules that are only imported have none.
            FeaturesOn::All => {
                let names = self
                    .modules
                    .iter()
                    .filter_map(|name| name.split('@').next());
                names.map(|name| (name.to_owned(), Features::All)).collect()
            }
            FeaturesOn::None => Vec::new(),
            FeaturesOn::Listed(listed) => {
                let features = |names: &[String]| match names {
                    [all] if all == "*" => Features::All,
                    names => Features::Only(names.to_vec()),
                };
                let listed = listed.iter();
                listed
                    .map(|(module, names)| (module.clone(), features(names)))
                    .collect()
            }
        }
    }

    /// A name for reports: the modules and the features.
    #[must_use]
    pub fn name(&self) -> String {
        let modules = match self.modules.as_slice() {
            [one] => one.clone(),
            [first, .., last] => format!("{} modules, {first} to {last}", self.modules.len()),
            [] => "no module".to_owned(),
        };
        let features = match self.features {
            FeaturesOn::All => "all features",
            FeaturesOn::None => "no features",
            FeaturesOn::Listed(_) => "features as listed",
        };
        format!("{modules}, {features}")
    }
}
