//! Kafka, InfluxDB or the server stop and are killed. A program of its own, since other tests must
//! not run meanwhile.
#![allow(
    clippy::expect_used,
    clippy::indexing_slicing,
    clippy::panic,
    clippy::unwrap_used,
    reason = "a test states what must hold"
)]

#[path = "../common/mod.rs"]
mod common;

mod crashes;
mod kafka;
mod sinks;

/// Held by a test for all of its time: they stop services that all of them use.
static ALONE: tokio::sync::Mutex<()> = tokio::sync::Mutex::const_new(());
