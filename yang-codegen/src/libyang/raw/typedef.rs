//! `typedef` and `type` statements as they are written.

use libyang2_sys as ffi;

use super::module::Module;
use super::types::Type;
use super::{Described, array, described, text};

/// A `typedef` statement.
#[derive(Clone, Copy)]
pub(in crate::libyang) struct Typedef<'c> {
    typedef: &'c ffi::lysp_tpdf,
    scope: Scope<'c>,
}

/// The statement of a node from which names of typedefs are looked up outwards (RFC 7950 section
/// 5.5); none at the top of a module.
pub(super) type Scope<'c> = Option<&'c ffi::lysp_node>;

impl<'c> Typedef<'c> {
    // SAFETY of this block: as for `Module`.

    /// One at the top of a module.
    pub(super) const fn at_top(typedef: &'c ffi::lysp_tpdf) -> Self {
        Self {
            typedef,
            scope: None,
        }
    }

    /// True if it is at the top of a module.
    pub(in crate::libyang) const fn is_at_top(self) -> bool {
        self.scope.is_none()
    }

    pub(in crate::libyang) fn name(self) -> &'c str {
        unsafe { text(self.typedef.name) }.unwrap_or_default()
    }

    pub(in crate::libyang) fn docs(self) -> Described<'c> {
        unsafe { described(self.typedef.dsc, self.typedef.ref_, self.typedef.flags) }
    }

    pub(in crate::libyang) fn units(self) -> Option<&'c str> {
        unsafe { text(self.typedef.units) }
    }

    pub(in crate::libyang) fn default(self) -> Option<&'c str> {
        unsafe { text(self.typedef.dflt.str_) }
    }

    pub(in crate::libyang) const fn type_statement(self) -> TypeStatement<'c> {
        TypeStatement::new(&self.typedef.type_, self.scope)
    }
}

/// A `type` statement.
#[derive(Clone, Copy)]
pub(in crate::libyang) struct TypeStatement<'c> {
    statement: &'c ffi::lysp_type,
    scope: Scope<'c>,
}

impl<'c> TypeStatement<'c> {
    // SAFETY of this block: as for `Module`.

    pub(super) const fn new(statement: &'c ffi::lysp_type, scope: Scope<'c>) -> Self {
        Self { statement, scope }
    }

    /// The typedef of this name in the statements around.
    pub(in crate::libyang) fn scoped_typedef(self, name: &str) -> Option<Typedef<'c>> {
        let mut scope = self.scope;
        while let Some(parsed) = scope {
            let typedefs = unsafe { array(ffi::lysp_node_typedefs(parsed)) };
            let mut typedefs = typedefs.iter();
            if let Some(typedef) = typedefs.find(|known| unsafe { text(known.name) } == Some(name))
            {
                return Some(Typedef { typedef, scope });
            }
            scope = unsafe { parsed.parent.as_ref() };
        }
        None
    }

    /// The name as written, with its prefix.
    pub(in crate::libyang) fn name(self) -> &'c str {
        unsafe { text(self.statement.name) }.unwrap_or_default()
    }

    /// The module in whose text the statement stands.
    pub(in crate::libyang) fn module(self) -> Option<Module<'c>> {
        let parsed = unsafe { self.statement.pmod.as_ref() }?;
        unsafe { parsed.mod_.as_ref() }.map(Module)
    }

    /// True if the statement restricts the type that it names.
    pub(in crate::libyang) fn adds_restrictions(self) -> bool {
        let ty = self.statement;
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
    pub(in crate::libyang) fn members(self) -> Vec<Self> {
        let types: &'c [ffi::lysp_type] = unsafe { array(self.statement.types) };
        types.iter().map(|ty| Self::new(ty, self.scope)).collect()
    }

    /// The type as compiled; only typedefs keep it.
    pub(in crate::libyang) fn compiled(self) -> Option<Type<'c>> {
        unsafe { self.statement.compiled.as_ref() }.map(Type)
    }
}
