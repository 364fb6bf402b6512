//! `typedef` and `type` statements as they are written.

use libyang2_sys as ffi;

use super::module::Module;
use super::types::Type;
use super::{Described, array, described, text};

/// A `typedef` statement.
#[derive(Clone, Copy)]
pub(in crate::load) struct Typedef<'c>(pub(super) &'c ffi::lysp_tpdf);

impl<'c> Typedef<'c> {
    // SAFETY of this block: as for `Module`.

    pub(in crate::load) fn name(self) -> &'c str {
        unsafe { text(self.0.name) }.unwrap_or_default()
    }

    pub(in crate::load) fn docs(self) -> Described<'c> {
        unsafe { described(self.0.dsc, self.0.ref_, self.0.flags) }
    }

    pub(in crate::load) fn units(self) -> Option<&'c str> {
        unsafe { text(self.0.units) }
    }

    pub(in crate::load) fn default(self) -> Option<&'c str> {
        unsafe { text(self.0.dflt.str_) }
    }

    pub(in crate::load) const fn type_statement(self) -> TypeStatement<'c> {
        TypeStatement(&self.0.type_)
    }
}

/// A `type` statement.
#[derive(Clone, Copy)]
pub(in crate::load) struct TypeStatement<'c>(pub(super) &'c ffi::lysp_type);

impl<'c> TypeStatement<'c> {
    // SAFETY of this block: as for `Module`.

    /// The name as written, with its prefix.
    pub(in crate::load) fn name(self) -> &'c str {
        unsafe { text(self.0.name) }.unwrap_or_default()
    }

    /// The module in whose text the statement stands.
    pub(in crate::load) fn module(self) -> Option<Module<'c>> {
        let parsed = unsafe { self.0.pmod.as_ref() }?;
        unsafe { parsed.mod_.as_ref() }.map(Module)
    }

    /// Whether the statement restricts the type that it names.
    pub(in crate::load) fn adds_restrictions(self) -> bool {
        let ty = self.0;
        let texts = [
            ty.range.is_null(),
            ty.length.is_null(),
            ty.patterns.is_null(),
        ];
        let lists = [
            ty.enums.is_null(),
            ty.bits.is_null(),
            ty.path.is_null(),
            ty.bases.is_null(),
            ty.types.is_null(),
        ];
        !texts.iter().chain(&lists).all(|absent| *absent)
            || ty.fraction_digits != 0
            || ty.flags != 0
    }

    /// The members of a union, as they are written.
    pub(in crate::load) fn members(self) -> Vec<Self> {
        let types: &'c [ffi::lysp_type] = unsafe { array(self.0.types) };
        types.iter().map(Self).collect()
    }

    /// The type as compiled; only typedefs keep it.
    pub(in crate::load) fn compiled(self) -> Option<Type<'c>> {
        unsafe { self.0.compiled.as_ref() }.map(Type)
    }
}
