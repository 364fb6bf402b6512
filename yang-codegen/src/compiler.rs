//! The compiler of modules, for programs that need the compiled schema rather than Rust source.

use std::path::{Path, PathBuf};

use crate::Features;
use crate::compile::{self, Settings};
use crate::error::{Error, Warning};
use crate::fault::{Fault, Faults};
use crate::model::Model;
use crate::modules::Request;
use crate::sources::Sources;

/// Compiles YANG modules to a [`Model`]: groupings are expanded, augments and deviations applied,
/// types resolved.
///
/// ```
/// use yang_codegen::{Compiler, Sources};
///
/// # fn main() -> Result<(), yang_codegen::Error> {
/// let mut sources = Sources::new();
/// sources.add(
///     "acme-lamp.yang",
///     "module acme-lamp {
///        namespace 'urn:acme:lamp';
///        prefix lamp;
///        grouping state { leaf on { type boolean; default false; } }
///        container lamp { uses state; }
///      }",
/// );
/// let compiled = Compiler::new(sources).module("acme-lamp").compile()?;
/// let [lamp] = compiled.model.modules[0].roots.as_slice() else {
///     panic!("the module has one node at its top")
/// };
/// assert_eq!(lamp.name, "lamp");
/// assert_eq!(lamp.children()[0].name, "on");
/// # Ok(())
/// # }
/// ```
#[derive(Debug, Clone, Default)]
#[must_use = "nothing is compiled before `compile`"]
pub struct Compiler {
    pub(crate) sources: Sources,
    pub(crate) modules: Vec<(String, Option<String>)>,
    pub(crate) features: Vec<(String, Features)>,
    pub(crate) leave_out: Vec<String>,
    pub(crate) typedefs: Vec<String>,
    pub(crate) implement_imports: bool,
    pub(crate) lenient: bool,
}

/// A compiled set of modules.
#[derive(Debug, Clone)]
#[non_exhaustive]
pub struct Compiled {
    /// The modules with their nodes.
    pub model: Model,
    /// The files that were read.
    pub files: Vec<PathBuf>,
    /// Likely mistakes in the modules.
    pub warnings: Vec<Warning>,
}

impl Compiler {
    /// A compiler of no modules yet. Imports are looked for in the sources too.
    pub fn new(sources: Sources) -> Self {
        Self {
            sources,
            ..Self::default()
        }
    }

    /// Adds a module to compile: `name`, or `name@revision`. Without a revision, the newest in the
    /// sources is meant.
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

    /// Leaves out the node at a schema path and all below it, as `deviate not-supported` would (RFC
    /// 7950 section 7.20.3); or, given the name of a module, all nodes that the module defines.
    pub fn leave_out(mut self, path: impl Into<String>) -> Self {
        self.leave_out.push(path.into());
        self
    }

    /// Puts all typedefs at the top of a module into the model, those that no node uses included.
    pub fn typedefs(mut self, module: impl Into<String>) -> Self {
        self.typedefs.push(module.into());
        self
    }

    /// Compiles the nodes of imported modules too, if the sources have them.
    pub const fn implement_imports(mut self, yes: bool) -> Self {
        self.implement_imports = yes;
        self
    }

    /// Takes modules that break a rule which many break. Each such place is a warning.
    pub const fn lenient(mut self, yes: bool) -> Self {
        self.lenient = yes;
        self
    }

    /// Compiles the modules and all that they import.
    ///
    /// # Errors
    /// A module or an import is not in the sources, the texts have faults, or a setting names nothing.
    pub fn compile(&self) -> Result<Compiled, Error> {
        let settings = Settings {
            modules: Request {
                sources: &self.sources,
                modules: &self.modules,
                features: &self.features,
                implement_imports: self.implement_imports,
            },
            leave_out: &self.leave_out,
            typedefs: &self.typedefs,
        };
        let mut faults = Faults::new(self.lenient);
        let compiled = compile::compile(&settings, &mut faults)?;
        let files = compiled.modules.files().map(Path::to_path_buf).collect();
        let mut warnings = compiled.warnings;
        let (mut list, more, tolerated) = faults.finish();
        warnings.extend(tolerated.into_iter().map(Warning::Tolerated));
        let Some(model) = compiled.model.filter(|_| list.is_empty()) else {
            if more > 0 {
                list.push(Fault {
                    message: format!("there are {more} faults more"),
                    ..Fault::default()
                });
            }
            return Err(Error::Load(list));
        };
        Ok(Compiled {
            model,
            files,
            warnings,
        })
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn faults(body: &str) -> String {
        let mut sources = Sources::new();
        let text = format!("module m {{ yang-version 1.1; namespace 'urn:m'; prefix m; {body} }}");
        sources.add("m.yang", text);
        let compiled = Compiler::new(sources).module("m").compile();
        compiled
            .err()
            .map_or_else(String::new, |error| error.to_string())
    }

    #[test]
    fn the_file_of_a_module_has_another() {
        let folder = tempfile::tempdir().unwrap();
        let text = "module m { namespace 'urn:m'; prefix m; }";
        std::fs::write(folder.path().join("n.yang"), text).unwrap();
        let mut sources = Sources::new();
        sources.folder(folder.path()).unwrap();
        let error = Compiler::new(sources).module("n").compile().unwrap_err();
        let found = error.to_string();
        assert!(
            found.contains("n.yang: the file has the module m; call it m.yang"),
            "{found}"
        );
    }

    #[test]
    fn configuration_has_each_default_once() {
        let found = faults("leaf-list a { type int8; default 16; default 0x10; }");
        assert!(
            found.starts_with("m.yang:1:96: default \"0x10\""),
            "{found}"
        );
        assert!(found.ends_with("(RFC 7950 section 7.7)"), "{found}");
        let state = "leaf-list a { config false; type int8; default 1; default 1; }";
        assert_eq!(faults(state), "");
    }
}
