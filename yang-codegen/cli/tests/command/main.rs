//! The command, as a user runs it.
#![allow(clippy::expect_used, reason = "a test states what must hold")]

mod generate;
mod library;

use std::fs;
use std::process::{Command, Output};

use tempfile::TempDir;

/// A folder with these files, each by its name and text.
fn folder(files: &[(&str, &str)]) -> TempDir {
    let folder = TempDir::new().expect("makes a folder");
    for (name, text) in files {
        fs::write(folder.path().join(name), text).expect("writes");
    }
    folder
}

/// The path of a folder, as libyang names it.
fn path(folder: &TempDir) -> String {
    let path = folder.path().canonicalize().expect("is there");
    path.display().to_string()
}

/// The module `name` with this body, which starts on line 5.
fn module(name: &str, body: &str) -> String {
    format!(
        "module {name} {{\n  yang-version 1.1;\n  namespace \"urn:{name}\";\n  prefix {name};\n{body}\n}}\n"
    )
}

fn command(arguments: &[&str]) -> Output {
    Command::new(env!("CARGO_BIN_EXE_yang-codegen"))
        .args(arguments)
        .output()
        .expect("runs")
}

fn text(bytes: &[u8]) -> &str {
    std::str::from_utf8(bytes).expect("is text")
}

/// The folder of the shared modules.
fn fixtures() -> String {
    fixtures::folder().display().to_string()
}
