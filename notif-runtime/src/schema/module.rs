//! Submodules and roots of a module, and checks of its revision.

use super::{Form, Kind, Module, Node};

/// A submodule (RFC 7950 section 7.2).
#[derive(Debug)]
pub struct Submodule {
    /// Its name.
    pub name: &'static str,
    /// The revision that was compiled, `YYYY-MM-DD`.
    pub revision: Option<&'static str>,
}

impl Module {
    /// The nodes that a message can start with: of this form the operations, and the top-level
    /// containers beside notifications.
    pub fn roots(&self, form: Form) -> impl Iterator<Item = &'static Node<'static>> + use<> {
        let data = (self.data)().iter();
        let containers = data.filter(move |node| {
            form == Form::Notification && matches!(node.kind, Kind::Container { .. })
        });
        let operations = self.operations.iter();
        containers.chain(operations.filter_map(move |operation| operation.of_form(form)))
    }

    /// Does not compile unless the module has this revision: generated code asks it of another
    /// crate's modules.
    ///
    /// # Panics
    /// In a constant, where that is a compiler's error.
    #[doc(hidden)]
    pub const fn require_revision(&self, revision: Option<&str>) {
        let same = match (self.revision, revision) {
            (Some(own), Some(other)) => is_same(own.as_bytes(), other.as_bytes()),
            (None, None) => true,
            _ => false,
        };
        assert!(
            same,
            "the crate of an extern_path has another revision of this module"
        );
    }
}

/// Equality of octets, for constants.
const fn is_same(mut one: &[u8], mut other: &[u8]) -> bool {
    while let ([first, rest @ ..], [second, others @ ..]) = (one, other) {
        if *first != *second {
            return false;
        }
        (one, other) = (rest, others);
    }
    one.is_empty() && other.is_empty()
}
