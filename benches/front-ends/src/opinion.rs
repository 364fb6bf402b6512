//! A front end's opinion of a module set, formed in a process of its own: libyang can end it.

use std::fs;
use std::hash::{DefaultHasher, Hash as _, Hasher as _};
use std::path::Path;
use std::process::Command;
use std::thread;
use std::time::{Duration, Instant};

use rustix::process::{Resource, Rlimit, setrlimit};
use serde::{Deserialize, Serialize};

use crate::case::Case;
use crate::facts::{Fact, facts};

/// The front ends, by the names that the command has for them.
#[derive(Debug, Clone, Copy, PartialEq, Eq, clap::ValueEnum)]
pub enum FrontEndName {
    /// The generator's own.
    Own,
    /// libyang.
    Libyang,
}

impl FrontEndName {
    const fn as_str(self) -> &'static str {
        match self {
            Self::Own => "own",
            Self::Libyang => "libyang",
        }
    }
}

/// The result of loading a module set.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
pub struct Opinion {
    /// The model, or the reason that there is none.
    pub outcome: Outcome,
    /// The time to load, in seconds.
    pub seconds: f64,
    /// The most memory that the process had, in KiB.
    pub peak: u64,
}

/// The outcome of a module set.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub enum Outcome {
    /// It is valid, and this is its model.
    Valid(Vec<Fact>),
    /// It is refused, with this message.
    Refused(String),
    /// The process ended without an answer, for this reason.
    Ended(String),
}

/// The exit code of a process that took too long.
const TOO_LONG: u8 = 124;

/// The most memory that a process may have.
const MEMORY: u64 = 8 << 30;

impl Opinion {
    /// Forms an opinion in this process, which ends when the time is over.
    #[must_use]
    pub fn form(front_end: FrontEndName, case: &Case, limit: Duration) -> Self {
        thread::spawn(move || {
            thread::sleep(limit);
            std::process::exit(i32::from(TOO_LONG));
        });
        let bound = Rlimit {
            current: Some(MEMORY),
            maximum: Some(MEMORY),
        };
        // Without the bound a fault costs more, but the result is the same.
        let _ = setrlimit(Resource::As, bound);
        let start = Instant::now();
        let loaded = case.load(front_end);
        let seconds = start.elapsed().as_secs_f64();
        let peak = peak();
        let outcome = match loaded {
            Ok(model) => Outcome::Valid(facts(&model)),
            Err(error) => Outcome::Refused(error.to_string()),
        };
        Self {
            outcome,
            seconds,
            peak,
        }
    }

    /// Asks a process of `program`, which is this command, for its opinion.
    #[must_use]
    pub fn ask(program: &Path, front_end: FrontEndName, case: &Case, limit: Duration) -> Self {
        let start = Instant::now();
        Self::of_process(program, front_end, case, limit).unwrap_or_else(|reason| Self {
            outcome: Outcome::Ended(reason),
            seconds: start.elapsed().as_secs_f64(),
            peak: 0,
        })
    }

    /// The opinion of a case that is kept in a folder; otherwise asks for it and keeps it.
    pub(crate) fn kept(folder: &Path, case: &Case, ask: impl FnOnce() -> Self) -> Self {
        let mut hasher = DefaultHasher::new();
        case.hash(&mut hasher);
        let file = folder.join(format!("{:016x}.json", hasher.finish()));
        let kept = fs::read(&file).ok();
        if let Some(opinion) = kept.and_then(|text| serde_json::from_slice(&text).ok()) {
            return opinion;
        }
        let opinion = ask();
        // What cannot be kept is asked for again.
        if let Ok(text) = serde_json::to_vec(&opinion) {
            let _ = fs::create_dir_all(folder).and_then(|()| fs::write(&file, text));
        }
        opinion
    }

    fn of_process(
        program: &Path,
        front_end: FrontEndName,
        case: &Case,
        limit: Duration,
    ) -> Result<Self, String> {
        let case = serde_json::to_string(case).map_err(|error| error.to_string())?;
        let output = Command::new(program)
            .args(["opinion", "--limit", &limit.as_secs().to_string()])
            .args([front_end.as_str(), &case])
            .output()
            .map_err(|error| error.to_string())?;
        if output.status.code() == Some(i32::from(TOO_LONG)) {
            return Err(format!("it takes more than {} s", limit.as_secs()));
        }
        if !output.status.success() {
            let words = String::from_utf8_lossy(&output.stderr);
            return Err(format!("{} {}", output.status, words.trim()));
        }
        serde_json::from_slice(&output.stdout).map_err(|error| error.to_string())
    }
}

/// The most memory that this process had so far, in KiB.
fn peak() -> u64 {
    let status = std::fs::read_to_string("/proc/self/status").unwrap_or_default();
    let line = status.lines().find_map(|line| line.strip_prefix("VmHWM:"));
    let words = line.and_then(|line| line.split_whitespace().next());
    words.and_then(|word| word.parse().ok()).unwrap_or_default()
}
