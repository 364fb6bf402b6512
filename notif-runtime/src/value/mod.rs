//! Values of leafs: from the text or number that an encoding has to a value of the YANG type, and
//! its canonical form (RFC 7950 section 9).

mod canonical;
mod canonical_form;
mod instance_identifier;
mod names;
mod punycode;
mod scalar;
mod types;
mod union;

pub(crate) use canonical::{Canonical, canonical, canonical_default, canonical_of};
pub(crate) use names::Prefixes;
pub use names::{Declared, Names};
pub(crate) use scalar::Meaning;
pub use scalar::{
    FromScalar, Scalar, Untyped, Whole, canonical_text, enumeration_name, parse_integer_text,
};
pub use types::identity_name;
pub use union::Members;
