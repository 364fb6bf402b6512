//! `consume`: a consumer group that reads notifications from Kafka and writes them to InfluxDB.
//!
//! Each process is a member of the group, which shares out the partitions: so several machines
//! share the work, and another takes over from one that died. A member takes a batch of records,
//! has it written, and then commits the offsets: at least once, in order per publisher. Records
//! that cannot be written go to a dead-letter topic first.
//!
//! - `group`: the partitions that a member has, and its progress in each.
//! - `consumer`: takes records from Kafka in batches, and polls the group while a sink is busy.
//! - `decode`: the notification that a record holds.
//! - `member`: puts them together.

mod consumer;
mod decode;
mod error;
mod group;
mod member;

#[cfg(test)]
mod tests;

use notif_runtime::registry::Registry;
use tokio::sync::watch;

use crate::config::Config;
use crate::signals::Signals;
use crate::sink::influxdb::{INFLUXDB, InfluxdbSink};
use crate::sink::{Item, Sink, Status};
pub use error::ConsumeError;
pub use member::Member;

/// Reads from Kafka and writes to the InfluxDB of the configuration until a signal asks it to stop.
///
/// # Errors
/// Those of [`run`], or if InfluxDB's configuration cannot be used.
pub fn into_influxdb(config: &Config) -> Result<(), ConsumeError> {
    let registry = crate::registry();
    let sink = InfluxdbSink::new(&config.sinks.influxdb, &registry)?;
    run(config, &registry, sink, Status::new(INFLUXDB.name))
}

/// Reads from Kafka and gives to the sink until a signal asks it to stop, then finishes the current
/// batch.
///
/// # Errors
/// If the configuration names no brokers or cannot be used, or Kafka no longer accepts this member
/// of the group.
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
    // Only a broker that does not answer can be left.
    runtime.shutdown_background();
    outcome
}
