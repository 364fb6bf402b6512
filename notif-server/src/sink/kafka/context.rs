//! The callbacks of librdkafka beside deliveries: its log, errors and connections.

use rdkafka::client::ClientContext;
use rdkafka::config::RDKafkaLogLevel;
use rdkafka::error::KafkaError;
use rdkafka::statistics::Statistics;
use tokio::sync::watch;

/// The state of a client's connections.
#[derive(Debug, Clone, Default)]
pub(crate) struct Context {
    /// The latest error that does not concern a single record.
    trouble: watch::Sender<Option<String>>,
    /// The reason why no broker is connected, if so; only known with statistics enabled.
    disconnected: watch::Sender<Option<String>>,
}

impl Context {
    /// The errors from now on.
    pub(super) fn troubles(&self) -> watch::Receiver<Option<String>> {
        self.trouble.subscribe()
    }

    /// Checks that a broker is connected.
    ///
    /// # Errors
    /// The reason, if none is.
    pub(super) fn health(&self) -> Result<(), String> {
        self.disconnected.borrow().clone().map_or(Ok(()), Err)
    }
}

/// Logs a line of librdkafka. It repeats its errors while a broker is down, and goes on; a fatal
/// one ends a single client, which is replaced. Its remarks on properties are that one is
/// experimental, or not for both producers and consumers.
pub(crate) fn log(level: RDKafkaLogLevel, facility: &str, message: &str) {
    match level {
        _ if matches!(facility, "FATAL" | "CONFWARN") => {
            tracing::debug!(target: "librdkafka", facility, "{message}");
        }
        RDKafkaLogLevel::Emerg | RDKafkaLogLevel::Alert | RDKafkaLogLevel::Critical => {
            tracing::error!(target: "librdkafka", facility, "{message}");
        }
        RDKafkaLogLevel::Error | RDKafkaLogLevel::Warning => {
            tracing::warn!(target: "librdkafka", facility, "{message}");
        }
        _ => tracing::debug!(target: "librdkafka", facility, "{message}"),
    }
}

impl ClientContext for Context {
    fn log(&self, level: RDKafkaLogLevel, facility: &str, message: &str) {
        log(level, facility, message);
    }

    fn error(&self, error: KafkaError, reason: &str) {
        tracing::debug!(target: "librdkafka", %error, reason);
        self.trouble.send_replace(Some(reason.to_owned()));
    }

    fn stats(&self, statistics: Statistics) {
        let mut brokers = statistics.brokers.values();
        let connected = brokers.any(|broker| broker.state == "UP");
        let why = (!connected).then(|| {
            let trouble = self.trouble.borrow().clone();
            trouble.unwrap_or_else(|| "no broker of Kafka is connected".to_owned())
        });
        self.disconnected.send_replace(why);
    }
}
