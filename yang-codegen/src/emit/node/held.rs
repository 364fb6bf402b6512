//! The kinds of fields: how a struct holds its members.

use proc_macro2::TokenStream;
use quote::quote;

use super::super::scope::Scope;
use super::mandatory;
use crate::model::{Node, NodeKind};

/// The kind of a member's field.
#[derive(Clone, Copy)]
pub(super) enum Held {
    Leaf,
    OptionalLeaf,
    LeafList,
    Container,
    OptionalContainer,
    List,
    Any,
    OptionalAny,
    Choice,
}

impl Held {
    /// For a member that must be present.
    pub(super) const fn always(self) -> Self {
        match self {
            Self::OptionalLeaf => Self::Leaf,
            Self::OptionalContainer => Self::Container,
            Self::OptionalAny => Self::Any,
            other => other,
        }
    }

    /// For a member that may be absent.
    pub(super) const fn optional(self) -> Self {
        match self {
            Self::Leaf => Self::OptionalLeaf,
            Self::Container => Self::OptionalContainer,
            Self::Any => Self::OptionalAny,
            other => other,
        }
    }

    /// The type of what is held in `scope`, `ty` being that of one value.
    pub(super) fn wrapped(self, scope: &Scope<'_>, ty: &TokenStream) -> TokenStream {
        match self {
            Self::Leaf | Self::Container | Self::Any => ty.clone(),
            Self::OptionalLeaf | Self::OptionalContainer | Self::OptionalAny | Self::Choice => {
                scope.wrapped("Option", &quote!(::core::option::Option), ty)
            }
            Self::LeafList | Self::List => scope.wrapped("Vec", &quote!(::std::vec::Vec), ty),
        }
    }

    /// The word that the runtime's macros have for it.
    pub(super) const fn keyword(self) -> &'static str {
        match self {
            Self::Leaf => "leaf",
            Self::OptionalLeaf => "optional_leaf",
            Self::LeafList => "leaf_list",
            Self::Container => "container",
            Self::OptionalContainer => "optional_container",
            Self::List => "list",
            Self::Any => "any",
            Self::OptionalAny => "optional_any",
            Self::Choice => "choice",
        }
    }
}

pub(super) fn held(node: &Node) -> Held {
    match &node.kind {
        NodeKind::Leaf { .. } if mandatory(node) && !node.partial => Held::Leaf,
        NodeKind::Leaf { .. } => Held::OptionalLeaf,
        NodeKind::LeafList { .. } => Held::LeafList,
        NodeKind::List { .. } => Held::List,
        NodeKind::Choice { .. } => Held::Choice,
        NodeKind::Any { .. } if mandatory(node) && !node.partial => Held::Any,
        NodeKind::Any { .. } => Held::OptionalAny,
        _ if mandatory(node) && !node.partial => Held::Container,
        _ => Held::OptionalContainer,
    }
}
