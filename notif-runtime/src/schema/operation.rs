//! Notifications, rpcs and actions (RFC 7950 sections 7.14 to 7.16).

use super::Node;
use crate::decode::Root;

/// A notification, rpc or action, with what decodes it.
#[derive(Debug)]
pub enum Operation {
    /// RFC 7950 section 7.16.
    Notification(Root),
    /// RFC 7950 section 7.14.
    Rpc {
        /// What the client sends.
        input: Root,
        /// What the server answers.
        output: Root,
    },
    /// RFC 7950 section 7.15.
    Action {
        /// What the client sends.
        input: Root,
        /// What the server answers.
        output: Root,
    },
}

/// Which side of operations a document has.
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
    /// The operation as a sentence names it.
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
    pub fn node(&self) -> &'static Node {
        match self {
            Self::Notification(root)
            | Self::Rpc { input: root, .. }
            | Self::Action { input: root, .. } => root.node(),
        }
    }

    /// What a document of this form has of the operation, if it has any.
    #[must_use]
    pub const fn root(&self, form: Form) -> Option<&Root> {
        match (self, form) {
            (Self::Notification(root), Form::Notification)
            | (Self::Rpc { input: root, .. } | Self::Action { input: root, .. }, Form::Rpc)
            | (Self::Rpc { output: root, .. } | Self::Action { output: root, .. }, Form::Reply) => {
                Some(root)
            }
            _ => None,
        }
    }
}
