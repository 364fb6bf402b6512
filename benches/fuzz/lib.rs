//! The checks of the fuzz targets.
#![forbid(unsafe_code)]

pub mod decoders;
pub mod modules;
