//! The command `front-ends`, which `make front-ends` runs.
#![forbid(unsafe_code)]

use std::io::{self, Write as _};
use std::process::ExitCode;
use std::time::Duration;

use clap::{Parser, Subcommand};
use front_ends::{Args, Case, FrontEndName, Opinion};

/// Compares the models that both front ends of yang-codegen make of module sets
#[derive(Debug, Parser)]
#[command(args_conflicts_with_subcommands = true)]
struct Arguments {
    #[command(subcommand)]
    command: Option<Command>,
    #[command(flatten)]
    run: Args,
}

#[derive(Debug, Subcommand)]
enum Command {
    /// One front end's opinion of one set, as JSON
    #[command(hide = true)]
    Opinion {
        /// The most time, in seconds
        #[arg(long)]
        limit: u64,
        /// The front end
        front_end: FrontEndName,
        /// The set, as JSON
        case: String,
    },
}

/// Exit code 0: every difference is explained; 1: some are not; 2: it could not be found out.
fn main() -> ExitCode {
    let arguments = Arguments::parse();
    let done = match arguments.command {
        Some(Command::Opinion {
            limit,
            front_end,
            case,
        }) => opinion(front_end, &case, Duration::from_secs(limit)).map(|()| true),
        None => compare(&arguments.run),
    };
    match done {
        Ok(true) => ExitCode::SUCCESS,
        Ok(false) => ExitCode::FAILURE,
        Err(error) => {
            let _ = writeln!(io::stderr(), "error: {error}");
            ExitCode::from(2)
        }
    }
}

fn opinion(
    front_end: FrontEndName,
    case: &str,
    limit: Duration,
) -> Result<(), Box<dyn std::error::Error>> {
    let case: Case = serde_json::from_str(case)?;
    let opinion = Opinion::form(front_end, &case, limit);
    let out = io::BufWriter::new(io::stdout().lock());
    Ok(serde_json::to_writer(out, &opinion)?)
}

fn compare(args: &Args) -> Result<bool, Box<dyn std::error::Error>> {
    let program = std::env::current_exe()?;
    Ok(front_ends::run(args, &program, &mut io::stdout().lock())?)
}
