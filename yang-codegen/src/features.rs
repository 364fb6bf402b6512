//! The features of modules that are on.

/// The features of a module that are on (RFC 7950 section 5.6.2).
///
/// ```
/// use yang_codegen::{Features, Generator};
///
/// let generator = Generator::new()
///     .features("ietf-interfaces", ["if-mib"])
///     .features("acme-power", Features::All);
/// ```
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Features {
    /// All of them.
    All,
    /// These.
    Only(Vec<String>),
}

impl Features {
    /// Stands for every module in [`Compiler::features`](crate::Compiler::features).
    pub const EVERY_MODULE: &str = "*";
}

impl<S: Into<String>, const N: usize> From<[S; N]> for Features {
    fn from(names: [S; N]) -> Self {
        Self::Only(names.into_iter().map(Into::into).collect())
    }
}
