//! XPath expressions as written, with the meaning of their prefixes, and the statements that hold
//! them.

use libyang2_sys as ffi;

use super::module::Module;
use super::{array, text};

/// An expression as libyang keeps it.
#[derive(Clone, Copy)]
pub(in crate::libyang) struct Expression<'c> {
    text: &'c str,
    prefixes: &'c [ffi::lysc_prefix],
}

/// A compiled `when` statement.
pub(in crate::libyang) struct When<'c> {
    pub(in crate::libyang) condition: Expression<'c>,
    /// True if the context node is the node that has the statement, not its parent.
    pub(in crate::libyang) of_node: bool,
}

/// A compiled `must` statement.
pub(in crate::libyang) struct Must<'c> {
    pub(in crate::libyang) condition: Expression<'c>,
    pub(in crate::libyang) message: Option<&'c str>,
    pub(in crate::libyang) app_tag: Option<&'c str>,
}

impl<'c> Expression<'c> {
    /// # Safety
    /// Both are null or belong to a compiled statement, which lives as long as `'c`.
    pub(super) unsafe fn new(
        parsed: *const ffi::lyxp_expr,
        prefixes: *const ffi::lysc_prefix,
    ) -> Option<Self> {
        // SAFETY: as the caller says.
        unsafe {
            Some(Self {
                text: text(ffi::lyxp_get_expr(parsed))?,
                prefixes: array(prefixes),
            })
        }
    }

    pub(in crate::libyang) const fn text(self) -> &'c str {
        self.text
    }

    /// The module that a prefix means in the text where the expression stands, or for `None` the
    /// module of that text.
    pub(in crate::libyang) fn module_of(self, prefix: Option<&str>) -> Option<Module<'c>> {
        // SAFETY: the prefixes are strings and modules of the context, which lives.
        let is_it = |known: &&'c ffi::lysc_prefix| unsafe { text(known.prefix) } == prefix;
        let found = self.prefixes.iter().find(is_it)?;
        // SAFETY: as above.
        unsafe { found.mod_.as_ref() }.map(Module)
    }
}

/// # Safety
/// `statements` is a node's array of `when` statements, which lives as long as `'c`; `node` is that
/// node.
pub(super) unsafe fn whens<'c>(
    node: *const ffi::lysc_node,
    statements: *const *mut ffi::lysc_when,
) -> Vec<When<'c>> {
    // SAFETY: as the caller says.
    let statements: &'c [*mut ffi::lysc_when] = unsafe { array(statements) };
    let when = |statement: &*mut ffi::lysc_when| {
        // SAFETY: as the caller says; libyang has no null among them.
        let when: &'c ffi::lysc_when = unsafe { statement.as_ref() }?;
        Some(When {
            // SAFETY: they belong to the statement.
            condition: unsafe { Expression::new(when.cond, when.prefixes) }?,
            of_node: std::ptr::eq(when.context, node),
        })
    };
    statements.iter().filter_map(when).collect()
}

/// # Safety
/// `statements` is a node's array of `must` statements, which lives as long as `'c`.
pub(super) unsafe fn musts<'c>(statements: *const ffi::lysc_must) -> Vec<Must<'c>> {
    // SAFETY: as the caller says.
    let statements: &'c [ffi::lysc_must] = unsafe { array(statements) };
    let must = |must: &'c ffi::lysc_must| {
        // SAFETY: they belong to the statement.
        unsafe {
            Some(Must {
                condition: Expression::new(must.cond, must.prefixes)?,
                message: text(must.emsg),
                app_tag: text(must.eapptag),
            })
        }
    };
    statements.iter().filter_map(must).collect()
}
