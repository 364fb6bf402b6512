//! The sinks and commands that need a real Kafka or a real InfluxDB.

#[path = "../common/mod.rs"]
mod common;

mod consume;
mod influxdb;
mod influxdb_query;
mod kafka;
mod pipeline;
