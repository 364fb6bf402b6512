//! What Rust types generated from YANG stand on.
//!
//! `yang-codegen` turns YANG modules into Rust structs; this crate decodes, validates and encodes
//! them, and shows them through one view. It does no I/O and needs neither libyang nor an async
//! runtime, so a collector of any kind can embed it.
//!
//! - [`registry::Registry::decode`] takes the bytes of a message and gives a
//!   [`Notification`](notification::Notification), or all that is wrong with it.
//! - [`registry::Registry::decode_data`] takes whole data, and
//!   [`registry::Registry::decode_operation`] a notification, rpc or action with the data around it.
//! - [`json::from_slice`], [`xml::from_slice`] and [`cbor::from_slice`] decode into a type that is
//!   known beforehand; [`json::to_string`], [`xml::to_string`] and [`cbor::to_vec`] encode.
//! - [`validate::validate`] checks data that a program built itself.
//! - [`annotation::Annotations`] are what stands beside the data (RFC 7952), for
//!   [`json::from_slice_annotated`] and its likes.
//! - [`text`] makes what comes from outside fit to be shown: short, and without controls.
//! - [`tree::Node`] is the view: names, children, list keys, leaf values.
//!
//! Decoding is strict (RFC 7950, RFC 7951, RFC 9254): what the schema does not allow is refused with its
//! exact instance path, its position, and what would have been right.
#![forbid(unsafe_code)]

pub mod annotation;
pub mod cbor;
pub mod decode;
mod driver;
pub mod fault;
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
pub mod xml;

/// The library of times that [`types::DateAndTime`] converts from and to.
pub use jiff;

use std::fmt;

pub use options::Options;

/// The encodings of messages.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
#[non_exhaustive]
pub enum Encoding {
    /// RFC 7951.
    Json,
    /// RFC 7950.
    Xml,
    /// RFC 9254.
    Cbor,
    /// The data of RFC 7951's JSON as CBOR: `application/cbor` of draft-ietf-netconf-https-notif.
    JsonCbor,
}

impl Encoding {
    /// All encodings.
    pub const ALL: &[Self] = &[Self::Json, Self::Xml, Self::Cbor, Self::JsonCbor];

    /// The encoding's short name: `json`, `xml`, `cbor` or `json-cbor`.
    #[must_use]
    pub const fn as_str(self) -> &'static str {
        match self {
            Self::Json => "json",
            Self::Xml => "xml",
            Self::Cbor => "cbor",
            Self::JsonCbor => "json-cbor",
        }
    }

    /// The encoding with this short name.
    #[must_use]
    pub fn from_name(name: &str) -> Option<Self> {
        Self::ALL
            .iter()
            .copied()
            .find(|encoding| encoding.as_str() == name)
    }

    /// Data as a message in this encoding; CBOR has the names of nodes rather than SIDs.
    ///
    /// ```
    /// use notif_runtime::Encoding;
    /// use notif_runtime::restconf::Errors;
    ///
    /// let json = Encoding::Json.encode(&Errors::new());
    /// assert_eq!(json, br#"{"ietf-restconf:errors":{}}"#);
    /// ```
    #[must_use]
    pub fn encode(self, root: &dyn tree::Node) -> Vec<u8> {
        match self {
            Self::Json => json::to_string(root).into_bytes(),
            Self::Xml => xml::to_string(root).into_bytes(),
            Self::Cbor => cbor::to_vec(root, cbor::Form::Names),
            Self::JsonCbor => cbor::to_vec(root, cbor::Form::Json),
        }
    }
}

impl fmt::Display for Encoding {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(self.as_str())
    }
}
