//! Errors that a module defines for values that its restrictions refuse.

/// The error that a restriction defines (RFC 7950 sections 7.5.4.1 and 7.5.4.2).
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
pub struct OnError<'s> {
    /// The `error-message` statement.
    pub message: Option<&'s str>,
    /// The `error-app-tag` statement.
    pub app_tag: Option<&'s str>,
}

impl OnError<'_> {
    /// No error of the module's own.
    pub const NONE: Self = Self {
        message: None,
        app_tag: None,
    };
}
