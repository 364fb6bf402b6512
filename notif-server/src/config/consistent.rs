//! Checks values that are valid by themselves, but contradict each other.

use super::error::{ConfigError, ConfigErrors};
use super::load::Loaded;
use super::origin::Origin;
use super::settings::Limits;
use super::sinks::{Ack, Journal};

impl Loaded {
    /// The configuration, for a command that uses all of it.
    ///
    /// # Errors
    /// If values contradict each other, or are set for a sink that is off.
    pub fn consistent(self) -> Result<Self, ConfigErrors> {
        let (config, mut errors) = (&self.config, Vec::new());
        match (&config.tls.cert, &config.tls.key) {
            (Some(_), None) => errors.push(ConfigError::half_of_tls("tls.cert", "tls.key")),
            (None, Some(_)) => errors.push(ConfigError::half_of_tls("tls.key", "tls.cert")),
            _ => {}
        }
        let Limits {
            max_body,
            in_flight,
            ..
        } = config.limits;
        if in_flight < max_body {
            errors.push(ConfigError::Contradiction(format!(
                "limits.in-flight = {in_flight} has no room for a notification of \
                 limits.max-body = {max_body}: make it as large at least"
            )));
        }
        let Journal {
            max_size,
            max_rejected,
            ..
        } = config.journal;
        if max_rejected > max_size {
            errors.push(ConfigError::Contradiction(format!(
                "journal.max-rejected = {max_rejected} is more than journal.max-size = {max_size}, \
                 of which it is a part: make it smaller"
            )));
        }
        let sinks = &config.sinks;
        if config.ack == Ack::Kafka && !sinks.kafka.is_on() {
            let text = "ack = \"kafka\" needs brokers to acknowledge: set sinks.kafka.brokers";
            errors.push(ConfigError::Contradiction(text.to_owned()));
        }
        for (sink, address, is_on) in [
            ("kafka", "sinks.kafka.brokers", sinks.kafka.is_on()),
            ("influxdb", "sinks.influxdb.url", sinks.influxdb.is_on()),
        ] {
            let idle = if is_on {
                None
            } else {
                self.idle(sink, address)
            };
            errors.extend(idle.map(|(key, origin)| ConfigError::Idle {
                key: key.to_owned(),
                origin: origin.clone(),
                sink,
                address,
            }));
        }
        if errors.is_empty() {
            Ok(self)
        } else {
            Err(ConfigErrors(errors))
        }
    }

    /// A key that is set for a sink without an address. An address set to "" turns the sink off on
    /// purpose.
    fn idle(&self, sink: &str, address: &str) -> Option<(&str, &Origin)> {
        if self.origins.contains_key(address) {
            return None;
        }
        let table = format!("sinks.{sink}.");
        let mut keys = self.origins.iter();
        let (key, origin) = keys.find(|(key, _)| key.starts_with(&table))?;
        Some((key, origin))
    }
}
