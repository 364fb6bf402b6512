//! XML as RFC 7950 maps YANG to it, in the envelope of RFC 5277.

mod names;
mod namespaces;
mod reader;
mod syntax;
mod writer;

pub use reader::XmlReader;
pub use writer::to_string;

use crate::decode::{Object, Options, decode};
use crate::validate::Faults;

/// Decodes and validates a message whose top-level element is `T`, strictly and within `options`.
///
/// # Errors
/// All that is wrong with the message, up to a bound, each with its path and position.
pub fn from_slice<T: Object>(input: &[u8], options: &Options) -> Result<T, Faults> {
    decode::<T, _, XmlReader<'_>>(input, options, &XmlReader::new)
}
