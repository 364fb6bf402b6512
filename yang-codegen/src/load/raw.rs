//! The one place with `unsafe`: safe functions over what yang2's own API lacks.
//!
//! libyang's structures belong to its context. Every view here borrows [`Context`], so it cannot
//! outlive them, and the context changes only through `&mut`, so nothing is freed under a view.
#![allow(
    unsafe_code,
    reason = "libyang's compiled schema is only reachable through its C API"
)]

use std::ffi::{CStr, c_char};
use std::path::Path;

use libyang2_sys as ffi;
use yang2::context::{Context as Yang2, ContextFlags};

/// A libyang context.
pub(super) struct Context(Yang2);

/// What libyang logged.
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
    /// searched, and the parsed statements kept beside the compiled ones.
    pub(super) fn new(search_path: &[impl AsRef<Path>]) -> Result<Self, yang2::Error> {
        let keep_parsed = u16::try_from(ffi::LY_CTX_SET_PRIV_PARSED).unwrap_or_default();
        let flags = ContextFlags::NO_YANGLIBRARY
            | ContextFlags::DISABLE_SEARCHDIR_CWD
            | ContextFlags::from_bits_retain(keep_parsed);
        let mut context = Yang2::new(flags)?;
        // SAFETY: sets a process-wide option; yang2 sets it to the last message alone, once, when
        // it makes its first context. All messages are wanted, and none on standard error.
        unsafe { ffi::ly_log_options(ffi::LY_LOSTORE) };
        for folder in search_path {
            context.set_searchdir(folder)?;
        }
        Ok(Self(context))
    }

    /// Loads and implements a module with these features (`*` for all).
    pub(super) fn load(
        &mut self,
        name: &str,
        revision: Option<&str>,
        features: &[&str],
    ) -> Result<(), Vec<Logged>> {
        let failed = self.0.load_module(name, revision, features).err();
        failed.map_or(Ok(()), |error| {
            let logged = self.logged();
            if logged.is_empty() {
                let message = error.to_string();
                return Err(vec![Logged {
                    message,
                    path: None,
                    line: None,
                }]);
            }
            Err(logged)
        })
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

    /// All modules in the context, libyang's own included.
    pub(super) fn modules(&self) -> Vec<Module<'_>> {
        // SAFETY: modules live as long as the context.
        self.0
            .modules(false)
            .filter_map(|module| unsafe { module.as_raw().as_ref() })
            .map(Module)
            .collect()
    }

    /// The value of a default, in canonical form.
    fn canonical(&self, value: *const ffi::lyd_value) -> Option<&str> {
        let context = self.pointer().filter(|_| !value.is_null())?;
        // SAFETY: a compiled default of this context; the canonical string is kept in its
        // dictionary. yang2's own function skips the null check and crashes.
        unsafe { text(ffi::lyd_value_get_canonical(context, value)) }
    }
}

/// A module.
#[derive(Clone, Copy)]
pub(super) struct Module<'c>(&'c ffi::lys_module);

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

/// A feature of a module.
pub(super) struct Feature<'c> {
    pub(super) name: &'c str,
    pub(super) enabled: bool,
    pub(super) docs: Described<'c>,
}

/// An identity of a module; its bases are as written, with prefixes.
pub(super) struct Identity<'c> {
    pub(super) name: &'c str,
    pub(super) bases: Vec<&'c str>,
    pub(super) docs: Described<'c>,
}

impl<'c> Module<'c> {
    // SAFETY of this block: the fields belong to the module, which lives as long as the context.

    pub(super) fn name(self) -> &'c str {
        unsafe { text(self.0.name) }.unwrap_or_default()
    }

    pub(super) fn revision(self) -> Option<&'c str> {
        unsafe { text(self.0.revision) }
    }

    pub(super) fn namespace(self) -> &'c str {
        unsafe { text(self.0.ns) }.unwrap_or_default()
    }

    pub(super) fn prefix(self) -> &'c str {
        unsafe { text(self.0.prefix) }.unwrap_or_default()
    }

    /// The file that the module was read from; `None` if it is built into libyang.
    pub(super) fn file(self) -> Option<&'c Path> {
        unsafe { text(self.0.filepath) }.map(Path::new)
    }

    pub(super) fn docs(self) -> Described<'c> {
        unsafe { described(self.0.dsc, self.0.ref_, 0) }
    }

    pub(super) const fn is_implemented(self) -> bool {
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
    pub(super) fn submodule_files(self) -> Vec<&'c Path> {
        self.submodules()
            .filter_map(|submodule| unsafe { text(submodule.filepath) })
            .map(Path::new)
            .collect()
    }

    pub(super) fn features(self) -> Vec<Feature<'c>> {
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

    pub(super) fn identities(self) -> Vec<Identity<'c>> {
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

    /// The module that a prefix means in this module's text.
    pub(super) fn by_prefix(self, prefix: &str) -> Option<Self> {
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
    pub(super) fn typedefs(self) -> Vec<Typedef<'c>> {
        let own = self.parsed().map(|parsed| parsed.typedefs.cast_const());
        own.into_iter()
            .chain(
                self.submodules()
                    .map(|submodule| submodule.typedefs.cast_const()),
            )
            .flat_map(|typedefs| unsafe { array(typedefs) })
            .map(Typedef)
            .collect()
    }

    /// The top-level data nodes.
    pub(super) fn data(self) -> Vec<Node<'c>> {
        siblings(
            self.compiled()
                .map_or(std::ptr::null(), |compiled| compiled.data.cast_const()),
        )
    }

    /// The top-level rpcs and notifications.
    pub(super) fn operations(self) -> Vec<Node<'c>> {
        let Some(compiled) = self.compiled() else {
            return Vec::new();
        };
        let mut nodes = siblings(compiled.rpcs.cast());
        nodes.extend(siblings(compiled.notifs.cast()));
        nodes
    }

    /// The names of the extensions that the module uses at its top, such as `rc:yang-data`.
    pub(super) fn extensions(self) -> Vec<&'c str> {
        extensions(
            self.parsed()
                .map_or(std::ptr::null(), |parsed| parsed.exts.cast_const()),
        )
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

fn extensions<'c>(instances: *const ffi::lysp_ext_instance) -> Vec<&'c str> {
    // SAFETY: an array of a parsed statement, which lives as long as the context.
    unsafe { array(instances) }
        .iter()
        .filter_map(|instance: &'c ffi::lysp_ext_instance| unsafe { text(instance.name) })
        .collect()
}

fn siblings<'c>(first: *const ffi::lysc_node) -> Vec<Node<'c>> {
    let mut nodes = Vec::new();
    // SAFETY: null or the first of a list of compiled nodes, which live as long as the context.
    let mut node = unsafe { first.as_ref() };
    while let Some(found) = node {
        nodes.push(Node(found));
        // SAFETY: null or the next of the same list.
        node = unsafe { found.next.as_ref() };
    }
    nodes
}

/// A compiled schema node.
#[derive(Clone, Copy)]
pub(super) struct Node<'c>(&'c ffi::lysc_node);

/// What kind of node it is; libyang's `nodetype`.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Keyword {
    Container,
    List,
    Leaf,
    LeafList,
    /// Anything else, by its YANG word.
    Other(&'static str),
}

impl Keyword {
    pub(super) const fn as_str(self) -> &'static str {
        match self {
            Self::Container => "container",
            Self::List => "list",
            Self::Leaf => "leaf",
            Self::LeafList => "leaf-list",
            Self::Other(word) => word,
        }
    }
}

impl<'c> Node<'c> {
    // SAFETY of this block: the fields belong to the node, which lives as long as the context;
    // casts to a larger structure follow `nodetype`, as libyang's own headers do it.

    pub(super) fn name(self) -> &'c str {
        unsafe { text(self.0.name) }.unwrap_or_default()
    }

    pub(super) fn module(self) -> Option<Module<'c>> {
        unsafe { self.0.module.as_ref() }.map(Module)
    }

    pub(super) fn docs(self) -> Described<'c> {
        unsafe { described(self.0.dsc, self.0.ref_, self.0.flags) }
    }

    pub(super) fn keyword(self) -> Keyword {
        match u32::from(self.0.nodetype) {
            ffi::LYS_CONTAINER => Keyword::Container,
            ffi::LYS_LIST => Keyword::List,
            ffi::LYS_LEAF => Keyword::Leaf,
            ffi::LYS_LEAFLIST => Keyword::LeafList,
            ffi::LYS_CHOICE => Keyword::Other("choice"),
            ffi::LYS_CASE => Keyword::Other("case"),
            ffi::LYS_ANYXML => Keyword::Other("anyxml"),
            ffi::LYS_ANYDATA => Keyword::Other("anydata"),
            ffi::LYS_RPC => Keyword::Other("rpc"),
            ffi::LYS_ACTION => Keyword::Other("action"),
            ffi::LYS_NOTIF => Keyword::Other("notification"),
            _ => Keyword::Other("statement"),
        }
    }

    const fn has(self, flag: u32) -> bool {
        self.0.flags as u32 & flag != 0
    }

    pub(super) const fn is_config(self) -> bool {
        !self.has(ffi::LYS_CONFIG_R)
    }

    pub(super) const fn is_mandatory(self) -> bool {
        self.has(ffi::LYS_MAND_TRUE) || self.is_key()
    }

    /// Of a leaf.
    pub(super) const fn is_key(self) -> bool {
        self.has(ffi::LYS_KEY)
    }

    /// Of a container.
    pub(super) const fn has_presence(self) -> bool {
        self.has(ffi::LYS_PRESENCE)
    }

    pub(super) fn children(self) -> Vec<Self> {
        siblings(unsafe { ffi::lysc_node_child(self.0) })
    }

    /// The actions and notifications of a container or list.
    pub(super) fn operations(self) -> Vec<Self> {
        let mut nodes = siblings(unsafe { ffi::lysc_node_actions(self.0) }.cast());
        nodes.extend(siblings(unsafe { ffi::lysc_node_notifs(self.0) }.cast()));
        nodes
    }

    pub(super) fn has_must(self) -> bool {
        !unsafe { array(ffi::lysc_node_musts(self.0).cast_const()) }.is_empty()
    }

    pub(super) fn has_when(self) -> bool {
        !unsafe { array(ffi::lysc_node_when(self.0).cast_const()) }.is_empty()
    }

    fn as_list(self) -> Option<&'c ffi::lysc_node_list> {
        (self.keyword() == Keyword::List).then(|| unsafe { &*std::ptr::from_ref(self.0).cast() })
    }

    fn as_leaf(self) -> Option<&'c ffi::lysc_node_leaf> {
        (self.keyword() == Keyword::Leaf).then(|| unsafe { &*std::ptr::from_ref(self.0).cast() })
    }

    fn as_leaf_list(self) -> Option<&'c ffi::lysc_node_leaflist> {
        (self.keyword() == Keyword::LeafList)
            .then(|| unsafe { &*std::ptr::from_ref(self.0).cast() })
    }

    pub(super) fn has_unique(self) -> bool {
        self.as_list()
            .is_some_and(|list| !unsafe { array(list.uniques.cast_const()) }.is_empty())
    }

    /// `min-elements` and `max-elements` of a list or leaf-list; `u32::MAX` is unbounded.
    pub(super) fn elements(self) -> (u32, u32) {
        let bounds = self.as_list().map(|list| (list.min, list.max));
        let bounds = bounds.or_else(|| self.as_leaf_list().map(|leaves| (leaves.min, leaves.max)));
        // Compiled, zero stands for unbounded too.
        bounds.map_or((0, u32::MAX), |(min, max)| {
            (min, if max == 0 { u32::MAX } else { max })
        })
    }

    pub(super) fn units(self) -> Option<&'c str> {
        let units = self.as_leaf().map(|leaf| leaf.units);
        let units = units.or_else(|| self.as_leaf_list().map(|leaves| leaves.units))?;
        unsafe { text(units) }
    }

    /// Of a leaf: its default or its typedef's.
    pub(super) fn default(self, context: &'c Context) -> Option<&'c str> {
        context.canonical(self.as_leaf()?.dflt)
    }

    /// Of a leaf-list.
    pub(super) fn has_defaults(self) -> bool {
        self.as_leaf_list()
            .is_some_and(|leaves| !unsafe { array(leaves.dflts.cast_const()) }.is_empty())
    }

    /// The compiled type of a leaf or leaf-list.
    pub(super) fn compiled_type(self) -> Option<Type<'c>> {
        let ty = self.as_leaf().map(|leaf| leaf.type_);
        let ty = ty.or_else(|| self.as_leaf_list().map(|leaves| leaves.type_))?;
        unsafe { ty.as_ref() }.map(Type)
    }

    /// The `type` statement of a leaf or leaf-list.
    pub(super) fn type_statement(self) -> Option<TypeStatement<'c>> {
        let statement: *const ffi::lysp_type = unsafe {
            match self.keyword() {
                Keyword::Leaf => {
                    &raw const self.0.priv_.cast::<ffi::lysp_node_leaf>().as_ref()?.type_
                }
                Keyword::LeafList => {
                    &raw const self
                        .0
                        .priv_
                        .cast::<ffi::lysp_node_leaflist>()
                        .as_ref()?
                        .type_
                }
                _ => return None,
            }
        };
        unsafe { statement.as_ref() }.map(TypeStatement)
    }

    /// Whether a typedef of this name stands in one of the statements around the node's own, so
    /// that the name does not mean one of the module's.
    pub(super) fn has_scoped_typedef(self, name: &str) -> bool {
        let mut statement = unsafe { self.0.priv_.cast::<ffi::lysp_node>().as_ref() };
        while let Some(parsed) = statement {
            let typedefs = unsafe { array(ffi::lysp_node_typedefs(parsed)) };
            if typedefs
                .iter()
                .any(|typedef| unsafe { text(typedef.name) } == Some(name))
            {
                return true;
            }
            statement = unsafe { parsed.parent.as_ref() };
        }
        false
    }

    /// Of a leafref: the leaf that it refers to.
    pub(super) fn leafref_target(self) -> Option<Self> {
        unsafe { ffi::lysc_node_lref_target(self.0).as_ref() }.map(Self)
    }

    /// The names of the extensions that the node's statement uses.
    pub(super) fn extensions(self) -> Vec<&'c str> {
        let statement = unsafe { self.0.priv_.cast::<ffi::lysp_node>().as_ref() };
        extensions(statement.map_or(std::ptr::null(), |parsed| parsed.exts.cast_const()))
    }
}

/// A `typedef` statement.
#[derive(Clone, Copy)]
pub(super) struct Typedef<'c>(&'c ffi::lysp_tpdf);

impl<'c> Typedef<'c> {
    // SAFETY of this block: as for `Module`.

    pub(super) fn name(self) -> &'c str {
        unsafe { text(self.0.name) }.unwrap_or_default()
    }

    pub(super) fn docs(self) -> Described<'c> {
        unsafe { described(self.0.dsc, self.0.ref_, self.0.flags) }
    }

    pub(super) fn units(self) -> Option<&'c str> {
        unsafe { text(self.0.units) }
    }

    pub(super) fn default(self) -> Option<&'c str> {
        unsafe { text(self.0.dflt.str_) }
    }

    pub(super) const fn type_statement(self) -> TypeStatement<'c> {
        TypeStatement(&self.0.type_)
    }
}

/// A `type` statement.
#[derive(Clone, Copy)]
pub(super) struct TypeStatement<'c>(&'c ffi::lysp_type);

impl<'c> TypeStatement<'c> {
    // SAFETY of this block: as for `Module`.

    /// The name as written, with its prefix.
    pub(super) fn name(self) -> &'c str {
        unsafe { text(self.0.name) }.unwrap_or_default()
    }

    /// The module in whose text the statement stands.
    pub(super) fn module(self) -> Option<Module<'c>> {
        let parsed = unsafe { self.0.pmod.as_ref() }?;
        unsafe { parsed.mod_.as_ref() }.map(Module)
    }

    /// Whether the statement restricts the type that it names.
    pub(super) fn adds_restrictions(self) -> bool {
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

    /// The type as compiled; only typedefs keep it.
    pub(super) fn compiled(self) -> Option<Type<'c>> {
        unsafe { self.0.compiled.as_ref() }.map(Type)
    }
}

/// A compiled type.
#[derive(Clone, Copy)]
pub(super) struct Type<'c>(&'c ffi::lysc_type);

/// The built-in type behind a type; libyang's `basetype`.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Base {
    Int {
        bits: u32,
        signed: bool,
    },
    String,
    Boolean,
    Enumeration,
    LeafRef,
    /// Anything else, by its YANG name.
    Other(&'static str),
}

/// A range or length: its parts, and what the module says of values outside.
pub(super) struct Range<'c> {
    pub(super) parts: Vec<(i128, i128)>,
    pub(super) message: Option<&'c str>,
}

/// A pattern.
pub(super) struct Pattern<'c> {
    pub(super) expression: &'c str,
    pub(super) inverted: bool,
    pub(super) message: Option<&'c str>,
    pub(super) app_tag: Option<&'c str>,
}

/// A value of an enumeration.
pub(super) struct EnumValue<'c> {
    pub(super) name: &'c str,
    pub(super) value: i32,
    pub(super) docs: Described<'c>,
}

impl<'c> Type<'c> {
    // SAFETY of this block: casts to a larger structure follow `basetype`, as libyang's own
    // headers do it; unions are read as the base type's signedness says.

    /// Whether both are the very same compiled type, not only equal ones.
    pub(super) fn is(self, other: Self) -> bool {
        std::ptr::eq(self.0, other.0)
    }

    pub(super) const fn base(self) -> Base {
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
            T::LY_TYPE_BINARY => Base::Other("binary"),
            T::LY_TYPE_BITS => Base::Other("bits"),
            T::LY_TYPE_DEC64 => Base::Other("decimal64"),
            T::LY_TYPE_EMPTY => Base::Other("empty"),
            T::LY_TYPE_IDENT => Base::Other("identityref"),
            T::LY_TYPE_INST => Base::Other("instance-identifier"),
            T::LY_TYPE_UNION => Base::Other("union"),
            _ => Base::Other("an unknown type"),
        }
    }

    /// The range of a number or the length of a string.
    pub(super) fn range(self) -> Option<Range<'c>> {
        let (range, signed) = match self.base() {
            Base::Int { signed, .. } => (
                unsafe { &*std::ptr::from_ref(self.0).cast::<ffi::lysc_type_num>() }.range,
                signed,
            ),
            Base::String => (
                unsafe { &*std::ptr::from_ref(self.0).cast::<ffi::lysc_type_str>() }.length,
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
        let message = unsafe { text(range.emsg).or_else(|| text(range.eapptag)) };
        Some(Range {
            parts: parts.collect(),
            message,
        })
    }

    /// The patterns of a string.
    pub(super) fn patterns(self) -> Vec<Pattern<'c>> {
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
                message: unsafe { text(pattern.emsg) },
                app_tag: unsafe { text(pattern.eapptag) },
            })
            .collect()
    }

    /// The values of an enumeration.
    pub(super) fn enum_values(self) -> Vec<EnumValue<'c>> {
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

    fn as_leafref(self) -> Option<&'c ffi::lysc_type_leafref> {
        (self.base() == Base::LeafRef).then(|| unsafe { &*std::ptr::from_ref(self.0).cast() })
    }

    /// The path of a leafref, as written.
    pub(super) fn path(self) -> Option<&'c str> {
        unsafe { text(ffi::lyxp_get_expr(self.as_leafref()?.path)) }
    }

    /// The module that a prefix means in the path of a leafref.
    pub(super) fn path_prefix(self, prefix: &str) -> Option<Module<'c>> {
        let prefixes = unsafe { array(self.as_leafref()?.prefixes.cast_const()) };
        let found = prefixes
            .iter()
            .find(|known: &&'c ffi::lysc_prefix| unsafe { text(known.prefix) } == Some(prefix))?;
        unsafe { found.mod_.as_ref() }.map(Module)
    }

    /// Whether a leafref needs the leaf that it refers to.
    pub(super) fn requires_instance(self) -> bool {
        self.as_leafref()
            .is_some_and(|leafref| leafref.require_instance != 0)
    }
}
