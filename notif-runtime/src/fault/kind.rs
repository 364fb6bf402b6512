//! The kinds of faults and the error-tags that RFC 8040 has for them.

use std::fmt;

/// The kinds of faults. Each has one RFC 8040 error-tag, [`FaultKind::error_tag`].
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
#[non_exhaustive]
pub enum FaultKind {
    /// The bytes are not well-formed JSON, XML or CBOR, or not UTF-8.
    Malformed,
    /// Bytes follow the end of the message.
    TrailingData,
    /// XML has a document type declaration or an entity that it would have to declare.
    Entity,
    /// Objects or elements nest deeper than the limit.
    TooDeep,
    /// The message is larger than the limit, its data take more memory than they may, or its XML has
    /// too many declarations of namespaces.
    TooLarge,
    /// The message holds no notification, or the document no operation.
    Empty,
    /// The schema has no such node here.
    UnknownElement,
    /// An XML namespace that no compiled module has, or not the one that this node has.
    UnknownNamespace,
    /// An XML attribute or a JSON annotation that no module defines, or one without its node.
    UnknownAttribute,
    /// A node that may stand once stands again.
    Duplicate,
    /// Two list entries have the same keys, or two values of a configuration leaf-list are equal.
    DuplicateEntry,
    /// A list entry lacks a key.
    MissingKey,
    /// In XML, a key of a list entry stands behind one that comes after it.
    KeyOrder,
    /// A mandatory node is absent.
    MissingMandatory,
    /// A value or node of the wrong JSON or CBOR kind, such as a number where a string is due.
    WrongKind,
    /// Text that is no value of the type at all.
    Lexical,
    /// A number outside the range.
    Range,
    /// A string of a length that is not allowed.
    Length,
    /// A string that does not match a pattern.
    Pattern,
    /// A name that the enumeration does not have.
    Enumeration,
    /// A leafref whose referred leaf is not in the message.
    DanglingLeafref,
    /// No node is where an instance-identifier leads.
    MissingInstance,
    /// A node whose `when` is false.
    When,
    /// A `must` that is false.
    Must,
    /// Data of several cases of a choice.
    SeveralCases,
    /// No data of a mandatory choice.
    MissingChoice,
    /// Fewer entries of a list or values of a leaf-list than `min-elements`.
    TooFewElements,
    /// More entries of a list or values of a leaf-list than `max-elements`.
    TooManyElements,
    /// Two list entries have the same values where a `unique` wants other ones.
    NotUnique,
    /// The message's `when` and `must` take more work than the limit allows.
    TooCostly,
}

/// The error-tag of RFC 8040 section 7, in the words of RFC 6241 appendix A.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
#[expect(missing_docs, reason = "the names are RFC 6241's own")]
#[non_exhaustive]
pub enum ErrorTag {
    MalformedMessage,
    TooBig,
    InvalidValue,
    UnknownElement,
    UnknownNamespace,
    UnknownAttribute,
    BadElement,
    MissingElement,
    DataMissing,
    OperationNotSupported,
    OperationFailed,
    ResourceDenied,
}

impl ErrorTag {
    /// The tag as it stands in an error body.
    #[must_use]
    pub const fn as_str(self) -> &'static str {
        match self {
            Self::MalformedMessage => "malformed-message",
            Self::TooBig => "too-big",
            Self::InvalidValue => "invalid-value",
            Self::UnknownElement => "unknown-element",
            Self::UnknownNamespace => "unknown-namespace",
            Self::UnknownAttribute => "unknown-attribute",
            Self::BadElement => "bad-element",
            Self::MissingElement => "missing-element",
            Self::DataMissing => "data-missing",
            Self::OperationNotSupported => "operation-not-supported",
            Self::OperationFailed => "operation-failed",
            Self::ResourceDenied => "resource-denied",
        }
    }
}

impl fmt::Display for ErrorTag {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(self.as_str())
    }
}

impl FaultKind {
    /// A short fixed name, fit for a metric's label.
    #[must_use]
    pub const fn as_str(self) -> &'static str {
        match self {
            Self::Malformed => "malformed",
            Self::TrailingData => "trailing-data",
            Self::Entity => "entity",
            Self::TooDeep => "too-deep",
            Self::TooLarge => "too-large",
            Self::Empty => "empty",
            Self::UnknownElement => "unknown-element",
            Self::UnknownNamespace => "unknown-namespace",
            Self::UnknownAttribute => "unknown-attribute",
            Self::Duplicate => "duplicate",
            Self::DuplicateEntry => "duplicate-entry",
            Self::MissingKey => "missing-key",
            Self::KeyOrder => "key-order",
            Self::MissingMandatory => "missing-mandatory",
            Self::WrongKind => "wrong-kind",
            Self::Lexical => "lexical",
            Self::Range => "range",
            Self::Length => "length",
            Self::Pattern => "pattern",
            Self::Enumeration => "enumeration",
            Self::DanglingLeafref => "dangling-leafref",
            Self::MissingInstance => "missing-instance",
            Self::When => "when",
            Self::Must => "must",
            Self::SeveralCases => "several-cases",
            Self::MissingChoice => "missing-choice",
            Self::TooFewElements => "too-few-elements",
            Self::TooManyElements => "too-many-elements",
            Self::NotUnique => "not-unique",
            Self::TooCostly => "too-costly",
        }
    }

    /// The RFC 8040 error-tag (RFC 7950 sections 8.3.1 and 15 where they name one).
    #[must_use]
    pub const fn error_tag(self) -> ErrorTag {
        match self {
            Self::Malformed | Self::TrailingData | Self::Entity | Self::Empty => {
                ErrorTag::MalformedMessage
            }
            Self::TooDeep | Self::TooLarge => ErrorTag::TooBig,
            Self::UnknownElement | Self::When => ErrorTag::UnknownElement,
            Self::UnknownNamespace => ErrorTag::UnknownNamespace,
            Self::UnknownAttribute => ErrorTag::UnknownAttribute,
            Self::Duplicate | Self::DuplicateEntry | Self::KeyOrder | Self::SeveralCases => {
                ErrorTag::BadElement
            }
            Self::MissingKey => ErrorTag::MissingElement,
            Self::MissingMandatory
            | Self::MissingChoice
            | Self::DanglingLeafref
            | Self::MissingInstance => ErrorTag::DataMissing,
            Self::Must | Self::TooFewElements | Self::TooManyElements | Self::NotUnique => {
                ErrorTag::OperationFailed
            }
            Self::TooCostly => ErrorTag::ResourceDenied,
            Self::WrongKind
            | Self::Lexical
            | Self::Range
            | Self::Length
            | Self::Pattern
            | Self::Enumeration => ErrorTag::InvalidValue,
        }
    }

    /// The error-app-tag, where RFC 7950 section 15 names one.
    #[must_use]
    pub const fn error_app_tag(self) -> Option<&'static str> {
        match self {
            Self::DanglingLeafref | Self::MissingInstance => Some("instance-required"),
            Self::Must => Some("must-violation"),
            Self::MissingChoice => Some("missing-choice"),
            Self::TooFewElements => Some("too-few-elements"),
            Self::TooManyElements => Some("too-many-elements"),
            Self::NotUnique => Some("data-not-unique"),
            _ => None,
        }
    }
}

impl fmt::Display for FaultKind {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(self.as_str())
    }
}
