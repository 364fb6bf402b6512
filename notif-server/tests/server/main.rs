//! The server and its commands, with no other service running.
#![allow(
    clippy::expect_used,
    clippy::indexing_slicing,
    clippy::panic,
    clippy::unwrap_used,
    reason = "a test states what must hold"
)]

#[path = "../common/mod.rs"]
mod common;

mod bounds;
mod commands;
mod configuration;
mod connections;
mod disk;
mod http;
mod http2;
mod journal;
mod journal_damage;
mod lifecycle;
mod logging;
mod modules;
mod signals;
mod stack;
