//! Validation: what can be wrong, how it is reported, and the checks between nodes.

mod accessible;
mod cases;
pub(crate) mod check;
pub(crate) mod describe;
mod fault;
mod fits;
mod instances;
pub mod pattern;
mod references;
mod report;
pub(crate) mod retries;
mod rules;
mod unique;
mod when;
mod xpath;

pub use check::{validate, validate_with};
pub(crate) use fault::Quoted;
pub use fault::{ErrorTag, Fault, FaultKind, Faults, InstancePath, Position, Predicate, Step};
