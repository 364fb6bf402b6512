#![doc = include_str!("../README.md")]
#![cfg_attr(not(feature = "libyang"), forbid(unsafe_code))]

mod compile;
mod compiler;
#[cfg(feature = "rust")]
mod emit;
mod error;
mod fault;
mod features;
#[cfg(feature = "rust")]
mod front_end;
#[cfg(feature = "rust")]
mod generator;
#[cfg(feature = "libyang")]
mod libyang;
pub mod model;
mod modules;
#[cfg(feature = "rust")]
mod name;
mod parse;
mod pattern;
#[cfg(feature = "rust")]
mod settings;
#[cfg(feature = "rust")]
mod sid;
mod sources;
mod xpath;

pub use compiler::{Compiled, Compiler};
pub use error::{Error, Place, Warning};
pub use fault::Fault;
pub use features::Features;
#[cfg(feature = "rust")]
pub use front_end::FrontEnd;
#[cfg(feature = "rust")]
pub use generator::{Generator, Output, write_if_changed};
pub use sources::Sources;
