//! What a module says of values that its restrictions refuse.

/// What a module says of a value that a restriction refuses (RFC 7950 sections 7.5.4.1 and 7.5.4.2).
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
pub struct OnError {
    /// The `error-message` statement.
    pub message: Option<&'static str>,
    /// The `error-app-tag` statement.
    pub app_tag: Option<&'static str>,
}

impl OnError {
    /// Nothing.
    pub const NONE: Self = Self {
        message: None,
        app_tag: None,
    };
}
