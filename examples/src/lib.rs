//! Programs to copy from: `src/bin/new-module.rs`, `src/bin/own-modules.rs` and
//! `src/bin/embed.rs`.
#![forbid(unsafe_code)]

/// The types generated from `examples/yang/`.
pub mod yang {
    include!(concat!(env!("OUT_DIR"), "/yang.rs"));
}

/// The snippets of the project's README, compiled and run.
#[cfg(doctest)]
#[doc = include_str!("../../README.md")]
pub mod readme {}

/// The snippets of the generator's guide.
#[cfg(doctest)]
#[doc = include_str!("../../yang-codegen/GUIDE.md")]
pub mod guide {}
