//! The signals that end a process: SIGTERM, and SIGINT from Ctrl-C.

use std::io;

use tokio::signal::unix::{Signal, SignalKind, signal};

/// What asks the process to stop. Once it is made, the process does not end by itself on a signal.
#[derive(Debug)]
pub(crate) struct StopSignals {
    terminate: Signal,
    interrupt: Signal,
}

impl StopSignals {
    pub(crate) fn new() -> io::Result<Self> {
        Ok(Self {
            terminate: signal(SignalKind::terminate())?,
            interrupt: signal(SignalKind::interrupt())?,
        })
    }

    /// Waits for the next signal, and says in the log that the process finishes what it is at.
    pub(crate) async fn first(&mut self) {
        let signal = self.next().await;
        tracing::info!(signal, "stopping: finishing what is in flight");
    }

    /// Waits for one more signal, and says in the log that the process does not finish it.
    pub(crate) async fn second(&mut self) {
        let signal = self.next().await;
        tracing::warn!(signal, "stopping at once");
    }

    async fn next(&mut self) -> &'static str {
        tokio::select! {
            _ = self.terminate.recv() => "SIGTERM",
            _ = self.interrupt.recv() => "SIGINT",
        }
    }
}
