//! JSON as RFC 7951 maps YANG to it.

mod lex;
mod reader;
mod writer;

pub use reader::JsonReader;
pub use writer::{to_string, write_node, write_value};

use crate::decode::{Object, Options, decode};
use crate::validate::Faults;

/// Decodes and validates a message whose top-level node is `T`, strictly and within `options`.
///
/// # Errors
/// All that is wrong with the message, up to a bound, each with its path and position.
pub fn from_slice<T: Object>(input: &[u8], options: &Options) -> Result<T, Faults> {
    decode::<T, _, JsonReader<'_>>(input, options, &JsonReader::new)
}
