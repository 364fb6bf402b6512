//! Metrics of connections.

use prometheus_client::encoding::EncodeLabelSet;
use prometheus_client::metrics::counter::Counter;
use prometheus_client::metrics::family::Family;
use prometheus_client::metrics::gauge::Gauge;
use prometheus_client::registry::Registry;

#[derive(Debug, Clone, PartialEq, Eq, Hash, EncodeLabelSet)]
struct ReasonLabels {
    reason: &'static str,
}

#[derive(Debug, Clone, PartialEq, Eq, Hash, EncodeLabelSet)]
struct VersionLabels {
    version: &'static str,
}

/// Metrics of connections.
#[derive(Debug, Clone, Default)]
pub(crate) struct Counts {
    open: Gauge,
    handshakes: Gauge,
    failed: Family<ReasonLabels, Counter>,
    established: Family<VersionLabels, Counter>,
    closed: Family<ReasonLabels, Counter>,
    malformed: Family<VersionLabels, Counter>,
}

impl Counts {
    pub(crate) fn register(&self, registry: &mut Registry) {
        registry.register("connections_open", "Connections", self.open.clone());
        registry.register(
            "handshakes_pending",
            "Connections whose TLS handshake is not done",
            self.handshakes.clone(),
        );
        registry.register(
            "handshakes_failed",
            "TLS handshakes that failed, took too long, or were dropped for newer ones",
            self.failed.clone(),
        );
        registry.register(
            "connections_established",
            "Connections whose TLS handshake is done, by version of HTTP",
            self.established.clone(),
        );
        registry.register(
            "connections_closed",
            "Connections that the server closed: they were silent or took no answer for too long, made room, or were refused",
            self.closed.clone(),
        );
        registry.register(
            "http_malformed",
            "Connections that ended because what came was no HTTP, by version",
            self.malformed.clone(),
        );
    }

    /// Sets the number of connections, and of those in their handshake.
    pub(super) fn show(&self, open: usize, handshakes: usize) {
        let number = |count: usize| i64::try_from(count).unwrap_or(i64::MAX);
        self.open.set(number(open));
        self.handshakes.set(number(handshakes));
    }

    pub(super) fn handshake_failed(&self, reason: &'static str) {
        self.failed.get_or_create(&ReasonLabels { reason }).inc();
    }

    pub(super) fn established(&self, version: &'static str) {
        let labels = VersionLabels { version };
        self.established.get_or_create(&labels).inc();
    }

    pub(super) fn closed(&self, reason: &'static str) {
        self.closed.get_or_create(&ReasonLabels { reason }).inc();
    }

    pub(super) fn malformed(&self, version: &'static str) {
        let labels = VersionLabels { version };
        self.malformed.get_or_create(&labels).inc();
    }
}
