//! The front ends: what reads modules into the [`Model`], behind one interface.

use std::collections::BTreeSet;
use std::path::{Path, PathBuf};

use crate::Features;
use crate::compiler::{Compiled, Compiler};
use crate::error::{Error, Warning};
use crate::fault::Faults;
#[cfg(feature = "libyang")]
use crate::libyang;
use crate::model::Model;
use crate::parse::{Statement, Text, TextId, parse};
use crate::sources::Sources;

/// The front end that reads modules.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
#[non_exhaustive]
pub enum FrontEnd {
    /// The one of this crate.
    #[default]
    Own,
    /// libyang 2.2.8, the second opinion.
    #[cfg(feature = "libyang")]
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
    /// True if what vendors ship against the RFC's word is a warning.
    pub(crate) lenient: bool,
}

#[cfg(feature = "libyang")]
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
            Self::Own => own(request),
            #[cfg(feature = "libyang")]
            Self::Libyang => libyang::load(request),
        }
    }

    /// The modules and all that they import, without nodes. If the request names none, all in the
    /// search path that have something to implement (RFC 7950 section 5.6.5).
    pub(crate) fn library(self, request: &Request<'_>) -> Result<Model, Error> {
        match self {
            Self::Own => own_library(request),
            #[cfg(feature = "libyang")]
            Self::Libyang => libyang::library(request),
        }
    }

    /// The names of the modules in a folder.
    pub(crate) fn modules(self, folder: &Path) -> Result<Vec<String>, Error> {
        match self {
            Self::Own => {
                let sources = sources(&[folder.to_path_buf()])?;
                Ok(sources.names().into_iter().map(ToOwned::to_owned).collect())
            }
            #[cfg(feature = "libyang")]
            Self::Libyang => libyang::modules(folder),
        }
    }

    /// The names that the texts of modules define, whether they were compiled or not.
    pub(crate) fn defined_names(self, files: &[PathBuf]) -> BTreeSet<String> {
        match self {
            Self::Own => names_in(files),
            #[cfg(feature = "libyang")]
            Self::Libyang => libyang::defined_names(files),
        }
    }
}

/// The compiler of a request.
fn compiler(request: &Request<'_>) -> Result<Compiler, Error> {
    Ok(Compiler {
        sources: sources(request.search_path)?,
        modules: request.modules.to_vec(),
        features: request.features.to_vec(),
        leave_out: request.leave_out.to_vec(),
        typedefs: request.typedefs.to_vec(),
        implement_imports: request.implement_imports,
        lenient: request.lenient,
    })
}

fn own(request: &Request<'_>) -> Result<Loaded, Error> {
    let Compiled {
        model,
        files,
        warnings,
    } = compiler(request)?.compile()?;
    Ok(Loaded {
        model,
        files,
        warnings,
    })
}

fn own_library(request: &Request<'_>) -> Result<Model, Error> {
    let mut compiler = compiler(request)?;
    if compiler.modules.is_empty() {
        let names = compiler.sources.implementable().into_iter();
        compiler.modules = names.map(|name| (name.to_owned(), None)).collect();
    }
    let mut model = compiler.compile()?.model;
    for module in &mut model.modules {
        module.typedefs.clear();
        module.roots.clear();
        module.operations.clear();
        module.structures.clear();
        module.annotations.clear();
        module.extensions.clear();
    }
    Ok(model)
}

/// The texts of folders.
fn sources(folders: &[PathBuf]) -> Result<Sources, Error> {
    let mut sources = Sources::new();
    for folder in folders {
        sources.folder(folder).map_err(|source| Error::Io {
            path: folder.clone(),
            source,
        })?;
    }
    Ok(sources)
}

fn names_in(files: &[PathBuf]) -> BTreeSet<String> {
    let mut faults = Faults::default();
    let mut names = BTreeSet::new();
    for file in files {
        let text = std::fs::read_to_string(file).ok();
        let text = text.and_then(|text| parse(TextId(0), file.clone(), &text, &mut faults));
        let root = text.as_ref().and_then(Text::root);
        let statements = root
            .into_iter()
            .chain(root.into_iter().flat_map(Statement::descendants));
        names.extend(statements.map(|statement| statement.argument().to_owned()));
    }
    names
}
