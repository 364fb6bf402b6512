//! The tables of the journal: their layout and content.

pub(crate) mod account;
pub(crate) mod body;
pub(crate) mod layout;
pub(crate) mod minute;
pub(crate) mod sql;
