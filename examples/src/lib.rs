#![doc = include_str!("../../README.md")]
#![forbid(unsafe_code)]

/// The types generated from `examples/yang/`.
pub mod yang {
    include!(concat!(env!("OUT_DIR"), "/yang.rs"));
}
