//! The sinks of a configuration.

use std::sync::Arc;
use std::time::Duration;

use super::worker::Pace;
use super::workers::{Forward, ForwardError};
use crate::config::Sinks;
use crate::notification::SinkName;
use crate::sink::Status;
use crate::sink::influxdb::{INFLUXDB, InfluxdbSink};
use crate::sink::kafka::{DEAD_LETTER, DeadLetterSink, KAFKA, KafkaSink};

/// Notifications given to a sink at once, at most. The size of their bodies is limited as well.
const BATCH: usize = 1000;

/// The names of the sinks that are on.
#[must_use]
pub fn names(sinks: &Sinks) -> Vec<SinkName> {
    let kafka = sinks.kafka.is_on();
    let dead_letter = kafka && sinks.kafka.dead_letter.is_some();
    let all = [
        (kafka, KAFKA),
        (dead_letter, DEAD_LETTER),
        (sinks.influxdb.is_on(), INFLUXDB),
    ];
    all.into_iter()
        .filter_map(|(on, name)| on.then_some(name))
        .collect()
}

impl Forward {
    /// Starts a worker for each sink that is on.
    ///
    /// # Errors
    /// If a sink's configuration cannot be used, or the journal has no account of it.
    pub fn start_configured(&mut self, sinks: &Sinks) -> Result<(), ForwardError> {
        let at_once = Pace {
            batch: BATCH,
            linger: Duration::ZERO,
        };
        let status = |name: SinkName| Arc::new(Status::new(name.name));
        if sinks.kafka.is_on() {
            let sink = KafkaSink::new(&sinks.kafka, &self.registry)?;
            self.start(KAFKA, sink, status(KAFKA), at_once)?;
            if let Some(sink) = DeadLetterSink::new(&sinks.kafka)? {
                self.start(DEAD_LETTER, sink, status(DEAD_LETTER), at_once)?;
            }
        }
        if sinks.influxdb.is_on() {
            let sink = InfluxdbSink::new(&sinks.influxdb, &self.registry)?;
            let pace = Pace {
                linger: sinks.influxdb.linger.get(),
                ..at_once
            };
            self.start(INFLUXDB, sink, status(INFLUXDB), pace)?;
        }
        Ok(())
    }
}
