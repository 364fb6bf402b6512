//! Newtypes of restricted strings, numbers and octets.

/// Implements a newtype of a restricted string.
///
/// ```text
/// text! { path::to::Newtype, "name-in-errors", &DESCRIPTION }
/// ```
#[doc(hidden)]
#[macro_export]
macro_rules! __text {
    ($ty:path, $type_name:literal, $described:expr) => {
        impl $ty {
            /// Makes a value of `text`, in its canonical form.
            ///
            /// # Errors
            /// The type does not take the text.
            #[inline]
            pub fn new(
                text: &str,
            ) -> ::core::result::Result<Self, $crate::generated::InvalidValue> {
                match $crate::generated::canonical_text(text, $described) {
                    ::core::result::Result::Ok(text) => ::core::result::Result::Ok(Self(text)),
                    ::core::result::Result::Err(error) => {
                        ::core::result::Result::Err($crate::generated::InvalidValue::of_type(
                            $type_name, text, error, $described,
                        ))
                    }
                }
            }

            /// The text.
            #[must_use]
            #[inline]
            pub fn as_str(&self) -> &str {
                &self.0
            }

            /// The text itself.
            #[must_use]
            #[inline]
            pub fn into_inner(self) -> $crate::generated::CompactString {
                self.0
            }
        }

        impl ::core::fmt::Display for $ty {
            #[inline]
            fn fmt(&self, f: &mut ::core::fmt::Formatter<'_>) -> ::core::fmt::Result {
                f.pad(&self.0)
            }
        }

        impl ::core::ops::Deref for $ty {
            type Target = str;

            #[inline]
            fn deref(&self) -> &str {
                &self.0
            }
        }

        impl ::core::convert::AsRef<str> for $ty {
            #[inline]
            fn as_ref(&self) -> &str {
                &self.0
            }
        }

        impl ::core::borrow::Borrow<str> for $ty {
            #[inline]
            fn borrow(&self) -> &str {
                &self.0
            }
        }

        impl ::core::cmp::PartialEq<str> for $ty {
            #[inline]
            fn eq(&self, text: &str) -> bool {
                self.0 == *text
            }
        }

        impl ::core::cmp::PartialEq<&str> for $ty {
            #[inline]
            fn eq(&self, text: &&str) -> bool {
                self.0 == **text
            }
        }

        impl ::core::str::FromStr for $ty {
            type Err = $crate::generated::InvalidValue;

            #[inline]
            fn from_str(text: &str) -> ::core::result::Result<Self, Self::Err> {
                Self::new(text)
            }
        }

        impl ::core::convert::TryFrom<&str> for $ty {
            type Error = $crate::generated::InvalidValue;

            #[inline]
            fn try_from(text: &str) -> ::core::result::Result<Self, Self::Error> {
                Self::new(text)
            }
        }

        $crate::generated::serde_value! { $ty, from_string }
        $crate::generated::transparent! { $ty, $crate::generated::CompactString }
    };
}

/// Implements a newtype of a restricted number.
///
/// ```text
/// number! { path::to::Newtype, u8, "name-in-errors", &DESCRIPTION }
/// ```
#[doc(hidden)]
#[macro_export]
macro_rules! __number {
    ($ty:path, $number:ty, $type_name:literal, $described:expr) => {
        impl $ty {
            /// Makes a value of a number.
            ///
            /// # Errors
            /// The number is not in the type's range.
            #[inline]
            pub fn new(
                value: $number,
            ) -> ::core::result::Result<Self, $crate::generated::InvalidValue> {
                if $described.in_range($crate::generated::Number::unscaled(value)) {
                    return ::core::result::Result::Ok(Self(value));
                }
                ::core::result::Result::Err($crate::generated::InvalidValue::of_type(
                    $type_name,
                    &::std::string::ToString::to_string(&value),
                    $crate::generated::ValueError::Range,
                    $described,
                ))
            }

            /// The number.
            #[must_use]
            #[inline]
            pub const fn get(self) -> $number {
                self.0
            }
        }

        impl ::core::fmt::Display for $ty {
            #[inline]
            fn fmt(&self, f: &mut ::core::fmt::Formatter<'_>) -> ::core::fmt::Result {
                ::core::fmt::Display::fmt(&self.0, f)
            }
        }

        impl ::core::convert::TryFrom<$number> for $ty {
            type Error = $crate::generated::InvalidValue;

            #[inline]
            fn try_from(value: $number) -> ::core::result::Result<Self, Self::Error> {
                Self::new(value)
            }
        }

        impl ::core::str::FromStr for $ty {
            type Err = $crate::generated::InvalidValue;

            #[inline]
            fn from_str(text: &str) -> ::core::result::Result<Self, Self::Err> {
                match $crate::generated::Number::parse(text) {
                    ::core::result::Result::Ok(value) => Self::new(value),
                    ::core::result::Result::Err(error) => {
                        ::core::result::Result::Err($crate::generated::InvalidValue::of_type(
                            $type_name, text, error, $described,
                        ))
                    }
                }
            }
        }

        impl $crate::generated::Numeric for $ty {
            type Number = $number;
        }

        $crate::generated::serde_value! { $ty, from_number }
        $crate::generated::transparent! { $ty, $number }
    };
}

/// Implements a newtype of octets with a restricted length.
///
/// ```text
/// octets! { path::to::Newtype, "name-in-errors", &DESCRIPTION }
/// ```
#[doc(hidden)]
#[macro_export]
macro_rules! __octets {
    ($ty:path, $type_name:literal, $described:expr) => {
        impl $ty {
            /// Makes a value of octets.
            ///
            /// # Errors
            /// The type does not take so many.
            #[inline]
            pub fn new(
                octets: impl ::core::convert::Into<$crate::generated::Binary>,
            ) -> ::core::result::Result<Self, $crate::generated::InvalidValue> {
                let octets = octets.into();
                match $crate::generated::check_octets(&octets, $described) {
                    ::core::result::Result::Ok(()) => ::core::result::Result::Ok(Self(octets)),
                    ::core::result::Result::Err(error) => {
                        ::core::result::Result::Err($crate::generated::InvalidValue::of_type(
                            $type_name,
                            &::std::string::ToString::to_string(&octets),
                            error,
                            $described,
                        ))
                    }
                }
            }

            /// The octets.
            #[must_use]
            #[inline]
            pub fn as_bytes(&self) -> &[u8] {
                &self.0
            }

            /// The octets themselves.
            #[must_use]
            #[inline]
            pub fn into_inner(self) -> $crate::generated::Binary {
                self.0
            }
        }

        /// Writes base64.
        impl ::core::fmt::Display for $ty {
            #[inline]
            fn fmt(&self, f: &mut ::core::fmt::Formatter<'_>) -> ::core::fmt::Result {
                ::core::fmt::Display::fmt(&self.0, f)
            }
        }

        impl ::core::convert::AsRef<[u8]> for $ty {
            #[inline]
            fn as_ref(&self) -> &[u8] {
                &self.0
            }
        }

        /// Reads base64.
        impl ::core::str::FromStr for $ty {
            type Err = $crate::generated::InvalidValue;

            #[inline]
            fn from_str(text: &str) -> ::core::result::Result<Self, Self::Err> {
                Self::new(text.parse::<$crate::generated::Binary>()?)
            }
        }

        $crate::generated::serde_value! { $ty, from_string }
        $crate::generated::transparent! { $ty, $crate::generated::Binary }
    };
}

/// Implements the traits that all newtypes pass on to their value: reading, viewing, conversion.
#[doc(hidden)]
#[macro_export]
macro_rules! __transparent {
    ($ty:path, $inner:ty) => {
        impl ::core::convert::From<$ty> for $inner {
            #[inline]
            fn from(value: $ty) -> Self {
                value.0
            }
        }

        impl $crate::generated::FromScalar for $ty {
            fn blank() -> Self {
                Self($crate::generated::FromScalar::blank())
            }

            #[inline]
            fn from_scalar(
                scalar: &$crate::generated::Scalar<'_>,
                ty: &$crate::generated::Type<'_>,
                names: &$crate::generated::Names<'_>,
            ) -> ::core::result::Result<Self, $crate::generated::ValueError> {
                $crate::generated::FromScalar::from_scalar(scalar, ty, names).map(Self)
            }
        }

        impl $crate::generated::Viewed for $ty {
            fn view(&self) -> $crate::generated::Value<'_> {
                $crate::generated::Viewed::view(&self.0)
            }
        }
    };
}
