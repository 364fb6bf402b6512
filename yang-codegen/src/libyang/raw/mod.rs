//! The one place with `unsafe`: safe functions over what yang2's own API lacks.
//!
//! libyang's structures belong to its context. Every view here borrows [`Context`], so it cannot
//! outlive them, and the context changes only through `&mut`, so nothing is freed under a view.
#![allow(
    unsafe_code,
    reason = "libyang's compiled schema is only reachable through its C API"
)]

mod expression;
mod extension;
mod module;
mod node;
#[cfg(test)]
mod tests;
mod typedef;
mod types;

use std::ffi::{CStr, CString, c_char};
use std::path::Path;

pub(super) use expression::{Expression, Must, When};
pub(super) use extension::Extension;
use libyang2_sys as ffi;
pub(super) use module::{Feature, Identity, Module};
pub(super) use node::{Keyword, Node};
pub(super) use typedef::{TypeStatement, Typedef};
pub(super) use types::{Base, OnError, Type};
use yang2::context::{Context as Yang2, ContextFlags};

/// The prefix of the names of the generator's own modules.
pub(super) const OWN: &str = "yang-codegen-";

/// A libyang context.
pub(super) struct Context(Yang2);

/// A message that libyang logged.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(super) struct Logged {
    pub(super) message: String,
    pub(super) path: Option<String>,
    pub(super) line: Option<u64>,
}

/// # Safety
/// `pointer` is null or a NUL-terminated string that lives as long as `'c`.
unsafe fn text<'c>(pointer: *const c_char) -> Option<&'c str> {
    if pointer.is_null() {
        return None;
    }
    // SAFETY: not null, and the caller vouches for the rest. libyang takes UTF-8 only.
    unsafe { CStr::from_ptr(pointer) }.to_str().ok()
}

/// # Safety
/// `pointer` is null or one of libyang's sized arrays (`LY_ARRAY`), which keeps its count in the 64
/// bits before its first element, and lives as long as `'c`.
unsafe fn array<'c, T>(pointer: *const T) -> &'c [T] {
    if pointer.is_null() {
        return &[];
    }
    // SAFETY: the caller vouches for the count in front and for the elements.
    unsafe {
        let count = pointer.cast::<u64>().sub(1).read();
        std::slice::from_raw_parts(pointer, usize::try_from(count).unwrap_or(0))
    }
}

impl Context {
    /// An empty context: no module but those that libyang is built with, the working folder not
    /// searched, the parsed statements kept beside the compiled ones, and `deref()` taken in the paths
    /// of leafrefs. Nothing is compiled before [`compile`](Self::compile), since one module can
    /// augment another that is loaded later, whose features are not set before.
    pub(super) fn new(search_path: &[impl AsRef<Path>]) -> Result<Self, yang2::Error> {
        let more = ffi::LY_CTX_SET_PRIV_PARSED
            | ffi::LY_CTX_EXPLICIT_COMPILE
            | ffi::LY_CTX_LEAFREF_EXTENDED;
        let flags = ContextFlags::NO_YANGLIBRARY
            | ContextFlags::DISABLE_SEARCHDIR_CWD
            | ContextFlags::from_bits_retain(u16::try_from(more).unwrap_or_default());
        let mut context = Yang2::new(flags)?;
        // SAFETY: sets a process-wide option; yang2 sets it to the last message alone, once, when
        // it makes its first context. All messages are wanted, and none on standard error.
        unsafe { ffi::ly_log_options(ffi::LY_LOSTORE) };
        for folder in search_path {
            context.set_searchdir(folder)?;
        }
        let mut context = Self(context);
        context.forget_imports();
        Ok(context)
    }

    /// libyang's own modules import each other, and what is imported once without a revision it
    /// takes for every later import. The user's modules shall import the user's files instead.
    fn forget_imports(&mut self) {
        let imported = u8::try_from(ffi::LYS_MOD_IMPORTED_REV).unwrap_or_default();
        for module in self.0.modules(false) {
            // SAFETY: modules point into the context, which is borrowed mutably: nobody has a view
            // of this one.
            if let Some(module) = unsafe { module.as_raw().as_mut() } {
                module.latest_revision &= !imported;
            }
        }
    }

    /// Loads the module of a file, to be implemented with these features (`*` for all).
    pub(super) fn load(&mut self, file: &Path, features: &[&str]) -> Result<(), Vec<Logged>> {
        let result = self.parse(file, features);
        self.outcome(result)
    }

    /// Compiles all modules that were loaded.
    pub(super) fn compile(&mut self) -> Result<(), Vec<Logged>> {
        // SAFETY: the context is borrowed mutably, so there are no views of it.
        let result = self
            .pointer()
            .map(|context| unsafe { ffi::ly_ctx_compile(context.cast_mut()) });
        self.outcome(result)
    }

    fn outcome(&self, result: Option<ffi::LY_ERR::Type>) -> Result<(), Vec<Logged>> {
        if result == Some(ffi::LY_ERR::LY_SUCCESS) {
            return Ok(());
        }
        let mut logged = self.logged();
        if logged.is_empty() {
            logged.push(Logged {
                message: "libyang did not take the modules and does not say why".to_owned(),
                path: None,
                line: None,
            });
        }
        Err(logged)
    }

    /// Loads and compiles a module of the generator's own, which [`modules`](Self::modules) leaves
    /// out. Its name starts with [`OWN`].
    pub(super) fn load_own(&mut self, text: &str) -> Result<(), Vec<Logged>> {
        let parsed = CString::new(text).ok().and_then(|text| {
            self.parse_input(&[], |input| unsafe {
                // SAFETY: the text outlives the input, which is freed in `parse_input`.
                ffi::ly_in_new_memory(text.as_ptr(), input)
            })
        });
        self.outcome(parsed)?;
        self.compile()
    }

    /// `None` if libyang cannot be asked: a name with a NUL, or a file that cannot be opened.
    fn parse(&mut self, file: &Path, features: &[&str]) -> Option<ffi::LY_ERR::Type> {
        let file = CString::new(file.as_os_str().as_encoded_bytes()).ok()?;
        self.parse_input(features, |input| unsafe {
            // SAFETY: the name lives through the call.
            ffi::ly_in_new_filepath(file.as_ptr(), 0, input)
        })
    }

    fn parse_input(
        &mut self,
        features: &[&str],
        open: impl FnOnce(*mut *mut ffi::ly_in) -> ffi::LY_ERR::Type,
    ) -> Option<ffi::LY_ERR::Type> {
        let context = self.pointer()?.cast_mut();
        let features: Vec<CString> = features
            .iter()
            .map(|name| CString::new(*name).ok())
            .collect::<Option<_>>()?;
        let mut names: Vec<*const c_char> = features.iter().map(|name| name.as_ptr()).collect();
        names.push(std::ptr::null());
        let mut input = std::ptr::null_mut();
        if open(&raw mut input) != ffi::LY_ERR::LY_SUCCESS {
            return None;
        }
        // SAFETY: the input was opened; the strings and the list, which ends with null, live through
        // the calls; the input is freed once; the context is borrowed mutably, so there are no views
        // of it.
        unsafe {
            let yang = ffi::LYS_INFORMAT::LYS_IN_YANG;
            let features = names.as_mut_ptr();
            let result = ffi::lys_parse(context, input, yang, features, std::ptr::null_mut());
            // The text belongs to the caller; a file is closed.
            ffi::ly_in_free(input, 0);
            Some(result)
        }
    }

    fn pointer(&self) -> Option<*const ffi::ly_ctx> {
        let module = self.0.modules(false).next()?.as_raw();
        // SAFETY: yang2's modules point into the context; libyang always has its own modules.
        unsafe { module.as_ref() }.map(|module| module.ctx.cast_const())
    }

    /// The errors that libyang logged, oldest first.
    pub(super) fn logged(&self) -> Vec<Logged> {
        let Some(context) = self.pointer() else {
            return Vec::new();
        };
        let mut logged = Vec::new();
        // SAFETY: the list belongs to the context, which lives, and nobody adds to it meanwhile.
        let mut item = unsafe { ffi::ly_err_first(context).as_ref() };
        while let Some(entry) = item {
            if entry.level == ffi::LY_LOG_LEVEL::LY_LLERR {
                // SAFETY: the strings belong to the entry.
                let (message, schema_path, data_path) = unsafe {
                    (
                        text(entry.msg),
                        text(entry.schema_path),
                        text(entry.data_path),
                    )
                };
                logged.push(Logged {
                    message: message.unwrap_or("unknown error").to_owned(),
                    path: schema_path.or(data_path).map(ToOwned::to_owned),
                    line: Some(entry.line).filter(|&line| line > 0),
                });
            }
            // SAFETY: null or the next entry of the same list.
            item = unsafe { entry.next.as_ref() };
        }
        logged
    }

    /// All modules in the context, libyang's own included unless a file took their place.
    pub(super) fn modules(&self) -> Vec<Module<'_>> {
        // SAFETY: modules live as long as the context.
        let all: Vec<Module<'_>> = self
            .0
            .modules(false)
            .filter_map(|module| unsafe { module.as_raw().as_ref() })
            .map(Module)
            .filter(|module| !module.name().starts_with(OWN))
            .collect();
        let replaced = |module: &Module<'_>| {
            let is_file =
                |other: &Module<'_>| other.name() == module.name() && other.file().is_some();
            module.file().is_none() && all.iter().any(is_file)
        };
        all.iter()
            .copied()
            .filter(|module| !replaced(module))
            .collect()
    }

    /// True if the model has this revision of the module: of several, the one that is implemented,
    /// or else read from a file.
    pub(super) fn holds(&self, module: Module<'_>) -> bool {
        // SAFETY: modules live as long as the context.
        let held = self
            .0
            .modules(false)
            .filter_map(|other| unsafe { other.as_raw().as_ref() })
            .map(Module)
            .filter(|other| other.name() == module.name())
            .min_by_key(|other| (!other.is_implemented(), other.file().is_none()));
        held.is_some_and(|held| held.is(module))
    }

    /// The value of a default, in canonical form.
    fn canonical(&self, value: *const ffi::lyd_value) -> Option<&str> {
        let context = self.pointer().filter(|_| !value.is_null())?;
        // SAFETY: a compiled default of this context; the canonical string is kept in its
        // dictionary. yang2's own function skips the null check and crashes.
        unsafe { text(ffi::lyd_value_get_canonical(context, value)) }
    }
}

/// The text parts that most statements have.
#[derive(Debug, Clone, Copy)]
pub(super) struct Described<'c> {
    pub(super) description: Option<&'c str>,
    pub(super) reference: Option<&'c str>,
    flags: u16,
}

impl Described<'_> {
    const fn has(&self, flag: u32) -> bool {
        self.flags as u32 & flag != 0
    }

    pub(super) const fn is_deprecated(&self) -> bool {
        self.has(ffi::LYS_STATUS_DEPRC)
    }

    pub(super) const fn is_obsolete(&self) -> bool {
        self.has(ffi::LYS_STATUS_OBSLT)
    }
}

/// # Safety
/// Both are null or strings that live as long as `'c`.
unsafe fn described<'c>(
    description: *const c_char,
    reference: *const c_char,
    flags: u16,
) -> Described<'c> {
    // SAFETY: as the caller says.
    unsafe {
        Described {
            description: text(description),
            reference: text(reference),
            flags,
        }
    }
}
