//! The parts that generated code is built from: macros that implement the traits of a type, and the
//! names that they use. They follow the generator, so they are no part of the public API.

mod choice;
mod describe;
mod object;
mod restricted;
#[cfg(feature = "serde")]
pub mod serde;
mod values;

use std::fmt;

pub use crate::decode::{
    Abort, Choice, Context, Object, ObjectReader, read_any, read_choice, read_container, read_leaf,
    read_leaf_list, read_list, read_optional_any, read_optional_container, read_optional_leaf,
};
pub use crate::schema::{
    Bit, CanonicalForm, EnumValue, IdentityValue, Integer, Module, Node, Operation, Pattern, Type,
};
pub use crate::tree::{Child, Node as View, Value, View as Viewed};
pub use crate::types::{
    AnyData, Binary, BitSet, CompactString, Decimal64, InvalidValue, ValueError, check_octets,
};
pub use crate::value::{
    FromScalar, Members, Names, Scalar, canonical_text, enumeration_name, identity_name,
    parse_integer_text,
};
pub use crate::{
    __also as also, __bits as bits, __blank as blank, __case as case,
    __check_version as check_version, __choice as choice, __construct as construct,
    __describe as describe, __described as described, __enumeration as enumeration,
    __given as given, __identities as identities, __is_key as is_key, __named as named,
    __number as number, __object as object, __octets as octets, __or_default as or_default,
    __parameter as parameter, __read as read, __seen as seen, __serde_object as serde_object,
    __serde_value as serde_value, __show as show, __text as text, __transparent as transparent,
    __union as union,
};

/// Stops the build if generator and runtime do not fit together.
#[doc(hidden)]
#[macro_export]
macro_rules! __check_version {
    (1) => {};
    ($other:tt) => {
        ::core::compile_error!(
            "this code was generated for another release of notif-runtime: use yang-codegen and \
             notif-runtime of one release, and generate it again"
        );
    };
}

/// Implements nothing without the feature `serde`.
#[cfg(not(feature = "serde"))]
#[doc(hidden)]
#[macro_export]
macro_rules! __serde_object {
    ($ty:path) => {};
}

/// Implements nothing without the feature `serde`.
#[cfg(not(feature = "serde"))]
#[doc(hidden)]
#[macro_export]
macro_rules! __serde_value {
    ($ty:path, $read:ident) => {};
}

/// Writes an instance as the JSON of RFC 7951, for the `Display` of generated structs.
///
/// # Errors
/// `f` takes no more.
pub fn display(node: &dyn View, f: &mut fmt::Formatter<'_>) -> fmt::Result {
    f.write_str(&crate::json::to_string(node))
}

/// The value of an enumeration or identityref that has a name, if there is one.
///
/// # Errors
/// There is none, with the names of the type's description.
pub fn named_value<T>(
    value: Option<T>,
    type_name: &'static str,
    name: &str,
    ty: &Type<'_>,
) -> Result<T, InvalidValue> {
    value.ok_or_else(|| InvalidValue::of_type(type_name, name, ValueError::Enumeration, ty))
}

/// The number inside the newtype of a restricted type.
pub trait Number: Copy + fmt::Display {
    /// The number without its point, as ranges have it.
    fn unscaled(self) -> i128;

    /// True if JSON has the number in a string (RFC 7951 section 6.1).
    const IN_STRING: bool;

    /// Reads the lexical form of RFC 7950 sections 9.2.1 and 9.3.1.
    ///
    /// # Errors
    /// The text is no number, or the type cannot hold it.
    fn parse(text: &str) -> Result<Self, ValueError>;
}

/// A newtype of a number.
pub trait Numeric {
    /// The number.
    type Number: Number;
}

macro_rules! integers {
    ($($ty:ty: $in_string:literal),*) => {
        $(impl Number for $ty {
            const IN_STRING: bool = $in_string;

            fn unscaled(self) -> i128 {
                self.into()
            }

            fn parse(text: &str) -> Result<Self, ValueError> {
                Self::try_from(parse_integer_text(text)?).map_err(|_| ValueError::Range)
            }
        })*
    };
}

integers!(
    i8: false, i16: false, i32: false, i64: true, u8: false, u16: false, u32: false, u64: true
);

impl<const FRACTION_DIGITS: u8> Number for Decimal64<FRACTION_DIGITS> {
    const IN_STRING: bool = true;

    fn unscaled(self) -> i128 {
        Self::unscaled(self).into()
    }

    fn parse(text: &str) -> Result<Self, ValueError> {
        let decimal = crate::types::Decimal::parse(text, FRACTION_DIGITS)?;
        Ok(Self::from_unscaled(decimal.unscaled))
    }
}
