//! The front ends: what reads modules into the [`Model`], behind one interface.

use std::collections::BTreeSet;
use std::path::{Path, PathBuf};

use crate::Features;
use crate::error::{Error, Warning};
#[cfg(feature = "libyang")]
use crate::libyang;
use crate::model::Model;

/// The front end that reads modules.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
#[non_exhaustive]
pub enum FrontEnd {
    /// The one of this crate.
    #[cfg_attr(not(feature = "libyang"), default)]
    Own,
    /// libyang 2.2.8, the second opinion.
    #[cfg(feature = "libyang")]
    #[default]
    Libyang,
}

/// The modules and settings to load.
#[derive(Clone, Copy)]
pub(crate) struct Request<'r> {
    pub(crate) search_path: &'r [PathBuf],
    /// Names, each with a revision if one was asked for.
    pub(crate) modules: &'r [(String, Option<String>)],
    /// True if nodes of the imported modules are wanted too, where their files are in the search
    /// path.
    pub(crate) implement_imports: bool,
    /// The features of modules; those of other modules are off.
    pub(crate) features: &'r [(String, Features)],
    /// Schema paths of nodes that are left out, and names of modules whose nodes are.
    pub(crate) leave_out: &'r [String],
    /// Modules whose typedefs are wanted whether they are used or not.
    pub(crate) typedefs: &'r [String],
}

impl Request<'_> {
    /// True if the module was asked for.
    pub(crate) fn names(&self, name: &str) -> bool {
        self.modules.iter().any(|(module, _)| module == name)
    }
}

/// The model, the files that were read, and likely mistakes in them.
pub(crate) struct Loaded {
    pub(crate) model: Model,
    pub(crate) files: Vec<PathBuf>,
    pub(crate) warnings: Vec<Warning>,
}

impl FrontEnd {
    /// Loads the modules and all that they import.
    pub(crate) fn load(self, request: &Request<'_>) -> Result<Loaded, Error> {
        match self {
            Self::Own => Err(missing()),
            #[cfg(feature = "libyang")]
            Self::Libyang => libyang::load(request),
        }
    }

    /// The modules and all that they import, without nodes. If the request names none, all in the
    /// search path that have something to implement (RFC 7950 section 5.6.5).
    pub(crate) fn library(self, request: &Request<'_>) -> Result<Model, Error> {
        match self {
            Self::Own => Err(missing()),
            #[cfg(feature = "libyang")]
            Self::Libyang => libyang::library(request),
        }
    }

    /// The names of the modules in a folder.
    pub(crate) fn modules(self, folder: &Path) -> Result<Vec<String>, Error> {
        match self {
            Self::Own => Err(missing()),
            #[cfg(feature = "libyang")]
            Self::Libyang => libyang::modules(folder),
        }
    }

    /// The names that the texts of modules define, whether they were compiled or not.
    pub(crate) fn defined_names(self, files: &[PathBuf]) -> BTreeSet<String> {
        match self {
            Self::Own => BTreeSet::new(),
            #[cfg(feature = "libyang")]
            Self::Libyang => libyang::defined_names(files),
        }
    }
}

/// The error of the front end that is not there yet.
fn missing() -> Error {
    Error::Setting {
        path: "front end".to_owned(),
        reason: "this build has none; turn the feature libyang of yang-codegen on".to_owned(),
    }
}
