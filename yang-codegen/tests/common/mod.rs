//! What the tests share: folders of modules, and the command.
#![allow(
    dead_code,
    missing_docs,
    clippy::expect_used,
    clippy::must_use_candidate,
    clippy::missing_panics_doc,
    unreachable_pub,
    reason = "helpers of tests, not all of which use all"
)]

use std::fs;
use std::path::{Path, PathBuf};
use std::process::{Command, Output};

use tempfile::TempDir;
use yang_codegen::Generator;

/// A folder of modules.
pub struct Modules(TempDir);

impl Modules {
    /// Each file by its name and text.
    pub fn new(files: &[(&str, &str)]) -> Self {
        let folder = TempDir::new().expect("makes a folder");
        for (name, text) in files {
            fs::write(folder.path().join(name), text).expect("writes");
        }
        Self(folder)
    }

    /// The module `m` with this body, which starts on line 5.
    pub fn with_body(body: &str) -> Self {
        Self::new(&[("m.yang", &module("m", body))])
    }

    pub fn path(&self) -> PathBuf {
        // libyang names files by their real path.
        self.0.path().canonicalize().expect("is there")
    }

    pub fn generator(&self) -> Generator {
        Generator::new().search_path(self.path()).module("m")
    }

    /// The error of `generator`, with `DIR` for the folder's path.
    pub fn error_of(&self, generator: &Generator) -> String {
        let error = generator.generate().expect_err("is refused").to_string();
        error.replace(&self.path().display().to_string(), "DIR")
    }

    pub fn error(&self) -> String {
        self.error_of(&self.generator())
    }
}

pub fn module(name: &str, body: &str) -> String {
    format!(
        "module {name} {{\n  yang-version 1.1;\n  namespace \"urn:{name}\";\n  prefix {name};\n{body}\n}}\n"
    )
}

pub fn revision_of(name: &str, revision: &str, body: &str) -> String {
    module(name, &format!("  revision {revision};\n{body}"))
}

/// A container whose name says which text it was generated from.
pub fn container(name: &str) -> String {
    format!("  container {name} {{ leaf b {{ type string; }} }}")
}

pub fn command(arguments: &[&str]) -> Output {
    Command::new(env!("CARGO_BIN_EXE_yang-codegen"))
        .args(arguments)
        .output()
        .expect("runs")
}

pub fn text(bytes: &[u8]) -> &str {
    std::str::from_utf8(bytes).expect("is text")
}

pub fn fixtures() -> String {
    Path::new(env!("CARGO_MANIFEST_DIR"))
        .join("tests/fixtures")
        .display()
        .to_string()
}
