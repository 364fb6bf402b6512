//! The sinks and commands that need a real Kafka or a real InfluxDB.
#![allow(
    clippy::expect_used,
    clippy::indexing_slicing,
    clippy::panic,
    clippy::unwrap_used,
    reason = "a test states what must hold"
)]

#[path = "../common/mod.rs"]
mod common;

mod consume;
mod influxdb;
mod influxdb_query;
mod kafka;
mod pipeline;
