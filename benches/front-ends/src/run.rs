//! The whole run.

use std::fs;
use std::io::{self, Write};
use std::path::{Path, PathBuf};
use std::sync::Mutex;
use std::thread;
use std::time::Duration;

use proptest::strategy::{Strategy as _, ValueTree};
use proptest::test_runner::{Config, RngAlgorithm, TestRng, TestRunner};

use crate::case::{Case, FeaturesOn};
use crate::compare::{Comparison, compare};
use crate::corpus::{self, Set};
use crate::explained::Explanations;
use crate::opinion::{FrontEndName, Opinion};
use crate::random::{self, Modules};
use crate::report::{Report, Row};

/// Compares the models that both front ends make of module sets.
#[derive(Debug, Clone, clap::Args)]
pub struct Args {
    /// Folders with modules, each with the folders inside of it; behind a colon each, more folders
    /// to search for imports
    #[arg(value_name = "FOLDER[:IMPORTS]...")]
    pub folders: Vec<String>,
    /// Only these modules, each alone
    #[arg(long = "module", value_name = "MODULE")]
    pub modules: Vec<String>,
    /// Only whole sets, no module alone
    #[arg(long)]
    pub together: bool,
    /// The number of random module sets
    #[arg(long, value_name = "COUNT", default_value_t = 0)]
    pub random: u32,
    /// The seed of the random module sets
    #[arg(long, value_name = "NUMBER", default_value_t = 1)]
    pub seed: u64,
    /// The folder of the random module sets
    #[arg(long, value_name = "DIR", default_value = concat!(env!("CARGO_MANIFEST_DIR"), "/../../target/front-ends"))]
    pub work: PathBuf,
    /// Keep libyang's opinions in this folder, and take those that are in it: they stay the same as
    /// long as the modules and the front end do
    #[arg(long, value_name = "DIR")]
    pub keep: Option<PathBuf>,
    /// The number of module sets that are loaded at once
    #[arg(long, value_name = "COUNT", default_value_t = 2)]
    pub jobs: usize,
    /// The time for one front end and one set, in seconds
    #[arg(long, value_name = "SECONDS", default_value_t = 120)]
    pub limit: u64,
    /// The number of differences that are shown of each set and property
    #[arg(long, value_name = "COUNT", default_value_t = 5)]
    pub show: usize,
    /// Show the explained differences too
    #[arg(long)]
    pub explained: bool,
    /// Show what both refuse, with their messages
    #[arg(long)]
    pub refused: bool,
    /// The front end in the place of the generator's own
    #[arg(long, value_enum, default_value = "own", hide = true)]
    pub own: FrontEndName,
}

/// The reason that the run has no result.
#[derive(Debug, thiserror::Error)]
pub enum Error {
    /// A folder or a file in it cannot be read.
    #[error("{}: {source}", .folder.display())]
    Folder {
        /// The folder.
        folder: PathBuf,
        /// The system's error.
        source: io::Error,
    },
    /// No random module set can be made.
    #[error("cannot make a module set: {0}")]
    Random(String),
    /// The list of explained differences is not valid.
    #[error("differences.toml: {0}")]
    Explanations(#[from] toml::de::Error),
    /// The report cannot be printed.
    #[error("cannot print: {0}")]
    Print(#[from] io::Error),
}

/// A case with both opinions.
pub(crate) struct Asked {
    pub(crate) name: String,
    pub(crate) own: Opinion,
    pub(crate) libyang: Opinion,
    pub(crate) comparison: Comparison,
}

/// Runs everything and prints what differs. `false` if a difference is not explained. `program` is
/// this command, which forms the opinions.
///
/// # Errors
/// The run has no result, for the reason given.
pub fn run(args: &Args, program: &Path, out: &mut impl Write) -> Result<bool, Error> {
    let explanations = Explanations::of_project()?;
    let mut report = Report::new(&explanations, args);
    for folder in &args.folders {
        let mut folders = folder.split(':').map(PathBuf::from);
        let folder = folders.next().unwrap_or_default();
        let imports: Vec<PathBuf> = folders.collect();
        let sets = corpus::sets(&folder, &imports).map_err(|source| Error::Folder {
            folder: folder.clone(),
            source,
        })?;
        for set in sets {
            report.add(&of_set(args, program, set), out)?;
        }
    }
    if args.random > 0 {
        report.add(&of_random(args, program, &explanations)?, out)?;
    }
    report.print(out)?;
    Ok(report.is_fine())
}

/// Compares the modules of a set, each alone and then together.
fn of_set(args: &Args, program: &Path, mut set: Set) -> Row {
    if !args.modules.is_empty() {
        set.modules.retain(|module| args.modules.contains(module));
        set.listed = None;
    }
    let mut asked = Vec::new();
    if !args.together {
        asked = ask_all(args, program, &alone(&set));
    }
    if args.modules.is_empty() {
        let together = match &set.listed {
            Some(listed) => vec![listed.clone()],
            None if args.together => together(&set, set.modules.clone()),
            None => together(&set, valid_alone(&set, &asked)),
        };
        asked.extend(ask_all(args, program, &together));
    }
    Row {
        name: set.name,
        cases: asked,
    }
}

/// Each module alone: with its imports and all features, and without both.
fn alone(set: &Set) -> Vec<Case> {
    let of_module = |module: &String| {
        [(FeaturesOn::All, true), (FeaturesOn::None, false)].map(|(features, implement_imports)| {
            Case {
                search_path: set.search_path.clone(),
                modules: vec![module.clone()],
                features,
                implement_imports,
                lenient: set.lenient,
            }
        })
    };
    set.modules.iter().flat_map(of_module).collect()
}

/// The modules that are valid alone.
fn valid_alone(set: &Set, alone: &[Asked]) -> Vec<String> {
    let is_valid = |asked: &Asked| asked.comparison.both_valid;
    let modules = set.modules.iter().zip(alone.chunks(2));
    modules
        .filter(|(_, asked)| asked.iter().all(is_valid))
        .map(|(module, _)| module.clone())
        .collect()
}

/// Modules together, with all features and with none.
fn together(set: &Set, modules: Vec<String>) -> Vec<Case> {
    if modules.len() < 2 {
        return Vec::new();
    }
    let all = Case {
        search_path: set.search_path.clone(),
        modules,
        features: FeaturesOn::All,
        implement_imports: false,
        lenient: set.lenient,
    };
    let none = Case {
        features: FeaturesOn::None,
        ..all.clone()
    };
    vec![all, none]
}

/// Asks both front ends about all cases, some at once.
fn ask_all(args: &Args, program: &Path, cases: &[Case]) -> Vec<Asked> {
    let todo = Mutex::new(cases.iter().enumerate());
    let done = Mutex::new(Vec::with_capacity(cases.len()));
    let next = || todo.lock().ok().and_then(|mut todo| todo.next());
    thread::scope(|scope| {
        for _ in 0..args.jobs.max(1) {
            scope.spawn(|| {
                while let Some((at, case)) = next() {
                    let asked = ask(args, program, case);
                    if let Ok(mut done) = done.lock() {
                        done.push((at, asked));
                    }
                }
            });
        }
    });
    let mut done = done.into_inner().unwrap_or_default();
    done.sort_by_key(|(at, _)| *at);
    done.into_iter().map(|(_, asked)| asked).collect()
}

fn ask(args: &Args, program: &Path, case: &Case) -> Asked {
    let limit = Duration::from_secs(args.limit);
    let own = Opinion::ask(program, args.own, case, limit);
    let ask = || Opinion::ask(program, FrontEndName::Libyang, case, limit);
    let libyang = match &args.keep {
        Some(folder) => Opinion::kept(folder, case, ask),
        None => ask(),
    };
    Asked {
        name: case.name(),
        comparison: compare(&own.outcome, &libyang.outcome),
        own,
        libyang,
    }
}

/// The most steps in which a random set that shows a difference is made smaller.
const STEPS: usize = 300;

/// Random module sets. Those with a difference that is not explained stay in the folder of the run,
/// as small as they could be made.
fn of_random(args: &Args, program: &Path, explanations: &Explanations) -> Result<Row, Error> {
    // The folders hold other modules in each step.
    let args = &Args {
        keep: None,
        ..args.clone()
    };
    let mut seed = [0; 32];
    for (byte, of_seed) in seed.iter_mut().zip(args.seed.to_le_bytes()) {
        *byte = of_seed;
    }
    let rng = TestRng::from_seed(RngAlgorithm::ChaCha, &seed);
    let mut runner = TestRunner::new_with_rng(Config::default(), rng);
    let mut cases = Vec::new();
    for at in 0..args.random {
        let folder = args.work.join(format!("{}-{at}", args.seed));
        let mut tree = random::modules()
            .new_tree(&mut runner)
            .map_err(|reason| Error::Random(reason.to_string()))?;
        let asked = ask_random(args, program, &folder, (at, &tree.current()))?;
        let Some(aspect) = unexplained(&asked, explanations) else {
            fs::remove_dir_all(&folder).map_err(|source| Error::Folder { folder, source })?;
            cases.push(asked);
            continue;
        };
        let mut smallest = tree.current();
        for _ in 0..STEPS {
            let asked = ask_random(args, program, &folder, (at, &tree.current()))?;
            let again = unexplained(&asked, explanations).as_ref() == Some(&aspect);
            if again {
                smallest = tree.current();
            }
            if !(if again {
                tree.simplify()
            } else {
                tree.complicate()
            }) {
                break;
            }
        }
        cases.push(ask_random(args, program, &folder, (at, &smallest))?);
    }
    Ok(Row {
        name: format!("random, seed {}", args.seed),
        cases,
    })
}

/// Writes the modules of a random set into a folder and asks both front ends: about all modules with
/// all features, with none, or about the last module, which imports the others.
fn ask_random(
    args: &Args,
    program: &Path,
    folder: &Path,
    (at, modules): (u32, &Modules),
) -> Result<Asked, Error> {
    let fault = |source| Error::Folder {
        folder: folder.to_path_buf(),
        source,
    };
    if folder.exists() {
        fs::remove_dir_all(folder).map_err(fault)?;
    }
    fs::create_dir_all(folder).map_err(fault)?;
    for (name, text) in &modules.0 {
        fs::write(folder.join(format!("{name}.yang")), text).map_err(fault)?;
    }
    let mut wanted: Vec<String> = modules.0.iter().map(|(name, _)| name.clone()).collect();
    if at % 3 == 2 {
        wanted.drain(..wanted.len().saturating_sub(1));
    }
    let case = Case {
        search_path: vec![folder.to_path_buf()],
        modules: wanted,
        features: if at % 3 == 1 {
            FeaturesOn::None
        } else {
            FeaturesOn::All
        },
        implement_imports: false,
        lenient: false,
    };
    let mut asked = ask(args, program, &case);
    asked.name = format!("{}: {}", folder.display(), asked.name);
    Ok(asked)
}

/// The property of the first difference that is not explained.
fn unexplained(asked: &Asked, explanations: &Explanations) -> Option<String> {
    let mut differences = asked.comparison.differences.iter();
    let first = differences.find(|difference| explanations.find(&asked.name, difference).is_none());
    first.map(|difference| difference.aspect.clone())
}
