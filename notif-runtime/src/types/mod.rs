//! YANG types that Rust lacks, and typedefs of the IETF that deserve a type of their own.

mod any_data;
pub(crate) mod binary;
pub(crate) mod bits;
mod date_and_time;
pub(crate) mod decimal64;
pub(crate) mod describe;
mod empty;
mod identity;
mod instance_identifier;
mod invalid;
mod value_error;

#[cfg(feature = "xml")]
pub use any_data::Mixed;
#[cfg(feature = "xml")]
pub(crate) use any_data::Part;
pub(crate) use any_data::must_be_object;
pub use any_data::{AnyData, AnyMember, AnyValue, Prefixed};
pub use binary::{Binary, check as check_octets};
pub use bits::{BitSet, Bits};
pub use compact_str::CompactString;
pub use date_and_time::DateAndTime;
pub use decimal64::{Decimal, Decimal64};
pub(crate) use describe::INSTANCE_IDENTIFIER;
pub use empty::Empty;
pub use identity::NoIdentity;
pub use instance_identifier::InstanceIdentifier;
pub use invalid::InvalidValue;
pub use value_error::ValueError;

/// Returns true if YANG's string type takes all characters of `text`: no C0 controls but tab, line
/// feed and carriage return, and no noncharacters (RFC 7950 section 9.4).
#[must_use]
pub fn is_yang_text(text: &str) -> bool {
    text.chars().all(is_yang_character)
}

/// Returns true if YANG's string type takes the character.
pub(crate) fn is_yang_character(character: char) -> bool {
    let code = u32::from(character);
    !matches!(code, 0..=8 | 0xb | 0xc | 0xe..=0x1f | 0xfdd0..=0xfdef) && code & 0xfffe != 0xfffe
}
