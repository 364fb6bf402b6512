//! `consume`: a consumer group that reads notifications from Kafka and writes them to InfluxDB.
//!
//! Each process is a member of the group, and the group shares out the partitions: so many machines
//! share the work, and another takes over what one that died had. A member takes a batch of
//! records, has it written, and then commits the offsets: at least once, in order per publisher.
//! What cannot be written goes to a dead-letter topic first.
//!
//! - `group`: the partitions that a member has, and how far it is in each.
//! - `consumer`: takes records from Kafka in batches, and serves the group while a sink takes its time.
//! - `decode`: the notification that a record holds.
//! - `member`: puts them together.

mod consumer;
mod decode;
mod group;
mod member;

#[cfg(test)]
mod tests;

use std::io;

use notif_runtime::registry::Registry;
use rdkafka::error::KafkaError;
use tokio::sync::watch;

use crate::config::{Config, TopicName};
use crate::signals::Signals;
use crate::sink::influxdb::{INFLUXDB, InfluxdbError, InfluxdbSink};
use crate::sink::kafka::SetupError;
use crate::sink::{Item, Sink, Status};
pub use member::Member;

/// Why `consume` cannot go on.
#[derive(Debug, thiserror::Error)]
#[non_exhaustive]
pub enum ConsumeError {
    /// It is not known where Kafka is.
    #[error("there is nothing to consume from: set `sinks.kafka.brokers`")]
    NoBrokers,
    /// Dead letters would be read again, and become dead letters again.
    #[error("`consume.topics` has the dead-letter topic {0}: leave it out")]
    OwnLetters(TopicName),
    /// The client of Kafka cannot be set up.
    #[error(transparent)]
    Setup(#[from] SetupError),
    /// InfluxDB's configuration cannot be used.
    #[error(transparent)]
    Influxdb(#[from] InfluxdbError),
    /// Kafka takes this member no more.
    #[error("Kafka takes this member of the group no more: {0}")]
    Ended(String),
    /// The runtime, or the signals, cannot be had.
    #[error("cannot start: {0}")]
    Runtime(#[from] io::Error),
}

impl ConsumeError {
    fn kafka(error: KafkaError) -> Self {
        Self::Setup(error.into())
    }
}

/// Reads from Kafka and writes to the InfluxDB of the configuration until a signal asks it to stop.
///
/// # Errors
/// Those of [`run`], or if InfluxDB's configuration cannot be used.
pub fn into_influxdb(config: &Config) -> Result<(), ConsumeError> {
    let registry = crate::registry();
    let sink = InfluxdbSink::new(&config.sinks.influxdb, &registry)?;
    run(config, &registry, sink, Status::new(INFLUXDB.name))
}

/// Reads from Kafka and gives to the sink until a signal asks it to stop, then finishes what it is
/// at.
///
/// # Errors
/// If the configuration names no brokers or what cannot be had, or Kafka takes this member of the
/// group no more.
pub fn run<S: Sink<Item = Item>>(
    config: &Config,
    registry: &Registry,
    sink: S,
    status: Status,
) -> Result<(), ConsumeError> {
    let runtime = tokio::runtime::Builder::new_current_thread()
        .enable_all()
        .build()?;
    let grace = config.timeouts.shutdown.get();
    let outcome = runtime.block_on(async {
        let mut signals = Signals::new()?;
        let stop = watch::Sender::new(None);
        let member = Member::join(config, registry, sink, status)?;
        let mut running = Box::pin(member.run(stop.subscribe()));
        tokio::select! {
            outcome = &mut running => return outcome,
            () = signals.stop() => {}
        }
        stop.send_replace(Some(grace));
        signals.finish(running).await
    });
    // What may be left is a broker that does not answer.
    runtime.shutdown_background();
    outcome
}
