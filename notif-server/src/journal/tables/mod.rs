//! The tables of the journal: their layout, and what is written into each.

pub(crate) mod account;
pub(crate) mod body;
pub(crate) mod layout;
pub(crate) mod minute;
pub(crate) mod sql;
