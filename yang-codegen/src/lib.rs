#![doc = include_str!("../README.md")]
#![cfg_attr(not(feature = "libyang"), forbid(unsafe_code))]

#[cfg(feature = "rust")]
mod emit;
mod error;
mod features;
mod front_end;
#[cfg(feature = "rust")]
mod generator;
#[cfg(feature = "libyang")]
mod libyang;
pub mod model;
#[cfg(feature = "rust")]
mod name;
mod pattern;
#[cfg(feature = "rust")]
mod settings;
#[cfg(feature = "rust")]
mod sid;
mod xpath;

pub use error::{Complaint, Error, Place, Warning};
pub use features::Features;
pub use front_end::FrontEnd;
#[cfg(feature = "rust")]
pub use generator::{Generator, Output, write_if_changed};
