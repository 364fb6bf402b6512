//! Modules and their top-level statements.

use std::path::Path;

use libyang2_sys as ffi;

use super::extension::{Extension, extensions};
use super::node::{Node, siblings};
use super::typedef::{TypeStatement, Typedef};
use super::types::derived;
use super::{Described, OWN, array, described, text};

/// A module.
#[derive(Clone, Copy)]
pub(in crate::libyang) struct Module<'c>(pub(super) &'c ffi::lys_module);

/// A feature of a module.
pub(in crate::libyang) struct Feature<'c> {
    pub(in crate::libyang) name: &'c str,
    pub(in crate::libyang) enabled: bool,
    pub(in crate::libyang) docs: Described<'c>,
}

/// An identity of a module; its bases are as written, with prefixes.
pub(in crate::libyang) struct Identity<'c> {
    pub(in crate::libyang) name: &'c str,
    pub(in crate::libyang) bases: Vec<&'c str>,
    pub(in crate::libyang) docs: Described<'c>,
}

impl<'c> Module<'c> {
    // SAFETY of this block: the fields belong to the module, which lives as long as the context.

    /// True if both are the same revision of the same module.
    pub(in crate::libyang) fn is(self, other: Self) -> bool {
        std::ptr::eq(self.0, other.0)
    }

    pub(in crate::libyang) fn name(self) -> &'c str {
        unsafe { text(self.0.name) }.unwrap_or_default()
    }

    pub(in crate::libyang) fn revision(self) -> Option<&'c str> {
        unsafe { text(self.0.revision) }
    }

    pub(in crate::libyang) fn namespace(self) -> &'c str {
        unsafe { text(self.0.ns) }.unwrap_or_default()
    }

    pub(in crate::libyang) fn prefix(self) -> &'c str {
        unsafe { text(self.0.prefix) }.unwrap_or_default()
    }

    /// The file that the module was read from; `None` if it is built into libyang.
    pub(in crate::libyang) fn file(self) -> Option<&'c Path> {
        unsafe { text(self.0.filepath) }.map(Path::new)
    }

    pub(in crate::libyang) fn docs(self) -> Described<'c> {
        unsafe { described(self.0.dsc, self.0.ref_, 0) }
    }

    pub(in crate::libyang) const fn is_implemented(self) -> bool {
        self.0.implemented != 0
    }

    fn parsed(self) -> Option<&'c ffi::lysp_module> {
        unsafe { self.0.parsed.as_ref() }
    }

    fn compiled(self) -> Option<&'c ffi::lysc_module> {
        unsafe { self.0.compiled.as_ref() }
    }

    /// The submodules.
    fn submodules(self) -> impl Iterator<Item = &'c ffi::lysp_submodule> {
        let includes = self.parsed().map(|parsed| parsed.includes.cast_const());
        unsafe { array(includes.unwrap_or(std::ptr::null())) }
            .iter()
            .filter_map(|include: &'c ffi::lysp_include| unsafe { include.submodule.as_ref() })
    }

    /// The files of the submodules.
    pub(in crate::libyang) fn submodule_files(self) -> Vec<&'c Path> {
        self.submodules()
            .filter_map(|submodule| unsafe { text(submodule.filepath) })
            .map(Path::new)
            .collect()
    }

    /// The names and revisions of the submodules.
    pub(in crate::libyang) fn submodule_revisions(self) -> Vec<(&'c str, Option<&'c str>)> {
        self.submodules()
            .map(|submodule| {
                let revisions = unsafe { array(submodule.revs.cast_const()) };
                let newest = revisions.first().map(|revision| revision.date.as_ptr());
                let name = unsafe { text(submodule.name) }.unwrap_or_default();
                (name, newest.and_then(|date| unsafe { text(date) }))
            })
            .collect()
    }

    /// The names of the modules that deviate this one.
    pub(in crate::libyang) fn deviated_by(self) -> Vec<&'c str> {
        self.deviations()
            .map(Self::name)
            .filter(|name| !name.starts_with(OWN))
            .collect()
    }

    /// The modules that deviate this one.
    pub(super) fn deviations(self) -> impl Iterator<Item = Self> {
        unsafe { array(self.0.deviated_by.cast_const()) }
            .iter()
            .filter_map(|&module| unsafe { module.as_ref() })
            .map(Self)
    }

    /// The statements of extensions at the top of the module and its submodules.
    pub(super) fn extension_statements(self) -> impl Iterator<Item = &'c ffi::lysp_ext_instance> {
        let own = self.parsed().map(|parsed| parsed.exts.cast_const());
        let submodules = self
            .submodules()
            .map(|submodule| submodule.exts.cast_const());
        let all = own.into_iter().chain(submodules);
        all.flat_map(|statements| unsafe { array(statements) })
    }

    /// The modules that this one and its submodules import.
    pub(in crate::libyang) fn imports(self) -> Vec<Self> {
        let own = self.parsed().map(|parsed| parsed.imports);
        own.into_iter()
            .chain(self.submodules().map(|submodule| submodule.imports))
            .flat_map(|list| imports(list))
            .map(|(_, module)| module)
            .collect()
    }

    pub(in crate::libyang) fn features(self) -> Vec<Feature<'c>> {
        let own = self.parsed().map(|parsed| parsed.features.cast_const());
        own.into_iter()
            .chain(
                self.submodules()
                    .map(|submodule| submodule.features.cast_const()),
            )
            .flat_map(|features| unsafe { array(features) })
            .map(|feature| Feature {
                name: unsafe { text(feature.name) }.unwrap_or_default(),
                enabled: u32::from(feature.flags) & ffi::LYS_FENABLED != 0,
                docs: unsafe { described(feature.dsc, feature.ref_, feature.flags) },
            })
            .collect()
    }

    pub(in crate::libyang) fn identities(self) -> Vec<Identity<'c>> {
        let own = self.parsed().map(|parsed| parsed.identities.cast_const());
        own.into_iter()
            .chain(
                self.submodules()
                    .map(|submodule| submodule.identities.cast_const()),
            )
            .flat_map(|identities| unsafe { array(identities) })
            .map(|identity| Identity {
                name: unsafe { text(identity.name) }.unwrap_or_default(),
                bases: unsafe { array(identity.bases) }
                    .iter()
                    .filter_map(|&base| unsafe { text(base) })
                    .collect(),
                docs: unsafe { described(identity.dsc, identity.ref_, identity.flags) },
            })
            .collect()
    }

    /// The identities of all modules that are derived from an identity of this one, each as its
    /// module and name; `None` if there is no such identity.
    pub(in crate::libyang) fn derived(self, identity: &str) -> Option<Vec<(Self, &'c str)>> {
        let own: &'c [ffi::lysc_ident] = unsafe { array(self.0.identities) };
        let base = own
            .iter()
            .find(|own| unsafe { text(own.name) } == Some(identity))?;
        let mut found = Vec::new();
        derived(base, &mut found);
        let named = found.into_iter().filter_map(|identity| unsafe {
            let identity: &'c ffi::lysc_ident = identity.as_ref()?;
            Some((Self(identity.module.as_ref()?), text(identity.name)?))
        });
        Some(named.collect())
    }

    /// The modules that this one and its submodules import in whichever revision there is.
    pub(in crate::libyang) fn imports_of_any_revision(self) -> Vec<Self> {
        let own = self.parsed().map(|parsed| parsed.imports.cast_const());
        own.into_iter()
            .chain(
                self.submodules()
                    .map(|submodule| submodule.imports.cast_const()),
            )
            .flat_map(|imports| unsafe { array(imports) })
            .filter(|import| import.rev.first() == Some(&0))
            .filter_map(|import: &'c ffi::lysp_import| unsafe { import.module.as_ref() })
            .map(Self)
            .collect()
    }

    /// The module that a prefix means in this module's text.
    pub(in crate::libyang) fn by_prefix(self, prefix: &str) -> Option<Self> {
        if prefix == self.prefix() {
            return Some(self);
        }
        let parsed = self.parsed()?;
        imports(parsed.imports)
            .chain(
                self.submodules()
                    .flat_map(|submodule| imports(submodule.imports)),
            )
            .find(|(known, _)| *known == prefix)
            .map(|(_, module)| module)
    }

    /// The typedefs at the top of the module and its submodules, in the order of the text.
    pub(in crate::libyang) fn typedefs(self) -> Vec<Typedef<'c>> {
        let own = self.parsed().map(|parsed| parsed.typedefs.cast_const());
        own.into_iter()
            .chain(
                self.submodules()
                    .map(|submodule| submodule.typedefs.cast_const()),
            )
            .flat_map(|typedefs| unsafe { array(typedefs) })
            .map(Typedef::at_top)
            .collect()
    }

    /// The `type` statement that a deviation of this module gives a node (RFC 7950 section 7.20.3.2).
    pub(super) fn deviated_type(self, node: Node<'_>) -> Option<TypeStatement<'c>> {
        let own = self.parsed().map(|parsed| parsed.deviations.cast_const());
        let deviations = own.into_iter().chain(
            self.submodules()
                .map(|submodule| submodule.deviations.cast_const()),
        );
        let statement = |deviation: &'c ffi::lysp_deviation| {
            let mut next = unsafe { deviation.deviates.as_ref() };
            while let Some(deviate) = next {
                if u32::from(deviate.mod_) == ffi::LYS_DEV_REPLACE {
                    let replaced = std::ptr::from_ref(deviate).cast::<ffi::lysp_deviate_rpl>();
                    // libyang's own union: every deviate starts with the same fields.
                    if let Some(statement) = unsafe { (*replaced).type_.as_ref() } {
                        return Some(TypeStatement::new(statement, None));
                    }
                }
                next = unsafe { deviate.next.as_ref() };
            }
            None
        };
        deviations
            .flat_map(|deviations| unsafe { array(deviations) })
            .filter(|deviation| {
                let path = unsafe { text(deviation.nodeid) };
                path.is_some_and(|path| node.is_at(path, self))
            })
            .find_map(statement)
    }

    /// The top-level data nodes.
    pub(in crate::libyang) fn data(self) -> Vec<Node<'c>> {
        siblings(
            self.compiled()
                .map_or(std::ptr::null(), |compiled| compiled.data.cast_const()),
        )
    }

    /// The top-level rpcs and notifications.
    pub(in crate::libyang) fn operations(self) -> Vec<Node<'c>> {
        let Some(compiled) = self.compiled() else {
            return Vec::new();
        };
        let mut nodes = siblings(compiled.rpcs.cast());
        nodes.extend(siblings(compiled.notifs.cast()));
        nodes
    }

    /// The extensions that stand at the top of the module and its submodules.
    pub(in crate::libyang) fn extensions(self) -> Vec<Extension<'c>> {
        let instances = self.compiled().map(|compiled| compiled.exts.cast_const());
        unsafe { extensions(instances.unwrap_or(std::ptr::null())) }.collect()
    }
}

fn imports<'c>(imports: *const ffi::lysp_import) -> impl Iterator<Item = (&'c str, Module<'c>)> {
    // SAFETY: an array of a parsed module, which lives as long as the context.
    unsafe { array(imports) }
        .iter()
        .filter_map(|import: &'c ffi::lysp_import| unsafe {
            Some((text(import.prefix)?, Module(import.module.as_ref()?)))
        })
}
