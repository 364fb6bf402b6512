//! Statics that describe a schema.

/// Defines the statics of a Rust module that describe nodes, types and values.
///
/// ```text
/// describe! {
///     values NAME: Type[2] { function(arguments).method(arguments); function(arguments); }
///     value NAME: Type { function(arguments); }       one of them
///     function name: Type { function(arguments); }    a constant function that gives it
/// }
/// ```
///
/// The functions are those of the type, which is one of `schema`. Among the arguments of a `Type` are
/// `Integer` and `CanonicalForm` by their names alone.
#[doc(hidden)]
#[macro_export]
macro_rules! __describe {
    ($($form:ident $name:ident: $ty:ident $([$count:literal])? { $($values:tt)* })*) => {
        $($crate::generated::described! { $form $name $ty $([$count])? $($values)* })*
    };
}

/// Defines one of the statics of `describe`.
#[doc(hidden)]
#[macro_export]
macro_rules! __described {
    (values $name:ident Operation [$count:literal] $($function:ident($($argument:tt)*);)*) => {
        #[doc(hidden)]
        pub static $name: [$crate::generated::Operation; $count] =
            [$($crate::generated::Operation::$function($($argument)*)),*];
    };
    (values $name:ident $ty:ident [$count:literal] $(
        $function:ident($($argument:tt)*) $(.$method:ident($($more:tt)*))*;
    )*) => {
        #[doc(hidden)]
        pub static $name: [$crate::generated::$ty<'static>; $count] = [$(
            $crate::generated::$ty::$function($($argument)*)$(.$method($($more)*))*
        ),*];
    };
    (value $name:ident Type $value:ident;) => {
        #[doc(hidden)]
        pub static $name: $crate::generated::Type<'static> = $crate::generated::Type::$value;
    };
    (value $name:ident Type
        integer_in(Integer::$kind:ident, $($argument:tt)*) $(.$method:ident($($more:tt)*))*;
    ) => {
        #[doc(hidden)]
        pub static $name: $crate::generated::Type<'static> = $crate::generated::Type::integer_in(
            $crate::generated::Integer::$kind, $($argument)*
        )$(.$method($($more)*))*;
    };
    (value $name:ident Type string($($argument:tt)*) $(.$method:ident($said:literal))*;) => {
        #[doc(hidden)]
        pub static $name: $crate::generated::Type<'static> =
            $crate::generated::Type::string($($argument)*)$(.$method($said))*;
    };
    // With a canonical form, which stands last.
    (value $name:ident Type string($($argument:tt)*) $(.$method:ident($($more:tt)*))*;) => {
        #[doc(hidden)]
        pub static $name: $crate::generated::Type<'static> = {
            use $crate::generated::CanonicalForm;
            $crate::generated::Type::string($($argument)*)$(.$method($($more)*))*
        };
    };
    (value $name:ident $ty:ident
        $function:ident($($argument:tt)*) $(.$method:ident($($more:tt)*))*;
    ) => {
        #[doc(hidden)]
        pub static $name: $crate::generated::$ty<'static> =
            $crate::generated::$ty::$function($($argument)*)$(.$method($($more)*))*;
    };
    (function $name:ident $ty:ident
        $function:ident($($argument:tt)*) $(.$method:ident($($more:tt)*))*;
    ) => {
        #[doc(hidden)]
        #[must_use]
        pub const fn $name() -> $crate::generated::$ty<'static> {
            $crate::generated::$ty::$function($($argument)*)$(.$method($($more)*))*
        }
    };
}
