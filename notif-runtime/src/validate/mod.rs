//! Validation: what can be wrong, how it is reported, and the checks between nodes.

mod accessible;
mod cases;
pub(crate) mod check;
mod fits;
mod instances;
mod references;
mod report;
pub(crate) mod retries;
mod rules;
mod unique;
mod when;
mod xpath;

pub use check::{validate, validate_with};
