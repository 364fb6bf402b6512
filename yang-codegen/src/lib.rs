#![doc = include_str!("../README.md")]

#[allow(
    dead_code,
    unreachable_pub,
    unused_imports,
    reason = "the front end that needs it is being built"
)]
mod compile;
mod config;
mod derive;
mod emit;
mod error;
mod externs;
#[allow(
    dead_code,
    unreachable_pub,
    unused_imports,
    reason = "the front end that needs it is being built"
)]
mod fault;
mod folder;
mod load;
pub mod model;
#[allow(
    dead_code,
    unreachable_pub,
    unused_imports,
    reason = "the front end that needs it is being built"
)]
mod modules;
mod name;
#[allow(
    dead_code,
    unreachable_pub,
    unused_imports,
    reason = "the front end that needs it is being built"
)]
mod parse;
mod partial;
mod pattern;
mod settings;
mod sid;
#[allow(
    dead_code,
    unreachable_pub,
    unused_imports,
    reason = "the front end that needs it is being built"
)]
mod sources;
mod xpath;

use std::fs;
use std::path::{Path, PathBuf};

pub use error::{Complaint, Error, Place, Warning};
use model::Model;
use settings::Settings;

/// The features of a module that are on (RFC 7950 section 5.6.2).
///
/// ```
/// use yang_codegen::{Features, Generator};
///
/// let generator = Generator::new()
///     .features("ietf-interfaces", ["if-mib"])
///     .features("acme-power", Features::All);
/// ```
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Features {
    /// All of them.
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
    search_path: Vec<PathBuf>,
    modules: Vec<(String, Option<String>)>,
    features: Vec<(String, Features)>,
    sid_files: Vec<PathBuf>,
    implement_imports: bool,
    leave_out: Vec<String>,
    typedefs: Vec<String>,
    partial: Vec<String>,
    per_module: bool,
    output: Option<PathBuf>,
    /// The file that the settings were read from.
    config: Option<PathBuf>,
    settings: Settings,
}

/// The result of a generation.
#[derive(Debug, Clone)]
pub struct Output {
    /// The Rust source; with [`Generator::per_module`], that of `mod.rs`.
    pub source: String,
    /// With [`Generator::per_module`], the files beside `mod.rs`, by their names.
    pub modules: Vec<(String, String)>,
    /// The YANG files that were read.
    pub files: Vec<PathBuf>,
    /// The modules with their nodes.
    pub model: Model,
    /// Likely mistakes in the modules.
    pub warnings: Vec<Warning>,
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

    /// Adds a folder to search for modules and their imports. The newest revision in the search
    /// path is compiled unless another is asked for.
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

    /// Generates the imported modules too, if their files are in the search path. For libyang, and
    /// so here, the identities of a module that is only imported are no values of an identityref;
    /// sets of modules such as OpenConfig's need those of all their modules of types.
    pub const fn implement_imports(mut self, yes: bool) -> Self {
        self.implement_imports = yes;
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
    /// `deviate not-supported` would, so libyang decides what else depends on the node.
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
        let mut all = self.clone();
        if all.modules.is_empty() {
            let names = load::implementable(&self.search_path)?;
            all = names.iter().fold(all, |all, name| all.module(name));
        }
        let modules = all.all_modules()?;
        load::library(&all.request(&modules))
    }

    /// The modules to generate.
    fn all_modules(&self) -> Result<Vec<(String, Option<String>)>, Error> {
        if self.implement_imports {
            load::with_imports(&self.request(&self.modules))
        } else {
            Ok(self.modules.clone())
        }
    }

    fn request<'r>(&'r self, modules: &'r [(String, Option<String>)]) -> load::Request<'r> {
        load::Request {
            search_path: &self.search_path,
            modules,
            features: &self.features,
            leave_out: &self.leave_out,
            typedefs: &self.typedefs,
        }
    }

    fn load_with_files(&self) -> Result<load::Loaded, Error> {
        if self.modules.is_empty() {
            return Err(Error::Setting {
                path: "modules".to_owned(),
                reason: "name those that types are wanted for".to_owned(),
            });
        }
        let modules = self.all_modules()?;
        let mut loaded = load::load(&self.request(&modules))?;
        partial::mark(&mut loaded.model, &self.partial)?;
        Ok(loaded)
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
    /// An error in a module or a setting, or a statement that has no Rust form.
    pub fn generate(&self) -> Result<Output, Error> {
        let load::Loaded {
            model,
            files,
            warnings,
        } = self.load_with_files()?;
        let settings = self.settings.parse()?;
        externs::check(&model, &settings)?;
        let sids = self.sids(&model, &files)?;
        let emitted = emit::emit(&model, &settings, &sids);
        settings.check_paths()?;
        let header = header(&model);
        let (top, files_of_modules) = if self.per_module {
            (emitted.declarations(), emitted.files())
        } else {
            (emitted.in_one(), Vec::new())
        };
        let source = |tokens| -> Result<String, Error> {
            let mut file = syn::parse2(tokens)?;
            derive::merge(&mut file)?;
            let printed = prettyplease::unparse(&file);
            Ok(format!("{header}{}", emitted.complete(&printed)))
        };
        Ok(Output {
            source: source(top)?,
            modules: files_of_modules
                .into_iter()
                .map(|(name, tokens)| Ok((name, source(tokens)?)))
                .collect::<Result<_, Error>>()?,
            files,
            model,
            warnings,
        })
    }

    /// Generates the source into the file that [`output`](Self::output) names, or of
    /// [`per_module`](Self::per_module) into the folder.
    ///
    /// # Errors
    /// As [`generate`](Self::generate); no output is set; or the output cannot be written.
    pub fn write(&self) -> Result<Output, Error> {
        let target = self.output.as_ref().ok_or_else(|| Error::Setting {
            path: "output".to_owned(),
            reason: "it is not set; output or --output says where to write".to_owned(),
        })?;
        self.write_to(target)
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

    fn write_to(&self, target: &Path) -> Result<Output, Error> {
        let output = self.generate()?;
        if !self.per_module {
            write_if_changed(target, &output.source)?;
            return Ok(output);
        }
        fs::create_dir_all(target).map_err(|source| Error::Io {
            path: target.to_path_buf(),
            source,
        })?;
        write_if_changed(&target.join("mod.rs"), &output.source)?;
        for (name, source) in &output.modules {
            write_if_changed(&target.join(name), source)?;
        }
        Ok(output)
    }

    /// Generates the source into `file`, in `OUT_DIR` if the path is relative; tells Cargo to rerun
    /// the build script when a YANG file changes and to print the warnings. For build scripts.
    ///
    /// # Errors
    /// As [`generate`](Self::generate); an [`output`](Self::output) is set beside `file`; or the
    /// file cannot be written.
    pub fn compile(&self, file: impl AsRef<Path>) -> Result<(), Error> {
        if let Some(output) = &self.output {
            return Err(Error::Setting {
                path: format!("output {}", output.display()),
                reason: "compile is given another file; take one of them away".to_owned(),
            });
        }
        let target = std::env::var_os("OUT_DIR")
            .map_or_else(PathBuf::new, PathBuf::from)
            .join(file);
        let output = self.write_to(&target)?;
        for warning in &output.warnings {
            println!("cargo::warning={warning}");
        }
        let read = self.search_path.iter().chain(&output.files);
        for path in read.chain(&self.config).chain(&self.sid_files) {
            println!("cargo::rerun-if-changed={}", path.display());
        }
        Ok(())
    }
}

/// Writes `source` unless the file holds it already, so that nothing is rebuilt needlessly.
///
/// # Errors
/// The file cannot be written.
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
