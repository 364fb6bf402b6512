//! Writes the log: logging never waits for the log's reader, nor ends when there is none.
//!
//! Lines go into a bounded buffer, and a thread writes them. If it cannot (the disk is full, the
//! reader of the pipe is slow or gone), it tries again until it can; meanwhile, lines that do not
//! fit are dropped and counted, and the log says how many at that place.

use std::io::{self, Write};
use std::mem;
use std::sync::{Condvar, Mutex, MutexGuard, PoisonError};
use std::thread;
use std::time::Duration;

use prometheus_client::metrics::counter::Counter;

/// The size of the buffer, in bytes. As much again may be on its way.
const ROOM: usize = 1 << 20;

/// The wait after a failed write.
const PAUSE: Duration = Duration::from_millis(100);

/// Lines waiting to be written.
#[derive(Debug, Default)]
pub(super) struct Lines {
    state: Mutex<State>,
    changed: Condvar,
    /// Dropped lines.
    pub(super) lost: Counter,
}

#[derive(Debug, Default)]
struct State {
    waiting: Vec<u8>,
    /// Lines dropped after those that wait.
    lost: u64,
    /// The lines taken last are not written yet.
    writing: bool,
}

/// Lines to write, and the number of lines dropped after them.
#[derive(Debug)]
pub(super) struct Batch {
    pub(super) lines: Vec<u8>,
    pub(super) lost: u64,
}

impl Lines {
    fn state(&self) -> MutexGuard<'_, State> {
        self.state.lock().unwrap_or_else(PoisonError::into_inner)
    }

    /// Adds a line, if it fits.
    pub(super) fn push(&self, line: &str) {
        let mut state = self.state();
        // No line may follow a gap before the gap is reported.
        if state.lost > 0 || state.waiting.len() + line.len() > ROOM {
            state.lost += 1;
            self.lost.inc();
        } else {
            state.waiting.extend_from_slice(line.as_bytes());
        }
        drop(state);
        self.changed.notify_all();
    }

    /// The waiting lines; if there are none, waits for some, at most for `patience`.
    pub(super) fn take(&self, patience: Option<Duration>) -> Batch {
        let nothing = |state: &mut State| state.waiting.is_empty();
        let state = self.state();
        let mut state = match patience {
            None => self
                .changed
                .wait_while(state, nothing)
                .unwrap_or_else(PoisonError::into_inner),
            Some(patience) => {
                let waited = self.changed.wait_timeout_while(state, patience, nothing);
                waited.unwrap_or_else(PoisonError::into_inner).0
            }
        };
        state.writing = true;
        Batch {
            lines: mem::take(&mut state.waiting),
            lost: mem::take(&mut state.lost),
        }
    }

    /// Writes the lines, retrying for as long as it takes.
    pub(super) fn write(&self, mut lines: &[u8], out: &mut impl Write) {
        while !lines.is_empty() {
            match out.write(lines) {
                Ok(written) if written > 0 => lines = lines.get(written..).unwrap_or_default(),
                Err(error) if error.kind() == io::ErrorKind::Interrupted => {}
                _ => thread::sleep(PAUSE),
            }
        }
        self.state().writing = false;
        self.changed.notify_all();
    }

    /// Waits until all is written, at most for `limit`.
    pub(super) fn flush(&self, limit: Duration) {
        let pending = |state: &mut State| state.writing || !state.waiting.is_empty();
        // A timeout is fine: then nobody reads.
        drop(
            self.changed
                .wait_timeout_while(self.state(), limit, pending),
        );
    }
}
