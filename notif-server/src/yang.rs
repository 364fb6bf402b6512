//! The types generated from `yang_modules/`: one Rust module for each YANG module.

include!(concat!(env!("OUT_DIR"), "/yang.rs"));
