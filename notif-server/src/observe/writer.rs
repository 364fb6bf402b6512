//! Writing lines: the program never waits for who reads the log, nor ends when nobody does.
//!
//! Lines go into a buffer with a bound, and a thread writes them. If it cannot (the disk is full,
//! the reader of the pipe is slow or gone) it tries again until it can; meanwhile lines that find
//! no room are lost, counted, and the log says how many where they would have stood.

use std::io::{self, Write};
use std::mem;
use std::sync::{Condvar, Mutex, MutexGuard, PoisonError};
use std::thread;
use std::time::Duration;

use prometheus_client::metrics::counter::Counter;

/// The bytes that may wait to be written. As many again may be on their way.
const ROOM: usize = 1 << 20;

/// The time to wait after a write that failed.
const PAUSE: Duration = Duration::from_millis(100);

/// Lines on their way out.
#[derive(Debug, Default)]
pub(super) struct Lines {
    state: Mutex<State>,
    changed: Condvar,
    /// Lines that were lost.
    pub(super) lost: Counter,
}

#[derive(Debug, Default)]
struct State {
    waiting: Vec<u8>,
    /// Lines that found no room after those that wait.
    lost: u64,
    /// True if the batch that was taken is not yet written.
    writing: bool,
}

/// Lines to write, and the number of lines lost after them.
#[derive(Debug)]
pub(super) struct Batch {
    pub(super) lines: Vec<u8>,
    pub(super) lost: u64,
}

impl Lines {
    fn state(&self) -> MutexGuard<'_, State> {
        self.state.lock().unwrap_or_else(PoisonError::into_inner)
    }

    /// Takes a line, if there is room.
    pub(super) fn push(&self, line: &str) {
        let mut state = self.state();
        // Nothing may stand behind a gap that is not told of.
        if state.lost > 0 || state.waiting.len() + line.len() > ROOM {
            state.lost += 1;
            self.lost.inc();
        } else {
            state.waiting.extend_from_slice(line.as_bytes());
        }
        drop(state);
        self.changed.notify_all();
    }

    /// The lines that wait; if there are none, waits for some as long as `patience`.
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

    /// Writes what was taken, whatever stands in the way and however long.
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

    /// Waits until all is written, for so long at most.
    pub(super) fn flush(&self, limit: Duration) {
        let pending = |state: &mut State| state.writing || !state.waiting.is_empty();
        // That the time is over is as good: nobody reads.
        drop(
            self.changed
                .wait_timeout_while(self.state(), limit, pending),
        );
    }
}
