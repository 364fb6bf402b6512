//! Notifications, rpcs and actions (RFC 7950 sections 7.14 to 7.16).

use super::{GetNode, Node};

/// A notification, rpc or action.
#[derive(Debug)]
pub enum Operation {
    /// RFC 7950 section 7.16.
    Notification(GetNode),
    /// RFC 7950 section 7.14.
    Rpc {
        /// The request.
        input: GetNode,
        /// The reply.
        output: GetNode,
    },
    /// RFC 7950 section 7.15.
    Action {
        /// The request.
        input: GetNode,
        /// The reply.
        output: GetNode,
    },
}

/// The part of operations that a document has.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub enum Form {
    /// A notification.
    Notification,
    /// The call of an rpc or action, with its input.
    Rpc,
    /// The answer to one, with its output.
    Reply,
}

impl Form {
    /// The operation in an error message.
    pub(crate) const fn described(self) -> &'static str {
        match self {
            Self::Notification => "notification",
            Self::Rpc => "call of an rpc or action",
            Self::Reply => "reply of an rpc or action",
        }
    }
}

impl Operation {
    /// The YANG word for it.
    #[must_use]
    pub const fn keyword(&self) -> &'static str {
        match self {
            Self::Notification(_) => "notification",
            Self::Rpc { .. } => "rpc",
            Self::Action { .. } => "action",
        }
    }

    /// The description of the notification, or of the input.
    #[must_use]
    pub fn node(&self) -> &'static Node<'static> {
        match self {
            Self::Notification(node)
            | Self::Rpc { input: node, .. }
            | Self::Action { input: node, .. } => node(),
        }
    }

    /// The part of the operation that a document of this form has, if it has any.
    #[must_use]
    pub fn of_form(&self, form: Form) -> Option<&'static Node<'static>> {
        match (self, form) {
            (Self::Notification(node), Form::Notification)
            | (Self::Rpc { input: node, .. } | Self::Action { input: node, .. }, Form::Rpc)
            | (Self::Rpc { output: node, .. } | Self::Action { output: node, .. }, Form::Reply) => {
                Some(node())
            }
            _ => None,
        }
    }
}
