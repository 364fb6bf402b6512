//! How a sink's destination is: for the log, the metrics and the health check.

use std::fmt::Display;
use std::sync::{Mutex, PoisonError};
use std::time::{Duration, Instant};

use backon::{BackoffBuilder, ExponentialBackoff, ExponentialBuilder};
use prometheus_client::metrics::counter::Counter;
use prometheus_client::metrics::gauge::Gauge;
use prometheus_client::registry::{Registry, Unit};

/// How often an outage that lasts is logged again.
const REMINDER: Duration = Duration::from_secs(60);

/// The first pause after a failure; each is twice as long as the one before, with jitter.
const FIRST_PAUSE: Duration = Duration::from_millis(200);

/// The longest pause.
const LONGEST_PAUSE: Duration = Duration::from_secs(10);

/// How a sink's destination is.
#[derive(Debug)]
pub struct Status {
    sink: &'static str,
    outage: Mutex<Option<Outage>>,
    /// 1 while the last attempt went well, else 0.
    pub(crate) up: Gauge,
    /// Attempts that failed.
    pub(crate) failures: Counter,
    /// Bytes that the destination has taken, as they were sent.
    pub(crate) sent: Counter,
}

/// A time in which nothing goes through.
#[derive(Debug)]
struct Outage {
    began: Instant,
    told: Instant,
    reason: String,
}

impl Status {
    /// The status of a sink, which is taken to be up until it is tried.
    #[must_use]
    pub fn new(sink: &'static str) -> Self {
        let up = Gauge::default();
        up.set(1);
        Self {
            sink,
            outage: Mutex::default(),
            up,
            failures: Counter::default(),
            sent: Counter::default(),
        }
    }

    /// Adds the metrics of this destination alone.
    pub fn register(&self, metrics: &mut Registry) {
        metrics.register(
            "up",
            "1 while the last attempt to deliver went well",
            self.up.clone(),
        );
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

    /// An attempt failed, and will be made again.
    pub fn failed(&self, error: &dyn Display) {
        self.failures.inc();
        self.up.set(0);
        let (now, reason) = (Instant::now(), error.to_string());
        let mut outage = self.outage.lock().unwrap_or_else(PoisonError::into_inner);
        let known = outage
            .as_ref()
            .is_some_and(|known| now - known.told < REMINDER);
        if !known {
            tracing::warn!(sink = self.sink, reason, "cannot deliver; trying again");
        }
        let (began, told) = match &*outage {
            Some(known_outage) if known => (known_outage.began, known_outage.told),
            Some(old) => (old.began, now),
            None => (now, now),
        };
        *outage = Some(Outage {
            began,
            told,
            reason,
        });
    }

    /// An attempt went well.
    pub fn succeeded(&self, bytes: usize) {
        self.sent.inc_by(bytes as u64);
        self.up.set(1);
        let mut outage = self.outage.lock().unwrap_or_else(PoisonError::into_inner);
        if let Some(over) = outage.take() {
            let seconds = over.began.elapsed().as_secs();
            tracing::info!(sink = self.sink, seconds, "delivers again");
        }
    }

    /// Why nothing goes through, while that is so.
    #[must_use]
    pub fn outage(&self) -> Option<String> {
        let outage = self.outage.lock().unwrap_or_else(PoisonError::into_inner);
        outage.as_ref().map(|outage| outage.reason.clone())
    }
}

/// The pauses between attempts: growing, with jitter, without end.
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

    /// Waits before the next attempt: at least `at_least`, which the destination may ask for.
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
