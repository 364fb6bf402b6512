//! XML as RFC 7950 maps YANG to it, in the envelope of RFC 5277.

mod any;
mod any_name;
mod any_writer;
mod attributes;
mod document;
mod escape;
mod names;
mod namespaces;
mod pretty;
mod reader;
mod syntax;
mod writer;

pub use reader::XmlReader;
pub use writer::{to_string, to_string_annotated, to_string_pretty};

use crate::annotation::Annotations;
use crate::decode::{Object, ObjectReader};
use crate::driver::{decode, explained};
use crate::encoding::Encoding;
use crate::fault::Faults;
use crate::options::Options;

/// Decodes and validates a message whose top-level element is `T`, strictly and within `options`.
///
/// # Errors
/// All faults of the message, up to a bound, each with its path and position.
pub fn from_slice<T: Object>(input: &[u8], options: &Options) -> Result<T, Faults> {
    from_slice_annotated(input, options).map(|(data, _)| data)
}

/// As [`from_slice`], with the annotations beside the data (RFC 7952).
///
/// # Errors
/// As [`from_slice`].
pub fn from_slice_annotated<T: Object>(
    input: &[u8],
    options: &Options,
) -> Result<(T, Annotations), Faults> {
    explained(Encoding::Xml, input, |_| {
        decode::<T, _, XmlReader<'_>>(input, options, &XmlReader::new)
    })
}

impl<'de> ObjectReader<'de> for XmlReader<'de> {}
