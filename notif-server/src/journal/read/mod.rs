//! Reading the journal.

pub(crate) mod filter;
pub(crate) mod newest;
pub(crate) mod numbers;
pub(crate) mod pages;
pub(crate) mod query;
pub(crate) mod reader;
pub(crate) mod rows;
pub(crate) mod stats;
pub(crate) mod walk;
