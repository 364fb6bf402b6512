//! CBOR as RFC 9254 maps YANG to it, with names and with SIDs, and the data of JSON as CBOR.

mod any;
mod bits;
mod item;
mod reader;
mod typed;
mod writer;

pub use reader::CborReader;
pub use writer::{to_vec, to_vec_with_sids};

use crate::decode::{Object, ObjectReader};
use crate::driver::{decode, explained};
use crate::encoding::Encoding;
use crate::fault::Faults;
use crate::options::Options;

/// The forms of leaf values in CBOR.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, Default)]
pub enum Mapping {
    /// As RFC 9254 section 6 has it: `application/yang-data+cbor`.
    #[default]
    Yang,
    /// As the JSON of RFC 7951 has it: `application/cbor`, which publishers of
    /// draft-ietf-netconf-https-notif send. 64-bit integers may be integers as well as text.
    Json,
}

impl Mapping {
    /// The mapping of an encoding.
    pub(crate) const fn of(encoding: Encoding) -> Self {
        match encoding {
            Encoding::JsonCbor => Self::Json,
            _ => Self::Yang,
        }
    }

    const fn encoding(self) -> Encoding {
        match self {
            Self::Yang => Encoding::Cbor,
            Self::Json => Encoding::JsonCbor,
        }
    }
}

/// Decodes and validates a message whose top-level node is `T`, strictly and within `options`.
///
/// Nodes go by names or by SIDs, which may stand side by side (RFC 9254 section 3). A SID is known
/// if the code was generated with its .sid file.
///
/// # Errors
/// All faults of the message, up to a bound, each with its path and position.
pub fn from_slice<T: Object>(
    input: &[u8],
    mapping: Mapping,
    options: &Options,
) -> Result<T, Faults> {
    // RFC 9254 has no form for annotations.
    let decoded = explained(mapping.encoding(), input, |encoding| {
        let mapping = Mapping::of(encoding);
        decode::<T, _, CborReader<'_>>(input, options, &move |message, modules| {
            CborReader::new(message, modules, mapping)
        })
    });
    decoded.map(|(data, _)| data)
}

impl<'de> ObjectReader<'de> for CborReader<'de> {}
