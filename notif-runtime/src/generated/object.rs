//! Structs of containers, list entries, operations and whole data.

/// Implements a struct that is a data node: its constructor, decoding, the view, and the methods
/// for users.
///
/// ```text
/// object! {
///     path::to::Struct;
///     node DESCRIPTION, DESCRIPTIONS_OF_CHILDREN, MODULES;
///     mandatory 0;                 the children that must be there as a set: a word, or [word, word]
///     new(text name, of id: u32);  the members that must be there; or (all path::to::Mandatory)
///     0 leaf name;                 index, kind and field of each member
///     1..=3 choice transport;
///     also {
///         default level_or_default(value level) -> u8 = 5;
///         key item_by_key, item_by_key_mut(item: path::to::Item; value id: u32);
///     }
/// }
/// ```
#[doc(hidden)]
#[macro_export]
macro_rules! __object {
    (
        $ty:path;
        node $node:expr, $children:path, $modules:path;
        mandatory $mandatory:tt;
        new $new:tt;
        $($first:literal $(..= $last:literal)? $kind:ident $field:ident;)*
        $(also { $($also:tt)+ })?
    ) => {
        $crate::generated::construct! {
            $ty; $new; $crate::generated::Object::blank(); $($kind $field;)*
        }
        $($crate::generated::also! { $ty; $($also)+ })?

        impl $crate::generated::Object for $ty {
            const NODE: &'static $crate::generated::Node<'static> = $node;
            const MODULES: &'static [&'static $crate::generated::Module] = $modules;
            type Seen = $crate::generated::seen!($mandatory);
            const MANDATORY: Self::Seen = $mandatory;

            fn blank() -> Self {
                Self { $($field: $crate::generated::blank!($kind)),* }
            }

            #[inline]
            fn read_member<'de, R: $crate::generated::ObjectReader<'de> + ?::core::marker::Sized>(
                &mut self,
                index: usize,
                reader: &mut R,
                cx: &mut $crate::generated::Context,
            ) -> ::core::result::Result<bool, $crate::generated::Abort> {
                match index {
                    $($first $(..= $last)? => $crate::generated::read!(
                        $kind, &mut self.$field, $children, $first, Self::NODE, index, reader, cx
                    ),)*
                    _ => reader.skip(cx).map(|()| false),
                }
            }
        }

        impl $crate::generated::View for $ty {
            fn schema(&self) -> &'static $crate::generated::Node<'static> {
                <Self as $crate::generated::Object>::NODE
            }

            fn child(&self, index: usize) -> $crate::generated::Child<'_> {
                match index {
                    $($first $(..= $last)? => $crate::generated::show!($kind, &self.$field, index),)*
                    _ => $crate::generated::Child::None,
                }
            }
        }

        $crate::generated::serde_object! { $ty }

        /// Writes the instance as the JSON of RFC 7951, in one line.
        impl ::core::fmt::Display for $ty {
            #[inline]
            fn fmt(&self, f: &mut ::core::fmt::Formatter<'_>) -> ::core::fmt::Result {
                $crate::generated::display(self, f)
            }
        }
    };
}

/// Implements the methods for absent leafs with a default and for entries by their keys.
#[doc(hidden)]
#[macro_export]
macro_rules! __also {
    (
        $ty:path;
        $(default $default:ident($lends:ident $leaf:ident) -> $result:ty = $value:expr;)*
        $(key $get:ident, $get_mut:ident($list:ident: $entry:ty; $($how:ident $key:ident: $key_ty:ty),+);)*
    ) => {
        impl $ty {
            $(
                #[doc = ::core::concat!(
                    "The value of `", ::core::stringify!($leaf),
                    "`, or its default if it is absent (RFC 7950 section 7.6.1)."
                )]
                #[must_use]
                #[inline]
                pub fn $default(&self) -> $result {
                    $crate::generated::or_default!($lends self.$leaf, $value)
                }
            )*
            $(
                #[doc = ::core::concat!(
                    "The entry of `", ::core::stringify!($list),
                    "` with this key, by a search from the first entry."
                )]
                #[must_use]
                #[inline]
                pub fn $get(&self, $($key: $key_ty),+) -> ::core::option::Option<&$entry> {
                    self.$list.iter().find(|entry| {
                        true $(&& $crate::generated::is_key!($how entry.$key, $key))+
                    })
                }

                #[doc = ::core::concat!("As `", ::core::stringify!($get), "`, to change the entry.")]
                #[must_use]
                #[inline]
                pub fn $get_mut(&mut self, $($key: $key_ty),+) -> ::core::option::Option<&mut $entry> {
                    self.$list.iter_mut().find(|entry| {
                        true $(&& $crate::generated::is_key!($how entry.$key, $key))+
                    })
                }
            )*
        }
    };
}

/// Implements the constructor: of nothing, of the members that must be there one by one, or of the
/// struct that holds them. `$blank` has none of them.
#[doc(hidden)]
#[macro_export]
macro_rules! __construct {
    ($ty:path; (); $blank:expr; $($kind:ident $field:ident;)*) => {
        impl $ty {
            /// Creates the data without any member.
            #[must_use]
            #[inline]
            pub fn new() -> Self {
                $blank
            }
        }

        impl ::core::default::Default for $ty {
            #[inline]
            fn default() -> Self {
                Self::new()
            }
        }
    };
    ($ty:path; (all $all:ty); $blank:expr; $($kind:ident $field:ident;)*) => {
        impl $ty {
            /// Creates the data with the members that must be there and no others.
            #[must_use]
            #[inline]
            pub fn new(mandatory: $all) -> Self {
                Self { $($field: $crate::generated::given!($kind mandatory.$field)),* }
            }
        }

        impl ::core::convert::From<$all> for $ty {
            #[inline]
            fn from(mandatory: $all) -> Self {
                Self::new(mandatory)
            }
        }
    };
    ($ty:path; ($($how:ident $name:ident: $of:ty),+); $blank:expr; $($kind:ident $field:ident;)*) => {
        impl $ty {
            /// Creates the data with the members that must be there and no others.
            #[must_use]
            #[inline]
            pub fn new($($name: $crate::generated::parameter!($how $of)),+) -> Self {
                let mut value: Self = $blank;
                $(value.$name = ::core::convert::Into::into($name);)+
                value
            }
        }
    };
}

/// The type of a constructor's parameter.
#[doc(hidden)]
#[macro_export]
macro_rules! __parameter {
    (into $of:ty) => { impl ::core::convert::Into<$of> };
    (of $of:ty) => { $of };
}

/// The first value of a member that a constructor is given only if it must be there.
#[doc(hidden)]
#[macro_export]
macro_rules! __given {
    (leaf $($given:tt)+) => { $($given)+ };
    (container $($given:tt)+) => { $($given)+ };
    (any $($given:tt)+) => { $($given)+ };
    ($kind:ident $($given:tt)+) => { $crate::generated::blank!($kind) };
}

/// The value of a leaf, or its default.
#[doc(hidden)]
#[macro_export]
macro_rules! __or_default {
    (value $leaf:expr, $default:expr) => {
        $leaf.clone().unwrap_or($default)
    };
    (deref $leaf:expr, $default:expr) => {
        $leaf.as_deref().unwrap_or($default)
    };
    (number $leaf:expr, $default:expr) => {
        $leaf.map_or($default, |value| value.get())
    };
    (octets $leaf:expr, $default:expr) => {
        $leaf.as_ref().map_or($default, |value| value.as_bytes())
    };
}

/// Tells if a leaf of an entry has the value of a key, given as it is or by reference.
#[doc(hidden)]
#[macro_export]
macro_rules! __is_key {
    (value $leaf:expr, $key:ident) => {
        $leaf == $key
    };
    (by $leaf:expr, $key:ident) => {
        $leaf == *$key
    };
}

/// The type of a set of children.
#[doc(hidden)]
#[macro_export]
macro_rules! __seen {
    ([$($word:literal),+]) => { [u64; [$($word),+].len()] };
    ($word:literal) => { u64 };
}

/// The value of a member before it is read.
#[doc(hidden)]
#[macro_export]
macro_rules! __blank {
    (leaf) => {
        $crate::generated::FromScalar::blank()
    };
    (container) => {
        $crate::generated::Object::blank()
    };
    (any) => {
        <$crate::generated::AnyData as ::core::default::Default>::default()
    };
    (leaf_list) => {
        ::std::vec::Vec::new()
    };
    (list) => {
        ::std::vec::Vec::new()
    };
    ($optional:ident) => {
        ::core::option::Option::None
    };
}

/// Reads a member into `$target`; `$node` is the data node around it.
#[doc(hidden)]
#[macro_export]
macro_rules! __read {
    (leaf, $target:expr, $children:path, $at:literal, $node:expr, $index:expr, $reader:expr, $cx:expr) => {
        $crate::generated::read_leaf($target, &$children[$at], $reader, $cx)
    };
    (optional_leaf, $target:expr, $children:path, $at:literal, $node:expr, $index:expr, $reader:expr, $cx:expr) => {
        $crate::generated::read_optional_leaf($target, &$children[$at], $reader, $cx)
    };
    (leaf_list, $target:expr, $children:path, $at:literal, $node:expr, $index:expr, $reader:expr, $cx:expr) => {
        $crate::generated::read_leaf_list($target, &$children[$at], $reader, $cx)
    };
    (any, $target:expr, $children:path, $at:literal, $node:expr, $index:expr, $reader:expr, $cx:expr) => {
        $crate::generated::read_any($target, &$children[$at], $reader, $cx)
    };
    (optional_any, $target:expr, $children:path, $at:literal, $node:expr, $index:expr, $reader:expr, $cx:expr) => {
        $crate::generated::read_optional_any($target, &$children[$at], $reader, $cx)
    };
    (container, $target:expr, $children:path, $at:literal, $node:expr, $index:expr, $reader:expr, $cx:expr) => {
        $crate::generated::read_container($target, $reader, $cx)
    };
    (optional_container, $target:expr, $children:path, $at:literal, $node:expr, $index:expr, $reader:expr, $cx:expr) => {
        $crate::generated::read_optional_container($target, $reader, $cx)
    };
    (list, $target:expr, $children:path, $at:literal, $node:expr, $index:expr, $reader:expr, $cx:expr) => {
        $crate::generated::read_list($target, $reader, $cx)
    };
    (choice, $target:expr, $children:path, $at:literal, $node:expr, $index:expr, $reader:expr, $cx:expr) => {
        $crate::generated::read_choice($target, $node, $index, $reader, $cx)
    };
}

/// The view of a member.
#[doc(hidden)]
#[macro_export]
macro_rules! __show {
    (leaf, $member:expr, $index:expr) => {
        $crate::generated::Child::leaf($member)
    };
    (optional_leaf, $member:expr, $index:expr) => {
        $crate::generated::Child::optional_leaf($member)
    };
    (leaf_list, $member:expr, $index:expr) => {
        $crate::generated::Child::Leaves($member)
    };
    (any, $member:expr, $index:expr) => {
        $crate::generated::Child::Any($member)
    };
    (optional_any, $member:expr, $index:expr) => {
        $crate::generated::Child::optional_any($member)
    };
    (container, $member:expr, $index:expr) => {
        $crate::generated::Child::Node($member)
    };
    (optional_container, $member:expr, $index:expr) => {
        $crate::generated::Child::optional_node($member)
    };
    (list, $member:expr, $index:expr) => {
        $crate::generated::Child::Entries($member)
    };
    (choice, $member:expr, $index:expr) => {
        $crate::generated::Child::choice($member, $index)
    };
}
