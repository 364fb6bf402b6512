#![doc = include_str!("../README.md")]
//!
//! ## Where to start
//!
//! - [`Registry::decode`] takes the bytes of a message and returns a [`Notification`] or all its
//!   faults. [`Registry::decode_data`] takes whole data, and [`Registry::decode_operation`] a
//!   notification, rpc or action with the data around it.
//! - [`json::from_slice`], [`xml::from_slice`] and [`cbor::from_slice`] decode into a type that is
//!   known beforehand; [`json::to_string`], [`xml::to_string`] and [`cbor::to_vec`] encode.
//! - [`validate::validate`] checks data that a program built itself.
//! - [`annotation::Annotations`] are the metadata beside the data (RFC 7952), for
//!   [`json::from_slice_annotated`] and similar functions.
//! - [`text`] makes text from outside fit to be shown: short, and without control characters.
//! - [`tree::Node`] is the view: names, children, list keys, leaf values. [`path::get`] returns one
//!   value by its path, and [`path::leafs`] all leafs with their paths.
//! - [`restconf::Errors`] tells a sender what is wrong (RFC 8040).
#![forbid(unsafe_code)]
// Some shared code is used only by encodings behind features.
#![cfg_attr(
    not(all(feature = "cbor", feature = "xml")),
    allow(dead_code, unused_imports)
)]

pub mod annotation;
#[cfg(feature = "cbor")]
pub mod cbor;
pub mod decode;
mod driver;
mod encode;
mod encoding;
pub mod fault;
#[doc(hidden)]
pub mod generated;
pub mod json;
pub mod notification;
pub mod operation;
mod options;
pub mod path;
pub mod registry;
pub mod restconf;
pub mod schema;
pub mod text;
pub mod tree;
pub mod types;
pub mod validate;
pub mod value;
#[cfg(feature = "xml")]
pub mod xml;
#[cfg(feature = "yang-library")]
pub mod yang_library;

/// The library of times that [`types::DateAndTime`] converts from and to.
pub use jiff;

pub use encoding::Encoding;
pub use fault::{Fault, Faults};
pub use notification::Notification;
pub use options::Options;
pub use registry::Registry;
pub use tree::{Node, Value};
