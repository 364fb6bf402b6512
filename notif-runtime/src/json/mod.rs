//! JSON as RFC 7951 maps YANG to it.

mod annotations;
mod any;
mod lex;
mod pretty;
mod reader;
mod writer;

pub(crate) use any::{any_to_string, write_any};
pub use reader::JsonReader;
#[cfg(feature = "serde")]
pub(crate) use writer::write_string;
pub use writer::{to_string, to_string_annotated, to_string_pretty, write_node, write_value};

use crate::annotation::Annotations;
use crate::decode::{Object, ObjectReader};
use crate::driver::{decode, explained};
use crate::encoding::Encoding;
use crate::fault::Faults;
use crate::options::Options;

/// Decodes and validates a message whose top-level node is `T`, strictly and within `options`.
///
/// ```
/// use examples::yang::acme_power::PowerReport;
/// use notif_runtime::{Options, json};
///
/// # fn main() -> Result<(), notif_runtime::Faults> {
/// let body = br#"{"acme-power:power-report":{"eventTime":"2026-11-24T05:00:00Z"}}"#;
/// let report: PowerReport = json::from_slice(body, &Options::default())?;
/// assert!(report.supply.is_empty());
/// # Ok(())
/// # }
/// ```
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
    explained(Encoding::Json, input, |_| {
        decode::<T, _, JsonReader<'_>>(input, options, &JsonReader::new)
    })
}

impl<'de> ObjectReader<'de> for JsonReader<'de> {}
