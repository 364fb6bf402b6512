//! The types of leafs with values of their own: enumerations, identities, bits and unions.

/// Implements the enum of an enumeration.
///
/// ```text
/// enumeration! { path::to::Enum, "name-in-errors", LIST_OF_VALUES; 0 Fault "fault", 1 Change "change" }
/// ```
#[doc(hidden)]
#[macro_export]
macro_rules! __enumeration {
    (
        $ty:path, $type_name:literal, $values:path;
        0 $first:ident $first_name:literal $(, $at:literal $variant:ident $name:literal)*
    ) => {
        impl $ty {
            /// All values, in the order of the module.
            pub const ALL: &'static [Self] = &[Self::$first $(, Self::$variant)*];

            /// The name that YANG has for the value.
            #[must_use]
            #[inline]
            pub const fn as_str(self) -> &'static str {
                match self {
                    Self::$first => $first_name,
                    $(Self::$variant => $name),*
                }
            }

            fn from_name(name: &str) -> ::core::option::Option<Self> {
                match name {
                    $first_name => ::core::option::Option::Some(Self::$first),
                    $($name => ::core::option::Option::Some(Self::$variant),)*
                    _ => ::core::option::Option::None,
                }
            }
        }

        $crate::generated::named! { $ty, $type_name, Enumeration, &$values }

        impl $crate::generated::FromScalar for $ty {
            fn blank() -> Self {
                Self::$first
            }

            #[inline]
            fn from_scalar(
                scalar: &$crate::generated::Scalar<'_>,
                _: &$crate::generated::Type<'_>,
                _: &$crate::generated::Names<'_>,
            ) -> ::core::result::Result<Self, $crate::generated::ValueError> {
                Self::from_name($crate::generated::enumeration_name(scalar)?)
                    .ok_or($crate::generated::ValueError::Enumeration)
            }
        }

        impl $crate::generated::Viewed for $ty {
            fn view(&self) -> $crate::generated::Value<'_> {
                $crate::generated::Value::Enumeration(match self {
                    Self::$first => &$values[0],
                    $(Self::$variant => &$values[$at]),*
                })
            }
        }
    };
}

/// Implements the enum of an identityref's identities.
///
/// ```text
/// identities! { path::to::Enum, "name-in-errors", LIST_OF_VALUES, UnknownIdentity; 0 Ethernet "module" "ethernet" }
/// ```
#[doc(hidden)]
#[macro_export]
macro_rules! __identities {
    (
        $ty:path, $type_name:literal, $values:path, $unknown:ident;
        $($at:literal $variant:ident $module:literal $name:literal),+
    ) => {
        impl $ty {
            /// All known identities, by the names of their modules and their own.
            pub const ALL: &'static [Self] = &[$(Self::$variant),+];

            /// The identity's name with that of its module, `module:name`.
            #[must_use]
            #[inline]
            pub fn as_str(&self) -> &str {
                match self {
                    $(Self::$variant => ::core::concat!($module, ":", $name),)+
                    Self::$unknown(name) => name,
                }
            }

            fn from_name(name: &str) -> ::core::option::Option<Self> {
                name.split_once(':').and_then(Self::from_names)
            }

            fn from_names(names: (&str, &str)) -> ::core::option::Option<Self> {
                match names {
                    $(($module, $name) => ::core::option::Option::Some(Self::$variant),)+
                    _ => ::core::option::Option::None,
                }
            }
        }

        $crate::generated::named! { $ty, $type_name, Identityref, &$values }

        impl $crate::generated::FromScalar for $ty {
            const NAMES: bool = true;

            fn blank() -> Self {
                Self::$unknown(::core::default::Default::default())
            }

            fn from_scalar(
                scalar: &$crate::generated::Scalar<'_>,
                _: &$crate::generated::Type<'_>,
                names: &$crate::generated::Names<'_>,
            ) -> ::core::result::Result<Self, $crate::generated::ValueError> {
                Self::from_names($crate::generated::identity_name(scalar, names)?)
                    .ok_or($crate::generated::ValueError::Lexical)
            }
        }

        impl $crate::generated::Viewed for $ty {
            fn view(&self) -> $crate::generated::Value<'_> {
                $crate::generated::Value::Identityref(match self {
                    $(Self::$variant => &$values[$at],)+
                    Self::$unknown(name) => return $crate::generated::Value::String(name),
                })
            }
        }
    };
}

/// Implements the conversions between an enum and the names of its values.
#[doc(hidden)]
#[macro_export]
macro_rules! __named {
    ($ty:path, $type_name:literal, $kind:ident, $values:expr) => {
        impl ::core::fmt::Display for $ty {
            #[inline]
            fn fmt(&self, f: &mut ::core::fmt::Formatter<'_>) -> ::core::fmt::Result {
                f.pad(self.as_str())
            }
        }

        impl ::core::convert::AsRef<str> for $ty {
            #[inline]
            fn as_ref(&self) -> &str {
                self.as_str()
            }
        }

        $crate::generated::serde_value! { $ty, from_string }

        impl ::core::str::FromStr for $ty {
            type Err = $crate::generated::InvalidValue;

            #[inline]
            fn from_str(
                name: &str,
            ) -> ::core::result::Result<Self, $crate::generated::InvalidValue> {
                let ty = $crate::generated::Type::$kind($values);
                $crate::generated::named_value(Self::from_name(name), $type_name, name, &ty)
            }
        }

        impl ::core::convert::TryFrom<&str> for $ty {
            type Error = $crate::generated::InvalidValue;

            #[inline]
            fn try_from(
                name: &str,
            ) -> ::core::result::Result<Self, $crate::generated::InvalidValue> {
                name.parse()
            }
        }
    };
}

/// Implements a set of bits, a newtype of `BitSet`.
///
/// ```text
/// bits! { path::to::Set, LIST_OF_BITS }
/// ```
#[doc(hidden)]
#[macro_export]
macro_rules! __bits {
    ($ty:path, $bits:path) => {
        impl $ty {
            /// Tells if no bit is set.
            #[must_use]
            #[inline]
            pub fn is_empty(self) -> bool {
                self.0.is_empty()
            }

            /// Tells if all bits of `other` are set.
            #[must_use]
            #[inline]
            pub fn contains(self, other: Self) -> bool {
                self.0.contains(&other.0)
            }

            /// Sets the bits of `other`.
            #[inline]
            pub fn insert(&mut self, other: Self) {
                self.0.insert(&other.0);
            }

            /// Clears the bits of `other`.
            #[inline]
            pub fn remove(&mut self, other: Self) {
                self.0.remove(&other.0);
            }

            /// The bits that are set, in the order of their positions.
            #[inline]
            pub fn iter(
                &self,
            ) -> impl ::core::iter::Iterator<Item = &$crate::generated::Bit<'_>> + use<'_> {
                self.0.bits(&$bits).iter()
            }
        }

        /// No bit.
        impl ::core::default::Default for $ty {
            #[inline]
            fn default() -> Self {
                Self($crate::generated::BitSet::EMPTY)
            }
        }

        /// The bits of both.
        impl ::core::ops::BitOr for $ty {
            type Output = Self;

            #[inline]
            fn bitor(mut self, other: Self) -> Self {
                self.insert(other);
                self
            }
        }

        /// The names of the bits, in the order of their positions.
        impl ::core::fmt::Display for $ty {
            #[inline]
            fn fmt(&self, f: &mut ::core::fmt::Formatter<'_>) -> ::core::fmt::Result {
                ::core::fmt::Display::fmt(&self.0.bits(&$bits), f)
            }
        }

        impl $crate::generated::FromScalar for $ty {
            fn blank() -> Self {
                ::core::default::Default::default()
            }

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
                $crate::generated::Value::Bits(self.0.bits(&$bits))
            }
        }
    };
}

/// Implements the enum of a union.
///
/// ```text
/// union! {
///     path::to::Union;
///     Uint8(u8), Enumeration(path::to::UnionEnumeration);
///     from Uint8(u8), Enumeration(path::to::UnionEnumeration);   members whose types differ
///     instances true;                                            a member requires an instance
/// }
/// ```
#[doc(hidden)]
#[macro_export]
macro_rules! __union {
    (
        $ty:path;
        $first:ident($first_member:ty) $(, $variant:ident($member:ty))*;
        from $($from:ident($from_member:ty)),*;
        instances $instances:literal;
    ) => {
        impl ::core::fmt::Display for $ty {
            #[inline]
            fn fmt(&self, f: &mut ::core::fmt::Formatter<'_>) -> ::core::fmt::Result {
                ::core::fmt::Display::fmt(&$crate::generated::Viewed::view(self), f)
            }
        }

        $(
            impl ::core::convert::From<$from_member> for $ty {
                #[inline]
                fn from(value: $from_member) -> Self {
                    Self::$from(value)
                }
            }
        )*

        impl $crate::generated::FromScalar for $ty {
            const NAMES: bool = <$first_member as $crate::generated::FromScalar>::NAMES
                $(|| <$member as $crate::generated::FromScalar>::NAMES)*;
            const INSTANCES: bool = $instances;

            fn blank() -> Self {
                Self::$first($crate::generated::FromScalar::blank())
            }

            fn from_scalar(
                scalar: &$crate::generated::Scalar<'_>,
                ty: &$crate::generated::Type<'_>,
                names: &$crate::generated::Names<'_>,
            ) -> ::core::result::Result<Self, $crate::generated::ValueError> {
                let mut members = $crate::generated::Members::new(ty);
                if let ::core::option::Option::Some(value) = members.read(scalar, names) {
                    return ::core::result::Result::Ok(Self::$first(value));
                }
                $(
                    if let ::core::option::Option::Some(value) = members.read(scalar, names) {
                        return ::core::result::Result::Ok(Self::$variant(value));
                    }
                )*
                ::core::result::Result::Err(members.error())
            }
        }

        impl $crate::generated::Viewed for $ty {
            fn view(&self) -> $crate::generated::Value<'_> {
                match self {
                    Self::$first(value) => $crate::generated::Viewed::view(value),
                    $(Self::$variant(value) => $crate::generated::Viewed::view(value),)*
                }
            }
        }
    };
}
