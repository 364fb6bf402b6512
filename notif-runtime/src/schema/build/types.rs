//! The types of leafs.

use crate::schema::xpath::Expr;
use crate::schema::{
    Bit, CanonicalForm, EnumValue, IdentityValue, Integer, LeafPath, LeafrefPath, Module, OnError,
    Pattern, Type,
};

impl<'s> EnumValue<'s> {
    /// A name and its value.
    #[must_use]
    pub const fn new(name: &'s str, value: i32) -> Self {
        Self { name, value }
    }
}

impl<'s> Bit<'s> {
    /// A name and its position.
    #[must_use]
    pub const fn new(name: &'s str, position: u32) -> Self {
        Self { name, position }
    }
}

impl<'s> IdentityValue<'s> {
    /// An identity.
    #[must_use]
    pub const fn new(module: &'static Module, name: &'s str) -> Self {
        Self {
            module,
            name,
            sid: None,
        }
    }

    /// Has this SID.
    #[must_use]
    pub const fn sid(mut self, sid: u64) -> Self {
        self.sid = Some(sid);
        self
    }
}

impl<'s> Type<'s> {
    /// An integer type without a range of its own.
    const fn integer(kind: Integer) -> Self {
        Self::integer_in(kind, &[])
    }

    /// An integer type with a range.
    #[must_use]
    pub const fn integer_in(kind: Integer, range: &'s [(i128, i128)]) -> Self {
        Self::Integer {
            kind,
            range,
            on_error: OnError::NONE,
        }
    }

    /// A decimal64; `range` is empty if it has none.
    #[must_use]
    pub const fn decimal64(fraction_digits: u8, range: &'s [(i64, i64)]) -> Self {
        Self::Decimal64 {
            fraction_digits,
            range,
            on_error: OnError::NONE,
        }
    }

    /// A string; `length` is empty if it has none.
    #[must_use]
    pub const fn string(length: &'s [(u64, u64)], patterns: &'s [Pattern<'s>]) -> Self {
        Self::String {
            length,
            patterns,
            on_error: OnError::NONE,
            canonical: None,
        }
    }

    /// The canonical form of a string type, if it is not the text itself.
    #[must_use]
    pub const fn with_canonical(mut self, form: CanonicalForm) -> Self {
        if let Self::String { canonical, .. } = &mut self {
            *canonical = Some(form);
        }
        self
    }

    /// A binary; `length` is empty if it has none.
    #[must_use]
    pub const fn binary(length: &'s [(u64, u64)]) -> Self {
        Self::Binary {
            length,
            on_error: OnError::NONE,
        }
    }

    /// The module's own `error-message` for what the range or length refuses.
    #[must_use]
    pub const fn with_message(mut self, message: &'s str) -> Self {
        if let Some(on_error) = self.on_error_mut() {
            on_error.message = Some(message);
        }
        self
    }

    /// The `error-app-tag` for what the range or length refuses.
    #[must_use]
    pub const fn with_app_tag(mut self, app_tag: &'s str) -> Self {
        if let Some(on_error) = self.on_error_mut() {
            on_error.app_tag = Some(app_tag);
        }
        self
    }

    const fn on_error_mut(&mut self) -> Option<&mut OnError<'s>> {
        match self {
            Self::Integer { on_error, .. }
            | Self::Decimal64 { on_error, .. }
            | Self::String { on_error, .. }
            | Self::Binary { on_error, .. } => Some(on_error),
            _ => None,
        }
    }

    /// int8.
    pub const INT8: Self = Self::integer(Integer::Int8);
    /// int16.
    pub const INT16: Self = Self::integer(Integer::Int16);
    /// int32.
    pub const INT32: Self = Self::integer(Integer::Int32);
    /// int64.
    pub const INT64: Self = Self::integer(Integer::Int64);
    /// uint8.
    pub const UINT8: Self = Self::integer(Integer::Uint8);
    /// uint16.
    pub const UINT16: Self = Self::integer(Integer::Uint16);
    /// uint32.
    pub const UINT32: Self = Self::integer(Integer::Uint32);
    /// uint64.
    pub const UINT64: Self = Self::integer(Integer::Uint64);
    /// string, of any length and any characters.
    pub const STRING: Self = Self::string(&[], &[]);
    /// boolean.
    pub const BOOLEAN: Self = Self::Boolean;

    /// binary, of any length.
    pub const BINARY: Self = Self::binary(&[]);
    /// empty.
    pub const EMPTY: Self = Self::Empty;

    /// An instance-identifier.
    #[must_use]
    pub const fn instance_identifier(require_instance: bool) -> Self {
        Self::InstanceIdentifier { require_instance }
    }

    /// A leafref with an absolute path.
    #[must_use]
    pub const fn leafref(steps: &'s [&'s str], target: &'s Type<'s>) -> Self {
        Self::LeafRef {
            path: LeafrefPath::Plain(LeafPath { ups: None, steps }),
            require_instance: true,
            target,
        }
    }

    /// A leafref whose path goes `ups` levels up first.
    #[must_use]
    pub const fn relative_leafref(ups: usize, steps: &'s [&'s str], target: &'s Type<'s>) -> Self {
        Self::LeafRef {
            path: LeafrefPath::Plain(LeafPath {
                ups: Some(ups),
                steps,
            }),
            require_instance: true,
            target,
        }
    }

    /// A leafref whose path has predicates or functions.
    #[must_use]
    pub const fn leafref_expr(source: &'s str, expr: &'s Expr<'s>, target: &'s Type<'s>) -> Self {
        Self::LeafRef {
            path: LeafrefPath::Expr { source, expr },
            require_instance: true,
            target,
        }
    }

    /// `require-instance false`: the referred leaf need not exist.
    #[must_use]
    pub const fn without_instance(mut self) -> Self {
        if let Self::LeafRef {
            require_instance, ..
        } = &mut self
        {
            *require_instance = false;
        }
        self
    }
}
