//! Mixed content of XML: elements with text beside them.

use super::{AnyMember, AnyValue};

/// The content of an XML element in which elements and text stand side by side. JSON and CBOR have
/// nothing like it: there it is a string with the content as XML.
#[derive(Debug, Clone, PartialEq, Eq, Hash)]
pub struct Mixed {
    parts: Vec<Part>,
}

/// A part of mixed content.
#[derive(Debug, Clone, PartialEq, Eq, Hash)]
pub(crate) enum Part {
    /// The text between two tags: a string, perhaps with prefixes.
    Text(AnyValue),
    /// An element, with the attributes that its value does not hold.
    Element(AnyMember, Vec<AnyMember>),
}

impl Mixed {
    pub(crate) const fn new(parts: Vec<Part>) -> Self {
        Self { parts }
    }

    pub(crate) fn parts(&self) -> &[Part] {
        &self.parts
    }
}
