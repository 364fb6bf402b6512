//! The status of a sink's destination, for the log, the metrics and the health check.

use std::fmt::{self, Display};
use std::sync::{Arc, Mutex, MutexGuard, PoisonError};
use std::time::{Duration, Instant};

use backon::{BackoffBuilder, ExponentialBackoff, ExponentialBuilder};
use prometheus_client::collector::Collector;
use prometheus_client::encoding::{DescriptorEncoder, EncodeMetric};
use prometheus_client::metrics::MetricType;
use prometheus_client::metrics::counter::Counter;
use prometheus_client::metrics::gauge::ConstGauge;
use prometheus_client::registry::{Registry, Unit};
use tokio::sync::watch;

/// The interval of logging outages, a lasting one or many short ones.
const REMINDER: Duration = Duration::from_secs(60);

/// The first pause after a failure; each further pause is twice as long, with jitter.
const FIRST_PAUSE: Duration = Duration::from_millis(200);

/// The longest pause.
const LONGEST_PAUSE: Duration = Duration::from_secs(10);

/// The status of a sink's destination.
#[derive(Debug)]
pub struct Status {
    sink: &'static str,
    seen: Mutex<Seen>,
    /// The last attempt failed.
    down: watch::Sender<bool>,
    /// Failed attempts.
    pub(crate) failures: Counter,
    /// Bytes that the destination has taken, as sent.
    pub(crate) sent: Counter,
}

#[derive(Debug, Default)]
struct Seen {
    /// An attempt was made.
    tried: bool,
    outage: Option<Outage>,
    /// The time at which an outage was last logged.
    told: Option<Instant>,
}

/// A time in which nothing can be delivered.
#[derive(Debug)]
struct Outage {
    began: Instant,
    /// The outage was logged.
    told: bool,
    reason: String,
}

impl Status {
    /// The status of a sink before its first attempt.
    #[must_use]
    pub fn new(sink: &'static str) -> Self {
        Self {
            sink,
            seen: Mutex::default(),
            down: watch::Sender::new(false),
            failures: Counter::default(),
            sent: Counter::default(),
        }
    }

    /// Adds the metric of this destination.
    pub fn register(self: &Arc<Self>, metrics: &mut Registry) {
        metrics.register_collector(Box::new(Up(Arc::clone(self))));
        metrics.register(
            "failures",
            "Attempts to deliver that failed",
            self.failures.clone(),
        );
        metrics.register_with_unit(
            "sent",
            "What the destination has taken, as it was sent",
            Unit::Bytes,
            self.sent.clone(),
        );
    }

    /// The sink's name.
    #[must_use]
    pub const fn sink(&self) -> &'static str {
        self.sink
    }

    /// Notes a failed attempt that will be retried.
    pub fn failed(&self, error: &dyn Display) {
        self.failures.inc();
        let (now, reason) = (Instant::now(), error.to_string());
        let mut seen = self.seen();
        seen.tried = true;
        self.down.send_replace(true);
        // Occasional failures, for example of one topic among many, must not flood the log.
        let tell = seen.told.is_none_or(|told| now - told >= REMINDER);
        if tell {
            tracing::warn!(sink = self.sink, reason, "cannot deliver; trying again");
            seen.told = Some(now);
        }
        let before = seen.outage.take();
        seen.outage = Some(Outage {
            began: before.as_ref().map_or(now, |outage| outage.began),
            told: tell || before.is_some_and(|outage| outage.told),
            reason,
        });
    }

    /// Notes a successful attempt.
    pub fn succeeded(&self, bytes: usize) {
        self.sent.inc_by(bytes as u64);
        let mut seen = self.seen();
        seen.tried = true;
        self.down.send_replace(false);
        if let Some(over) = seen.outage.take().filter(|outage| outage.told) {
            let seconds = over.began.elapsed().as_secs();
            tracing::info!(sink = self.sink, seconds, "delivers again");
        }
    }

    /// True if the last attempt succeeded; none before the first.
    #[must_use]
    pub fn is_up(&self) -> Option<bool> {
        let seen = self.seen();
        seen.tried.then_some(seen.outage.is_none())
    }

    /// The reason why nothing can be delivered; none while it can.
    #[must_use]
    pub fn outage(&self) -> Option<String> {
        let seen = self.seen();
        seen.outage.as_ref().map(|outage| outage.reason.clone())
    }

    /// Waits until nothing can be delivered.
    pub(crate) async fn down(&self) {
        // This cannot fail: the sender is in `self`.
        let _ = self.down.subscribe().wait_for(|down| *down).await;
    }

    fn seen(&self) -> MutexGuard<'_, Seen> {
        self.seen.lock().unwrap_or_else(PoisonError::into_inner)
    }
}

/// The help text of the metric that tells if a destination is up.
pub(crate) const UP: &str =
    "1 while the last attempt to deliver went well, else 0; not there before the first";

/// The metric of one destination.
#[derive(Debug)]
struct Up(Arc<Status>);

impl Collector for Up {
    fn encode(&self, mut encoder: DescriptorEncoder<'_>) -> fmt::Result {
        let Some(up) = self.0.is_up() else {
            return Ok(());
        };
        let metric = encoder.encode_descriptor("up", UP, None, MetricType::Gauge)?;
        ConstGauge::new(i64::from(up)).encode(metric)
    }
}

/// Growing pauses between attempts, with jitter, without end.
#[derive(Debug)]
pub struct Attempts(ExponentialBackoff);

impl Attempts {
    /// The pauses after a first failure.
    #[must_use]
    pub fn new() -> Self {
        Self(
            ExponentialBuilder::new()
                .with_min_delay(FIRST_PAUSE)
                .with_max_delay(LONGEST_PAUSE)
                .with_jitter()
                .without_max_times()
                .build(),
        )
    }

    /// Waits before the next attempt, at least for `at_least`, which the destination may ask for.
    pub async fn pause(&mut self, at_least: Duration) {
        let pause = self.0.next().unwrap_or(LONGEST_PAUSE);
        tokio::time::sleep(pause.max(at_least)).await;
    }
}

impl Default for Attempts {
    fn default() -> Self {
        Self::new()
    }
}

#[cfg(test)]
mod tests {
    use std::io::{self, Write};

    use prometheus_client::encoding::text::encode;

    use super::*;

    #[derive(Clone, Default)]
    struct Log(Arc<Mutex<Vec<u8>>>);

    impl Write for Log {
        fn write(&mut self, bytes: &[u8]) -> io::Result<usize> {
            self.0.lock().unwrap().write(bytes)
        }

        fn flush(&mut self) -> io::Result<()> {
            Ok(())
        }
    }

    #[test]
    fn nothing_is_said_of_a_destination_before_it_is_tried() {
        let status = Arc::new(Status::new("s"));
        let mut metrics = Registry::default();
        status.register(&mut metrics);
        let line = || {
            let mut text = String::new();
            encode(&mut text, &metrics).unwrap();
            let line = text.lines().find(|line| line.starts_with("up "));
            line.map(str::to_owned)
        };
        assert_eq!((status.is_up(), line()), (None, None));
        status.failed(&"gone");
        assert_eq!(
            (status.is_up(), line().unwrap().as_str()),
            (Some(false), "up 0")
        );
        status.succeeded(1);
        assert_eq!(
            (status.is_up(), line().unwrap().as_str()),
            (Some(true), "up 1")
        );
    }

    #[test]
    fn what_fails_now_and_then_does_not_flood_the_log() {
        let log = Log::default();
        let writer = log.clone();
        let subscriber = tracing_subscriber::fmt().with_writer(move || writer.clone());
        tracing::subscriber::with_default(subscriber.finish(), || {
            let status = Status::new("s");
            for _ in 0..100 {
                status.failed(&"there is no topic");
                assert_eq!(status.outage().as_deref(), Some("there is no topic"));
                status.succeeded(1);
                assert_eq!(status.outage(), None);
            }
        });
        let log = String::from_utf8(log.0.lock().unwrap().clone()).unwrap();
        assert_eq!(log.lines().count(), 2, "{log}");
        assert!(log.contains("there is no topic") && log.contains("delivers again"));
    }
}
