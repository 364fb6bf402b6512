//! Standard output and standard error of commands that print; the reader may stop before the end.

use std::io::{self, ErrorKind, Stderr, StdoutLock, Write};
use std::process;

/// The exit code that a shell gives for SIGPIPE, which ends programs that do not ignore it.
const ENDED: i32 = 128 + 13;

/// A stream that quietly ends the process when its reader is gone: `query | head`.
#[derive(Debug)]
pub(crate) struct Stdio<W>(W);

/// Standard output.
pub(crate) fn stdout() -> Stdio<StdoutLock<'static>> {
    Stdio(io::stdout().lock())
}

/// Standard error.
pub(crate) fn stderr() -> Stdio<Stderr> {
    Stdio(io::stderr())
}

impl<W: Write> Write for Stdio<W> {
    fn write(&mut self, bytes: &[u8]) -> io::Result<usize> {
        ended_if_broken(self.0.write(bytes))
    }

    fn flush(&mut self) -> io::Result<()> {
        ended_if_broken(self.0.flush())
    }
}

fn ended_if_broken<T>(done: io::Result<T>) -> io::Result<T> {
    match done {
        Err(error) if error.kind() == ErrorKind::BrokenPipe => process::exit(ENDED),
        other => other,
    }
}
