//! The modules to load, and their settings.

use crate::Features;
use crate::error::{Error, most_similar, suggestion};
use crate::sources::Sources;

use super::{ModuleId, Modules};

/// The modules to load, and their settings.
#[derive(Clone, Copy)]
pub(crate) struct Request<'r> {
    pub(crate) sources: &'r Sources,
    /// Names, each with a revision if one was asked for.
    pub(crate) modules: &'r [(String, Option<String>)],
    /// The features of modules; those of other modules are off.
    pub(crate) features: &'r [(String, Features)],
    /// True if the modules that are imported are implemented too, but for those that this crate
    /// brings along.
    pub(crate) implement_imports: bool,
}

impl Request<'_> {
    /// True if the module was asked for.
    pub(crate) fn names(&self, name: &str) -> bool {
        self.modules.iter().any(|(module, _)| module == name)
    }

    /// True if a feature shall be on.
    pub(super) fn turns_on(&self, module: &str, feature: &str) -> bool {
        let mut settings = self.features.iter();
        settings.any(|(name, features)| {
            (name == module || name == Features::EVERY_MODULE)
                && match features {
                    Features::All => true,
                    Features::Only(names) => names.iter().any(|name| name == feature),
                }
        })
    }

    /// An error if a module or a feature in the settings is none of the modules that were loaded.
    pub(super) fn check_features(&self, modules: &Modules) -> Result<(), Error> {
        for (name, features) in self.features {
            let known: Vec<&str> = if name == Features::EVERY_MODULE {
                modules
                    .ids()
                    .flat_map(|id| modules.features_of(id))
                    .collect()
            } else if let Some(id) = modules.by_name(name) {
                modules.features_of(id).collect()
            } else {
                return Err(self.no_such_module(name));
            };
            let Features::Only(wanted) = features else {
                continue;
            };
            if let Some(feature) = wanted
                .iter()
                .find(|wanted| !known.contains(&wanted.as_str()))
            {
                return Err(Error::UnknownFeature {
                    module: name.clone(),
                    feature: feature.clone(),
                    nearest: most_similar(feature, known.into_iter()),
                });
            }
        }
        Ok(())
    }

    fn no_such_module(&self, name: &str) -> Error {
        let known = self.modules.iter().map(|(module, _)| module.as_str());
        let nearest = most_similar(name, known);
        Error::Setting {
            path: format!("features of {name}"),
            reason: format!(
                "the module is not one of those to generate types for{}",
                suggestion(nearest.as_deref())
            ),
        }
    }
}

impl Modules {
    /// The names of a module's features, with those of its submodules.
    fn features_of(&self, id: ModuleId) -> impl Iterator<Item = &str> {
        let module = self.module(id);
        module
            .into_iter()
            .flat_map(|module| module.features.keys().map(String::as_str))
    }
}
