//! Validation: what can be wrong, how it is reported, and the checks between nodes.

pub(crate) mod check;
pub(crate) mod describe;
mod fault;
mod fits;
pub mod pattern;
mod references;
pub(crate) mod retries;

pub use check::{validate, validate_with};
pub(crate) use fault::Quoted;
pub use fault::{ErrorTag, Fault, FaultKind, Faults, InstancePath, Position, Predicate, Step};
