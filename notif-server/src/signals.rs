//! The signals that a process of the server heeds: SIGTERM, SIGINT (Ctrl-C) and SIGQUIT stop it,
//! each in the same orderly way; a second of them ends it at once. No other that a person or a
//! supervisor sends ends it.

use std::task::Poll;
use std::{future, io, process};

use rustix::process::Signal as SystemSignal;
use tokio::signal::unix::{Signal, SignalKind, signal};

use crate::observe;

/// The request that a signal stands for.
#[derive(Debug, Clone, Copy)]
enum Wish {
    Stop,
    Reload,
    /// Nothing that this program knows.
    Nothing,
}

/// The signals that are heeded. Without that each would end the process, in the midst of what it
/// is at.
fn heeded() -> [(SignalKind, &'static str, Wish); 8] {
    // A write beyond the largest size of a file (`ulimit -f`) is to fail, and be answered with 503.
    let file_size = SignalKind::from_raw(SystemSignal::XFSZ.as_raw());
    [
        (SignalKind::terminate(), "SIGTERM", Wish::Stop),
        (SignalKind::interrupt(), "SIGINT", Wish::Stop),
        (SignalKind::quit(), "SIGQUIT", Wish::Stop),
        (SignalKind::hangup(), "SIGHUP", Wish::Reload),
        (SignalKind::user_defined1(), "SIGUSR1", Wish::Nothing),
        (SignalKind::user_defined2(), "SIGUSR2", Wish::Nothing),
        (SignalKind::alarm(), "SIGALRM", Wish::Nothing),
        (file_size, "SIGXFSZ", Wish::Nothing),
    ]
}

/// From now on the process does not end on a signal that asks for something else than its end. To be
/// called within a runtime.
///
/// # Errors
/// If a signal cannot be had.
pub(crate) fn outlive_others() -> io::Result<()> {
    for (kind, _, wish) in heeded() {
        if !matches!(wish, Wish::Stop) {
            drop(signal(kind)?);
        }
    }
    Ok(())
}

/// The signals of one kind.
#[derive(Debug)]
struct Source {
    signal: Signal,
    number: i32,
    name: &'static str,
    wish: Wish,
}

/// The signals of this process. Once it is made, the process does not end by itself on one of them.
#[derive(Debug)]
pub(crate) struct Signals(Vec<Source>);

impl Signals {
    /// To be called within a runtime.
    ///
    /// # Errors
    /// If a signal cannot be had.
    pub(crate) fn new() -> io::Result<Self> {
        let source = |(kind, name, wish): (SignalKind, _, _)| {
            Ok(Source {
                signal: signal(kind)?,
                number: kind.as_raw_value(),
                name,
                wish,
            })
        };
        Ok(Self(
            heeded()
                .into_iter()
                .map(source)
                .collect::<io::Result<_>>()?,
        ))
    }

    /// Waits until the process is to stop, and says in the log that it finishes what it is at.
    pub(crate) async fn stop(&mut self) {
        let (signal, _) = self.stopping().await;
        tracing::info!(signal, "stopping: finishing what is in flight");
    }

    /// Does what is left to be done before the process ends, unless one more signal asks it to
    /// stop: that ends it at once, as a crash would.
    pub(crate) async fn finish<T>(&mut self, work: impl Future<Output = T>) -> T {
        let (signal, number) = tokio::select! {
            done = work => return done,
            stopping = self.stopping() => stopping,
        };
        tracing::warn!(
            signal,
            "stopping at once: what is in flight is left as it is"
        );
        observe::flush_log();
        // As a shell reports a process that a signal ended.
        process::exit(128 + number)
    }

    /// Waits for a signal that asks to stop; answers others.
    async fn stopping(&mut self) -> (&'static str, i32) {
        loop {
            let (signal, number, wish) = self.next().await;
            match wish {
                Wish::Stop => return (signal, number),
                Wish::Reload => tracing::info!(
                    signal,
                    "nothing to reload: settings and certificate are read at the start"
                ),
                Wish::Nothing => tracing::info!(signal, "this signal asks for nothing here"),
            }
        }
    }

    async fn next(&mut self) -> (&'static str, i32, Wish) {
        future::poll_fn(|context| {
            let came = self.0.iter_mut().find_map(|source| {
                let came = source.signal.poll_recv(context).is_ready();
                came.then_some((source.name, source.number, source.wish))
            });
            came.map_or(Poll::Pending, Poll::Ready)
        })
        .await
    }
}
