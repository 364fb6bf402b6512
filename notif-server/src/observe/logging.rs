//! The log, on standard error: standard output is for the output of commands.
//!
//! Every part of the program logs by events of `tracing`. An event becomes a `line`; `repeats` sums
//! up repeated ones; `writer` writes them out. None of these waits, fails or grows without limit,
//! so that logging cannot stop the work it reports. To have an event summed up with similar ones,
//! give it the fields `publisher` (an address without the port), and `kind`, `status` or `sink`.

use std::io::{self, IsTerminal, Write};
use std::panic::{self, PanicHookInfo};
use std::sync::{LazyLock, Mutex, MutexGuard, OnceLock, PoisonError};
use std::thread;
use std::time::{Duration, Instant};

use prometheus_client::encoding::EncodeLabelSet;
use prometheus_client::metrics::counter::Counter;
use prometheus_client::metrics::family::Family;
use prometheus_client::registry::Registry;
use tracing::{Event, Level, Subscriber};
use tracing_subscriber::layer::{Context, Layer, SubscriberExt};
use tracing_subscriber::util::{SubscriberInitExt, TryInitError};
use tracing_subscriber::{EnvFilter, registry};

use super::line::Line;
use super::repeats::Repeats;
use super::writer::Lines;
use crate::config::{self, LogFormat};

/// The interval of checks for summed-up lines that are due.
const LOOK: Duration = Duration::from_millis(100);

/// The time that the end of the process may wait for its last lines to be written.
const LAST: Duration = Duration::from_millis(500);

/// The log of this process.
static LOG: LazyLock<Log> = LazyLock::new(Log::default);

#[derive(Debug, Default)]
struct Log {
    style: OnceLock<Style>,
    lines: Lines,
    repeats: Mutex<Repeats>,
    /// Logged events, written or summed up.
    events: Family<EventLabels, Counter>,
    panics: Counter,
}

/// The style of lines.
#[derive(Debug, Clone, Copy)]
struct Style {
    format: LogFormat,
    colours: bool,
}

#[derive(Debug, Clone, PartialEq, Eq, Hash, EncodeLabelSet)]
struct EventLabels {
    level: &'static str,
}

/// Errors in starting the log.
#[derive(Debug, thiserror::Error)]
#[non_exhaustive]
pub enum LogError {
    /// It has been started already.
    #[error("cannot start the log: {0}")]
    Started(#[from] TryInitError),
    /// No thread can be started.
    #[error("cannot start the thread of the log: {0}")]
    Thread(#[from] io::Error),
}

/// Keeps the log going; when dropped, writes the last lines.
#[derive(Debug)]
#[must_use]
pub struct LogGuard(());

impl Drop for LogGuard {
    fn drop(&mut self) {
        flush();
    }
}

/// Starts the log of this process.
///
/// # Errors
/// If it has been started already, or its thread cannot be started.
pub fn init(config: &config::Log) -> Result<LogGuard, LogError> {
    let style = Style {
        format: config.format,
        colours: io::stderr().is_terminal(),
    };
    registry()
        .with(EnvFilter::new(config.level.to_string()))
        .with(Events)
        .try_init()?;
    // This can only fail if it is set already, which the line before has ruled out.
    let _ = LOG.style.set(style);
    thread::Builder::new()
        .name("log".to_owned())
        .spawn(|| LOG.run(&mut io::stderr()))?;
    // The standard library's hook writes directly, and would block on a slow reader.
    panic::set_hook(Box::new(log_panic));
    Ok(LogGuard(()))
}

/// Logs the summed-up events, to come before a closing line.
pub(crate) fn sum_up() {
    LOG.pass_on(|repeats| repeats.rest(Instant::now()));
}

/// Waits for lines on their way, but not for long: the process is ending.
pub(crate) fn flush() {
    sum_up();
    LOG.lines.flush(LAST);
}

/// Adds the metrics of the log.
pub(super) fn register(metrics: &mut Registry) {
    metrics.register(
        "panics",
        "Faults of the program itself, each of which ended one connection or task",
        LOG.panics.clone(),
    );
    let metrics = metrics.sub_registry_with_prefix("log");
    metrics.register(
        "events",
        "What was logged, by level; repeats are summed up in fewer lines",
        LOG.events.clone(),
    );
    metrics.register(
        "lines_lost",
        "Lines of the log that could not be written in time",
        LOG.lines.lost.clone(),
    );
}

fn log_panic(panic: &PanicHookInfo<'_>) {
    LOG.panics.inc();
    let payload = panic.payload();
    let text = payload.downcast_ref::<&str>().copied();
    let text = text.or_else(|| payload.downcast_ref::<String>().map(String::as_str));
    let place = panic.location().map(ToString::to_string);
    tracing::error!(
        thread = thread::current().name(),
        kind = place,
        reason = text,
        "a fault of the program: please report this line"
    );
}

/// Passes events to the log.
struct Events;

impl<S: Subscriber> Layer<S> for Events {
    fn on_event(&self, event: &Event<'_>, _: Context<'_, S>) {
        let level = event.metadata().level().as_str();
        LOG.events.get_or_create(&EventLabels { level }).inc();
        let line = Line::new(event);
        // A user who asks for details wants every event.
        let line = if line.level > Level::INFO {
            Some(line)
        } else {
            let kind = line.kind(event);
            LOG.repeats().pass(kind, line, Instant::now())
        };
        LOG.push(line.as_slice());
    }
}

impl Log {
    fn repeats(&self) -> MutexGuard<'_, Repeats> {
        self.repeats.lock().unwrap_or_else(PoisonError::into_inner)
    }

    /// Moves summed-up lines to the writer. Each is always in one of the two places, so that the
    /// end of the process cannot miss it.
    fn pass_on(&self, take: impl FnOnce(&mut Repeats) -> Vec<Line>) {
        let mut repeats = self.repeats();
        let lines = take(&mut repeats);
        self.push(&lines);
        drop(repeats);
    }

    fn push(&self, lines: &[Line]) {
        for line in lines {
            self.lines.push(&self.text(line));
        }
    }

    fn text(&self, line: &Line) -> String {
        let style = self.style.get();
        let (format, colours) = style.map_or((LogFormat::Text, false), |style| {
            (style.format, style.colours)
        });
        line.text(format, colours)
    }

    /// Writes lines until the process ends.
    fn run(&self, out: &mut impl Write) {
        loop {
            // Summed-up events follow a line that was written, so waiting for a line misses none.
            let patience = (!self.repeats().is_empty()).then_some(LOOK);
            let mut batch = self.lines.take(patience);
            if batch.lost > 0 {
                let lost = format!("{} lines of the log are lost here", batch.lost);
                let line = Line::plain(Level::WARN, module_path!(), lost);
                batch.lines.extend_from_slice(self.text(&line).as_bytes());
            }
            self.lines.write(&batch.lines, out);
            self.pass_on(|repeats| repeats.due(Instant::now()));
        }
    }
}
