//! Error output and exit codes of the commands.

use std::fmt::Display;
use std::io::{self, Write};
use std::process::ExitCode;

/// The exit code of a command that could not do its task; 1 says that it found faults.
pub(super) const FAILED: u8 = 2;

/// Prints each line of an error as an error of its own, and returns the exit code.
pub(super) fn fail(error: &impl Display, code: u8) -> ExitCode {
    for line in error.to_string().lines() {
        // Nothing is left to do if standard error is closed.
        let _ = writeln!(io::stderr(), "error: {line}");
    }
    ExitCode::from(code)
}
