//! Shared by the tests: folders of modules, and generators.
#![allow(clippy::expect_used, reason = "a test states what must hold")]

pub(crate) mod libyang;

use std::fs;
use std::path::PathBuf;

use tempfile::TempDir;
use yang_codegen::Generator;

/// A folder of modules.
pub(crate) struct Modules(TempDir);

impl Modules {
    /// Each file by its name and text.
    pub(crate) fn new(files: &[(&str, &str)]) -> Self {
        let folder = TempDir::new().expect("makes a folder");
        for (name, text) in files {
            fs::write(folder.path().join(name), text).expect("writes");
        }
        Self(folder)
    }

    /// The module `m` with this body, which starts on line 5.
    pub(crate) fn with_body(body: &str) -> Self {
        Self::new(&[("m.yang", &module("m", body))])
    }

    pub(crate) fn path(&self) -> PathBuf {
        // libyang names files by their real path.
        self.0.path().canonicalize().expect("is there")
    }

    pub(crate) fn generator(&self) -> Generator {
        Generator::new().search_path(self.path()).module("m")
    }

    /// The error of `generator`, with `DIR` for the folder's path.
    pub(crate) fn error_of(&self, generator: &Generator) -> String {
        let error = generator.generate().expect_err("is refused").to_string();
        error.replace(&self.path().display().to_string(), "DIR")
    }

    pub(crate) fn error(&self) -> String {
        self.error_of(&self.generator())
    }
}

pub(crate) fn module(name: &str, body: &str) -> String {
    format!(
        "module {name} {{\n  yang-version 1.1;\n  namespace \"urn:{name}\";\n  prefix {name};\n{body}\n}}\n"
    )
}

pub(crate) fn revision_of(name: &str, revision: &str, body: &str) -> String {
    module(name, &format!("  revision {revision};\n{body}"))
}

/// A container whose name says which text it was generated from.
pub(crate) fn container(name: &str) -> String {
    format!("  container {name} {{ leaf b {{ type string; }} }}")
}

/// The folder of the shared modules.
pub(crate) fn fixtures() -> String {
    fixtures::folder().display().to_string()
}

/// The generator of a set of the shared modules.
pub(crate) fn generator_of(set: &str) -> Generator {
    let generator = match set {
        "event" => Generator::from_folder(fixtures::folder().join("folder")),
        _ => Generator::from_toml(fixtures::settings(set)),
    };
    generator.expect("reads the settings")
}
