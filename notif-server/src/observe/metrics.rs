//! The metrics of the server. Every label has a fixed set of values, none from a request.

use std::fmt;
use std::time::Duration;

use notif_runtime::Encoding;
use notif_runtime::fault::Faults;
use prometheus_client::encoding::EncodeLabelSet;
use prometheus_client::encoding::text::encode;
use prometheus_client::metrics::counter::Counter;
use prometheus_client::metrics::family::{Family, MetricConstructor};
use prometheus_client::metrics::gauge::Gauge;
use prometheus_client::metrics::histogram::Histogram;
use prometheus_client::metrics::info::Info;
use prometheus_client::registry::{Registry, Unit};

use super::logging;

/// The media type of [`Metrics::encode`].
pub const METRICS_TYPE: &str = "application/openmetrics-text; version=1.0.0; charset=utf-8";

/// The upper bounds of the duration buckets, in seconds: from a request in memory to a slow disk.
const SECONDS: [f64; 14] = [
    0.0005, 0.001, 0.002, 0.004, 0.008, 0.016, 0.03, 0.06, 0.125, 0.25, 0.5, 1.0, 4.0, 16.0,
];

/// The labels of a request: its route and the answer's status.
#[derive(Debug, Clone, PartialEq, Eq, Hash, EncodeLabelSet)]
struct RequestLabels {
    route: &'static str,
    status: u16,
}

#[derive(Debug, Clone, PartialEq, Eq, Hash, EncodeLabelSet)]
struct RouteLabels {
    route: &'static str,
}

#[derive(Debug, Clone, PartialEq, Eq, Hash, EncodeLabelSet)]
struct EncodingLabels {
    encoding: &'static str,
}

#[derive(Debug, Clone, PartialEq, Eq, Hash, EncodeLabelSet)]
struct KindLabels {
    kind: &'static str,
}

/// Creates the histograms of durations.
#[derive(Debug, Clone, Copy)]
struct Durations;

impl MetricConstructor<Histogram> for Durations {
    fn new_metric(&self) -> Histogram {
        Histogram::new(SECONDS)
    }
}

/// All metrics of the server.
#[derive(Debug)]
pub struct Metrics {
    registry: Registry,
    requests: Family<RequestLabels, Counter>,
    in_flight: Gauge,
    durations: Family<RouteLabels, Histogram, Durations>,
    received: Counter,
    accepted: Family<EncodingLabels, Counter>,
    rejected: Family<EncodingLabels, Counter>,
    refused: Family<KindLabels, Counter>,
    faults: Family<KindLabels, Counter>,
}

impl Default for Metrics {
    fn default() -> Self {
        let mut metrics = Self {
            registry: Registry::with_prefix("notif"),
            requests: Family::default(),
            in_flight: Gauge::default(),
            durations: Family::new_with_constructor(Durations),
            received: Counter::default(),
            accepted: Family::default(),
            rejected: Family::default(),
            refused: Family::default(),
            faults: Family::default(),
        };
        metrics.register();
        metrics
    }
}

impl Metrics {
    fn register(&mut self) {
        let registry = &mut self.registry;
        let version = Info::new([("version", env!("CARGO_PKG_VERSION"))]);
        registry.register("build", "The program", version);
        registry.register(
            "http_requests",
            "Requests answered, by route and status",
            self.requests.clone(),
        );
        registry.register(
            "http_requests_in_flight",
            "Requests that are being served",
            self.in_flight.clone(),
        );
        registry.register_with_unit(
            "http_request_duration",
            "Time from a request's head to its answer's head",
            Unit::Seconds,
            self.durations.clone(),
        );
        registry.register_with_unit(
            "received",
            "Bodies of notifications read",
            Unit::Bytes,
            self.received.clone(),
        );
        registry.register(
            "accepted",
            "Notifications acknowledged with 204, by encoding",
            self.accepted.clone(),
        );
        registry.register(
            "rejected",
            "Notifications refused for what they hold, by encoding",
            self.rejected.clone(),
        );
        registry.register(
            "refused",
            "Requests to relay a notification that were refused, by kind",
            self.refused.clone(),
        );
        registry.register(
            "faults",
            "Faults found in notifications, by kind",
            self.faults.clone(),
        );
        logging::register(registry);
    }

    /// Adds the metrics of another module.
    pub fn add(&mut self, register: impl FnOnce(&mut Registry)) {
        register(&mut self.registry);
    }

    /// Counts a request as being served, until the result is dropped.
    pub(crate) fn serving(&self) -> InFlight {
        self.in_flight.inc();
        InFlight(self.in_flight.clone())
    }

    /// The number of requests being served.
    pub(crate) fn in_flight(&self) -> i64 {
        self.in_flight.get()
    }

    /// Counts an answered request.
    pub(crate) fn answered(&self, route: &'static str, status: u16, took: Duration) {
        let labels = RequestLabels { route, status };
        self.requests.get_or_create(&labels).inc();
        let labels = RouteLabels { route };
        let durations = self.durations.get_or_create(&labels);
        durations.observe(took.as_secs_f64());
    }

    /// Counts the bytes of a notification's body.
    pub(crate) fn received(&self, bytes: usize) {
        self.received.inc_by(bytes as u64);
    }

    /// Counts an accepted notification.
    pub(crate) fn accepted(&self, encoding: Encoding) {
        let encoding = encoding.as_str();
        self.accepted
            .get_or_create(&EncodingLabels { encoding })
            .inc();
    }

    /// Counts a refused request to relay a notification.
    pub(crate) fn refused(&self, kind: &'static str) {
        self.refused.get_or_create(&KindLabels { kind }).inc();
    }

    /// Counts a notification that was refused for its content.
    pub(crate) fn rejected(&self, encoding: Encoding, faults: &Faults) {
        let encoding = encoding.as_str();
        self.rejected
            .get_or_create(&EncodingLabels { encoding })
            .inc();
        for fault in &faults.list {
            let kind = fault.kind.as_str();
            self.faults.get_or_create(&KindLabels { kind }).inc();
        }
    }

    /// All metrics in the text format of OpenMetrics.
    ///
    /// # Errors
    /// If a metric cannot be written.
    pub fn encode(&self) -> Result<String, fmt::Error> {
        let mut text = String::new();
        encode(&mut text, &self.registry)?;
        Ok(text)
    }
}

/// A request that is being served.
#[derive(Debug)]
pub(crate) struct InFlight(Gauge);

impl Drop for InFlight {
    fn drop(&mut self) {
        self.0.dec();
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn counts_are_written_with_their_labels() {
        let metrics = Metrics::default();
        metrics.answered("relay-notification", 204, Duration::from_millis(3));
        metrics.received(17);
        metrics.accepted(Encoding::Json);
        let text = metrics.encode().unwrap();
        for line in [
            "notif_http_requests_total{route=\"relay-notification\",status=\"204\"} 1",
            "notif_http_request_duration_seconds_bucket{le=\"0.004\",route=\"relay-notification\"} 1",
            "notif_received_bytes_total 17",
            "notif_accepted_total{encoding=\"json\"} 1",
            "notif_build_info{version=\"0.1.0\"} 1",
            "# EOF",
        ] {
            assert!(text.contains(line), "{line} in\n{text}");
        }
    }
}
