//! Compiled schema nodes, with the statements that libyang keeps beside them.

use std::ffi::CString;

use libyang2_sys as ffi;

use super::expression::{Must, When, musts, whens};
use super::extension::{Extension, extensions};
use super::module::Module;
use super::typedef::TypeStatement;
use super::types::Type;
use super::{Context, Described, array, described, text};

pub(super) fn siblings<'c>(first: *const ffi::lysc_node) -> Vec<Node<'c>> {
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
pub(in crate::libyang) struct Node<'c>(&'c ffi::lysc_node);

/// The kind of node; libyang's `nodetype`.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(in crate::libyang) enum Keyword {
    Container,
    List,
    Leaf,
    LeafList,
    Choice,
    Case,
    AnyData,
    AnyXml,
    Notification,
    Rpc,
    Action,
    /// Anything else, by its YANG word.
    Other(&'static str),
}

impl Keyword {
    pub(in crate::libyang) const fn as_str(self) -> &'static str {
        match self {
            Self::Container => "container",
            Self::List => "list",
            Self::Leaf => "leaf",
            Self::LeafList => "leaf-list",
            Self::Choice => "choice",
            Self::Case => "case",
            Self::AnyData => "anydata",
            Self::AnyXml => "anyxml",
            Self::Notification => "notification",
            Self::Rpc => "rpc",
            Self::Action => "action",
            Self::Other(word) => word,
        }
    }
}

impl<'c> Node<'c> {
    // SAFETY of this block: the fields belong to the node, which lives as long as the context;
    // casts to a larger structure follow `nodetype`, as libyang's own headers do it.

    pub(in crate::libyang) fn name(self) -> &'c str {
        unsafe { text(self.0.name) }.unwrap_or_default()
    }

    pub(in crate::libyang) fn module(self) -> Option<Module<'c>> {
        unsafe { self.0.module.as_ref() }.map(Module)
    }

    /// The node that holds this one; a choice or case too.
    pub(in crate::libyang) fn parent(self) -> Option<Self> {
        unsafe { self.0.parent.as_ref() }.map(Self)
    }

    pub(in crate::libyang) fn docs(self) -> Described<'c> {
        unsafe { described(self.0.dsc, self.0.ref_, self.0.flags) }
    }

    pub(in crate::libyang) fn keyword(self) -> Keyword {
        match u32::from(self.0.nodetype) {
            ffi::LYS_CONTAINER => Keyword::Container,
            ffi::LYS_LIST => Keyword::List,
            ffi::LYS_LEAF => Keyword::Leaf,
            ffi::LYS_LEAFLIST => Keyword::LeafList,
            ffi::LYS_CHOICE => Keyword::Choice,
            ffi::LYS_CASE => Keyword::Case,
            ffi::LYS_ANYXML => Keyword::AnyXml,
            ffi::LYS_ANYDATA => Keyword::AnyData,
            ffi::LYS_RPC => Keyword::Rpc,
            ffi::LYS_ACTION => Keyword::Action,
            ffi::LYS_NOTIF => Keyword::Notification,
            _ => Keyword::Other("statement"),
        }
    }

    const fn has(self, flag: u32) -> bool {
        self.0.flags as u32 & flag != 0
    }

    /// Nodes of operations are neither configuration nor state.
    pub(in crate::libyang) const fn is_config(self) -> bool {
        self.has(ffi::LYS_CONFIG_W)
    }

    pub(in crate::libyang) const fn is_mandatory(self) -> bool {
        self.has(ffi::LYS_MAND_TRUE) || self.is_key()
    }

    /// True for a leaf that is a list's key.
    pub(in crate::libyang) const fn is_key(self) -> bool {
        self.has(ffi::LYS_KEY)
    }

    /// True for a container with presence.
    pub(in crate::libyang) const fn has_presence(self) -> bool {
        self.has(ffi::LYS_PRESENCE)
    }

    pub(in crate::libyang) fn children(self) -> Vec<Self> {
        siblings(unsafe { ffi::lysc_node_child(self.0) })
    }

    /// The input and output of an rpc or action.
    pub(in crate::libyang) fn call(self) -> Option<(Self, Self)> {
        if !matches!(self.keyword(), Keyword::Rpc | Keyword::Action) {
            return None;
        }
        let call: &'c ffi::lysc_node_action = unsafe { &*std::ptr::from_ref(self.0).cast() };
        // libyang's own union: both start with the fields of every node.
        let part = |part: *const ffi::lysc_node_action_inout| unsafe {
            part.cast::<ffi::lysc_node>().as_ref()
        };
        Some((
            Self(part(&raw const call.input)?),
            Self(part(&raw const call.output)?),
        ))
    }

    /// The actions and notifications of a container or list.
    pub(in crate::libyang) fn operations(self) -> Vec<Self> {
        let mut nodes = siblings(unsafe { ffi::lysc_node_actions(self.0) }.cast());
        nodes.extend(siblings(unsafe { ffi::lysc_node_notifs(self.0) }.cast()));
        nodes
    }

    /// The `must` statements.
    pub(in crate::libyang) fn musts(self) -> Vec<Must<'c>> {
        unsafe { musts(ffi::lysc_node_musts(self.0)) }
    }

    /// The `when` statements, those of the uses and augments that the node comes from included.
    pub(in crate::libyang) fn whens(self) -> Vec<When<'c>> {
        unsafe { whens(self.0, ffi::lysc_node_when(self.0).cast_const()) }
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

    /// The place of a choice's default case.
    pub(in crate::libyang) fn default_case(self) -> Option<usize> {
        if self.keyword() != Keyword::Choice {
            return None;
        }
        let choice: &ffi::lysc_node_choice = unsafe { &*std::ptr::from_ref(self.0).cast() };
        let default = choice.dflt.cast_const().cast::<ffi::lysc_node>();
        let mut cases = self.children().into_iter();
        cases.position(|case| std::ptr::eq(case.0, default))
    }

    /// Of a list: the leafs of each `unique` statement, each with the nodes between the entry and it.
    pub(in crate::libyang) fn uniques(self) -> Vec<Vec<Vec<Self>>> {
        let Some(list) = self.as_list() else {
            return Vec::new();
        };
        let way = |leaf: &*mut ffi::lysc_node_leaf| {
            let mut way = Vec::new();
            let mut next = unsafe { leaf.cast_const().cast::<ffi::lysc_node>().as_ref() };
            while let Some(node) = next.filter(|node| !std::ptr::eq(*node, self.0)) {
                // Choices and cases are no levels of the data.
                if u32::from(node.nodetype) & (ffi::LYS_CHOICE | ffi::LYS_CASE) == 0 {
                    way.push(Self(node));
                }
                next = unsafe { node.parent.as_ref() };
            }
            way.reverse();
            way
        };
        let uniques = unsafe { array(list.uniques.cast_const()) }.iter();
        let leafs = uniques.map(|leafs| unsafe { array(leafs.cast_const()) });
        leafs.map(|leafs| leafs.iter().map(way).collect()).collect()
    }

    /// True if the user orders a list or leaf-list of configuration. Elsewhere the statement is
    /// ignored (RFC 7950 section 7.7.7).
    pub(in crate::libyang) fn is_ordered_by_user(self) -> bool {
        let repeats = matches!(self.keyword(), Keyword::List | Keyword::LeafList);
        repeats && self.is_config() && self.has(ffi::LYS_ORDBY_USER)
    }

    /// `min-elements` and `max-elements` of a list or leaf-list; none is unbounded.
    pub(in crate::libyang) fn elements(self) -> (u32, Option<u32>) {
        let bounds = self.as_list().map(|list| (list.min, list.max));
        let bounds = bounds.or_else(|| self.as_leaf_list().map(|leaves| (leaves.min, leaves.max)));
        // Compiled, zero and the greatest number stand for unbounded.
        let bounded = |max: u32| (max != 0 && max != u32::MAX).then_some(max);
        bounds.map_or((0, None), |(min, max)| (min, bounded(max)))
    }

    pub(in crate::libyang) fn units(self) -> Option<&'c str> {
        let units = self.as_leaf().map(|leaf| leaf.units);
        let units = units.or_else(|| self.as_leaf_list().map(|leaves| leaves.units))?;
        unsafe { text(units) }
    }

    /// The default of a leaf, or its typedef's.
    pub(in crate::libyang) fn default(self, context: &'c Context) -> Option<&'c str> {
        context.canonical(self.as_leaf()?.dflt)
    }

    /// The defaults of a leaf-list, or its typedef's.
    pub(in crate::libyang) fn defaults(self, context: &'c Context) -> Vec<&'c str> {
        let Some(leaves) = self.as_leaf_list() else {
            return Vec::new();
        };
        let defaults = unsafe { array(leaves.dflts.cast_const()) }.iter();
        defaults
            .filter_map(|value| context.canonical(*value))
            .collect()
    }

    /// The compiled type of a leaf or leaf-list.
    pub(in crate::libyang) fn compiled_type(self) -> Option<Type<'c>> {
        let ty = self.as_leaf().map(|leaf| leaf.type_);
        let ty = ty.or_else(|| self.as_leaf_list().map(|leaves| leaves.type_))?;
        unsafe { ty.as_ref() }.map(Type)
    }

    /// The `type` statement of a leaf or leaf-list: the one that holds, which a deviation may have put
    /// in the place of its own.
    pub(in crate::libyang) fn type_statement(self) -> Option<TypeStatement<'c>> {
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
        let mut deviations = self.module().into_iter().flat_map(Module::deviations);
        if let Some(deviated) = deviations.find_map(|module| module.deviated_type(self)) {
            return Some(deviated);
        }
        let scope = unsafe { self.0.priv_.cast::<ffi::lysp_node>().as_ref() };
        unsafe { statement.as_ref() }.map(|statement| TypeStatement::new(statement, scope))
    }

    /// True if an absolute schema node identifier (RFC 7950 section 6.5) in the text of `within`
    /// leads to this node.
    pub(super) fn is_at(self, path: &str, within: Module<'_>) -> bool {
        let mut node = Some(self);
        for step in path.rsplit('/') {
            let Some(own) = node else {
                return step.is_empty();
            };
            let (module, name) = match step.split_once(':') {
                Some((prefix, name)) => (within.by_prefix(prefix), name),
                None => (Some(within), step),
            };
            let same_module = own
                .module()
                .zip(module)
                .is_some_and(|(own, other)| own.is(other));
            if own.name() != name || !same_module {
                return false;
            }
            node = own.parent();
        }
        false
    }

    /// The leaf that a leafref refers to.
    pub(in crate::libyang) fn leafref_target(self) -> Option<Self> {
        unsafe { ffi::lysc_node_lref_target(self.0).as_ref() }.map(Self)
    }

    /// True if another case of the choice has the same name, from another module. libyang then
    /// mistakes one for the other, and the statement of a shorthand case, which it makes up and
    /// frees, may be left as this one's.
    fn has_namesake_case(self) -> bool {
        let choice = unsafe { self.0.parent.as_ref() }.map(Self);
        let Some(choice) = choice.filter(|_| self.keyword() == Keyword::Case) else {
            return false;
        };
        let mut cases = choice.children().into_iter();
        cases.any(|case| !std::ptr::eq(case.0, self.0) && case.name() == self.name())
    }

    /// The node at the end of a path from here, whose names carry their modules' names.
    pub(in crate::libyang) fn find(self, path: &str) -> Option<Self> {
        let path = CString::new(path).ok()?;
        let mut found = std::ptr::null_mut();
        // SAFETY: the node and the path live through the call; the set is freed once, and its nodes
        // belong to the context.
        unsafe {
            let result =
                ffi::lys_find_xpath(std::ptr::null(), self.0, path.as_ptr(), 0, &raw mut found);
            let set = found.as_ref().filter(|_| result == ffi::LY_ERR::LY_SUCCESS);
            let node = set
                .filter(|set| set.count == 1)
                .and_then(|set| set.__bindgen_anon_1.snodes.read().as_ref());
            ffi::ly_set_free(found, None);
            node.map(Self)
        }
    }

    /// The extensions in the node's statement, and those that a refine or deviation adds. What a
    /// plugin of libyang hands down from the parent, as that for NACM does, is left out.
    pub(in crate::libyang) fn extensions(self) -> Vec<Extension<'c>> {
        let parent = unsafe { self.0.parent.as_ref() };
        let inherited = |own: &Extension<'c>| {
            let above = parent.map_or(std::ptr::null(), |parent| parent.exts.cast_const());
            unsafe { extensions(above) }.any(|other| own.is_like(other)) && !self.writes(*own)
        };
        unsafe { extensions(self.0.exts) }
            .filter(|own| !inherited(own))
            .collect()
    }

    /// True if the node's own statement has an extension of this name.
    fn writes(self, extension: Extension<'c>) -> bool {
        if self.has_namesake_case() {
            return false;
        }
        let statement = unsafe { self.0.priv_.cast::<ffi::lysp_node>().as_ref() };
        let written = statement.map_or(std::ptr::null(), |parsed| parsed.exts.cast_const());
        let names = unsafe { array(written) }
            .iter()
            .filter_map(|instance: &'c ffi::lysp_ext_instance| unsafe { text(instance.name) });
        names
            .filter_map(|name| name.split_once(':'))
            .any(|(_, name)| name == extension.name())
    }
}
