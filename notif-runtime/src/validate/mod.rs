//! Validation of data beyond single values: the checks between nodes, and the rules of the schema.

mod accessible;
mod cases;
pub(crate) mod check;
mod instances;
mod references;
mod report;
mod rules;
pub(crate) mod unions;
mod unique;
mod values;
mod when;
mod xpath;

pub use check::{validate, validate_with};
