#![doc = include_str!("../README.md")]
#![cfg_attr(not(feature = "libyang"), forbid(unsafe_code))]

#[allow(
    dead_code,
    unreachable_pub,
    unused_imports,
    reason = "the front end that needs it is being built"
)]
mod compile;
#[cfg(feature = "rust")]
mod emit;
mod error;
#[allow(
    dead_code,
    unreachable_pub,
    unused_imports,
    reason = "the front end that needs it is being built"
)]
mod fault;
mod features;
mod front_end;
#[cfg(feature = "rust")]
mod generator;
#[cfg(feature = "libyang")]
mod libyang;
pub mod model;
#[allow(
    dead_code,
    unreachable_pub,
    unused_imports,
    reason = "the front end that needs it is being built"
)]
mod modules;
#[cfg(feature = "rust")]
mod name;
#[allow(
    dead_code,
    unreachable_pub,
    unused_imports,
    reason = "the front end that needs it is being built"
)]
mod parse;
mod pattern;
#[cfg(feature = "rust")]
mod settings;
#[cfg(feature = "rust")]
mod sid;
#[allow(
    dead_code,
    unreachable_pub,
    unused_imports,
    reason = "the front end that needs it is being built"
)]
mod sources;
mod xpath;

pub use error::{Complaint, Error, Place, Warning};
pub use features::Features;
pub use front_end::FrontEnd;
#[cfg(feature = "rust")]
pub use generator::{Generator, Output, write_if_changed};
