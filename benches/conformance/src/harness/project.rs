//! The cargo project that the generated sources are compiled in: a library for each set, and one
//! program that links them.

use std::collections::{BTreeMap, BTreeSet};
use std::fs::{self, File};
use std::io::{BufRead as _, BufReader};
use std::path::{Path, PathBuf};
use std::process::{Command, Stdio};
use std::time::{Duration, Instant};

use serde::Deserialize;
use yang_codegen::write_if_changed;

use super::Error;

/// The root of this checkout, which has the runtime that the sources use.
const CHECKOUT: &str = concat!(env!("CARGO_MANIFEST_DIR"), "/../..");

/// The profile compiles fast, since few documents go through each decoder.
const PROFILE: &str = "[profile.dev]\ndebug = false\n";

/// The source of a set.
#[derive(Debug)]
pub struct Source {
    /// The set's name.
    pub set: String,
    /// The generated code.
    pub text: String,
}

/// The result of a build.
#[derive(Debug)]
pub struct Built {
    /// The program that answers for the sets that compile.
    pub program: PathBuf,
    /// The sets that do not, and the compiler's first error of each.
    pub broken: BTreeMap<String, String>,
}

/// The function that the program's `main` calls with the name and the modules of each set, in a
/// package of this checkout.
#[derive(Debug, Clone, Copy)]
pub struct Respondent {
    /// The package's name.
    pub package: &'static str,
    /// Its folder in this checkout.
    pub folder: &'static str,
    /// The path of the function.
    pub main: &'static str,
}

/// Answers questions about documents.
pub const ANSWERS: Respondent = Respondent {
    package: "conformance",
    folder: "benches/conformance",
    main: "conformance::runner::main",
};

/// A folder with the project.
#[derive(Debug)]
pub struct Project<'p> {
    folder: &'p Path,
    respondent: Respondent,
}

impl<'p> Project<'p> {
    /// A project in this folder. What was built there before is built again only where it changed.
    #[must_use]
    pub const fn new(folder: &'p Path, respondent: Respondent) -> Self {
        Self { folder, respondent }
    }

    /// Lets a cargo command such as `check` compile each source by itself, after their common
    /// dependencies, and tells how long each took, or the compiler's first error.
    ///
    /// # Errors
    /// Files cannot be written, or cargo does not run.
    pub fn time(
        &self,
        command: &[&str],
        sources: &[Source],
    ) -> Result<Vec<Result<Duration, String>>, Error> {
        self.write(sources)?;
        let run = |package: &str| self.run_cargo(&[command, &["--package", package]].concat());
        run("notif-runtime")?;
        let time = |Source { set, text }: &Source| {
            // Newer than what an earlier run made of it.
            let file = self.folder.join("sets").join(set).join("src/lib.rs");
            fs::write(&file, text).map_err(Error::io(&file))?;
            let start = Instant::now();
            let mut output = run(&package(set))?;
            let error = output.errors.remove(&library(set));
            Ok(error.map_or_else(|| Ok(start.elapsed()), Err))
        };
        sources.iter().map(time).collect()
    }

    /// Builds the program. A source that does not compile is left out of it.
    ///
    /// # Errors
    /// Files cannot be written, or the common dependencies of the sources do not compile.
    pub fn build(&self, mut sources: Vec<Source>) -> Result<Built, Error> {
        let mut broken = BTreeMap::new();
        loop {
            self.write(&sources)?;
            let output = self.run_cargo(&["build", "--workspace", "--keep-going"])?;
            if let Some(program) = output.program {
                return Ok(Built { program, broken });
            }
            let (fine, failed): (Vec<Source>, Vec<Source>) = sources
                .into_iter()
                .partition(|source| output.compiled.contains(&library(&source.set)));
            // Without the runtime nothing compiles, and no source is to blame.
            if failed.is_empty() || !output.compiled.contains(RUNTIME) {
                let errors = output.errors.into_values();
                return Err(Error::Build {
                    errors: errors.collect::<Vec<_>>().join("; "),
                    log: self.log(),
                });
            }
            broken.extend(failed.into_iter().map(|source| {
                let error = output.errors.get(&library(&source.set)).cloned();
                (
                    source.set,
                    error.unwrap_or_else(|| "the compiler does not say why".to_owned()),
                )
            }));
            sources = fine;
        }
    }

    fn write(&self, sources: &[Source]) -> Result<(), Error> {
        for Source { set, text } in sources {
            let manifest = manifest(&package(set), &checkout("notif-runtime", "notif-runtime"));
            self.write_package(&format!("sets/{set}"), &manifest, "lib.rs", text)?;
        }
        let names: Vec<&str> = sources.iter().map(|source| source.set.as_str()).collect();
        let program = manifest(PROGRAM, &self.dependencies(&names));
        self.write_package(PROGRAM, &program, "main.rs", &self.main_function(&names))?;
        let workspace = format!(
            "[workspace]\nresolver = \"3\"\nmembers = [{PROGRAM:?}{}]\n\n{PROFILE}",
            concat(&names, |set| format!(", \"sets/{set}\""))
        );
        write_if_changed(&self.folder.join("Cargo.toml"), &workspace)?;
        // The same versions as in this checkout.
        let lock = Path::new(CHECKOUT).join("Cargo.lock");
        fs::copy(&lock, self.folder.join("Cargo.lock")).map_err(Error::io(&lock))?;
        Ok(())
    }

    fn write_package(
        &self,
        folder: &str,
        manifest: &str,
        file: &str,
        text: &str,
    ) -> Result<(), Error> {
        let folder = self.folder.join(folder);
        let source = folder.join("src");
        fs::create_dir_all(&source).map_err(Error::io(&source))?;
        write_if_changed(&folder.join("Cargo.toml"), manifest)?;
        write_if_changed(&source.join(file), text)?;
        Ok(())
    }

    /// The dependencies of the program: the sets, and the package that asks them.
    fn dependencies(&self, sets: &[&str]) -> String {
        let sets = concat(sets, |set| {
            format!("{} = {{ path = '../sets/{set}' }}\n", package(set))
        });
        sets + &checkout(self.respondent.package, self.respondent.folder)
    }

    fn main_function(&self, sets: &[&str]) -> String {
        let table = concat(sets, |set| {
            let library = library(set);
            format!("        ({set:?}, &{library}::SCHEMA),\n")
        });
        format!(
            "fn main() -> std::process::ExitCode {{\n    \
                 {}(&[\n{table}    ])\n\
             }}\n",
            self.respondent.main
        )
    }

    /// The file for cargo's other output: a failure is reported by the caller.
    fn log(&self) -> PathBuf {
        self.folder.join("cargo.log")
    }

    fn run_cargo(&self, arguments: &[&str]) -> Result<Output, Error> {
        let mut child = Command::new(std::env::var_os("CARGO").unwrap_or_else(|| "cargo".into()))
            .args(arguments)
            .arg("--message-format=json")
            .arg("--manifest-path")
            .arg(self.folder.join("Cargo.toml"))
            .arg("--target-dir")
            .arg(self.folder.join("target"))
            .stdin(Stdio::null())
            .stdout(Stdio::piped())
            .stderr(File::create(self.log()).map_err(Error::io(&self.log()))?)
            .spawn()
            .map_err(Error::Cargo)?;
        let mut output = Output::default();
        for line in child
            .stdout
            .take()
            .into_iter()
            .flat_map(|out| BufReader::new(out).lines())
        {
            if let Ok(message) = serde_json::from_str(&line.map_err(Error::Cargo)?) {
                output.take(message);
            }
        }
        child.wait().map_err(Error::Cargo)?;
        Ok(output)
    }
}

/// The package and the program.
const PROGRAM: &str = "program";

/// The library that all sources stand on.
const RUNTIME: &str = "notif_runtime";

/// The name of a set's package. What stands in front keeps it apart from those of the registry.
fn package(set: &str) -> String {
    format!("set-{set}")
}

/// The name that code and cargo's messages have for a set's library.
fn library(set: &str) -> String {
    package(set).replace('-', "_")
}

/// The dependency on a package of this checkout.
fn checkout(package: &str, folder: &str) -> String {
    let path = Path::new(CHECKOUT).join(folder);
    format!(
        "{package} = {{ path = '{}', default-features = false }}\n",
        path.display()
    )
}

fn manifest(package: &str, dependencies: &str) -> String {
    format!(
        "[package]\nname = {package:?}\nversion = \"0.0.0\"\nedition = \"2024\"\npublish = false\n\n\
         [dependencies]\n{dependencies}"
    )
}

fn concat(sets: &[&str], line: impl Fn(&str) -> String) -> String {
    let lines: Vec<String> = sets.iter().map(|set| line(set)).collect();
    lines.concat()
}

/// The messages of a cargo run.
#[derive(Debug, Default)]
struct Output {
    program: Option<PathBuf>,
    /// The libraries that compile.
    compiled: BTreeSet<String>,
    /// The first error of each that does not.
    errors: BTreeMap<String, String>,
}

/// Cargo's messages, as far as they matter here.
#[derive(Debug, Deserialize)]
#[serde(tag = "reason")]
enum Message {
    #[serde(rename = "compiler-artifact")]
    Artifact {
        target: Target,
        executable: Option<PathBuf>,
    },
    #[serde(rename = "compiler-message")]
    Diagnostic { target: Target, message: Diagnostic },
    #[serde(other)]
    Other,
}

#[derive(Debug, Deserialize)]
struct Target {
    name: String,
}

#[derive(Debug, Deserialize)]
struct Diagnostic {
    level: String,
    message: String,
    spans: Vec<Span>,
}

#[derive(Debug, Deserialize)]
struct Span {
    file_name: String,
    line_start: usize,
}

impl Output {
    fn take(&mut self, message: Message) {
        match message {
            Message::Artifact { target, executable } if target.name == PROGRAM => {
                self.program = executable;
            }
            Message::Artifact { target, .. } => {
                self.compiled.insert(target.name);
            }
            Message::Diagnostic { target, message } if message.level.starts_with("error") => {
                self.errors
                    .entry(target.name)
                    .or_insert_with(|| message.shown());
            }
            Message::Diagnostic { .. } | Message::Other => {}
        }
    }
}

impl Diagnostic {
    fn shown(self) -> String {
        match self.spans.first() {
            Some(Span {
                file_name,
                line_start,
            }) => {
                format!("{file_name}:{line_start}: {}", self.message)
            }
            None => self.message,
        }
    }
}
