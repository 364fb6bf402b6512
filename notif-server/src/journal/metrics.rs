//! The metrics of the journal.

use std::sync::Arc;
use std::time::Duration;

use prometheus_client::metrics::counter::Counter;
use prometheus_client::metrics::gauge::Gauge;
use prometheus_client::metrics::histogram::Histogram;
use prometheus_client::registry::{Registry, Unit};

use super::retention::{Made, Tidied};
use crate::journal::check::Soundness;
use crate::journal::files::space::Space;

/// The upper bounds of commit times, in seconds: from a fast SSD to a failing disk.
const SECONDS: [f64; 12] = [
    0.0001, 0.0003, 0.001, 0.002, 0.005, 0.01, 0.02, 0.05, 0.1, 0.5, 2.0, 10.0,
];

/// The upper bounds of the number of notifications in a commit.
const GROUPS: [f64; 8] = [1.0, 2.0, 4.0, 8.0, 16.0, 64.0, 256.0, 1024.0];

#[derive(Debug)]
pub(crate) struct Metrics {
    bytes: Counter,
    compressed: Counter,
    /// Failed transactions.
    pub(crate) failures: Counter,
    durations: Histogram,
    groups: Histogram,
    /// 1 while the limits are reached.
    pub(crate) full: Gauge,
    size: Gauge,
    free: Gauge,
    removed: Counter,
    removed_parked: Counter,
    /// Rejected notifications removed to make room for newer ones.
    pub(crate) rejected_removed: Counter,
    /// Rejected notifications that could not be kept.
    pub(crate) rejected_dropped: Counter,
    /// The known damage.
    pub(crate) soundness: Arc<Soundness>,
}

impl Default for Metrics {
    fn default() -> Self {
        Self {
            bytes: Counter::default(),
            compressed: Counter::default(),
            failures: Counter::default(),
            durations: Histogram::new(SECONDS),
            groups: Histogram::new(GROUPS),
            full: Gauge::default(),
            size: Gauge::default(),
            free: Gauge::default(),
            removed: Counter::default(),
            removed_parked: Counter::default(),
            rejected_removed: Counter::default(),
            rejected_dropped: Counter::default(),
            soundness: Arc::default(),
        }
    }
}

impl Metrics {
    pub(crate) fn register(&self, registry: &mut Registry) {
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
        registry.register(
            "damaged",
            "Notifications, and other parts of the file, that were found damaged",
            self.soundness.damaged.clone(),
        );
        self.register_space(registry);
    }

    fn register_space(&self, registry: &mut Registry) {
        registry.register(
            "full",
            "1 while the journal has reached its bounds and publishers get 503",
            self.full.clone(),
        );
        registry.register_with_unit(
            "size",
            "What the journal takes on the disk",
            Unit::Bytes,
            self.size.clone(),
        );
        registry.register_with_unit(
            "disk_free",
            "What the journal can use yet: free on its disk, or in its file",
            Unit::Bytes,
            self.free.clone(),
        );
        registry.register(
            "removed",
            "Notifications removed for their age or to make room; every sink had settled them",
            self.removed.clone(),
        );
        registry.register(
            "removed_quarantined",
            "Removed notifications that a sink had in quarantine",
            self.removed_parked.clone(),
        );
        registry.register(
            "rejected_removed",
            "Rejected notifications removed to make room for newer ones",
            self.rejected_removed.clone(),
        );
        registry.register(
            "rejected_dropped",
            "Rejected notifications that could not be kept",
            self.rejected_dropped.clone(),
        );
    }

    /// Counts a body that waits to be written.
    pub(crate) fn queued(&self, size: usize, compressed: usize) {
        self.bytes.inc_by(size as u64);
        self.compressed.inc_by(compressed as u64);
    }

    /// Counts a transaction that is on the disk.
    pub(crate) fn committed(&self, notifications: usize, took: Duration) {
        self.durations.observe(took.as_secs_f64());
        if notifications == 0 {
            return;
        }
        #[expect(clippy::cast_precision_loss, reason = "at most a thousand")]
        self.groups.observe(notifications as f64);
    }

    /// Sets the journal's use of space.
    pub(crate) fn space(&self, space: Space) {
        let signed = |bytes: u64| i64::try_from(bytes).unwrap_or(i64::MAX);
        self.size.set(signed(space.used + space.log));
        self.free.set(signed(space.free()));
    }

    /// Counts notifications removed by tidying.
    pub(crate) fn tidied(&self, tidied: Tidied) {
        self.removed.inc_by(tidied.removed);
        self.removed_parked.inc_by(tidied.parked);
    }

    /// Counts notifications removed to make room for a write.
    pub(crate) fn made(&self, made: Made) {
        self.removed.inc_by(made.removed);
        self.removed_parked.inc_by(made.parked);
        self.rejected_removed.inc_by(made.rejected);
    }
}
