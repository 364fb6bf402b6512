//! The result of a generation, and the files that it is written to.

use std::fs;
use std::path::{Path, PathBuf};

use super::{Generator, derive, externs};
use crate::emit;
use crate::error::{Error, Warning};
use crate::front_end::Loaded;
use crate::model::Model;

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
    /// Generates the source. The same modules and settings give the same source.
    ///
    /// # Errors
    /// An error in a module or a setting, or a statement that has no Rust form.
    pub fn generate(&self) -> Result<Output, Error> {
        let Loaded {
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
