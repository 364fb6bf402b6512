//! Module sets as they are given to a front end.

use std::path::PathBuf;

use serde::{Deserialize, Serialize};
use yang_codegen::{Features, FrontEnd, Generator};

/// Modules to load together, and how.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Case {
    /// The folders with the modules and their imports.
    pub search_path: Vec<PathBuf>,
    /// The modules to implement, each NAME or NAME@REVISION.
    pub modules: Vec<String>,
    /// The features that are on.
    pub features: FeaturesOn,
    /// True if the imported modules are implemented too.
    pub implement_imports: bool,
}

/// The features that are on in a set.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub enum FeaturesOn {
    /// All of all modules.
    All,
    /// None.
    None,
    /// Those of each module.
    Listed(Vec<(String, Vec<String>)>),
}

impl Case {
    /// The generator that reads the modules with a front end.
    pub(crate) fn generator(&self, front_end: FrontEnd) -> Generator {
        let mut generator = Generator::new()
            .front_end(front_end)
            .implement_imports(self.implement_imports);
        for folder in &self.search_path {
            generator = generator.search_path(folder);
        }
        for module in &self.modules {
            generator = generator.module(module);
        }
        match &self.features {
            FeaturesOn::All => generator.features(Features::EVERY_MODULE, Features::All),
            FeaturesOn::None => generator,
            FeaturesOn::Listed(listed) => listed
                .iter()
                .cloned()
                .fold(generator, |generator, (module, names)| {
                    generator.features(module, Features::Only(names))
                }),
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
