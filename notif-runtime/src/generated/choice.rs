//! Enums of choices and the structs of their cases.

/// Implements the enum of a choice, and the structs of those of its cases that have one.
///
/// ```text
/// choice! {
///     path::to::Choice, DESCRIPTIONS_OF_THE_CHILDREN_AROUND;
///     0..=1 Tcp {                  the indexes of its nodes, the variant, and its struct:
///         path::to::choice::Tcp;   as in object!
///         new(of port: u16);
///         0 leaf port;
///         1 optional_leaf keepalive;
///     }
///     else 2 Pipe(leaf)            the last; a case of one node has no struct
/// }
/// ```
#[doc(hidden)]
#[macro_export]
macro_rules! __choice {
    (
        $ty:path, $children:path;
        $($first:literal $(..= $last:literal)? $variant:ident $case:tt)*
        else $else_first:literal $(..= $else_last:literal)? $else_variant:ident $else_case:tt
    ) => {
        $($crate::generated::case! { implement $case })*
        $crate::generated::case! { implement $else_case }

        impl $crate::generated::Choice for $ty {
            fn blank(index: usize) -> Self {
                match index {
                    $($first $(..= $last)? => Self::$variant($crate::generated::case!(blank $case)),)*
                    _ => Self::$else_variant($crate::generated::case!(blank $else_case)),
                }
            }

            fn holds(&self, index: usize) -> bool {
                match self {
                    $(Self::$variant(_) => ::core::matches!(index, $first $(..= $last)?),)*
                    Self::$else_variant(_) => {
                        ::core::matches!(index, $else_first $(..= $else_last)?)
                    }
                }
            }

            fn read_member<'de, R: $crate::generated::ObjectReader<'de> + ?::core::marker::Sized>(
                &mut self,
                node: &$crate::generated::Node<'_>,
                index: usize,
                reader: &mut R,
                cx: &mut $crate::generated::Context,
            ) -> ::core::result::Result<bool, $crate::generated::Abort> {
                match self {
                    $(Self::$variant(held) => $crate::generated::case!(
                        read $case held, $children, $first, node, index, reader, cx
                    ),)*
                    Self::$else_variant(held) => $crate::generated::case!(
                        read $else_case held, $children, $else_first, node, index, reader, cx
                    ),
                }
            }

            fn child(&self, index: usize) -> $crate::generated::Child<'_> {
                match self {
                    $(Self::$variant(held) => $crate::generated::case!(
                        show $case held, $first, index
                    ),)*
                    Self::$else_variant(held) => $crate::generated::case!(
                        show $else_case held, $else_first, index
                    ),
                }
            }
        }
    };
}

/// One part of a choice's implementation for one of its cases.
#[doc(hidden)]
#[macro_export]
macro_rules! __case {
    (implement ($kind:ident)) => {};
    (implement {
        $ty:path;
        new $new:tt;
        $($first:literal $(..= $last:literal)? $kind:ident $field:ident;)*
        $(also { $($also:tt)+ })?
    }) => {
        $crate::generated::construct! { $ty; $new; <$ty>::blank(); $($kind $field;)* }
        $($crate::generated::also! { $ty; $($also)+ })?

        impl $ty {
            fn blank() -> Self {
                Self { $($field: $crate::generated::blank!($kind)),* }
            }
        }
    };
    (blank ($kind:ident)) => { $crate::generated::blank!($kind) };
    (blank { $ty:path; $($rest:tt)* }) => { <$ty>::blank() };
    (
        read ($kind:ident)
        $held:ident, $children:path, $at:literal, $node:ident, $index:ident, $reader:ident, $cx:ident
    ) => {
        $crate::generated::read!($kind, $held, $children, $at, $node, $index, $reader, $cx)
    };
    (
        read {
            $ty:path;
            new $new:tt;
            $($first:literal $(..= $last:literal)? $kind:ident $field:ident;)*
            $(also $also:tt)?
        }
        $held:ident, $children:path, $at:literal, $node:ident, $index:ident, $reader:ident, $cx:ident
    ) => {
        match $index {
            $($first $(..= $last)? => $crate::generated::read!(
                $kind, &mut $held.$field, $children, $first, $node, $index, $reader, $cx
            ),)*
            _ => $reader.skip($cx).map(|()| false),
        }
    };
    (show ($kind:ident) $held:ident, $at:literal, $index:ident) => {
        match $index {
            $at => $crate::generated::show!($kind, $held, $index),
            _ => $crate::generated::Child::None,
        }
    };
    (
        show {
            $ty:path;
            new $new:tt;
            $($first:literal $(..= $last:literal)? $kind:ident $field:ident;)*
            $(also $also:tt)?
        }
        $held:ident, $at:literal, $index:ident
    ) => {
        match $index {
            $($first $(..= $last)? => $crate::generated::show!($kind, &$held.$field, $index),)*
            _ => $crate::generated::Child::None,
        }
    };
}
