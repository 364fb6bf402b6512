//! The whole run.

use std::io::{self, Write};
use std::path::{Path, PathBuf};
use std::process::Command;

use conformance::harness::project::{Project, Respondent, Source};
use instances::runner::Outcome;

use crate::modules::{self, Module};
use crate::report::{self, Row};

/// Generates, compiles and tries every module of folders that libyang loads.
#[derive(Debug, clap::Parser)]
pub struct Args {
    /// The folders with modules
    #[arg(value_name = "FOLDER", required = true)]
    pub folders: Vec<PathBuf>,
    /// Only these modules
    #[arg(long = "module", value_name = "MODULE")]
    pub modules: Vec<String>,
    /// The number of random documents for each top-level node
    #[arg(long, value_name = "COUNT", default_value_t = 200)]
    pub cases: u64,
    /// The folder for what is generated and compiled
    #[arg(long, value_name = "DIR", default_value = concat!(env!("CARGO_MANIFEST_DIR"), "/../../target/corpus/work"))]
    pub work: PathBuf,
}

/// The reason that the run has no result.
#[derive(Debug, thiserror::Error)]
pub enum Error {
    /// A folder or a module in it cannot be read.
    #[error("{}: {source}", .folder.display())]
    Folder {
        /// The folder.
        folder: PathBuf,
        /// The system's error.
        source: io::Error,
    },
    /// The generated code cannot be built.
    #[error(transparent)]
    Project(#[from] conformance::harness::Error),
    /// The report cannot be printed.
    #[error("cannot print: {0}")]
    Print(#[from] io::Error),
}

/// Compares verdicts in the program that is built.
const COMPARES: Respondent = Respondent {
    package: "instances",
    folder: "benches/instances",
    main: "instances::runner::main",
};

/// Runs everything and prints the table. `false` if a module has a fault.
///
/// # Errors
/// The run has no result, for the reason given.
pub fn run(args: &Args, out: &mut impl Write) -> Result<bool, Error> {
    let mut rows = Vec::new();
    for folder in &args.folders {
        let found = modules::find(folder).map_err(|source| Error::Folder {
            folder: folder.clone(),
            source,
        })?;
        let wanted =
            |module: &Module| args.modules.is_empty() || args.modules.contains(&module.name);
        let found: Vec<Module> = found.into_iter().filter(wanted).collect();
        rows.extend(of_folder(args, folder, &found, out)?);
    }
    report::print(&rows, out)?;
    Ok(rows.iter().all(|row| row.fault().is_none()))
}

/// The rows of a folder's modules, which are one project.
fn of_folder(
    args: &Args,
    folder: &Path,
    found: &[Module],
    out: &mut impl Write,
) -> Result<Vec<Row>, Error> {
    let (mut rows, mut sources) = (Vec::new(), Vec::new());
    for module in found {
        if let Err(complaint) = module.load() {
            writeln!(
                out,
                "{}: libyang does not load it: {complaint}",
                module.name
            )?;
            continue;
        }
        let mut row = Row {
            module: module.name.clone(),
            ..Row::default()
        };
        match module.generate() {
            Ok(generated) => {
                row.nodes = generated.nodes;
                row.lines = generated.source.lines().count();
                row.generated = generated.time;
                sources.push(Source {
                    set: module.name.clone(),
                    text: generated.source,
                });
            }
            Err(error) => row.fault = Some(error),
        }
        rows.push(row);
    }
    let name = folder.file_name().unwrap_or_default();
    try_all(args, folder, &args.work.join(name), sources, &mut rows)?;
    Ok(rows)
}

/// Checks the sources, builds the program of those that compile, and runs it.
fn try_all(
    args: &Args,
    folder: &Path,
    work: &Path,
    sources: Vec<Source>,
    rows: &mut [Row],
) -> Result<(), Error> {
    let project = Project::new(work, COMPARES);
    let checked = project.time(&["check"], &sources)?;
    let mut fine = Vec::new();
    for (source, checked) in sources.into_iter().zip(checked) {
        let row = rows.iter_mut().find(|row| row.module == source.set);
        match (checked, row) {
            (Ok(time), Some(row)) => {
                row.checked = time;
                fine.push(source);
            }
            (Err(error), Some(row)) => row.fault = Some(format!("does not compile: {error}")),
            (_, None) => {}
        }
    }
    let names: Vec<String> = fine.iter().map(|source| source.set.clone()).collect();
    let built = project.build(fine)?;
    for row in rows.iter_mut().filter(|row| names.contains(&row.module)) {
        match ask(&built.program, &row.module, args.cases, folder) {
            Ok(outcome) => row.documents = outcome,
            Err(words) => row.fault = Some(words),
        }
    }
    Ok(())
}

/// The program's results for a set's documents, or its last words if it fails.
fn ask(program: &Path, set: &str, cases: u64, folder: &Path) -> Result<Outcome, String> {
    let output = Command::new(program)
        .args([set, &cases.to_string()])
        .arg(folder)
        .output()
        .map_err(|error| error.to_string())?;
    if !output.status.success() {
        let words = String::from_utf8_lossy(&output.stderr);
        return Err(format!(
            "the program ended, {}: {}",
            output.status,
            words.trim()
        ));
    }
    serde_json::from_slice(&output.stdout).map_err(|error| error.to_string())
}
