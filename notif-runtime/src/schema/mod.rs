//! Static descriptions of YANG modules and nodes, which generated code holds and points at.
//!
//! Everything here is `'static` and built at compile time. A [`Node`] knows its module, its kind
//! and its children, so encoders, constraint checks and mappings are written once over the schema
//! and a [`tree::Node`](crate::tree::Node) and need no generated code of their own.

mod build;
mod module;
mod on_error;
mod operation;
mod pattern;
mod rules;
mod sids;
mod types;
pub mod xpath;
pub(crate) mod yang;

pub use module::Submodule;
pub use on_error::OnError;
pub use operation::{Form, Operation};
pub use pattern::Pattern;
pub use rules::{Case, Choice, Must, Rules, When};
pub(crate) use sids::Sids;
pub use types::{
    Bit, CanonicalForm, EnumValue, IdentityValue, Integer, LeafPath, LeafrefPath, Type,
};

/// A YANG module as compiled in (RFC 7950 section 7.1).
#[derive(Debug)]
pub struct Module {
    /// The module's name, which RFC 7951 uses as the namespace of a member name.
    pub name: &'static str,
    /// The revision that was compiled, `YYYY-MM-DD`.
    pub revision: Option<&'static str>,
    /// The XML namespace.
    pub namespace: &'static str,
    /// The prefix that the module gives itself.
    pub prefix: &'static str,
    /// True if the program has its data nodes, rather than only what others import (RFC 7950
    /// section 5.6.5).
    pub implemented: bool,
    /// True if its types also hold parts of a datastore: mandatory nodes are `Option`s.
    pub partial: bool,
    /// The submodules that it includes.
    pub submodules: &'static [Submodule],
    /// The names of the modules that deviate it (RFC 7950 section 7.20.3).
    pub deviated_by: &'static [&'static str],
    /// The features that were on when the code was generated.
    pub features: &'static [&'static str],
    /// The top-level data nodes. A function, so that what names its module, such as an identity as
    /// a value, does not hold all of the schema.
    pub data: fn() -> &'static [Node<'static>],
    /// The top-level notifications and rpcs.
    pub operations: &'static [Operation],
    /// The identities that the module defines.
    pub identities: &'static [Identity],
    /// Data outside every datastore and message: the containers of data templates (RFC 8040) and
    /// structures (RFC 8791).
    pub structures: &'static [GetNode],
    /// The annotations that the module defines.
    pub annotations: &'static [Annotation],
    /// The extensions at its top, but for those that define structures and annotations.
    pub extensions: &'static [Extension],
}

/// Gives the description of a node. A function, so that a module's static, which lists its nodes, and
/// theirs, which name their module, do not need each other's values.
pub type GetNode = fn() -> &'static Node<'static>;

/// The modules of one schema, each of which knows those that it needs.
#[derive(Debug)]
pub struct Schema {
    /// The modules: those that are implemented, and those that they import.
    pub modules: &'static [&'static Module],
}

/// A metadata annotation (RFC 7952).
#[derive(Debug)]
pub struct Annotation {
    /// The annotation's name, without a module.
    pub name: &'static str,
    /// A function, as of nodes: a type holds what its patterns are compiled to, and what
    /// holds a module is no key of a set then.
    ty: fn() -> &'static Type<'static>,
}

impl Annotation {
    /// An annotation with values of a type.
    #[must_use]
    pub const fn new(name: &'static str, ty: fn() -> &'static Type<'static>) -> Self {
        Self { name, ty }
    }

    /// The type of its values.
    #[must_use]
    pub fn ty(&self) -> &'static Type<'static> {
        (self.ty)()
    }
}

/// An instance of an extension (RFC 7950 section 6.3.1).
#[derive(Debug)]
pub struct Extension {
    /// The extension, as `module:name`.
    pub name: &'static str,
    /// The argument.
    pub argument: Option<&'static str>,
}

/// An identity (RFC 7950 section 7.18).
#[derive(Debug)]
pub struct Identity {
    /// The identity's name, without a module.
    pub name: &'static str,
    /// The identities that it derives from directly, as `module:name`.
    pub bases: &'static [&'static str],
}

/// A data node of the schema (RFC 7950 section 1.1).
#[derive(Debug)]
pub struct Node<'s> {
    /// The node's identifier, without a module.
    pub name: &'s str,
    /// The member name that JSON has for it below its parent, in quotes and with the colon:
    /// `"name":` or, where the parent belongs to another module, `"module:name":` (RFC 7951
    /// section 4).
    pub member: &'s str,
    /// The module that defines it.
    pub module: &'static Module,
    /// False for state data (RFC 7950 section 7.21.1), and in operations.
    pub config: bool,
    /// True if an instance must exist where its parent exists: `mandatory true`, a list key, or a
    /// non-presence container that holds such a node (RFC 7950 section 3, "mandatory node").
    pub mandatory: bool,
    /// True if this node or one below it has a constraint between nodes, so that a validation walk
    /// has to come here.
    pub constrained: bool,
    /// The constraints between this node and others; [`Rules::NONE`] for most.
    pub rules: &'s Rules<'s>,
    /// The extensions in the node's statement.
    pub extensions: &'s [Extension],
    /// Its SID (RFC 9595), if the code was generated with a .sid file.
    pub sid: Option<u64>,
    /// Of a container or list: the notifications and actions in it.
    pub operations: &'static [Operation],
    /// The kind of node, with what belongs to that kind.
    pub kind: Kind<'s>,
}

/// The kinds of nodes.
#[derive(Debug)]
#[non_exhaustive]
pub enum Kind<'s> {
    /// A container (RFC 7950 section 7.5).
    Container {
        /// True if its existence alone carries meaning.
        presence: bool,
        /// The child nodes in schema order.
        children: &'s [Node<'s>],
    },
    /// A list (RFC 7950 section 7.8).
    List {
        /// The indexes in `children` of the keys, in the order of the `key` statement.
        keys: &'s [usize],
        /// The child nodes in schema order, keys first.
        children: &'s [Node<'s>],
    },
    /// A leaf (RFC 7950 section 7.6).
    Leaf(Leaf<'s>),
    /// A leaf-list (RFC 7950 section 7.7).
    LeafList(Leaf<'s>),
    /// Anydata (RFC 7950 section 7.10).
    AnyData,
    /// Anyxml (RFC 7950 section 7.11).
    AnyXml,
    /// The top of whole data, which is no schema node and no step of a path.
    Data {
        /// The top-level data nodes of all modules.
        children: &'s [Node<'s>],
    },
    /// A notification (RFC 7950 section 7.16).
    Notification {
        /// The child nodes in schema order.
        children: &'s [Node<'s>],
    },
    /// The input of an rpc or action, under the name of that (RFC 7950 section 7.14.2).
    Input {
        /// The child nodes in schema order.
        children: &'s [Node<'s>],
    },
    /// The output of an rpc or action, under the name of that (RFC 7950 section 7.14.3).
    Output {
        /// The child nodes in schema order.
        children: &'s [Node<'s>],
    },
}

/// The properties of a leaf or leaf-list beside its name.
#[derive(Debug)]
pub struct Leaf<'s> {
    /// The type of the value.
    pub ty: &'s Type<'s>,
    /// The default in its canonical form; of a string as the module has it.
    pub default: Option<&'s str>,
    /// Of a leaf-list: its defaults, in the same form.
    pub defaults: &'s [&'s str],
    /// The units of the value.
    pub units: Option<&'s str>,
}

impl<'s> Node<'s> {
    /// Returns true if both describe the same one of siblings. A top-level node is described once
    /// more in the whole data of each crate that refers to its type.
    #[must_use]
    pub fn is(&self, other: &Self) -> bool {
        std::ptr::eq(self, other)
            || (self.name == other.name && std::ptr::eq(self.module, other.module))
    }

    /// The child nodes in schema order; none for leafs and leaf-lists.
    #[must_use]
    pub fn children(&self) -> &'s [Node<'s>] {
        match self.kind {
            Kind::Container { children, .. }
            | Kind::List { children, .. }
            | Kind::Data { children }
            | Kind::Notification { children }
            | Kind::Input { children }
            | Kind::Output { children } => children,
            Kind::Leaf(_) | Kind::LeafList(_) | Kind::AnyData | Kind::AnyXml => &[],
        }
    }

    /// The indexes of a list's keys; none for other nodes.
    #[must_use]
    pub fn keys(&self) -> &'s [usize] {
        match self.kind {
            Kind::List { keys, .. } => keys,
            _ => &[],
        }
    }

    /// The leaf part of a leaf or leaf-list.
    #[must_use]
    pub fn leaf(&self) -> Option<&Leaf<'s>> {
        match &self.kind {
            Kind::Leaf(leaf) | Kind::LeafList(leaf) => Some(leaf),
            _ => None,
        }
    }

    /// Returns true for a leaf, leaf-list, anydata or anyxml: a node with a value, not children.
    pub(crate) const fn is_value(&self) -> bool {
        matches!(
            self.kind,
            Kind::Leaf(_) | Kind::LeafList(_) | Kind::AnyData | Kind::AnyXml
        )
    }

    /// Returns true for a list or leaf-list, of which a parent can hold several instances.
    #[must_use]
    pub const fn repeats(&self) -> bool {
        matches!(self.kind, Kind::List { .. } | Kind::LeafList(_))
    }

    /// Returns true for a container without presence. It counts as present anyway, so its mandatory
    /// nodes are demanded (RFC 7950 section 7.5.1).
    pub(crate) const fn is_always_there(&self) -> bool {
        matches!(
            self.kind,
            Kind::Container {
                presence: false,
                ..
            }
        )
    }

    /// The member name below the parent, `name` or `module:name` (RFC 7951 section 4).
    #[must_use]
    pub fn qualified_name(&self) -> &'s str {
        self.member
            .strip_prefix('"')
            .and_then(|rest| rest.strip_suffix("\":"))
            .unwrap_or(self.name)
    }

    /// Returns true if the member name is this node's: `module:name` where the module changes, and
    /// `name` elsewhere (RFC 7951 section 4).
    pub(crate) fn has_name(&self, member: &str) -> bool {
        self.qualified_name() == member
    }

    /// Returns true if `name` is the node's name with that of its module, `module:name`.
    pub(crate) fn is_named(&self, name: &str) -> bool {
        name.split_once(':')
            .is_some_and(|(module, local)| self.name == local && self.module.name == module)
    }

    /// The index of the child with this member name.
    pub(crate) fn member_index(&self, member: &str) -> Option<usize> {
        let mut children = self.children().iter();
        children.position(|child| child.has_name(member))
    }

    /// The index of the child that a path names: `name` for one of the same module, or `module:name`
    /// for any.
    pub(crate) fn child_index(&self, name: &str) -> Option<usize> {
        let mut children = self.children().iter();
        let named = || children.position(|child| child.is_named(name));
        self.member_index(name).or_else(named)
    }

    /// The YANG word for the node's kind.
    #[must_use]
    pub const fn keyword(&self) -> &'static str {
        match self.kind {
            Kind::Container { .. } => "container",
            Kind::List { .. } => "list",
            Kind::Leaf(_) => "leaf",
            Kind::LeafList(_) => "leaf-list",
            Kind::AnyData => "anydata",
            Kind::AnyXml => "anyxml",
            Kind::Data { .. } => "data",
            Kind::Notification { .. } => "notification",
            Kind::Input { .. } => "input",
            Kind::Output { .. } => "output",
        }
    }

    /// Returns true for the top of whole data.
    #[must_use]
    pub const fn is_data(&self) -> bool {
        matches!(self.kind, Kind::Data { .. })
    }

    /// Returns true for the output of an rpc or action.
    pub(crate) const fn is_output(&self) -> bool {
        matches!(self.kind, Kind::Output { .. })
    }

    /// The node in an error message.
    pub(crate) fn described(&self) -> String {
        match self.kind {
            Kind::Data { .. } => "the document".to_owned(),
            _ => format!("the {} \"{}\"", self.keyword(), self.name),
        }
    }
}
