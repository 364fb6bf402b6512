//! Every module of folders that libyang loads is generated, compiled with warnings denied, and asked
//! about random documents beside libyang.
#![forbid(unsafe_code)]

mod modules;
mod report;
mod run;

pub use modules::{Module, find};
pub use report::Row;
pub use run::{Args, Error, run};
