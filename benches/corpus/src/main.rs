//! The command `corpus`, which `make corpus` runs.
#![forbid(unsafe_code)]

use std::io::{self, Write as _};
use std::process::ExitCode;

use clap::Parser as _;
use corpus::Args;

/// Exit code 0: every module that libyang loads is generated and agrees; 1: some are not or do not;
/// 2: it could not be found out.
fn main() -> ExitCode {
    let args = Args::parse();
    match corpus::run(&args, &mut io::stdout().lock()) {
        Ok(true) => ExitCode::SUCCESS,
        Ok(false) => ExitCode::FAILURE,
        Err(error) => {
            let _ = writeln!(io::stderr(), "error: {error}");
            ExitCode::from(2)
        }
    }
}
