//! The command `conformance`, which `make conformance` runs.
#![forbid(unsafe_code)]

use std::io::{self, Write as _};
use std::process::ExitCode;

use clap::Parser as _;
use conformance::harness::{self, Args};

/// Exit code 0: every verdict is equal or explained; 1: some are not; 2: it could not be found out.
fn main() -> ExitCode {
    let args = Args::parse();
    let result = harness::run(&args, &mut io::stdout().lock());
    match result {
        Ok(true) => ExitCode::SUCCESS,
        Ok(false) => ExitCode::FAILURE,
        Err(error) => {
            let _ = writeln!(io::stderr(), "error: {error}");
            ExitCode::from(2)
        }
    }
}
