//! The signals that the server handles: SIGTERM, SIGINT (Ctrl-C) and SIGQUIT stop it in the same
//! orderly way; a second one ends it at once. No other signal that people or supervisors usually
//! send ends it.

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
    /// Nothing that this program acts on.
    Nothing,
}

/// The signals that are handled. By default each of them would end the process at once.
fn heeded() -> [(SignalKind, &'static str, Wish); 8] {
    // A write beyond the file size limit (`ulimit -f`) fails instead, and is answered with 503.
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

/// Keeps the process alive on signals that do not ask it to stop. Call it within a runtime.
///
/// # Errors
/// If a handler cannot be installed.
pub(crate) fn outlive_others() -> io::Result<()> {
    for (kind, _, wish) in heeded() {
        if !matches!(wish, Wish::Stop) {
            drop(signal(kind)?);
        }
    }
    Ok(())
}

/// The stream of one signal, and the request that it stands for.
#[derive(Debug)]
struct Source {
    signal: Signal,
    number: i32,
    name: &'static str,
    wish: Wish,
}

/// The signals of this process. Once created, none of them ends the process by default.
#[derive(Debug)]
pub(crate) struct Signals(Vec<Source>);

impl Signals {
    /// Installs the handlers. Call it within a runtime.
    ///
    /// # Errors
    /// If a handler cannot be installed.
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

    /// Waits for a signal to stop, and logs that the current work is being finished.
    pub(crate) async fn stop(&mut self) {
        let (signal, _) = self.stopping().await;
        tracing::info!(signal, "stopping: finishing what is in flight");
    }

    /// Runs the work that is left before the process ends. One more signal to stop ends the process
    /// at once, as a crash would.
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
        // The exit code that shells report for a process ended by a signal.
        process::exit(128 + number)
    }

    /// Waits for a signal to stop; handles the others meanwhile.
    async fn stopping(&mut self) -> (&'static str, i32) {
        loop {
            let (signal, number, wish) = self.next().await;
            match wish {
                Wish::Stop => return (signal, number),
                Wish::Reload => tracing::info!(
                    signal,
                    "nothing to reload: settings and certificate are read at the start"
                ),
                Wish::Nothing => tracing::info!(signal, "this signal has no effect"),
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
