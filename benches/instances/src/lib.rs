//! Random instance documents of any compiled schema, valid ones and changed ones, and the verdict of
//! the generated types on them beside libyang's.
//!
//! [`random::Random`] makes documents from the statics of a schema; [`Document`] is what they are,
//! and prints itself in each encoding of text; [`change`] changes them; [`verdict`] compares.

pub mod change;
mod document;
pub mod libyang;
pub mod random;
pub mod repair;
pub mod round_trip;
pub mod runner;
pub mod verdict;

pub use document::{Document, Text};
pub use rand;
