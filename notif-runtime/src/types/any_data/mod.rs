//! The content of `anydata` and `anyxml` nodes (RFC 7950 sections 7.10 and 7.11).

#[cfg(feature = "xml")]
mod mixed;

use std::hash::{Hash, Hasher};
use std::sync::Arc;

use compact_str::CompactString;

#[cfg(feature = "xml")]
pub use mixed::Mixed;
#[cfg(feature = "xml")]
pub(crate) use mixed::Part;

use crate::schema::{Module, Node};
use crate::tree;

/// The content of an `anydata` or `anyxml` node: raw, as it came, or known, as data of a schema.
///
/// Raw content is not validated beyond its syntax. In XML, elements are members, repeated ones an
/// array, text is a string, and an attribute is an annotation in the form of RFC 7952 (`"@"` beside
/// the members of an element, `"@name"` beside a text). So the same data gives different trees from
/// JSON and from XML, which has no numbers, booleans or arrays of one entry; as XML text it is the
/// same. Text beside elements, which an `anyxml` can have (RFC 7950 section 7.11), is kept with
/// them in their order.
///
/// Known content is a node of the view that a program puts there. It is compared and hashed by its
/// data, never equals raw content, and is not copied with the value around it.
///
/// ```
/// use notif_runtime::restconf::Errors;
/// use notif_runtime::types::AnyData;
///
/// let known = AnyData::known(Errors::default());
/// assert_eq!(known, AnyData::known(Errors::default()));
/// assert_eq!(known.to_json(), r#"{"ietf-restconf:errors":{}}"#);
/// ```
#[derive(Debug, Clone, PartialEq, Eq, Hash)]
pub struct AnyData {
    content: Content,
}

#[derive(Debug, Clone)]
enum Content {
    Raw(AnyValue),
    Known(Arc<dyn tree::Node>),
}

impl PartialEq for Content {
    fn eq(&self, other: &Self) -> bool {
        match (self, other) {
            (Self::Raw(value), Self::Raw(other)) => value == other,
            (Self::Known(node), Self::Known(other)) => **node == **other,
            _ => false,
        }
    }
}

impl Eq for Content {}

impl Hash for Content {
    fn hash<H: Hasher>(&self, state: &mut H) {
        match self {
            Self::Raw(value) => value.hash(state),
            Self::Known(node) => node.hash(state),
        }
    }
}

/// A value in data that no schema describes.
#[derive(Debug, Clone, PartialEq, Eq, Hash)]
#[non_exhaustive]
pub enum AnyValue {
    /// Members in the order of the message; no name is repeated.
    Object(Vec<AnyMember>),
    /// Values in their order.
    Array(Vec<AnyValue>),
    /// A string, or the text of an XML element.
    String(CompactString),
    /// The text of an XML element that may use prefixes.
    Prefixed(Prefixed),
    /// Elements of XML with text beside them.
    #[cfg(feature = "xml")]
    Mixed(Mixed),
    /// A number as JSON writes it.
    Number(CompactString),
    /// true or false.
    Boolean(bool),
    /// null.
    Null,
}

/// A member of an object.
#[derive(Debug, Clone)]
pub struct AnyMember {
    name: CompactString,
    /// The module in its name, if that is a known one.
    module: Option<&'static Module>,
    value: AnyValue,
}

/// Text of XML in which prefixes stand before colons, as in the values of identityrefs.
#[derive(Debug, Clone, PartialEq, Eq, Hash)]
pub struct Prefixed {
    text: CompactString,
    /// The prefixes and the namespaces that they stand for.
    namespaces: Vec<(CompactString, CompactString)>,
}

impl AnyData {
    pub(crate) const fn new(value: AnyValue) -> Self {
        Self {
            content: Content::Raw(value),
        }
    }

    /// Makes known content of `node`: of whole data its members, of a top-level node the one member
    /// that it is.
    #[must_use]
    pub fn known(node: impl tree::Node) -> Self {
        Self {
            content: Content::Known(Arc::new(node)),
        }
    }

    /// The content, if it is known.
    #[must_use]
    pub fn node(&self) -> Option<&dyn tree::Node> {
        match &self.content {
            Content::Raw(_) => None,
            Content::Known(node) => Some(&**node),
        }
    }

    /// The content, if it is raw.
    #[must_use]
    pub const fn raw(&self) -> Option<&AnyValue> {
        match &self.content {
            Content::Raw(value) => Some(value),
            Content::Known(_) => None,
        }
    }

    /// The member of this name, if the content is raw and an object that has it.
    #[must_use]
    pub fn get(&self, name: &str) -> Option<&AnyValue> {
        self.raw()?.get(name)
    }
}

/// An empty object.
impl Default for AnyData {
    fn default() -> Self {
        Self::new(AnyValue::Object(Vec::new()))
    }
}

impl AnyValue {
    /// The member of this name, if this is an object that has it.
    #[must_use]
    pub fn get(&self, name: &str) -> Option<&Self> {
        let Self::Object(members) = self else {
            return None;
        };
        let member = members.iter().find(|member| member.name == name)?;
        Some(&member.value)
    }

    /// The text of a string, number or boolean; empty for null.
    #[must_use]
    pub fn as_text(&self) -> Option<&str> {
        Some(match self {
            Self::String(text) | Self::Number(text) => text,
            Self::Prefixed(value) => &value.text,
            Self::Boolean(true) => "true",
            Self::Boolean(false) => "false",
            Self::Null => "",
            Self::Object(_) | Self::Array(_) => return None,
            #[cfg(feature = "xml")]
            Self::Mixed(_) => return None,
        })
    }
}

impl AnyMember {
    pub(crate) const fn new(
        name: CompactString,
        module: Option<&'static Module>,
        value: AnyValue,
    ) -> Self {
        Self {
            name,
            module,
            value,
        }
    }

    /// The name, the known module in it, and the value.
    #[cfg(feature = "xml")]
    pub(crate) fn into_parts(self) -> (CompactString, Option<&'static Module>, AnyValue) {
        (self.name, self.module, self.value)
    }

    /// The name: `name` in the module of what is around it, or `module:name`; or `{namespace}name`
    /// of an element in a namespace that no known module has.
    #[must_use]
    pub fn name(&self) -> &str {
        &self.name
    }

    /// The value.
    #[must_use]
    pub const fn value(&self) -> &AnyValue {
        &self.value
    }

    /// The module in the name, if that is a known one.
    #[cfg(feature = "xml")]
    pub(crate) const fn module(&self) -> Option<&'static Module> {
        self.module
    }
}

/// A known module is told by its name, which is a part of the member's.
impl PartialEq for AnyMember {
    fn eq(&self, other: &Self) -> bool {
        self.name == other.name && self.value == other.value
    }
}

impl Eq for AnyMember {}

impl Hash for AnyMember {
    fn hash<H: Hasher>(&self, state: &mut H) {
        self.name.hash(state);
        self.value.hash(state);
    }
}

impl Prefixed {
    #[cfg(feature = "xml")]
    pub(crate) fn new(text: CompactString, namespaces: &[(&str, &str)]) -> Self {
        let namespaces = namespaces.iter();
        let owned = namespaces.map(|(prefix, namespace)| ((*prefix).into(), (*namespace).into()));
        Self {
            text,
            namespaces: owned.collect(),
        }
    }

    /// The text with its prefixes.
    #[must_use]
    pub fn text(&self) -> &str {
        &self.text
    }

    /// The prefixes in the text, each with the namespace that it stands for.
    pub fn namespaces(&self) -> impl Iterator<Item = (&str, &str)> {
        let namespaces = self.namespaces.iter();
        namespaces.map(|(prefix, namespace)| (prefix.as_str(), namespace.as_str()))
    }
}

/// Returns true if the content of `node` must be an object: that of anydata, not that of anyxml.
pub(crate) const fn must_be_object(node: &Node<'_>) -> bool {
    matches!(node.kind, crate::schema::Kind::AnyData)
}
