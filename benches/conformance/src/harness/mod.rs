//! From a folder of vectors to a report: generates, compiles, asks, compares.

pub mod ask;
pub mod differences;
mod obstacle;
pub mod project;
pub mod report;
pub mod vectors;

use std::io::{self, Write};
use std::path::{Path, PathBuf};
use std::time::Instant;

use crate::runner::Question;
use differences::Difference;
use obstacle::Obstacle;
use project::{ANSWERS, Built, Project, Source};
use report::{Report, SetReport};
use vectors::{Document, Set};

/// Runs documents through generated decoders and compares the verdicts with those that are right.
///
/// Exit code 0: each is equal or a known difference; 1: some are neither; 2: it cannot be found out.
#[derive(Debug, clap::Parser)]
pub struct Args {
    /// The sets to look at; all if none is named
    #[arg(value_name = "SET")]
    pub sets: Vec<String>,
    /// The folder with vectors.jsonl and schema-sets/; without it nothing is done
    #[arg(long, value_name = "DIR")]
    pub vectors: PathBuf,
    /// The list of known differences
    #[arg(long, value_name = "FILE", default_value = concat!(env!("CARGO_MANIFEST_DIR"), "/differences.toml"))]
    pub differences: PathBuf,
    /// The folder for what is generated and compiled
    #[arg(long, value_name = "DIR", default_value = concat!(env!("CARGO_MANIFEST_DIR"), "/../../target/conformance"))]
    pub work: PathBuf,
    /// Print the source of each SET, or the reason that it has none, as a line of JSON, and exit
    #[arg(long, hide = true)]
    pub generate: bool,
}

/// The reason that there is no verdict.
#[derive(Debug, thiserror::Error)]
pub enum Error {
    /// A file or folder cannot be read or written.
    #[error("{}: {source}", .path.display())]
    Io {
        /// Its path.
        path: PathBuf,
        /// The system's reason.
        source: io::Error,
    },
    /// A file is not what it should be.
    #[error("{}{}: {source}", .path.display(), .line.map_or(String::new(), |line| format!(":{line}")))]
    Json {
        /// Its path.
        path: PathBuf,
        /// The line, where each holds a document.
        line: Option<usize>,
        /// The reason.
        source: serde_json::Error,
    },
    /// A set that does not exist.
    #[error("schema-sets has no set {0:?}")]
    UnknownSet(String),
    /// The list of known differences cannot be used.
    #[error("{}: {reason}", .file.display())]
    Differences {
        /// The list.
        file: PathBuf,
        /// The reason.
        reason: String,
    },
    /// A generated source cannot be written.
    #[error(transparent)]
    Write(#[from] yang_codegen::Error),
    /// Cargo does not run.
    #[error("cargo: {0}")]
    Cargo(io::Error),
    /// A dependency of every set does not compile.
    #[error("the program does not compile, for no set's fault: {errors} (see {})", .log.display())]
    Build {
        /// The compiler's errors.
        errors: String,
        /// Cargo's output.
        log: PathBuf,
    },
    /// The generator does not run.
    #[error("set {set}: the generator does not start: {source}")]
    Generate {
        /// The set that it was to be given.
        set: String,
        /// The system's reason.
        source: io::Error,
    },
    /// The program does not run.
    #[error("set {set}: {source}")]
    Ask {
        /// The set that it was asked about.
        set: String,
        /// The system's reason.
        source: io::Error,
    },
    /// The report cannot be printed.
    #[error("cannot print: {0}")]
    Print(#[from] io::Error),
}

impl Error {
    fn io(path: &Path) -> impl Fn(io::Error) -> Self {
        move |source| Self::Io {
            path: path.to_path_buf(),
            source,
        }
    }

    fn json(path: &Path, line: Option<usize>) -> impl Fn(serde_json::Error) -> Self {
        move |source| Self::Json {
            path: path.to_path_buf(),
            line,
            source,
        }
    }
}

/// A set with code, and the results so far.
struct Generated<'s> {
    set: &'s Set,
    report: SetReport,
}

/// Runs everything and prints the report. `false` if a difference is not on the list.
///
/// # Errors
/// There is no verdict, for the reason given.
pub fn run(args: &Args, out: &mut impl Write) -> Result<bool, Error> {
    if !args.vectors.exists() {
        let folder = args.vectors.display();
        writeln!(
            out,
            "no vectors in {folder}: passed over; VECTORS= names another folder"
        )?;
        return Ok(true);
    }
    if args.generate {
        for set in vectors::read_schemas(&args.vectors, &args.sets)? {
            let outcome = serde_json::to_string(&obstacle::generate(&set));
            writeln!(out, "{}", outcome.map_err(io::Error::from)?)?;
        }
        return Ok(true);
    }
    let known = differences::read(&args.differences)?;
    let sets = vectors::read(&args.vectors, &args.sets)?;
    let mut report = Report::new(&known);
    let mut start = Instant::now();
    let (generated, sources) = generate(&args.vectors, &sets, &mut report)?;
    let (some, all, seconds) = (sources.len(), sets.len(), lap(&mut start));
    writeln!(
        out,
        "{some} of {all} sets generated in {seconds:.1} s; compiling them"
    )?;
    let built = Project::new(&args.work, ANSWERS).build(sources)?;
    writeln!(out, "compiled in {:.1} s", lap(&mut start))?;
    ask(&built, generated, &known, &mut report)?;
    writeln!(out, "documents judged in {:.1} s\n", lap(&mut start))?;
    report.print(&known, out)?;
    let (_, _, unexplained) = report.totals();
    Ok(unexplained == 0)
}

/// The seconds since `start`, which is now from now on.
fn lap(start: &mut Instant) -> f64 {
    let before = std::mem::replace(start, Instant::now());
    before.elapsed().as_secs_f64()
}

/// Generates the sets. Those that cannot be are reported.
fn generate<'s>(
    vectors: &Path,
    sets: &'s [Set],
    report: &mut Report,
) -> Result<(Vec<Generated<'s>>, Vec<Source>), Error> {
    let (mut generated, mut sources) = (Vec::new(), Vec::new());
    for set in sets {
        let start = Instant::now();
        let result = std::env::current_exe()
            .and_then(|program| obstacle::generate_apart(&program, vectors, set))
            .map_err(|source| Error::Generate {
                set: set.name.clone(),
                source,
            })?;
        let set_report = SetReport {
            name: set.name.clone(),
            documents: set.documents.len(),
            generated: start.elapsed(),
            ..SetReport::default()
        };
        match result {
            Ok(text) => {
                sources.push(Source {
                    set: set.name.clone(),
                    text,
                });
                generated.push(Generated {
                    set,
                    report: set_report,
                });
            }
            Err(Obstacle { reason, text }) => report.stopped(set_report, reason, text),
        }
    }
    Ok((generated, sources))
}

/// Asks about the documents of the sets that compile. Those that do not are reported.
fn ask(
    built: &Built,
    generated: Vec<Generated<'_>>,
    known: &[Difference],
    report: &mut Report,
) -> Result<(), Error> {
    for Generated {
        set,
        report: mut set_report,
    } in generated
    {
        if let Some(error) = built.broken.get(&set.name) {
            let (reason, text) = ("does not compile", format!("does not compile: {error}"));
            report.stopped(set_report, reason.to_owned(), text);
            continue;
        }
        let start = Instant::now();
        let questions: Vec<&Question> = set.documents.iter().map(|one| &one.question).collect();
        let answers =
            ask::ask(&built.program, &set.name, &questions).map_err(|source| Error::Ask {
                set: set.name.clone(),
                source,
            })?;
        set_report.asked = start.elapsed();
        let answers: Vec<(&Document, _)> = set.documents.iter().zip(answers).collect();
        report.answered(set_report, &answers, known);
    }
    Ok(())
}
