//! Generates Rust types with strict codecs from YANG modules.
//!
//! In a build script:
//!
//! ```no_run
//! fn main() -> Result<(), Box<dyn std::error::Error>> {
//!     yang_codegen::Generator::new()
//!         .search_path("yang")
//!         .module("ietf-https-notif")
//!         .features("ietf-https-notif", yang_codegen::Features::All)
//!         .compile("yang.rs")?;
//!     Ok(())
//! }
//! ```
//!
//! and in the crate:
//!
//! ```ignore
//! pub mod yang {
//!     include!(concat!(env!("OUT_DIR"), "/yang.rs"));
//! }
//! ```
//!
//! The generated code stands on the crate `notif-runtime`. A construct that cannot be expressed
//! stops the generation with its file, line and statement: nothing is skipped.

mod emit;
mod error;
mod load;
pub mod model;
mod name;
mod pattern;
mod settings;
mod sid;
mod xpath;

use std::fs;
use std::path::{Path, PathBuf};

pub use error::{Complaint, Error, Place};
use model::Model;
use settings::Settings;

/// Which features of a module are on (RFC 7950 section 5.6.2).
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Features {
    /// Every one.
    All,
    /// These.
    Only(Vec<String>),
}

impl Features {
    /// Stands for every module in [`Generator::features`].
    pub const EVERY_MODULE: &str = "*";
}

impl<S: Into<String>, const N: usize> From<[S; N]> for Features {
    fn from(names: [S; N]) -> Self {
        Self::Only(names.into_iter().map(Into::into).collect())
    }
}

/// Turns modules into Rust source.
#[derive(Debug, Clone, Default)]
#[must_use = "nothing is generated before `generate` or `compile`"]
pub struct Generator {
    search_path: Vec<PathBuf>,
    modules: Vec<(String, Option<String>)>,
    features: Vec<(String, Features)>,
    sid_files: Vec<PathBuf>,
    settings: Settings,
}

/// What was generated.
#[derive(Debug, Clone)]
pub struct Output {
    /// The Rust source.
    pub source: String,
    /// The YANG files that it was made from.
    pub files: Vec<PathBuf>,
    /// The modules, what they hold included.
    pub model: Model,
}

impl Generator {
    /// A generator of no modules.
    pub fn new() -> Self {
        Self::default()
    }

    /// Adds a folder in which modules and what they import are looked for. The newest revision in
    /// the search path is compiled unless another is asked for.
    pub fn search_path(mut self, folder: impl Into<PathBuf>) -> Self {
        self.search_path.push(folder.into());
        self
    }

    /// Adds a module to generate types for: `name`, or `name@revision`.
    pub fn module(mut self, name: &str) -> Self {
        let (name, revision) = match name.split_once('@') {
            Some((name, revision)) => (name, Some(revision.to_owned())),
            None => (name, None),
        };
        self.modules.push((name.to_owned(), revision));
        self
    }

    /// Turns features of a module on; all are off otherwise. [`Features::EVERY_MODULE`] stands for
    /// all modules.
    pub fn features(mut self, module: impl Into<String>, features: impl Into<Features>) -> Self {
        self.features.push((module.into(), features.into()));
        self
    }

    /// Adds a `.sid` file (RFC 9595), which gives SIDs to the nodes and identities of one module, so
    /// that CBOR can carry them (RFC 9254). Without one, CBOR goes by names.
    pub fn sid_file(mut self, file: impl Into<PathBuf>) -> Self {
        self.sid_files.push(file.into());
        self
    }

    /// Adds an attribute, such as `#[derive(Hash)]`, to the type of the node at a schema path.
    pub fn type_attribute(mut self, path: impl Into<String>, attribute: impl Into<String>) -> Self {
        self.settings
            .add_type_attribute(path.into(), attribute.into());
        self
    }

    /// Adds an attribute to the field of the node at a schema path.
    pub fn field_attribute(
        mut self,
        path: impl Into<String>,
        attribute: impl Into<String>,
    ) -> Self {
        self.settings
            .add_field_attribute(path.into(), attribute.into());
        self
    }

    /// Names the type of the container, list, notification or enumeration at a schema path.
    pub fn rename(mut self, path: impl Into<String>, name: impl Into<String>) -> Self {
        self.settings.add_rename(path.into(), name.into());
        self
    }

    /// Sets the path under which generated code finds the crate `notif-runtime`; `::notif_runtime`
    /// if it is not set.
    pub fn runtime_path(mut self, path: impl Into<String>) -> Self {
        self.settings.set_runtime_path(path.into());
        self
    }

    /// Loads the modules.
    ///
    /// # Errors
    /// What is wrong with a module, or what the generator has no form for.
    pub fn load(&self) -> Result<Model, Error> {
        self.load_with_files().map(|loaded| loaded.model)
    }

    fn load_with_files(&self) -> Result<load::Loaded, Error> {
        load::load(&load::Request {
            search_path: &self.search_path,
            modules: &self.modules,
            features: &self.features,
        })
    }

    fn sids(&self, model: &Model, files: &[PathBuf]) -> Result<sid::Sids, Error> {
        if self.sid_files.is_empty() {
            return Ok(sid::Sids::default());
        }
        sid::Sids::read(&self.sid_files, model, &load::defined_names(files))
    }

    /// Generates the source. The same modules and settings give the same source.
    ///
    /// # Errors
    /// What is wrong with a module or a setting, or what the generator has no form for.
    pub fn generate(&self) -> Result<Output, Error> {
        let load::Loaded { model, files } = self.load_with_files()?;
        let settings = self.settings.parse()?;
        let sids = self.sids(&model, &files)?;
        let tokens = emit::emit(&model, &settings, &sids);
        settings.check_paths()?;
        let source = format!(
            "{}{}",
            header(&model),
            prettyplease::unparse(&syn::parse2(tokens)?)
        );
        Ok(Output {
            source,
            files,
            model,
        })
    }

    /// Generates the source into `file`, in `OUT_DIR` if the path is relative, and tells Cargo to
    /// run the build script again when a YANG file changes. For build scripts.
    ///
    /// # Errors
    /// As [`generate`](Self::generate), or that the file cannot be written.
    pub fn compile(&self, file: impl AsRef<Path>) -> Result<(), Error> {
        let output = self.generate()?;
        let target = std::env::var_os("OUT_DIR")
            .map_or_else(PathBuf::new, PathBuf::from)
            .join(file);
        write_if_changed(&target, &output.source)?;
        let inputs = self.search_path.iter().chain(&output.files);
        for path in inputs.chain(&self.sid_files) {
            println!("cargo::rerun-if-changed={}", path.display());
        }
        Ok(())
    }
}

/// Writes `source` unless the file holds it already, so that nothing is built again for nothing.
///
/// # Errors
/// That the file cannot be written.
pub fn write_if_changed(path: &Path, source: &str) -> Result<(), Error> {
    if fs::read_to_string(path).is_ok_and(|old| old == source) {
        return Ok(());
    }
    fs::write(path, source).map_err(|source| Error::Io {
        path: path.to_path_buf(),
        source,
    })
}

fn header(model: &Model) -> String {
    let modules: Vec<String> = model
        .modules
        .iter()
        .map(|module| match &module.revision {
            Some(revision) => format!("//   {}@{revision}\n", module.name),
            None => format!("//   {}\n", module.name),
        })
        .collect();
    format!(
        "// @generated by yang-codegen {}. Changes here are lost; change the modules instead:\n{}\n",
        env!("CARGO_PKG_VERSION"),
        modules.concat()
    )
}
