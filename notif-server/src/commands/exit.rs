//! Exit codes and error messages of commands.

use std::fmt::Display;
use std::io::{self, Write};
use std::process::ExitCode;

/// The exit code of a command that cannot do what it is asked; 1 says that it found something wrong.
pub(super) const FAILED: u8 = 2;

/// Prints an error, each line of it as one, and gives the exit code.
pub(super) fn fail(error: &impl Display, code: u8) -> ExitCode {
    for line in error.to_string().lines() {
        // Nothing is left to be done if standard error is gone.
        let _ = writeln!(io::stderr(), "error: {line}");
    }
    ExitCode::from(code)
}
