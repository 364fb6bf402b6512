//! Compiled types.

use std::ffi::c_char;

use libyang2_sys as ffi;

use super::expression::Expression;
use super::module::Module;
use super::{Described, array, described, text};

/// A compiled type.
#[derive(Clone, Copy)]
pub(in crate::libyang) struct Type<'c>(pub(super) &'c ffi::lysc_type);

/// The built-in type behind a type; libyang's `basetype`.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(in crate::libyang) enum Base {
    Int {
        bits: u32,
        signed: bool,
    },
    String,
    Boolean,
    Enumeration,
    LeafRef,
    Decimal64,
    Bits,
    Binary,
    Empty,
    Identityref,
    Union,
    InstanceIdentifier,
    /// Anything else, by its YANG name.
    Other(&'static str),
}

/// A range or length: its parts, and the error of values outside.
pub(in crate::libyang) struct Range<'c> {
    pub(in crate::libyang) parts: Vec<(i128, i128)>,
    pub(in crate::libyang) on_error: OnError<'c>,
}

/// The error that a restriction defines for the values it refuses.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
pub(in crate::libyang) struct OnError<'c> {
    pub(in crate::libyang) message: Option<&'c str>,
    pub(in crate::libyang) app_tag: Option<&'c str>,
}

/// A pattern.
pub(in crate::libyang) struct Pattern<'c> {
    pub(in crate::libyang) expression: &'c str,
    pub(in crate::libyang) inverted: bool,
    pub(in crate::libyang) on_error: OnError<'c>,
}

/// A bit of a bits type.
pub(in crate::libyang) struct Bit<'c> {
    pub(in crate::libyang) name: &'c str,
    pub(in crate::libyang) position: u32,
    pub(in crate::libyang) docs: Described<'c>,
}

/// An identity that an identityref can have.
pub(in crate::libyang) struct IdentityValue<'c> {
    pub(in crate::libyang) module: Module<'c>,
    pub(in crate::libyang) name: &'c str,
    pub(in crate::libyang) docs: Described<'c>,
}

/// A value of an enumeration.
pub(in crate::libyang) struct EnumValue<'c> {
    pub(in crate::libyang) name: &'c str,
    pub(in crate::libyang) value: i32,
    pub(in crate::libyang) docs: Described<'c>,
}

impl<'c> Type<'c> {
    // SAFETY of this block: casts to a larger structure follow `basetype`, as libyang's own
    // headers do it; unions are read as the base type's signedness says.

    /// True if both are the very same compiled type, not only equal ones.
    pub(in crate::libyang) fn is(self, other: Self) -> bool {
        std::ptr::eq(self.0, other.0)
    }

    pub(in crate::libyang) const fn base(self) -> Base {
        use ffi::LY_DATA_TYPE as T;
        match self.0.basetype {
            T::LY_TYPE_INT8 => Base::Int {
                bits: 8,
                signed: true,
            },
            T::LY_TYPE_INT16 => Base::Int {
                bits: 16,
                signed: true,
            },
            T::LY_TYPE_INT32 => Base::Int {
                bits: 32,
                signed: true,
            },
            T::LY_TYPE_INT64 => Base::Int {
                bits: 64,
                signed: true,
            },
            T::LY_TYPE_UINT8 => Base::Int {
                bits: 8,
                signed: false,
            },
            T::LY_TYPE_UINT16 => Base::Int {
                bits: 16,
                signed: false,
            },
            T::LY_TYPE_UINT32 => Base::Int {
                bits: 32,
                signed: false,
            },
            T::LY_TYPE_UINT64 => Base::Int {
                bits: 64,
                signed: false,
            },
            T::LY_TYPE_STRING => Base::String,
            T::LY_TYPE_BOOL => Base::Boolean,
            T::LY_TYPE_ENUM => Base::Enumeration,
            T::LY_TYPE_LEAFREF => Base::LeafRef,
            T::LY_TYPE_BINARY => Base::Binary,
            T::LY_TYPE_BITS => Base::Bits,
            T::LY_TYPE_DEC64 => Base::Decimal64,
            T::LY_TYPE_EMPTY => Base::Empty,
            T::LY_TYPE_IDENT => Base::Identityref,
            T::LY_TYPE_INST => Base::InstanceIdentifier,
            T::LY_TYPE_UNION => Base::Union,
            _ => Base::Other("an unknown type"),
        }
    }

    /// The range of a number (of a decimal64 without its point) or the length of a string or
    /// binary.
    pub(in crate::libyang) fn range(self) -> Option<Range<'c>> {
        let (range, signed) = match self.base() {
            Base::Int { signed, .. } => (
                unsafe { &*std::ptr::from_ref(self.0).cast::<ffi::lysc_type_num>() }.range,
                signed,
            ),
            Base::String => (
                unsafe { &*std::ptr::from_ref(self.0).cast::<ffi::lysc_type_str>() }.length,
                false,
            ),
            Base::Decimal64 => (
                unsafe { &*std::ptr::from_ref(self.0).cast::<ffi::lysc_type_dec>() }.range,
                true,
            ),
            Base::Binary => (
                unsafe { &*std::ptr::from_ref(self.0).cast::<ffi::lysc_type_bin>() }.length,
                false,
            ),
            _ => return None,
        };
        let range: &'c ffi::lysc_range = unsafe { range.as_ref() }?;
        let parts = unsafe { array(range.parts) }.iter().map(|part| unsafe {
            let (min, max) = (part.__bindgen_anon_1, part.__bindgen_anon_2);
            if signed {
                (i128::from(min.min_64), i128::from(max.max_64))
            } else {
                (i128::from(min.min_u64), i128::from(max.max_u64))
            }
        });
        let on_error = unsafe { on_error(range.emsg, range.eapptag) };
        Some(Range {
            parts: parts.collect(),
            on_error,
        })
    }

    /// The patterns of a string.
    pub(in crate::libyang) fn patterns(self) -> Vec<Pattern<'c>> {
        if self.base() != Base::String {
            return Vec::new();
        }
        let ty: &'c ffi::lysc_type_str = unsafe { &*std::ptr::from_ref(self.0).cast() };
        unsafe { array(ty.patterns.cast_const()) }
            .iter()
            .filter_map(|pattern: &'c *mut ffi::lysc_pattern| unsafe { pattern.as_ref() })
            .map(|pattern| Pattern {
                expression: unsafe { text(pattern.expr) }.unwrap_or_default(),
                inverted: pattern.inverted() != 0,
                on_error: unsafe { on_error(pattern.emsg, pattern.eapptag) },
            })
            .collect()
    }

    /// The values of an enumeration.
    pub(in crate::libyang) fn enum_values(self) -> Vec<EnumValue<'c>> {
        if self.base() != Base::Enumeration {
            return Vec::new();
        }
        let ty: &'c ffi::lysc_type_enum = unsafe { &*std::ptr::from_ref(self.0).cast() };
        unsafe { array(ty.enums.cast_const()) }
            .iter()
            .map(|item: &'c ffi::lysc_type_bitenum_item| EnumValue {
                name: unsafe { text(item.name) }.unwrap_or_default(),
                value: unsafe { item.__bindgen_anon_1.value },
                docs: unsafe { described(item.dsc, item.ref_, item.flags) },
            })
            .collect()
    }

    /// The bits of a bits type, in the order of their positions.
    pub(in crate::libyang) fn bits(self) -> Vec<Bit<'c>> {
        if self.base() != Base::Bits {
            return Vec::new();
        }
        let ty: &'c ffi::lysc_type_bits = unsafe { &*std::ptr::from_ref(self.0).cast() };
        let mut bits: Vec<Bit<'c>> = unsafe { array(ty.bits.cast_const()) }
            .iter()
            .map(|item: &'c ffi::lysc_type_bitenum_item| Bit {
                name: unsafe { text(item.name) }.unwrap_or_default(),
                position: unsafe { item.__bindgen_anon_1.position },
                docs: unsafe { described(item.dsc, item.ref_, item.flags) },
            })
            .collect();
        bits.sort_by_key(|bit| bit.position);
        bits
    }

    /// The identities that are derived from all bases of an identityref (RFC 7950 section 9.10.2),
    /// sorted by module and name. Those of modules that are not implemented are none, nor are those
    /// whose features are off.
    pub(in crate::libyang) fn identities(self) -> Vec<IdentityValue<'c>> {
        if self.base() != Base::Identityref {
            return Vec::new();
        }
        let ty: &'c ffi::lysc_type_identityref = unsafe { &*std::ptr::from_ref(self.0).cast() };
        let mut bases = unsafe { array(ty.bases.cast_const()) }.iter().map(|base| {
            let mut found = Vec::new();
            derived(*base, &mut found);
            found
        });
        let mut found = bases.next().unwrap_or_default();
        for others in bases {
            found.retain(|identity| others.contains(identity));
        }
        let mut values: Vec<IdentityValue<'c>> = found
            .into_iter()
            .filter(|identity| {
                let enabled = unsafe { ffi::lys_identity_iffeature_value(*identity) };
                enabled == ffi::LY_ERR::LY_SUCCESS
            })
            .filter_map(|identity| {
                let identity: &'c ffi::lysc_ident = unsafe { identity.as_ref() }?;
                Some(IdentityValue {
                    module: Module(unsafe { identity.module.as_ref() }?),
                    name: unsafe { text(identity.name) }.unwrap_or_default(),
                    docs: unsafe { described(identity.dsc, identity.ref_, identity.flags) },
                })
            })
            .filter(|identity| identity.module.is_implemented())
            .collect();
        values.sort_by_key(|value| (value.module.name(), value.name));
        values
    }

    /// The number of digits behind the point of a decimal64.
    pub(in crate::libyang) fn fraction_digits(self) -> u8 {
        if self.base() != Base::Decimal64 {
            return 0;
        }
        unsafe { &*std::ptr::from_ref(self.0).cast::<ffi::lysc_type_dec>() }.fraction_digits
    }

    /// The members of a union; those of a union in it stand in its place.
    pub(in crate::libyang) fn members(self) -> Vec<Self> {
        if self.base() != Base::Union {
            return Vec::new();
        }
        let ty: &'c ffi::lysc_type_union = unsafe { &*std::ptr::from_ref(self.0).cast() };
        unsafe { array(ty.types.cast_const()) }
            .iter()
            .filter_map(|member: &'c *mut ffi::lysc_type| unsafe { member.as_ref() })
            .map(Self)
            .collect()
    }

    /// The type of the leaf that a leafref refers to, through other leafrefs.
    pub(in crate::libyang) fn target(self) -> Option<Self> {
        unsafe { self.as_leafref()?.realtype.as_ref() }.map(Self)
    }

    fn as_leafref(self) -> Option<&'c ffi::lysc_type_leafref> {
        (self.base() == Base::LeafRef).then(|| unsafe { &*std::ptr::from_ref(self.0).cast() })
    }

    /// The path of a leafref.
    pub(in crate::libyang) fn path(self) -> Option<Expression<'c>> {
        let leafref = self.as_leafref()?;
        unsafe { Expression::new(leafref.path, leafref.prefixes) }
    }

    /// True if the instance that a leafref or instance-identifier refers to must exist.
    pub(in crate::libyang) fn requires_instance(self) -> bool {
        if self.base() == Base::InstanceIdentifier {
            let ty = std::ptr::from_ref(self.0).cast::<ffi::lysc_type_instanceid>();
            return unsafe { &*ty }.require_instance != 0;
        }
        self.as_leafref()
            .is_some_and(|leafref| leafref.require_instance != 0)
    }
}

/// # Safety
/// Both are null or strings that live as long as `'c`.
unsafe fn on_error<'c>(message: *const c_char, app_tag: *const c_char) -> OnError<'c> {
    // SAFETY: as the caller says.
    unsafe {
        OnError {
            message: text(message),
            app_tag: text(app_tag),
        }
    }
}

/// Adds the identities that are derived from `base`, directly or not.
pub(super) fn derived(base: *const ffi::lysc_ident, found: &mut Vec<*const ffi::lysc_ident>) {
    // SAFETY: a compiled identity, which lives as long as the context.
    let below = unsafe { base.as_ref() }.map(|base| base.derived.cast_const());
    // SAFETY: an array of that identity.
    for identity in unsafe { array(below.unwrap_or(std::ptr::null())) } {
        let identity = identity.cast_const();
        if !found.contains(&identity) {
            found.push(identity);
            derived(identity, found);
        }
    }
}
