//! The generator: its settings, and the way from modules to Rust source.

mod config;
mod derive;
mod externs;
mod folder;
mod output;
mod partial;

use std::path::{Path, PathBuf};

use crate::front_end::{FrontEnd, Loaded, Request};
use crate::model::Model;
use crate::settings::Settings;
use crate::sid::Sids;
use crate::{Error, Features};
pub use output::{Output, write_if_changed};

/// Turns modules into Rust source.
///
/// ```
/// use yang_codegen::Generator;
///
/// # fn main() -> Result<(), yang_codegen::Error> {
/// let output = Generator::new()
///     .search_path("../examples/yang")
///     .search_path("../yang_modules")
///     .module("acme-power")
///     .generate()?;
/// assert!(output.source.contains("pub struct PowerReport"));
/// # Ok(())
/// # }
/// ```
#[derive(Debug, Clone, Default)]
#[must_use = "nothing is generated before `generate` or `compile`"]
pub struct Generator {
    front_end: FrontEnd,
    search_path: Vec<PathBuf>,
    modules: Vec<(String, Option<String>)>,
    features: Vec<(String, Features)>,
    sid_files: Vec<PathBuf>,
    implement_imports: bool,
    lenient: bool,
    leave_out: Vec<String>,
    typedefs: Vec<String>,
    partial: Vec<String>,
    per_module: bool,
    output: Option<PathBuf>,
    /// The file that the settings were read from.
    config: Option<PathBuf>,
    settings: Settings,
}

impl Generator {
    /// A generator without modules.
    pub fn new() -> Self {
        Self::default()
    }

    /// A generator with the settings of a TOML file, by the names of the functions here:
    ///
    /// ```toml
    /// search-path = ["yang"]              # relative to the file's folder
    /// modules = ["acme-power", "ietf-yang-types@2013-07-15"]
    /// leave-out = ["/acme-power:power-report/supply/debug"]
    /// output = "src/yang.rs"              # for the command
    ///
    /// [features]
    /// acme-power = ["dual-feed"]          # "*" is all of them
    ///
    /// [type-attribute]
    /// "/acme-power:power-report/**" = "#[derive(Eq)]"
    /// ```
    ///
    /// # Errors
    /// The file cannot be read, is not valid TOML, or has an unknown key.
    pub fn from_toml(path: impl AsRef<Path>) -> Result<Self, Error> {
        let path = path.as_ref();
        let mut generator = config::read(path)?;
        generator.config = Some(path.to_path_buf());
        Ok(generator)
    }

    /// Sets the front end that reads the modules.
    #[cfg(feature = "libyang")]
    pub const fn front_end(mut self, front_end: FrontEnd) -> Self {
        self.front_end = front_end;
        self
    }

    /// Adds a folder to search for modules and their imports. The newest revision in the search
    /// path is compiled unless another is asked for; where several folders have it, that of the
    /// first.
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

    /// Generates the imported modules too, if their files are in the search path. The identities of a
    /// module that is only imported are no values of an identityref (RFC 7950 section 9.10.2);
    /// sets of modules such as OpenConfig's need those of all their modules of types.
    pub const fn implement_imports(mut self, yes: bool) -> Self {
        self.implement_imports = yes;
        self
    }

    /// Takes modules that break a rule which many of the modules break that vendors ship. Each such
    /// place is a warning.
    pub const fn lenient(mut self, yes: bool) -> Self {
        self.lenient = yes;
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

    /// Leaves out the node at a schema path and all below it, so that data of it is unknown; or,
    /// given the name of a module, all nodes that the module defines. It works as a module with
    /// `deviate not-supported` would (RFC 7950 section 7.20.3): what refers to the node is at fault.
    pub fn leave_out(mut self, path: impl Into<String>) -> Self {
        self.leave_out.push(path.into());
        self
    }

    /// Generates all typedefs at the top of a module, those that no node uses included, for other
    /// crates that refer to them through [`extern_path`](Self::extern_path). Leafrefs, which are
    /// the type of what they refer to, are not among them.
    pub fn typedefs(mut self, module: impl Into<String>) -> Self {
        self.typedefs.push(module.into());
        self
    }

    /// Refers to the types of a module at a Rust path instead of generating them:
    /// `("ietf-yang-types", "::my_types::ietf_yang_types")`. They were generated in another crate,
    /// from the same revision, with its [`typedefs`](Self::typedefs) if they are needed.
    pub fn extern_path(mut self, module: impl Into<String>, path: impl Into<String>) -> Self {
        self.settings.add_extern_path(module.into(), path.into());
        self
    }

    /// Makes a module's types fit for a part of a datastore: all mandatory nodes become `Option`s,
    /// but for the keys of lists. Mandatory nodes and constraints between nodes are then checked at
    /// decode time, unless the decoder is told that its data is a part (`Options::partial`).
    pub fn partial(mut self, module: impl Into<String>) -> Self {
        self.partial.push(module.into());
        self
    }

    /// Writes a folder, with `mod.rs` and a file for each module, instead of one file.
    pub const fn per_module(mut self, yes: bool) -> Self {
        self.per_module = yes;
        self
    }

    /// Sets the file, or of [`per_module`](Self::per_module) the folder, that [`write`](Self::write)
    /// writes. [`compile`](Self::compile) is given its own.
    pub fn output(mut self, path: impl Into<PathBuf>) -> Self {
        self.output = Some(path.into());
        self
    }

    /// Adds an attribute, such as `#[derive(Hash)]`, to the type of the node at a schema path. `*`
    /// in a path stands for any one step, `**` at its end for all below. A trait that a type derives
    /// already is not derived twice.
    pub fn type_attribute(mut self, path: impl Into<String>, attribute: impl Into<String>) -> Self {
        self.settings
            .add_type_attribute(path.into(), attribute.into());
        self
    }

    /// Adds an attribute to the field of the node at a schema path, with `*` and `**` as in
    /// [`type_attribute`](Self::type_attribute).
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

    /// True if a search path is set; for the command.
    #[doc(hidden)]
    #[must_use]
    pub const fn has_search_path(&self) -> bool {
        !self.search_path.is_empty()
    }

    /// True if a folder is written instead of one file.
    #[must_use]
    pub const fn is_per_module(&self) -> bool {
        self.per_module
    }

    /// The configured output; for the command.
    #[doc(hidden)]
    #[must_use]
    pub fn configured_output(&self) -> Option<&Path> {
        self.output.as_deref()
    }

    /// Loads the modules.
    ///
    /// # Errors
    /// An error in a module, or a statement that has no Rust form.
    pub fn load(&self) -> Result<Model, Error> {
        self.load_with_files().map(|loaded| loaded.model)
    }

    /// Loads the modules and their imports without nodes, for a list of modules. Without
    /// [`module`](Self::module), all in the search path.
    ///
    /// # Errors
    /// An error in a module.
    pub fn library(&self) -> Result<Model, Error> {
        self.front_end.library(&self.request())
    }

    fn request(&self) -> Request<'_> {
        Request {
            search_path: &self.search_path,
            modules: &self.modules,
            implement_imports: self.implement_imports,
            features: &self.features,
            leave_out: &self.leave_out,
            typedefs: &self.typedefs,
            lenient: self.lenient,
        }
    }

    fn load_with_files(&self) -> Result<Loaded, Error> {
        if self.modules.is_empty() {
            return Err(Error::Setting {
                path: "modules".to_owned(),
                reason: "name those that types are wanted for".to_owned(),
            });
        }
        let mut loaded = self.front_end.load(&self.request())?;
        partial::mark(&mut loaded.model, &self.partial)?;
        Ok(loaded)
    }

    fn sids(&self, model: &Model, files: &[PathBuf]) -> Result<Sids, Error> {
        if self.sid_files.is_empty() {
            return Ok(Sids::default());
        }
        Sids::read(&self.sid_files, model, &self.front_end.defined_names(files))
    }
}
