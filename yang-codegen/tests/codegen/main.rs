//! The generator: what it makes of modules and settings, and what it refuses. The types of the
//! crate `fixtures` show what generated code does.

mod choices;
mod combinations;
mod common;
mod errors;
mod externs;
mod folder;
mod generated;
mod golden;
mod guide;
mod metadata;
mod modules;
mod names;
mod partial;
mod patterns;
mod revisions;
mod settings;
mod sids;
mod validation;
mod values;
mod xpath;
