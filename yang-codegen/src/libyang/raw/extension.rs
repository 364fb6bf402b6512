//! Instances of extensions (RFC 7950 section 6.3.1), and the content of those that libyang knows.

use libyang2_sys as ffi;

use super::expression::{Must, musts};
use super::module::Module;
use super::node::{Node, siblings};
use super::typedef::TypeStatement;
use super::types::Type;
use super::{array, text};

/// A compiled instance of an extension.
#[derive(Clone, Copy)]
pub(in crate::libyang) struct Extension<'c>(&'c ffi::lysc_ext_instance);

/// # Safety
/// `instances` is null or an array of a compiled statement, which lives as long as `'c`.
pub(super) unsafe fn extensions<'c>(
    instances: *const ffi::lysc_ext_instance,
) -> impl Iterator<Item = Extension<'c>> {
    // SAFETY: as the caller says.
    unsafe { array(instances) }.iter().map(Extension)
}

impl<'c> Extension<'c> {
    // SAFETY of this block: the fields belong to the instance, which lives as long as the context;
    // what is behind a storage is of the kind that libyang's plugin for the statement puts there.

    fn definition(self) -> Option<&'c ffi::lysc_ext> {
        unsafe { self.0.def.as_ref() }
    }

    /// The extension's name.
    pub(in crate::libyang) fn name(self) -> &'c str {
        let name = self.definition().and_then(|own| unsafe { text(own.name) });
        name.unwrap_or_default()
    }

    /// The module that defines the extension.
    pub(in crate::libyang) fn module(self) -> Option<Module<'c>> {
        unsafe { self.definition()?.module.as_ref() }.map(Module)
    }

    /// True if the extension is `name` of `module`.
    pub(in crate::libyang) fn is(self, module: &str, name: &str) -> bool {
        self.name() == name && self.module().is_some_and(|own| own.name() == module)
    }

    pub(in crate::libyang) fn argument(self) -> Option<&'c str> {
        unsafe { text(self.0.argument) }
    }

    /// True if both are instances of one extension with one argument.
    pub(super) fn is_like(self, other: Self) -> bool {
        std::ptr::eq(self.0.def, other.0.def) && self.argument() == other.argument()
    }

    /// The value of a substatement of the instance.
    fn storage<T>(self, statement: u32) -> Option<&'c T> {
        let mut stored: *const std::ffi::c_void = std::ptr::null();
        let size = u32::try_from(size_of::<*const T>()).unwrap_or_default();
        let statement = i32::try_from(statement).unwrap_or_default();
        // A failure leaves null.
        unsafe {
            ffi::lyplg_ext_get_storage(self.0, statement, size, &raw mut stored);
            stored.cast::<T>().as_ref()
        }
    }

    /// The type of an annotation's values (RFC 7952).
    pub(in crate::libyang) fn annotation_type(self) -> Option<Type<'c>> {
        self.is("ietf-yang-metadata", "annotation")
            .then(|| self.storage(ffi::ly_stmt::LY_STMT_TYPE))?
            .map(Type)
    }

    /// The `type` statement of an annotation.
    pub(in crate::libyang) fn annotation_type_statement(self) -> Option<TypeStatement<'c>> {
        let module = unsafe { self.0.module.as_ref() }.map(Module)?;
        let is_own = |statement: &&'c ffi::lysp_ext_instance| {
            let definition = unsafe { statement.def.as_ref() };
            definition.is_some_and(|definition| std::ptr::eq(definition.compiled, self.0.def))
                && unsafe { text(statement.argument) } == self.argument()
        };
        let statement = module.extension_statements().find(is_own)?;
        let parts: &'c [ffi::lysp_ext_substmt] = unsafe { array(statement.substmts) };
        let part = parts
            .iter()
            .find(|part| part.stmt == ffi::ly_stmt::LY_STMT_TYPE)?;
        let ty = part.storage.cast_const().cast::<*const ffi::lysp_type>();
        unsafe { ty.as_ref()?.as_ref() }.map(|ty| TypeStatement::new(ty, None))
    }

    /// True for a structure (RFC 8791), which is a node of its own around its nodes.
    pub(in crate::libyang) fn is_structure(self) -> bool {
        self.is("ietf-yang-structure-ext", "structure")
    }

    /// True for a data template (RFC 8040), whose node has the name.
    pub(in crate::libyang) fn is_template(self) -> bool {
        self.is("ietf-restconf", "yang-data")
    }

    /// The nodes of a structure or data template.
    pub(in crate::libyang) fn nodes(self) -> Vec<Node<'c>> {
        if !self.is_structure() && !self.is_template() {
            return Vec::new();
        }
        let first = self.storage(ffi::ly_stmt::LY_STMT_CONTAINER);
        siblings(first.map_or(std::ptr::null(), std::ptr::from_ref))
    }

    /// The `must` statements of a structure.
    pub(in crate::libyang) fn musts(self) -> Vec<Must<'c>> {
        if !self.is_structure() {
            return Vec::new();
        }
        let statements = self.storage::<ffi::lysc_must>(ffi::ly_stmt::LY_STMT_MUST);
        statements.map_or_else(Vec::new, |statements| unsafe { musts(statements) })
    }

    pub(in crate::libyang) fn description(self) -> Option<&'c str> {
        let text_of = self.storage(ffi::ly_stmt::LY_STMT_DESCRIPTION)?;
        unsafe { text(text_of) }
    }
}
