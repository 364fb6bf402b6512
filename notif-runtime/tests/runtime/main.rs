//! The runtime: what the decoders take and refuse in each encoding, and what holds between nodes.
#![allow(
    clippy::expect_used,
    clippy::indexing_slicing,
    clippy::panic,
    reason = "a test states what must hold"
)]

mod any_data;
mod bounds;
mod causes;
mod cbor;
mod common;
mod double;
mod fuzz;
mod generated;
mod hostile;
mod json;
mod metadata;
mod operations;
mod paths;
mod references;
mod restconf;
mod round_trip;
mod rules;
mod schema_lifetime;
mod xml;
mod xml_accepted;
