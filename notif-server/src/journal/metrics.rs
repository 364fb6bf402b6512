//! What the journal counts.

use std::time::Duration;

use prometheus_client::metrics::counter::Counter;
use prometheus_client::metrics::histogram::Histogram;
use prometheus_client::registry::{Registry, Unit};

/// The upper bounds of a commit's time, in seconds: from a fast SSD to a disk in trouble.
const SECONDS: [f64; 12] = [
    0.0001, 0.0003, 0.001, 0.002, 0.005, 0.01, 0.02, 0.05, 0.1, 0.5, 2.0, 10.0,
];

/// The upper bounds of how many notifications share a commit.
const GROUPS: [f64; 8] = [1.0, 2.0, 4.0, 8.0, 16.0, 64.0, 256.0, 1024.0];

#[derive(Debug)]
pub(super) struct Metrics {
    bytes: Counter,
    compressed: Counter,
    failures: Counter,
    durations: Histogram,
    groups: Histogram,
}

impl Default for Metrics {
    fn default() -> Self {
        Self {
            bytes: Counter::default(),
            compressed: Counter::default(),
            failures: Counter::default(),
            durations: Histogram::new(SECONDS),
            groups: Histogram::new(GROUPS),
        }
    }
}

impl Metrics {
    pub(super) fn register(&self, registry: &mut Registry) {
        let registry = registry.sub_registry_with_prefix("journal");
        registry.register_with_unit(
            "bodies",
            "Bodies given to the journal, before compression",
            Unit::Bytes,
            self.bytes.clone(),
        );
        registry.register_with_unit(
            "compressed",
            "Bodies given to the journal, compressed",
            Unit::Bytes,
            self.compressed.clone(),
        );
        registry.register(
            "failures",
            "Transactions that failed; their notifications got 503",
            self.failures.clone(),
        );
        registry.register_with_unit(
            "commit_duration",
            "Time of a transaction with its fsync",
            Unit::Seconds,
            self.durations.clone(),
        );
        registry.register(
            "commit_notifications",
            "Notifications that one transaction wrote",
            self.groups.clone(),
        );
    }

    /// A body waits to be written.
    pub(super) fn queued(&self, size: usize, compressed: usize) {
        self.bytes.inc_by(size as u64);
        self.compressed.inc_by(compressed as u64);
    }

    /// A transaction is on the disk.
    pub(super) fn committed(&self, notifications: usize, took: Duration) {
        self.durations.observe(took.as_secs_f64());
        #[expect(clippy::cast_precision_loss, reason = "at most a thousand")]
        self.groups.observe(notifications as f64);
    }

    /// A transaction failed.
    pub(super) fn failed(&self) {
        self.failures.inc();
    }
}
